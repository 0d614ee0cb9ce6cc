/*
 * make-state RUN_ROOT <SCRIPT: fabricates what those who look find, for tests.
 *
 *   chain NAME             begins a chain
 *   task NAME              begins a task of it
 *   set KEY VALUE          sets a value of the task, or of the chain
 *   run TASK START MS EXIT SIGNAL FLAGS SIGNATURE [MESSAGE]
 *   write                  writes the state file of the chain
 *   lock NAME              owns the chain, until this program is ended
 *   failure TASK SIGNATURE COUNT FIRST LAST EXIT SUBJECT
 *   stderr TEXT            the stderr of the failures that follow
 *
 * Instants are seconds from now.  Texts may hold \xNN.  When something is
 * locked it says `ready` at the end of the script and waits to be ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "runner_version.h"
#include "state/failures.h"
#include "state/statefile.h"

enum { TASKS = 64, RUNS = 4096 };

enum kind { TEXT, NUMBER32, NUMBER64, INSTANT, FLAG };

struct key {
	const char *name;
	enum kind kind;
	size_t offset, size;
};

#define KEY(type, name, kind, field)                                           \
	{                                                                      \
		name, kind, offsetof(type, field), sizeof(((type *)0)->field)  \
	}
#define C(name, kind, field) KEY(struct chain_record, name, kind, field)
#define T(name, kind, field) KEY(struct task_record, name, kind, field)

static const struct key chain_keys[] = {
    C("pid", NUMBER32, pid),
    C("current", NUMBER32, current_task),
    C("ended", NUMBER32, is_ended),
    C("stopping", NUMBER32, is_stopping),
    C("errors", NUMBER32, errors),
    C("since", INSTANT, since_wall_ms),
    C("waiting", NUMBER32, outbox_waiting),
    C("oldest", INSTANT, outbox_oldest_wall_ms),
    C("answer", TEXT, outbox_answer),
    C("log", TEXT, log_file),
    C("log_error", NUMBER32, log_error),
    C("version", TEXT, version),
    C("boot", TEXT, boot_id),
    C("ticks", NUMBER64, start_ticks),
    {0},
};

static const struct key task_keys[] = {
    T("phase", NUMBER32, phase),
    T("runs", NUMBER64, runs),
    T("failures", NUMBER64, failures),
    T("sent", NUMBER64, mails_sent),
    T("held", NUMBER64, mails_held_back),
    T("next", INSTANT, next_run_wall_ms),
    T("running", INSTANT, running_since_wall_ms),
    T("recent", TEXT, recent),
    T("started", INSTANT, last.started_wall_ms),
    T("ms", NUMBER64, last.duration_ms),
    T("exit", NUMBER32, last.outcome.exit),
    T("signal", NUMBER32, last.outcome.signal),
    T("success", FLAG, last.outcome.is_success),
    T("timed_out", FLAG, last.outcome.timed_out),
    T("message", TEXT, last.message),
    T("signature", NUMBER64, last.signature),
    T("down", FLAG, policy.is_down),
    T("row", NUMBER32, policy.failures_in_row),
    T("down_since", INSTANT, policy.down_since_wall_ms),
    {0},
};

static struct world {
	const char *root;
	struct chain_record chain;
	struct task_record tasks[TASKS];
	size_t task_count;
	struct run_record runs[RUNS];
	size_t run_count;
	char err[4096];
	size_t err_size;
	int64_t now_wall_ms;
	bool has_lock;
} world;

__attribute__((noreturn)) static void
die(const char *what, const char *about)
{
	fprintf(stderr, "make-state: %s: %s\n", what, about);
	exit(1);
}

/* \xNN become bytes, in place.  Returns the size. */
static size_t
unescape(char *s)
{
	char *to = s;
	unsigned byte;

	for (const char *from = s; *from;) {
		if (from[0] == '\\' && sscanf(from, "\\x%2x", &byte) == 1) {
			*to++ = (char)byte;
			from += 4;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
	return (size_t)(to - s);
}

static int64_t
instant(const char *text)
{
	return world.now_wall_ms + (int64_t)(strtod(text, NULL) * 1000);
}

static void
set_value(void *record, const struct key *k, const char *value)
{
	char *at = (char *)record + k->offset;
	int64_t n =
	    k->kind == INSTANT ? instant(value) : strtoll(value, NULL, 0);

	switch (k->kind) {
	case TEXT:
		snprintf(at, k->size, "%s", value);
		break;
	case FLAG:
		*(bool *)at = n != 0;
		break;
	case NUMBER32:
		*(int32_t *)at = (int32_t)n;
		break;
	default:
		*(int64_t *)at = n;
	}
}

static void
set(char *words)
{
	struct world *w = &world;
	const struct key *k = w->task_count ? task_keys : chain_keys;
	void *record = w->task_count ? (void *)&w->tasks[w->task_count - 1]
				     : (void *)&w->chain;
	char *value = strchr(words, ' ');

	if (!value)
		die("no value", words);
	*value++ = '\0';
	unescape(value);
	while (k->name && strcmp(k->name, words))
		k++;
	if (!k->name)
		die("no such key", words);
	set_value(record, k, value);
}

static void
add_run(const char *words)
{
	struct run_record *r = &world.runs[world.run_count++];
	char start[32];
	int exit, sig, flags, at = 0;
	unsigned task;

	if (world.run_count == RUNS ||
	    sscanf(words, "%u %31s %" SCNd64 " %d %d %d %" SCNx64 " %n", &task,
		start, &r->duration_ms, &exit, &sig, &flags, &r->signature,
		&at) != 7)
		die("not a run", words);
	snprintf(r->message, sizeof(r->message), "%s", words + at);
	unescape(r->message);
	r->run = world.run_count;
	r->task = task;
	r->started_wall_ms = instant(start);
	r->exit = (int16_t)exit;
	r->signal = (uint8_t)sig;
	r->flags = (uint8_t)flags;
}

static void
write_state(void)
{
	struct world *w = &world;
	struct statefile *f = statefile_create(
	    w->root, w->chain.name, w->tasks, w->task_count, NULL, -1);

	w->chain.task_count = (uint32_t)w->task_count;
	if (!f || statefile_put_chain(f, &w->chain))
		die(w->chain.name, strerror(errno));
	for (size_t i = 0; i < w->run_count; i++)
		statefile_add_run(f, &w->runs[i]);
	statefile_close(f);
}

static void
lock(const char *name)
{
	struct flock l = {.l_type = F_WRLCK, .l_len = 1};
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s.pid", world.root, name);
	fd = open(path, O_RDWR | O_CREAT, 0644);
	if (fd < 0 || fcntl(fd, F_SETLK, &l))
		die(path, strerror(errno));
	dprintf(fd, "%d\n", (int)getpid());
	world.has_lock = true; /* and the descriptor stays open */
}

static void
add_failure(const char *words)
{
	struct failures_store *s = failures_open(world.root);
	struct failure f = {0};
	struct captured kept = {.head = world.err, .tail = ""};
	char first[32], last[32];
	int count, at = 0;

	kept.head_size = kept.total = world.err_size;
	if (sscanf(words, "%200s %" SCNx64 " %d %31s %31s %d %n", f.task,
		&f.signature, &count, first, last, &f.outcome.exit, &at) != 6)
		die("not a failure", words);
	snprintf(f.subject, sizeof(f.subject), "%s", words + at);
	unescape(f.subject);
	snprintf(f.chain, sizeof(f.chain), "%s", world.chain.name);
	for (int i = 0; i < count; i++) {
		f.last_wall_ms = instant(i + 1 < count ? first : last);
		if (failures_note(s, &f, &kept))
			die("failures_note", strerror(errno));
	}
	failures_close(s);
}

static void
begin_chain(const char *name)
{
	memset(&world.chain, 0, sizeof(world.chain));
	memset(world.tasks, 0, sizeof(world.tasks));
	memset(world.runs, 0, sizeof(world.runs));
	world.task_count = world.run_count = 0;
	snprintf(world.chain.name, sizeof(world.chain.name), "%s", name);
	snprintf(
	    world.chain.version, sizeof(world.chain.version), RUNNER_VERSION);
	world.chain.current_task = -1;
}

static void
carry_out(char *line)
{
	char *rest = strchr(line, ' ');

	if (rest)
		*rest++ = '\0';
	else
		rest = line + strlen(line);
	if (!strcmp(line, "chain")) {
		begin_chain(rest);
	} else if (!strcmp(line, "task") && world.task_count < TASKS) {
		snprintf(world.tasks[world.task_count++].name, STATE_NAME_SIZE,
		    "%s", rest);
	} else if (!strcmp(line, "set")) {
		set(rest);
	} else if (!strcmp(line, "run")) {
		add_run(rest);
	} else if (!strcmp(line, "write")) {
		write_state();
	} else if (!strcmp(line, "lock")) {
		lock(rest);
	} else if (!strcmp(line, "failure")) {
		add_failure(rest);
	} else if (!strcmp(line, "stderr")) {
		world.err_size = unescape(rest);
		memcpy(world.err, rest, world.err_size);
	} else if (*line && *line != '#') {
		die("no such word", line);
	}
}

int
main(int argc, char **argv)
{
	struct timespec now;
	char line[4096];

	if (argc != 2)
		die("usage", "make-state RUN_ROOT <SCRIPT");
	clock_gettime(CLOCK_REALTIME, &now);
	world.root = argv[1];
	world.now_wall_ms = now.tv_sec * 1000;
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		carry_out(line);
	}
	if (world.has_lock) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		puts("ready");
		fflush(stdout);
		pause();
	}
	return 0;
}
