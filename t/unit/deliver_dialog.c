/* What an SMTP session means: every step x every class of reply, and words. */
#include <sysexits.h>

#include "deliver/dialog.h"
#include "tap.h"

static void
say(struct dialog *d, const char *command)
{
	dialog_command(d, command, strlen(command));
}

static bool
hear(struct dialog *d, const char *line)
{
	return dialog_reply(d, line, strlen(line));
}

/* The normal session, up to and without the reply to `step`. */
static void
session(struct dialog *d, enum dialog_step step)
{
	static const char *const commands[] = {NULL, "EHLO x\r\n",
	    "STARTTLS\r\n", "AUTH PLAIN\r\n", "MAIL FROM:<a@b> SIZE=3\r\n",
	    "RCPT TO:<c@d>\r\n", "DATA\r\n"};
	static const char *const replies[] = {"220 hi\r\n", "250 ok\r\n",
	    "220 go\r\n", "235 ok\r\n", "250 ok\r\n", "250 ok\r\n",
	    "354 go\r\n"};

	dialog_init(d);
	for (int i = 0; i <= (int)step && i <= DIALOG_DATA; i++) {
		if (commands[i])
			say(d, commands[i]);
		if (i < (int)step)
			hear(d, replies[i]);
	}
}

static void
test_steps(void)
{
	static const int codes[] = {250, 354, 421, 450, 500, 530, 535, 550};
	/* Rows: the steps; columns: the codes. */
	enum { T = EX_TEMPFAIL, C = EX_CONFIG, U = EX_UNAVAILABLE, OK = EX_OK };
	static const int want[][8] = {
	    {T, T, T, T, C, C, C, C},  /* greeting */
	    {T, T, T, T, C, C, C, C},  /* EHLO */
	    {T, T, T, T, C, C, C, C},  /* STARTTLS */
	    {T, T, T, T, C, C, C, C},  /* AUTH */
	    {T, T, T, T, C, C, C, C},  /* MAIL */
	    {T, T, T, T, U, C, C, U},  /* RCPT */
	    {T, T, T, T, U, C, C, U},  /* DATA */
	    {OK, T, T, T, U, C, C, U}, /* end of data */
	};
	struct dialog d;
	char line[16];

	for (int step = 0; step <= DIALOG_END_OF_DATA; step++)
		for (int i = 0; i < 8; i++) {
			session(&d, (enum dialog_step)step);
			snprintf(line, sizeof(line), "%d x\r\n", codes[i]);
			hear(&d, line);
			tap_is_int(dialog_status(&d), want[step][i], "%d at %s",
			    codes[i], dialog_step_name(&d));
			say(&d, "QUIT\r\n");
			hear(&d, "554 5.0.0 never\r\n");
			tap_is_int(dialog_status(&d), want[step][i],
			    "%d, whatever comes after QUIT", codes[i]);
		}
}

static void
test_recipients(void)
{
	static const struct {
		const char *replies[4];
		int status;
		const char *name;
	} rows[] = {
	    {{"550 a", "550 b"}, EX_UNAVAILABLE, "all refused for good"},
	    {{"450 a", "550 b"}, EX_TEMPFAIL, "the first one deferred"},
	    {{"550 a", "450 b"}, EX_TEMPFAIL, "the last one deferred"},
	    {{"530 a", "550 b"}, EX_TEMPFAIL, "AUTH wanted for one of them"},
	};
	struct dialog d;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		session(&d, DIALOG_MAIL);
		hear(&d, "250 ok\r\n");
		for (int j = 0; rows[i].replies[j]; j++) {
			say(&d, "RCPT TO:<x@y>\r\n");
			hear(&d, rows[i].replies[j]);
		}
		tap_is_int(dialog_status(&d), rows[i].status, "recipients: %s",
		    rows[i].name);
	}
	session(&d, DIALOG_MAIL);
	say(&d, "RCPT TO:<\"a b\"@c>\r\n");
	tap_is(d.rcpt, "\"a b\"@c", "the recipient is known");
	say(&d, "RCPT TO:no brackets\r\n");
	tap_is(d.rcpt, "", "nonsense is none");
}

static void
test_words(void)
{
	static const struct {
		const char *lines[4], *words;
		int code;
	} rows[] = {
	    {{"250 2.0.0 Ok: queued as 4F3\r\n"}, "250 2.0.0 Ok: queued as 4F3",
		250},
	    {{"250\r\n"}, "250", 250},
	    {{"250 \r\n"}, "250", 250},
	    {{"550-5.1.1 a\r\n", "550-5.1.1 b\r\n", "550 5.1.1 c\r\n"},
		"550 5.1.1 a b c", 550},
	    {{"550-a\r\n", "550\r\n"}, "550 a", 550},
	    {{"550-1.2 a\r\n", "550 3.4 b\r\n"}, "550 1.2 a 3.4 b", 550},
	    {{"550 a\tb\x1b[0m\x7f\r\n"}, "550 a b\\x1b[0m\\x7f", 550},
	    {{"550 \xc3\xa4\xc3\r\n"}, "550 \xc3\xa4\\xc3", 550},
	    {{"550 \xc2\x85 \xe2\x80\xa8\r\n"},
		"550 \\xc2\\x85 \\xe2\\x80\\xa8", 550},
	    {{"HTTP/1.1 200 OK\r\n"}, "HTTP/1.1 200 OK", 0},
	    {{"600 no\r\n"}, "600 no", 0},
	    {{"25\r\n"}, "25", 0},
	    {{"2500 ok\r\n"}, "2500 ok", 0},
	    {{"\r\n"}, "", 0},
	};
	struct dialog d;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		session(&d, DIALOG_EHLO);
		for (int j = 0; rows[i].lines[j]; j++)
			hear(&d, rows[i].lines[j]);
		tap_is(d.words.data, rows[i].words, "words: %s", rows[i].words);
		tap_is_int(d.code, rows[i].code, "and their code");
	}
	session(&d, DIALOG_EHLO);
	for (int i = 0; i < 100000; i++)
		hear(&d, "250-and so on and so on\r\n");
	tap_ok(d.words.length < sizeof(d.buffer), "words are bounded");
	tap_ok(!hear(&d, "250-more\r\n") && hear(&d, "250 done\r\n"),
	    "and their end is still seen");
}

static void
test_secrets(void)
{
	struct dialog d;

	session(&d, DIALOG_STARTTLS);
	say(&d, "AUTH LOGIN\r\n");
	hear(&d, "334 VXNlcm5hbWU6\r\n");
	say(&d, "DATA\r\n");
	tap_is(dialog_step_name(&d), "AUTH",
	    "a user whose base64 spells DATA does not change the step");
	hear(&d, "334 UGFzc3dvcmQ6\r\n");
	say(&d, "QUIT\r\n");
	tap_ok(!d.is_over, "nor does a password that spells QUIT");
	hear(&d, "535 no\r\n");
	tap_is_int(dialog_status(&d), EX_CONFIG, "AUTH refused");
	tap_is(d.words.data, "535 no", "and only the server is quoted");
}

int
main(void)
{
	test_steps();
	test_recipients();
	test_words();
	test_secrets();
	return tap_done();
}
