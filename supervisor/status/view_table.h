/*
 * view_table: the parts of the table of `runner status`; shared by view_table.c
 * (chains) and view_table_task.c (tasks) and nobody else.
 *
 * A chain is a line, a task one below it, and what an operator must know of a
 * task that fails is below that.  Every line fits the screen.
 */
#ifndef RUNNER_VIEW_TABLE_H
#define RUNNER_VIEW_TABLE_H

#include "view.h"

enum { TABLE_INDENT = 2, TABLE_LINE_SIZE = 2048 };

/* How wide the task's name and the strip may be; the rest is fixed. */
struct table_layout {
	size_t name;
	size_t strip;
};

struct table_layout table_lay_out(const struct screen *s, const struct view *v);

void table_title(
    FILE *out, const struct screen *s, const struct table_layout *l);
void table_task(FILE *out, const struct screen *s, const struct table_layout *l,
    const struct chain_view *c, const struct task_record *t);

/* A line below the one that it explains. */
void table_note(FILE *out, const struct screen *s, enum tint tint,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
