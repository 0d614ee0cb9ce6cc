/* Levels, as words and as numbers. */
#include "words.h"

struct level_word {
	struct word word;
	enum level level;
};

/* By first letter. */
/* clang-format off */
static const struct level_word levels[26][8] = {
    ['a' - 'a'] = {
	{WORD("alert"), LEVEL_FATAL},
	},
    ['c' - 'a'] = {
	{WORD("critical"), LEVEL_ERROR},
	{WORD("crit"), LEVEL_ERROR},
	},
    ['d' - 'a'] = {
	{WORD("dpanic"), LEVEL_FATAL},
	{WORD("deprecated"), LEVEL_WARNING},
	{WORD("deprecation"), LEVEL_WARNING},
	{WORD("debug"), LEVEL_DEBUG},
	{WORD("dbg"), LEVEL_DEBUG},
	{WORD("debu"), LEVEL_DEBUG},
	{WORD("d"), LEVEL_DEBUG},
	},
    ['e' - 'a'] = {
	{WORD("error"), LEVEL_ERROR},
	{WORD("err"), LEVEL_ERROR},
	{WORD("erro"), LEVEL_ERROR},
	{WORD("eror"), LEVEL_ERROR},
	{WORD("e"), LEVEL_ERROR},
	{WORD("emerg"), LEVEL_FATAL},
	{WORD("emergency"), LEVEL_FATAL},
	},
    ['f' - 'a'] = {
	{WORD("failure"), LEVEL_ERROR},
	{WORD("fatal"), LEVEL_FATAL},
	{WORD("fata"), LEVEL_FATAL},
	{WORD("ftl"), LEVEL_FATAL},
	{WORD("fine"), LEVEL_DEBUG},
	{WORD("finer"), LEVEL_DEBUG},
	{WORD("finest"), LEVEL_DEBUG},
	},
    ['h' - 'a'] = {
	{WORD("hint"), LEVEL_NOTE},
	{WORD("help"), LEVEL_NOTE},
	},
    ['i' - 'a'] = {
	{WORD("info"), LEVEL_INFO},
	{WORD("information"), LEVEL_INFO},
	{WORD("inf"), LEVEL_INFO},
	{WORD("informational"), LEVEL_INFO},
	{WORD("i"), LEVEL_INFO},
	},
    ['l' - 'a'] = {
	{WORD("log"), LEVEL_INFO},
	},
    ['n' - 'a'] = {
	{WORD("notice"), LEVEL_NOTE},
	{WORD("note"), LEVEL_NOTE},
	{WORD("n"), LEVEL_NOTE},
	},
    ['p' - 'a'] = {
	{WORD("panic"), LEVEL_FATAL},
	},
    ['s' - 'a'] = {
	{WORD("severe"), LEVEL_ERROR},
	},
    ['t' - 'a'] = {
	{WORD("tip"), LEVEL_NOTE},
	{WORD("trace"), LEVEL_DEBUG},
	{WORD("trac"), LEVEL_DEBUG},
	{WORD("trc"), LEVEL_DEBUG},
	},
    ['v' - 'a'] = {
	{WORD("verbose"), LEVEL_DEBUG},
	},
    ['w' - 'a'] = {
	{WORD("warn"), LEVEL_WARNING},
	{WORD("warning"), LEVEL_WARNING},
	{WORD("wrn"), LEVEL_WARNING},
	{WORD("warni"), LEVEL_WARNING},
	{WORD("w"), LEVEL_WARNING},
	},
};
/* clang-format on */

enum level
level_of_word(struct span word)
{
	char lower[16];
	const struct level_word *p;

	if (!word.size || word.size > 13 || !char_is(*word.data, CHAR_ALPHA))
		return LEVEL_UNKNOWN;
	p = levels[char_lower(*word.data) - 'a'];
	if (!p->word.text)
		return LEVEL_UNKNOWN;
	for (size_t i = 0; i < word.size; i++)
		lower[i] = char_lower(word.data[i]);
	for (; p->word.text; p++)
		if (p->word.size == word.size &&
		    !memcmp(lower, p->word.text, word.size))
			return p->level;
	return LEVEL_UNKNOWN;
}

enum level
level_of_number(long number)
{
	if (number < 0)
		return LEVEL_UNKNOWN;
	if (number < 8) /* syslog: 0 is the gravest */
		return number <= 2   ? LEVEL_FATAL
		       : number == 3 ? LEVEL_ERROR
		       : number == 4 ? LEVEL_WARNING
		       : number == 7 ? LEVEL_DEBUG
				     : LEVEL_INFO;
	if (number < 30)
		return LEVEL_DEBUG;
	if (number < 40)
		return LEVEL_INFO;
	if (number < 50)
		return LEVEL_WARNING;
	return number < 60 ? LEVEL_ERROR : LEVEL_FATAL;
}
