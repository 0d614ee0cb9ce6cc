/* statefile: no crash tears a record, and a reader sees only whole ones. */
#include "state/statefile.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "state/statefile_layout.h"
#include "tap.h"

static char root[] = "/tmp/statefile-XXXXXX";

static const char *
in_root(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	return path;
}

static void
name_tasks(struct task_record *tasks, const char *const *names)
{
	for (size_t i = 0; names[i]; i++)
		snprintf(tasks[i].name, sizeof(tasks[i].name), "%s", names[i]);
}

/* How reading a chain fails, or 0. */
static int
read_errno(const char *name)
{
	struct snapshot *s = statefile_read(root, name);

	if (!s)
		return errno;
	snapshot_free(s);
	return 0;
}

static void
write_at(const char *file, long offset, const void *bytes, size_t size)
{
	int fd = open(in_root(file), O_WRONLY | O_CREAT, 0644);

	if (fd < 0 || pwrite(fd, bytes, size, offset) != (ssize_t)size)
		puts("Bail out! cannot prepare a file");
	close(fd);
}

static void
test_round_trip(void)
{
	struct task_record tasks[2] = {0};
	struct chain_record c = {.name = "a_b", .pid = 4711};
	struct held_record h = {0};
	struct run_record r = {.task = 1, .exit = 3, .signature = 0xabc};
	struct statefile *f;
	struct snapshot *s;
	struct stat st;

	name_tasks(tasks, (const char *const[]){"a", "b", NULL});
	umask(077);
	f = statefile_create(root, "a_b", tasks, 2, NULL, -1);
	if (!tap_ok(f != NULL, "a state file is made"))
		return;
	tap_ok(!stat(in_root("a_b.state"), &st) && (st.st_mode & 07777) == 0600,
	    "nobody else may read it");
	s = statefile_read(root, "a_b");
	tap_ok(s && s->task_count == 2 && !strcmp(s->tasks[1].name, "b") &&
		   s->chain.current_task == -1 && !s->run_count,
	    "it can be read before anything was put");
	snapshot_free(s);
	tasks[1].runs = 7;
	h.channels[1].throttle.held_total = 5;
	tap_ok(!statefile_put_chain(f, &c) && !statefile_put_held(f, &h) &&
		   !statefile_put_task(f, 1, &tasks[1]) &&
		   !statefile_add_run(f, &r) && !statefile_sync(f, root),
	    "each kind of record is put");
	tap_is_int((long long)r.number, 1, "the first run is number 1");
	errno = 0;
	tap_ok(statefile_put_task(f, 2, tasks) && errno == EINVAL,
	    "a task that the chain does not have is refused");
	s = statefile_read(root, "a_b");
	tap_ok(s && s->chain.pid == 4711 && s->tasks[1].runs == 7 && s->held &&
		   s->held->channels[1].throttle.held_total == 5 &&
		   s->run_count == 1 && !memcmp(&s->runs[0], &r, sizeof(r)),
	    "and each is read as it was put");
	snapshot_free(s);
	/* A ledger's subject was longer, by what is its signature now. */
	for (int i = 0; i < 2; i++) {
		struct held *row = &h.channels[0].throttle.held[0];

		memset(row->subject, 'x', sizeof(row->subject) - !i);
		row->signature = UINT64_C(0x7878787878787878);
		statefile_put_held(f, &h);
		s = statefile_read(root, "a_b");
		row =
		    s && s->held ? &s->held->channels[0].throttle.held[0] : row;
		tap_ok(s && strlen(row->subject) == sizeof(row->subject) - 1 &&
			   (row->signature == 0) == (i == 1),
		    i ? "nor is the end of one taken for one"
		      : "a signature is kept");
		snapshot_free(s);
	}
	statefile_close(f);
}

static void
test_ring(void)
{
	static const char *const before[] = {"gone", "stays", NULL};
	static const char *const after[] = {"new", "x", "stays", NULL};
	struct task_record tasks[3] = {0};
	struct statefile *f;
	struct snapshot *s;
	struct run_record r = {0};
	size_t of_stays = 0;

	name_tasks(tasks, before);
	f = statefile_create(root, "ring", tasks, 2, NULL, -1);
	for (int i = 0; f && i < STATE_RUNS_MAX + 11; i++) {
		r.task = (uint32_t)i % 2;
		r.duration_ms = i;
		statefile_add_run(f, &r);
	}
	statefile_close(f);
	s = statefile_read(root, "ring");
	tap_ok(s && s->run_count == STATE_RUNS_MAX && s->runs[0].number == 12 &&
		   s->runs[STATE_RUNS_MAX - 1].number == STATE_RUNS_MAX + 11,
	    "the last runs are kept, oldest first");
	name_tasks(tasks, after);
	f = statefile_create(root, "ring", tasks, 3, s, -1);
	snapshot_free(s);
	r.task = 0;
	tap_ok(
	    f && !statefile_add_run(f, &r) && r.number == STATE_RUNS_MAX + 12,
	    "numbers go on in the successor's file");
	s = statefile_read(root, "ring");
	for (size_t i = 0; s && i < s->run_count; i++)
		of_stays +=
		    s->runs[i].task == 2 && s->runs[i].duration_ms % 2 == 1;
	tap_ok(s && of_stays == s->run_count - 1 && of_stays >= 511,
	    "runs of a task that stays move to its new index, others go");
	snapshot_free(s);
	statefile_close(f);
}

/* The successor goes on with its predecessor's file, or does not. */
static void
test_go_on(void)
{
	enum change { NOTHING, OTHER_TASKS, OTHER_MODE, OTHER_FILE, LINKED };
	static const struct {
		enum change change;
		const char *what;
	} rows[] = {{NOTHING, "the same tasks: it goes on"},
	    {OTHER_TASKS, "other tasks: it does not"},
	    {OTHER_MODE, "others may read it: it does not"},
	    {OTHER_FILE, "it was exchanged: it does not"},
	    {LINKED, "it has a second name: it does not"}};
	struct task_record task = {.name = "t"};
	struct chain_record c = {.name = "on", .pid = 1};
	struct held_record h = {.channels[0].name = "mail"};
	struct run_record r = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct statefile *f, *next;
		struct snapshot *s;
		bool is_read;

		unlink(in_root("on.state"));
		f = statefile_create(root, "on", &task, 1, NULL, -1);
		/* The newest copy is now the first of some, and the second. */
		for (size_t k = 0; f && k < 3 + i; k++)
			if (statefile_put_chain(f, &c) ||
			    (k % 2 && statefile_put_held(f, &h)) ||
			    statefile_add_run(f, &r))
				puts("Bail out! cannot fill a file");
		s = statefile_read(root, "on");
		snprintf(task.name, sizeof(task.name),
		    rows[i].change == OTHER_TASKS ? "u" : "t");
		if (rows[i].change == OTHER_MODE)
			chmod(in_root("on.state"), 0644);
		if (rows[i].change == OTHER_FILE)
			statefile_close(
			    statefile_create(root, "on", &task, 1, NULL, -1));
		if (rows[i].change == LINKED) {
			char path[256];

			snprintf(path, sizeof(path), "%s", in_root("on.state"));
			unlink(in_root("second"));
			if (link(path, in_root("second")))
				puts("Bail out! cannot link a file");
		}
		next = statefile_go_on(root, "on", &task, 1, s, -1);
		snapshot_free(s);
		tap_is_int(next != NULL, rows[i].change == NOTHING, "%s",
		    rows[i].what);
		c.pid++;
		if (next) {
			statefile_put_chain(next, &c);
			statefile_add_run(next, &r);
			s = statefile_read(root, "on");
			is_read = s && s->chain.pid == c.pid && s->held &&
				  !strcmp(s->held->channels[0].name, "mail") &&
				  s->run_count == 4 && r.number == 4;
			tap_ok(is_read, "what it puts is the newest");
			snapshot_free(s);
		}
		statefile_close(next);
		statefile_close(f);
		snprintf(task.name, sizeof(task.name), "t");
	}
}

static void
test_strange_files(void)
{
	struct task_record task = {.name = "t"};
	uint32_t other = STATE_VERSION + 1, size = 4;

	tap_is_int(read_errno("nobody"), ENOENT, "no file: ENOENT");
	tap_is_int(read_errno("../a_b"), ENOENT, "a path is no chain");
	write_at("empty.state", 0, "", 0);
	tap_is_int(read_errno("empty"), EBADMSG, "an empty file: EBADMSG");
	write_at(
	    "text.state", 0, "This is not what you think it is.........", 40);
	tap_is_int(read_errno("text"), EBADMSG, "another file: EBADMSG");
	mkfifo(in_root("fifo.state"), 0644);
	tap_is_int(read_errno("fifo"), EBADMSG, "a fifo does not hang us");
	if (symlink("a_b.state", in_root("link.state")))
		puts("Bail out! symlink");
	tap_ok(read_errno("link"), "a symbolic link is not followed");
	statefile_close(statefile_create(root, "other", &task, 1, NULL, -1));
	write_at("other.state", offsetof(struct header, version), &other, 4);
	tap_is_int(read_errno("other"), EPROTO, "another version: EPROTO");
	statefile_close(statefile_create(root, "bent", &task, 1, NULL, -1));
	write_at("bent.state", offsetof(struct header, task_size), &size, 4);
	tap_is_int(read_errno("bent"), EBADMSG, "a damaged header: EBADMSG");
	statefile_close(statefile_create(root, "short", &task, 1, NULL, -1));
	if (truncate(in_root("short.state"), 5000))
		puts("Bail out! truncate");
	tap_is_int(read_errno("short"), EBADMSG, "cut short: EBADMSG");
	errno = 0;
	tap_ok(!statefile_create(root, "a/b", &task, 1, NULL, -1) &&
		   errno == EINVAL,
	    "a name that is a path is refused");
	errno = 0;
	tap_ok(!statefile_create(in_root("none"), "a", &task, 1, NULL, -1) &&
		   errno == ENOENT,
	    "no directory: ENOENT");
}

/* Damages the copy of the task's record that was written last. */
static void
test_damaged_copies(void)
{
	struct task_record task = {.name = "t", .runs = 1};
	long first = (long)layout_record_offset(&layout_now, RECORD_TASKS);
	long second = first + (long)sizeof(struct seal) + (long)sizeof(task);
	struct statefile *f =
	    statefile_create(root, "torn", &task, 1, NULL, -1);
	struct snapshot *s;

	task.runs = 2;
	statefile_put_task(f, 0, &task);
	write_at("torn.state", second + 900, "damage!!", 8);
	s = statefile_read(root, "torn");
	tap_ok(s && s->tasks[0].runs == 1,
	    "the newest copy is torn: the one before it is read");
	snapshot_free(s);
	task.runs = 3;
	statefile_put_task(f, 0, &task);
	s = statefile_read(root, "torn");
	tap_ok(s && s->tasks[0].runs == 3, "the next put makes it whole");
	snapshot_free(s);
	write_at("torn.state", first + 900, "damage!!", 8);
	tap_is_int(read_errno("torn"), EBADMSG, "both are torn: EBADMSG");
	statefile_close(f);
}

static void
test_full_disk(void)
{
	struct task_record task = {.name = "t", .runs = 1};
	struct statefile *f =
	    statefile_create(root, "full", &task, 1, NULL, -1);
	struct rlimit old, tight = {0};
	struct snapshot *s;
	int result;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	/* The limit falls in the middle of the copy that is written next. */
	tight.rlim_max = old.rlim_max;
	tight.rlim_cur = layout_record_offset(&layout_now, RECORD_TASKS) +
			 sizeof(struct seal) + sizeof(task) + 700;
	fflush(stdout);
	setrlimit(RLIMIT_FSIZE, &tight);
	task.runs = 2;
	task.policy.told[POLICY_TOLD_MAX - 1] = 2; /* the last bytes */
	result = statefile_put_task(f, 0, &task);
	setrlimit(RLIMIT_FSIZE, &old);
	tap_ok(result == -1 && errno, "a put that finds no room is an errno");
	s = statefile_read(root, "full");
	tap_ok(s && s->tasks[0].runs == 1, "what was put before it is there");
	snapshot_free(s);
	tap_ok(!statefile_put_task(f, 0, &task), "the next try has room");
	s = statefile_read(root, "full");
	tap_ok(s && s->tasks[0].runs == 2, "and is read");
	snapshot_free(s);
	statefile_close(f);
}

static void
test_names(void)
{
	char dir[] = "/tmp/statefile-names-XXXXXX", path[300];
	static const char *const files[] = {"b.pid", "b.state", "a.x.state",
	    ".hidden.state", ".b.state.new", "a b.pid", "pid", "c.pid.old",
	    "d.pid"};
	char **names;

	if (!mkdtemp(dir))
		return;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		close(open(path, O_CREAT | O_WRONLY, 0600));
	}
	names = statefile_names(dir);
	tap_ok(names && names[0] && !strcmp(names[0], "a.x") && names[1] &&
		   !strcmp(names[1], "b") && names[2] &&
		   !strcmp(names[2], "d") && !names[3],
	    "the chains of a directory: sorted, each once, nothing else");
	free(names);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	names = statefile_names(dir);
	tap_ok(names && !names[0], "an empty directory has none");
	free(names);
	rmdir(dir);
	tap_ok(
	    !statefile_names(dir) && errno == ENOENT, "no directory: ENOENT");
}

/* A record whose every part says the same number. */
static void
fill_task(struct task_record *t, uint64_t n)
{
	t->runs = t->failures = t->last.signature = n;
	t->policy.told[POLICY_TOLD_MAX - 1] = n;
	memset(t->last.message, 'a' + (int)(n % 26), STATE_MESSAGE_SIZE - 1);
}

static bool
is_consistent(const struct task_record *t)
{
	uint64_t n = t->runs;

	if (t->failures != n || t->last.signature != n ||
	    t->policy.told[POLICY_TOLD_MAX - 1] != n)
		return false;
	for (size_t i = 0; i < STATE_MESSAGE_SIZE - 1; i++)
		if (t->last.message[i] != 'a' + (int)(n % 26))
			return false;
	return true;
}

/* Writes as fast as it can until it is killed; `done`: what it put for sure. */
static void
hammer(_Atomic uint64_t *done, struct snapshot *previous)
{
	struct task_record tasks[2] = {0};
	struct chain_record c = {.name = "hammer"};
	struct statefile *f;
	uint64_t n = *done;

	name_tasks(tasks, (const char *const[]){"a", "b", NULL});
	fill_task(&tasks[0], n);
	fill_task(&tasks[1], n);
	f = statefile_create(root, "hammer", tasks, 2, previous, -1);
	while (f) {
		struct run_record r = {.task = 1};

		n++;
		r.started_wall_ms = r.duration_ms = (int64_t)n;
		r.signature = n;
		fill_task(&tasks[n % 2], n);
		memset(c.outbox_answer, 'a' + (int)(n % 26), 255);
		c.run_number = n;
		if (statefile_put_chain(f, &c) ||
		    statefile_put_task(f, n % 2, &tasks[n % 2]) ||
		    statefile_add_run(f, &r))
			break;
		*done = n;
	}
	_exit(1);
}

/* What a look at the hammered file shows that cannot be. */
static const char *
find_fault(const struct snapshot *s, uint64_t least)
{
	const struct chain_record *c = &s->chain;
	uint64_t newest = 0;

	for (size_t i = 0; i < 255 && c->run_number; i++)
		if (c->outbox_answer[i] != 'a' + (int)(c->run_number % 26))
			return "a torn chain record";
	for (size_t i = 0; i < 2; i++)
		if (!is_consistent(&s->tasks[i]))
			return "a torn task record";
	if (s->tasks[0].runs < least && s->tasks[1].runs < least)
		return "a task record from before the last put";
	for (size_t i = 0; i < s->run_count; i++) {
		const struct run_record *r = &s->runs[i];

		if (r->signature != (uint64_t)r->duration_ms ||
		    r->started_wall_ms != r->duration_ms)
			return "a torn run";
		if (i && r->number <= s->runs[i - 1].number)
			return "runs out of order";
		newest = r->signature;
	}
	return newest < least ? "a ring without the last run" : NULL;
}

static void
pause_us(long us)
{
	nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL);
}

/* One life of a writer; counts the looks. */
static const char *
one_life(_Atomic uint64_t *done, struct snapshot **previous, long *looks)
{
	const char *fault = NULL;
	int64_t lives_us = 2000 + rand() % 12000;
	pid_t pid;
	struct timespec start, now;

	fflush(stdout);
	pid = fork();
	if (!pid)
		hammer(done, *previous);
	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		struct snapshot *s = statefile_read(root, "hammer");

		if (s && !fault)
			fault = find_fault(s, 0);
		else if (!s && errno != ENOENT)
			fault = strerror(errno);
		snapshot_free(s);
		(*looks)++;
		pause_us(20);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while ((now.tv_sec - start.tv_sec) * 1000000 +
		     (now.tv_nsec - start.tv_nsec) / 1000 <
		 lives_us);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	snapshot_free(*previous);
	*previous = statefile_read(root, "hammer");
	if (!*previous && !(errno == ENOENT && !*done))
		return strerror(errno);
	if (*previous && !fault)
		fault = find_fault(*previous, *done);
	return fault;
}

static void
test_hammer(void)
{
	enum { LIVES = 150 };
	_Atomic uint64_t *done = mmap(NULL, sizeof(*done),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct snapshot *previous = NULL;
	const char *fault = NULL;
	long looks = 0;
	int life;

	srand((unsigned)time(NULL));
	for (life = 0; life < LIVES && !fault; life++)
		fault = one_life(done, &previous, &looks);
	tap_ok(!fault, "readers see only whole records while writers are "
		       "killed at random instants");
	printf("# %d lives, %llu rounds, %ld looks%s%s\n", life,
	    (unsigned long long)*done, looks, fault ? ", then " : "",
	    fault ? fault : "");
	tap_ok(*done > LIVES && looks > LIVES, "and there was much to see");
	snapshot_free(previous);
}

/*
 * Whatever sealed bytes a file holds, what is read of it is in its range: a
 * user may lay any file in a run_root that users share.
 */
static void
test_wild(void)
{
	struct task_record tasks[2];
	struct snapshot *s;
	unsigned seed = 1, bad = 0;

	name_tasks(tasks, (const char *const[]){"a", "b", NULL});
	for (int round = 0; round < 300; round++) {
		struct statefile *f =
		    statefile_create(root, "wild", tasks, 2, NULL, -1);
		static struct chain_record c;
		static struct held_record h;
		static struct task_record t;
		struct run_record r;
		size_t n = 0;

		for (size_t i = 0; i < sizeof(c); i++)
			((char *)&c)[i] = (char)rand_r(&seed);
		for (size_t i = 0; i < sizeof(h); i++)
			((char *)&h)[i] = (char)rand_r(&seed);
		for (size_t i = 0; i < sizeof(t); i++)
			((char *)&t)[i] = (char)rand_r(&seed);
		for (size_t i = 0; i < sizeof(r); i++)
			((char *)&r)[i] = (char)rand_r(&seed);
		statefile_put_chain(f, &c);
		statefile_put_held(f, &h);
		statefile_put_task(f, 1, &t);
		r.task = 1;
		statefile_add_run(f, &r);
		statefile_close(f);
		s = statefile_read(root, "wild");
		if (!s) {
			bad++;
			continue;
		}
		for (int i = 0; i < STATE_CHANNELS; i++) {
			const struct throttle *th =
			    &s->held->channels[i].throttle;

			n += th->held_count > HELD_MAX;
			for (int k = 0; k < HELD_MAX; k++)
				n += th->held[k].reason >= REASON_COUNT;
		}
		n += s->chain.current_task >= 2 || s->chain.current_task < -1;
		n +=
		    s->chain.stop_timeout_ms < 0 || s->chain.lease > LEASE_HELD;
		n += s->tasks[1].phase > PHASE_LEASE;
		n += s->tasks[1].policy.told_count > POLICY_TOLD_MAX;
		n += s->tasks[1].pending.reason >= REASON_COUNT;
		n += s->tasks[1].last.started_wall_ms < 0;
		n += s->tasks[1].last.outcome.signal > 64;
		n += strlen(s->tasks[1].name) >= STATE_NAME_SIZE;
		for (size_t i = 0; i < s->run_count; i++)
			n += s->runs[i].task >= 2 || s->runs[i].signal > 64;
		bad += n != 0;
		/* And it can be carried over. */
		f = statefile_create(root, "wild", tasks, 2, s, -1);
		bad += !f;
		statefile_close(f);
		snapshot_free(s);
	}
	unlink(in_root("wild.state"));
	tap_is_int(bad, 0, "of 300 wild files each is read within bounds");
}

int
main(void)
{
	char command[300];

	if (!mkdtemp(root))
		return 1;
	test_round_trip();
	test_ring();
	test_go_on();
	test_strange_files();
	test_damaged_copies();
	test_full_disk();
	test_names();
	test_wild();
	test_hammer();
	snprintf(command, sizeof(command), "rm -rf %s", root);
	if (system(command))
		puts("# something was left behind");
	return tap_done();
}
