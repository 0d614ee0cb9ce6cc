/*
 * transfer: one libcurl handle with what every delivery over the network
 * wants: a time limit over all of it, named protocols and no others, no
 * redirects, certificates checked, our User-Agent.
 *
 * libcurl is initialised here and only when a transfer is opened: a Maildir
 * delivery never pays for a TLS stack.
 */
#ifndef RUNNER_NOTIFY_TRANSFER_H
#define RUNNER_NOTIFY_TRANSFER_H

#include <curl/curl.h>
#include <stdint.h>

#include "base/text.h"
#include "job.h"

struct transfer {
	CURL *curl;
	char error[CURL_ERROR_SIZE]; /* libcurl's words for what went wrong */
	char server[320]; /* HOST:PORT; a URL's path or user may be secret */
};

/*
 * Opens a handle for `url`, one of `protocols` ("smtp,smtps"), bounded by
 * `limit_ms`; everything in `job` stays borrowed until transfer_close().
 * Returns EX_OK; or EX_CONFIG with the reason in `words` (not such a URL, no
 * host, an unreadable ca_file), EX_TEMPFAIL when there is no memory.
 */
int transfer_open(struct transfer *t, const char *url, const char *protocols,
    const struct job *job, int64_t limit_ms, struct text *words);

/* Harmless after a failed open. */
void transfer_close(struct transfer *t);

/* The exit status for a transfer that libcurl ended with `code`. */
int transfer_status(CURLcode code);

/* Adds libcurl's words for `code` and the server. */
void transfer_describe(
    const struct transfer *t, CURLcode code, struct text *words);

#endif
