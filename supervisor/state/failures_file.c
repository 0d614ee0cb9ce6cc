/* A kept failure as a file, and those who read such files. */
#include "failures_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/keyvalue.h"
#include "base/text.h"
#include "os/file.h"

enum { SUM_LINE = sizeof("sum 0123456789abcdef\n\n") - 1 };

/* With room to reckon. */
static const int64_t WALL_MAX = INT64_C(1) << 53;

void
failure_name(const char *task, uint64_t signature, char name[FAILURE_NAME_SIZE])
{
	char digits[17];

	text_format_hex64(signature, digits);
	snprintf(name, FAILURE_NAME_SIZE, "%s,%s", task, digits);
}

void
failure_head_write(const struct failure *f, int64_t sampled_wall_ms,
    char head[FAILURE_HEAD_SIZE])
{
	char buffer[FAILURE_HEAD_SIZE + 1], digits[17];
	struct text t;
	size_t body = FAILURE_HEAD_SIZE - SUM_LINE;

	text_init(&t, buffer, sizeof(buffer));
	text_format_hex64(f->signature, digits);
	text_addf(&t, "runner-failure 1\nversion   %" PRIu32 "\n", f->version);
	text_addf(&t, "signature %s\ntask      %s\nchain     %s\n", digits,
	    f->task, f->chain);
	text_addf(&t,
	    "exit      %d\nsignal    %d\ntimed-out %d\nnot-executed %d\n",
	    f->outcome.exit, f->outcome.signal, f->outcome.timed_out,
	    f->outcome.not_executed);
	text_addf(&t, "count     %" PRIu64 "\nfirst     %" PRId64 "\n",
	    f->count, f->first_wall_ms);
	text_addf(&t, "last      %" PRId64 "\nsampled   %" PRId64 "\n",
	    f->last_wall_ms, sampled_wall_ms);
	text_addf(&t, "total     %" PRIu64 "\nsize      %" PRIu32 "\n",
	    f->sample_total, f->sample_size);
	text_add_string(&t, "subject   ");
	text_add_printable(&t, f->subject, strlen(f->subject));
	text_add_string(&t, "\n");
	/* A subject full of control characters grows fourfold: cut it. */
	if (t.length > body) {
		t.length = text_cut(t.data, t.length, body - 1);
		t.data[t.length++] = '\n';
	}
	memset(t.data + t.length, ' ', body - t.length);
	t.data[body - 1] = '\n';
	text_format_hex64(hash_fnv64(HASH_FNV64, t.data, body), digits);
	t.length = body;
	text_addf(&t, "sum %s\n\n", digits);
	memcpy(head, buffer, FAILURE_HEAD_SIZE);
}

/* The next line, which must be of this key; its padding is passed over. */
static bool
take_line(const char **at, const char *key, struct keyvalue *line)
{
	if (keyvalue_next(at, *at + strlen(*at), line) != KEYVALUE_LINE ||
	    !keyvalue_is(line, key))
		return false;
	while (line->value_size && *line->value == ' ') {
		line->value++;
		line->value_size--;
	}
	return true;
}

static bool
take_number(
    const char **at, const char *key, int64_t least, int64_t most, int64_t *n)
{
	struct keyvalue line;

	return take_line(at, key, &line) &&
	       !keyvalue_number(&line, least, most, n);
}

static bool
take_text(const char **at, const char *key, char *out, size_t size)
{
	struct keyvalue line;

	if (!take_line(at, key, &line))
		return false;
	/* A subject that was escaped may have outgrown its field. */
	snprintf(out, size, "%.*s", (int)line.value_size, line.value);
	return true;
}

/* Numbers are in their range, whoever wrote the file. */
static bool
parse_head(const char *at, struct failure *f, int64_t *sampled_wall_ms)
{
	int64_t version, code, signal, timed_out, not_executed;
	int64_t count, total, size;
	char digits[24];

	*f = (struct failure){0};
	if (!take_number(&at, "version", 0, UINT32_MAX, &version) ||
	    !take_text(&at, "signature", digits, sizeof(digits)) ||
	    text_parse_hex64(digits, &f->signature) ||
	    !take_text(&at, "task", f->task, sizeof(f->task)) ||
	    !take_text(&at, "chain", f->chain, sizeof(f->chain)) ||
	    !take_number(&at, "exit", -1, 255, &code) ||
	    !take_number(&at, "signal", 0, 64, &signal) ||
	    !take_number(&at, "timed-out", 0, 1, &timed_out) ||
	    !take_number(&at, "not-executed", 0, 1, &not_executed) ||
	    !take_number(&at, "count", 1, INT64_MAX - 1, &count) ||
	    !take_number(&at, "first", 0, WALL_MAX, &f->first_wall_ms) ||
	    !take_number(&at, "last", 0, WALL_MAX, &f->last_wall_ms) ||
	    !take_number(&at, "sampled", 0, WALL_MAX, sampled_wall_ms) ||
	    !take_number(&at, "total", 0, INT64_MAX, &total) ||
	    !take_number(&at, "size", 0,
		total < FAILURE_SAMPLE_MAX ? total : FAILURE_SAMPLE_MAX,
		&size) ||
	    !take_text(&at, "subject", f->subject, sizeof(f->subject)))
		return false;
	f->outcome = (struct outcome){.exit = (int)code,
	    .signal = (int)signal,
	    .timed_out = timed_out,
	    .not_executed = not_executed};
	f->version = (uint32_t)version;
	f->count = (uint64_t)count;
	f->sample_total = (uint64_t)total;
	f->sample_size = (uint32_t)size;
	return true;
}

static int
damaged(const char **what, const char *why)
{
	if (what)
		*what = why;
	return errno = EBADMSG, -1;
}

int
failure_head_read(
    int fd, struct failure *f, int64_t *sampled_wall_ms, const char **what)
{
	static const char kind[] = "runner-failure ", magic[] = "1\n";
	char head[FAILURE_HEAD_SIZE + 1], digits[17];
	const char *at = head + sizeof(kind) - 1;
	size_t body = FAILURE_HEAD_SIZE - SUM_LINE;
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st))
		return -1;
	if (!S_ISREG(st.st_mode))
		return damaged(what, "it is not a regular file");
	n = pread(fd, head, FAILURE_HEAD_SIZE, 0);
	if (n < 0)
		return -1;
	head[n] = '\0';
	if (strncmp(head, kind, sizeof(kind) - 1))
		return damaged(what, "it is not a kept failure");
	if (strncmp(at, magic, sizeof(magic) - 1))
		return strtol(at, NULL, 10) > 1
		       ? damaged(what, "another version of runner wrote it"),
		       errno = EPROTO, -1 : damaged(what, "it is damaged");
	if (n != FAILURE_HEAD_SIZE)
		return damaged(what, "it is cut short");
	text_format_hex64(hash_fnv64(HASH_FNV64, head, body), digits);
	if (memcmp(head + body + 4, digits, 16))
		return damaged(what, "it is damaged");
	head[body] = '\0';
	if (!parse_head(at + sizeof(magic) - 1, f, sampled_wall_ms))
		return damaged(what, "it is damaged");
	if (st.st_size < FAILURE_HEAD_SIZE + (off_t)f->sample_size)
		return damaged(what, "its sample is cut short");
	return 0;
}

/* What is found, before it is shown in order. */
struct found {
	struct failure *list;
	size_t count, size;
};

static int
keep_one(struct found *all, const struct failure *f)
{
	if (all->count == all->size) {
		size_t size = all->size ? 2 * all->size : 64;
		struct failure *list =
		    reallocarray(all->list, size, sizeof(*list));

		if (!list)
			return -1;
		all->list = list;
		all->size = size;
	}
	all->list[all->count++] = *f;
	return 0;
}

static int
by_last(const void *a, const void *b)
{
	const struct failure *x = a, *y = b;

	if (x->last_wall_ms != y->last_wall_ms)
		return x->last_wall_ms < y->last_wall_ms ? -1 : 1;
	return x->signature < y->signature ? -1 : x->signature > y->signature;
}

/* Does the file say of itself what its name says? */
static bool
is_named_right(const char *name, const struct failure *f)
{
	char want[FAILURE_NAME_SIZE];

	failure_name(f->task, f->signature, want);
	return text_is_name(f->task) && !strcmp(want, name);
}

/*
 * Opens and reads one; returns its descriptor or -1, with `*what` what is wrong
 * with it, or NULL when it went away.
 */
static int
open_one(int dir, const char *name, struct failure *f, const char **what)
{
	int64_t sampled_wall_ms;
	int fd = openat(dir, name, O_RDONLY | FILE_SAFE);

	*what = NULL;
	if (fd < 0) {
		if (errno != ENOENT)
			*what = strerror(errno);
		return -1;
	}
	/* While it is written in place its first page may look torn: again. */
	for (int i = 0; i < 3; i++) {
		if (!failure_head_read(fd, f, &sampled_wall_ms, what)) {
			if (is_named_right(name, f))
				return fd;
			*what = "its name and its content disagree";
			break;
		}
		if (!*what)
			*what = strerror(errno);
	}
	close(fd);
	return errno = EBADMSG, -1;
}

static int
collect(DIR *entries, struct found *all, failures_warner *warn, void *data)
{
	const struct dirent *e;
	const char *what;
	struct failure f;

	while ((e = readdir(entries))) {
		int fd;

		if (e->d_name[0] == '.')
			continue;
		fd = open_one(dirfd(entries), e->d_name, &f, &what);
		if (fd < 0) {
			if (what && warn)
				warn(e->d_name, what, data);
			continue;
		}
		close(fd);
		if (keep_one(all, &f))
			return -1;
	}
	return 0;
}

static DIR *
open_entries(const char *run_root)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/failures", run_root);
	return file_open_entries(AT_FDCWD, path, FILE_SAFE);
}

int
failures_each(const char *run_root, failures_visitor *visit,
    failures_warner *warn, void *data)
{
	DIR *entries = open_entries(run_root);
	struct found all = {0};
	int result;

	/* No directory: nothing has failed yet. */
	if (!entries)
		return errno == ENOENT ? 0 : -1;
	result = collect(entries, &all, warn, data);
	closedir(entries);
	if (!result) {
		if (all.count)
			qsort(all.list, all.count, sizeof(*all.list), by_last);
		for (size_t i = 0; i < all.count; i++)
			visit(&all.list[i], data);
	}
	free(all.list);
	return result;
}

static int
read_sample(int fd, const struct failure *f, char **sample)
{
	char *bytes = malloc((size_t)f->sample_size + 1);
	ssize_t n;

	if (!bytes)
		return -1;
	n = pread(fd, bytes, f->sample_size, FAILURE_HEAD_SIZE);
	if (n != (ssize_t)f->sample_size) {
		free(bytes);
		return errno = EBADMSG, -1;
	}
	bytes[n] = '\0';
	*sample = bytes;
	return 0;
}

/* The name of the file with this signature, of any task. */
static int
find_signature(DIR *entries, uint64_t signature, char name[FAILURE_NAME_SIZE])
{
	const struct dirent *e;
	char digits[17];

	text_format_hex64(signature, digits);
	while ((e = readdir(entries))) {
		const char *comma = strrchr(e->d_name, ',');

		if (e->d_name[0] == '.' || !comma || strcmp(comma + 1, digits))
			continue;
		snprintf(name, FAILURE_NAME_SIZE, "%.239s", e->d_name);
		return 0;
	}
	return errno = ENOENT, -1;
}

int
failures_show(const char *run_root, const char *task, uint64_t signature,
    struct failure *f, char **sample)
{
	DIR *entries = open_entries(run_root);
	char name[FAILURE_NAME_SIZE];
	const char *what;
	int fd = -1, result = -1, error;

	if (!entries)
		return -1;
	if (task)
		failure_name(task, signature, name);
	if (task || !find_signature(entries, signature, name))
		fd = open_one(dirfd(entries), name, f, &what);
	if (fd >= 0)
		result = read_sample(fd, f, sample);
	error = errno;
	if (fd >= 0)
		close(fd);
	closedir(entries);
	errno = error;
	return result;
}
