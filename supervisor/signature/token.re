/*
 * token.re: what volatile tokens look like.  Edit this file, not token.c, and
 * run `make rules`; README.md has the page on how.
 *
 * Each function looks at a NUL-ended text at the start of a token and returns
 * the length of the whole token of that class, or 0.  What is after "/"
 * must follow and is not part of the token.
 */
#include "token.h"

#include "chars.h"
#include "rules.h"

/*!include:re2c "common.re" */

/*!re2c
// Times.
HH = [01]? D | "2" [0-3];
H2 = [01] D | "2" [0-3];
MM = [0-5] D | "60";
fraction = "." D{1,9} | [,:] D{2,9};
half_day = " "? [AaPp] [Mm];
offset = [+-] ("0" D | "1" [0-4]) (":"? [0-5] D)?;
zone_name = "UTC" | "GMT" | "CET" | "CEST" | "WET" | "WEST" | "EET" | "EEST" |
	"MSK" | "BST" | "IST" | "EST" | "EDT" | "CST" | "CDT" | "MST" | "MDT" |
	"PST" | "PDT" | "JST" | "KST" | "AEST" | "AEDT" | "SAST" | "HKT" | "SGT";
// Go adds the name, and its clock that no one can turn back
zone = " "? "Z" | offset | " " zone_name |
	" " [+-] D D ":"? D D (" " zone_name)? (" m=" [+-] D+ "." D+)?;
seconds_clock = HH ":" MM ":" MM fraction? | HH "h" MM;
far_east_clock = HH "時" MM "分" (MM "秒")?;
half_clock = HH ":" MM half_day;
clock = ((seconds_clock | far_east_clock) half_day? | half_clock) zone?;
// after a date, hh:mm is a time too, and other marks part it in file names
date_clock = ((seconds_clock | far_east_clock | H2 ":" MM |
	HH "-" MM "-" MM ("-" D{3})? | HH "_" MM "_" MM ("_" D{3})? |
	HH "." MM "." MM fraction? ("_" D D)?) half_day? | half_clock) zone?;
compact_clock = H2 [0-5] D ([0-5] D)? fraction? zone?;

// Dates.
YYYY = ("19" [7-9] D) | ("2" [01] D D);
MO = "0"? [1-9] | "1" [0-2];
DD = "0"? [1-9] | [12] D | "3" [01];
month = 'jan' 'uary'? | 'feb' 'ruary'? | 'mar' 'ch'? | 'apr' 'il'? | 'may' |
	'jun' 'e'? | 'jul' 'y'? | 'aug' 'ust'? | 'sep' 't'? 'ember'? |
	'oct' 'ober'? | 'nov' 'ember'? | 'dec' 'ember'?;
month_abroad =
	'januar' | 'jänner' | 'februar' | 'märz' | 'mai' | 'juni' | 'juli' |
	'oktober' | 'dezember' | 'okt' | 'dez' | 'mär' |
	'janvier' | 'février' | 'mars' | 'avril' | 'juin' | 'juillet' |
	'août' | 'septembre' | 'octobre' | 'novembre' | 'décembre' |
	'janv' | 'févr' | 'avr' | 'juil' | 'déc' |
	'enero' | 'febrero' | 'marzo' | 'abril' | 'mayo' | 'junio' | 'julio' |
	'agosto' | 'septiembre' | 'octubre' | 'noviembre' | 'diciembre' |
	'gennaio' | 'febbraio' | 'aprile' | 'maggio' | 'giugno' | 'luglio' |
	'settembre' | 'ottobre' | 'dicembre' |
	'janeiro' | 'fevereiro' | 'março' | 'maio' | 'junho' | 'julho' |
	'setembro' | 'outubro' | 'novembro' | 'dezembro' |
	'januari' | 'februari' | 'maart' | 'mei' | 'augustus';
weekday = 'mon' 'day'? | 'tue' 'sday'? | 'wed' 'nesday'? | 'thu' 'rsday'? |
	'fri' 'day'? | 'sat' 'urday'? | 'sun' 'day'?;
weekday_abroad = 'montag' | 'dienstag' | 'mittwoch' | 'donnerstag' |
	'freitag' | 'samstag' | 'sonnabend' | 'sonntag' |
	'lundi' | 'mardi' | 'mercredi' | 'jeudi' | 'vendredi' | 'samedi' |
	'dimanche' | 'lunes' | 'martes' | 'miércoles' | 'jueves' | 'viernes' |
	'sábado' | 'domingo' | 'lunedì' | 'martedì' | 'mercoledì' |
	'giovedì' | 'venerdì' | 'sabato' | 'domenica' | 'maandag' |
	'dinsdag' | 'woensdag' | 'donderdag' | 'vrijdag' | 'zaterdag' |
	'zondag' |
	'понедельник' | 'вторник' | 'среда' | 'четверг' | 'пятница' |
	'суббота' | 'воскресенье' | 'poniedziałek' | 'wtorek' | 'środa' |
	'czwartek' | 'piątek' | 'sobota' | 'niedziela' |
	'måndag' | 'mandag' | 'tisdag' | 'tirsdag' | 'onsdag' | 'torsdag' |
	'fredag' | 'lördag' | 'lørdag' | 'söndag' | 'søndag' |
	('mo' | 'di' | 'mi' | 'do' | 'fr' | 'sa' | 'so' | 'lun' | 'mar' | 'mer' |
	'jeu' | 'ven' | 'sam' | 'dim' | 'mié' | 'jue' | 'vie' | 'sáb' | 'dom' |
	'gio' | 'sab' | 'пн' | 'вт' | 'ср' | 'чт' | 'пт' | 'сб' | 'вс') [.,];
year_first = YYYY "-" MO "-" DD | YYYY "/" MO "/" DD | YYYY "." MO "." DD |
	YYYY "_" MO "_" DD | YYYY "年" MO "月" DD "日" |
	YYYY "-"? "W" [0-5] D ("-"? [1-7])?; // ISO 8601: a day of a week
day_first = DD "-" (month | DD) "-" YYYY | DD "/" (month | DD) "/" YYYY |
	DD "." (month | DD) "." YYYY | DD " " month " " YYYY |
	DD "."? " " ("de ")? (month | month_abroad) "."? " " ("de ")? YYYY;
month_first = month " "+ DD ","? " " YYYY;
date = year_first | day_first | month_first;
// the year is missing: only a time of day after it makes it a date; and
// before one any word between a day and a year is a month
word = (A | [\xc3-\xdf] [\x80-\xbf]){3,12};
yearless = DD "-" month | DD "."? " " (month | month_abroad) "."? |
	DD "."? " " ("de ")? word "."? " " ("de ")? YYYY " г."?;
day_of_year = YYYY "-" ([0-2] D D | "3" [0-6] D);
compact = YYYY ("0" [1-9] | "1" [0-2]) ("0" [1-9] | [12] D | "3" [01]);
joint = ","? (" at")? [T _:-] [ :]?;
*/

static size_t
year_length(const char *p)
{
	TEXT(p);
	/*!re2c
	YYYY / ([^] \ D) { return LENGTH; }
	* { return 0; }
	*/
}

/* hh:mm:ss, alone */
static size_t
clock_length(const char *p)
{
	TEXT(p);
	/*!re2c
	clock / ([^] \ N \ ":") { return LENGTH; }
	clock / (":" ([^] \ D)) { return LENGTH; }
	* { return 0; }
	*/
}

/* The time of day after a date, with what joins it to the date. */
static size_t
date_clock_length(const char *p)
{
	TEXT(p);
	/*!re2c
	joint date_clock / NOT_N { return LENGTH; }
	","? (" at")? [T_:-] ":"? compact_clock / NOT_N { return LENGTH; }
	* { return 0; }
	*/
}

enum date_form { FULL, YEARLESS, MONTH_DAY, COMPACT };

static size_t
date_length(const char *p, enum date_form *form)
{
	TEXT(p);
	/*!re2c
	date { *form = FULL; return LENGTH; }
	DD "/" (month | DD) "/" D D | yearless { *form = YEARLESS; return LENGTH; }
	month " "+ DD { *form = MONTH_DAY; return LENGTH; }
	compact / (" " HH ":" MM) { *form = COMPACT; return LENGTH; }
	(compact | day_of_year) / "T" { *form = COMPACT; return LENGTH; }
	* { return 0; }
	*/
}

size_t
token_weekday(const char *p)
{
	TEXT(p);
	/*!re2c
	(weekday | weekday_abroad) ","? " "+ { return LENGTH; }
	* { return 0; }
	*/
}

static size_t
date_and_time_length(const char *p)
{
	enum date_form form;
	size_t n = date_length(p, &form), t, year = 0;

	if (!n)
		return 0;
	if (form == MONTH_DAY) {
		if (p[n] != ' ' || !(t = clock_length(p + n + 1)))
			return 0;
		n += 1 + t;
		if (p[n] == ' ')
			year = year_length(p + n + 1);
		return year ? n + 1 + year : n;
	}
	t = date_clock_length(p + n);
	if (t)
		return n + t;
	return form == FULL && !char_is(p[n], CHAR_ALNUM) ? n : 0;
}

size_t
token_time(const char *p)
{
	size_t day, n = clock_length(p);

	if (n || (n = date_and_time_length(p)))
		return n;
	day = token_weekday(p);
	if (!day)
		return 0;
	n = clock_length(p + day);
	n = n ? n : date_and_time_length(p + day);
	return n ? day + n : 0;
}

// What a number is a number of.
/*!re2c
micro = "µs" | "μs"; // U+00B5, U+03BC
long_unit = "ns" | "us" | micro | "ms" | "sec" "s"? | "second" "s"? | "msec" |
	"min" "s"? | "minute" "s"? | "hr" "s"? | "hour" "s"? | "day" "s"? |
	[kKMGT] "B" | [KMGT] "iB" | "Mb" | "Mbit" | "kbit" | "kb" | "Kb" |
	"byte" "s"? | "Bytes" | [KM]? "bps";
short_unit = "ns" | "us" | micro | "ms" | "min" | [smhdw];
// after a blank the other single letters are words
loose_unit = long_unit | [sBKMGT];
unit = loose_unit | [mhdkb] | "it";
per = "/" ([smh] | "sec" | "min");
*/

size_t
token_unit(const char *p)
{
	TEXT(p);
	/*!re2c
	" "? "%" { return LENGTH; }
	(unit | " " loose_unit) per? / NOT_W { return LENGTH; }
	* { return 0; }
	*/
}

size_t
token_duration(const char *p)
{
	TEXT(p);
	/*!re2c
	(D+ ("." D+)? short_unit){2,} / NOT_W { return LENGTH; }
	// no duration, but a number as well: 3rd, 1e6
	(D+ ("st" | "nd" | "rd" | "th") | D{1,2} "e" D+) / NOT_W { return LENGTH; }
	"P" (D+ [YMWD])* ("T" (D+ ("." D+)? [HMS])+)? / NOT_W
		{ return LENGTH > 2 ? LENGTH : 0; }
	* { return 0; }
	*/
}

size_t
token_left_out(const char *p)
{
	TEXT(p);
	/*!re2c
	// how long it took: some programs say so only if it was long
	"(" D+ ("." D+)? " "? (short_unit | 'sec' 'ond'? "s"? | "minutes") ")" |
	"(" (D+ ":")? [0-5]? D ":" [0-5] D ("." D+)? ")" { return LENGTH; }
	// a bar of progress; how many warnings there were, after the errors
	"[" [=#>. *|-]{9,} "]" | "; " D+ " warning" [^\x00]* { return LENGTH; }
	* { return 0; }
	*/
}

// Addresses of the network, ids, dumps: a group of hexadecimal digits first.
/*!re2c
uuid = X{8} "-" X{4} "-" X{4} "-" X{4} "-" X{12};
mac = X{2} (":" X{2}){5} | X{2} ("-" X{2}){5};
byte = D | [1-9] D | "1" D D | "2" [0-4] D | "25" [0-5] | "0" D D?;
ipv4 = byte "." byte "." byte "." byte;
P = [ :[\]|]+;
L = [A-Fa-f] X | D [A-Fa-f]; // two digits of which one is a letter
// what is stored under its digest: objects/1f/2c5f...
stored = (X{1,2} "/"){1,3} X{16,};
dump = L (P X X){3,} | X X P L (P X X){2,} | X X P X X P L (P X X)+ |
	(X X P){3,} L (P X X)*;
*/

/* With "::" or seven colons, and a digit; a colon at its end is not its. */
static size_t
ipv6_length(const char *p)
{
	size_t n = 0, colons = 0, doubles = 0, group = 0;
	bool has_digit = false;

	for (;; n++) {
		if (p[n] == ':' && (p[n + 1] == ':' || char_is(p[n + 1], CHAR_HEX))) {
			doubles += p[n + 1] == ':';
			colons++;
			group = 0;
		} else if (char_is(p[n], CHAR_HEX) && ++group <= 4) {
			has_digit |= char_is(p[n], CHAR_DIGIT);
		} else {
			break;
		}
	}
	if (p[n] == '.' && doubles) {
		size_t quad = token_ipv4(p + n - group);

		return quad ? n - group + quad : 0;
	}
	if (char_is(p[n], CHAR_WORD) || doubles > 1 || colons > 7)
		return 0;
	return has_digit && (doubles || colons == 7) ? n : 0;
}

static size_t
dump_length(const char *p)
{
	TEXT(p);
	/*!re2c
	dump / NOT_W { return LENGTH; }
	* { return 0; }
	*/
}

size_t
token_group(const char *p, enum group *kind)
{
	size_t n;
	TEXT(p);

	/*!re2c
	uuid / NOT_N { *kind = GROUP_UUID; return LENGTH; }
	mac / ([^] \ W \ [:-]) { *kind = GROUP_MAC; return LENGTH; }
	mac / ([:-] NOT_W) { *kind = GROUP_MAC; return LENGTH; }
	stored / NOT_W { *kind = GROUP_DIGEST; return LENGTH; }
	X{0,4} ":" { goto address; }
	X X P { goto dump; }
	* { *kind = GROUP_NONE; return 0; }
	*/
address:
	*kind = GROUP_IP;
	if ((n = ipv6_length(p)))
		return n;
dump:
	*kind = GROUP_DUMP;
	return dump_length(p);
}

size_t
token_ipv4(const char *p)
{
	TEXT(p);
	/*!re2c
	ipv4 / ([^] \ W \ ".") { return LENGTH; }
	ipv4 / ("." ([^] \ D)) { return LENGTH; }
	* { return 0; }
	*/
}

size_t
token_email(const char *p)
{
	TEXT(p);
	/*!re2c
	// user@host: and user@host:path belong to ssh and git
	host = [A-Za-z0-9_.-];
	[A-Za-z0-9_.%+-]+ "@" host+ "." A{2,} /
		([^] \ host \ ":" | ": " | [.-]+ ([^] \ host)) { return LENGTH; }
	* { return 0; }
	*/
}

// Names that programs draw.
/*!re2c
drawn = [bcdfghjklmnpqrstvwxz2456789];
*/

/* The id that exim gives a message, and the ending of its files. */
size_t
token_exim(const char *p)
{
	TEXT(p);
	/*!re2c
	id = N{6} "-" (N{6} "-" (N{2} | D) | N{11} "-" N{4});
	id / ([^] \ W \ "-") { return LENGTH; }
	id / ("-" [DHJ] NOT_W) { return LENGTH; }
	* { return 0; }
	*/
}

/* The start of a name in a maildir: 1772424607.M811552P2516306. */
size_t
token_maildir(const char *p)
{
	TEXT(p);
	/*!re2c
	D{10} "." ([A-Z] X+ | "_" D+)+ / "." { return LENGTH; }
	* { return 0; }
	*/
}

size_t
token_pod(const char *p)
{
	TEXT(p);
	/*!re2c
	end = [^] \ N \ [-\x80-\xff];
	"-" drawn{8,10} "-" drawn{5} / end { return LENGTH; }
	"-" [a-z0-9]{8,10} "-" [a-z0-9]{5} / end { goto judge; }
	"-" drawn{5} / ([^] \ W \ "-") { goto daemon; }
	// git describe: so many commits after a tag, and the last of them
	"-" D+ "-g" X{7,40} / NOT_W { return LENGTH; }
	* { return 0; }
	*/
daemon:
	if (char_run(p + 1, CHAR_LOWER) == 5 || char_run(p + 1, CHAR_DIGIT) == 5)
		return 0;
	return LENGTH;
judge:
	for (const char *q = p + 1; *q != '-'; q++)
		if (char_is(*q, CHAR_DIGIT))
			return LENGTH;
	return 0;
}

size_t
token_suffix(const char *p)
{
	size_t n;
	TEXT(p);
	/*!re2c
	// ".AbC123" of mkstemp and rsync, "tmp.AbC123xY90" of mktemp
	"." N{6} / ([^] \ W \ ".") { goto judge; }
	"." N{6} / ("." NOT_W) { goto judge; }
	"." N{10} / NOT_W { goto judge; }
	// lock.rem2ey_s.tmp of Python
	"." [a-z0-9_]{8} / ".tmp" { goto judge; }
	* { return 0; }
	*/
judge:
	n = LENGTH;
	return char_run(p + 1, CHAR_LOWER) < n - 1 &&
		char_run(p + 1, CHAR_DIGIT) < n - 1 ? n : 0;
}

/* Names that programs give to their temporary files, in any directory. */
size_t
token_program_name(const char *p, size_t *kept)
{
	struct texture t;
	TEXT(p);
	/*!re2c
	"#sql" [-_] X+ ([-_] X+)* { *kept = 4; return LENGTH; }
	"pgsql_tmp" D+ "." D+ { *kept = 9; return LENGTH; }
	"_SYSSMU" D+ "_" D+ { *kept = 7; return LENGTH; }
	("Rtmp" | "sort") N{6} / NOT_W { *kept = 4; goto judge; }
	"rustc" N{6} / NOT_W { *kept = 5; goto judge; }
	"go-build" D+ / NOT_W { *kept = 8; return LENGTH; }
	("hs_err" | "replay" | "java") "_pid" D+ / NOT_W
		{ *kept = LENGTH - char_run((const char *)s, CHAR_DIGIT);
		goto digits; }
	"file" X{8,16} / NOT_W { *kept = 4; goto digits; }
	* { return 0; }
	*/
judge:
	/* sortByName has a capital in it, sortBsFgwC has more */
	t = texture_of(p + *kept, LENGTH - *kept);
	return t.digits || t.kinds > 3 ? LENGTH : 0;
digits:
	while (*kept && char_is(p[*kept - 1], CHAR_DIGIT))
		--*kept;
	return char_run(p + *kept, CHAR_LOWER) < LENGTH - *kept ? LENGTH : 0;
}

size_t
token_plain_word(const char *p)
{
	TEXT(p);
	/*!re2c
	"."? [A-Z]? ([a-z_]* | [a-z_]{2,} D{1,2}) / [^A-Za-z0-9_+~%\x80-\xff]
		{ return LENGTH; }
	* { return 0; }
	*/
}

bool
token_is_temporary(const char *p)
{
	TEXT(p);
	/*!re2c
	("mk"? "temp" | "tmp") [.-] { return true; }
	* { return false; }
	*/
}

/* The directories under which names are temporary. */
size_t
token_temporary_root(const char *p, size_t *kept)
{
	TEXT(p);
	*kept = 0;
	/*!re2c
	"/tmp/" | "/var/tmp/" | "/dev/shm/" { return *kept = LENGTH; }
	"/run/user/" D+ "/" { *kept = 10; return LENGTH; }
	"/var/folders/" W* "/"? W* "/" { *kept = 13; return LENGTH; }
	* { return 0; }
	*/
}
