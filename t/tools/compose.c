/*
 * compose: prints the mail or the JSON document for a notification that the
 * arguments describe, for the tests that read it with other people's parsers.
 *
 *   compose mail|json KEY=VALUE...
 *
 * Keys: reason (a number), prefix, from, admin (any number of times), message,
 * host, chain, task, command, version, id, thread, signature (hexadecimal),
 * exit, signal, timed_out, started, duration, down_since, downtime, in_row,
 * run, next, now (milliseconds), stderr and stdout (files), failures and held
 * (how many rows to make up).
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message/message.h"

enum { ADMINS_MAX = 200, ROWS_MAX = 5000 };

static char *admins[ADMINS_MAX + 1];
static size_t admin_count;
static struct mail_settings mail = {
    .admins = admins,
    .from = (char *)"runner@localhost",
    .subject_prefix = (char *)"",
};
static struct notification n = {
    .reason = REASON_FIRST,
    .now_wall_ms = 1795489564479,
    .version = "1.0.0",
};
static struct throttle held;
static struct failure_count rows[ROWS_MAX];

static const struct string_key {
	const char *name;
	const char **to;
} strings[] = {
    {"message", &n.message},
    {"host", &n.host},
    {"chain", &n.chain},
    {"task", &n.task},
    {"command", &n.command},
    {"version", &n.version},
    {"id", &n.id},
    {"thread", &n.thread},
    {"prefix", (const char **)&mail.subject_prefix},
    {"from", (const char **)&mail.from},
};

static const struct number_key {
	const char *name;
	int64_t *to;
} numbers[] = {
    {"started", &n.started_wall_ms},
    {"duration", &n.duration_ms},
    {"down_since", &n.down_since_wall_ms},
    {"downtime", &n.downtime_ms},
    {"in_row", (int64_t *)&n.consecutive_failures},
    {"run", (int64_t *)&n.run},
    {"next", &n.next_run_wall_ms},
    {"now", &n.now_wall_ms},
};

/* Keeps a file as capture does: its first bytes and its last. */
static struct captured
keep_file(const char *path, size_t head_max, size_t tail_max)
{
	struct captured kept = {0};
	FILE *f = fopen(path, "rb");
	char *bytes = NULL;
	size_t size = 0, room = 0, got;

	if (!f)
		err(2, "%s", path);
	do {
		room += 1 << 20;
		bytes = realloc(bytes, room);
		if (!bytes)
			err(2, "%s", path);
		got = fread(bytes + size, 1, room - size, f);
		size += got;
	} while (got);
	fclose(f);
	kept.total = size;
	kept.head = bytes;
	kept.head_size = size < head_max ? size : head_max;
	kept.tail_size = size - kept.head_size;
	if (kept.tail_size > tail_max)
		kept.tail_size = tail_max;
	kept.tail = bytes + size - kept.tail_size;
	kept.left_out = size - kept.head_size - kept.tail_size;
	return kept;
}

static void
make_rows(size_t count)
{
	if (count > ROWS_MAX)
		errx(2, "too many failures");
	for (size_t i = 0; i < count; i++) {
		rows[i].signature = 0x1000000000000000 + i;
		rows[i].count = i + 1;
		rows[i].first_wall_ms = 1795400000000 + (int64_t)i;
		rows[i].last_wall_ms = 1795489500000;
		snprintf(rows[i].subject, sizeof(rows[i].subject),
		    "failure %zu \xc3\xa9 \"quoted\" <!channel>", i);
	}
	n.failures = rows;
	n.failure_count = count;
}

static void
make_held(size_t count)
{
	char task[32], subject[64];

	for (size_t i = 0; i < count; i++) {
		snprintf(task, sizeof(task), "task%zu", i % 30);
		snprintf(subject, sizeof(subject), "held subject %zu", i);
		throttle_hold(&held, task, REASON_NEW, i / 30, subject,
		    1795480000000 + (int64_t)i);
	}
	n.held = &held;
}

static void
take_number(const char *key, const char *value)
{
	long long number = strtoll(value, NULL, 10);

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (!strcmp(key, numbers[i].name)) {
			*numbers[i].to = number;
			return;
		}
	if (!strcmp(key, "reason"))
		n.reason = (enum reason)number;
	else if (!strcmp(key, "exit"))
		n.outcome.exit = (int)number;
	else if (!strcmp(key, "signal"))
		n.outcome = (struct outcome){.exit = -1,
		    .signal = (int)number,
		    .timed_out = n.outcome.timed_out};
	else if (!strcmp(key, "timed_out"))
		n.outcome.timed_out = number != 0;
	else if (!strcmp(key, "failures"))
		make_rows((size_t)number);
	else if (!strcmp(key, "held"))
		make_held((size_t)number);
	else
		errx(2, "unknown key %s", key);
}

static void
take(char *key, char *value)
{
	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++)
		if (!strcmp(key, strings[i].name)) {
			*strings[i].to = value;
			return;
		}
	if (!strcmp(key, "admin")) {
		if (admin_count == ADMINS_MAX)
			errx(2, "too many admins");
		admins[admin_count++] = value;
	} else if (!strcmp(key, "signature")) {
		n.signature = strtoull(value, NULL, 16);
	} else if (!strcmp(key, "stderr")) {
		n.err =
		    keep_file(value, CAPTURE_STDERR_HEAD, CAPTURE_STDERR_TAIL);
	} else if (!strcmp(key, "stdout")) {
		n.out = keep_file(value, 0, CAPTURE_STDOUT_TAIL);
	} else {
		take_number(key, value);
	}
}

int
main(int argc, char **argv)
{
	static char buffer[MESSAGE_SIZE];
	struct text t;
	bool is_json = argc > 1 && !strcmp(argv[1], "json");

	if (argc < 2 || (!is_json && strcmp(argv[1], "mail")))
		errx(2, "usage: compose mail|json KEY=VALUE...");
	for (int i = 2; i < argc; i++) {
		char *equals = strchr(argv[i], '=');

		if (!equals)
			errx(2, "%s: no KEY=VALUE", argv[i]);
		*equals = '\0';
		take(argv[i], equals + 1);
	}
	text_init(&t, buffer, is_json ? MESSAGE_JSON_SIZE : sizeof(buffer));
	if (is_json)
		message_compose_json(&t, &n);
	else
		message_compose_mail(&t, &n, &mail, mail.admins);
	if (t.is_short)
		errx(1, "it did not fit");
	if (fwrite(buffer, 1, t.length, stdout) != t.length || fflush(stdout))
		err(1, "stdout");
	return 0;
}
