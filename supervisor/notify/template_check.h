/*
 * template_check: is a webhook's template one that will work?  For `check`.
 */
#ifndef RUNNER_TEMPLATE_CHECK_H
#define RUNNER_TEMPLATE_CHECK_H

#include "base/diagnostics.h"
#include "config/config.h"

/*
 * Fills the template of every webhook with a sample of each reason, and the
 * words of notify_command; what is wrong goes to `errors` with file and line.
 */
void template_check(const struct config *config, struct diagnostics *errors);

#endif
