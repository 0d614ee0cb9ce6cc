#include "mask_rules.h"

#include <string.h>
#include <strings.h>

#include "text.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t
skip_blanks(const struct mask_line *l, size_t at)
{
	while (at < l->size && is_blank(l->in[at]))
		at++;
	return at;
}

/* As much of a value says whether it looks like one. */
enum { LOOK = 64 };

/* ---- names whose value is a secret ---- */

/* `is_suffix`: also at the end of a longer word without a border. */
static const struct {
	const char *word;
	bool is_suffix;
} names[] = {
    {"password", true},
    {"passwd", true},
    {"passphrase", true},
    {"passwort", true},
    {"pwd", false},
    {"secret", false},
    {"token", false},
    {"apikey", true},
    {"api_key", false},
    {"access_key", false},
    {"secret_key", false},
    {"private_key", false},
    {"auth_key", false},
    {"credentials", false},
};

/* What is written where a value may be, and is none. */
static const char *const ordinary[] = {"null", "none", "nil", "true", "false",
    "yes", "no", "on", "off", "required", "invalid", "incorrect", "missing",
    "expired", "empty", "wrong", "unset", "undefined", "denied", "failed",
    "rejected", "not", "is", "was", "has", "must", "and", "or", "for", "from",
    "production", "staging", "development", "localhost", "enabled", "disabled",
    "default"};

bool
mask_is_ordinary(const char *s, size_t size)
{
	for (size_t i = 0; i < sizeof(ordinary) / sizeof(*ordinary); i++)
		if (strlen(ordinary[i]) == size &&
		    !strncasecmp(ordinary[i], s, size))
			return true;
	return false;
}

/* As letters are compared: case and - for _ do not matter. */
static bool
is_same_name(const char *s, const char *word, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		char c = s[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 'a' - 'A');
		if ((c == '-' ? '_' : c) != word[i])
			return false;
	}
	return true;
}

static bool
is_secret_name(const char *name, size_t size)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t length = strlen(names[i].word), rest;

		if (size < length)
			continue;
		rest = size - length;
		if (!is_same_name(name + rest, names[i].word, length))
			continue;
		if (!rest || names[i].is_suffix ||
		    strchr("_-.", name[rest - 1]) ||
		    /* camelCase */
		    (name[rest] >= 'A' && name[rest] <= 'Z' &&
			name[rest - 1] >= 'a' && name[rest - 1] <= 'z'))
			return true;
	}
	return false;
}

/* Does it look made up?  A digit, or capitals within. */
static bool
looks_drawn(const char *s, size_t size)
{
	bool has_lower = false, has_upper = false;

	for (size_t i = 0; i < size; i++) {
		if (s[i] >= '0' && s[i] <= '9')
			return true;
		has_lower |= s[i] >= 'a' && s[i] <= 'z';
		has_upper |= i && s[i] >= 'A' && s[i] <= 'Z';
	}
	return has_lower && has_upper;
}

static size_t
value_size(const char *s, size_t size)
{
	size_t n = 0;

	while (n < size && !is_blank(s[n]) && !strchr("\"'`&;,)}]<>\r", s[n]))
		n++;
	return n;
}

/* The text in quotes at `s`, without them; an escaped quote is none. */
static size_t
quoted_size(const char *s, size_t size)
{
	size_t n = 1;

	while (n < size && s[n] != *s)
		n += s[n] == '\\' && n + 1 < size ? 2 : 1;
	return (n < size ? n : size) - 1;
}

/*
 * The value of a name that ends at `end`: NAME=VALUE, NAME: VALUE, "NAME":
 * "VALUE", --NAME VALUE.  Hides it.
 */
static void
hide_value(struct mask_line *l, size_t start, size_t end)
{
	const char *s = l->in;
	size_t at = end, size;
	bool is_option =
	    end - start > 2 && s[start] == '-' && s[start + 1] == '-';
	bool is_colon, is_quoted = at < l->size && strchr("\"'", s[at]);

	at += is_quoted;
	at = skip_blanks(l, at);
	is_colon = at < l->size && s[at] == ':';
	if (at < l->size && (s[at] == '=' || is_colon)) {
		at++;
		/* "==", "=>", "::": that is code */
		if (at < l->size && strchr("=>:~", s[at]))
			return;
		is_option = false;
	} else if (!is_option || at == end || is_quoted) {
		return;
	}
	at = skip_blanks(l, at);
	if (at == l->size)
		return;
	if (s[at] == '"' || s[at] == '\'') {
		size = quoted_size(s + at, l->size - at);
		at++;
	} else {
		/* In prose words follow a colon. */
		size = l->size - at < LOOK ? l->size - at : LOOK;
		size = value_size(s + at, size);
		if (mask_is_ordinary(s + at, size) ||
		    (is_option && s[at] == '-') ||
		    (is_colon && !is_quoted && !looks_drawn(s + at, size) &&
			(start > strspn(s, " \t") || at + size < l->size)))
			return;
		size = value_size(s + at, l->size - at);
	}
	if (size)
		mask_hide_at(l, at, size);
}

/* ---- the Authorization header, and tokens by their scheme ---- */

bool
mask_is_token_char(char c)
{
	return text_is_alnum(c) || (c && strchr("-._~+/=", c));
}

static size_t
token_size(const char *s, size_t size)
{
	size_t n = 0;

	while (n < size && mask_is_token_char(s[n]))
		n++;
	return n;
}

/* "Authorization: SCHEME TOKEN": all but the scheme, to the line's end. */
static void
hide_authorization(struct mask_line *l, size_t end)
{
	const char *s = l->in;
	size_t at = end, scheme, size;

	at += at < l->size && strchr("\"'", s[at]);
	at = skip_blanks(l, at);
	if (at == l->size || (s[at] != ':' && s[at] != '='))
		return;
	at++;
	while (at < l->size && (is_blank(s[at]) || strchr("\"'", s[at])))
		at++;
	scheme = token_size(s + at, l->size - at < LOOK ? l->size - at : LOOK);
	if (at + scheme < l->size && is_blank(s[at + scheme])) {
		at += scheme + 1;
		size = token_size(s + at, l->size - at);
		/* A sentence goes on with words. */
		if (size < 6 ||
		    (!looks_drawn(s + at, size) && at + size < l->size &&
			is_blank(s[at + size])))
			return;
	} else {
		if (!looks_drawn(s + at, scheme))
			return;
		size = token_size(s + at, l->size - at);
	}
	mask_hide_at(l, at, size);
}

static void
hide_bearer(struct mask_line *l, size_t end)
{
	size_t at = end, size;

	at = skip_blanks(l, at);
	size = token_size(l->in + at, l->size - at);
	if (at == end || size < 8 || !looks_drawn(l->in + at, size))
		return;
	mask_hide_at(l, at, size);
}

/* scheme://user:password@host, and a long word alone before the @. */
static void
hide_in_url(struct mask_line *l, size_t authority)
{
	const char *s = l->in + authority, *at = NULL, *colon;
	size_t size = 0, rest = l->size - authority;

	while (size < rest && !is_blank(s[size]) &&
	       !strchr("/?#\"'<>\\\r", s[size])) {
		if (s[size] == '@')
			at = s + size;
		size++;
	}
	if (!at)
		return;
	colon = memchr(s, ':', (size_t)(at - s));
	if (colon && at - colon > 1) {
		mask_hide_at(
		    l, (size_t)(colon + 1 - l->in), (size_t)(at - colon - 1));
	} else if (!colon && at - s >= 20) {
		mask_hide_at(l, authority, (size_t)(at - s));
	}
}

static bool
is_name(const char *s, size_t size, const char *word)
{
	return size == strlen(word) && is_same_name(s, word, size);
}

/* ---- what is a secret by its look ---- */

/* How services begin their tokens; a JSON web token is the last. */
static const char *const beginnings[] = {"AKIA", "ASIA", "ghp_", "gho_", "ghs_",
    "github_pat_", "glpat-", "xoxb-", "xoxp-", "xapp-", "sk_live_", "rk_live_",
    "eyJ"};

static bool
is_token(const char *s, size_t size)
{
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++) {
		size_t length = strlen(beginnings[i]);

		if (size >= length + 16 && !memcmp(s, beginnings[i], length))
			return looks_drawn(s + length, size - length);
	}
	return false;
}

/* After "-----BEGIN ... PRIVATE KEY-----": the rest of the line. */
static void
hide_key(struct mask_line *l, size_t at)
{
	static const char begin[] = "BEGIN ", end[] = "PRIVATE KEY-----";
	const char *s = l->in + at, *found = NULL;

	if (l->size - at > strlen(begin) && !memcmp(s, begin, strlen(begin)))
		found = memmem(s, l->size - at, end, strlen(end));
	if (!found)
		return;
	at = (size_t)(found - l->in) + strlen(end);
	mask_keep_until(l, at);
	while (at < l->size && !strchr("\"'\r", l->in[at]))
		at++;
	mask_hide(l, at - l->at);
}

size_t
mask_apply_rules(char *bytes, size_t size)
{
	struct mask_line l = {.in = bytes, .size = size};
	size_t at = 0;

	while (at < size) {
		size_t start = at;

		if (size - at > 3 && !memcmp(bytes + at, "://", 3)) {
			hide_in_url(&l, at + 3);
			at = l.at > at + 3 ? l.at : at + 3;
			continue;
		}
		if (size - at > 5 && !memcmp(bytes + at, "-----", 5)) {
			hide_key(&l, at + 5);
			at = l.at > at + 5 ? l.at : at + 5;
			continue;
		}
		while (
		    at < size && (text_is_alnum(bytes[at]) ||
				     (bytes[at] && strchr("_-.", bytes[at]))))
			at++;
		if (at == start) {
			at++;
			continue;
		}
		if (is_name(bytes + start, at - start, "authorization") ||
		    is_name(bytes + start, at - start, "proxy_authorization"))
			hide_authorization(&l, at);
		else if (is_name(bytes + start, at - start, "bearer"))
			hide_bearer(&l, at);
		else if (is_token(bytes + start, at - start)) {
			mask_hide_at(&l, start, at - start);
		} else if (is_secret_name(bytes + start, at - start))
			hide_value(&l, start, at);
		if (l.at > at)
			at = l.at;
	}
	return mask_finish(&l);
}
