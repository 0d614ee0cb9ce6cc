#include "capture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/ring.h"
#include "os/pages.h"

enum {
	READ_SIZE = 64 << 10, /* what a pipe holds */
	/*
	 * An unfinished line waits until it is longer than a piece by what
	 * line_piece() needs to see.
	 */
	CARRY_MAX = LINE_TEXT_MAX + 3,
	CARRY_ROOM = 5 * PAGES_UNIT,
	/*
	 * Where the parts lie in the one mapping.  What was carried is put
	 * before what is read, to be one text; that begins in mid-page, so
	 * that a little of both is on one page.
	 */
	AT_READ = CARRY_ROOM - PAGES_UNIT / 2,
	AT_OUT = AT_READ + READ_SIZE + PAGES_UNIT / 2,
	AT_ERR = AT_OUT + CARRY_ROOM,
	AT_STDOUT_TAIL = AT_ERR + CARRY_ROOM,
	AT_STDERR_HEAD = AT_STDOUT_TAIL + CAPTURE_STDOUT_TAIL,
	AT_STDERR_TAIL = AT_STDERR_HEAD + CAPTURE_STDERR_HEAD,
	PAGES_SIZE = AT_STDERR_TAIL + CAPTURE_STDERR_TAIL,
};
_Static_assert(AT_READ >= CARRY_MAX, "what was carried fits before it");

struct stream {
	enum log_stream name;
	char *carry; /* the line that is not finished yet */
	size_t carry_size;
	bool is_continued; /* a piece of that line was logged */
	uint64_t total;
	struct ring tail;
};

struct capture {
	struct log *log;
	struct signature *signature;
	const struct user_patterns *patterns; /* of this run */
	bool has_signature;                   /* it has begun one */
	const char *task;
	char *pages;
	size_t most_held; /* carried and read, at once, in this run */
	size_t head_size;
	struct stream out, err;
	capture_tap *tap; /* or NULL */
	void *tap_data;
};

struct capture *
capture_new(struct log *log)
{
	struct capture *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->log = log;
	c->signature = signature_new();
	c->pages = pages_new_private(PAGES_SIZE);
	if (!c->signature || !c->pages) {
		capture_free(c);
		errno = ENOMEM;
		return NULL;
	}
	c->out.name = LOG_STREAM_STDOUT;
	c->out.carry = c->pages + AT_OUT;
	ring_init(&c->out.tail, c->pages + AT_STDOUT_TAIL, CAPTURE_STDOUT_TAIL);
	c->err.name = LOG_STREAM_STDERR;
	c->err.carry = c->pages + AT_ERR;
	ring_init(&c->err.tail, c->pages + AT_STDERR_TAIL, CAPTURE_STDERR_TAIL);
	return c;
}

void
capture_free(struct capture *c)
{
	if (!c)
		return;
	signature_free(c->signature);
	pages_free(c->pages, PAGES_SIZE);
	free(c);
}

static void
clear_stream(struct stream *s)
{
	s->carry_size = 0;
	s->is_continued = false;
	s->total = 0;
	ring_clear(&s->tail);
}

void
capture_begin(
    struct capture *c, const char *task, const struct user_patterns *patterns)
{
	/* A run that printed little leaves nothing to give back. */
	if (c->head_size > PAGES_UNIT)
		pages_give_back(c->pages + AT_STDERR_HEAD,
		    PAGES_SIZE - AT_STDERR_HEAD, PAGES_UNIT);
	c->task = task;
	c->head_size = 0;
	c->most_held = 0;
	clear_stream(&c->out);
	clear_stream(&c->err);
	c->has_signature = false;
	c->patterns = patterns;
}

/* Most runs print no errors, and need none of its pages. */
static struct signature *
begun(struct capture *c)
{
	if (!c->has_signature)
		signature_begin(c->signature, c->patterns);
	c->has_signature = true;
	return c->signature;
}

void
capture_set_tap(struct capture *c, capture_tap *tap, void *data)
{
	c->tap = tap;
	c->tap_data = data;
}

static struct stream *
stream_of(struct capture *c, enum log_stream name)
{
	return name == LOG_STREAM_STDERR ? &c->err : &c->out;
}

static void
keep_stderr(struct capture *c, const char *bytes, size_t size)
{
	size_t room = CAPTURE_STDERR_HEAD - c->head_size;
	size_t n = size < room ? size : room;

	memcpy(c->pages + AT_STDERR_HEAD + c->head_size, bytes, n);
	c->head_size += n;
	ring_add(&c->err.tail, bytes + n, size - n);
}

/* A long line gives up pieces as soon as it is clear where they end. */
static size_t
line_pieces(struct capture *c, struct stream *s, const char *bytes, size_t size)
{
	size_t done = 0;

	while (size - done > CARRY_MAX) {
		size_t piece = line_piece(bytes + done, size - done);

		log_output(c->log, c->task, s->name, bytes + done, piece,
		    s->is_continued);
		s->is_continued = true;
		done += piece;
	}
	return done;
}

/* `bytes` begins with what was carried; what is unfinished is carried on. */
static void
log_lines(struct capture *c, struct stream *s, const char *bytes, size_t size)
{
	const char *last = memrchr(bytes, '\n', size);
	size_t done = last ? (size_t)(last - bytes) + 1 : 0;

	if (done) {
		log_output(
		    c->log, c->task, s->name, bytes, done, s->is_continued);
		s->is_continued = false;
	}
	done += line_pieces(c, s, bytes + done, size - done);
	s->carry_size = size - done;
	memcpy(s->carry, bytes + done, s->carry_size);
}

static ssize_t
read_some(struct capture *c, struct stream *s, int fd, size_t most)
{
	char *fresh = c->pages + AT_READ;
	ssize_t n;

	do
		n = read(fd, fresh, most < READ_SIZE ? most : READ_SIZE);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n;
	s->total += (uint64_t)n;
	if (s->carry_size + (size_t)n > c->most_held)
		c->most_held = s->carry_size + (size_t)n;
	if (s == &c->err) {
		keep_stderr(c, fresh, (size_t)n);
		signature_feed(begun(c), fresh, (size_t)n);
	} else {
		ring_add(&s->tail, fresh, (size_t)n);
	}
	if (c->tap)
		c->tap(c->tap_data, s->name, fresh, (size_t)n);
	memcpy(fresh - s->carry_size, s->carry, s->carry_size);
	log_lines(c, s, fresh - s->carry_size, s->carry_size + (size_t)n);
	return n;
}

ssize_t
capture_read(struct capture *c, enum log_stream stream, int fd)
{
	return read_some(c, stream_of(c, stream), fd, log_room(c->log));
}

static void
read_rest(struct capture *c, struct stream *s, int fd)
{
	int ready = 0;

	if (fd >= 0 && ioctl(fd, FIONREAD, &ready) < 0)
		ready = 0;
	while (ready > 0) {
		size_t most = log_room(c->log);
		ssize_t n = read_some(
		    c, s, fd, most < (size_t)ready ? most : (size_t)ready);

		if (n <= 0)
			break;
		ready -= (int)n;
	}
	if (s->carry_size || s->is_continued)
		log_output(c->log, c->task, s->name, s->carry, s->carry_size,
		    s->is_continued);
	s->carry_size = 0;
	s->is_continued = false;
}

void
capture_finish(struct capture *c, int out_fd, int err_fd)
{
	read_rest(c, &c->out, out_fd);
	read_rest(c, &c->err, err_fd);
	ring_straighten(&c->out.tail);
	ring_straighten(&c->err.tail);
	if (c->most_held > 2 * PAGES_UNIT)
		pages_give_back(c->pages, AT_STDOUT_TAIL, 0);
}

static struct captured
kept(const struct stream *s, const char *head, size_t head_size)
{
	return (struct captured){.head = head,
	    .head_size = head_size,
	    .tail = s->tail.data,
	    .tail_size = s->tail.used,
	    .left_out = s->total - head_size - s->tail.used,
	    .total = s->total};
}

struct captured
capture_stderr(const struct capture *c)
{
	return kept(&c->err, c->pages + AT_STDERR_HEAD, c->head_size);
}

struct captured
capture_stdout(const struct capture *c)
{
	return kept(&c->out, c->out.tail.data, 0);
}

struct signature *
capture_signature(struct capture *c)
{
	return begun(c);
}

void
capture_trim(struct capture *c)
{
	pages_give_back(c->pages, PAGES_SIZE, 0);
	signature_give_back(c->signature);
	c->has_signature = false;
}
