/*
 * Whatever a task writes, each webhook preset makes of it JSON that its
 * receiver takes and in which nothing is markup; and any bytes as a template
 * are a fault, or make JSON.
 */
#include <stdint.h>

#include "presets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const char *complaint, const char *where)
{
	if (!complaint)
		return;
	fprintf(stderr, "does not hold: %s: %s\n", where, complaint);
	abort();
}

static void
check_template(const char *text, size_t size)
{
	static const char document[] =
	    "{\"reason\":\"new\",\"task\":\"t\",\"stderr\":\"a\\nb\","
	    "\"exit\":3,\"failures\":[1],\"message\":null}";
	struct template_values values = {
	    document, sizeof(document) - 1, {"secret", NULL}};
	static char buffer[1 << 20];
	struct template_faults faults = {0};
	struct template t;
	struct text out;
	size_t at;

	if (template_parse(&t, text, size, &faults)) {
		check(faults.count ? NULL : "no fault is told", "template");
		return;
	}
	for (size_t i = 0; i < t.body_count; i++) {
		text_init(&out, buffer, sizeof(buffer));
		if (!template_fill(&t, &t.bodies[i], &values, &out, &faults))
			check(
			    json_check(out.data, out.length, &at), "template");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool is_loaded;
	const struct preset *which = presets;

	if (!is_loaded)
		check(presets_load() ? NULL : "a preset is missing",
		    "supervisor/share/webhook");
	is_loaded = true;
	if (!size || size > TEMPLATE_FILE_SIZE)
		return 0;
	check_template((const char *)data + 1, size - 1);
	check(presets_check((const char *)data + 1, size - 1,
		  REASON_FIRST + *data % (REASON_COUNT - REASON_FIRST), &which),
	    which->name);
	return 0;
}
