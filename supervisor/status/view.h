/*
 * view: what there is to see of the chains of a RUN_ROOT, and how it is judged.
 * Pure: gather reads it, the view_* modules write it out.
 */
#ifndef RUNNER_VIEW_H
#define RUNNER_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/units.h"
#include "chain/pause.h"
#include "outbox/outbox_look.h"
#include "screen.h"
#include "state/failures.h"
#include "state/state.h"

enum { VIEW_RESULT_SIZE = 80 };

/* One chain as it was found. */
struct chain_view {
	const char *name;
	bool is_running;  /* somebody holds the pidfile's lock */
	bool is_hidden;   /* whether it runs is not known, see `fault` */
	int32_t pid;      /* who; 0: nobody, or of another pid namespace */
	bool is_declared; /* in runner.conf */
	bool is_removed;  /* it was when its runner started, and is no more */
	const char *other_run_root; /* of its runner there; or NULL */
	const char *other_says;     /* of that, for people */
	bool is_named;              /* on the command line */
	const char *fault;          /* why its state cannot be read, or NULL */
	const struct snapshot *snapshot; /* NULL: it never ran, or `fault` */
	size_t refused_count;            /* channels that refused for good */
	struct refused_channel *refused; /* or NULL */
	const struct pauses *pauses;     /* in force; or NULL */
	/* Without a snapshot: the names of its declared tasks, NULL-ended. */
	const char *const *task_names;
};

struct view {
	const char *run_root;    /* where it was looked */
	const char *config_file; /* or NULL: there is none */
	size_t count;
	struct chain_view *chains; /* sorted as they are to be shown */
	bool has_hidden_failures;  /* the kept failures cannot be read */
};

/* The exit status of `runner status`: 0, 1 or 3. */
int view_status(const struct view *v);

/*
 * Does it count that this chain does not run?  It was asked for (declared or
 * named), or it died without having ended in order.
 */
bool chain_view_is_missed(const struct chain_view *c);

/* Was its last runner a `once` that ended by itself? */
bool chain_view_is_once_over(const struct chain_view *c);

/*
 * Does it run, or was it the last `once`, and one of its tasks fails, or were
 * the admins told that the lease cannot be had?
 */
bool chain_view_fails(const struct chain_view *c);

/*
 * The name of its task number `i`, in order, or NULL; and what there is to say
 * of it: in `idle` when it never ran or its state is unknown.
 */
const char *chain_view_task_name(const struct chain_view *c, size_t i);
const struct task_record *chain_view_task(
    const struct chain_view *c, size_t i, struct task_record *idle);

/* The last run failed, or a downtime is open. */
bool task_is_failing(const struct task_record *t);

/* The phase, which is a dead runner's last word when the chain is stopped. */
enum task_phase chain_view_phase(
    const struct chain_view *c, const struct task_record *t);

/* The pause of the task (NULL: of the chain), or NULL. */
const struct pause *chain_view_pause(
    const struct chain_view *c, const char *task);

/* When the task runs next, or 0: nobody knows, or it runs now. */
int64_t chain_view_next_run(
    const struct chain_view *c, const struct task_record *t);

/* "ok", "exit 3", "SIGKILL", "timed out", "not executed". */
void view_format_result(const struct outcome *o, char text[VIEW_RESULT_SIZE]);
struct outcome run_record_outcome(const struct run_record *r);

/* "250 ms", "1.2 s", "4 m 10 s": how long a run took. */
void view_format_duration(int64_t ms, char text[UNITS_TEXT_SIZE]);

/* ---- one run and one failure, free of the chain they were read from ---- */

struct run_view {
	const char *chain;
	const char *task;
	const struct run_record *run;
};

/* ---- what the modules view_* write ---- */

/*
 * With `s->rows`: no more lines than those; what fails comes first then.  The
 * last line is a summary.
 */
void view_table(FILE *out, const struct screen *s, const struct view *v);
void view_json(FILE *out, const struct view *v);
int view_prometheus(FILE *out, const struct view *v); /* -1: no memory */

void view_runs_table(FILE *out, const struct screen *s,
    const struct run_view *runs, size_t count, size_t shown);
void view_runs_plot(FILE *out, const struct screen *s,
    const struct run_view *runs, size_t count);
void view_runs_json(FILE *out, const struct run_view *runs, size_t count);

void view_failures_table(FILE *out, const struct screen *s,
    const struct failure *list, size_t count);
void view_failures_json(FILE *out, const struct failure *list, size_t count);

/*
 * The whole page of `runner report`; `host` is whose it is.  Returns 0, or -1:
 * no memory.
 */
int view_html(FILE *out, const struct view *v, const struct run_view *runs,
    size_t run_count, const struct failure *list, size_t count,
    const char *host, int64_t wall_ms);

#endif
