#include "dialog.h"

#include <string.h>
#include <strings.h>
#include <sysexits.h>

static const struct {
	const char *verb;
	enum dialog_step step;
} verbs[] = {
    {"EHLO ", DIALOG_EHLO},
    {"HELO ", DIALOG_EHLO},
    {"STARTTLS", DIALOG_STARTTLS},
    {"AUTH ", DIALOG_AUTH},
    {"MAIL FROM:", DIALOG_MAIL},
    {"RCPT TO:", DIALOG_RCPT},
    {"DATA", DIALOG_DATA},
};

void
dialog_init(struct dialog *d)
{
	*d = (struct dialog){.step = DIALOG_GREETING};
	text_init(&d->words, d->buffer, sizeof(d->buffer));
}

/* The address in "RCPT TO:<ADDRESS>...". */
static void
rcpt_keep(struct dialog *d, const char *bytes, size_t size)
{
	const char *start = memchr(bytes, '<', size);
	const char *end =
	    start ? memchr(start, '>', size - (size_t)(start - bytes)) : NULL;
	size_t length = end ? (size_t)(end - start) - 1 : 0;

	if (length >= sizeof(d->rcpt))
		length = sizeof(d->rcpt) - 1;
	if (length)
		memcpy(d->rcpt, start + 1, length);
	d->rcpt[length] = '\0';
}

void
dialog_command(struct dialog *d, const char *bytes, size_t size)
{
	bool is_continued = d->step == DIALOG_AUTH && d->code == 334;

	if (size >= 4 && !strncasecmp(bytes, "QUIT", 4) && !is_continued)
		d->is_over = true;
	if (d->is_over)
		return;
	d->is_open = false;
	d->code = 0;
	text_clear(&d->words);
	/* The client's half of AUTH could spell anything in its base64. */
	if (is_continued)
		return;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		size_t length = strlen(verbs[i].verb);

		if (size < length || strncasecmp(bytes, verbs[i].verb, length))
			continue;
		d->step = verbs[i].step;
		if (d->step == DIALOG_RCPT)
			rcpt_keep(d, bytes, size);
		return;
	}
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The length of an enhanced status code and its space (RFC 2034), or 0. */
static size_t
enhanced_length(const char *text, size_t size)
{
	size_t i = 0;
	int dots = 0;

	for (; i < size && (is_digit(text[i]) || text[i] == '.'); i++)
		dots += text[i] == '.';
	return dots == 2 && i < size && text[i] == ' ' ? i + 1 : 0;
}

/* Adds a line to the words; later lines without their codes. */
static void
words_add(struct dialog *d, const char *line, size_t size)
{
	if (d->is_open && size > 4) {
		size_t skip = 4 + enhanced_length(line + 4, size - 4);

		text_add_string(&d->words, " ");
		answer_add(&d->words, line + skip, size - skip);
	} else if (!d->is_open) {
		text_clear(&d->words);
		answer_add(&d->words, line, size < 3 ? size : 3);
		text_add_string(&d->words, size > 4 ? " " : "");
		if (size > 4)
			answer_add(&d->words, line + 4, size - 4);
	}
}

static bool
is_about_auth(int code)
{
	return code == 530 || code == 534 || code == 535 || code == 538;
}

/* Does the refusal mean us and not the message? */
static bool
is_about_us(const struct dialog *d)
{
	const char *enhanced = d->words.length > 4 ? d->words.data + 4 : "";

	/* 552 at MAIL: the message is too large. */
	if (d->step <= DIALOG_MAIL)
		return d->step < DIALOG_MAIL || d->code != 552;
	/* 5.5.0 is also what some say of a mailbox, with 550. */
	return is_about_auth(d->code) || d->code == 503 || d->code == 504 ||
	       !strncmp(enhanced, "5.1.7 ", 6) ||
	       !strncmp(enhanced, "5.1.8 ", 6) ||
	       (d->code < 503 && !strncmp(enhanced, "5.5.", 4));
}

const char *
dialog_advice(const struct dialog *d)
{
	if (d->code < 500 || !is_about_us(d))
		return NULL;
	if (d->code == 530 && d->words.data && strstr(d->words.data, "TLS"))
		return "the server wants TLS: set tls = required";
	if (d->code == 530)
		return "the server wants a login: set username and "
		       "password_file";
	if (is_about_auth(d->code) || d->step == DIALOG_AUTH)
		return "check username and password_file";
	if (d->code == 504 || d->step == DIALOG_EHLO)
		return "set helo to a full host name that the server accepts";
	if (d->step == DIALOG_MAIL || !strncmp(d->words.data + 4, "5.1.", 4))
		return "set from to an address that the server accepts";
	return NULL;
}

/* A reply is complete: count what it decides. */
static void
reply_count(struct dialog *d)
{
	if (d->step == DIALOG_RCPT) {
		if (d->code < 300)
			d->accepted++;
		else if (d->code < 500 || is_about_auth(d->code))
			d->deferred++;
		else
			d->refused++;
	} else if (d->step == DIALOG_DATA && d->code == 354) {
		d->step = DIALOG_END_OF_DATA;
	} else if (d->step == DIALOG_END_OF_DATA && d->code < 300) {
		d->is_taken = true;
	}
}

bool
dialog_reply(struct dialog *d, const char *bytes, size_t size)
{
	if (d->is_over)
		return false;
	while (size && (bytes[size - 1] == '\n' || bytes[size - 1] == '\r'))
		size--;
	if (size < 3 || bytes[0] < '2' || bytes[0] > '5' ||
	    !is_digit(bytes[1]) || !is_digit(bytes[2]) ||
	    (size > 3 && bytes[3] != ' ' && bytes[3] != '-')) {
		if (!d->is_open && !d->code && !d->words.length)
			answer_add(&d->words, bytes, size);
		return false;
	}
	words_add(d, bytes, size);
	d->is_open = size > 3 && bytes[3] == '-';
	if (d->is_open)
		return false;
	d->code =
	    (bytes[0] - '0') * 100 + (bytes[1] - '0') * 10 + (bytes[2] - '0');
	reply_count(d);
	return true;
}

bool
dialog_is_refusal(const struct dialog *d)
{
	return !d->is_open && d->code >= 400;
}

int
dialog_status(const struct dialog *d)
{
	if (d->is_taken)
		return EX_OK;
	if (!dialog_is_refusal(d) || d->code < 500)
		return EX_TEMPFAIL;
	if (is_about_us(d))
		return EX_CONFIG;
	if (d->step == DIALOG_RCPT && d->deferred)
		return EX_TEMPFAIL;
	return EX_UNAVAILABLE;
}

const char *
dialog_step_name(const struct dialog *d)
{
	static const char *const names[] = {"greeting", "EHLO", "STARTTLS",
	    "AUTH", "MAIL", "RCPT", "DATA", "end of data"};

	return names[d->step];
}
