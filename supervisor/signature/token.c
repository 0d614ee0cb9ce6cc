#include "token.h"

#include "chars.h"

static bool
is_hex(char c)
{
	return char_is(c, CHAR_HEX);
}

size_t
token_uuid_length(const char *p)
{
	static const uint8_t groups[] = {8, 4, 4, 4, 12};
	size_t n = 0;

	for (size_t g = 0; g < sizeof(groups); g++) {
		for (size_t i = 0; i < groups[g]; i++)
			if (!is_hex(p[n++]))
				return 0;
		if (g < 4 && p[n++] != '-')
			return 0;
	}
	return char_is(p[n], CHAR_ALNUM) ? 0 : n;
}

size_t
token_mac_length(const char *p)
{
	char separator = is_hex(p[0]) && is_hex(p[1]) ? p[2] : 0;
	size_t n = 0;

	if (separator != ':' && separator != '-')
		return 0;
	for (size_t g = 0; g < 6; g++, n += 3) {
		if (!is_hex(p[n]) || !is_hex(p[n + 1]))
			return 0;
		if (g < 5 && p[n + 2] != separator)
			return 0;
	}
	n--;
	return char_is(p[n], CHAR_WORD) || p[n] == separator ? 0 : n;
}

size_t
token_ipv4_length(const char *p)
{
	size_t n = 0;

	for (size_t g = 0; g < 4; g++) {
		size_t d = char_run(p + n, CHAR_DIGIT);
		int v = 0;

		if (!d || d > 3)
			return 0;
		for (size_t i = 0; i < d; i++)
			v = v * 10 + (p[n + i] - '0');
		if (v > 255)
			return 0;
		n += d;
		if (g < 3 && p[n++] != '.')
			return 0;
	}
	if (char_is(p[n], CHAR_WORD) ||
	    (p[n] == '.' && char_is(p[n + 1], CHAR_DIGIT)))
		return 0;
	return n;
}

size_t
token_ipv6_length(const char *p)
{
	size_t n = 0, group = 0, colons = 0, doubles = 0;
	bool has_digit = false;

	for (;; n++) {
		if (p[n] == ':') {
			/* a colon that ends the address ends the sentence */
			if (p[n + 1] != ':' && !is_hex(p[n + 1]))
				break;
			doubles += p[n + 1] == ':';
			colons++;
			group = 0;
		} else if (is_hex(p[n])) {
			has_digit |= char_is(p[n], CHAR_DIGIT);
			if (++group > 4)
				return 0;
		} else {
			break;
		}
	}
	if (p[n] == '.' && doubles && char_is(p[n + 1], CHAR_DIGIT)) {
		/* ::ffff:10.0.0.1 */
		size_t start = n - group, quad = token_ipv4_length(p + start);

		return quad ? start + quad : 0;
	}
	if (char_is(p[n], CHAR_WORD) || doubles > 1 || colons > 7)
		return 0;
	return has_digit && (doubles || colons == 7) ? n : 0;
}

size_t
token_dump_length(const char *p)
{
	size_t n = 0, end = 0, groups = 0;
	bool has_letter = false;

	while (
	    is_hex(p[n]) && is_hex(p[n + 1]) && !char_is(p[n + 2], CHAR_WORD)) {
		has_letter |= !char_is(p[n], CHAR_DIGIT) ||
			      !char_is(p[n + 1], CHAR_DIGIT);
		groups++;
		n += 2;
		end = n;
		while (p[n] == ' ' || p[n] == ':' || p[n] == '[' ||
		       p[n] == ']' || p[n] == '|')
			n++;
	}
	return groups >= 4 && has_letter ? end : 0;
}

size_t
token_email_length(const char *p)
{
	size_t n = 0, domain, dots = 0, last = 0;

	while (char_is(p[n], CHAR_HOST) || p[n] == '+' || p[n] == '%')
		n++;
	if (!n || p[n] != '@')
		return 0;
	domain = n + 1;
	for (n = domain; char_is(p[n], CHAR_HOST); n++)
		if (p[n] == '.' && char_is(p[n + 1], CHAR_ALNUM)) {
			dots++;
			last = n + 1;
		}
	while (n > domain && (p[n - 1] == '.' || p[n - 1] == '-'))
		n--;
	if (!dots || n < last + 2 || char_run(p + last, CHAR_ALPHA) < n - last)
		return 0;
	/* user@host: of ssh, user@host:path of scp and git */
	if (p[n] == ':' && p[n + 1] != ' ')
		return 0;
	return n;
}

size_t
token_base64_length(const char *p)
{
	size_t n = 0, changes = 0, slashes = 0;
	unsigned previous = 0, all = 0;

	for (;; n++) {
		unsigned k = char_of(p[n]) & CHAR_ALNUM;

		if (!k && p[n] != '+' && p[n] != '/' && p[n] != '_' &&
		    p[n] != '-')
			break;
		slashes += p[n] == '/';
		changes += n && k != previous;
		previous = k;
		all |= k;
	}
	while (p[n] == '=')
		n++;
	if (n < 40 || all != CHAR_ALNUM || slashes * 10 > n)
		return 0;
	return changes * 5 >= n * 2 ? n : 0;
}

bool
token_is_hexadecimal(const char *p, size_t size)
{
	unsigned all = 0;

	if (size < 7)
		return false;
	for (size_t i = 0; i < size; i++) {
		if (!is_hex(p[i]))
			return false;
		all |= char_of(p[i]) & CHAR_ALNUM;
	}
	if ((all & CHAR_ALPHA) == CHAR_ALPHA)
		return size >= 16;
	return size >= 16 || (all & CHAR_DIGIT && all & CHAR_ALPHA);
}

bool
token_is_random(const char *p, size_t size)
{
	size_t digits = 0, changes = 0, kinds = 0;
	unsigned all = 0, previous = 0;

	if (size < 12)
		return false;
	for (size_t i = 0; i < size; i++) {
		unsigned kind = char_of(p[i]) & CHAR_ALNUM;

		digits += kind == CHAR_DIGIT;
		changes += i && (kind ^ previous) & CHAR_DIGIT;
		kinds += i && kind != previous;
		all |= kind;
		previous = kind;
	}
	if (digits >= 2 && changes >= 4)
		return (all & CHAR_ALPHA) == CHAR_ALPHA || size >= 16;
	/* a name in camel case changes its case less often than chance does */
	return size >= 16 && (all & CHAR_ALPHA) == CHAR_ALPHA &&
	       kinds * (digits ? 5 : 2) >= size * (digits ? 2 : 1);
}

bool
token_is_python_temporary(const char *p, size_t size)
{
	unsigned all = 0;

	if (size != 11 || !char_starts(p, "tmp"))
		return false;
	for (size_t i = 3; i < size; i++)
		all |= char_of(p[i]);
	if (all & (CHAR_UPPER | CHAR_HIGH))
		return false;
	/* tmp_storage is somebody's name */
	return p[3] != '_' || all & CHAR_DIGIT;
}

bool
token_is_python_under_temporary(const char *p, size_t size)
{
	return size == 11 && char_starts(p, "tmp") &&
	       char_run(p, CHAR_LOWER | CHAR_DIGIT | CHAR_UNDER) >= size;
}

size_t
token_mktemp_length(const char *p)
{
	unsigned all = 0;
	size_t n = 1;

	for (; char_is(p[n], CHAR_ALNUM); n++)
		all |= char_of(p[n]);
	return n == 11 && !char_is(p[n], CHAR_WORD) &&
		       all & (CHAR_UPPER | CHAR_DIGIT)
		   ? n
		   : 0;
}

/* Six of chance: more than a word with a capital, or a number. */
static bool
is_drawn_group(const char *p)
{
	unsigned all = 0, rest = 0;

	for (size_t i = 0; i < 6; i++) {
		all |= char_of(p[i]) & CHAR_ALNUM;
		rest |= i ? char_of(p[i]) & CHAR_ALNUM : 0;
	}
	if (all & CHAR_DIGIT)
		return all & CHAR_ALPHA;
	return all == CHAR_ALPHA && rest & CHAR_UPPER;
}

size_t
token_exim_length(const char *p)
{
	size_t n;

	if (char_run(p, CHAR_ALNUM) != 6 || p[6] != '-' ||
	    char_run(p + 7, CHAR_ALNUM) != 6 || p[13] != '-')
		return 0;
	if (char_run(p, CHAR_DIGIT) == 6 || char_run(p + 7, CHAR_DIGIT) == 6 ||
	    (!is_drawn_group(p) && !is_drawn_group(p + 7)))
		return 0;
	/* a last group of digits is, to a shape, a number as short as any */
	n = char_run(p + 14, CHAR_ALNUM);
	if (n != 2 && !(n == 1 && char_is(p[14], CHAR_DIGIT)))
		return 0;
	return char_is(p[14 + n], CHAR_WORD) || p[14 + n] == '-' ? 0 : 14 + n;
}

bool
token_is_queue_id(const char *p, size_t size)
{
	unsigned all = 0;

	if (size < 10 || size > 17)
		return false;
	for (size_t i = 0; i < size; i++) {
		if (!char_is(p[i], CHAR_ALNUM) ||
		    memchr("aeiou", char_lower(p[i]), 5))
			return false;
		all |= char_of(p[i]);
	}
	return (all & CHAR_ALPHA) == CHAR_ALPHA;
}

size_t
token_jwt_length(const char *p)
{
	size_t n = 0, part;

	if (!char_starts(p, "eyJ"))
		return 0;
	for (;;) {
		for (part = n;
		     char_is(p[n], CHAR_ALNUM | CHAR_UNDER) || p[n] == '-';)
			n++;
		if (n - part < 10)
			return part ? part - 1 : 0;
		if (p[n] != '.')
			return n;
		n++;
	}
}

size_t
token_daemon_length(const char *p)
{
	static const char drawn[] = "bcdfghjklmnpqrstvwxz2456789";
	unsigned all = 0;
	size_t n = 1;

	for (; n <= 5; n++) {
		if (!p[n] || !memchr(drawn, p[n], sizeof(drawn) - 1))
			return 0;
		all |= char_of(p[n]);
	}
	if (char_is(p[n], CHAR_WORD) || p[n] == '-')
		return 0;
	return all & CHAR_DIGIT && all & CHAR_LOWER ? n : 0;
}

static size_t
lower_or_digit_run(const char *p)
{
	return char_run(p, CHAR_LOWER | CHAR_DIGIT);
}

/* Kubernetes draws from letters without vowels and digits without 0, 1, 3. */
static bool
is_drawn(const char *p, size_t n)
{
	size_t digits = 0;

	for (size_t i = 0; i < n; i++) {
		digits += char_is(p[i], CHAR_DIGIT) != 0;
		if (memchr("aeiou", p[i], 5) && digits == 0 && i + 1 == n)
			return false;
	}
	return digits > 0;
}

size_t
token_pod_length(const char *p)
{
	size_t a, b;

	if (p[0] != '-')
		return 0;
	a = lower_or_digit_run(p + 1);
	if (a < 8 || a > 10 || p[1 + a] != '-' || !is_drawn(p + 1, a))
		return 0;
	b = lower_or_digit_run(p + 2 + a);
	if (b != 5 || char_is(p[2 + a + b], CHAR_WORD))
		return 0;
	return 2 + a + b;
}

size_t
token_suffix_length(const char *p)
{
	unsigned all = 0;

	if (p[0] != '.')
		return 0;
	for (size_t i = 1; i <= 6; i++) {
		if (!char_is(p[i], CHAR_ALNUM))
			return 0;
		all |= char_of(p[i]) & CHAR_ALNUM;
	}
	if (char_is(p[7], CHAR_WORD) ||
	    (p[7] == '.' && char_is(p[8], CHAR_WORD)))
		return 0;
	return all == CHAR_LOWER || all == CHAR_DIGIT ? 0 : 7;
}

size_t
token_temporary_root_length(const char *p)
{
	size_t n;

	if (p[1] != 't' && p[1] != 'v' && p[1] != 'd' && p[1] != 'r')
		return 0;
	if ((n = char_starts(p, "/tmp/")) ||
	    (n = char_starts(p, "/var/tmp/")) ||
	    (n = char_starts(p, "/dev/shm/")))
		return n;
	n = char_starts(p, "/run/user/");
	if (n) {
		n += char_run(p + n, CHAR_DIGIT);
		return p[n] == '/' ? n + 1 : 0;
	}
	n = char_starts(p, "/var/folders/");
	if (n) {
		n += char_run(p + n, CHAR_WORD);
		n += p[n] == '/';
		n += char_run(p + n, CHAR_WORD);
		return p[n] == '/' ? n + 1 : 0;
	}
	return 0;
}

/* Is the opening word of a temporary name somebody's word, not chance? */
static bool
is_plain_word(const char *p, size_t n)
{
	size_t letters = char_run(p, CHAR_LOWER | CHAR_UNDER);
	size_t capital = char_is(*p, CHAR_UPPER);

	if (token_is_python_under_temporary(p, n))
		return false;
	if (n == 8 && p[0] == 'c' && p[1] == 'c' && letters != n)
		return false;
	letters = capital + char_run(p + capital, CHAR_LOWER | CHAR_UNDER);
	return letters == n ||
	       (n - letters <= 2 && letters >= 2 &&
		   letters + char_run(p + letters, CHAR_DIGIT) == n);
}

void
token_temporary_name(const char *p, size_t size, size_t *head, size_t *tail)
{
	size_t n = p[0] == '.', dot = size, ext;

	while (n < size && p[n] != '.' && p[n] != '-')
		n++;
	*head = is_plain_word(p + (p[0] == '.'), n - (p[0] == '.')) ? n : 0;
	/* cc and six of chance, as compilers name what they hand on */
	if (*head == 8 && p[0] == 'c' && p[1] == 'c' && size == 10)
		*head = 0;
	while (dot > *head && p[dot - 1] != '.')
		dot--;
	ext = size - dot;
	*tail = 0;
	if (dot > *head && ext >= 1 && ext <= 5 &&
	    char_run(p + dot, CHAR_LOWER) == ext)
		*tail = ext + 1;
	/* x.tar.gz is a name without chance in it */
	while (*head && *head + *tail < size && *head < size - *tail) {
		size_t middle = size - *head - *tail;
		const char *q = p + *head;

		if (*q != '.' || char_run(q + 1, CHAR_LOWER) != middle - 1 ||
		    middle > 5)
			break;
		*tail += middle;
	}
}
