#include "ping_url.h"

#include <string.h>

#include "words.h"

const char *const ping_dialect_words[] = {
    [PING_HEALTHCHECKS] = "healthchecks",
    [PING_CRONITOR] = "cronitor",
    [PING_SENTRY] = "sentry",
    [PING_KUMA] = "kuma",
    NULL,
};

const char *const ping_state_words[] = {
    [PING_START] = "start",
    [PING_SUCCESS] = "success",
    [PING_FAIL] = "fail",
    [PING_TEST] = "test",
    NULL,
};

const char *const ping_field_words[] = {
    [PING_RID] = "rid",
    [PING_DURATION] = "duration",
    [PING_DURATION_MS] = "duration_ms",
    [PING_EXIT] = "exit",
    [PING_MESSAGE] = "message",
    [PING_TASK] = "task",
    [PING_CHAIN] = "chain",
    NULL,
};

/* A test says nothing of the task where the service has a word for that. */
static const struct dialect {
	bool has_body;
	struct {
		const char *path;  /* NULL: nothing is sent */
		const char *query; /* members with & between, or "" */
	} states[PING_STATES];
} dialects[] = {
    /* https://healthchecks.io/docs/http_api/ */
    [PING_HEALTHCHECKS] = {true,
	{{"/start", ""}, {"", ""}, {"/fail", ""}, {"/log", ""}}},
    /* https://cronitor.io/docs/telemetry-api */
    [PING_CRONITOR] = {false,
	{{"", "state=run&series=%{rid}"},
	    {"", "state=complete&series=%{rid}&metric=duration:%{duration}"},
	    {"", "state=fail&series=%{rid}&metric=duration:%{duration}"
		 "&status_code=%{exit}&message=%{message}"},
	    {"", "message=%{message}"}}},
    /* https://docs.sentry.io/product/crons/getting-started/http/ */
    [PING_SENTRY] = {false,
	{{"", "check_in_id=%{rid}&status=in_progress"},
	    {"", "check_in_id=%{rid}&status=ok&duration=%{duration}"},
	    {"", "check_in_id=%{rid}&status=error&duration=%{duration}"},
	    {"", "check_in_id=%{rid}&status=ok"}}},
    /* https://github.com/louislam/uptime-kuma/wiki/Internal-API */
    [PING_KUMA] = {false,
	{{NULL, ""}, {"", "status=up&msg=OK&ping=%{duration_ms}"},
	    {"", "status=down&msg=%{message}&ping=%{duration_ms}"},
	    {"", "status=up&msg=%{message}&ping="}}},
};

bool
ping_is_sent(enum ping_dialect dialect, enum ping_state state)
{
	return dialects[dialect].states[state].path != NULL;
}

bool
ping_has_body(enum ping_dialect dialect)
{
	return dialects[dialect].has_body;
}

/*
 * The field that %{WORD} at `s` names, or -1; where it ends goes to `*end`,
 * which is NULL when that is no %{WORD} at all.
 */
static int
find_field(const char *s, size_t size, const char **end)
{
	const char *close;
	char word[16];

	*end = NULL;
	if (size < 3 || s[0] != '%' || s[1] != '{')
		return -1;
	close = memchr(s, '}', size);
	if (!close)
		return -1;
	*end = close + 1;
	if ((size_t)(close - s) - 2 >= sizeof(word))
		return -1;
	memcpy(word, s + 2, (size_t)(close - s) - 2);
	word[close - s - 2] = '\0';
	return words_find(ping_field_words, word);
}

/* Adds text in which fields are replaced. */
static void
add_filled(struct text *t, const char *s, size_t size,
    const char *const fields[PING_FIELDS])
{
	for (size_t i = 0; i < size;) {
		const char *end;
		int field = find_field(s + i, size - i, &end);

		if (field < 0) {
			text_add(t, s + i, 1);
			i++;
			continue;
		}
		if (fields[field])
			text_add_percent(
			    t, fields[field], strlen(fields[field]));
		i = (size_t)(end - s);
	}
}

/* The next member of a query, without its &.  Returns its size. */
static size_t
next_member(const char **query, const char *end, const char **member)
{
	const char *amp;
	size_t size;

	*member = *query;
	amp = memchr(*query, '&', (size_t)(end - *query));
	size = (size_t)((amp ? amp : end) - *query);
	*query = amp ? amp + 1 : end;
	return size;
}

/* Has the query a member of the same name? */
static bool
has_member(const char *query, const char *member, size_t size)
{
	const char *equals = memchr(member, '=', size), *end, *own;
	size_t name = equals ? (size_t)(equals - member) : size, own_size;

	for (end = query + strlen(query); query < end;) {
		own_size = next_member(&query, end, &own);
		if (own_size > name && own[name] == '=' &&
		    !memcmp(own, member, name))
			return true;
	}
	return false;
}

/* The members of the URL's query that stay, then those of the dialect. */
static void
add_query(struct text *t, const char *query, const char *end, const char *own,
    const char *const fields[PING_FIELDS])
{
	const char *separator = "?", *member;

	while (query < end) {
		size_t size = next_member(&query, end, &member);

		if (!size || has_member(own, member, size))
			continue;
		text_add_string(t, separator);
		add_filled(t, member, size, fields);
		separator = "&";
	}
	if (!*own)
		return;
	text_add_string(t, separator);
	add_filled(t, own, strlen(own), fields);
}

void
ping_add_url(struct text *t, const char *url, enum ping_dialect dialect,
    enum ping_state state, const char *const fields[PING_FIELDS])
{
	const char *path = dialects[dialect].states[state].path;
	const char *own = dialects[dialect].states[state].query;
	size_t size = strcspn(url, "#"); /* a fragment is not sent */
	const char *query = memchr(url, '?', size);
	size_t path_size = query ? (size_t)(query - url) : size;

	if (path && *path)
		while (path_size && url[path_size - 1] == '/')
			path_size--;
	add_filled(t, url, path_size, fields);
	if (path)
		text_add_string(t, path);
	if (query)
		query++;
	else
		query = url + size;
	add_query(t, query, url + size, own, fields);
}

const char *
ping_url_fault(const char *url)
{
	const char *end;

	for (; *url; url++) {
		if (strncmp(url, "%{", 2))
			continue;
		if (find_field(url, strlen(url), &end) < 0)
			return end ? "has a field that is none of %{rid}, "
				     "%{duration}, %{duration_ms}, %{exit}, "
				     "%{message}, %{task} and %{chain}"
				   : "has a %{ without its }";
	}
	return NULL;
}
