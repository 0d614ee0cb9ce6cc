/* Was an identifier drawn by chance? */
#include "token.h"

#include "chars.h"

bool
drawn_is_hexadecimal(const char *p, size_t size)
{
	unsigned all = 0;

	/* E170013: a code, and no digest */
	if (size < 7 || (char_run(p + 1, CHAR_DIGIT) == size - 1 &&
			    (p[0] == 'E' || (char_is(p[0], CHAR_UPPER) &&
						size < 9 && p[size] == ':'))))
		return false;
	for (size_t i = 0; i < size; i++) {
		if (!char_is(p[i], CHAR_HEX))
			return false;
		all |= char_of(p[i]) & CHAR_ALNUM;
	}
	if ((all & CHAR_ALPHA) == CHAR_ALPHA)
		return size >= 16;
	return size >= 16 || (all & CHAR_DIGIT && all & CHAR_ALPHA);
}

struct texture
texture_of(const char *p, size_t size)
{
	struct texture t = {0};
	unsigned previous = 0;

	for (size_t i = 0; i < size; i++) {
		unsigned kind = char_of(p[i]) & CHAR_ALNUM;

		t.digits += kind == CHAR_DIGIT;
		t.changes += i && (kind ^ previous) & CHAR_DIGIT;
		t.kinds += i && kind != previous;
		t.all |= kind;
		previous = kind;
	}
	return t;
}

bool
drawn_is_random(const char *p, size_t size)
{
	struct texture t;
	bool has_cases;

	if (size < 12)
		return false;
	t = texture_of(p, size);
	has_cases = (t.all & CHAR_ALPHA) == CHAR_ALPHA;
	if (t.digits >= 2 && t.changes >= 4)
		return has_cases || size >= 16;
	/* a name in camel case changes its case less often than chance does */
	return size >= 16 && has_cases &&
	       t.kinds * (t.digits ? 5 : 2) >= size * (t.digits ? 2 : 1);
}

size_t
drawn_base64_length(const char *p)
{
	size_t n = 0, slashes = 0;
	struct texture t;

	for (; char_is(p[n], CHAR_ALNUM | CHAR_UNDER) || p[n] == '+' ||
	       p[n] == '/' || p[n] == '-';
	     n++)
		slashes += p[n] == '/';
	if (n < 38)
		return 0;
	t = texture_of(p, n);
	while (p[n] == '=')
		n++;
	if (n < 40 || t.all != CHAR_ALNUM || slashes * 10 > n)
		return 0;
	return t.kinds * 5 >= n * 2 ? n : 0;
}

bool
drawn_is_python(const char *p, size_t size)
{
	return size == 11 && char_starts(p, "tmp") &&
	       char_run(p, CHAR_LOWER | CHAR_DIGIT | CHAR_UNDER) >= size &&
	       /* tmp_storage is somebody's name */
	       (p[3] != '_' || char_run(p, CHAR_LOWER | CHAR_UNDER) < size);
}

/* Six of chance: more than a word with a capital, or a number. */
static bool
is_drawn_group(const char *p)
{
	unsigned all = texture_of(p, 6).all, rest = texture_of(p + 1, 5).all;

	if (all & CHAR_DIGIT)
		return all & CHAR_ALPHA;
	return all == CHAR_ALPHA && rest & CHAR_UPPER;
}

/* The id that exim gives a message: "1rBcDe-0004xY-2a". */
size_t
drawn_exim_length(const char *p)
{
	size_t n = token_exim(p);

	return n && char_run(p, CHAR_DIGIT) < 6 &&
		       char_run(p + 7, CHAR_DIGIT) <
			   char_run(p + 7, CHAR_ALNUM) &&
		       (is_drawn_group(p) || is_drawn_group(p + 7))
		   ? n
		   : 0;
}

/* An id of postfix's queue, drawn without vowels, before what became of it. */
bool
drawn_is_queue_id(const char *p, size_t size)
{
	if (p[size] != ':' || size < 10 || size > 17)
		return false;
	for (size_t i = 0; i < size; i++)
		if (!char_is(p[i], CHAR_ALNUM) ||
		    memchr("aeiou", char_lower(p[i]), 5))
			return false;
	return (texture_of(p, size).all & CHAR_ALPHA) == CHAR_ALPHA;
}

/* Names of temporary files. */

void
drawn_split(const char *p, size_t size, size_t *head, size_t *tail)
{
	size_t dot = size, ext;

	*head = token_plain_word(p);
	/* cc and six of chance, as compilers name what they hand on */
	if (*head == 8 && p[0] == 'c' && p[1] == 'c' &&
	    (size == 10 || char_run(p, CHAR_LOWER) < 8))
		*head = 0;
	if (*head == 11 && char_starts(p, "tmp"))
		*head = 0;
	while (dot > *head && p[dot - 1] != '.')
		dot--;
	ext = size - dot;
	*tail = 0;
	if (dot > *head && ext >= 1 && ext <= 5 &&
	    char_run(p + dot, CHAR_LOWER) == ext)
		*tail = ext + 1;
	/* x.tar.gz is a name without chance in it */
	while (*head && *head + *tail < size) {
		size_t middle = size - *head - *tail;
		const char *q = p + *head;

		if (*q != '.' || char_run(q + 1, CHAR_LOWER) != middle - 1 ||
		    middle > 5)
			break;
		*tail += middle;
	}
}
