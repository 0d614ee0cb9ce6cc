#include "ping.h"

#include <sysexits.h>

#include "http.h"
#include "transfer.h"

int
ping_deliver(const struct job *job, const struct body *body, struct text *words)
{
	struct curl_slist *headers;
	int status;

	if (!body->size)
		return http_deliver(job, NULL, NULL, words);
	headers = curl_slist_append(NULL, "Content-Type: text/plain");
	if (!headers) {
		text_add_string(words, "out of memory");
		return EX_TEMPFAIL;
	}
	status = http_deliver(job, body, headers, words);
	curl_slist_free_all(headers);
	return status;
}
