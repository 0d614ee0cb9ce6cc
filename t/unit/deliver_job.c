/* The job parser: what it takes, what it refuses, and with which words. */
#include <stdlib.h>

#include "deliver/job.h"
#include "runner_notify.h"
#include "tap.h"

#define MAIL_TAIL "from a@b\ntimeout_ms 1000\nunique u\n"
#define MAIL "kind mail\nurl maildir:/m\n" MAIL_TAIL
#define SMTP "kind mail\nurl smtp://h\nrcpt c@d\n" MAIL_TAIL
#define HOOK "kind webhook\nurl https://h/x\ntimeout_ms 1000\n"
#define COMMAND_TAIL "kind command\ntimeout_ms 1000\n"
#define PING "kind ping\nurl https://h/x\ntimeout_ms 1000\n"

/* Parses a copy that is exactly as long as it may be written to. */
static int
parse(struct job *job, const char *text, size_t size, char **copy, char *why)
{
	*copy = malloc(size + 1);
	memcpy(*copy, text, size);
	why[0] = '\0';
	return job_parse(job, *copy, size, why, 256);
}

static void
test_accepted(void)
{
	static const struct {
		const char *name, *text;
	} rows[] = {
	    {"a Maildir needs no recipient", MAIL},
	    {"SMTP with a recipient", SMTP},
	    {"sendmail with a recipient",
		"kind mail\nurl sendmail:/x\nrcpt c@d\n" MAIL_TAIL},
	    {"several urls",
		"kind mail\nurl smtp://h\nurl maildir:/m\nrcpt c\n" MAIL_TAIL},
	    {"the null sender", "kind mail\nurl maildir:/m\nfrom \n"
				"timeout_ms 1\nunique u\n"},
	    {"a quoted local part with a space", SMTP "rcpt \"a b\"@c\n"},
	    {"an address in UTF-8", SMTP "rcpt j\xc3\xb6rg@b\n"},
	    {"everything that mail knows", SMTP
		"username u\npassword_file /p\ntls required\nca_file /c\n"},
	    {"keys in any order after kind", "kind mail\nunique u\nfrom a\n"
					     "timeout_ms 1\nurl maildir:/m\n"},
	    {"a webhook", HOOK},
	    {"a webhook with headers", HOOK "header A: b\nheader C: @/f\n"},
	    {"a webhook of files", "kind webhook\nurl_file /u\nsecret_file /s\n"
				   "template /t\ntimeout_ms 1\n"},
	    {"a webhook whose template has the url",
		"kind webhook\ntemplate /t\ntimeout_ms 1\n"},
	    {"a command", COMMAND_TAIL "word \"/x\"\nword \"\"\ncwd /\n"},
	    {"whom to become", HOOK "user nobody\n"},
	    {"a name for EHLO", SMTP "helo mail.example.org\n"},
	    {"a ping", PING},
	    {"a ping with a ca_file", PING "ca_file /c\n"},
	    {"the longest time", "kind ping\nurl x\ntimeout_ms 86400000\n"},
	};
	struct job job;
	char why[256], *copy;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int bad =
		    parse(&job, rows[i].text, strlen(rows[i].text), &copy, why);

		tap_ok(!bad, "accepted: %s", rows[i].name);
		if (bad)
			printf("# %s\n", why);
		free(copy);
	}
}

static void
test_refused(void)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
	    {"", "job: kind is missing"},
	    {"kind ping\ntimeout_ms 1\n", "job: url is missing"},
	    {"kind ping\ndialect nagios\n",
		"job, line 2: dialect is not healthchecks, "
		"cronitor, sentry or kuma"},
	    {"kind ping\nstate begin\n",
		"job, line 2: state is not start, success, fail or test"},
	    {"kind ping\nfield id 3\n", "job, line 2: field is no NAME VALUE"},
	    {"kind ping\nfield rid\n", "job, line 2: field is no NAME VALUE"},
	    {"kind mail\nurl_file /x\n",
		"job, line 2: url_file does not belong to this kind"},
	    {"kind mail", "job, line 1: job ends within a line"},
	    {"\n", "job, line 1: line is not KEY VALUE"},
	    {"kind\n", "job, line 1: line is not KEY VALUE"},
	    {" mail\n", "job, line 1: line has an unknown key"},
	    {"kind fax\n",
		"job, line 1: kind is not mail, webhook, command or ping"},
	    {"kind  mail\n",
		"job, line 1: kind is not mail, webhook, command or ping"},
	    {"url x\n", "job, line 1: url comes before kind"},
	    {"KIND mail\n", "job, line 1: line has an unknown key"},
	    {"kind mail\nkind mail\n", "job, line 2: kind is given twice"},
	    {"kind mail\ncolour red\n", "job, line 2: line has an unknown key"},
	    {"kind mail\n" MAIL_TAIL, "job: url is missing"},
	    {"kind ping\ntimeout_ms 1\n", "job: url is missing"},
	    {"kind webhook\ntimeout_ms 1\n", "job: url is missing"},
	    {COMMAND_TAIL, "job: word is missing"},
	    {COMMAND_TAIL "word x\n", "job, line 3: word is not a JSON string"},
	    {COMMAND_TAIL "word \"a\\u0000\"\n",
		"job, line 3: word holds a NUL"},
	    {COMMAND_TAIL "word \"a\"\nurl x\n",
		"job, line 4: url does not belong to this kind"},
	    {HOOK "secret_file \n", "job, line 4: secret_file is empty"},
	    {"kind mail\nurl maildir:/m\n", "job: from is missing"},
	    {"kind mail\nurl maildir:/m\nfrom a\nunique u\n",
		"job: timeout_ms is missing"},
	    {"kind mail\nurl maildir:/m\nfrom a\ntimeout_ms 1\n",
		"job: unique is missing"},
	    {"kind mail\nurl smtp://h\n" MAIL_TAIL, "job: rcpt is missing"},
	    {"kind mail\nurl maildir:/m\nurl smtp://h\n" MAIL_TAIL,
		"job: rcpt is missing"},
	    {MAIL "from c\n", "job, line 6: from is given twice"},
	    {MAIL "timeout_ms 5\n", "job, line 6: timeout_ms is given twice"},
	    {MAIL "header A: b\n",
		"job, line 6: header does not belong to this kind"},
	    {HOOK "rcpt a@b\n",
		"job, line 4: rcpt does not belong to this kind"},
	    {HOOK "url https://other\n", "job, line 4: url is given too often"},
	    {PING "header A: b\n",
		"job, line 4: header does not belong to this kind"},
	    {MAIL "rcpt \n", "job, line 6: rcpt is empty"},
	    {MAIL "rcpt a@b> NOTIFY=NEVER\n",
		"job, line 6: rcpt is not a bare address"},
	    {MAIL "rcpt Anna <a@b>\n",
		"job, line 6: rcpt is not a bare address"},
	    {MAIL "rcpt a b\n", "job, line 6: rcpt is not a bare address"},
	    {MAIL "rcpt a@b\rDATA\n",
		"job, line 6: rcpt holds a control character"},
	    {MAIL "rcpt a\x7f@b\n",
		"job, line 6: rcpt holds a control character"},
	    {MAIL "rcpt \xff@b\n", "job, line 6: rcpt is not UTF-8"},
	    {MAIL "tls maybe\n",
		"job, line 6: tls is not none, opportunistic or required"},
	    {MAIL "username \n", "job, line 6: username is empty"},
	    {MAIL "password_file \n", "job, line 6: password_file is empty"},
	    {MAIL "ca_file \n", "job, line 6: ca_file is empty"},
	    {"kind mail\nunique a/b\n",
		"job, line 2: unique is not [A-Za-z0-9._-]+"},
	    {"kind mail\nunique \n",
		"job, line 2: unique is not [A-Za-z0-9._-]+"},
	    {"kind ping\ntimeout_ms 0\n", "job, line 2: timeout_ms is not a "
					  "number of milliseconds, 1 to "
					  "86400000"},
	    {"kind ping\ntimeout_ms -1\n", "job, line 2: timeout_ms is not a "
					   "number of milliseconds, 1 to "
					   "86400000"},
	    {"kind ping\ntimeout_ms 86400001\n", "job, line 2: timeout_ms is "
						 "not a number of milliseconds"
						 ", 1 to 86400000"},
	};
	struct job job;
	char why[256], *copy;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int bad =
		    parse(&job, rows[i].text, strlen(rows[i].text), &copy, why);

		tap_is(bad ? why : "accepted", rows[i].why, "refused: %s",
		    rows[i].why);
		free(copy);
	}
}

/* Sizes, and bytes that are none. */
static void
test_bounds(void)
{
	static char big[RUNNER_NOTIFY_JOB_SIZE + 2];
	size_t size = (size_t)snprintf(big, sizeof(big), "%s", MAIL);
	struct job job;
	char why[256], *copy;

	tap_ok(parse(&job, "kind mail\0\n", 11, &copy, why) == -1 &&
		   strstr(why, "NUL"),
	    "a NUL is refused");
	free(copy);
	while (size + 9 < RUNNER_NOTIFY_JOB_SIZE)
		size += (size_t)sprintf(big + size, "rcpt abc\n");
	tap_ok(parse(&job, big, size, &copy, why) == -1 &&
		   strstr(why, "too often"),
	    "more recipients than there is room for are refused");
	free(copy);
	size = (size_t)snprintf(big, sizeof(big), "%s", MAIL);
	for (int i = 0; i < RUNNER_NOTIFY_RCPTS_MAX; i++)
		size += (size_t)sprintf(big + size, "rcpt %03d\n", i);
	tap_ok(!parse(&job, big, size, &copy, why) &&
		   job.rcpt_count == RUNNER_NOTIFY_RCPTS_MAX &&
		   !strcmp(job.rcpts[RUNNER_NOTIFY_RCPTS_MAX - 1], "999"),
	    "as many as there is room for are all there");
	free(copy);
	memset(big, 'x', sizeof(big));
	tap_ok(parse(&job, big, RUNNER_NOTIFY_JOB_SIZE + 1, &copy, why) == -1 &&
		   strstr(why, "too long"),
	    "a job beyond RUNNER_NOTIFY_JOB_SIZE is refused");
	free(copy);
}

static void
test_values(void)
{
	struct job job;
	char why[256], *copy;
	const char *text = "kind mail\nurl smtp://h:25\nurl maildir:/m n\n"
			   "rcpt c@d\nrcpt e@f\nusername me and you\n"
			   "password_file /p q\ntls none\n" MAIL_TAIL;

	tap_ok(!parse(&job, text, strlen(text), &copy, why), "a job: %s", why);
	tap_ok(job.kind == JOB_MAIL, "its kind");
	tap_is_int((long long)job.url_count, 2, "its urls");
	tap_is(job.urls[1], "maildir:/m n", "in order, blanks and all");
	tap_is_int((long long)job.rcpt_count, 2, "its recipients");
	tap_is(job.rcpts[0], "c@d", "in order");
	tap_is(job.from, "a@b", "its sender");
	tap_is(job.username, "me and you", "its username");
	tap_is(job.password_file, "/p q", "its password_file");
	tap_ok(job.tls == TLS_NONE, "its tls");
	tap_is_int(job.timeout_ms, 1000, "its time limit");
	tap_is(job.unique, "u", "its name");
	tap_is(job.ca_file, NULL, "what is not given is NULL");
	free(copy);
	tap_ok(!parse(&job, MAIL, strlen(MAIL), &copy, why) &&
		   job.tls == TLS_OPPORTUNISTIC,
	    "tls is opportunistic when nothing is said");
	free(copy);
	tap_is(job_url_rest("maildir:/a", "maildir:"), "/a", "a url's rest");
	tap_is(job_url_rest("maildi", "maildir:"), NULL, "or none");
}

/* Words of a command keep every character that a word may have. */
static void
test_words(void)
{
	static const char text[] =
	    COMMAND_TAIL "word \"a\\n\\\"b\\u00e4\"\nword \"%{text}\"\n";
	struct job job;
	char why[256], *copy;

	tap_ok(
	    !parse(&job, text, strlen(text), &copy, why) && job.word_count == 2,
	    "two words: %s", why);
	tap_is(job.words[0], "a\n\"b\xc3\xa4", "the first, decoded");
	tap_is(job.words[1], "%{text}", "the second, as it is");
	free(copy);
}

int
main(void)
{
	test_accepted();
	test_words();
	test_refused();
	test_bounds();
	test_values();
	return tap_done();
}
