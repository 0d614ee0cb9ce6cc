#include "webhook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>

#include "answer.h"
#include "base/json_read.h"
#include "base/template.h"
#include "border.h"
#include "http.h"
#include "input.h"
#include "os/file.h"
#include "transfer.h"

enum { FILLED_SIZE = 1 << 20, URL_SIZE = 8192 };

static int
list_add(struct curl_slist **list, const char *header, struct text *words)
{
	struct curl_slist *more = curl_slist_append(*list, header);

	if (!more)
		return answer_fail(words, EX_TEMPFAIL, "out of memory");
	*list = more;
	return EX_OK;
}

/* One header of the job, its secret filled in. */
static int
header_add(struct curl_slist **list, const char *header, struct text *words)
{
	char line[SECRET_SIZE + 256], secret[SECRET_SIZE];
	/* A token of RFC 9110, 5.6.2. */
	size_t length = strspn(header,
	    "!#$%&'*+-.^_`|~0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
	const char *value = header + length + 1;
	int status;

	if (!length || length > 200 || header[length] != ':')
		return answer_fail(
		    words, EX_CONFIG, "header: is not NAME: VALUE");
	value += strspn(value, " ");
	/* libcurl would take "NAME:" as an order to leave NAME out. */
	if (!*value)
		return answer_fail(words, EX_CONFIG, "header: has no value");
	if (*value != '@')
		return list_add(list, header, words);
	status = secret_read(value + 1, secret, words);
	if (status != EX_OK)
		return status;
	snprintf(line, sizeof(line), "%.*s: %s", (int)length, header, secret);
	status = list_add(list, line, words);
	explicit_bzero(secret, sizeof(secret));
	explicit_bzero(line, sizeof(line));
	return status;
}

static bool
has_content_type(const struct job *job)
{
	for (size_t i = 0; i < job->header_count; i++)
		if (!strncasecmp(job->headers[i], "Content-Type:", 13))
			return true;
	return false;
}

/* A webhook on its way.  What is secret is wiped at the end. */
struct webhook {
	const struct job *job;
	const struct body *document;
	char secrets[2 * SECRET_SIZE];
	char url[URL_SIZE];
	char *file; /* the template's text; owned, as the next */
	char *filled;
	struct template template;
	const struct template_body *body;
	struct template_values values;
	struct http_request request;
};

/* "FILE:LINE: WORDS" of the first fault. */
static int
complain(const struct webhook *w, const struct template_faults *f,
    struct text *words)
{
	return answer_fail(words, EX_CONFIG, "%s:%u: %s", w->job->template,
	    f->list[0].line, f->list[0].words);
}

/* Reads the template; the document is checked, and says which body it is. */
static int
template_open(struct webhook *w, struct text *words)
{
	struct template_faults faults = {0};
	struct json_value reason;
	char name[32] = "";
	size_t size, at;
	FILE *file;

	if (!w->job->template)
		return EX_OK;
	if (json_check(w->document->data, w->document->size, &at))
		return answer_fail(words, EX_USAGE, "message: is no JSON");
	w->file = malloc(TEMPLATE_FILE_SIZE + 1);
	w->filled = malloc(FILLED_SIZE);
	file = file_open_stream(w->job->template, FILE_NAMED);
	if (!file || !w->file || !w->filled) {
		text_addf(words, "%s: %m", w->job->template);
		if (file)
			fclose(file);
		return EX_CONFIG;
	}
	size = fread(w->file, 1, TEMPLATE_FILE_SIZE + 1, file);
	fclose(file);
	if (size > TEMPLATE_FILE_SIZE)
		template_fault(&faults, 1, "the file is too large");
	else
		template_parse(&w->template, w->file, size, &faults);
	if (faults.count)
		return complain(w, &faults, words);
	if (json_find(
		w->document->data, w->document->size, "reason", &reason) &&
	    reason.size > 2 && reason.size < sizeof(name))
		memcpy(name, reason.bytes + 1, reason.size - 2);
	w->body = template_find(&w->template, name);
	if (w->body)
		return EX_OK;
	template_fault(&faults, 1, "has no body for the reason '%s'", name);
	return complain(w, &faults, words);
}

static int
secrets_open(struct webhook *w, struct text *words)
{
	int status;

	w->values.document = w->document->data;
	w->values.size = w->document->size;
	if (!w->job->secret_file)
		return EX_OK;
	status = secret_read_two(
	    w->job->secret_file, w->secrets, &w->values.secrets[1], words);
	w->values.secrets[0] = w->secrets;
	if (!*w->values.secrets[1])
		w->values.secrets[1] = NULL;
	return status;
}

/* URL, and the template's path after the path that it has. */
static int
url_make(struct webhook *w, struct text *words)
{
	char url[SECRET_SIZE], path[URL_SIZE / 2];
	struct template_faults faults = {0};
	struct text t, p;
	size_t end;
	int status = EX_OK;

	text_init(&t, w->url, sizeof(w->url));
	text_init(&p, path, sizeof(path));
	*url = '\0';
	if (w->job->url_file)
		status = secret_read(w->job->url_file, url, words);
	else if (w->job->url_count)
		snprintf(url, sizeof(url), "%s", w->job->urls[0]);
	else if (w->template.url.bytes)
		snprintf(url, sizeof(url), "%.*s", (int)w->template.url.size,
		    w->template.url.bytes);
	if (status == EX_OK && !*url) {
		text_add_string(words, "no url is given");
		status = EX_CONFIG;
	}
	if (status == EX_OK && w->body && w->body->path.bytes &&
	    template_fill_line(
		&w->body->path, TEMPLATE_URL, &w->values, &p, &faults))
		status = complain(w, &faults, words);
	if (status != EX_OK)
		return status;
	end = strcspn(url, "?#");
	text_add(
	    &t, url, end && p.length && url[end - 1] == '/' ? end - 1 : end);
	text_add(&t, p.data, p.length);
	/* A path may bring a query of its own. */
	if (url[end] == '?' && strchr(path, '?'))
		url[end] = '&';
	text_add_string(&t, url + end);
	explicit_bzero(url, sizeof(url));
	w->request.url = w->url;
	if (!t.is_short && !p.is_short)
		return EX_OK;
	return answer_fail(words, EX_CONFIG, "url: is too long");
}

static int
headers_make(struct webhook *w, struct text *words)
{
	struct curl_slist **list = &w->request.headers;
	struct template_faults faults = {0};
	char line[SECRET_SIZE + 256];
	int status = EX_OK;
	struct text t;

	if (!has_content_type(w->job))
		status =
		    list_add(list, "Content-Type: application/json", words);
	/* No "Expect: 100-continue": many servers leave it unanswered. */
	if (status == EX_OK)
		status = list_add(list, "Expect:", words);
	for (size_t i = 0; status == EX_OK && i < w->template.header_count;
	     i++) {
		text_init(&t, line, sizeof(line));
		if (template_fill_line(&w->template.headers[i], TEMPLATE_HEADER,
			&w->values, &t, &faults))
			return complain(w, &faults, words);
		status = list_add(list, line, words);
		explicit_bzero(line, sizeof(line));
	}
	for (size_t i = 0; status == EX_OK && i < w->job->header_count; i++)
		status = header_add(list, w->job->headers[i], words);
	return status;
}

static int
body_make(struct webhook *w, struct text *words)
{
	struct template_faults faults = {0};
	struct text out;

	w->request.method = "POST";
	w->request.body = w->document->data;
	w->request.size = w->document->size;
	if (!w->body)
		return EX_OK;
	text_init(&out, w->filled, FILLED_SIZE);
	if (template_fill(&w->template, w->body, &w->values, &out, &faults))
		return complain(w, &faults, words);
	if (w->body->method.size == 3)
		w->request.method = "PUT";
	w->request.body = out.data;
	w->request.size = out.length;
	return EX_OK;
}

static int
webhook_send(void *context, struct text *words)
{
	struct webhook *w = context;
	int status;

	if (!(status = template_open(w, words)) &&
	    !(status = secrets_open(w, words)) &&
	    !(status = url_make(w, words)) &&
	    !(status = headers_make(w, words)) &&
	    !(status = body_make(w, words)))
		status = http_deliver(w->job, &w->request, words);
	curl_slist_free_all(w->request.headers);
	explicit_bzero(w->secrets, sizeof(w->secrets));
	explicit_bzero(w->url, sizeof(w->url));
	if (w->filled)
		explicit_bzero(w->filled, FILLED_SIZE);
	free(w->filled);
	free(w->file);
	return status;
}

int
webhook_deliver(
    const struct job *job, const struct body *body, struct text *words)
{
	struct webhook w = {.job = job, .document = body};

	return border_deliver(webhook_send, &w, words);
}
