/* ping_url: the URL that each service is asked for, whatever the user's is. */
#include <string.h>

#include "base/ping_url.h"
#include "base/words.h"
#include "tap.h"

static const char *const run[PING_FIELDS] = {
    [PING_RID] = "RID",
    [PING_DURATION] = "1.25",
    [PING_DURATION_MS] = "1250",
    [PING_EXIT] = "3",
    [PING_MESSAGE] = "no route to host & more",
    [PING_TASK] = "t",
    [PING_CHAIN] = "c",
};

static const struct {
	enum ping_dialect dialect;
	enum ping_state state;
	const char *url, *want;
} rows[] = {
    /* The suffix goes to the path, whatever comes after it. */
    {PING_HEALTHCHECKS, PING_SUCCESS, "https://h/p", "https://h/p"},
    {PING_HEALTHCHECKS, PING_START, "https://h/p", "https://h/p/start"},
    {PING_HEALTHCHECKS, PING_FAIL, "https://h/p", "https://h/p/fail"},
    {PING_HEALTHCHECKS, PING_TEST, "https://h/p", "https://h/p/log"},
    {PING_HEALTHCHECKS, PING_START, "https://h/p/", "https://h/p/start"},
    {PING_HEALTHCHECKS, PING_START, "https://h/p//", "https://h/p/start"},
    {PING_HEALTHCHECKS, PING_SUCCESS, "https://h/p/", "https://h/p/"},
    {PING_HEALTHCHECKS, PING_START, "https://h", "https://h/start"},
    {PING_HEALTHCHECKS, PING_START, "https://h?create=1",
	"https://h/start?create=1"},
    {PING_HEALTHCHECKS, PING_FAIL, "https://h/p?rid=%{rid}",
	"https://h/p/fail?rid=RID"},
    {PING_HEALTHCHECKS, PING_FAIL, "https://h/p/?a=1&b=x/y#frag?no",
	"https://h/p/fail?a=1&b=x/y"},
    {PING_HEALTHCHECKS, PING_FAIL, "https://h/p#frag", "https://h/p/fail"},
    {PING_HEALTHCHECKS, PING_FAIL, "https://h/p?", "https://h/p/fail"},
    {PING_HEALTHCHECKS, PING_SUCCESS, "https://h/%{chain}-%{task}",
	"https://h/c-t"},
    {PING_HEALTHCHECKS, PING_SUCCESS, "https://h/p?m=%{message}",
	"https://h/p?m=no%20route%20to%20host%20%26%20more"},
    {PING_HEALTHCHECKS, PING_SUCCESS, "https://h/%41%{nothing}%{",
	"https://h/%41%{nothing}%{"},
    /* The others are told in the query. */
    {PING_CRONITOR, PING_START, "https://c/p/K/job",
	"https://c/p/K/job?state=run&series=RID"},
    {PING_CRONITOR, PING_SUCCESS, "https://c/p/K/job?env=prod",
	"https://c/p/K/job?env=prod&state=complete&series=RID"
	"&metric=duration:1.25"},
    {PING_CRONITOR, PING_FAIL, "https://c/p/K/job?state=run",
	"https://c/p/K/job?state=fail&series=RID&metric=duration:1.25"
	"&status_code=3&message=no%20route%20to%20host%20%26%20more"},
    {PING_SENTRY, PING_START, "https://o1.s/api/2/cron/m/k/",
	"https://o1.s/api/2/cron/m/k/?check_in_id=RID&status=in_progress"},
    {PING_SENTRY, PING_SUCCESS, "https://o1.s/api/2/cron/m/k/?environment=x",
	"https://o1.s/api/2/cron/m/k/?environment=x&check_in_id=RID&status=ok"
	"&duration=1.25"},
    {PING_SENTRY, PING_FAIL, "https://o1.s/api/2/cron/m/k/",
	"https://o1.s/api/2/cron/m/k/?check_in_id=RID&status=error"
	"&duration=1.25"},
    /* As Uptime Kuma shows its URL, to be copied whole. */
    {PING_KUMA, PING_SUCCESS, "https://k/api/push/T?status=up&msg=OK&ping=",
	"https://k/api/push/T?status=up&msg=OK&ping=1250"},
    {PING_KUMA, PING_FAIL, "https://k/api/push/T?status=up&msg=OK&ping=&x=1",
	"https://k/api/push/T?x=1&status=down"
	"&msg=no%20route%20to%20host%20%26%20more&ping=1250"},
    {PING_KUMA, PING_FAIL, "https://k/api/push/T?message=1",
	"https://k/api/push/T?message=1&status=down"
	"&msg=no%20route%20to%20host%20%26%20more&ping=1250"},
};

static const struct {
	const char *url;
	bool is_right;
} urls[] = {
    {"https://h/p?rid=%{rid}&d=%{duration}&%{duration_ms}%{exit}", true},
    {"https://h/%{message}%{task}%{chain}", true},
    {"https://h/p%20q", true},
    {"https://h/p?rid=%{id}", false},
    {"https://h/p?rid=%{RID}", false},
    {"https://h/p?rid=%{}", false},
    {"https://h/p?rid=%{rid", false},
    {"https://h/p?%{rid}%{a_name_that_is_longer_than_any}", false},
};

static void
test_room(void)
{
	char small[24];
	struct text t;

	text_init(&t, small, sizeof(small));
	ping_add_url(&t, "https://h/p", PING_SENTRY, PING_FAIL, run);
	tap_ok(t.is_short && strlen(small) < sizeof(small),
	    "what does not fit is noticed");
}

static void
test_bytes(void)
{
	const char *const wild[PING_FIELDS] = {
	    [PING_MESSAGE] = "\x01\xff%\n#?/\"'<"};
	char url[256];
	struct text t;

	text_init(&t, url, sizeof(url));
	ping_add_url(&t, "https://h/p?m=%{message}&r=%{rid}", PING_HEALTHCHECKS,
	    PING_SUCCESS, wild);
	tap_is(url, "https://h/p?m=%01%FF%25%0A%23%3F%2F%22%27%3C&r=",
	    "no byte of a value gets out of it, and none is nothing");
}

int
main(void)
{
	char url[512];
	struct text t;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		text_init(&t, url, sizeof(url));
		ping_add_url(
		    &t, rows[i].url, rows[i].dialect, rows[i].state, run);
		tap_is(url, rows[i].want, "%s, %s: %s",
		    ping_dialect_words[rows[i].dialect],
		    ping_state_words[rows[i].state], rows[i].url);
	}
	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++)
		tap_ok(!ping_url_fault(urls[i].url) == urls[i].is_right,
		    "%s: %s", urls[i].is_right ? "right" : "wrong",
		    urls[i].url);
	tap_ok(
	    !ping_is_sent(PING_KUMA, PING_START), "Uptime Kuma knows no start");
	tap_ok(ping_is_sent(PING_SENTRY, PING_START), "the others do");
	test_room();
	test_bytes();
	return tap_done();
}
