#include "value_checks.h"

#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>

#include "base/ping_url.h"
#include "base/text.h"
#include "base/units.h"
#include "base/words.h"
#include "os/host.h"
#include "settings.h"

static bool
has_blank(const char *s)
{
	return strchr(s, ' ') || text_has_control(s);
}

const char *
fault_of_text(const char *value)
{
	return text_has_control(value) ? "has a control character in it" : NULL;
}

const char *
fault_of_nonempty(const char *value)
{
	return *value ? fault_of_text(value) : "is empty";
}

/*
 * A mail address as servers take it.  A first '-' could be read as an option by
 * a sendmail program.
 */
static const char *
fault_of_address(const char *value, bool wants_domain)
{
	const char *at = strchr(value, '@');

	for (const char *s = value; *s; s++)
		if (*s & 0x80)
			return "is not ASCII: write a domain as servers know "
			       "it (xn--...)";
	/* RFC 5321, 4.5.3.1: 64 + 1 + 255. */
	if (strlen(value) > 320)
		return "is longer than an address can be, 320 bytes";
	if (has_blank(value) || strpbrk(value, "<>,;()\"") || *value == '-' ||
	    !*value || at == value || (at && (!at[1] || strchr(at + 1, '@'))) ||
	    (wants_domain && !at))
		return wants_domain ? "is not a mail address (such as "
				      "runner@example.org)"
				    : "is not a mail address (such as "
				      "admin@example.org)";
	return NULL;
}

/* ADDRESS, or a name before it: NAME <ADDRESS>. */
static const char *
fault_of_mailbox(const char *value, bool wants_domain)
{
	const char *open = strrchr(value, '<');
	size_t length = strlen(value);
	char address[512];

	if (!*value)
		return "is empty";
	if (!open || value[length - 1] != '>')
		return fault_of_address(value, wants_domain);
	length = (size_t)(value + length - open) - 2;
	if (length >= sizeof(address))
		return "is too long";
	memcpy(address, open + 1, length);
	address[length] = '\0';
	return fault_of_text(value) ? fault_of_text(value)
				    : fault_of_address(address, wants_domain);
}

const char *
fault_of_recipient(const char *value)
{
	return fault_of_mailbox(value, false);
}

const char *
fault_of_helo(const char *value)
{
	size_t length = strlen(value);

	if (*value == '[' && value[length - 1] == ']')
		return fault_of_text(value);
	return host_is_name(value)
		   ? NULL
		   : "is not a full host name (such as web1.example.org)";
}

const char *
fault_of_reason(const char *value)
{
	static const char *const words[] = SETTINGS_REASONS;

	return words_find(words, value) > 0
		   ? NULL
		   : "is no reason: first, new, downtime, downtime again, "
		     "healed, slow, digest, refused";
}

const char *
fault_of_sender(const char *value)
{
	return fault_of_mailbox(value, true);
}

/* Is it HOST, HOST:PORT or [ADDRESS]:PORT, and nothing after it? */
static bool
is_authority(const char *s)
{
	const char *end;
	int64_t port;

	if (*s == '[') {
		end = strchr(s, ']');
		if (!end || strspn(s + 1, "0123456789abcdefABCDEF:.%") <
				(size_t)(end - s - 1))
			return false;
		end++;
	} else {
		end = s + strcspn(s, ":/?#@[] ");
	}
	if (end == s || (*end && *end != ':'))
		return false;
	return !*end || !units_parse_int(end + 1, 1, 65535, &port);
}

/* What follows `scheme` in `value`, or NULL. */
static const char *
skip_scheme(const char *value, const char *scheme)
{
	size_t length = strlen(scheme);

	return strncasecmp(value, scheme, length) ? NULL : value + length;
}

const char *
fault_of_mail_url(const char *value)
{
	const char *rest = skip_scheme(value, "smtp://");

	if (text_has_control(value))
		return "has a control character in it";
	if (!rest)
		rest = skip_scheme(value, "smtps://");
	if (rest && strchr(rest, '@'))
		return "has a user in it; that is what username is for";
	if (rest)
		return is_authority(rest) ? NULL
					  : "is not smtp://HOST or "
					    "smtp://HOST:PORT (or smtps://)";
	rest = skip_scheme(value, "maildir:");
	if (!rest)
		rest = skip_scheme(value, "sendmail:");
	if (!rest)
		return "is not smtp://HOST:PORT, smtps://HOST:PORT, "
		       "maildir:DIR or sendmail:PATH";
	return *rest ? NULL : "has no path after the colon";
}

const char *
fault_of_http_url(const char *value)
{
	const char *rest = skip_scheme(value, "https://"), *at;
	char authority[512];
	size_t length;

	if (!rest)
		rest = skip_scheme(value, "http://");
	if (!rest || has_blank(value))
		return "is not http://... or https://...";
	length = strcspn(rest, "/?#");
	at = memrchr(rest, '@', length);
	if (at) {
		length -= (size_t)(at + 1 - rest);
		rest = at + 1;
	}
	if (length >= sizeof(authority))
		return "has a host that is too long";
	memcpy(authority, rest, length);
	authority[length] = '\0';
	return is_authority(authority) ? NULL
				       : "is not http://... or https://...";
}

const char *
fault_of_ping_url(const char *value)
{
	const char *fault = fault_of_http_url(value);

	if (strlen(value) > PING_SETTING_MAX)
		return "is longer than 2047 bytes";
	return fault ? fault : ping_url_fault(value);
}

const char *
fault_of_header(const char *value)
{
	static const char token[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789!#$%&'*+-.^_`|~";
	size_t length = strspn(value, token);

	if (!length || value[length] != ':' || text_has_control(value))
		return "is not a header, NAME: VALUE";
	if (!value[length + 1 + strspn(value + length + 1, " \t")])
		return "has no value";
	return NULL;
}

const char *
fault_of_variable(const char *value)
{
	const char *equals = strchr(value, '=');

	if (!equals || equals == value)
		return "is not NAME=VALUE";
	return NULL;
}

const char *
fault_of_pattern_name(const char *value)
{
	size_t length = strcspn(value, "=*");

	if ((!length && *value != '*') ||
	    (value[length] && strcmp(value + length, "*") != 0))
		return "is not the name of a variable, or PREFIX*";
	return NULL;
}

const char *
fault_of_user(const char *value)
{
	int64_t uid;
	bool is_number = !units_parse_int(value, 0, UINT32_MAX - 1, &uid);

	if (getpwnam(value) || (is_number && getpwuid((uid_t)uid)))
		return NULL;
	return "is not a user of this system";
}

const char *
fault_of_group(const char *value)
{
	int64_t gid;
	bool is_number = !units_parse_int(value, 0, UINT32_MAX - 1, &gid);

	if (getgrnam(value) || (is_number && getgrgid((gid_t)gid)))
		return NULL;
	return "is not a group of this system";
}
