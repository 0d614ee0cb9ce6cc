/* message: it always fits, and is well-formed whatever a task wrote. */
#include <stdint.h>
#include <stdlib.h>

#include "message/header.h"
#include "message/message.h"
#include "tap.h"

enum { FAILURES = 5000, ADMINS = 150 };

static uint64_t state = 88172645463325252;
static char out[MESSAGE_SIZE];

static uint64_t
random64(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Is every line CRLF, ASCII, and within RFC 5322's and MIME's lengths? */
static bool
is_mail_sound(const struct text *t, size_t header_line_max)
{
	bool is_body = false;
	size_t start = 0;

	for (size_t i = 0; i < t->length; i++) {
		unsigned char c = (unsigned char)t->data[i];

		if (c != '\r') {
			if ((c < 0x20 && c != '\t') || c > 0x7e)
				return false;
			continue;
		}
		if (t->data[i + 1] != '\n' ||
		    i - start > (is_body ? 76 : header_line_max))
			return false;
		if (i == start)
			is_body = true;
		start = i++ + 2;
	}
	return is_body && start == t->length;
}

/* How many lines begin so in the header? */
static int
count_fields(const char *mail, const char *name)
{
	const char *end = strstr(mail, "\r\n\r\n");
	int count = !strncmp(mail, name, strlen(name));

	for (const char *s = mail; (s = strstr(s, "\r\n")) && s < end; s += 2)
		count += !strncmp(s + 2, name, strlen(name));
	return count;
}

static struct notification
worst(struct failure_count *failures, char *bytes, struct throttle *held)
{
	struct notification n = {.reason = REASON_FIRST};

	n.message = n.host = n.chain = n.task = n.command = bytes;
	n.version = n.id = n.thread = bytes;
	n.signature = n.consecutive_failures = n.run = UINT64_MAX;
	n.outcome =
	    (struct outcome){.exit = -1, .signal = 64, .timed_out = true};
	n.started_wall_ms = n.now_wall_ms = 1795489564479;
	n.down_since_wall_ms = n.next_run_wall_ms = 4102444800000;
	n.duration_ms = n.downtime_ms = INT64_C(1) << 40;
	n.err = (struct captured){.head = bytes,
	    .tail = bytes,
	    .head_size = CAPTURE_STDERR_HEAD,
	    .tail_size = CAPTURE_STDERR_TAIL,
	    .left_out = UINT64_MAX / 2,
	    .total = UINT64_MAX};
	n.out = (struct captured){.tail = bytes,
	    .tail_size = CAPTURE_STDOUT_TAIL,
	    .left_out = UINT64_MAX / 2,
	    .total = UINT64_MAX};
	n.failures = failures;
	n.failure_count = FAILURES;
	n.held = held;
	return n;
}

/* The largest of everything, filled with one byte. */
static void
test_worst(unsigned char byte)
{
	static char bytes[CAPTURE_STDERR_HEAD + CAPTURE_STDERR_TAIL + 1];
	static struct failure_count failures[FAILURES];
	static struct throttle held;
	static char *admins[ADMINS + 1];
	struct mail_settings mail = {
	    .admins = admins, .from = bytes, .subject_prefix = bytes};
	struct notification n;
	struct text t;

	memset(bytes, byte, sizeof(bytes) - 1);
	for (size_t i = 0; i < FAILURES; i++) {
		failures[i] = (struct failure_count){
		    UINT64_MAX, UINT64_MAX, 4102444800000, 4102444800001, ""};
		memset(failures[i].subject, byte, sizeof(failures[i].subject));
		failures[i].subject[sizeof(failures[i].subject) - 1] = '\0';
	}
	held =
	    (struct throttle){.held_count = HELD_MAX, .held_total = UINT32_MAX};
	for (size_t i = 0; i < HELD_MAX; i++) {
		held.held[i] = (struct held){.reason = REASON_DOWNTIME_AGAIN,
		    .signature = UINT64_MAX,
		    .count = 1,
		    .first_wall_ms = 4102444800000,
		    .last_wall_ms = 4102444800001};
		memset(held.held[i].task, byte, HELD_TASK_SIZE - 1);
		memset(held.held[i].subject, byte, HELD_SUBJECT_SIZE - 1);
	}
	for (size_t i = 0; i < ADMINS; i++)
		admins[i] = bytes;
	n = worst(failures, bytes, &held);
	text_init(&t, out, MESSAGE_SIZE);
	message_compose_mail(&t, &n, &mail, mail.admins);
	tap_ok(!t.is_short, "a mail full of \\x%02x has %zu bytes", byte,
	    t.length);
	/* These addresses are so long that they cannot be folded. */
	tap_ok(is_mail_sound(&t, 998), "and is sound");
	text_init(&t, out, MESSAGE_JSON_SIZE);
	message_compose_json(&t, &n);
	tap_ok(!t.is_short, "its JSON has %zu bytes", t.length);
}

static const char *const task_bytes[] = {
    "\r\nBcc: victim@example.org\r\n\r\nbody",
    "\nFrom me\n.\n..\n",
    "=?utf-8?Q?x?=",
    "\xff\xfe\x80",
    "\xe6\x97\xa5\xe6\x9c\xac",
    "\x1b[31m",
    " ",
    "",
    "\"quotes\" \\ <angle> & @",
    "--=_runner_part--\r\n",
    "\xc2\x85\xe2\x80\xa8",
    "a very common sentence of a traceback ",
};

static size_t
make_bytes(char *bytes, size_t size)
{
	size_t n = 0, want = random64() % size;

	while (n < want) {
		const char *s =
		    task_bytes[random64() %
			       (sizeof(task_bytes) / sizeof(*task_bytes))];

		if (random64() % 4)
			n += (size_t)snprintf(bytes + n, size - n, "%s", s);
		else
			bytes[n++] = (char)(random64() % 255 + 1);
		if (n >= size)
			n = size - 1;
	}
	bytes[n] = '\0';
	return n;
}

static void
test_random(void)
{
	static char text[6][2000], err[100000];
	char *admins[] = {(char *)"ops@example.org", NULL};
	struct mail_settings mail = {.admins = admins,
	    .from = (char *)"runner@example.org",
	    .subject_prefix = text[5]};
	static const char *const once[] = {"From: ", "To: ", "Subject: ",
	    "Date: ", "Message-ID: ", "MIME-Version: ", "Content-Type: ",
	    "Auto-Submitted: ", "X-Runner-Reason: "};
	int unsound = 0, doubled = 0, foreign = 0;

	for (int i = 0; i < 3000; i++) {
		struct notification n = {.message = text[0],
		    .task = text[1],
		    .chain = text[2],
		    .host = text[3],
		    .command = text[4],
		    .now_wall_ms = 1795489564479};
		struct text t;

		for (size_t k = 0; k < 6; k++)
			make_bytes(text[k], sizeof(text[k]) >> random64() % 8);
		n.reason = REASON_FIRST + random64() % (REASON_COUNT - 1);
		n.err.head = err;
		n.err.head_size =
		    make_bytes(err, sizeof(err) >> random64() % 8);
		n.err.total = n.err.head_size;
		text_init(&t, out, sizeof(out));
		message_compose_mail(&t, &n, &mail, mail.admins);
		unsound += t.is_short || !is_mail_sound(&t, 78);
		for (size_t k = 0; k < sizeof(once) / sizeof(*once); k++)
			doubled += count_fields(out, once[k]) != 1;
		foreign += count_fields(out, "Bcc:") != 0;
	}
	tap_is_int(unsound, 0, "3,000 random mails are sound");
	tap_is_int(doubled, 0, "and have each field once");
	tap_is_int(foreign, 0, "and none that a task wrote");
}

static void
test_ids(void)
{
	static const char *const odd[] = {"", "web1.example.org", "a b", "...",
	    "-", "\xc3\xa9\xff", "x@y", "<>", "a\r\nb",
	    "a-very-long-host-name-of-a-cloud.with.many.labels.example.org"};
	char id[MESSAGE_ID_SIZE], again[MESSAGE_ID_SIZE];
	int bad = 0, long_ones = 0;

	for (size_t h = 0; h < sizeof(odd) / sizeof(*odd); h++)
		for (size_t c = 0; c < sizeof(odd) / sizeof(*odd); c++) {
			message_make_id(
			    id, odd[h], odd[c], odd[c], 1795489564479, h);
			bad += !header_is_id(id);
			long_ones += strlen(id) + strlen("Message-ID: ") > 78;
		}
	tap_is_int(bad, 0, "an id is valid whatever the names are");
	tap_is_int(long_ones, 0, "and its field fits in a line");
	message_make_id(id, "h", "c", "t", 5, 1);
	message_make_id(again, "h", "c", "t", 5, 1);
	tap_is(again, id, "the same parts make the same id");
	message_make_id(again, "h", "c", "t", 5, 2);
	tap_ok(strcmp(again, id) != 0, "another number another one");
	message_make_id(again, "h", "c", "t", 6, 1);
	tap_ok(strcmp(again, id) != 0, "another instant too");
	message_make_id(again, "h", "ct", "", 5, 1);
	tap_ok(strcmp(again, id) != 0, "another chain too");
	message_make_id(id, "h", "c", "tt", 5, 1);
	tap_ok(strcmp(again, id) != 0, "another task too");
}

static const char *
compose(const char *id, const char *thread)
{
	char *none[] = {NULL};
	struct mail_settings mail = {.admins = none,
	    .from = (char *)"r@h",
	    .subject_prefix = (char *)""};
	struct notification n = {.reason = REASON_FIRST,
	    .task = "t",
	    .message = "m",
	    .id = id,
	    .thread = thread};
	struct text t;

	text_init(&t, out, sizeof(out));
	message_compose_mail(&t, &n, &mail, mail.admins);
	return out;
}

static void
test_threads(void)
{
	compose("<a@h>", "<a@h>");
	tap_is_int(count_fields(out, "References:") +
		       count_fields(out, "In-Reply-To:"),
	    0, "the first of a thread refers to none");
	compose("<b@h>", "<a@h>");
	tap_ok(strstr(out, "\r\nMessage-ID: <b@h>\r\n") &&
		   strstr(out, "\r\nIn-Reply-To: <a@h>\r\n") &&
		   strstr(out, "\r\nReferences: <a@h>\r\n"),
	    "the next refers to it");
	compose("<b@h>\r\nX: y", "<a b>");
	tap_is_int(count_fields(out, "X:") + count_fields(out, "References:"),
	    0, "what is no id is not written");
	tap_is_int(
	    count_fields(out, "Message-ID: <"), 1, "and an id is made then");
}

int
main(void)
{
	static const unsigned char bytes[] = {
	    'a', ' ', '\n', '"', '<', '=', '.', 0x01, 0xff, 0x7f};

	for (size_t i = 0; i < sizeof(bytes); i++)
		test_worst(bytes[i]);
	test_random();
	test_ids();
	test_threads();
	return tap_done();
}
