/*
 * control: what a running chain can be asked to do, and the socket by which.
 *
 * Whatever brings a request (a signal, a connection), the loop gets it as an
 * event with a kind and does what the table in chain_requests.c says of it.  A
 * new kind is a word here, its name in control.c, a row there, and what it
 * carries in the request.
 *
 * The socket is RUN_ROOT/NAME.sock (0600, packets).  Who may ask is decided by
 * the kernel's word about the other end: the chain's own user and root, nobody
 * else.  Those who ask believe only the process that owns the pidfile.  The
 * server holds a fixed number of clients, allocates nothing after it was
 * opened, and never waits for a client: output that one does not take in time
 * is left out and counted, the answer is kept until it goes.
 */
#ifndef RUNNER_CONTROL_H
#define RUNNER_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "log/log.h"

enum request_kind {
	REQUEST_STOP,   /* end the run, then the chain */
	REQUEST_RELOAD, /* read runner.conf again, while no run is in progress
			 */
	REQUEST_WAKE,   /* end the cooldown */
	REQUEST_NOW,    /* run the task (or the next one) at once */
	REQUEST_PAUSES, /* the pauses have changed: look at them */
	REQUEST_DRAIN,  /* let the run in progress end, then stop */
	REQUEST_COUNT,
};

enum {
	REQUEST_TASK_SIZE = 208,
	REQUEST_TEXT_SIZE = 512,
	CONTROL_CLIENTS_MAX = 8,
	CONTROL_ANSWER_SIZE = 512,
};

struct request {
	enum request_kind kind;
	int client;                   /* whom to answer, or 0: nobody */
	uid_t user;                   /* who asks, by the kernel's word */
	char task[REQUEST_TASK_SIZE]; /* or empty */
	char text[REQUEST_TEXT_SIZE]; /* in somebody's words, or empty */
};

/* ---- the chain's side ---- */

struct control_client {
	int fd;
	int id; /* never used again; 0: the slot is free */
	uid_t user;
	bool has_asked;
	uint64_t left_out; /* bytes of output that it did not take */
	char answer[CONTROL_ANSWER_SIZE]; /* waits to be sent, or empty */
};

struct control {
	int listen_fd, epoll_fd; /* or -1 */
	const char *run_root;    /* borrowed */
	char name[64];           /* of the socket in it */
	dev_t device;            /* of that name, as it was bound */
	ino_t inode;
	struct log *log; /* borrowed */
	int last_id;
	struct control_client *clients; /* CONTROL_CLIENTS_MAX, borrowed */
};

/*
 * Makes the socket, for a control of zeros and descriptors that are -1.  A
 * chain without one works, but cannot be asked: why is
 * logged.
 */
void control_open(struct control *c, const char *run_root, const char *chain,
    struct log *log);
void control_close(struct control *c);

/* Makes the socket again when somebody removed it. */
void control_check(struct control *c);

/* To be polled for POLLIN; then control_next() until it returns false. */
int control_fd(const struct control *c);

/* The next request, to be answered; false: none is there. */
bool control_next(struct control *c, struct request *r);

/* What a task printed, for a client that follows it (0: none does). */
void control_output(struct control *c, int client, enum log_stream stream,
    const char *bytes, size_t size);

/* The end of a request: an exit status and a line, or "".  Nothing for 0. */
void control_answer(struct control *c, int client, int status, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));

/* ---- the other side ---- */

/* What a client does with output; `stream` as in log.h. */
typedef void control_sink(
    enum log_stream stream, const char *bytes, size_t size);

/*
 * Asks the runner `owner` of the chain, and waits for its answer, as long as it
 * takes.  `sink` may be NULL.  Returns the status that it answered, its words
 * in `answer`; or -1 with errno: ENOENT, ECONNREFUSED: it cannot be asked (it
 * is of an older version, or gone); EPERM: the socket is not that runner's;
 * ECONNRESET: it went away before it answered.
 */
int control_ask(const char *run_root, const char *chain, pid_t owner,
    const struct request *r, control_sink *sink, char *answer,
    size_t answer_size);

#endif
