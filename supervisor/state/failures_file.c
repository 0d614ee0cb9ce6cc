#include "failures_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/keyvalue.h"
#include "base/text.h"

enum { SUM_LINE = sizeof("sum 0123456789abcdef\n\n") - 1 };

void
failure_name(const char *task, uint64_t signature, char name[FAILURE_NAME_SIZE])
{
	char digits[17];

	text_format_hex64(signature, digits);
	snprintf(name, FAILURE_NAME_SIZE, "%s,%s", task, digits);
}

static void
add_outcome(struct text *t, const struct outcome *o)
{
	text_addf(t,
	    "exit      %d\nsignal    %d\ntimed-out %d\n"
	    "not-executed %d\n",
	    o->exit, o->signal, o->timed_out, o->not_executed);
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
	add_outcome(&t, &f->outcome);
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
take_number(const char **at, const char *key, int64_t *n)
{
	struct keyvalue line;

	return take_line(at, key, &line) &&
	       !keyvalue_number(&line, INT64_MIN, INT64_MAX, n);
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

static bool
take_outcome(const char **at, struct outcome *o)
{
	int64_t code, signal, timed_out, not_executed;

	if (!take_number(at, "exit", &code) ||
	    !take_number(at, "signal", &signal) ||
	    !take_number(at, "timed-out", &timed_out) ||
	    !take_number(at, "not-executed", &not_executed))
		return false;
	*o = (struct outcome){
	    .exit = (int)code,
	    .signal = (int)signal,
	    .timed_out = timed_out != 0,
	    .not_executed = not_executed != 0,
	};
	return true;
}

static bool
parse_head(const char *at, struct failure *f, int64_t *sampled_wall_ms)
{
	int64_t version, count, total, size;
	char digits[24];

	*f = (struct failure){0};
	if (!take_number(&at, "version", &version) ||
	    !take_text(&at, "signature", digits, sizeof(digits)) ||
	    text_parse_hex64(digits, &f->signature) ||
	    !take_text(&at, "task", f->task, sizeof(f->task)) ||
	    !take_text(&at, "chain", f->chain, sizeof(f->chain)) ||
	    !take_outcome(&at, &f->outcome) ||
	    !take_number(&at, "count", &count) ||
	    !take_number(&at, "first", &f->first_wall_ms) ||
	    !take_number(&at, "last", &f->last_wall_ms) ||
	    !take_number(&at, "sampled", sampled_wall_ms) ||
	    !take_number(&at, "total", &total) ||
	    !take_number(&at, "size", &size) ||
	    !take_text(&at, "subject", f->subject, sizeof(f->subject)))
		return false;
	f->version = (uint32_t)version;
	f->count = (uint64_t)count;
	f->sample_total = (uint64_t)total;
	f->sample_size = (uint32_t)size;
	return size >= 0 && size <= FAILURE_SAMPLE_MAX;
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
	static const char magic[] = "runner-failure 1\n";
	char head[FAILURE_HEAD_SIZE + 1], digits[17];
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
	if (strncmp(head, "runner-failure ", 15))
		return damaged(what, "it is not a kept failure");
	if (strncmp(head, magic, strlen(magic)))
		return damaged(what, "another version of runner wrote it"),
		       errno = EPROTO, -1;
	if (n != FAILURE_HEAD_SIZE)
		return damaged(what, "it is cut short");
	text_format_hex64(hash_fnv64(HASH_FNV64, head, body), digits);
	if (memcmp(head + body + 4, digits, 16))
		return damaged(what, "it is damaged");
	head[body] = '\0';
	if (!parse_head(head + strlen(magic), f, sampled_wall_ms))
		return damaged(what, "it is damaged");
	if (st.st_size < FAILURE_HEAD_SIZE + (off_t)f->sample_size)
		return damaged(what, "its sample is cut short");
	return 0;
}
