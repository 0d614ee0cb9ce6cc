/* Each webhook preset, whatever a task wrote and however much of it. */
#include "presets.h"
#include "tap.h"

enum { SIZE = 100 << 10 };

int
main(void)
{
	static const char *const rows[] = {"", "plain words\n",
	    "<!channel> <@U1> <@&7> <users/all> @everyone @here @room\n",
	    "*b* _i_ ~s~ `c` [l](http://x) ![i](x) </pre><b>&amp;</b>\n",
	    "\"\\\"\\", "\x01\x1b[31m\x7f", "\xff\xfe\xc3\xe2\x82\xf0\x9f",
	    "\xf0\x9f\x98\x80", "\xe2\x80\xae\xe2\x80\xa8", "%{task} %{secret}",
	    "\n", "]]></pre>{{x}}\",\"a\":\"b"};
	static char bytes[SIZE];

	tap_ok(presets_load(), "%d presets are read", PRESETS);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		static const size_t sizes[] = {1, 300, 4096, SIZE};
		const struct preset *which = NULL;
		const char *complaint = NULL;

		for (size_t at = 0; at < SIZE; at++)
			bytes[at] =
			    *rows[i] ? rows[i][at % strlen(rows[i])] : '\0';
		for (int k = 0; !complaint && k < 4; k++)
			for (enum reason r = REASON_FIRST;
			     !complaint && r < REASON_COUNT; r++)
				complaint = presets_check(
				    bytes, *rows[i] ? sizes[k] : 0, r, &which);
		if (!tap_ok(!complaint, "all take row %zu, up to 100 KB", i))
			printf("# %s: %s\n", which->name, complaint);
	}
	return tap_done();
}
