/*
 * http: one request and what its answer means; and pings, which are little
 * more.
 *
 * No redirect is followed: the URL, the headers and the body are for the
 * server that the operator named.  The usual variables (https_proxy and so
 * on, see curl(1)) choose a proxy.  An answer of any size is cut at a few
 * kilobytes.
 */
#ifndef RUNNER_NOTIFY_HTTP_H
#define RUNNER_NOTIFY_HTTP_H

#include "base/text.h"
#include "input.h"
#include "job.h"

struct curl_slist;

/* All borrowed. */
struct http_request {
	const char *url;
	const char *method; /* "POST" or "PUT"; NULL: GET, without a body */
	const char *body;
	size_t size;
	struct curl_slist *headers; /* "NAME: VALUE" */
};

/*
 * Sends the request, within the job's limits, after secrets were read: when we
 * are root it is sent as the user nobody.
 * Returns what http_status() says of the answer, or EX_TEMPFAIL or EX_CONFIG
 * when there is none.  `words`: "HTTP 200: first line of the answer".  A server
 * that wants us to wait (Retry-After) is told of: "wait SECONDS".
 */
int http_deliver(const struct job *job, const struct http_request *request,
    struct text *words);

/*
 * 2xx is EX_OK; 408, 425, 429 and 5xx EX_TEMPFAIL; 3xx EX_CONFIG (it has
 * moved: an operator must say where to); every other 4xx EX_UNAVAILABLE.
 */
int http_status(long code);

/*
 * A sign of life for a monitor (base/ping_url.h): GET says it all; a POST
 * carries the last lines of a failure, `body`.  Lossy on purpose: it is the
 * caller who does not try again.
 */
int ping_deliver(
    const struct job *job, const struct body *body, struct text *words);

#endif
