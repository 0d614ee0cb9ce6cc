/*
 * secrets: what must not be told of a task: what `mask` matches, and with
 * mask_secrets the values of its environment_file.
 */
#ifndef RUNNER_SECRETS_H
#define RUNNER_SECRETS_H

#include <stdbool.h>

#include "base/mask.h"
#include "config/config.h"
#include "task/capture.h"
#include "tasks.h"

struct secrets {
	struct mask_values *values; /* pages for those of one task; owned */
	bool is_read;
};

/* Returns 0, or -1 with errno. */
int secrets_open(struct secrets *s);
void secrets_close(struct secrets *s);

/*
 * The mask of a task.  Its environment_file is read again, for it may be
 * another by now.  Valid until the next call or secrets_forget().
 */
struct mask secrets_mask(struct secrets *s, const struct config *config,
    const struct chain_task *task);

/* Gives the pages of the values back. */
void secrets_forget(struct secrets *s);

/*
 * Masks captured bytes in place: they were logged and kept by now.  With any
 * mask, a line of which a part was left out goes: half a secret is not known as
 * one.
 */
void secrets_mask_captured(const struct mask *m, struct captured *c);

#endif
