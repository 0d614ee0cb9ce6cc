/*
 * control: what a running chain can be asked to do.
 *
 * Whatever brings a request (a signal, a connection), the loop gets it as an
 * event with a kind and does what the table in chain.c says of that kind.  A
 * new kind is a word here, a row there, and what it carries in the request.
 */
#ifndef RUNNER_CONTROL_H
#define RUNNER_CONTROL_H

enum request_kind {
	REQUEST_STOP,   /* end the run, then the chain */
	REQUEST_RELOAD, /* read runner.conf again before the next run */
	REQUEST_WAKE,   /* end the cooldown */
	REQUEST_COUNT,
};

struct request {
	enum request_kind kind;
};

#endif
