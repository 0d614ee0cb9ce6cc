/*
 * Whatever a file of failures/ holds: it is read or skipped, shown, noted again
 * and made room for, and what was read is within its bounds.
 *
 * The input is put into a plausible head whose sum is right; when its first
 * byte is 0xff, the rest is the whole file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/text.h"
#include "state/failures_file.h"
#include "status/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SUM_SIZE = sizeof("sum 0123456789abcdef\n\n") - 1 };

static char directory[] = "/tmp/fuzz-failures-XXXXXX";

static void
remove_directory(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", directory);
	if (system(command))
		abort();
}

static void
write_file(const void *bytes, size_t size)
{
	char path[64];
	int fd;

	snprintf(
	    path, sizeof(path), "%s/failures/t,00000000000000ab", directory);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		abort();
	close(fd);
}

/* A head whose bytes from `at` on are the input's. */
static void
write_head(size_t at, const uint8_t *data, size_t size)
{
	char file[FAILURE_HEAD_SIZE + 64] = "", digits[17];
	size_t body = FAILURE_HEAD_SIZE - SUM_SIZE;
	const struct failure f = {.task = "t",
	    .chain = "t",
	    .version = 1,
	    .signature = 0xab,
	    .count = 3,
	    .first_wall_ms = 1,
	    .last_wall_ms = 2,
	    .subject = "lost",
	    .sample_total = 100,
	    .sample_size = 60};

	failure_head_write(&f, 2, file);
	at %= body;
	size = size > body - at ? body - at : size;
	memcpy(file + at, data, size);
	text_format_hex64(hash_fnv64(HASH_FNV64, file, body), digits);
	memcpy(file + body + 4, digits, 16);
	write_file(file, sizeof(file));
}

static void
check(const struct failure *f, void *list)
{
	if (!memchr(f->task, '\0', sizeof(f->task)) ||
	    !memchr(f->chain, '\0', sizeof(f->chain)) ||
	    !memchr(f->subject, '\0', sizeof(f->subject)) ||
	    f->sample_size > FAILURE_SAMPLE_MAX ||
	    f->sample_size > f->sample_total || !f->count ||
	    f->first_wall_ms < 0 || f->last_wall_ms < 0 ||
	    f->outcome.exit < -1 || f->outcome.exit > 255 ||
	    f->outcome.signal < 0 || f->outcome.signal > 64)
		abort();
	*(struct failure *)list = *f;
}

static void
show(const struct failure *f)
{
	static FILE *out;
	const struct screen screen = {.columns = 80, .wall_ms = 86400000};
	const struct view v = {.run_root = directory};

	if (!out && !(out = fopen("/dev/null", "w")))
		abort();
	view_failures_table(out, &screen, f, 1);
	view_failures_json(out, f, 1);
	view_html(out, &v, NULL, 0, f, 1, "host", 86400000);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct failures_store *store;
	struct failure found = {0}, noted = {.task = "t",
					.chain = "t",
					.signature = 0xab,
					.last_wall_ms = 3,
					.subject = "lost"};
	char *sample = NULL;

	if (!store) {
		if (!mkdtemp(directory) || !(store = failures_open(directory)))
			abort();
		/* It makes the directory. */
		failures_note(store, &noted, NULL);
		atexit(remove_directory);
	}
	if (size && *data == 0xff)
		write_file(data + 1, size - 1);
	else if (size > 2)
		write_head(data[0] | data[1] << 8, data + 2, size - 2);
	failures_each(directory, check, NULL, &found);
	if (found.count)
		show(&found);
	failures_renamed(directory, "t", 0xab);
	if (!failures_show(directory, NULL, 0xab, &found, &sample))
		free(sample);
	/* What a later version wrote stays. */
	if (failures_note(store, &noted, NULL))
		return errno == EPROTO ? 0 : (abort(), 0);
	found.count = 0;
	failures_each(directory, check, NULL, &found);
	if (!found.count)
		abort();
	return 0;
}
