/* mask: what is a secret and what is not. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mask.h"
#include "tap.h"

/* NULL: it stays as it is. */
static const struct {
	const char *text, *want;
} rows[] = {
    /* Names with a value. */
    {"password=hunter2", "password=***"},
    {"PASSWORD=hunter2 user=joe", "PASSWORD=*** user=joe"},
    {"DB_PASSWORD=correcthorse", "DB_PASSWORD=***"},
    {"PGPASSWORD=x1y2", "PGPASSWORD=***"},
    {"password = hunter2", "password = ***"},
    {"password='two words' x", "password='***' x"},
    {"password=\"a\\\"b\" x", "password=\"***\" x"},
    {"  password: swordfish", "  password: ***"},
    {"login failed, password: hunter2!", "login failed, password: ***"},
    {"{\"password\": \"swordfish\", \"user\": \"joe\"}",
	"{\"password\": \"***\", \"user\": \"joe\"}"},
    {"{'token':'abc','n':1}", "{'token':'***','n':1}"},
    {"mysql --password=hunter2 -u joe", "mysql --password=*** -u joe"},
    {"mysql --password hunter2 -u joe", "mysql --password *** -u joe"},
    {"curl https://h/p?access_token=abc123&x=1",
	"curl https://h/p?access_token=***&x=1"},
    {"api_key=abc API-KEY: k9x8 apiKey=zzz",
	"api_key=*** API-KEY: *** apiKey=***"},
    {"X-Auth-Token: 3f2a99", "X-Auth-Token: ***"},
    {"client_secret=ab12,scope=all", "client_secret=***,scope=all"},
    {"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG",
	"aws_secret_access_key = ***"},
    {"passphrase=abc; pwd=def", "passphrase=***; pwd=***"},
    {"token=a", "token=*"},
    /* Authorization. */
    {"Authorization: Bearer abc.def-ghi", "Authorization: Bearer ***"},
    {"authorization: Basic am9lOnNlY3JldA==", "authorization: Basic ***"},
    {"\"Authorization\": \"Token 9f8e7d6c\"",
	"\"Authorization\": \"Token ***\""},
    {"-H 'Authorization: 1a2b3c4d5e'", "-H 'Authorization: ***'"},
    {"sent bearer eyJhbGciOiJIUzI1NiJ9.x", "sent bearer ***"},
    /* URLs. */
    {"cannot reach postgres://joe:s3cret@db:5432/x",
	"cannot reach postgres://joe:***@db:5432/x"},
    {"https://ghp_16C7e42F292c6912E7710c838347Ae178B4a@github.com/x",
	"https://***@github.com/x"},
    {"amqp://a:b@c@host/ and redis://:pass@h",
	"amqp://a:***@host/ and redis://:***@h"},
    {"{\"token\": \"a b\"}", "{\"token\": \"***\"}"},
    /* By their look. */
    {"key AKIAIOSFODNN7EXAMPLE is no good", "key *** is no good"},
    {"(ghp_16C7e42F292c6912E7710c838347Ae178B4a)", "(***)"},
    {"xoxb-123456789012-abcdefABCDEF: revoked", "***: revoked"},
    {"got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "got ***"},
    {"a\n-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nab+/cd==\n"
     "-----END RSA PRIVATE KEY-----\nb",
	"a\n-----BEGIN RSA PRIVATE KEY-----\n***\n***\n"
	"-----END RSA PRIVATE KEY-----\nb"},
    {"-----BEGIN PRIVATE KEY-----\r\nMIIE\r\ncut here\nMIIE",
	"-----BEGIN PRIVATE KEY-----\r\n***\ncut here\nMIIE"},
    {"k=\"-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEE\\n-----END\" x",
	"k=\"-----BEGIN EC PRIVATE KEY-----***\" x"},
    /* Ordinary words. */
    {"password incorrect", NULL},
    {"Password incorrect for user joe", NULL},
    {"token expired", NULL},
    {"Error: token expired at 10:32", NULL},
    {"-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----", NULL},
    {"AKIA is how it begins, as ghp_ does", NULL},
    {"-----BEGIN PUBLIC KEY-----\nMIIE", NULL},
    {"------------------------------------------", NULL},
    {"password authentication failed for user \"joe\"", NULL},
    {"invalid token: unexpected '}' in line 3", NULL},
    {"SyntaxError: Unexpected token < in JSON", NULL},
    {"the secret is out", NULL},
    {"Error: secret not found: the vault is sealed", NULL},
    {"password: incorrect", NULL},
    {"token=None", NULL},
    {"password is required", NULL},
    {"if (token == NULL)", NULL},
    {"$token => 1, Secret::get", NULL},
    {"tokens: 512, broken=1, secretary=joe", NULL},
    {"Basic authentication is disabled", NULL},
    {"the bearer of this letter", NULL},
    {"Authorization: denied by policy of the server", NULL},
    {"see https://example.org/a@b and mailto:joe@example.org", NULL},
    {"ssh://git@github.com/x.git", NULL},
    {"http://host:8080/x", NULL},
    {"key=value monkey=1 keyboard: qwerty", NULL},
    {"--password-file /etc/x --no-token", NULL},
    {"author: joe, authority: none", NULL},
    {"", NULL},
};

static const char *const values[] = {"s3cr3t-v4lue", "abcd", "true", "no",
    "production", "a very long secret with blanks", "s3cr3t-v4lue-2"};

static const struct {
	const char *text, *want;
} value_rows[] = {
    {"it is s3cr3t-v4lue.", "it is ***."},
    {"xs3cr3t-v4luex", "x***x"},
    {"s3cr3t-v4lue-2 first", "*** first"},
    {"abcd and abcde and xabcd", "*** and abcde and xabcd"},
    {"abcd,abcd", "***,***"},
    {"true in production, no", "true in production, no"},
    {"(a very long secret with blanks)", "(***)"},
};

static uint64_t state = 88172645463325252;

static uint64_t
random64(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void
test_rules(void)
{
	const struct mask m = {.has_rules = true}, none = {0};
	char text[512];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *want = rows[i].want ? rows[i].want : rows[i].text;

		strcpy(text, rows[i].text);
		mask_string(&m, text);
		tap_is(text, want, "%s: %s",
		    rows[i].want ? "a secret" : "ordinary", rows[i].text);
		mask_string(&m, text);
		tap_is(text, want, "twice is once");
	}
	strcpy(text, "password=hunter2");
	mask_string(&none, text);
	tap_is(text, "password=hunter2", "without rules nothing is masked");
}

static void
test_values(void)
{
	static struct mask_values v;
	const struct mask m = {.values = &v};
	char text[512];

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		mask_add_value(&v, values[i]);
	for (size_t i = 0; i < sizeof(value_rows) / sizeof(*value_rows); i++) {
		strcpy(text, value_rows[i].text);
		mask_string(&m, text);
		tap_is(
		    text, value_rows[i].want, "values: %s", value_rows[i].text);
	}
}

static void
test_patterns(void)
{
	static struct patterns p;
	const struct mask m = {.patterns = &p};
	char why[128], text[256];

	tap_ok(!patterns_add(&p, "[0-9]{4}-[0-9]{4}", why, sizeof(why)) &&
		   !patterns_add(&p, "^joe", why, sizeof(why)) &&
		   !patterns_add(&p, "x*", why, sizeof(why)),
	    "patterns are taken");
	strcpy(text, "joe paid with 1234-5678 and 8765-4321, joe\njoe xx");
	mask_string(&m, text);
	tap_is(text, "*** paid with *** and ***, joe\n*** **",
	    "every match of each line, ^ at its start only");
	patterns_release(&p);
}

/* Hostile bytes: nothing grows, nothing is read beyond, it is linear. */
static void
test_hostile(void)
{
	static const char *const parts[] = {"password", ":", "=", " ", "\"",
	    "'", "token", "://", "@", "a", "Z9", "\n", "\\", "authorization",
	    "bearer", "--", "&", "\xff", "s3cr3t-v4lue"};
	static struct mask_values v;
	static struct patterns p;
	const struct mask m = {&p, true, &v};
	char why[128];
	bool is_sound = true;
	char *text;

	mask_add_value(&v, "s3cr3t-v4lue");
	patterns_add(&p, "to(ken)+", why, sizeof(why));
	for (int round = 0; round < 20000 && is_sound; round++) {
		size_t size = 0, room = 1 + random64() % 300, kept;

		/* Exactly as large, so that a checker sees a step beyond. */
		text = malloc(room);
		while (size < room) {
			const char *part =
			    parts[random64() %
				  (sizeof(parts) / sizeof(*parts))];
			size_t n = strlen(part);

			if (random64() % 50 == 0) {
				text[size++] = '\0';
				continue;
			}
			n = n > room - size ? room - size : n;
			memcpy(text + size, part, n);
			size += n;
		}
		kept = mask_bytes(&m, text, size);
		is_sound =
		    kept <= size && !memmem(text, kept, "s3cr3t-v4lue", 12);
		free(text);
	}
	tap_ok(is_sound, "20000 texts of hostile parts stay within their room");
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		size_t n = strlen(parts[i]), size = 256 << 10;
		char *big = malloc(size);
		clock_t start = clock();
		double seconds;

		for (size_t at = 0; at < size; at++)
			big[at] = at % (n + 1) < n ? parts[i][at % (n + 1)]
						   : ":= \""[i % 4];
		mask_bytes(&m, big, size);
		seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
		free(big);
		tap_ok(seconds < 1, "256 KiB of part %d in %.3f s", (int)i,
		    seconds);
	}
	patterns_release(&p);
}

int
main(void)
{
	test_rules();
	test_values();
	test_patterns();
	test_hostile();
	return tap_done();
}
