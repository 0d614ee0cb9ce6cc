#include "complaints.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

void
complaints_add(struct complaints *c, const char *fmt, ...)
{
	char raw[COMPLAINT_SIZE];
	struct text t;
	va_list ap;

	if (c->count == COMPLAINTS_MAX) {
		c->left_out++;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	text_init(&t, c->text[c->count++], COMPLAINT_SIZE);
	text_add_printable(&t, raw, strlen(raw));
}
