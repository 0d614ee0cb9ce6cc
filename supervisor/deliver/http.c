#include "http.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "answer.h"
#include "border.h"
#include "deadline.h"
#include "input.h"
#include "transfer.h"

enum { ANSWER_SIZE_MAX = 16384, FIRST_LINE_SIZE = 256 };

/* The answer's first line, and how much came in all. */
struct reply {
	char line[FIRST_LINE_SIZE];
	size_t length;
	size_t total;
	bool is_line_over;
};

static size_t
reply_take(char *bytes, size_t size, size_t count, void *data)
{
	struct reply *r = data;

	size *= count;
	for (size_t i = 0; i < size && !r->is_line_over; i++) {
		if (bytes[i] == '\n' && r->length)
			r->is_line_over = true;
		else if (bytes[i] != '\n' && bytes[i] != '\r')
			r->line[r->length++] = bytes[i];
		if (r->length == sizeof(r->line))
			r->is_line_over = true;
	}
	r->total += size;
	/* An answer without end is cut here; its status came before. */
	return r->total > ANSWER_SIZE_MAX ? 0 : size;
}

/*
 * The status decides, whatever the body is and how long it takes: it is noted
 * at the end of the headers.
 */
static size_t
header_take(char *bytes, size_t size, size_t count, void *curl)
{
	char words[32];
	long http = 0;

	if (size * count > 2)
		return size * count;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http);
	snprintf(words, sizeof(words), "HTTP %ld", http);
	if (http_status(http) == EX_OK)
		answer_note(EX_OK, words);
	return size * count;
}

static void
request_set(
    struct transfer *t, const struct http_request *request, struct reply *reply)
{
	CURL *curl = t->curl;

	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, request->headers);
	curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, header_take);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, curl);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, reply_take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
	if (!request->method)
		return;
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
	curl_easy_setopt(
	    curl, CURLOPT_POSTFIELDS, request->body ? request->body : "");
	curl_easy_setopt(
	    curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->size);
}

int
http_status(long code)
{
	if (code >= 200 && code < 300)
		return EX_OK;
	if (code == 408 || code == 425 || code == 429)
		return EX_TEMPFAIL;
	if (code >= 400 && code < 500)
		return EX_UNAVAILABLE;
	return code >= 300 && code < 400 ? EX_CONFIG : EX_TEMPFAIL;
}

static int
request_run(struct transfer *t, const struct reply *reply, struct text *words)
{
	CURLcode code = curl_easy_perform(t->curl);
	curl_off_t wait_s = 0;
	long http = 0;

	curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &http);
	/* Below 200 there is more to come: that was not the answer. */
	if (http < 200) {
		transfer_describe(
		    t, code ? code : CURLE_WEIRD_SERVER_REPLY, words);
		return code ? transfer_status(code) : EX_TEMPFAIL;
	}
	curl_easy_getinfo(t->curl, CURLINFO_RETRY_AFTER, &wait_s);
	if (http_status(http) == EX_TEMPFAIL && wait_s > 0)
		answer_say("wait %lld", (long long)wait_s);
	text_addf(words, "HTTP %ld", http);
	if (reply->length) {
		text_add_string(words, ": ");
		answer_add(words, reply->line, reply->length);
	}
	if (http_status(http) != EX_OK)
		text_addf(words, " (%s)", t->server);
	return http_status(http);
}

int
http_deliver(const struct job *job, const struct http_request *request,
    struct text *words)
{
	struct reply reply = {.length = 0};
	struct transfer transfer;
	int status;

	status = transfer_open(&transfer, request->url, "http,https", job,
	    deadline_share_ms(1), words);
	if (status == EX_OK)
		status = border_leave_root(words);
	if (status == EX_OK) {
		request_set(&transfer, request, &reply);
		status = request_run(&transfer, &reply, words);
	}
	transfer_close(&transfer);
	return status;
}

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
	if (!request.headers)
		return answer_fail(words, EX_TEMPFAIL, "out of memory");
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
