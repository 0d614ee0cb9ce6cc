/*
 * metrics_file: DIR/runner-CHAIN.prom (metrics_dir), for the textfile collector
 * of Prometheus' node exporter.
 *
 * A reader finds a whole file, this one or the one before.  Nothing is
 * allocated after metrics_file_open(); what cannot be written is said once.
 */
#ifndef RUNNER_METRICS_FILE_H
#define RUNNER_METRICS_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "state/records.h"

struct metrics_file {
	FILE *out;   /* into `bytes` */
	char *bytes; /* owned, `size` of them */
	size_t size;
	bool is_failing;
};

/* Returns 0, or -1 with errno: no memory. */
int metrics_file_open(struct metrics_file *m, size_t task_count);
void metrics_file_close(struct metrics_file *m);

/* Replaces the file in `dir`; NULL: none is wanted. */
void metrics_file_write(
    struct metrics_file *m, const char *dir, struct records *records);

#endif
