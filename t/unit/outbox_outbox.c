/* outbox: no message is lost, none is delivered out of order or by two. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log/log.h"
#include "os/clock.h"
#include "outbox/outbox.h"
#include "outbox/outbox_files.h"
#include "scratch.h"
#include "tap.h"

enum { KILLS = 200, PUT_MAX = 2000 };

static struct scratch scratch;
static struct log *journal;
static bool is_fast; /* thousands of fsync(2): in memory, where there is one */

static void
make_scratch(void)
{
	strcpy(scratch.directory, "/dev/shm/runner-test-XXXXXX");
	if (!is_fast || !mkdtemp(scratch.directory))
		scratch_init(&scratch);
}

/* Forgets what was there: an empty RUN_ROOT and an empty log. */
static void
begin(void)
{
	struct log_settings settings = {.level = LOG_LEVEL_DEBUG,
	    .has_format = true,
	    .format = LOG_FORMAT_PLAIN};
	char *path;

	if (journal)
		log_close(journal);
	if (*scratch.directory)
		scratch_release(&scratch);
	make_scratch();
	path = scratch_path(&scratch, "log");
	journal = log_open(&settings, path, "chain");
	free(path);
}

/* How many lines of the log have these words? */
static int
count_logged(const char *words)
{
	char *path = scratch_path(&scratch, "log"), *text;
	int count = 0;

	log_flush(journal);
	text = scratch_read(path, NULL);
	for (char *s = text; s && (s = strstr(s, words)); s++)
		count++;
	free(text);
	free(path);
	return count;
}

static struct outbox *
open_box(int64_t now_ms)
{
	return outbox_open(scratch.directory, "chain", journal, now_ms);
}

/* Puts "message NUMBER of TASK" for the task. */
static int
put(struct outbox *o, const char *task, int number, int64_t now_ms)
{
	struct outbox_entry e = {.channel = "mail",
	    .reason = REASON_NEW,
	    .queued_wall_ms = clock_wall_ms()};
	char message[200];

	snprintf(e.task, sizeof(e.task), "%s", task);
	snprintf(e.subject, sizeof(e.subject), "subject %d", number);
	snprintf(e.unique, sizeof(e.unique), "unique.%d", number);
	snprintf(
	    message, sizeof(message), "message %d of %s\r\n", number, task);
	return outbox_put(o, &e, message, strlen(message), now_ms);
}

/* The number of a message, read from its descriptor, which is closed. */
static int
read_number(int fd)
{
	char message[300];
	ssize_t n = read(fd, message, sizeof(message) - 1);
	int number = -1, end = 0;
	char task[256];

	close(fd);
	if (n < 0)
		return -1;
	message[n] = '\0';
	if (sscanf(message, "message %d of %255s%n", &number, task, &end) < 2)
		return -1;
	/* Whole: nothing but the line end behind it. */
	return strcmp(message + end, "\r\n") ? -1 : number;
}

static int
take(struct outbox *o, const struct outbox_entry *e)
{
	size_t verdict_at;

	return outbox_message_fd(o, e, &verdict_at);
}

/* Takes and delivers the next one.  Returns its number, or -1: none. */
static int
deliver(struct outbox *o, int64_t now_ms)
{
	int64_t deadline_ms;
	const struct outbox_entry *e = outbox_next(o, now_ms, &deadline_ms);
	int number, fd;

	if (!e)
		return -1;
	fd = take(o, e);
	if (fd < 0)
		return -2;
	number = read_number(fd);
	outbox_done(o, e);
	return number;
}

/* Files in a directory of RUN_ROOT, and the last of their names. */
static int
count_files(const char *directory, char *name)
{
	char *path = scratch_path(&scratch, directory);
	DIR *dir = opendir(path);
	struct dirent *d;
	int count = 0;

	free(path);
	while (dir && (d = readdir(dir))) {
		if (d->d_type == DT_DIR)
			continue;
		count++;
		if (name)
			snprintf(name, 256, "%s", d->d_name);
	}
	if (dir)
		closedir(dir);
	return count;
}

static void
write_file(const char *name, const char *bytes, size_t size)
{
	char *path = scratch_path(&scratch, name);
	FILE *f = fopen(path, "w");

	free(path);
	if (!f || fwrite(bytes, 1, size, f) != size || fclose(f))
		tap_ok(false, "cannot write %s", name);
}

static void
test_one(void)
{
	char name[256], file[300], *path, *bytes;
	const struct outbox_entry *e;
	int64_t deadline;
	struct stat st;
	int fd;
	struct outbox *o;

	begin();
	o = open_box(1000);
	tap_ok(!outbox_next(o, 1000, &deadline) && deadline == -1,
	    "an empty outbox asks for nothing");
	tap_is_int(put(o, "task", 7, 1000), 0, "a message is put on the disk");
	tap_is_int(count_files("outbox", name), 1, "in one file");
	tap_ok(!strncmp(name, "chain,0", 7) && strstr(name, ",mail"),
	    "named %s", name);
	snprintf(file, sizeof(file), "outbox/%s", name);
	path = scratch_path(&scratch, file);
	stat(path, &st);
	tap_is_int(st.st_mode & 07777, 0600, "that is nobody else's");
	bytes = scratch_read(path, NULL);
	tap_ok(strstr(bytes, "\n\nmessage 7 of task\r\n") != NULL,
	    "and ends in the message");
	free(bytes);
	e = outbox_next(o, 1000, &deadline);
	tap_ok(e && !strcmp(e->subject, "subject 7"), "it is tried at once");
	fd = take(o, e);
	tap_ok(fcntl(fd, F_GETFD) & FD_CLOEXEC, "close-on-exec");
	tap_is_int(read_number(fd), 7, "its descriptor is at the message");
	outbox_free(o);
	o = open_box(5000);
	e = outbox_at(o, 0);
	tap_ok(outbox_count(o) == 1 && !strcmp(e->channel, "mail") &&
		   e->reason == REASON_NEW && !strcmp(e->task, "task") &&
		   !strcmp(e->subject, "subject 7") &&
		   !strcmp(e->unique, "unique.7"),
	    "the next process finds it as it was");
	tap_ok(!outbox_at(o, 1), "and no other");
	tap_is_int(deliver(o, 7000), 7, "tries it within two seconds");
	tap_is_int(outbox_count(o) + (size_t)count_files("outbox", NULL), 0,
	    "and once delivered it is gone");
	outbox_free(o);
	free(path);
}

static void
test_order(void)
{
	const struct outbox_entry *first, *other;
	int64_t deadline;
	struct outbox *o;

	begin();
	o = open_box(0);
	put(o, "a", 1, 0);
	put(o, "a", 2, 0);
	put(o, "b", 3, 0);
	first = outbox_next(o, 0, &deadline);
	close(take(o, first));
	other = outbox_next(o, 0, &deadline);
	tap_ok(other && !strcmp(other->task, "b"),
	    "while one is on its way, another task's is next");
	close(take(o, other));
	tap_ok(!outbox_next(o, 0, &deadline) && deadline == -1,
	    "and nothing behind it");
	outbox_retry(o, first, "451 later", 0, 0);
	tap_ok(!outbox_next(o, 100, &deadline) && deadline >= 8000 &&
		   deadline <= 12000,
	    "one that failed waits, and those behind it");
	outbox_done(o, other);
	tap_is_int(deliver(o, 12000), 1, "then it is first");
	tap_is_int(deliver(o, 12000), 2, "and the next one follows");
	tap_is_int(deliver(o, 12000), -1, "and that was all");
	outbox_free(o);
}

/* The pause after a failed try of a message of this age. */
static void
test_pause(int64_t age_ms, int64_t want_ms)
{
	int64_t least = INT64_MAX, most = 0, deadline;

	begin();
	for (int i = 0; i < 200; i++) {
		struct outbox *o = open_box(0);
		const struct outbox_entry *e;

		if (!i)
			put(o, "t", 1, 0);
		e = outbox_next(o, age_ms + 5000, &deadline);
		outbox_retry(o, e, "no", 0, age_ms);
		outbox_next(o, age_ms, &deadline);
		least = deadline - age_ms < least ? deadline - age_ms : least;
		most = deadline - age_ms > most ? deadline - age_ms : most;
		outbox_free(o);
	}
	tap_ok(least >= want_ms * 8 / 10 && most <= want_ms * 12 / 10 + 1000 &&
		   most - least > want_ms / 5,
	    "at an age of %d s the pause is %d..%d s", (int)(age_ms / 1000),
	    (int)(least / 1000), (int)(most / 1000));
}

/* Somebody set the clock meanwhile, or the machine was off. */
static void
test_old(void)
{
	struct outbox_entry e = {.channel = "mail",
	    .task = "t",
	    .reason = REASON_NEW,
	    .queued_wall_ms = 1};
	struct outbox *o;
	int64_t deadline;

	begin();
	o = open_box(0);
	outbox_put(o, &e, "x", 1, 0);
	outbox_free(o);
	o = open_box(0);
	outbox_retry(o, outbox_next(o, 5000, &deadline), "no", 0, 5000);
	outbox_next(o, 5000, &deadline);
	tap_ok(deadline <= 5000 + 12000,
	    "one that a runner finds is soon tried again, however old it is");
	outbox_free(o);
}

static void
test_refused(void)
{
	char name[256], file[300], *path, *bytes;
	int64_t deadline;
	struct outbox *o;

	begin();
	o = open_box(0);
	put(o, "t", 1, 0);
	outbox_refuse(
	    o, outbox_next(o, 0, &deadline), "550 5.1.1 no such user\r\nX", 0);
	tap_is_int(count_files("outbox/refused", name), 1,
	    "what is refused for good is kept");
	snprintf(file, sizeof(file), "outbox/refused/%s", name);
	path = scratch_path(&scratch, file);
	bytes = scratch_read(path, NULL);
	tap_ok(strstr(bytes, "\nanswer 550 5.1.1 no such user\\x0d\\x0aX ") &&
		   strstr(bytes, "\n\nmessage 1 of t\r\n"),
	    "with the server's words, and whole");
	free(bytes);
	for (int i = 2; i <= OUTBOX_REFUSED_MAX + 5; i++) {
		put(o, "t", i, 0);
		outbox_refuse(o, outbox_next(o, 0, &deadline), "550 no", 0);
	}
	tap_is_int(count_files("outbox/refused", NULL), OUTBOX_REFUSED_MAX,
	    "no more than %d are kept", OUTBOX_REFUSED_MAX);
	tap_ok(access(path, F_OK) && count_logged("of the oldest files") == 5,
	    "the oldest go, and the log says so");
	tap_is_int(outbox_count(o), 0, "and none waits");
	outbox_free(o);
	free(path);
}

/* What lies in the directory that is not a message of ours. */
static void
test_strangers(void)
{
	static const char other[] =
	    "outbox/other,000000000000001-00000001,mail";
	static const char user[] = "outbox/chain,000000000000002-00000001,mail";
	char name[256], file[300], *path, *target;
	struct outbox *o;
	int before;

	begin();
	o = open_box(0);
	put(o, "t", 1, 0);
	count_files("outbox", name);
	put(o, "t", 2, 0);
	outbox_free(o);
	snprintf(file, sizeof(file), "outbox/%s", name);
	path = scratch_path(&scratch, file);
	tap_ok(!truncate(path, 500), "a file is torn");
	write_file("outbox/chain,000000000000001-00000001,mail", "junk", 4);
	write_file("outbox/chain,000000000000003-00000001,mail", "", 0);
	write_file("outbox/.tmp,chain,000000000000003-00000001,mail", "a", 1);
	write_file("outbox/.tmp,other,000000000000003-00000001,mail", "a", 1);
	write_file("outbox/chain,1-00000001,mail", "a", 1);
	write_file("outbox/chain,000000000000001-00000001,mail~", "a", 1);
	write_file("outbox/README", "a", 1);
	write_file(other, "a", 1);
	free(path);
	path = scratch_path(
	    &scratch, "outbox/chain,000000000000004-00000001,mail");
	target = scratch_path(&scratch, other);
	tap_ok(!symlink(target, path), "a link lies there");
	free(path);
	path = scratch_path(
	    &scratch, "outbox/chain,000000000000005-00000001,mail");
	tap_ok(!mkfifo(path, 0600), "and a pipe");
	free(path);
	before = geteuid() ? 7 : 8;
	if (!geteuid()) {
		write_file(user, "a", 1);
		path = scratch_path(&scratch, user);
		tap_ok(!chown(path, 65534, 65534), "and another user's file");
		free(path);
	}
	o = open_box(0);
	tap_is_int(outbox_count(o), 1, "the whole message is taken in");
	tap_is_int(count_files("outbox/refused", NULL), 3,
	    "the torn, the foreign and the empty file go to refused");
	tap_is_int(count_logged("is damaged"), 3, "each named in the log");
	/* The message, four names that are not ours, link, pipe, user. */
	tap_is_int(count_files("outbox", NULL), before,
	    "what was half-written is removed, the rest is left alone");
	tap_is_int(deliver(o, 5000), 2, "and the message is delivered");
	outbox_free(o);
	free(target);
}

static void
limit_file_size(rlim_t size)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = size;
	setrlimit(RLIMIT_FSIZE, &limit);
}

/* A disk that takes nothing: a limit below an envelope's size. */
static void
test_memory(void)
{
	int64_t deadline;
	struct outbox *o;
	int in_memory = 0, sum = 0, ok, logged;

	begin();
	o = open_box(0);
	signal(SIGXFSZ, SIG_IGN);
	limit_file_size(100);
	for (int i = 0; i < OUTBOX_IN_MEMORY_MAX; i++)
		in_memory += put(o, i % 2 ? "a" : "b", i, 0) == 1;
	ok = put(o, "a", 99, 0);
	outbox_next(o, 20000, &deadline);
	limit_file_size(RLIM_INFINITY);
	logged = count_logged("Cannot write");
	tap_is_int(in_memory, OUTBOX_IN_MEMORY_MAX,
	    "when the disk takes nothing messages wait in memory");
	tap_is_int(ok, -1, "so many and no more");
	tap_is_int(logged, 1, "which is said once");
	tap_is_int(count_files("outbox", NULL), 0, "nothing is left behind");
	tap_is_int(deliver(o, 0), 0, "they can be delivered from there");
	tap_ok(!outbox_next(o, 29999, &deadline) || outbox_count(o) == 15,
	    "before it is time nothing is written");
	tap_is_int(count_files("outbox", NULL), 0, "really nothing");
	outbox_next(o, 30000, &deadline);
	tap_is_int(count_files("outbox", NULL), OUTBOX_IN_MEMORY_MAX - 1,
	    "later they are written");
	tap_is_int(count_logged("are written to"), 1, "which is said too");
	outbox_free(o);
	o = open_box(0);
	tap_is_int(outbox_count(o), OUTBOX_IN_MEMORY_MAX - 1,
	    "and the next process finds them");
	for (int i = 1; i < OUTBOX_IN_MEMORY_MAX; i++)
		sum += deliver(o, 5000);
	tap_is_int(sum, OUTBOX_IN_MEMORY_MAX * (OUTBOX_IN_MEMORY_MAX - 1) / 2,
	    "every one of them");
	outbox_free(o);
}

/* A RUN_ROOT that is missing, appears, loses its outbox. */
static void
test_directory(void)
{
	char *root, *path;
	struct outbox *o;
	int64_t deadline;

	begin();
	root = scratch_path(&scratch, "later");
	o = outbox_open(root, "chain", journal, 0);
	tap_ok(o && count_logged("Cannot write") == 1,
	    "without a RUN_ROOT an outbox is still one");
	tap_is_int(put(o, "t", 1, 0), 1, "in memory");
	mkdir(root, 0700);
	outbox_next(o, 20000, &deadline);
	tap_is_int(count_files("later/outbox", NULL), 1,
	    "when it appears the message is written");
	tap_is_int(deliver(o, 20000), 1, "and delivered");
	path = scratch_path(&scratch, "later/outbox");
	rmdir(path);
	tap_is_int(put(o, "t", 2, 20000), 0,
	    "a directory that was removed is made again");
	tap_is_int(count_files("later/outbox", NULL), 1, "and used");
	outbox_free(o);
	free(path);
	free(root);
}

static void
test_lock(void)
{
	struct outbox *first, *second;
	const struct outbox_entry *mine, *theirs;
	int64_t deadline;
	int fd, copy;

	begin();
	first = open_box(0);
	put(first, "t", 1, 0);
	second = open_box(0);
	tap_is_int(outbox_count(second), 1, "two processes know of a message");
	mine = outbox_next(first, 5000, &deadline);
	fd = take(first, mine);
	theirs = outbox_next(second, 5000, &deadline);
	tap_ok(take(second, theirs) < 0 && errno == EWOULDBLOCK,
	    "the other one cannot have what is on its way");
	outbox_retry(second, theirs, "is being delivered", 0, 5000);
	outbox_done(first, mine);
	close(fd);
	tap_ok(
	    !outbox_next(second, 90000, &deadline) && outbox_count(second) == 0,
	    "and forgets what was delivered");
	put(first, "t", 2, 0);
	fd = take(first, outbox_next(first, 5000, &deadline));
	copy = dup(fd);
	close(fd);
	outbox_free(first);
	first = open_box(0);
	mine = outbox_next(first, 5000, &deadline);
	tap_ok(take(first, mine) < 0 && errno == EWOULDBLOCK,
	    "a helper that outlived its runner keeps the lock");
	close(copy);
	tap_is_int(deliver(first, 5000), 2, "until it ends");
	outbox_free(first);
	outbox_free(second);
}

static void
test_capacity(void)
{
	struct outbox *other, *o;
	int taken = 0, in_order = 0, strange = 0, last = -1, n;

	begin();
	other = open_box(0);
	o = open_box(0);
	for (int i = 0; i < OUTBOX_WAITING_MAX; i++)
		taken += put(o, "t", i, 0) == 0;
	tap_is_int(
	    taken, OUTBOX_WAITING_MAX, "%d can wait", OUTBOX_WAITING_MAX);
	tap_is_int(put(o, "t", 9999, 0), -1, "one more is not taken");
	for (int i = 0; i < 40; i++)
		put(other, "stranger", 1000 + i, 0);
	outbox_free(other);
	outbox_free(o);
	o = open_box(0);
	tap_is_int(outbox_count(o), OUTBOX_WAITING_MAX,
	    "of %d on the disk as many are taken in as fit",
	    count_files("outbox", NULL));
	tap_is_int(deliver(o, 5000), 0, "the oldest leaves");
	tap_is_int(put(o, "t", 9999, 0), -1,
	    "and none is taken that could overtake those on the disk");
	for (int64_t now = 5000; (n = deliver(o, now)) >= 0; now += 2000) {
		strange += n >= 1000;
		in_order += n < 1000 && n > last;
		last = n < 1000 ? n : last;
	}
	tap_is_int(
	    in_order, OUTBOX_WAITING_MAX - 1, "all are delivered in order");
	tap_is_int(strange, 40, "those that did not fit too");
	tap_is_int(count_files("outbox", NULL), 0, "and none is left");
	other = open_box(0);
	put(o, "t", 1, 0);
	outbox_free(other);
	other = open_box(0);
	tap_is_int(deliver(other, 5000), 1, "another process delivers one");
	tap_is_int(deliver(o, 5000), -1, "which is noticed");
	outbox_free(other);
	outbox_free(o);
}

/* Two processes put at the same time: every name is its own. */
static void
test_two_processes(void)
{
	static bool seen[400];
	struct outbox *o;
	int whole = 0, in_memory = 0, n;

	begin();
	for (int p = 0; p < 2; p++) {
		if (fork())
			continue;
		o = open_box(0);
		for (int i = 0; i < 200; i++)
			if (put(o, p ? "a" : "b", p * 200 + i, 0))
				_exit(1);
		_exit(0);
	}
	while (wait(&n) > 0)
		in_memory += n != 0;
	tap_is_int(in_memory, 0, "two processes put and disturb nobody");
	o = open_box(0);
	while ((n = deliver(o, 5000)) >= 0) {
		whole += !seen[n];
		seen[n] = true;
	}
	tap_is_int(whole, 400, "of 400 messages all are there");
	outbox_free(o);
}

/* What the child that is killed says it has done. */
struct word {
	int number;
	bool is_leaving; /* it is going to be delivered */
};

static void
put_and_deliver(int out_fd)
{
	struct outbox *o = open_box(0);

	for (int i = 0; i < PUT_MAX; i++) {
		struct word w = {i, false};
		int64_t deadline;

		if (put(o, "t", i, 5000) == 0)
			(void)!write(out_fd, &w, sizeof(w));
		if (i % 3 == 0) {
			const struct outbox_entry *e =
			    outbox_next(o, 5000, &deadline);

			w.number = read_number(take(o, e));
			w.is_leaving = true;
			(void)!write(out_fd, &w, sizeof(w));
			outbox_done(o, e);
		}
	}
}

/* Kills a child at a random instant.  Returns how many messages are missing. */
static int
kill_once(unsigned *total)
{
	enum { NEVER, PUT, LEAVING, FOUND };
	static char fate[PUT_MAX];
	struct word w;
	struct outbox *o;
	int pipe_fd[2], missing = 0, n, last = -1;
	pid_t pid;

	begin();
	memset(fate, NEVER, sizeof(fate));
	if (pipe(pipe_fd))
		return 1;
	pid = fork();
	if (!pid)
		put_and_deliver(pipe_fd[1]);
	close(pipe_fd[1]);
	/* After so many words and a moment, which ends anywhere in the next. */
	for (long wait_for = random() % 12, i = 0;; i++) {
		if (i == wait_for) {
			usleep((useconds_t)(random() % 1000));
			kill(pid, SIGKILL);
		}
		if (read(pipe_fd[0], &w, sizeof(w)) != sizeof(w))
			break;
		fate[w.number] = w.is_leaving ? LEAVING : PUT;
	}
	waitpid(pid, NULL, 0);
	close(pipe_fd[0]);
	o = open_box(0);
	while ((n = deliver(o, 5000)) >= 0) {
		/* Once, in order, and never one that has left before. */
		missing += n <= last || fate[n] == FOUND;
		last = n;
		fate[n] = FOUND;
		(*total)++;
	}
	missing += n == -2;
	for (size_t i = 0; i < sizeof(fate); i++)
		missing += fate[i] == PUT;
	missing += count_logged("damaged") + count_files("outbox", NULL);
	outbox_free(o);
	return missing;
}

static void
test_kill(void)
{
	int missing = 0;
	unsigned total = 0;

	for (int i = 0; i < KILLS; i++)
		missing += kill_once(&total);
	tap_is_int(missing, 0,
	    "%d kills: of %u messages none is lost, torn, "
	    "doubled or out of order, and no rubbish stays",
	    KILLS, total);
	tap_ok(total > 100, "and there were many");
}

/* Directories that root made for all: each user has his own files in them. */
static void
test_shared(void)
{
	char *path;
	int status;

	if (geteuid()) {
		tap_ok(true, "a shared directory # SKIP not root");
		return;
	}
	begin();
	chmod(scratch.directory, 0755);
	for (int i = 0; i < 2; i++) {
		path = scratch_path(&scratch, i ? "outbox/refused" : "outbox");
		mkdir(path, 0700);
		chmod(path, 01777);
		free(path);
	}
	for (uid_t uid = 65533; uid <= 65534; uid++) {
		if (fork())
			continue;
		if (setresuid(uid, uid, uid))
			_exit(9);
		struct outbox *o = open_box(0);
		int64_t deadline;
		int result = put(o, "t", 1, 0) || put(o, "t", 2, 0);

		outbox_refuse(
		    o, outbox_next(o, 5000, &deadline), "550 no", 5000);
		outbox_free(o);
		_exit(result);
	}
	for (int i = 0; i < 2; i++) {
		wait(&status);
		tap_is_int(status, 0, "user %d puts and has refused", i);
	}
	tap_is_int(count_files("outbox", NULL), 2, "both users' files wait");
	tap_is_int(count_files("outbox/refused", NULL), 2, "and are refused");
	struct outbox *o = open_box(0);
	tap_is_int(outbox_count(o), 0, "root takes neither");
	outbox_free(o);
}

/* A message that nobody takes stays while refused/ cannot be had. */
static void
test_refused_in_the_way(void)
{
	int64_t deadline;
	struct outbox *o;

	begin();
	o = open_box(0);
	put(o, "t", 1, 0);
	write_file("outbox/refused", "a file, no directory", 4);
	outbox_refuse(o, outbox_next(o, 0, &deadline), "550 no", 0);
	tap_is_int(count_files("outbox", NULL), 2, "it stays on the disk");
	tap_is_int(outbox_count(o), 1, "and waits");
	tap_ok(!outbox_next(o, 0, &deadline) && deadline > 0,
	    "for another try, after a pause");
	tap_is_int(count_logged("it stays"), 1, "which the log says");
	outbox_free(o);
	o = open_box(0);
	tap_is_int(outbox_count(o), 1, "the next runner finds it");
	outbox_free(o);
}

int
main(void)
{
	test_one();
	test_refused_in_the_way();
	is_fast = true;
	test_order();
	test_pause(0, 10000);
	test_pause(60000, 30000);
	test_pause(86400000, 3600000);
	test_old();
	test_refused();
	test_strangers();
	test_memory();
	test_directory();
	test_lock();
	test_capacity();
	test_two_processes();
	test_kill();
	test_shared();
	log_close(journal);
	scratch_release(&scratch);
	return tap_done();
}
