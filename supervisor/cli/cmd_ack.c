/*
 * runner ack: the open downtime is known.
 */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "chains.h"
#include "commands.h"
#include "gather.h"
#include "os/clock.h"
#include "os/identity.h"
#include "state/statefile.h"

/* One line without control characters, cut at a character. */
static void
copy_line(char *out, size_t size, const char *s)
{
	text_copy(out, size, s);
	text_blank_controls(out);
}

/* Who is it?  Whoever became root says who they are (sudo). */
static void
find_who(char *out, size_t size)
{
	const char *sudo = geteuid() ? NULL : getenv("SUDO_USER");
	const struct passwd *pw;
	char login[64];

	if (sudo && *sudo) {
		copy_line(out, size, sudo);
		return;
	}
	if (!getlogin_r(login, sizeof(login)) && *login) {
		copy_line(out, size, login);
		return;
	}
	pw = getpwuid(getuid());
	if (pw)
		copy_line(out, size, pw->pw_name);
	else
		snprintf(out, size, "uid %ld", (long)getuid());
}

/* Without `why`, what was said of it before stays. */
static int
acknowledge(const struct config *config, const struct chain_view *c,
    const struct task_record *t, const char *why, struct acknowledgement *a)
{
	int status = chains_make_as_owner(config, c->name);
	char when[40];

	if (!why && t->policy.is_acknowledged)
		why = t->acknowledged.why;
	copy_line(a->why, sizeof(a->why), why ? why : "");
	if (!status && acknowledgement_write(config->run_root, c->name, t->name,
			   t->policy.down_since_wall_ms, a))
		status = command_fails(STATUS_FAILED,
		    "cannot acknowledge the downtime of %s: %m", t->name);
	identity_make_as(geteuid(), getegid());
	if (status)
		return status;
	units_format_time(t->policy.down_since_wall_ms, when);
	printf("%s of %s, down since %s UTC: acknowledged\n", t->name, c->name,
	    when);
	return STATUS_DONE;
}

/* Every open downtime that is selected. */
static int
acknowledge_all(const struct config *config, const struct view *v,
    const struct selector *selected, const char *why)
{
	struct acknowledgement a = {.wall_ms = clock_wall_ms()};
	bool is_short = gather_warn(v);
	int status = STATUS_DONE;
	size_t count = 0;

	find_who(a.who, sizeof(a.who));
	for (size_t i = 0; i < v->count; i++) {
		const struct chain_view *c = &v->chains[i];
		const struct snapshot *s = c->snapshot;

		for (size_t j = 0; s && j < s->task_count; j++) {
			const struct task_record *t = &s->tasks[j];

			if (!t->policy.is_down ||
			    !selector_takes(selected, c->name, t->name))
				continue;
			count++;
			status = command_worse(
			    status, acknowledge(config, c, t, why, &a));
		}
	}
	if (count)
		return status;
	return is_short ? STATUS_FAILED
			: command_fails(STATUS_FAILED,
			      "nothing is down: there is nothing to "
			      "acknowledge");
}

int
cmd_ack(const struct invocation *c)
{
	struct selector *selected;
	int status;

	selected = gather_selectors(
	    c->config, c->view, &(struct failure_list){0}, c->options->words);
	if (!selected)
		return STATUS_USAGE;
	status =
	    acknowledge_all(c->config, c->view, selected, c->options->message);
	free(selected);
	return status;
}
