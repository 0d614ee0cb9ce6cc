/*
 * What the log does when its target takes nothing: a pipe whose reader sleeps
 * or went, a full disk, a directory that is gone, no standard error at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "log/log.h"
#include "os/clock.h"
#include "scratch.h"
#include "tap.h"

enum { WAIT_MS = 5000 };

static struct scratch scratch;
static const struct log_settings plain = {.level = LOG_LEVEL_DEBUG,
    .has_format = true,
    .format = LOG_FORMAT_PLAIN,
    .keep = 5};

/* Makes `fd` standard error, and opens a log on it. */
static struct log *
open_on_stderr(int fd, int *saved)
{
	struct log *l;

	*saved = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
	l = log_open(&plain, NULL, "chain");
	if (!l)
		exit(1);
	return l;
}

static void
close_and_restore(struct log *l, int saved)
{
	log_close(l);
	dup2(saved, STDERR_FILENO);
	close(saved);
}

/* Flushes at the log's deadlines until it has none, as the chain's loop. */
static void
wait_until_written(struct log *l)
{
	int64_t give_up_ms = clock_now_ms() + WAIT_MS;

	while (log_deadline_ms(l) >= 0 && clock_now_ms() < give_up_ms) {
		poll(NULL, 0, 10);
		log_flush(l);
	}
}

/* Lines numbered from `*next` on, until `total` of them or congestion. */
static void
log_numbers(struct log *l, int *next, int total, bool stop_when_congested)
{
	while (*next < total && !(stop_when_congested && log_is_congested(l))) {
		char line[300];
		int size = sprintf(line, "%0200d\n", (*next)++);

		log_output(
		    l, "t", LOG_STREAM_STDOUT, line, (size_t)size, false);
		log_flush(l);
	}
}

/*
 * Counts through numbered lines: each is the one before and one, save that a
 * notice of lost lines skips as many as it says.  Returns the next number, or
 * -1 where that does not hold.  `*notices` counts the notices.
 */
static int
follow_numbers(const char *text, int *notices)
{
	unsigned long long lost;
	int next = 0, n;

	*notices = 0;
	for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
		if (sscanf(text, "WARNING log: %llu line", &lost) == 1) {
			next += (int)lost;
			++*notices;
		} else if (sscanf(text, "INFO [t] stdout: %d", &n) != 1 ||
			   n != next++ || end - text != 217) {
			printf("# expected %d at: %.60s\n", next, text);
			return -1;
		}
	}
	return next;
}

/* Reads what is there now. */
static size_t
drain(int fd, char *text, size_t size, size_t room)
{
	ssize_t n;

	while ((n = read(fd, text + size, room - size - 1)) > 0)
		size += (size_t)n;
	text[size] = '\0';
	return size;
}

/* No descriptor is left to open the pipe once more: it must be asked. */
static void
allow_descriptors(bool is_allowed)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = is_allowed ? limit.rlim_max : 0;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* A pipe whose reader sleeps; total lines fit in the buffer, or do not. */
static void
test_slow_reader(int total, bool is_loss_wanted, bool is_opened_again)
{
	static char text[1 << 24];
	int fds[2], saved, next = 0, notices;
	size_t size = 0;
	struct log *l;

	if (pipe2(fds, O_CLOEXEC) < 0)
		exit(1);
	saved = dup(STDERR_FILENO);
	dup2(fds[1], STDERR_FILENO);
	allow_descriptors(is_opened_again);
	l = log_open(&plain, NULL, "chain");
	allow_descriptors(true);
	tap_ok(!(fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK),
	    "the inherited descriptor is not made non-blocking");
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	log_numbers(l, &next, total, true);
	tap_ok(log_is_congested(l) && next < total,
	    "lines for a sleeping reader congest the log");
	tap_ok((log_wait_fd(l) == STDERR_FILENO) == !is_opened_again &&
		   log_wait_fd(l) >= 0 && log_deadline_ms(l) > clock_now_ms(),
	    "it says what to wait for, and how long at most");
	if (is_loss_wanted)
		log_numbers(l, &next, total, false);
	while (log_wait_fd(l) >= 0 || next < total) {
		size = drain(fds[0], text, size, sizeof(text));
		log_flush(l);
		log_numbers(l, &next, total, true);
	}
	size = drain(fds[0], text, size, sizeof(text));
	tap_is_int(follow_numbers(text, &notices), total,
	    "the reader wakes up and gets every line or its loss told");
	tap_is_int(notices, is_loss_wanted, "lost lines are told of %s",
	    is_loss_wanted ? "once, where they are missing" : "never");
	tap_ok(!log_is_congested(l) && log_deadline_ms(l) == -1,
	    "then nothing waits any more");
	close_and_restore(l, saved);
	close(fds[0]);
	close(fds[1]);
}

/* A socket that keeps writes apart shows what each of them held. */
static void
test_whole_lines_in_writes(void)
{
	char packet[65536];
	int fds[2], saved, wrong = 0, packets = 0;
	struct log *l;
	ssize_t n;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		exit(1);
	l = open_on_stderr(fds[1], &saved);
	for (int i = 0; i < 200; i++)
		log_say(l, LOG_LEVEL_INFO, NULL, "%0*d", i, i);
	log_flush(l);
	while ((n = recv(fds[0], packet, sizeof(packet), MSG_DONTWAIT)) > 0) {
		packets++;
		wrong += n > PIPE_BUF || packet[n - 1] != '\n';
	}
	tap_is_int(wrong, 0,
	    "a write to a reader holds whole lines, at most "
	    "PIPE_BUF bytes of them");
	tap_ok(packets > 1 && packets < 10, "and many of them (%d writes)",
	    packets);
	close_and_restore(l, saved);
	close(fds[0]);
	close(fds[1]);
}

static void
test_reader_gone(void)
{
	char *path = scratch_path(&scratch, "fifo"), text[1000];
	struct log *l;
	int reader;
	int64_t again_ms;

	mkfifo(path, 0600);
	errno = 0;
	tap_ok(!log_open(&plain, path, "c") && errno == ENXIO,
	    "a FIFO without a reader is refused at once");
	reader = open(path, O_RDONLY | O_NONBLOCK);
	l = log_open(&plain, path, "c");
	close(reader);
	log_say(l, LOG_LEVEL_INFO, NULL, "a");
	log_say(l, LOG_LEVEL_INFO, NULL, "b");
	log_flush(l);
	again_ms = clock_now_ms() + 1000;
	tap_ok(log_wait_fd(l) == -1 && log_deadline_ms(l) == -1 &&
		   !log_is_congested(l),
	    "after the reader went nothing waits and nobody is woken");
	while (clock_now_ms() <= again_ms)
		poll(NULL, 0, 20);
	log_say(l, LOG_LEVEL_INFO, NULL, "c");
	log_flush(l);
	reader = open(path, O_RDONLY | O_NONBLOCK);
	log_say(l, LOG_LEVEL_INFO, NULL, "d");
	wait_until_written(l);
	drain(reader, text, 0, sizeof(text));
	tap_is(text, "WARNING log: 3 lines were lost (Broken pipe)\nINFO d\n",
	    "a reader that comes back is told what it missed");
	log_close(l);
	close(reader);
	unlink(path);
	free(path);
}

/* A limit on the file's size fails as a full disk does, in mid-line too. */
static void
test_full_disk(bool is_loss_wanted)
{
	char *path = scratch_path(&scratch, "log"), *text;
	struct log *l = log_open(&plain, path, "c");
	struct rlimit limit, small;
	int next = 0, total = is_loss_wanted ? 20000 : 100, notices;
	struct stat st;

	getrlimit(RLIMIT_FSIZE, &limit);
	small = limit;
	small.rlim_cur = 1000;
	setrlimit(RLIMIT_FSIZE, &small);
	log_numbers(l, &next, total, false);
	stat(path, &st);
	tap_is_int(st.st_size, 1000, "a full disk takes a part of a line");
	tap_ok(log_wait_fd(l) == -1 && log_deadline_ms(l) > clock_now_ms() &&
		   !log_is_congested(l),
	    "it is tried again later, and nobody is held up");
	setrlimit(RLIMIT_FSIZE, &limit);
	wait_until_written(l);
	log_numbers(l, &next, total + 1, false);
	log_close(l);
	text = scratch_read(path, NULL);
	tap_is_int(follow_numbers(text, &notices), total + 1,
	    "when there is room again no line is torn or silently lost");
	tap_is_int(notices, is_loss_wanted, "lost lines are told of %s",
	    is_loss_wanted ? "once" : "never");
	if (is_loss_wanted)
		tap_ok(strstr(text, "lines were lost (File too large)\n"),
		    "with the reason");
	free(text);
	unlink(path);
	free(path);
}

/* Somebody else rotates the file while half a line of ours stands in it. */
static void
test_rotated_in_midline(void)
{
	char *path = scratch_path(&scratch, "log"),
	     *old = scratch_path(&scratch, "log.1"), *text;
	struct log *l = log_open(&plain, path, "c");
	struct rlimit limit, small;

	getrlimit(RLIMIT_FSIZE, &limit);
	small = limit;
	small.rlim_cur = 10;
	setrlimit(RLIMIT_FSIZE, &small);
	log_say(l, LOG_LEVEL_INFO, NULL, "a long line");
	log_say(l, LOG_LEVEL_INFO, NULL, "another");
	log_flush(l);
	setrlimit(RLIMIT_FSIZE, &limit);
	rename(path, old);
	wait_until_written(l);
	log_close(l);
	text = scratch_read(old, NULL);
	tap_is(text, "INFO a long line\n",
	    "the rest of a line goes where its beginning went");
	free(text);
	text = scratch_read(path, NULL);
	tap_is(text, "INFO another\n", "and the next one to the new file");
	free(text);
	unlink(path);
	unlink(old);
	free(path);
	free(old);
}

static void
test_folder_gone(void)
{
	char *directory = scratch_path(&scratch, "logs"),
	     *away = scratch_path(&scratch, "away"),
	     *path = scratch_path(&scratch, "logs/log"), *text;
	struct log *l;

	mkdir(directory, 0755);
	l = log_open(&plain, path, "c");
	log_say(l, LOG_LEVEL_INFO, NULL, "a");
	log_flush(l);
	rename(directory, away);
	log_say(l, LOG_LEVEL_INFO, NULL, "b");
	log_flush(l);
	tap_ok(log_deadline_ms(l) > 0,
	    "a line waits when the file's directory is gone");
	mkdir(directory, 0755);
	wait_until_written(l);
	text = scratch_read(path, NULL);
	tap_is(text, "INFO b\n", "it is written when the directory is back");
	free(text);
	unlink(path);
	log_say(l, LOG_LEVEL_INFO, NULL, "c");
	log_flush(l);
	text = scratch_read(path, NULL);
	tap_is(text, "INFO c\n", "a removed file is created again");
	free(text);
	log_close(l);
	free(directory);
	free(away);
	free(path);
}

static void
test_no_stderr(void)
{
	char *path = scratch_path(&scratch, "victim");
	int saved = dup(STDERR_FILENO), victim;
	struct log *l;
	struct stat st;

	close(STDERR_FILENO);
	l = log_open(&plain, NULL, "c");
	victim = open(path, O_RDWR | O_CREAT, 0600);
	log_say(l, LOG_LEVEL_INFO, NULL, "a");
	log_flush(l);
	log_close(l);
	fstat(victim, &st);
	tap_ok(victim == STDERR_FILENO && !st.st_size,
	    "without standard error nothing is written to what took its place");
	dup2(saved, STDERR_FILENO);
	close(saved);
	unlink(path);
	free(path);
}

static void
test_reopen(void)
{
	char *one = scratch_path(&scratch, "one"),
	     *two = scratch_path(&scratch, "two"),
	     *none = scratch_path(&scratch, "no/file"), *text;
	struct log *l = log_open(&plain, one, "c");
	struct log_settings journal = plain;

	journal.format = LOG_FORMAT_JOURNAL;
	log_say(l, LOG_LEVEL_INFO, NULL, "a");
	errno = 0;
	tap_ok(log_reopen(l, &journal, none) == -1 && errno == ENOENT,
	    "a new file that cannot be opened is an error");
	log_say(l, LOG_LEVEL_INFO, NULL, "b");
	tap_is_int(log_reopen(l, &journal, two), 0, "one that can is not");
	log_say(l, LOG_LEVEL_INFO, NULL, "c");
	log_close(l);
	text = scratch_read(one, NULL);
	tap_is(text, "INFO a\nINFO b\n", "until then the old one is kept");
	free(text);
	text = scratch_read(two, NULL);
	tap_is(text, "<6>c\n", "then the new one is written as it says");
	free(text);
	free(one);
	free(two);
	free(none);
}

/* JOURNAL_STREAM names standard error, or something else. */
static void
test_journal(int off_by, const char *want, const char *name)
{
	struct log_settings automatic = plain;
	int fds[2], saved = dup(STDERR_FILENO);
	char value[64], text[200];
	struct stat st;
	struct log *l;

	automatic.has_format = false;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		exit(1);
	dup2(fds[1], STDERR_FILENO);
	fstat(STDERR_FILENO, &st);
	snprintf(value, sizeof(value), "%llu:%llu",
	    (unsigned long long)st.st_dev,
	    (unsigned long long)st.st_ino + (unsigned)off_by);
	setenv("JOURNAL_STREAM", value, 1);
	l = log_open(&automatic, NULL, "c");
	log_say(l, LOG_LEVEL_INFO, NULL, "a");
	close_and_restore(l, saved);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	drain(fds[0], text, 0, sizeof(text));
	tap_is(off_by ? text + 24 : text, want, "%s", name);
	close(fds[0]);
	close(fds[1]);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	scratch_init(&scratch);
	test_slow_reader(8000, false, true);
	test_slow_reader(20000, true, true);
	test_slow_reader(8000, false, false);
	test_slow_reader(20000, true, false);
	test_whole_lines_in_writes();
	test_reader_gone();
	test_full_disk(false);
	test_full_disk(true);
	test_rotated_in_midline();
	test_folder_gone();
	test_no_stderr();
	test_reopen();
	test_journal(0, "<6>a\n", "the journal's socket is recognised");
	test_journal(1, " INFO a\n", "another socket is not");
	scratch_release(&scratch);
	return tap_done();
}
