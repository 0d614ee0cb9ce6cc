/*
 * keys: every key of runner.conf, for the test of the manual:
 * SECTION, tab, KEY, tab, its default (- when there is none).
 */
#include <stdio.h>

#include "config/keys.h"

int
main(void)
{
	for (int i = 0; i < KEYS_SECTIONS; i++) {
		const struct section_spec *s = keys_of((enum keys_section)i);

		for (const struct key *k = s->keys; k->name; k++)
			printf("%s\t%s\t%s\n", s->name, k->name,
			    k->initial ? k->initial : "-");
	}
	return 0;
}
