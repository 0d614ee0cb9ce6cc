/*
 * log_filter: which lines of a log file are of a task, or of one run of it.
 *
 * A file does not say which run a line is of: runs are told apart by the line
 * that ends each ("Execution failed"), and are counted from the first in the
 * file.  Pure.
 */
#ifndef RUNNER_LOG_FILTER_H
#define RUNNER_LOG_FILTER_H

#include <stddef.h>
#include <stdint.h>

struct log_filter {
	const char *task;  /* borrowed */
	const char *chain; /* where the line says it; borrowed, or NULL: any */
	uint64_t run;      /* of the task, counted from 1; 0: every */
	uint64_t first;    /* of the lines that are of it, counted from 1 */
	/* Counted while the lines go by. */
	uint64_t runs;  /* that ended */
	uint64_t lines; /* that are of it */
};

/* What is wanted; without it the lines are only counted. */
typedef void log_filter_put(const char *bytes, size_t size, void *data);

/*
 * The next bytes of the file, in whole lines.  What an interrupted run printed
 * is of the run that comes after it, which has the same number: `first` moves
 * after it while lines are counted.
 */
void log_filter_take(struct log_filter *f, const char *bytes, size_t size,
    log_filter_put *put, void *data);

#endif
