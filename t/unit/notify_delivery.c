/* delivery: each job that is made is one that runner-notify takes. */
#include "deliver/job.h"
#include "notify/delivery.h"
#include "tap.h"

/* As a configuration owns its strings. */
#define S(words) ((char[]){words})

static char *none[] = {NULL};
static char *admins[] = {
    S("Ben <ben@example.org>"), S("anna@example.org"), NULL};
static char *urls[] = {S("smtp://a:25"), S("maildir:/m"), NULL};
static char *headers[] = {S("X-A: 1"), S("Authorization: @/k"), NULL};
static char *command[] = {S("tell"), S(""), S("a \"b\"\n%{task}"), NULL};
static struct webhook_settings webhooks[] = {
    {.name = S("ops"),
	.url_file = S("/u"),
	.secret_file = S("/s"),
	.body = S("/own"),
	.only = none,
	.headers = headers},
    {.url = S("https://h/x"), .only = none, .headers = none},
};
static const struct config config = {
    .project_root = S("/srv/x"),
    .mail = {.admins = admins,
	.urls = urls,
	.from = S("R <r@example.org>"),
	.username = S("u"),
	.password_file = S("/p"),
	.tls = TLS_REQUIRED,
	.ca_file = S("/ca"),
	.timeout_ms = 5000,
	.helo = S("h.example.org")},
    .webhooks = webhooks,
    .webhook_count = 2,
    .notify_command = command,
};

static void
test_jobs(void)
{
	static const struct {
		const char *channel, *only;
		size_t verdict_at;
		const char *want;
	} rows[] = {
	    {"mail", NULL, 700,
		"kind mail\nuser joe\nurl smtp://a:25\nurl maildir:/m\n"
		"from r@example.org\nrcpt ben@example.org\n"
		"rcpt anna@example.org\nusername u\npassword_file /p\n"
		"tls required\nhelo h.example.org\nunique 1.x\nca_file /ca\n"
		"verdict_at 700\ntimeout_ms 5000\n"},
	    {"mail", "b@x c@x", 0,
		"kind mail\nuser joe\nurl smtp://a:25\nurl maildir:/m\n"
		"from r@example.org\nrcpt b@x\nrcpt c@x\nusername u\n"
		"password_file /p\ntls required\nhelo h.example.org\n"
		"unique 1.x\nca_file /ca\ntimeout_ms 5000\n"},
	    {"webhook ops", NULL, 700,
		"kind webhook\nuser joe\nurl_file /u\nsecret_file /s\n"
		"template /own\nheader X-A: 1\nheader Authorization: @/k\n"
		"ca_file /ca\nverdict_at 700\ntimeout_ms 30000\n"},
	    {"webhook", NULL, 0,
		"kind webhook\nuser joe\nurl https://h/x\nca_file /ca\n"
		"timeout_ms 30000\n"},
	    {"notify_command", NULL, 700,
		"kind command\nuser joe\ncwd /srv/x\nword \"tell\"\nword \"\"\n"
		"word \"a \\\"b\\\"\\n%{task}\"\nverdict_at 700\n"
		"timeout_ms 30000\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char buffer[DELIVERY_JOB_SIZE + 1], why[256] = "";
		struct channel channel;
		struct delivery d = {.channel = &channel,
		    .config = &config,
		    .admins = admins,
		    .user = "joe",
		    .unique = "1.x",
		    .only = rows[i].only,
		    .verdict_at = rows[i].verdict_at};
		struct text t;
		struct job job;
		int64_t timeout_ms;

		tap_ok(channel_find(&config, rows[i].channel, &channel),
		    "there is a channel %s", rows[i].channel);
		text_init(&t, buffer, sizeof(buffer) - 1);
		timeout_ms = delivery_make_job(&d, &t);
		tap_is(t.data, rows[i].want, "the job of row %zu", i);
		tap_ok(!job_parse(&job, t.data, t.length, why, sizeof(why)) &&
			   job.timeout_ms == timeout_ms &&
			   job.verdict_at == (int64_t)rows[i].verdict_at,
		    "is one %s", why);
	}
}

static void
test_pings(void)
{
	static const struct ping_event event = {.task = "t",
	    .url = "https://h/p",
	    .dialect = PING_SENTRY,
	    .state = PING_FAIL,
	    .rid = "r",
	    .duration_ms = 1500,
	    .exit = 3,
	    .message = "two\nlines"};
	char buffer[DELIVERY_JOB_SIZE + 1], why[256] = "";
	struct text t;
	struct job job;

	text_init(&t, buffer, sizeof(buffer) - 1);
	delivery_make_ping_job(&t, &event, "c");
	tap_ok(!job_parse(&job, t.data, t.length, why, sizeof(why)),
	    "a ping is a job %s", why);
	tap_ok(job.state == PING_FAIL && job.dialect == PING_SENTRY &&
		   !strcmp(job.fields[PING_DURATION_MS], "1500") &&
		   !job.fields[PING_MESSAGE],
	    "what cannot be in a line is left out of it");
}

int
main(void)
{
	test_jobs();
	test_pings();
	return tap_done();
}
