/*
 * failures_file: one kept failure as a file, and the directory of them; shared
 * by the writer (failures.c) and the readers (failures_file.c).
 *
 * A file is a head of FAILURE_HEAD_SIZE bytes, which is within one page so that
 * it can be replaced in place, and the sample.  The head is text: padded lines
 * "KEY VALUE", the last but one a checksum over those before it, and an empty
 * line.
 */
#ifndef RUNNER_FAILURES_FILE_H
#define RUNNER_FAILURES_FILE_H

#include <fcntl.h>
#include <stdint.h>

#include "failures.h"

enum {
	FAILURE_HEAD_SIZE = 2048,
	FAILURE_NAME_SIZE = 240, /* TASK,SIGNATURE */
};

void failure_name(
    const char *task, uint64_t signature, char name[FAILURE_NAME_SIZE]);

/* Pure: the head's bytes. */
void failure_head_write(const struct failure *f, int64_t sampled_wall_ms,
    char head[FAILURE_HEAD_SIZE]);

/*
 * Reads the head of an open file.  Returns 0; or -1 with errno EBADMSG and,
 * when `what` is not NULL, what is wrong with it (a constant), or another
 * errno.
 */
int failure_head_read(
    int fd, struct failure *f, int64_t *sampled_wall_ms, const char **what);

#endif
