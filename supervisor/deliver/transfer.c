#include "transfer.h"

#include <fcntl.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "answer.h"
#include "input.h"
#include "os/file.h"
#include "runner_version.h"

/* Is `scheme` in a list such as "smtp,smtps"? */
static bool
has_scheme(const char *list, const char *scheme)
{
	size_t length = strlen(scheme);

	for (; *list; list += strcspn(list, ","), list += *list == ',')
		if (strcspn(list, ",") == length &&
		    !strncmp(list, scheme, length))
			return true;
	return false;
}

/* Reads host and port.  Returns EX_OK or EX_CONFIG. */
static int
server_read(struct transfer *t, const char *url, const char *protocols,
    struct text *words)
{
	CURLU *parts = curl_url();
	char *scheme = NULL, *host = NULL, *port = NULL;
	struct text server;
	CURLUcode bad;

	bad = parts ? curl_url_set(
			  parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME)
		    : CURLUE_OUT_OF_MEMORY;
	if (!bad)
		bad = curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0);
	if (!bad && !has_scheme(protocols, scheme))
		bad = CURLUE_UNSUPPORTED_SCHEME;
	if (!bad)
		bad = curl_url_get(parts, CURLUPART_HOST, &host, 0);
	if (!bad)
		bad = curl_url_get(
		    parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
	text_init(&server, t->server, sizeof(t->server));
	if (!bad)
		text_addf(&server, "%s:%s", host, port);
	else
		text_addf(words, "url: %s", curl_url_strerror(bad));
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(parts);
	return bad ? EX_CONFIG : EX_OK;
}

/* What does not depend on the kind. */
static CURLcode
options_set(struct transfer *t, const char *url, const char *protocols,
    int64_t limit_ms)
{
	CURL *curl = t->curl;
	CURLcode bad = curl_easy_setopt(curl, CURLOPT_URL, url);

	bad = bad ? bad
		  : curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L); /* deadline has SIGALRM */
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)limit_ms);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)limit_ms);
	/* Do not wait for a thread that waits for a silent name server. */
	curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "runner/" RUNNER_VERSION);
	return bad;
}

/* Its bytes, not its name: who opens the connection may not read it. */
static int
ca_file_set(struct transfer *t, const char *path, struct text *words)
{
	int fd = open(path, O_RDONLY | FILE_NAMED);
	struct body pem = {0};
	bool is_read = fd >= 0 && !body_read(&pem, fd);
	struct curl_blob blob = {pem.data, pem.size, CURL_BLOB_COPY};
	CURLcode bad = CURLE_OK;

	if (is_read)
		bad = curl_easy_setopt(t->curl, CURLOPT_CAINFO_BLOB, &blob);
	else
		text_addf(words, "ca_file %s: %m", path);
	if (fd >= 0)
		close(fd);
	body_release(&pem);
	if (bad)
		transfer_describe(t, bad, words);
	return is_read && !bad ? EX_OK : EX_CONFIG;
}

int
transfer_open(struct transfer *t, const char *url, const char *protocols,
    const struct job *job, int64_t limit_ms, struct text *words)
{
	CURLcode bad;

	*t = (struct transfer){0};
	if (server_read(t, url, protocols, words))
		return EX_CONFIG;
	bad = curl_global_init(CURL_GLOBAL_DEFAULT);
	t->curl = bad ? NULL : curl_easy_init();
	if (!t->curl)
		return answer_fail(words, EX_TEMPFAIL, "out of memory");
	bad = options_set(t, url, protocols, limit_ms);
	if (bad)
		transfer_describe(t, bad, words);
	return bad            ? transfer_status(bad)
	       : job->ca_file ? ca_file_set(t, job->ca_file, words)
			      : EX_OK;
}

void
transfer_close(struct transfer *t)
{
	if (!t->curl)
		return;
	curl_easy_cleanup(t->curl);
	t->curl = NULL;
	curl_global_cleanup();
}

int
transfer_status(CURLcode code)
{
	switch (code) {
	case CURLE_OK:
		return EX_OK;
	case CURLE_URL_MALFORMAT:
	case CURLE_NOT_BUILT_IN:
	case CURLE_UNKNOWN_OPTION:
	case CURLE_LOGIN_DENIED:
	case CURLE_SSL_CACERT_BADFILE:
		return EX_CONFIG;
	default:
		return EX_TEMPFAIL;
	}
}

/* What to change, where that is known. */
static const char *
advice_of(CURLcode code)
{
	switch (code) {
	case CURLE_PEER_FAILED_VERIFICATION:
		return "the certificate is not trusted: set ca_file to what "
		       "signed it, and use the host name that it is for";
	case CURLE_SSL_CACERT_BADFILE:
		return "ca_file holds no certificate in PEM";
	case CURLE_USE_SSL_FAILED:
		return "the server offers no TLS: set tls = opportunistic, or "
		       "smtps:// and its port";
	case CURLE_SSL_CONNECT_ERROR:
		return "TLS failed: is smtps:// or https:// right for this "
		       "port?";
	case CURLE_LOGIN_DENIED:
		return "check username and password_file";
	default:
		return NULL;
	}
}

void
transfer_describe(const struct transfer *t, CURLcode code, struct text *words)
{
	const char *error = *t->error ? t->error : curl_easy_strerror(code);
	const char *advice = advice_of(code);

	answer_add(words, error, strlen(error));
	text_addf(words, " (%s)", t->server);
	if (advice)
		text_addf(words, "; %s", advice);
}
