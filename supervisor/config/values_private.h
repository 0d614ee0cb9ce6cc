/*
 * values_private: what values.c and value_lists.c share.
 */
#ifndef RUNNER_VALUES_PRIVATE_H
#define RUNNER_VALUES_PRIVATE_H

#include "values.h"

/* The one value of an entry; NULL when it is a list, which is complained of. */
const char *value_single(
    const struct value_reader *r, const struct conf_entry *e);

/* Complains "'VALUE' WHAT"; returns -1. */
int value_refuse(const struct value_reader *r, const struct conf_entry *e,
    const char *value, const char *what);

#endif
