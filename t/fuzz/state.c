/*
 * Whatever a state file holds whose seals are whole, as another user or a worn
 * disk could leave it: reading it, carrying it on and showing it end, touch
 * nothing beyond it and reckon with nothing that overflows.
 *
 * The input is a list of patches (offset, length, bytes) of the records of a
 * plausible file; when its first byte is 0xff, the rest is the file; 0xfe, they
 * are of the records of runner 1.0.0.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "state/records.h"
#include "state/statefile_layout.h"
#include "status/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TASKS = 3, RUNS = 4, DAY_MS = 86400000 };

/* The records of a file, which patches change. */
struct content {
	struct chain_record chain;
	struct held_record held;
	struct task_record tasks[TASKS];
	struct run_record runs[RUNS];
};

static char directory[] = "/tmp/fuzz-state-XXXXXX";

static const char *
path(void)
{
	static char path[64];

	snprintf(path, sizeof(path), "%s/t.state", directory);
	return path;
}

static void
remove_directory(void)
{
	unlink(path());
	rmdir(directory);
}

static void
fill(struct content *c)
{
	static const char *const names[TASKS] = {"a", "b", "c"};

	*c = (struct content){
	    .chain = {.name = "t", .task_count = TASKS, .current_task = 1}};
	for (int i = 0; i < TASKS; i++) {
		struct task_record *t = &c->tasks[i];

		strcpy(t->name, names[i]);
		t->runs = t->failures = 5;
		t->policy.is_down = t->policy.is_told = true;
		t->policy.told_count = 3;
		strcpy(t->recent, "x.x.");
	}
	c->held.channels[0].throttle.held_count = 2;
	for (int i = 0; i < RUNS; i++)
		c->runs[i] = (struct run_record){
		    .number = (uint64_t)i + 1, .task = (uint32_t)i % TASKS};
}

static void
patch(void *bytes, size_t bytes_size, const uint8_t *data, size_t size)
{
	while (size > 4) {
		size_t at =
		    (data[0] | data[1] << 8 | data[2] << 16) % bytes_size;
		size_t n = data[3] % 16u + 1;

		data += 4;
		size -= 4;
		n = n > size ? size : n;
		n = n > bytes_size - at ? bytes_size - at : n;
		memcpy((char *)bytes + at, data, n);
		data += n;
		size -= n;
	}
}

static void
put(char *file, size_t at, const void *record, size_t size)
{
	struct seal seal = {1, layout_checksum(record, size, 1)};

	memcpy(file + at, &seal, sizeof(seal));
	memcpy(file + at + sizeof(seal), record, size);
}

static void
seal(char *file, const struct content *c)
{
	const struct layout *l = &layout_now;
	struct header h = layout_header(l, TASKS);

	memcpy(file, &h, sizeof(h));
	put(file, layout_record_offset(l, RECORD_CHAIN), &c->chain,
	    sizeof(c->chain));
	put(file, layout_record_offset(l, RECORD_HELD), &c->held,
	    sizeof(c->held));
	for (size_t i = 0; i < TASKS; i++)
		put(file, layout_record_offset(l, RECORD_TASKS + i),
		    &c->tasks[i], sizeof(c->tasks[i]));
	for (size_t i = 0; i < RUNS; i++) {
		size_t at = layout_run_offset(l, TASKS, i + 1);
		uint64_t number = c->runs[i].number;
		struct seal s = {number,
		    layout_checksum(&c->runs[i], sizeof(c->runs[i]), number)};

		memcpy(file + at, &s, sizeof(s));
		memcpy(file + at + sizeof(s), &c->runs[i], sizeof(c->runs[i]));
	}
}

/* A file of 1.0.0, its records zero but for the patches. */
static void
seal_old(char *file, const uint8_t *data, size_t size)
{
	static const struct layout *const l = &layout_1;
	static char records[64 << 10];
	struct header h = layout_header(l, TASKS);
	const char *at = records;

	memset(records, 0, sizeof(records));
	patch(records, sizeof(records), data, size);
	memcpy(file, &h, sizeof(h));
	for (size_t i = 0; i < RECORD_TASKS + TASKS; i++) {
		put(file, layout_record_offset(l, i), at,
		    layout_record_size(l, i));
		at += layout_record_size(l, i);
	}
	for (size_t i = 0; i < RUNS; i++, at += l->run_size)
		put(file, layout_run_offset(l, TASKS, i + 1), at, l->run_size);
	if (at > records + sizeof(records))
		abort();
}

static void
write_file(const void *bytes, size_t size)
{
	int fd = open(path(), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		abort();
	close(fd);
}

/* A runner carries it on, and decides by it for some days. */
static void
carry_on(const struct snapshot *s, bool is_carrying_on, bool is_same_boot)
{
	static const struct policy_rules rules = {
	    .non_recoverable_downtime_ms = DAY_MS / 2,
	    .heal_after = 1,
	    .notify_after = 1,
	    .remember_ms = DAY_MS,
	};
	static struct held_record held;
	struct records l = {
	    .run_root = directory, .task_count = TASKS, .held = &held};

	memset(&held, 0, sizeof(held));
	strcpy(l.chain.name, "t");
	l.tasks = calloc(TASKS, sizeof(*l.tasks));
	for (size_t i = 0; l.tasks && i < TASKS; i++)
		strcpy(l.tasks[i].name,
		    i < s->task_count ? s->tasks[i].name : "other");
	records_inherit(&l, s, is_carrying_on, is_same_boot);
	for (int64_t day = 1; day < 4; day++)
		for (size_t i = 0; i < TASKS; i++) {
			struct throttle *t = &l.held->channels[i].throttle;
			struct throttle picked;

			policy_failure(&l.tasks[i].policy, &rules,
			    (uint64_t)day, day * DAY_MS, day * DAY_MS);
			task_record_add_recent(&l.tasks[i], day & 1);
			if (!throttle_take(t, 1, REASON_NEW, day * DAY_MS))
				throttle_hold(t, "a", REASON_NEW, 1, "m", day);
			throttle_digest_ms(t, 1, day * DAY_MS);
			throttle_pick(t, NULL, NULL, &picked);
			policy_success(&l.tasks[i].policy, &rules);
		}
	free(l.tasks);
}

static void
show(const struct snapshot *s)
{
	static FILE *out;
	const struct screen screen = {.columns = 80, .wall_ms = DAY_MS};
	static const struct pauses pauses;
	struct chain_view chain = {
	    .name = "t", .is_running = true, .snapshot = s, .pauses = &pauses};
	struct view v = {.run_root = directory, .count = 1, .chains = &chain};
	struct run_view runs[STATE_RUNS_MAX];

	if (!out && !(out = fopen("/dev/null", "w")))
		abort();
	for (size_t i = 0; i < s->run_count; i++)
		runs[i] = (struct run_view){
		    "t", s->tasks[s->runs[i].task].name, &s->runs[i]};
	view_status(&v);
	view_table(out, &screen, &v);
	view_json(out, &v);
	view_prometheus(out, &v);
	view_runs_table(out, &screen, runs, s->run_count, s->run_count);
	view_runs_plot(out, &screen, runs, s->run_count);
	view_runs_json(out, runs, s->run_count);
	view_html(out, &v, runs, s->run_count, NULL, 0, "host", DAY_MS);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct content base, c;
	static char *file;
	size_t file_size = layout_file_size(&layout_now, TASKS);
	struct snapshot *s;

	if (!file) {
		fill(&base);
		file = calloc(1, file_size);
		if (!file || !mkdtemp(directory))
			abort();
		atexit(remove_directory);
	}
	if (size && *data == 0xff) {
		write_file(data + 1, size - 1);
	} else if (size && *data == 0xfe) {
		seal_old(file, data + 1, size - 1);
		write_file(file, layout_file_size(&layout_1, TASKS));
	} else {
		c = base;
		patch(&c, sizeof(c), data, size);
		seal(file, &c);
		write_file(file, file_size);
	}
	s = statefile_read(directory, "t");
	if (!s)
		return 0;
	for (int how = 0; how < 4; how++)
		carry_on(s, how & 1, how & 2);
	show(s);
	snapshot_free(s);
	return 0;
}
