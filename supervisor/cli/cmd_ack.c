/*
 * runner ack: the open downtime is known.
 */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "commands.h"
#include "gather.h"
#include "os/clock.h"
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

static int
acknowledge(const struct config *config, const struct chain_view *c,
    const struct task_record *t, const struct acknowledgement *a)
{
	char when[40];

	if (acknowledgement_write(config->run_root, c->name, t->name,
		t->policy.down_since_wall_ms, a))
		return command_fails(STATUS_FAILED,
		    "cannot acknowledge the downtime of %s: %m", t->name);
	view_format_time(t->policy.down_since_wall_ms, when);
	printf("%s of %s, down since %s UTC: acknowledged\n", t->name, c->name,
	    when);
	return STATUS_DONE;
}

/* Every open downtime that is selected. */
static int
acknowledge_all(const struct config *config, const struct view *v,
    const struct selector *selected, const struct acknowledgement *a)
{
	int status = STATUS_DONE;
	size_t count = 0;

	for (size_t i = 0; i < v->count; i++) {
		const struct chain_view *c = &v->chains[i];
		const struct snapshot *s = c->snapshot;

		for (size_t j = 0; s && j < s->task_count; j++) {
			const struct task_record *t = &s->tasks[j];

			if (!t->policy.is_down ||
			    !selector_takes(selected, c->name, t->name))
				continue;
			count++;
			status |= acknowledge(config, c, t, a);
		}
	}
	if (count)
		return status;
	return command_fails(
	    STATUS_FAILED, "nothing is down: there is nothing to acknowledge");
}

static int
run(const struct options *o, struct config *config, const struct view *v)
{
	struct acknowledgement a = {.wall_ms = clock_wall_ms()};
	struct failure_list failures = {0};
	struct selector *selected;
	int status;

	find_who(a.who, sizeof(a.who));
	copy_line(a.why, sizeof(a.why), o->message ? o->message : "");
	gather_warn(v);
	selected = gather_selectors(config, v, &failures, o->words);
	if (!selected)
		return STATUS_USAGE;
	status = acknowledge_all(config, v, selected, &a);
	free(selected);
	return status;
}

int
cmd_ack(const struct options *o)
{
	static const char *const every[] = {NULL};
	struct config *config = command_config_to_look(o);
	struct view *v;
	int status = STATUS_USAGE;

	if (!config)
		return STATUS_USAGE;
	v = gather_chains(config, every);
	if (v)
		status = run(o, config, v);
	gather_free(v);
	config_free(config);
	return status;
}
