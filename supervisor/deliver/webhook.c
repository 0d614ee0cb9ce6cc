#include "webhook.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>

#include "http.h"
#include "secret.h"
#include "transfer.h"

/* A token of RFC 9110, 5.6.2, before the colon; or 0. */
static size_t
name_length(const char *header)
{
	size_t length = strspn(header,
	    "!#$%&'*+-.^_`|~0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

	return header[length] == ':' ? length : 0;
}

static int
list_add(struct curl_slist **list, const char *header, struct text *words)
{
	struct curl_slist *more = curl_slist_append(*list, header);

	if (!more) {
		text_add_string(words, "out of memory");
		return EX_TEMPFAIL;
	}
	*list = more;
	return EX_OK;
}

/* One header of the job, its secret filled in. */
static int
header_add(struct curl_slist **list, const char *header, struct text *words)
{
	char line[SECRET_SIZE + 256], secret[SECRET_SIZE];
	size_t length = name_length(header);
	const char *value = header + length + 1;
	int status;

	if (!length || length > 200) {
		text_add_string(words, "header: is not NAME: VALUE");
		return EX_CONFIG;
	}
	value += strspn(value, " ");
	/* libcurl would take "NAME:" as an order to leave NAME out. */
	if (!*value) {
		text_add_string(words, "header: has no value");
		return EX_CONFIG;
	}
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

int
webhook_deliver(
    const struct job *job, const struct body *body, struct text *words)
{
	struct curl_slist *headers = NULL;
	int status = EX_OK;

	if (!has_content_type(job))
		status =
		    list_add(&headers, "Content-Type: application/json", words);
	/* No "Expect: 100-continue": many servers leave it unanswered. */
	if (status == EX_OK)
		status = list_add(&headers, "Expect:", words);
	for (size_t i = 0; status == EX_OK && i < job->header_count; i++)
		status = header_add(&headers, job->headers[i], words);
	if (status == EX_OK)
		status = http_deliver(job, body, headers, words);
	curl_slist_free_all(headers);
	return status;
}
