#include "smtp.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#include "answer.h"
#include "border.h"
#include "deadline.h"
#include "dialog.h"
#include "input.h"
#include "os/host.h"
#include "transfer.h"

enum {
	GOODBYE_MS = 500,
	FINISH_MS = 2 * GOODBYE_MS,
	SOCKETS_MAX = 8,
	/* All that is said of recipients fits into what the caller keeps. */
	WORDS_MAX = 400,
	WORDS_MIN = 16,
	WORDS_TOTAL = 8000,
};

struct session {
	struct transfer transfer;
	struct dialog dialog;
	const struct body *body;
	size_t sent; /* bytes of the body */
	struct curl_slist *rcpts;
	int64_t end_ms; /* on the deadline's clock */
	/* Open now: one, or two while libcurl tries IPv6 and IPv4 at once. */
	curl_socket_t sockets[SOCKETS_MAX];
	size_t socket_count;
	enum tls tls;
	int64_t starttls_ms; /* when STARTTLS was agreed to, or 0 */
	size_t words_max;    /* of the answer to one recipient */
};

/*
 * Where to cut the next piece.  libcurl (7.88 at least) ends a message with
 * CR CR LF when its pieces are cut between the last CR and LF; so none is cut
 * where its search for CR LF DOT could be half-way, if that can be helped.
 */
static size_t
piece_size(const char *data, size_t left, size_t room)
{
	size_t n = room;

	if (left <= room)
		return left;
	while (n > 1 && strchr("\r\n.", data[n - 1]))
		n--;
	if (n == 1)
		n = data[room - 1] == '\r' ? room - 1 : room;
	return n;
}

static size_t
body_give(char *buffer, size_t size, size_t count, void *data)
{
	struct session *s = data;
	const char *piece = s->body->data + s->sent;
	size_t n = piece_size(piece, s->body->size - s->sent, size * count);

	memcpy(buffer, piece, n);
	s->sent += n;
	return n;
}

static int
socket_opened(void *data, curl_socket_t fd, curlsocktype purpose)
{
	struct session *s = data;

	if (s->socket_count < SOCKETS_MAX)
		s->sockets[s->socket_count++] = fd;
	return CURL_SOCKOPT_OK;
}

static int
socket_close(void *data, curl_socket_t fd)
{
	struct session *s = data;

	for (size_t i = 0; i < s->socket_count; i++)
		if (s->sockets[i] == fd)
			s->sockets[i--] = s->sockets[--s->socket_count];
	return close(fd);
}

/*
 * QUIT was sent.  libcurl would wait for its reply for two minutes, heeding no
 * time limit; it gets half a second, and then reads what has come by then.
 */
static void
session_part(const struct session *s)
{
	for (size_t i = 0; i < s->socket_count; i++) {
		struct pollfd fd = {.fd = s->sockets[i], .events = POLLIN};

		poll(&fd, 1, GOODBYE_MS);
		shutdown(fd.fd, SHUT_RD);
	}
}

/* A reply is complete; what cannot wait until the end is said here. */
static void
session_tell(struct session *s)
{
	const struct dialog *d = &s->dialog;

	if (d->step == DIALOG_STARTTLS && d->code < 300)
		s->starttls_ms = deadline_now_ms();
	if (d->is_taken) {
		answer_note(EX_OK, d->words.data);
		answer_say("%s", d->words.data);
		deadline_finish(EX_OK, FINISH_MS);
	} else if (d->step == DIALOG_RCPT && dialog_is_refusal(d)) {
		answer_say("%s %s: %.*s",
		    d->code < 500 ? "deferred" : "refused", d->rcpt,
		    (int)text_cut(d->words.data, d->words.length, s->words_max),
		    d->words.data);
	}
}

/* Overhears the session; see dialog. */
static int
session_overhear(
    CURL *curl, curl_infotype type, char *bytes, size_t size, void *data)
{
	struct session *s = data;

	if (type == CURLINFO_HEADER_OUT) {
		dialog_command(&s->dialog, bytes, size);
		if (s->dialog.is_over)
			session_part(s);
	} else if (type == CURLINFO_HEADER_IN) {
		if (dialog_reply(&s->dialog, bytes, size))
			session_tell(s);
	}
	return 0;
}

/*
 * A handshake that hangs, where the message may go without TLS, gets half of
 * what was left when it began.  Called once a second and at each progress.
 */
static int
session_check_time(void *data, curl_off_t down, curl_off_t downloaded,
    curl_off_t up, curl_off_t uploaded)
{
	const struct session *s = data;

	if (s->tls != TLS_OPPORTUNISTIC || !s->starttls_ms ||
	    s->dialog.step != DIALOG_STARTTLS)
		return 0;
	return deadline_now_ms() - s->starttls_ms >
	       (s->end_ms - s->starttls_ms) / 2;
}

/* Is the server this host, by the address that the URL gives?  HOST:PORT. */
static bool
is_local(const char *server)
{
	size_t length = (size_t)(strrchr(server, ':') - server);
	struct in_addr address;
	char host[64];

	if (length >= sizeof(host))
		return false;
	memcpy(host, server, length);
	host[length] = '\0';
	return !strcasecmp(host, "localhost") || !strcmp(host, "[::1]") ||
	       (inet_pton(AF_INET, host, &address) == 1 &&
		   ntohl(address.s_addr) >> 24 == 127);
}

static void
session_set_tls(struct session *s, const char *url, enum tls tls)
{
	static const long uses[] = {
	    [TLS_NONE] = CURLUSESSL_NONE,
	    [TLS_OPPORTUNISTIC] = CURLUSESSL_TRY,
	    [TLS_REQUIRED] = CURLUSESSL_ALL,
	};
	bool is_checked = tls == TLS_REQUIRED || !strncasecmp(url, "smtps:", 6);
	CURL *curl = s->transfer.curl;

	curl_easy_setopt(curl, CURLOPT_USE_SSL, uses[tls]);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, is_checked ? 1L : 0L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, is_checked ? 2L : 0L);
}

static int
session_set_login(struct session *s, const struct job *job, struct text *words)
{
	CURL *curl = s->transfer.curl;
	char password[SECRET_SIZE];
	int status;

	if (!job->username)
		return EX_OK;
	if (!job->password_file)
		return answer_fail(
		    words, EX_CONFIG, "a username without a password_file");
	status = secret_read(job->password_file, password, words);
	if (status != EX_OK)
		return status;
	curl_easy_setopt(curl, CURLOPT_USERNAME, job->username);
	curl_easy_setopt(curl, CURLOPT_PASSWORD, password);
	explicit_bzero(password, sizeof(password));
	return EX_OK;
}

static int
session_set_envelope(
    struct session *s, const struct job *job, struct text *words)
{
	CURL *curl = s->transfer.curl;

	for (size_t i = 0; i < job->rcpt_count; i++) {
		struct curl_slist *more =
		    curl_slist_append(s->rcpts, job->rcpts[i]);

		if (!more)
			return answer_fail(words, EX_TEMPFAIL, "out of memory");
		s->rcpts = more;
	}
	if (job->rcpt_count)
		s->words_max = WORDS_TOTAL / job->rcpt_count;
	if (s->words_max > WORDS_MAX)
		s->words_max = WORDS_MAX;
	if (s->words_max < WORDS_MIN)
		s->words_max = WORDS_MIN;
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, job->from);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, s->rcpts);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, body_give);
	curl_easy_setopt(curl, CURLOPT_READDATA, s);
	curl_easy_setopt(
	    curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)s->body->size);
	curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, session_overhear);
	curl_easy_setopt(curl, CURLOPT_DEBUGDATA, s);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, socket_opened);
	curl_easy_setopt(curl, CURLOPT_SOCKOPTDATA, s);
	curl_easy_setopt(curl, CURLOPT_CLOSESOCKETFUNCTION, socket_close);
	curl_easy_setopt(curl, CURLOPT_CLOSESOCKETDATA, s);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, session_check_time);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, s);
	/* Say goodbye within curl_easy_perform(), where it is overheard. */
	curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
	return EX_OK;
}

/* What became of it, in words and as a status. */
static int
session_judge(struct session *s, CURLcode code, struct text *words)
{
	const struct dialog *d = &s->dialog;

	if (d->is_taken)
		return EX_OK;
	if (dialog_is_refusal(d)) {
		text_addf(words, "%s (%s, at %s)", d->words.data,
		    s->transfer.server, dialog_step_name(d));
		if (dialog_advice(d))
			text_addf(words, "; %s", dialog_advice(d));
		return dialog_status(d);
	}
	if (code == CURLE_OK)
		code = CURLE_RECV_ERROR;
	transfer_describe(&s->transfer, code, words);
	text_addf(words, ", at %s", dialog_step_name(d));
	if (d->words.length && !d->code)
		text_addf(words, ", after: %s", d->words.data);
	return transfer_status(code);
}

/* One session.  Returns its result; see smtp_deliver(). */
static int
session_run(
    struct session *s, const char *url, enum tls tls, struct text *words)
{
	CURL *curl = s->transfer.curl;
	int64_t left_ms = s->end_ms - deadline_now_ms();
	CURLcode code;

	left_ms = left_ms > 1 ? left_ms : 1;
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)left_ms);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)left_ms);
	s->tls = tls;
	s->starttls_ms = 0;
	dialog_init(&s->dialog);
	s->sent = 0;
	session_set_tls(s, url, tls);
	code = curl_easy_perform(curl);
	return session_judge(s, code, words);
}

static int
session_deliver(struct session *s, const char *url, const struct job *job,
    struct text *words)
{
	enum tls tls = job->username && job->tls == TLS_OPPORTUNISTIC &&
			       !is_local(s->transfer.server)
			   ? TLS_REQUIRED
			   : job->tls;
	int status = session_run(s, url, tls, words);

	/* Did STARTTLS, agreed to by the server, come to nothing? */
	if (tls != TLS_OPPORTUNISTIC || s->dialog.step != DIALOG_STARTTLS ||
	    dialog_is_refusal(&s->dialog) || s->end_ms <= deadline_now_ms())
		return status;
	answer_say("TLS failed, trying without: %s", words->data);
	text_clear(words);
	return session_run(s, url, TLS_NONE, words);
}

/*
 * The name for EHLO is what libcurl takes from the URL's path: the URL's own,
 * the job's, the host's full name, or the address that the server sees.
 * Returns a URL to be freed with curl_free(); NULL: it is no URL.
 */
static char *
url_with_name(const char *url, const struct job *job)
{
	char own[HOST_NAME_SIZE] = "", name[HOST_NAME_SIZE + 1] = "/";
	CURLU *parts = curl_url();
	char *host = NULL, *path = NULL, *whole = NULL;

	if (curl_url_set(parts, CURLUPART_URL, url, 0) ||
	    curl_url_get(parts, CURLUPART_HOST, &host, 0) ||
	    curl_url_get(parts, CURLUPART_PATH, &path, 0))
		goto end;
	gethostname(own, sizeof(own) - 1);
	if (job->helo)
		snprintf(name + 1, sizeof(name) - 1, "%s", job->helo);
	else if (!host_full_name(own, "/etc/hosts", name + 1)) {
		host[strcspn(host, "]")] = '\0';
		host_address(host + (*host == '['), name + 1);
	}
	if (!path[1])
		curl_url_set(parts, CURLUPART_PATH, name, CURLU_URLENCODE);
	curl_url_get(parts, CURLUPART_URL, &whole, 0);
end:
	curl_free(host);
	curl_free(path);
	curl_url_cleanup(parts);
	return whole;
}

int
smtp_deliver(const char *url, const struct job *job, const struct body *body,
    int64_t limit_ms, struct text *words)
{
	struct session s = {
	    .body = body, .end_ms = deadline_now_ms() + limit_ms};
	char *named;
	int status;

	if (strchr(url, '@'))
		return answer_fail(words, EX_CONFIG,
		    "url: a user and password belong in "
		    "username and password_file");
	named = url_with_name(url, job);
	if (!(status = transfer_open(&s.transfer, named ? named : url,
		  "smtp,smtps", job, limit_ms, words)) &&
	    !(status = session_set_login(&s, job, words)) &&
	    !(status = session_set_envelope(&s, job, words)) &&
	    !(status = border_leave_root(words)))
		status = session_deliver(&s, url, job, words);
	transfer_close(&s.transfer);
	curl_slist_free_all(s.rcpts);
	curl_free(named);
	return status;
}
