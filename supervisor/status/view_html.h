/*
 * view_html: the parts of the report's page; shared by the view_html_*.c files
 * and nobody else.  The page is one file: no script, no font, no picture, no
 * address is fetched.  Everything foreign is encoded.
 */
#ifndef RUNNER_VIEW_HTML_H
#define RUNNER_VIEW_HTML_H

#include "view.h"

/* One task's runs, oldest first, and what else is drawn of it. */
struct task_story {
	const struct task_record *task;
	const struct run_view *const *runs;
	size_t run_count;
	int64_t from_wall_ms; /* the chain's first kept run */
	int64_t wall_ms;      /* now: the page's */
};

/* A stretch of failures in a row. */
struct downtime {
	int64_t from_wall_ms;
	int64_t to_wall_ms; /* 0: it is open */
	size_t failures;
	const struct run_view *first; /* its first failure that is kept */
};

extern const char view_html_style[];

/*
 * Writes HTML in which %s is a string, encoded; %t an int64_t, an instant; %d
 * an int, %z a size_t, %n a uint64_t.
 */
void html(FILE *out, const char *fmt, ...);

/* The bar of all runs along the time, downtimes under them. */
void html_timeline(FILE *out, const struct task_story *t);

/* How long the last runs took. */
void html_durations(FILE *out, const struct task_story *t);

/* Stretches of failures; nothing when there were none. */
void html_downtimes(FILE *out, const struct task_story *t);

/*
 * Walks through the downtimes of the kept runs: fills in the next one from
 * `*at` on; false: there is none.  Pure.
 */
bool story_next_downtime(
    const struct task_story *t, size_t *at, struct downtime *d);

#endif
