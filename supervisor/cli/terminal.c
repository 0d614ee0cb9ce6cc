#include "terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/units.h"
#include "os/clock.h"

enum { COLUMNS_MAX = 1000, SHOW_AFTER_MS = 500 };

/* no-color.org: set and not empty, whatever it says. */
static bool
wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && *term && strcmp(term, "dumb") != 0;
}

static void
find_size(struct screen *s)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int64_t n = SCREEN_COLUMNS;

	if (s->is_terminal && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) &&
	    size.ws_col) {
		n = size.ws_col;
		s->rows = size.ws_row;
	} else if (columns) {
		units_parse_int(columns, 1, COLUMNS_MAX, &n);
	}
	s->columns = n < SCREEN_COLUMNS_MIN ? SCREEN_COLUMNS_MIN : (size_t)n;
}

void
terminal_detect(struct screen *s)
{
	*s = (struct screen){.is_terminal = isatty(STDOUT_FILENO)};
	setlocale(LC_CTYPE, "");
	s->is_utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	s->has_colour = s->is_terminal && wants_colour();
	s->wall_ms = clock_wall_ms();
	find_size(s);
}

void
terminal_show_waiting(
    const struct snapshot *s, int64_t waited_ms, int64_t limit_ms, void *chain)
{
	const char *what = chain;
	long pid = s ? s->chain.pid : 0;

	if (waited_ms < 0)
		fprintf(stderr, "\r\033[K");
	if (waited_ms < SHOW_AFTER_MS)
		return;
	if (s && s->chain.current_task >= 0 && s->chain.run_pid &&
	    (size_t)s->chain.current_task < s->task_count) {
		what = s->tasks[s->chain.current_task].name;
		pid = s->chain.run_pid;
	}
	fprintf(stderr, "\r\033[Kwaiting for %s", what);
	if (pid)
		fprintf(stderr, " (pid %ld)", pid);
	fprintf(stderr, ", %d s of %d s", (int)(waited_ms / 1000),
	    (int)(limit_ms / 1000));
}
