/*
 * Whatever a task prints, and however it is cut into reads: the log is the
 * same, every line of it is one of the supervisor's, nothing in it can work a
 * terminal, and no byte is missing.
 *
 * The first two bytes of the input choose the format and the cuts.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "task/capture.h"

enum { LOG_MOST = 1 << 22 };

struct harness {
	int log_fd, pipe[2];
	struct log *logs[2]; /* plain and json */
	struct capture *captures[2];
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static const struct harness *
harness_get(void)
{
	static struct harness h;
	char path[64];

	if (h.captures[1])
		return &h;
	h.log_fd = memfd_create("log", MFD_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", h.log_fd);
	check(!pipe2(h.pipe, O_CLOEXEC | O_NONBLOCK), "there is a pipe");
	for (int i = 0; i < 2; i++) {
		struct log_settings settings = {.level = LOG_LEVEL_DEBUG,
		    .has_format = true,
		    .format = i ? LOG_FORMAT_JSON : LOG_FORMAT_PLAIN};

		h.logs[i] = log_open(&settings, path, "c");
		h.captures[i] = capture_new(h.logs[i]);
		check(h.captures[i] != NULL, "there is memory");
	}
	return &h;
}

/* Captures `bytes` in reads of at most `cut` bytes; fills in the log. */
static size_t
run(const struct harness *h, int format, const uint8_t *bytes, size_t size,
    size_t cut, char *log)
{
	struct capture *c = h->captures[format];
	struct captured kept;

	check(!ftruncate(h->log_fd, 0), "the log can be emptied");
	capture_begin(c, "t", NULL);
	for (size_t i = 0; i < size;) {
		size_t n = cut < size - i ? cut : size - i;

		check(write(h->pipe[1], bytes + i, n) == (ssize_t)n, "it fits");
		while (capture_read(c, LOG_STREAM_STDERR, h->pipe[0]) > 0)
			continue;
		i += n;
	}
	capture_finish(c, -1, h->pipe[0]);
	log_flush(h->logs[format]);
	kept = capture_stderr(c);
	check(kept.total == size &&
		  kept.head_size + kept.tail_size + kept.left_out == size,
	    "every byte is counted");
	check(kept.left_out || !memcmp(kept.head, bytes, kept.head_size),
	    "what is kept is what was printed");
	return (size_t)pread(h->log_fd, log, LOG_MOST, 0);
}

static void
check_lines(const char *log, size_t size, const char *prefix)
{
	const char *end = log + size;

	for (const char *next; log < end; log = next + 1) {
		next = memchr(log, '\n', (size_t)(end - log));
		check(next && !strncmp(log, prefix, strlen(prefix)),
		    "every line is one of ours and ended");
		for (; log < next; log++)
			check((unsigned char)*log >= 0x20 || *log == '\t',
			    "there is no control character in it");
	}
}

static void
check_utf8(const char *log, size_t size)
{
	for (size_t i = 0, n; i < size; i += n) {
		n = text_utf8_length(log + i, size - i);
		check(n != 0, "json is UTF-8");
	}
}

/* The time stamps of json are the one thing that may differ. */
static void
blank_stamps(char *log, size_t size)
{
	static const char start[] = "{\"ts\":\"";
	char *at = log, *end = log + size;

	while (
	    (at = memmem(at, (size_t)(end - at), start, sizeof(start) - 1)) &&
	    end - at > 32) {
		memset(at + sizeof(start) - 1, '-', 24);
		at += sizeof(start) - 1;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char whole[LOG_MOST], cut[LOG_MOST];
	const struct harness *h = harness_get();
	size_t whole_size, cut_size;
	int format;

	if (size < 2)
		return 0;
	format = data[0] & 1;
	whole_size = run(h, format, data + 2, size - 2, 65536, whole);
	cut_size =
	    run(h, format, data + 2, size - 2, 1 + (size_t)data[1] * 16, cut);
	check_lines(
	    whole, whole_size, format ? "{\"ts\":\"" : "INFO [t] stderr");
	if (format) {
		check_utf8(whole, whole_size);
		blank_stamps(whole, whole_size);
		blank_stamps(cut, cut_size);
	}
	check(whole_size == cut_size && !memcmp(whole, cut, cut_size),
	    "any cut gives the same log");
	return 0;
}
