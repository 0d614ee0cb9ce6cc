/*
 * findings: complaints in the making, each with the place it is about.
 *
 * They come in the order in which things are looked at and leave, as struct
 * complaints, in the order in which a person reads the files.
 */
#ifndef RUNNER_FINDINGS_H
#define RUNNER_FINDINGS_H

#include <stddef.h>

#include "base/complaints.h"

struct finding {
	char *place; /* a file, or "--set KEY" */
	int line;    /* 0: the place as a whole */
	char *text;
};

struct findings {
	size_t count;
	size_t left_out; /* beyond COMPLAINTS_MAX, or no memory */
	struct finding list[COMPLAINTS_MAX];
};

/* Adds one, printf-like; nothing is borrowed.  The same twice counts once. */
void findings_add(struct findings *f, const char *place, int line,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/*
 * Moves all of them to `complaints`, by file (in the order met) and line, as
 * "PLACE:LINE: TEXT" or "PLACE: TEXT"; `f` is empty afterwards.
 */
void findings_move(struct findings *f, struct complaints *complaints);

void findings_release(struct findings *f);

#endif
