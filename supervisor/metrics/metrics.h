/*
 * metrics: what there is to measure of chains, in the text format of Prometheus
 * ("Exposition formats" and "Metric and label naming" in its documentation):
 * base units, _total for counters, all samples of a metric in one group under
 * its HELP and TYPE.
 *
 * One table has a row for each metric; nothing else writes one.  Pure but for
 * the stream.
 */
#ifndef RUNNER_METRICS_H
#define RUNNER_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "state/state.h"

/* One chain; all borrowed. */
struct metrics_chain {
	const char *name;
	bool is_running;
	bool is_declared;
	bool is_readable;                 /* its records could be read */
	const struct chain_record *chain; /* NULL: it never ran */
	const struct task_record *tasks;
	size_t task_count;
	size_t refused; /* notifications; nobody has corrected that */
};

void metrics_write(FILE *out, const struct metrics_chain *chains, size_t count);

/* The version of runner: once where all chains are told of. */
void metrics_write_info(FILE *out);

#endif
