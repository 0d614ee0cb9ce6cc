/* gather: what is found of the chains of a RUN_ROOT, and what words select. */
#include "cli/gather.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"
#include "state/statefile.h"
#include "tap.h"

static struct scratch scratch;
static struct config *config;
static const char *const no_words[] = {NULL};

static void
write_file(const char *name, const char *bytes)
{
	char *path = scratch_path(&scratch, name);
	FILE *f = fopen(path, "we");

	fputs(bytes, f);
	fclose(f);
	free(path);
}

/* NAME.state with two tasks and a run of each, that began so many ms ago. */
static void
write_state(const char *name, const char *first, const char *second,
    int64_t first_wall_ms, int64_t second_wall_ms)
{
	struct task_record tasks[2] = {{.runs = 1}, {.runs = 1}};
	struct run_record runs[2] = {
	    {.task = 0, .started_wall_ms = first_wall_ms},
	    {.task = 1, .started_wall_ms = second_wall_ms}};
	struct chain_record chain = {.current_task = -1, .is_ended = 1};
	struct statefile *file;

	strcpy(tasks[0].name, first);
	strcpy(tasks[1].name, second);
	strcpy(chain.name, name);
	file =
	    statefile_create(config->run_root, name, tasks, 2, NULL, (gid_t)-1);
	statefile_put_chain(file, &chain);
	for (size_t i = 0; i < 2; i++) {
		statefile_put_task(file, i, &tasks[i]);
		statefile_add_run(file, &runs[i]);
	}
	statefile_close(file);
}

static void
prepare(void)
{
	static struct diagnostics wrong;
	struct config_source source = {
	    .file = scratch_path(&scratch, "runner.conf")};

	write_file("runner.conf",
	    "default_command = {\"true\"}\nrun_root = \".\"\n"
	    "task x { command = true }\n"
	    "chain idle { tasks = {x, y} }\n"
	    "chain ran { tasks = {one, two} }\n");
	config = config_read(&source, &wrong);
	free((char *)source.file);
	if (!config) {
		puts(wrong.text[0]);
		exit(1);
	}
	write_state("ran", "one", "two", 3000, 1000);
	write_state("old", "three", "two", 2000, 4000);
	write_file("broken.state", "junk");
	write_file("other.pid", "1\n"); /* some daemon's */
}

/* The names of all chains of the view, with a blank behind each. */
static const char *
names_of(const struct view *v)
{
	static char names[256];

	*names = '\0';
	for (size_t i = 0; v && i < v->count; i++)
		strcat(strcat(names, v->chains[i].name), " ");
	return names;
}

static void
test_all(void)
{
	const struct chain_view *c;
	struct view *v;

	tap_is_int(gather_chains(&v, config, no_words, true), 0, "all chains");
	tap_is(names_of(v), "idle ran broken old ",
	    "the declared ones first, then those with a state");
	c = v->chains;
	tap_ok(!c[0].snapshot && !c[0].fault && c[0].is_declared &&
		   !c[0].is_running && c[0].task_names &&
		   !strcmp(c[0].task_names[0], "x") &&
		   !strcmp(c[0].task_names[1], "y") && !c[0].task_names[2],
	    "one that never ran has the names of its tasks");
	tap_ok(c[1].snapshot && c[1].is_declared &&
		   c[1].snapshot->run_count == 2 && !c[1].pid,
	    "one that ran has its records");
	tap_ok(!c[2].snapshot && c[2].fault && !c[2].is_declared,
	    "a damaged state is a fault of its chain: %s", c[2].fault);
	tap_ok(c[3].snapshot && !c[3].is_declared && !c[3].is_removed,
	    "one that is not declared is shown too");
	gather_free(v);
	gather_free(NULL);
}

static void
test_words(void)
{
	static const char *const ran[] = {"ran", NULL};
	static const char *const unknown[] = {"rann", NULL};
	struct view *v;

	tap_is_int(gather_chains(&v, config, ran, false), 0, "one by its name");
	tap_is(names_of(v), "ran ", "it is alone");
	tap_ok(v->chains[0].is_named && v->chains[0].snapshot &&
		   !v->chains[0].snapshot->run_count,
	    "without its runs when nobody wants them");
	gather_free(v);
	tap_is_int(gather_chains(&v, config, unknown, false), 2,
	    "a name that nobody has is an error of usage");
	tap_ok(!v, "and there is no view");
}

static void
test_runs(void)
{
	static const struct selector two[] = {{.task = "two"}, {0}};
	static const struct selector ran[] = {{.chain = "ran"}, {0}};
	static const struct {
		const char *name;
		const struct selector *selector;
		const char *want;
	} rows[] = {
	    {"all runs, by the time of their start", NULL,
		"ran/two old/three ran/one old/two "},
	    {"those of a task, in every chain", two, "ran/two old/two "},
	    {"those of a chain", ran, "ran/two ran/one "},
	};
	struct view *v;

	gather_chains(&v, config, no_words, true);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char got[256] = "";
		size_t count, n = 0;
		struct run_view *runs =
		    gather_runs(v, rows[i].selector, &count);

		for (size_t k = 0; k < count; k++)
			n += (size_t)snprintf(got + n, sizeof(got) - n,
			    "%s/%s ", runs[k].chain, runs[k].task);
		tap_is(got, rows[i].want, "%s", rows[i].name);
		free(runs);
	}
	gather_free(v);
}

static void
test_selectors(void)
{
	static const struct {
		const char *word, *chain, *task; /* both NULL: unknown */
	} rows[] = {
	    {"x", NULL, "x"}, /* a section */
	    {"y", NULL, "y"}, /* of a chain that never ran */
	    {"three", NULL, "three"},
	    {"failed", NULL, "failed"}, /* of a failure that is kept */
	    {"ran", "ran", NULL}, {"idle", "idle", NULL},
	    {"some.where.z", NULL, "z"}, /* as it was given to run */
	};
	struct failure failure = {.task = "failed"};
	const struct failure_list failures = {.count = 1, .list = &failure};
	struct view *v;

	gather_chains(&v, config, no_words, false);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *const words[] = {rows[i].word, NULL};
		struct selector *all =
		    gather_selectors(config, v, &failures, words);
		const char *chain = all ? all->chain : "none";
		const char *task = all ? all->task : "none";

		tap_is(chain, rows[i].chain, "%s: its chain", rows[i].word);
		tap_is(task, rows[i].task, "%s: its task", rows[i].word);
		free(all);
	}
	gather_free(v);
}

static void
test_takes(void)
{
	static const struct selector none[] = {{0}};
	static const struct selector some[] = {
	    {.chain = "c"}, {.task = "t"}, {0}};
	static const struct {
		const struct selector *all;
		const char *chain, *task;
		bool want;
	} rows[] = {
	    {NULL, "a", "b", true},
	    {none, "a", "b", true},
	    {some, "c", "b", true},
	    {some, "a", "t", true},
	    {some, "t", "c", false},
	    {some, "a", "b", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		tap_ok(selector_takes(rows[i].all, rows[i].chain,
			   rows[i].task) == rows[i].want,
		    "row %zu is %sselected", i, rows[i].want ? "" : "not ");
}

int
main(void)
{
	scratch_init(&scratch);
	prepare();
	test_all();
	test_words();
	test_runs();
	test_selectors();
	test_takes();
	config_free(config);
	scratch_release(&scratch);
	return tap_done();
}
