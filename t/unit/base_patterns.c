/* What the filter of patterns lets pass: never less than regexec() matches. */
#include "base/patterns.h"

#include <string.h>

#include "tap.h"

static const char *const sources[] = {"^known", "lost$", "customer '[^']*'",
    "[0-9]+ rows? (left|lost)", "a{2,3}b", "a.c", "[[:digit:]]{3}", "x|y",
    "[]a]b", "[^]a]b", "[\\]b", "[a-]b", "\\.", "\\bword", "(a|b)+c", "(a*)*d",
    "a+?b", "^(a|)$", "[.]", "a\\{2", "()", "^*x", "\\<x", "c[[:alpha:]_]+",
    "(a.?)\\1b", "\\w+ lost", "\\W7", "\\<is\\>", "\\Sost\\'", "\\`a\\sw",
    "(b)\\1*d"};
static const char *const texts[] = {"known", "is known", "all lost", "lost all",
    "no customer 'Dupont' here", "7 rows left", "1 row lost", "aab aaab ab",
    "abc", "a\nc", "123", "12", "x", "y", "]b", "ab", "cb", "\\b", "-b", ".",
    "a word", "sword", "aab", "is lost", "abac", "aaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "d", "b", "a{2", "*x", "c_x", "\xc3\xa9", ""};

int
main(void)
{
	static struct patterns p;
	size_t wrong = 0, passed = 0, all = 0;
	char why[80];

	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
		if (patterns_add(&p, sources[i], why, sizeof(why)))
			continue;
		for (size_t k = 0; k < sizeof(texts) / sizeof(*texts); k++) {
			bool may =
			    patterns_may_match(&p, texts[k], strlen(texts[k]));
			bool does =
			    !regexec(&p.compiled[0], texts[k], 0, NULL, 0);

			all++;
			passed += may;
			wrong += does && !may;
			if (does && !may)
				printf("# %s in %s\n", sources[i], texts[k]);
		}
		patterns_release(&p);
	}
	tap_is_int((long long)wrong, 0, "what matches passes the filter");
	tap_ok(passed * 2 < all, "most of what does not is held back");
	tap_ok(!patterns_add(&p, "^known", why, sizeof(why)) &&
		   !patterns_add(&p, "lost$", why, sizeof(why)) &&
		   patterns_may_match(&p, "is known", 8) &&
		   patterns_may_match(&p, "all lost", 8) &&
		   !patterns_may_match(&p, "lost all", 8),
	    "several are one filter, and a line may be matched from any place");
	patterns_release(&p);
	tap_ok(!patterns_may_match(&p, "known", 5), "none match nothing");
	return tap_done();
}
