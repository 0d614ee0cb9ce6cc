/* render: what people see fits the screen, and nothing foreign moves it. */
#include <locale.h>
#include <stdlib.h>

#include "base/encode.h"
#include "status/view.h"
#include "status/view_html.h"
#include "tap.h"

static const struct screen utf8 = {.is_utf8 = true, .columns = 80};
static const struct screen ascii = {.columns = 80};

static int
count_lines(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* What a writer to a stream wrote; to be freed. */
struct written {
	FILE *stream;
	char *bytes;
	size_t size;
};

static FILE *
written_open(struct written *w)
{
	w->bytes = NULL;
	return w->stream = open_memstream(&w->bytes, &w->size);
}

static const char *
written_close(struct written *w)
{
	fclose(w->stream);
	return w->bytes;
}

static void
test_put(void)
{
	static const struct row {
		const char *name, *text;
		size_t columns;
		const char *in_utf8, *in_ascii;
	} rows[] = {
	    {"what fits is whole", "abc", 3, "abc", "abc"},
	    {"what does not ends in an ellipsis", "abcd", 3, "ab\xe2\x80\xa6",
		"ab~"},
	    {"one column", "abcd", 1, "\xe2\x80\xa6", "~"},
	    {"no column", "abcd", 0, "", ""},
	    {"characters, not bytes", "\xc3\xa4\xc3\xb6\xc3\xbc!", 3,
		"\xc3\xa4\xc3\xb6\xe2\x80\xa6", "??~"},
	    {"a wide character is not cut in half",
		"\xe4\xb8\xad\xe6\x96\x87\xe5\xad\x97", 4,
		"\xe4\xb8\xad\xe2\x80\xa6", "???"},
	    {"a combining mark stays with its letter", "e\xcc\x81x", 2,
		"e\xcc\x81x", "e~"},
	    {"an escape sequence is shown, not obeyed", "\033[31mred", 20,
		"\\x1b[31mred", "\\x1b[31mred"},
	    {"so is the one byte form of it, in UTF-8",
		"a\xc2\x9b"
		"31m",
		20, "a\\xc2\\x9b31m", "a?31m"},
	    {"and as a bare byte",
		"a\x9b"
		"31m",
		20, "a\\x9b31m", "a\\x9b31m"},
	    {"DEL and BEL", "\x7f\a", 20, "\\x7f\\x07", "\\x7f\\x07"},
	    {"line ends and tabs are spaces", "a\nb\tc\rd", 20, "a b c d",
		"a b c d"},
	    {"an escape is not cut in its middle", "ab\001", 5,
		"ab\xe2\x80\xa6", "ab~"},
	    {"text is not turned around",
		"a\xe2\x80\xae"
		"b",
		20,
		"a\\xe2\\x80\\xae"
		"b",
		"a?b"},
	    {"broken UTF-8", "\xc3(\xf0\x9f\x98", 40, "\\xc3(\\xf0\\x9f\\x98",
		"\\xc3(\\xf0\\x9f\\x98"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *r = &rows[i];
		struct written w;
		size_t used, width;

		used = screen_put(written_open(&w), &utf8, r->text, r->columns);
		tap_is(written_close(&w), r->in_utf8, "%s", r->name);
		width = screen_width(&utf8, r->in_utf8);
		tap_ok(used <= r->columns && used == width,
		    "%s: it says how much it took", r->name);
		free(w.bytes);
		screen_put(written_open(&w), &ascii, r->text, r->columns);
		tap_is(written_close(&w), r->in_ascii, "%s, without UTF-8",
		    r->name);
		free(w.bytes);
	}
}

static void
test_cells(void)
{
	struct written w;
	FILE *out = written_open(&w);

	screen_cell(out, &utf8, "\xc3\xa4", 3);
	putc('|', out);
	screen_cell_right(out, &utf8, "\xc3\xa4", 3);
	putc('|', out);
	screen_cell(out, &utf8, "long", 3);
	putc('|', out);
	screen_cell_right(out, &utf8, "long", 3);
	tap_is(written_close(&w),
	    "\xc3\xa4  |  \xc3\xa4|lo\xe2\x80\xa6|lo\xe2\x80\xa6",
	    "cells are filled and cut to their columns");
	free(w.bytes);
	screen_put_bytes(written_open(&w), &utf8, "a\n\tb\033c\0d\xc3\xa4", 10);
	tap_is(written_close(&w), "a\n\tb\\x1bc\\x00d\xc3\xa4",
	    "foreign bytes keep their lines, and nothing else");
	free(w.bytes);
}

static void
test_times(void)
{
	static const struct {
		int64_t ms;
		const char *age, *duration;
	} rows[] = {
	    {-5, "0 s", "0 ms"},
	    {0, "0 s", "0 ms"},
	    {999, "0 s", "999 ms"},
	    {1000, "1 s", "1.0 s"},
	    {1290, "1 s", "1.2 s"},
	    {59999, "59 s", "59.9 s"},
	    {60000, "60 s", "1 m"},
	    {119999, "119 s", "1 m 59 s"},
	    {120000, "2 m", "2 m"},
	    {7199999, "119 m", "1 h 59 m"},
	    {7200000, "2 h", "2 h"},
	    {172799999, "47 h", "1 d 23 h"},
	    {172800000, "2 d", "2 d"},
	    {INT64_C(86400000) * 4000, "4000 d", "4000 d"},
	};
	char text[UNITS_TEXT_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		screen_format_age(rows[i].ms, text, sizeof(text));
		tap_is(text, rows[i].age, "%lld ms ago", (long long)rows[i].ms);
		view_format_duration(rows[i].ms, text);
		tap_is(text, rows[i].duration, "a run of %lld ms",
		    (long long)rows[i].ms);
	}
}

static void
test_encoding(void)
{
	struct written w;
	char *large = malloc(100001);

	encode_label(written_open(&w), "a\\b\"c\nd\xff\xc3\xa4");
	tap_is(written_close(&w), "a\\\\b\\\"c\\nd\xef\xbf\xbd\xc3\xa4",
	    "a label escapes backslash, quote and line end");
	free(w.bytes);
	/* Two-byte characters at odd offsets: every cut is tried. */
	large[0] = 'x';
	for (size_t i = 1; i < 100001 - 1; i += 2) {
		large[i] = '\xc3';
		large[i + 1] = '\xa4';
	}
	large[99999] = '\0';
	encode_html(written_open(&w), large);
	tap_is(written_close(&w), large, "pieces are cut between characters");
	free(w.bytes);
	free(large);
}

/* ---- the judgment ---- */

/* What `runner status` must say of one chain: the specification, plainly. */
static int
expected_status(bool running, bool asked, bool has_ended, bool fails, bool bad)
{
	if (!running && (asked || (!bad && !has_ended)))
		return 3;
	if (bad)
		return 1;
	return running && fails ? 1 : 0;
}

static void
test_status(void)
{
	size_t wrong = 0, count = 0;

	for (unsigned bits = 0; bits < 128; bits++) {
		bool running = bits & 1, declared = bits & 2, named = bits & 4;
		bool has_ended = bits & 8, fails = bits & 16, bad = bits & 32;
		bool down = bits & 64;
		struct task_record t = {.last.started_wall_ms = 1};
		struct snapshot s = {.task_count = 1, .tasks = &t};
		struct chain_view c = {
		    .name = "c",
		    .is_running = running,
		    .is_declared = declared,
		    .is_named = named,
		    .fault = bad ? "damaged" : NULL,
		    .snapshot = bad ? NULL : &s,
		};
		struct view v = {.count = 1, .chains = &c};

		s.chain.since_wall_ms = 1;
		s.chain.is_ended = has_ended;
		t.last.outcome.is_success = !fails;
		t.policy.is_down = down;
		count++;
		wrong += view_status(&v) != expected_status(running,
						declared || named, has_ended,
						fails || down, bad);
	}
	tap_is_int((long long)wrong, 0,
	    "the exit status of each of %zu kinds of chain", count);
}

static void
test_status_of_many(void)
{
	struct task_record bad = {.policy.is_down = true};
	struct snapshot failing = {.task_count = 1, .tasks = &bad};
	struct chain_view chains[3] = {
	    {.name = "a", .is_running = true},
	    {.name = "b", .is_running = true, .snapshot = &failing},
	    {.name = "c", .is_declared = true},
	};
	struct view v = {.count = 1, .chains = chains};

	tap_is_int(view_status(&v), 0, "all is well");
	v.count = 2;
	tap_is_int(view_status(&v), 1, "one of them fails");
	v.count = 3;
	tap_is_int(view_status(&v), 3, "one that does not run outweighs it");
	tap_is_int(view_status(&(struct view){0}), 3, "no chain: nothing runs");
}

/* ---- laws of everything that is laid out ---- */

/* Bytes of all kinds, many of them dangerous. */
static void
random_text(char *out, size_t size)
{
	static const char *const pieces[] = {"\033[2J",
	    "\xc2\x9b"
	    "1m",
	    "\n", "\r", "\t", "\a", "x", "word ", "\xe4\xb8\xad", "\xc3\xa4",
	    "\xe2\x80\xae", "\xff", "\xf0\x9f\x98\x80", "<b>&\"'", "\\",
	    "\xcc\x81", "\xe2\x80\x8b", "\xc3"};
	size_t used = 0, want = (size_t)rand() % size;

	while (used < want) {
		const char *piece =
		    pieces[(size_t)rand() % (sizeof(pieces) / sizeof(*pieces))];

		if (used + strlen(piece) >= size)
			break;
		strcpy(out + used, piece);
		used += strlen(piece);
	}
	memset(out + used, 0, size - used);
}

static int64_t
random_wall_ms(void)
{
	return INT64_C(1790000000000) + rand() % 1000000 * 1000;
}

static void
random_outcome(struct outcome *o)
{
	*o = (struct outcome){.exit = rand() % 256};
	if (rand() % 3 == 0)
		*o = (struct outcome){.exit = -1, .signal = 1 + rand() % 64};
	o->timed_out = rand() % 5 == 0;
	o->is_success = rand() % 2;
}

static void
random_task(struct task_record *t)
{
	*t = (struct task_record){
	    .phase = (uint32_t)rand() % 7,
	    .runs = (uint64_t)rand() * (uint64_t)rand(),
	    .failures = (uint64_t)rand(),
	    .next_run_wall_ms = rand() % 3 ? random_wall_ms() : 0,
	    .running_since_wall_ms = random_wall_ms(),
	    .mails_sent = (uint64_t)rand() % 100000,
	    .mails_held_back = rand() % 2 ? (uint64_t)rand() : 0,
	};
	random_text(t->name, rand() % 2 ? 20 : sizeof(t->name));
	random_text(t->last.message, sizeof(t->last.message));
	random_outcome(&t->last.outcome);
	t->last.started_wall_ms = rand() % 4 ? random_wall_ms() : 0;
	t->last.duration_ms = rand();
	t->policy.is_down = rand() % 2;
	t->policy.failures_in_row = (uint32_t)rand();
	t->policy.down_since_wall_ms = random_wall_ms();
	for (int i = rand() % 40; i > 0; i--)
		task_record_add_recent(t, rand() % 2);
}

enum { WORLD_TASKS = 3, WORLD_RUNS = 60 };

static struct world {
	struct task_record tasks[WORLD_TASKS];
	struct snapshot snapshot;
	struct run_record records[WORLD_RUNS];
	struct run_view runs[WORLD_RUNS];
	struct failure failures[4];
	struct chain_view chains[3];
	struct view view;
} world;

static void
random_runs(struct world *w)
{
	for (size_t i = 0; i < WORLD_RUNS; i++) {
		w->records[i] = (struct run_record){
		    .number = i + 1,
		    .started_wall_ms = random_wall_ms(),
		    .duration_ms = rand() % 2 ? rand() : rand() % 1000,
		    .exit = (int16_t)(rand() % 256),
		    .flags = (uint8_t)(rand() % 8),
		    .signature = (uint64_t)rand(),
		};
		if (rand() % 2)
			random_text(w->records[i].message,
			    sizeof(w->records[i].message));
		w->runs[i] = (struct run_view){
		    .chain = w->chains[0].name,
		    .task = w->tasks[rand() % WORLD_TASKS].name,
		    .run = &w->records[i],
		};
	}
}

static void
random_world(struct world *w)
{
	memset(w, 0, sizeof(*w));
	for (size_t i = 0; i < WORLD_TASKS; i++)
		random_task(&w->tasks[i]);
	w->snapshot.tasks = w->tasks;
	w->snapshot.task_count = WORLD_TASKS;
	random_text(w->snapshot.chain.name, STATE_NAME_SIZE);
	random_text(w->snapshot.chain.outbox_answer, STATE_MESSAGE_SIZE);
	w->snapshot.chain.outbox_waiting = (uint32_t)rand() % 3;
	w->snapshot.chain.outbox_oldest_wall_ms = random_wall_ms();
	w->snapshot.chain.current_task = rand() % (WORLD_TASKS + 1) - 1;
	w->snapshot.chain.since_wall_ms = random_wall_ms();
	w->chains[0] = (struct chain_view){
	    .name = w->snapshot.chain.name,
	    .is_running = rand() % 2,
	    .pid = rand(),
	    .snapshot = &w->snapshot,
	};
	w->chains[1] = (struct chain_view){.name = "b", .fault = "damaged"};
	w->chains[2] = (struct chain_view){.name = "c", .is_declared = true};
	w->view = (struct view){.count = 3, .chains = w->chains};
	for (size_t i = 0; i < 4; i++) {
		struct failure *f = &w->failures[i];

		random_text(f->task, sizeof(f->task));
		random_text(f->subject, sizeof(f->subject));
		random_outcome(&f->outcome);
		f->count = (uint64_t)rand();
		f->signature = (uint64_t)rand();
		f->first_wall_ms = f->last_wall_ms = random_wall_ms();
	}
	random_runs(w);
}

/* Colours of ours go, so that only foreign sequences are left. */
static void
strip_tints(char *text)
{
	static const char *const tints[] = {"\033[0m", "\033[1m", "\033[2m",
	    "\033[31m", "\033[32m", "\033[33m"};
	char *to = text;

	while (*text) {
		size_t skip = 0;

		for (size_t i = 0; i < sizeof(tints) / sizeof(*tints); i++)
			if (!strncmp(text, tints[i], strlen(tints[i])))
				skip = strlen(tints[i]);
		text += skip;
		if (!skip)
			*to++ = *text++;
	}
	*to = '\0';
}

/* What is wrong with a text that was laid out for the screen, or NULL. */
static const char *
find_fault(const struct screen *s, char *text)
{
	char *line, *rest = text;

	strip_tints(text);
	if (strpbrk(text, "\033\r\a\t\x7f"))
		return "a control character";
	if (strstr(text, "\xc2\x9b") || strstr(text, "\xe2\x80\xae"))
		return "a control character in UTF-8";
	while ((line = strsep(&rest, "\n"))) {
		if (screen_width(s, line) > s->columns)
			return "a line that does not fit";
		if (!s->is_utf8)
			for (; *line; line++)
				if (*line & 0x80)
					return "a byte that is not ASCII";
	}
	return NULL;
}

static const char *
lay_out_everything(const struct world *w, const struct screen *s)
{
	struct written to;
	FILE *out = written_open(&to);
	const char *fault;

	view_table(out, s, &w->view);
	view_runs_table(out, s, w->runs, WORLD_RUNS, 20);
	view_runs_plot(out, s, w->runs, WORLD_RUNS);
	view_failures_table(out, s, w->failures, 4);
	written_close(&to);
	fault = find_fault(s, to.bytes);
	free(to.bytes);
	return fault;
}

/* Where not all fits, what fails comes first and the summary is there. */
static void
test_cut(void)
{
	static struct task_record tasks[3] = {
	    {.name = "good", .last = {1, .outcome.is_success = true}},
	    {.name = "bad", .last = {1, .outcome.exit = 1}},
	    {.name = "fine", .last = {1, .outcome.is_success = true}},
	};
	static const struct snapshot fails = {.task_count = 3, .tasks = tasks};
	static const struct snapshot well = {.task_count = 1, .tasks = tasks};
	struct chain_view chains[] = {
	    {.name = "a", .is_running = true, .snapshot = &well},
	    {.name = "b", .is_running = true, .snapshot = &fails},
	    {.name = "c", .is_declared = true},
	};
	const struct view v = {.count = 3, .chains = chains};
	struct screen small = {.columns = 80, .rows = 5};
	struct written w;

	view_table(written_open(&w), &small, &v);
	written_close(&w);
	tap_ok(strstr(w.bytes, "\nc  stopped, never ran\nb  running\n  bad "),
	    "what does not run, then what fails");
	tap_ok(strstr(w.bytes, "\n3 chains: 2 run, 1 does not; 1 task fails; "
			       "4 lines not shown\n"),
	    "a summary of all, and how much is left out");
	tap_is_int(count_lines(w.bytes), 5, "no line too many");
	free(w.bytes);
	small.rows = 0;
	view_table(written_open(&w), &small, &v);
	written_close(&w);
	tap_ok(strstr(w.bytes, "\na  running\n  good "),
	    "in their own order where all of it fits");
	free(w.bytes);
}

/* A heading that has no room is not there: none is cut. */
static void
test_narrow(void)
{
	static struct task_record task = {.name = "send_mail_to_all"};
	static const struct snapshot s = {.task_count = 1, .tasks = &task};
	struct chain_view c = {.name = "c", .snapshot = &s};
	const struct view v = {.count = 1, .chains = &c};
	struct screen screen = {.columns = SCREEN_COLUMNS_MIN};
	size_t wrong = 0;

	for (; screen.columns < 140; screen.columns++) {
		struct written w;
		const char *recent;

		view_table(written_open(&w), &screen, &v);
		written_close(&w);
		recent = strstr(w.bytes, "MAILS");
		recent += strspn(recent + 5, " ") + 5;
		wrong += *recent != '\n' && strncmp(recent, "RECENT\n", 7);
		free(w.bytes);
	}
	tap_is_int((long long)wrong, 0, "no heading is cut, however narrow");
}

static void
test_laws(void)
{
	enum { WORLDS = 400 };
	const char *fault = NULL;
	struct screen s = {0};
	int i;

	srand(1);
	for (i = 0; i < WORLDS && !fault; i++) {
		random_world(&world);
		s = (struct screen){
		    .has_colour = rand() % 2,
		    .is_utf8 = rand() % 2,
		    .columns = SCREEN_COLUMNS_MIN + (size_t)rand() % 150,
		    .wall_ms = random_wall_ms(),
		};
		fault = lay_out_everything(&world, &s);
	}
	tap_ok(!fault, "whatever tasks wrote: every line fits, no sequence "
		       "gets through");
	if (fault)
		printf("# world %d, %zu columns, utf8 %d: %s\n", i, s.columns,
		    s.is_utf8, fault);
}

/* Tags that stand open, in a page whose text is encoded. */
static long
count_of(const char *page, const char *what)
{
	long n = 0;

	for (; (page = strstr(page, what)); page += strlen(what))
		n++;
	return n;
}

static void
test_html_law(void)
{
	static const char *const elements[] = {"section", "article", "svg",
	    "table", "tr", "td", "th", "div", "span", "p", "dl", "ul", "li",
	    "title", "rect", "main", "h2", "h3", "b"};
	const char *unbalanced = NULL;
	bool is_foreign = false;

	for (int i = 0; i < 40 && !unbalanced; i++) {
		struct written w;
		const char *page;

		random_world(&world);
		view_html(written_open(&w), &world.view, world.runs, WORLD_RUNS,
		    world.failures, 4, "ho<st>", random_wall_ms());
		page = written_close(&w);
		for (size_t e = 0; e < sizeof(elements) / sizeof(*elements);
		     e++) {
			char open[32], open_with[32], close[32];
			long opened, selfclosed = 0;

			snprintf(open, 32, "<%s>", elements[e]);
			snprintf(open_with, 32, "<%s ", elements[e]);
			snprintf(close, 32, "</%s>", elements[e]);
			opened =
			    count_of(page, open) + count_of(page, open_with);
			if (!strcmp(elements[e], "rect"))
				selfclosed = count_of(page, "\"/>") -
					     count_of(page, "<line ");
			if (opened - selfclosed != count_of(page, close))
				unbalanced = elements[e];
		}
		is_foreign |= strstr(page, "<b>&") || strstr(page, "\033") ||
			      strstr(page, "\xff") || strstr(page, "ho<st>");
		free(w.bytes);
	}
	tap_ok(!unbalanced, "every element of the page is closed");
	if (unbalanced)
		printf("# not %s\n", unbalanced);
	tap_ok(!is_foreign, "no foreign markup or byte is in it");
}

/* ---- the plot and the downtimes, by example ---- */

static void
test_plot(void)
{
	struct run_record records[4] = {
	    {.duration_ms = 0, .flags = RUN_SUCCESS},
	    {.duration_ms = 1000, .flags = RUN_SUCCESS},
	    {.duration_ms = 2000, .exit = 1},
	    {.duration_ms = 4000, .flags = RUN_SUCCESS},
	};
	struct run_view runs[4];
	struct written w;

	for (size_t i = 0; i < 4; i++)
		runs[i] = (struct run_view){"c", "t", &records[i]};
	for (size_t i = 1; i < 4; i++)
		runs[i].task = runs[0].task;
	view_runs_plot(written_open(&w), &ascii, runs, 4);
	tap_is(written_close(&w),
	    "\n"
	    "t: 4 runs, 1 failed; 0 ms to 4.0 s, median 2.0 s\n"
	    "    4.0 s |   |\n"
	    "          |   |\n"
	    "          |  ||\n"
	    "      0 s |.|||\n"
	    "   failed |  x \n",
	    "a plot without UTF-8");
	free(w.bytes);
	view_runs_plot(written_open(&w), &utf8, runs, 4);
	tap_ok(strstr(written_close(&w), "\xe2\x94\x82\xe2\x96\x81\xe2\x96\x88"
					 "\xe2\x96\x88\xe2\x96\x88\n"),
	    "the lowest row with block characters");
	free(w.bytes);
}

static void
test_downtimes(void)
{
	/* s f f s f, then the same with an older open downtime. */
	static const char pattern[] = ".xx.x";
	struct run_record records[5];
	struct run_view views[5];
	const struct run_view *runs[5];
	struct task_record t = {
	    .policy.is_down = true, .policy.down_since_wall_ms = 7};
	struct task_story story = {
	    .task = &t, .runs = runs, .run_count = 5, .wall_ms = 99};
	struct downtime d;
	size_t at = 0;

	for (size_t i = 0; i < 5; i++) {
		records[i] =
		    (struct run_record){.started_wall_ms = 10 + (int64_t)i,
			.flags = pattern[i] == '.' ? RUN_SUCCESS : 0};
		views[i] = (struct run_view){"c", "t", &records[i]};
		runs[i] = &views[i];
	}
	tap_ok(story_next_downtime(&story, &at, &d) && d.from_wall_ms == 11 &&
		   d.to_wall_ms == 13 && d.failures == 2,
	    "a downtime lasts from its first failure to the next success");
	tap_ok(story_next_downtime(&story, &at, &d) && d.from_wall_ms == 14 &&
		   !d.to_wall_ms && d.failures == 1,
	    "the last one is open");
	tap_ok(!story_next_downtime(&story, &at, &d), "and then there is none");
	story.runs = runs + 1;
	story.run_count = 2;
	at = 0;
	tap_ok(story_next_downtime(&story, &at, &d) && d.from_wall_ms == 7,
	    "one that is older than the kept runs began when it began");
}

int
main(void)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8")) {
		puts("1..0 # SKIP there is no locale C.UTF-8");
		return 0;
	}
	test_put();
	test_cells();
	test_times();
	test_encoding();
	test_status();
	test_status_of_many();
	test_cut();
	test_narrow();
	test_laws();
	test_html_law();
	test_plot();
	test_downtimes();
	return tap_done();
}
