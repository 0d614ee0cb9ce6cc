#include "ping.h"

#include <sysexits.h>

#include "border.h"
#include "http.h"
#include "transfer.h"

struct ping {
	const struct job *job;
	const struct body *body;
};

static int
ping_send(void *context, struct text *words)
{
	const struct ping *p = context;
	struct http_request request = {.url = p->job->urls[0]};
	int status;

	if (!p->body->size)
		return http_deliver(p->job, &request, words);
	request.headers = curl_slist_append(NULL, "Content-Type: text/plain");
	request.method = "POST";
	request.body = p->body->data;
	request.size = p->body->size;
	if (!request.headers) {
		text_add_string(words, "out of memory");
		return EX_TEMPFAIL;
	}
	status = http_deliver(p->job, &request, words);
	curl_slist_free_all(request.headers);
	return status;
}

int
ping_deliver(const struct job *job, const struct body *body, struct text *words)
{
	struct ping ping = {job, body};

	return border_deliver(ping_send, &ping, words);
}
