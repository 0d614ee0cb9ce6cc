/*
 * captured: the bytes that are kept of what a run wrote, first and last.
 */
#ifndef RUNNER_CAPTURED_H
#define RUNNER_CAPTURED_H

#include <stddef.h>
#include <stdint.h>

enum {
	CAPTURE_STDERR_HEAD = 192 << 10, /* bytes kept from the start */
	CAPTURE_STDERR_TAIL = 64 << 10,  /* and from the end */
	CAPTURE_STDOUT_TAIL = 4096,
};

/* Of one stream; the parts are borrowed from the capture. */
struct captured {
	const char *head;
	size_t head_size;
	const char *tail; /* follows the head after `left_out` bytes */
	size_t tail_size;
	uint64_t left_out;
	uint64_t total; /* bytes that the task wrote */
};

#endif
