/*
 * presets: every webhook preset of supervisor/share, filled with a notification
 * whose texts a task chose.  Runs in the root of the tree.
 */
#ifndef RUNNER_PRESETS_H
#define RUNNER_PRESETS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/template.h"
#include "message/message.h"

/* What a receiver's maker says. */
struct preset {
	const char *name;
	size_t size_max; /* of the request's body; 0: no such limit */
	int angles;      /* how many < and > there are; -1: they mean nothing */
	bool is_markdown; /* < > @ * want a backslash before them */
	char *text;
	struct template template;
};

static struct preset presets[] = {
    {"slack", 0, 0},
    {"discord", 0, -1, true},
    {"teams", 28 * 1024, -1},
    {"google_chat", 32000, 0},
    {"telegram", 0, 4}, /* <pre> and </pre> */
    {"ntfy", 8192, -1}, /* twice a message, as its server reads JSON */
    {"gotify", 0, -1},
    {"pushover", 0, -1},
    {"matrix", 65536, -1},
    {"pagerduty", 512 << 10, -1},
    {"opsgenie", 0, 0},
    {"alertmanager", 0, -1},
};

enum { PRESETS = sizeof(presets) / sizeof(*presets) };

/* Reads them all; false when one is missing or no template. */
static bool
presets_load(void)
{
	for (size_t i = 0; i < PRESETS; i++) {
		struct template_faults faults = {0};
		char path[256];
		size_t size;
		FILE *f;

		snprintf(path, sizeof(path), "supervisor/share/webhook/%s",
		    presets[i].name);
		f = fopen(path, "r");
		presets[i].text = malloc(TEMPLATE_FILE_SIZE);
		if (!f || !presets[i].text)
			return false;
		size = fread(presets[i].text, 1, TEMPLATE_FILE_SIZE, f);
		fclose(f);
		if (template_parse(
			&presets[i].template, presets[i].text, size, &faults))
			return false;
	}
	return true;
}

/* Is a value read as markup or as a mention? */
static bool
preset_calls(const struct preset *p, const struct text *out)
{
	int angles = 0;

	for (size_t i = 1; i < out->length; i++) {
		angles += out->data[i] == '<' || out->data[i] == '>';
		if (p->is_markdown && strchr("<>@*", out->data[i]) &&
		    out->data[i - 1] != '\\')
			return true;
	}
	return p->angles >= 0 && angles != p->angles;
}

/* Fills one; NULL, or what does not hold. */
static const char *
preset_check(const struct preset *p, enum reason reason, const char *document,
    size_t size)
{
	static char buffer[1 << 20];
	struct template_values values = {document, size, {"secret", "second"}};
	const struct template_body *body =
	    template_find(&p->template, reason_name(reason));
	static struct template_faults faults;
	struct text out;
	size_t at;

	faults.count = 0;
	if (!body)
		return "there is no body";
	text_init(&out, buffer, sizeof(buffer));
	if (template_fill(&p->template, body, &values, &out, &faults))
		return faults.list[0].words;
	if (json_check(out.data, out.length, &at))
		return "it is no JSON";
	if (p->size_max && out.length > p->size_max)
		return "it is larger than the receiver takes";
	if (preset_calls(p, &out))
		return "a value is markup";
	return NULL;
}

/* All of them, with these bytes as the words of a task. */
static const char *
presets_check(const char *bytes, size_t size, enum reason reason,
    const struct preset **which)
{
	static char document[MESSAGE_JSON_SIZE];
	char *string = malloc(size + 1);
	struct notification n = {.reason = reason,
	    .message = string,
	    .host = "h.example.org",
	    .chain = string,
	    .task = "t",
	    .command = string,
	    .version = "1",
	    .outcome = {.is_success = false},
	    .now_wall_ms = 1,
	    .err = {.head = bytes, .head_size = size, .total = size},
	    .id = "a.b.c"};
	const char *complaint = NULL;
	struct text t;

	if (!string)
		abort();
	memcpy(string, bytes, size);
	string[size] = '\0';
	text_init(&t, document, sizeof(document));
	message_compose_json(&t, &n);
	free(string);
	for (size_t i = 0; !complaint && i < PRESETS; i++) {
		*which = &presets[i];
		complaint = preset_check(&presets[i], reason, t.data, t.length);
	}
	return complaint;
}

#endif
