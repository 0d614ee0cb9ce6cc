/*
 * line.re: what words and the openings of lines say.  Edit this file, not
 * line.c, and run `make rules`; README.md has the page on how.
 *
 * 'x' is any case, "x" is this case.  What is after "/" must follow.
 */
#include "words.h"

#include "rules.h"

/*!include:re2c "common.re" */

/* The same of a span, whose end is also that of the word. */
#define WHOLE(word) (LENGTH == (word).size)

/* Words. */

enum level
level_of_word(struct span word)
{
	enum level level;
	TEXT(word.data);

	/*!re2c
	'debug' | 'debu' | 'dbg' | 'd' | 'fine' 'r'? | 'finest' | 'trace' |
	'trac' | 'trc' | 'verbose' { level = LEVEL_DEBUG; goto found; }
	'info' | 'information' 'al'? | 'inf' | 'i' | 'log'
		{ level = LEVEL_INFO; goto found; }
	'notice' | 'note' | 'n' | 'hint' | 'help' | 'tip'
		{ level = LEVEL_NOTE; goto found; }
	'warning' | 'warn' | 'warni' | 'wrn' | 'w' | 'deprecat' ('ed' | 'ion')
		{ level = LEVEL_WARNING; goto found; }
	'error' | 'err' | 'erro' | 'eror' | 'e' | 'crit' 'ical'? | 'failure' |
	'severe' { level = LEVEL_ERROR; goto found; }
	'fatal' | 'fata' | 'ftl' | 'panic' | 'dpanic' | 'alert' | 'emerg' 'ency'?
		{ level = LEVEL_FATAL; goto found; }
	* { return LEVEL_UNKNOWN; }
	*/
found:
	return WHOLE(word) ? level : LEVEL_UNKNOWN;
}

enum level
level_of_number(long number)
{
	static const struct {
		long below;
		enum level level;
	} rows[] = {
		{0, LEVEL_UNKNOWN},
		/* syslog: 0 is the gravest */
		{3, LEVEL_FATAL}, {4, LEVEL_ERROR}, {5, LEVEL_WARNING},
		{7, LEVEL_INFO}, {8, LEVEL_DEBUG},
		/* Python, pino */
		{30, LEVEL_DEBUG}, {40, LEVEL_INFO}, {50, LEVEL_WARNING},
		{60, LEVEL_ERROR},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (number < rows[i].below)
			return rows[i].level;
	return LEVEL_FATAL;
}

enum word_kind
word_kind(struct span word)
{
	enum word_kind kind;
	TEXT(word.data);

	/*!re2c
	W* ('code' | 'código' | 'код' | 'kod' | "コード" | "代码" | 'sqlstate' | 'errno' | 'status' | 'hresult') | 'http' |
	'response' { kind = WORD_STATUS; goto found; }
	W* 'error' | 'rc' | 'exited' | 'returned' | 'signal' | 'retval' | 'err' |
	'exit' | 'ret' | 'rv' | 'reason' { kind = WORD_CODE; goto found; }
	W* [Pp] "ort" { kind = WORD_PORT; goto found; }
	// "code of 3", "exit value 3", "error number 3": the word before decides
	"of" | "is" | "to" | "with" | 'value' | 'number' | 'num' | 'no' | 'nr'
		{ kind = WORD_LINK; goto found; }
	'answered' | 'replied' | 'responded' | 'got' | 'gave' | 'received' |
	'reply' | 'answer' { kind = WORD_ANSWER; goto found; }
	'line' | 'level' 'no'? | 'lvl' | 'severity' | 's' | 'l' | 'loglevel'
		{ kind = WORD_LEVEL; goto found; }
	* { return WORD_OTHER; }
	*/
found:
	return WHOLE(word) ? kind : WORD_OTHER;
}

bool
word_is_counted(struct span word)
{
	TEXT(word.data);
	/*!re2c
	// before a colon and a number that is no port
	'pid' | 'tid' | 'uid' | 'gid' | 'id' | 'line' | 'row' | 'col' 'umn'? |
	'record' | 'byte' | 'offset' | 'pos' 'ition'? | 'attempt' 's'? |
	'retry' | 'retries' | 'try' | 'count' | 'size' | 'len' 'gth'? | 'total' |
	'step' | 'page' | 'worker' | 'thread' | 'task' | 'job' | 'seq' | 'index' |
	'level' | 'lvl' | 'time' 'out'? | 'after' | 'elapsed' | 'ms' | 'sec' |
	'at' | 'n' | 'no' | 'num' | 'user' | 'error' | 'errno' | 'code' | 'status'
		{ return WHOLE(word); }
	* { return false; }
	*/
}

enum id_word
word_of_id(struct span word)
{
	TEXT(word.data);
	/*!re2c
	'tid' | 'thread' { return WHOLE(word) ? ID_THREAD : ID_NONE; }
	'request' { return WHOLE(word) ? ID_REQUEST : ID_NONE; }
	'id' { return WHOLE(word) ? ID_PART : ID_NONE; }
	'requestid' | 'request_id' | 'x_request_id'
		{ return WHOLE(word) ? ID_WHOLE : ID_NONE; }
	* { return ID_NONE; }
	*/
}

bool
word_is_line(struct span word)
{
	TEXT(word.data);
	/*!re2c
	LINE_WORD { return WHOLE(word); }
	* { return false; }
	*/
}

bool
word_is_exception(struct span word)
{
	return text_ends_with(word.data, word.size, "Error") ||
		text_ends_with(word.data, word.size, "Exception");
}

size_t
word_generated(const char *p)
{
	TEXT(p);
	/*!re2c
	// names that the Java machine numbers; any of its marks may come first
	W? ("javassist_" | "Proxy" | "jvstd" | "lambda_" | "GeneratedMethodAccessor" |
	"GeneratedConstructorAccessor" |
	"GeneratedSerializationConstructorAccessor") / (D+ NOT_W)
		{ return LENGTH; }
	* { return 0; }
	*/
}

/* Names of files. */

/* Where the name begins in a path, and its extension in the name. */
static struct span
name_in(const char *p, size_t size, size_t *dot)
{
	size_t base = size;

	while (base && p[base - 1] != '/' && p[base - 1] != '\\')
		base--;
	p += base;
	size -= base;
	for (*dot = size; *dot && p[*dot - 1] != '.';)
		--*dot;
	return (struct span){p, size};
}

static bool
is_code_extension(struct span word)
{
	TEXT(word.data);
	/*!re2c
	"c" | "h" | "cc" | "cpp" | "cxx" | "hpp" | "hh" | "hxx" | "m" | "mm" | "cs" |
	"java" | "kt" "s"? | "scala" | "sc" | "groovy" | "clj" | "py" [xwi]? | "pxd" |
	"rb" | "erb" | "rake" | "ru" | "pl" "x"? | "pm" | "t" | "cgi" | "psgi" | "xs" |
	"php" | "phtml" | "inc" | [mc]? "js" | "jsx" | [mc]? "ts" | "tsx" | "vue" |
	"svelte" | "go" | "rs" | "swift" | "lua" | "r" | "R" | "jl" | "ex" "s"? |
	"erl" | "hrl" | "l"? "hs" | "ml" "i"? | "fs" "x"? | "vb" | "sh" | "bash" |
	"bats" | "zsh" | "ksh" | "fish" | "awk" | "sed" | "sql" | "tcl" | "el" | "lisp" |
	"scm" | "rkt" | "st" | "wat" | "cr" | "nim" | "zig" | "d" | "pas" | "pp" |
	"ad" [abs] | "f" | "f90" | "v" | "sv" | "vhd" "l"? | "s" | "S" | "asm" |
	"mk" | "mak" | "cmake" | "gradle" | "am" | "ac" | "m4" | "tf" | "nix" |
	"bzl" | "css" | "scss" | "less" | "j2" | "jinja" "2"? | "twig" | "ejs" |
	"proto" | "thrift" | "l" | "y" | "ll" | "yy" | "ld" "s"? | "ps1" | "psm1" |
	"bat" | "cmd" | "dart" | "sol" | "ninja" | "service" | "cob" | "cbl" |
	// what is configured is written like code, and seldom changes
	"conf" | "cfg" | "cnf" | "cf" | "ini" | "ya"? "ml" | "toml" | "hcl" | "rules" |
	"zone" | "vcl" | "nft" | "t" "e"? "mpl" | "tpl" |
	"bas" | "hx" | "pug" | "haml" | "coffee" | "gd" | "raku" | "p6" |
	"xsl" "t"? { return WHOLE(word); }
	* { return false; }
	*/
}

static bool
is_code_name(struct span word)
{
	TEXT(word.data);
	/*!re2c
	[Mm] "akefile" | "GNUmakefile" | "Dockerfile" | "Rakefile" | "Gemfile" |
	"CMakeLists.txt" | "Jenkinsfile" | "Vagrantfile" | "meson.build" | "BUILD" |
	"SConstruct" | "SConscript" | "Kconfig" | "wscript" | [Jj] "ustfile" |
	"build.xml" | "configure" | "-e" { return WHOLE(word); }
	* { return false; }
	*/
}

static bool
is_data_extension(struct span word)
{
	TEXT(word.data);
	/*!re2c
	// a host's name has other endings
	"csv" | "tsv" | "txt" | "log" | "json" "l"? | "ndjson" | "geojson" | "xml" |
	"yml" | "yaml" | "toml" | "ini" | "conf" | "cfg" | "cnf" | "dat" "a"? |
	"htm" "l"? | "md" | "rst" | "gz" | "bz2" | "xz" | "zip" | "zst" | "lock" |
	"out" | "err" | "tmp" | "bak" | "xls" "x"? | "parquet" | "avro" |
	"properties" | "env" | "list" | "lst" | "rules" | "sam" | "vcf" |
	"fa" | "fast" [aq] | "ics" | "eml" | "mbox" | "rdf" | "ttl" | "nt" |
	"po" "t"? | "tex" | "bib" | "srt" | "in" | "diff" | "patch" | "crt" | "pem" |
	"key" | "pdf" | "png" | "jpg" | "db" | "sqlite" { return WHOLE(word); }
	* { return false; }
	*/
}

bool
name_is_code(const char *p, size_t size)
{
	size_t dot;
	struct span name = name_in(p, size, &dot);

	if (!name.size)
		return false;
	if (char_starts(p, "/etc/") && !text_ends_with(p, size, "known_hosts"))
		return true;
	return (dot > 1 && is_code_extension((struct span){
			       name.data + dot, name.size - dot})) ||
	       is_code_name(name);
}

bool
name_is_data(const char *p, size_t size)
{
	size_t dot;
	struct span name = name_in(p, size, &dot);

	if (name.size < size && !strstr(p, "://"))
		return true;
	return dot && is_data_extension(
			  (struct span){name.data + dot, name.size - dot});
}

bool
name_is_data_file(const char *p, size_t size)
{
	size_t dot;
	struct span name = name_in(p, size, &dot);

	return dot && is_data_extension((struct span){
			  name.data + dot, name.size - dot});
}

/* Words anywhere in a line. */

/* Words in the name of a file, html/errors/error-428.html, are only its name. */
static bool
is_in_path(const char *line, const unsigned char *word)
{
	const char *p = (const char *)word, *end;
	size_t slashes = 0, dot = 0;

	while (p > line && (char_is(p[-1], CHAR_HOST) || strchr("/@+~%", p[-1])))
		p--;
	for (end = p; char_is(*end, CHAR_HOST) || (*end && strchr("/@+~%", *end));
	     end++) {
		slashes += *end == '/';
		dot = *end == '.' ? (size_t)(end - p) : dot;
	}
	dot = dot ? (size_t)(end - p) - dot - 1 : 0;
	return slashes > 1 || (slashes && (*p == '/' || end[-1] == '/')) ||
		(dot && dot < 6 && (slashes || (dot > 1 && !*end)) &&
		char_is(end[-1], CHAR_LOWER | CHAR_DIGIT));
}

bool
line_tells_failure(const char *line)
{
	TEXT(line);
	for (;;) {
		const unsigned char *const begin = s;
		size_t n;

		/*!re2c
		gap = [ -];
		stem = 'ошибк' | 'abort' | 'corrupt' | 'crash' | 'conflict' | 'deadlock' |
			'exception' | 'exceed' | 'fail' | 'fault' | 'fehler' | 'halt' |
			'mismatch' | 'overflow' | 'panic' | 'premature' | 'unexpected' |
			'vanish' | 'violat';
		word = 'ambiguous' | 'bad' | 'broken' | 'busy' | 'cannot' | 'can\'t' |
			'cancel' 'l'? 'ed' | 'critical' | 'couldn\'t' | 'dead' | 'denied' |
			'died' | 'doesn\'t' | 'dumped' | 'duplicate' | 'ended' |
			'erreur' 's'? | 'error' ('s' | 'code')? | 'errore' | 'exhausted' | 'exists' |
			'expired' | 'fatal' | 'forbidden' | 'illegal' | 'incompatible' |
			'incomplete' | 'inconsistent' | 'incorrect' | 'insufficient' |
			'interrupted' | 'invalid' | 'killed' | 'leak' ('s' | 'ed')? |
			'lost' | 'malformed' | 'mandatory' | 'missing' | 'nonexistent' |
			'omitting' | 'oom' | 'problem' | 'prohibited' | 'refused' |
			'refusing' | 'rejected' | 'required' | 'sigabrt' | 'sigkill' |
			'sigsegv' | 'stuck' | 'terminated' | 'timedout' | 'timeout' |
			'traceback' | 'truncated' | 'unable' | 'unauthori' [sz] 'ed' |
			'unavailable' | 'unbound' | 'uncaught' | 'undeclared' |
			'undefined' | 'underflow' | 'unhandled' | 'unknown' |
			'unmatched' | 'unmet' | 'unreachable' | 'unreadable' |
			'unrecogni' [sz] 'ed' | 'unresolved' | 'unset' | 'unsupported' |
			'unterminated' | 'unusable' | 'wrong';
		not_pair = 'not' gap ('found' | 'allowed' | 'permitted' | 'exist' | 'a' |
			'in' | 'enough' | 'be' | 'known' | 'open' | 'supported' |
			'valid' | 'recognized' | 'empty' | 'defined' | 'connected' |
			'authorized');
		pair = ('could' | 'would' | 'should' | 'did' | 'does' | 'do' | 'must' |
			'is' | 'was' | 'are') gap 'not' | 'must' gap 'be' | not_pair |
			'no' gap ('such' | 'space' | 'route' | 'rule' | 'suitable' |
			'valid' | 'matching' | 'configuration' | 'host' | 'key') |
			'timed' gap 'out' | 'out' gap 'of' | 'too' gap A+ | 'is' gap ('a' | 'locked' |
			'full' | 'down') | 'a' gap 'directory' | 'read' gap 'only' |
			'in' gap 'use' | 'reset' gap 'by' | 'went' gap 'away' |
			('gave' | 'giving') gap 'up' | 'has' gap ('changed' | 'gone') |
			'already' gap ('exists' | 'running') | 'up' gap 'to' | 'end' gap 'of' |
			'unexpectedly' gap 'closed' | 'closed' gap ('by' | 'the') |
			('bad' | 'stale') gap 'file' | 'file' gap 'changed' | 'self' gap 'signed';
		abroad = ("É" | "é") ("chec" | "choué") | 'ECHEC' | 'impossible' | 'introuvable' | 'refusé' 'e'? |
			'inconnu' 'e'? | 'invalide' | 'manquant' 'e'? |
			'inexistant' 'e'? |
			'fehlgeschlagen' | 'verweigert' | 'ungültig' W* | 'unbekannt' W* |
			'abgebrochen' | 'unmöglich' | 'fehlt' | 'kein' W* |
			('konnte' | 'kann' | 'wurde' | 'ist') gap 'nicht' |
			'nicht' gap ('gefunden' | 'möglich' | 'erlaubt' | 'erreichbar') |
			'fallo' | 'falló' | 'fallido' | 'denegad' [ao] | 'desconocid' [ao] |
			'inválid' [ao] | 'rechazad' [ao] | 'imposible' |
			'no' gap ('existe' | 'se') | 'impossibile' | 'negato' |
			'fallito' | 'sconosciuto' | 'non' gap ('trovato' | 'valido' |
			'esiste' | 'riuscito') | 'erro' | 'falha' | 'falhou' | 'negada' |
			'rehusad' [ao] | 'agotad' [ao] | 'encontrad' [ao] |
			'inexistente' | 'nessun' | 'riuscit' [ao] | 'scaduto' |
			'aucun' | 'dépassé' 'e'? | 'accordée' | 'nega' [td] 'o' |
			'não' gap W+ | 'fout' | 'mislukt' | 'geweigerd' |
			'niet' gap 'gevonden' | 'не' gap ('удалось' | 'удаётся' | 'найден' W*) |
			'нет' gap 'такого' | 'истек' W* | 'отказано' | 'невозможно' | 'błąd' | 'nie' gap ('można' | 'znaleziono' | 'ma') |
			'odmowa' | 'brak' | 'saknas' | 'misslyckades' | 'nekad' |
			'bestaat' gap 'niet' | 'verlopen';
		odd = 'got' gap 'signal' | ("code=" | "result=") ("exited" | "killed" |
			"dumped" | "exit-code" | "signal" | "timeout") |
			'exited' gap 'with';
		'fail' ('back' | 'over' | 'safe') { goto word; }
		stem { goto found; }
		(word | pair | abroad | odd) / NOT_W { goto found; }
		"エラー" | "失敗" | "できません" | "ありません" | "ません" "でした"? "\x00" |
		"拒否" | "错误" | "失败" | "无法" | "錯誤" | "没有" | "拒绝" | "超时" |
		"오류" | "실패" | "거부" | "없습니다" | "없음"
			{ return true; }
		"\x00" { return false; }
		* { goto word; }
		*/
found:
		if (!is_in_path(line, begin))
			return true;
word:
		s = begin;
		n = char_run((const char *)s, CHAR_WORD);
		if (n > 5 && char_is((char)*s, CHAR_UPPER) &&
		    word_is_exception((struct span){(const char *)s, n}))
			return true;
		s += n ? n : 1;
	}
}

bool
line_is_of_network(const char *line)
{
	TEXT(line);
	for (;;) {
		/*!re2c
		('bind' | 'broker' | 'dial' | 'host' | 'lookup' | 'refused' | 'reset' |
		'upstream' | 'peer' | 'endpoint' | 'addr' 'ess'? | 'server' | 'tcp' | 'udp') / ([^] \ A) { return true; }
		('connect' | 'listen' | 'reach' | 'unreachable') A* { return true; }
		A+ { continue; }
		"\x00" { return false; }
		* { continue; }
		*/
	}
}

/* How lines open. */

size_t
line_exception_length(const char *line)
{
	size_t n = 0, last = 0;
	struct span name;

	/* some.Type, Some::Type, Some\\Type, outer$Type */
	for (; char_is(line[n], CHAR_WORD) || line[n] == '.' || line[n] == '$' ||
	     line[n] == '\\' || (line[n] == ':' && line[n + 1] == ':'); n++)
		if (!char_is(line[n], CHAR_WORD)) {
			n += line[n] == ':';
			last = n + 1;
		}
	name = (struct span){line + last, n - last};
	/* AssertionError [ERR_ASSERTION]: of Node */
	if (char_starts(line + n, " [ERR_"))
		n += 1 + strcspn(line + n, "]");
	if (!char_is(line[0], CHAR_ALPHA) || !char_is(*name.data, CHAR_UPPER) ||
	    (line[n] && line[n] != ':') ||
	    (line[n] == ':' && line[n + 1] && line[n + 1] != ' '))
		return 0;
	return (word_is_exception(name) && (name.size > 5 || last)) ||
		text_ends_with(name.data, name.size, "Throwable") ? n : 0;
}

size_t
line_place_length(const char *line)
{
	TEXT(line);
	/*!re2c
	// x.c:3:5:, x.cs(3,5):, psql:x.sql:3:
	(HOST+ ":")? [^ :(\x00]+ (":" | "(") D+ ([:,] D+)? ")"? ":" " "* { return LENGTH; }
	* { return 0; }
	*/
}

size_t
line_program_length(const char *line)
{
	TEXT(line);
	/*!re2c
	[^ :\x00]+ ":" " "+ { return LENGTH <= 80 ? LENGTH : 0; }
	* { return 0; }
	*/
}

static bool
opens_with_error(const char *line)
{
	TEXT(line);
	/*!re2c
	'error' / ([^] \ A \ [=/]) { return true; }
	("ERROR" | "FATAL" | "Fatal" | "PANIC" | "FEHLER") / ([^] \ A)
		{ return true; }
	("fatal" | "panic") (":" | " error") { return true; }
	[EF] ": " { return true; }
	"E  " " "+ [^ \x00] { return true; } // pytest's mark before what failed
	// a program, or a part of one, and its word of error
	A+ " " ("ERR!" | ('fatal ' | 'parse ' | 'runtime ')? 'error' (":" | " at ")) |
	"** (" | "not ok " D | D+ ":" D+ "  "+ "error " { return true; }
	* { return line_exception_length(line) > 0; }
	*/
}

bool
line_is_sql_header(const char *line)
{
	TEXT(line);
	/*!re2c
	// up to level 10 it only informs
	"Msg " D+ ", Level " ("1" [1-9] | [2-9] D) / NOT_N { return true; }
	* { return false; }
	*/
}

/* "(60) SSL certificate problem", "E170013: ": a fault by its number */
static bool
opens_with_code(const char *line)
{
	TEXT(line);
	/*!re2c
	"(" D{1,3} ") " | [A-Z]{1,8} "-"? D{3,} ": " { return true; }
	* { return false; }
	*/
}

bool
line_opens_failure(const char *line)
{
	size_t n;

	line += char_blanks(line);
	if (opens_with_error(line) || line_is_sql_header(line) ||
	    strstr(line, " problem: "))
		return true;
	n = line_place_length(line);
	if (n)
		return opens_with_error(line + n);
	n = line_program_length(line);
	if (!n)
		return false;
	line += n;
	if (opens_with_error(line) || opens_with_code(line))
		return true;
	n = line_place_length(line);
	n = n ? n : line_program_length(line);
	return n && opens_with_error(line + n);
}

static enum level
opening_level(const char *line)
{
	TEXT(line);
	/*!re2c
	low = 'debug' | 'debu' | 'dbg' | 'fine' 'r'? | 'finest' | 'trace' | 'trac' |
		'trc' | 'verbose' | 'info' | 'information' 'al'? | 'inf' | 'log' |
		'notice' | 'note' | 'hint' | 'help' | 'tip';
	low / ([:[!] | " :") { return level_of_word((struct span){line, LENGTH}); }
	('warning' | 'warn' | 'warni' | 'wrn' | 'deprecat' ('ed' | 'ion')) /
		[:[! ] { return LEVEL_WARNING; }
	A* [Ww] "arning:" { return LEVEL_WARNING; }
	"@ " { return LEVEL_WARNING; } // ssh's box around its warning
	"+"{1,2} " " { return LEVEL_DEBUG; } // a shell's -x
	// a program and its word: npm WARN, CMake Warning, PHP Deprecated
	A+ " " ("WARN" | "warn" | "Warning" | "Deprecated") / [: ]
		{ return LEVEL_WARNING; }
	A+ " " ("notice" | "Notice") / [: ] { return LEVEL_NOTE; }
	[Uu] "sage: " { return LEVEL_NOTE; }
	* { return LEVEL_UNKNOWN; }
	*/
}

enum level
line_level(const char *line)
{
	enum level level;
	size_t n;

	line += char_blanks(line);
	level = opening_level(line);
	if (level)
		return level;
	n = line_place_length(line);
	n = n ? n : line_program_length(line);
	return n ? opening_level(line + n) : LEVEL_UNKNOWN;
}

bool
line_has_cause(const char *line)
{
	TEXT(line);
	/*!re2c
	errno = "No such file or directory" | "Permission denied" |
		"Operation not " ("permitted" | "supported") |
		"No space left on device" | "Disk quota exceeded" |
		"Read-only file system" | "Input/output error" | "File exists" |
		("Is a" | "Not a") " directory" | "File too large" |
		"Too many open files" | "Cannot allocate memory" | "Broken pipe" |
		"Device or resource busy" | "Resource temporarily unavailable" |
		"Connection " ("refused" | "timed out" | "reset by peer") |
		"No route to host" | "Network is unreachable" |
		"Name or service not known" | "Address already in use";
	errno "."? "\x00" { return true; }
	(NOT_W \ "\x00")* ('http' " ")? ('status' | 'response') (' status')? ' code'? [:=]? " "? [45] D D /
		NOT_W { return true; }
	">>> " { return true; }
	* { return false; }
	*/
}

/* Lines that close a report, announce a message, or say nothing. */

static bool
opens_as_closing(const char *line)
{
	TEXT(line);
	/*!re2c
	("note" | "hint" | "help" | "Usage" | "usage" | "Hint" | "HINT" | "Note" |
	"Calls") ":" | [Ss] "ee " | ("Try " | "Run ") ['`] | "exit status " |
	"For more " ("information" | "details") | "If you " | "Please " |
	"DETAIL" | "CONTEXT" | "LINE " | "STATEMENT" | "BEGIN not safe" |
	// what is done next, or was
	("Running" | "Exiting" | "Stopping" | "Aborting" | "Aborted" |
	"Terminating" | "Cleaning up" | "Rolling back" | "Shutting down") " " |
	"Abort" ("ing" | "ed") | "Execution halted" | "compilation terminated" |
	[A-Z] [a-z]+ (" " [a-z]+){0,3} " complete" "d"? "."? "\x00" |
	// a fact of a report: npm error code E404
	A+ " " ("ERR!" | "error") (" " [a-z]+ " " [^ \x00]+)? "\x00" |
	// that there was an error, and where: a code of another line says which
	[A-Z]{2,} "-" D{3,} ": " ('error ' ('in' | 'at' | 'on' | 'during' | 'while' |
	'occurred') | "at " | "unhandled ") |
	// that a step failed: Build FAILED, [!] configuration failed
	("[!] ")? (A+ " "){0,2} ('failed' | 'failure') "!"? "\x00" |
	// how many tests did
	"FAILED " [^ \x00]+ "::" | "FAILED: " | "FAIL " [^ \x00]+ (" (" [^)\x00]* ")")? "\x00" |
	// the state of a part, in a column
	[A-Z] [a-z]+ " " [^ \x00]+ "  " 'error' "\x00" | "FAILURES!" | "Test" (" Suites" | "s run")? "s"? ":" |
	"There w" ("as " | "ere ") D+ " failure" |
	D+ " " ("tests "? "failed" | "failing" | "examples, ") |
	// a line in a ruler
	("===" | "___" | "***" | "---" | "###") [^\x00]* ("===" | "___" | "***" |
	"---" | "###") |
	// a trace follows
	[^\x00]* [Bb] "acktrace" ":"? "\x00" |
	"✖ "? D+ (" error" | " warning" | " problem") { return true; }
	* { return false; }
	*/
}

bool
line_is_usage(const char *line)
{
	return char_starts(line, "usage: ") || char_starts(line, "Usage: ");
}

bool
line_is_closing(const char *line)
{
	TEXT(line);

	if (opens_as_closing(line + char_blanks(line)))
		return true;
	for (;;) {
		/*!re2c
		// that it ends, after how many errors, with a status
		[Ee] "xiting" (" now" | " with" | " due to") | [Cc] "ould not compile" |
		"ld returned " | ("terminated" | "exited") " with exit " | "test failed, to rerun " | "exit status " [12] | "aborting due to " |
		"compilation " ("failed" | "errors") | "previous error" |
		"Execution halted" | "returned non-zero exit" | "subcommand failed" |
		"build stopped" | "Waiting for unfinished jobs" |
 " errors:\x00" | "(code " D+ ") at " | "ould not read from remote " |
		// what to do about it
		"make sure you have " | "A complete log of " | " re-run "
			{ return true; }
		"make" [^\x00]* "] " ("Error " | "Segmentation") { return true; }
		// that something ended, with which code, and not why
		('command' | 'process' | 'program' | 'script' | 'job' | 'step') " "
			('exited' | 'failed' | 'returned' | 'completed' | 'finished')
			" " ('with' " ")? ('non-zero' " ")? ('exit' " ")?
			('code' | 'status') { return true; }
		"\x00" { return false; }
		* { continue; }
		*/
	}
}

bool
line_is_chatter(const char *line)
{
	TEXT(line);
	for (;;) {
		/*!re2c
		// what is not done, or not here yet, or waited for
		" will not be " A+ " because " | " locally\x00" |
		(": " | "*** ") 'waiting ' ('for' | 'up to') " " | "timeout set for " |
		"waiting up to " { return true; }
		[^ :*tw\x00]+ { continue; }
		"\x00" { return false; }
		* { continue; }
		*/
	}
}

/* "Completed with 2 errors and 1 warning:" */
static bool
counts_errors(const char *line)
{
	const char *p = strstr(line, " error");

	return p > line && char_is(p[-1], CHAR_DIGIT) &&
		text_ends_with(line, strlen(line), ":");
}

bool
line_is_heading(const char *line)
{
	TEXT(line + char_blanks(line));

	/*!re2c
	((A+ " "){0,2} "FAILED" | ("Error" | "ERROR") ":"? | "error:" |
	"fatal error:" | "Fatal error:" | "Exception:" | "* What went wrong:" |
	"Uncaught exception:" | [^\x00]* "failed with an exception." |
	A+ " aborted!" | "Traceback:" | "Errors:" | "Unhandled exception:" |
	"Backtrace:" | "An error occurred:" | "Failures:" | "Description:" |
	"APPLICATION FAILED TO START" |
	// Completed with 1 error and 0 warnings:, Caused by error:, fatal: [x]: =>
	"Caused by error" [^:\x00]* ":" |
	"ℹ " [^\x00]* | "Server '" [^\x00]* ":") "\x00" { return true; }
	// a code, a class or the name of a test: the message is below
	(('error' | 'fatal' 'error'?) ": ")? [A-Z]{1,8} "-"? D{2,8} ":"? "\x00"
		{ return true; }
	'fatal error' "\x00" | (HOST | [/$])+ " "+ ":" "\x00" |
	// the mark of a test that failed, and its name
	"--- FAIL: " |
	("●" | "✕" | "✗" | "✘" | "×") " " [^[] | [A-Z ]{6,} ":" "\x00" { return true; }
	"[" (W | [.\\])* ("Error" | "Exception") "]" "\x00" { return true; }
	"Error in " [^\x00]* " :" "\x00" |
	"An unhandled exception occurred" [^\x00]* ":" "\x00" |
	// in which file, in which function it was
	"In " [^ \x00]+ " line " D+ ":" "\x00" { return true; }
	"\"" W+ "\": " [{[] "\x00" { return true; }
	[^\x00]* "In " ("procedure" | "function") " " [^\x00]* ":" "\x00"
		{ return true; }
	* { goto other; }
	*/
other:
	/* a class alone, or SQL Server's header */
	line += char_blanks(line);
	if (text_ends_with(line, strlen(line), "FAILED! =>") ||
	    text_ends_with(line, strlen(line), "FAILED! => {") ||
	    counts_errors(line))
		return true;
	return line_is_sql_header(line) ||
		(*line && line_exception_length(line) == strlen(line));
}

const char *
line_json_value(const char *line, bool *is_message)
{
	enum field_kind kind;
	size_t quotes;
	TEXT(line + char_blanks(line));

	/*!re2c
	"\"" [A-Za-z0-9_.@-]+ "\": " { goto pair; }
	// YAML, if its value shows that it is
	[a-z_]+ ": " / (("false" | "true" | "null" | D+) "\x00")
		{ goto pair; }
	("msg" | "message") ": " / ("'" [^'\x00]* "'" "\x00") { goto pair; }
	* { return NULL; }
	*/
pair:
	quotes = *from == '"';
	kind = field_of((struct span){
		(const char *)from + quotes, LENGTH - 2 - 2 * quotes});
	*is_message = (kind == FIELD_MESSAGE || kind == FIELD_ERROR) &&
		(*s == '"' || *s == '\'');
	return (const char *)s + *is_message;
}

bool
line_is_labelled(const char *line)
{
	TEXT(line);
	/*!re2c
	("DETAIL" | "HINT" | "CONTEXT" | "STATEMENT" | "QUERY") ":  " { return true; }
	* { return false; }
	*/
}

bool
line_continues(const char *line)
{
	TEXT(line);
	/*!re2c
	"DETAIL" | "CONTEXT" | "HINT" | "LINE " | "QUERY" | "STATEMENT" |
	"what()" | "Caused by" | "  " | [Rr] "eason:" | "Details:" | "- " |
	"Command was: " | "l." D+ " " | "Consult " | "# " | "Calls: " |
	'expected:' | 'received:' | 'actual:' | "❯ " { return true; }
	* { return false; }
	*/
}

/* Fields of structured log lines. */

enum field_kind
field_of(struct span key)
{
	enum field_kind kind;
	TEXT(key.data);

	/*!re2c
	'msg' | 'message' | 'event' | '@m' 't'? | 'short_message' | 'log' | 'text'
		{ kind = FIELD_MESSAGE; goto found; }
	'level' | 'severity' | 'lvl' | 'levelname' | 'log_level' | 'loglevel' |
	'log.level' | '@l' | 's' | 'levelno' { kind = FIELD_LEVEL; goto found; }
	'error' | 'err' | 'cause' | 'exception' | 'error_message' |
	'errormessage' | 'error.message' | 'exc_value' | 'reason'
		{ kind = FIELD_ERROR; goto found; }
	'stack' | 'stacktrace' | 'stack_trace' | 'exc_info' | 'traceback' |
	'error.stack' | 'error.stack_trace' | 'errorverbose' | 'exc_text' |
	'backtrace' { kind = FIELD_STACK; goto found; }
	'logger' | 'log.logger' { kind = FIELD_LOGGER; goto found; }
	'attr' | 'fields' | 'ctx' { kind = FIELD_GROUP; goto found; }
	'detail' 's'? | 'code' | 'errno' | 'type' | 'kind' | 'name' | 'status' |
	'caller' | 'module' | 'component' | 'table' | 'file' | 'filename' |
	'path' | 'host' | 'addr' | 'address' | 'op' | 'operation' | 'command' |
	'cmd' | 'task' | 'job' | 'syscall' | 'signal' | 'constraint' | 'column' |
	'exc_type' | 'errorcode' | 'error_code' | 'status_code' | 'statuscode' |
	'key' | 'field' | 'device' | 'queue' | 'topic' | 'bucket' | 'database' |
	'db' | 'source' | 'func' | 'function' | 'service' | 'unit' | 'error.type' |
	'ctx.err' | 'dest' | 'port' | 'remote' | 'line' | 'user'
		{ kind = FIELD_NAMED; goto found; }
	* { return FIELD_OTHER; }
	*/
found:
	return WHOLE(key) ? kind : FIELD_OTHER;
}

bool
line_is_logfmt(const char *line)
{
	TEXT(line);
	/*!re2c
	("ts" | "time" | "level" | "lvl" | "t" | "msg" | "severity" | "timestamp" |
	"logger" | "caller") "=" { goto pairs; }
	* { return false; }
	*/
pairs:
	return strstr(line, "msg=") || strstr(line, "level=") ||
	       strstr(line, "lvl=") || strstr(line, "message=");
}
