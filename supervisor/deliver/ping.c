#include "ping.h"

#include <string.h>
#include <sysexits.h>

#include "border.h"
#include "http.h"
#include "secret.h"
#include "transfer.h"

struct ping {
	const struct job *job;
	const struct body *body;
};

static int
request_send(const struct ping *p, const char *url, struct text *words)
{
	struct http_request request = {.url = url};
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

static int
ping_send(void *context, struct text *words)
{
	const struct ping *p = context;
	const struct job *job = p->job;
	char secret[SECRET_SIZE] = "", url[PING_URL_SIZE];
	struct text whole;
	int status = EX_OK;

	text_init(&whole, url, sizeof(url));
	if (job->url_file)
		status = secret_read(job->url_file, secret, words);
	if (status == EX_OK) {
		ping_add_url(&whole, job->url_file ? secret : job->urls[0],
		    job->dialect, job->state, job->fields);
		if (!whole.is_short) {
			status = request_send(p, url, words);
		} else {
			text_add_string(words, "url: is too long");
			status = EX_CONFIG;
		}
	}
	explicit_bzero(secret, sizeof(secret));
	explicit_bzero(url, sizeof(url));
	return status;
}

int
ping_deliver(const struct job *job, const struct body *body, struct text *words)
{
	struct ping ping = {job, body};

	return border_deliver(ping_send, &ping, words);
}
