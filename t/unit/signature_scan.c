/* Which tokens are masked and which are kept. */
#include "signature/scan.h"
#include "tap.h"

struct row {
	const char *line;
	const char *normal;
};

/* clang-format off */
static const struct row rows[] = {
	/* times */
	{"at 2026-03-02T04:10:07.123Z it ended", "at <ts> it ended"},
	{"at 2026-03-02 04:10:07,123 it ended", "at <ts> it ended"},
	{"at 2026-03-02 04:10:07 +0100 it ended", "at <ts> it ended"},
	{"at 2026-03-02 04:10:07 CET it ended", "at <ts> it ended"},
	{"at 04h10 it ended", "at <ts> it ended"},
	{"at 20260302T041007Z it ended", "at <ts> it ended"},
	{"at 2026/03/02 04:10:07 it ended", "at <ts> it ended"},
	{"at 02/Mar/2026:04:10:07 +0000 it ended", "at <ts> it ended"},
	{"at Mon Mar  2 04:10:07 2026 it ended", "at <ts> it ended"},
	{"at Mon, 02 Mar 2026 04:10:07 +0000 it ended", "at <ts> it ended"},
	{"at 02.03.2026 it ended", "at <ts> it ended"},
	{"at 4:10:07 PM it ended", "at <ts> it ended"},
	{"backup_2026-03-02_04-10-07.sql lost", "backup_<ts>.sql lost"},
	{"x 2026-13-02 y", "x <n> y"},
	{"Marie came in May 5 times", "Marie came in May <n> time"},
	{"at Montag, 02. M\u00e4rz 2026 04:10:07 it ended", "at <ts> it ended"},
	{"at lundi 2 mars 2026 04:10:07 it ended", "at <ts> it ended"},
	{"at 02-Mar 04:10 it ended", "at <ts> it ended"},
	{"at 04\u664210\u520607\u79d2 it ended", "at <ts> it ended"},
	/* durations, sizes, shares */
	{"took PT31M4.2S", "took <n>"},
	{"took 1ms200\u00b5s or 3\u03bcs", "took <n> or <n>"},
	{"took 1.5s", "took <n>"},
	{"took 350 ms", "took <n>"},
	{"took 1m02.5s", "took <n>"},
	{"took 25h21m", "took <n>"},
	{"45% of 12.5 MiB at 3.2MB/s", "<n> of <n> at <n>"},
	{"2FA and 3D and 42P01 stay", "2FA and 3D and 42P01 stay"},
	/* numbers */
	{"3 files, 1,234 rows", "<n> file, <n> row"},
	{"row -17 is bad", "row <n> is bad"},
	{"list 1, 2, 3 end", "list <n> end"},
	{"list 1 end", "list <n> end"},
	{"ipv4 E42 eth0 node3 stay", "ipv4 E42 eth0 node3 stay"},
	{"table log_20260302 is gone", "table log_<n> is gone"},
	/* codes */
	{"exit status 3", "exit status 3"},
	{"code=23", "code=23"},
	{"[Errno 13] Permission denied", "[Errno 13] Permission denied"},
	{"errno: -2,", "errno: -2,"},
	{"it failed (23)", "it failed (23)"},
	{"bind() failed (98: Address already in use)",
	    "bind() failed (98: Address already in use)"},
	{"reply: 404 Not Found", "reply: 404 Not Found"},
	{"HTTP/1.1 503", "HTTP/<n> 503"},
	{"ORA-00942: no table", "ORA-00942: no table"},
	{"HRESULT: 0x80070005", "HRESULT: 0x80070005"},
	{"error: 9 pages lost", "error: <n> page lost"},
	{"SQLSTATE[HY000] [2002] refused", "SQLSTATE[HY000] [2002] refused"},
	{"too many 503 error responses", "too many 503 error responses"},
	{"450 errors seen", "<n> error seen"},
	{"response code: 503 for x", "response code: 503 for x"},
	{"exit value 3, error number 4", "exit value 3, error number 4"},
	{"Reason '2035'", "Reason '2035'"},
	{"<BEA-000337> stuck", "<BEA-000337> stuck"},
	/* addresses and ids */
	{"at 0x7ffe1234 in f", "at <hex> in f"},
	{"offset 0x1f", "offset 0x1f"},
	{"commit 8f14e45 is bad", "commit <n> is bad"},
	{"digest d41d8cd98f00b204e9800998ecf8427e", "digest <hex>"},
	{"deadbeef feedface stay", "deadbeef feedface stay"},
	{"id 4e8f7d52-1c1f-4d6e-b3a7-5d1f0e2a9c77 lost", "id <uuid> lost"},
	{"pod api-7d4b9c6f5-x2x1z is gone", "pod api-<id> is gone"},
	{"token aB3dE6gH9jK2mN5p refused", "token <id> refused"},
	{"getHTTPResponseCodeForCustomer stays",
	    "getHTTPResponseCodeForCustomer stays"},
	{"mail to jo.doe+x@shop.example.org failed", "mail to <email> failed"},
	{"git@github.com:a/b.git refused", "git@github.com:a/b.git refused"},
	/* network */
	{"10.0.0.1:5432 refused", "<ip>:5432 refused"},
	{"10.0.0.1:45432 reset", "<ip>:<port> reset"},
	{"localhost:8080 refused", "localhost:8080 refused"},
	{"db1.example.com:5432 refused", "db1.example.com:5432 refused"},
	{"[::1]:5432 refused", "[<ip>]:5432 refused"},
	{"fe80::1%eth0 lost", "<ip>%eth0 lost"},
	{"port 5432 failed", "port 5432 failed"},
	{"port 54321 failed", "port <port> failed"},
	{"station 00:1a:2b:3c:4d:5e left", "station <mac> left"},
	{"[logger.name:4711] x", "[logger.name:<n>] x"},
	{"cache1:6379: Connection refused", "cache1:6379: Connection refused"},
	{"orders-db:5432 refused", "orders-db:5432 refused"},
	{"orders-db:45432 refused", "orders-db:<port> refused"},
	{"orders-db:5432 is slow", "orders-db:<n> is slow"},
	{"cannot connect, attempt:3", "cannot connect, attempt:<n>"},
	{"listen tcp :8080: bind: in use", "listen tcp :8080: bind: in use"},
	{"took :8080 of it", "took :<n> of it"},
	/* codes */
	{"PgException (0x80131904): 23505: double key",
	    "PgException (0x80131904): 23505: double key"},
	{"PgException: 23505: double key", "PgException: 23505: double key"},
	{"RangeException: 5", "RangeException: <n>"},
	{"got https://a.example.com/b: 404", "got https://a.example.com/b: 404"},
	{"GET https://a.example.com/b -> 503",
	    "GET https://a.example.com/b -> 503"},
	{"went 120 -> 503", "went <n> -> <n>"},
	{"Msg 208, Level 16, State 1", "Msg 208, Level <n>, State <n>"},
	{"Msg 208 of 900", "Msg <n> of <n>"},
	/* counts */
	{"failed due to 1 previous error; 1 warning emitted",
	    "failed due to <n> previous error"},
	{"failed due to 2 previous errors", "failed due to <n> previous error"},
	/* drawn names */
	{"tid=1x9k ended", "tid=<n> ended"},
	{"tid=4711 ended", "tid=<n> ended"},
	{"RequestId: 4TB8K2Z9QX1M7N3P", "RequestId: <id>"},
	{"request id: 7d9f8b6c5d, x", "request id: <id>, x"},
	{"at /srv/w/tmp.Zq8LmN0pQr/x", "at /srv/w/tmp.<tmp>/x"},
	{"at tmp.properties", "at tmp.properties"},
	{"at /tmp/tmp_udsapyw/x", "at /tmp/<tmp>/x"},
	{"mail 1rBcDe-0004xY-2a bounced", "mail <id> bounced"},
	{"mail failed-system-go bounced", "mail failed-system-go bounced"},
	{"4ZBn3x2K9gzJQ8: to=<a>", "<id>: to=<a>"},
	{"token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0.dozjgNryP4J3jVm bad",
	    "token <id> bad"},
	{"pod fluentd-x2k9p left", "pod fluentd-<id> left"},
	{"host web-green left", "host web-green left"},
	{"release v2.3.1-14-g1a2b3c4", "release v<n>-<id>"},
	{"web-tgg7mzzbxg-2qwpq_shop", "web-<id>_shop"},
	/* names */
	{"table #sql-1a2b_3c", "table #sql<tmp>"},
	{"pgsql_tmp4711.0 is full", "pgsql_tmp<tmp> is full"},
	{"/srv/x/sortBsFgwC is full", "/srv/x/sort<tmp> is full"},
	{"/srv/x/sortByName is full", "/srv/x/sortByName is full"},
	{"/tmp/tmpab3d_x9q/in.csv is gone", "/tmp/<tmp>/in.csv is gone"},
	{"/tmp/ccAbC123.o: in f", "/tmp/<tmp>.o: in f"},
	{"/tmp/job.x8Yq2Z is gone", "/tmp/job<tmp> is gone"},
	{"mkstemp \"/srv/.a.csv.AbC123\" failed",
	    "mkstemp \"/srv/.a.csv.<tmp>\" failed"},
	{"/proc/123/fd", "/proc/<n>/fd"},
	{"Foo$$Lambda$14/0x0000000800066840",
	    "Foo$$Lambda$<n>/<hex>"},
	/* places */
	{"x.c:12:5: error", "x.c:12:5: error"},
	{"x.ts(3,5): error", "x.ts(3,5): error"},
	{"Makefile:3: stop", "Makefile:3: stop"},
	{"File \"/srv/x.py\", line 12", "File \"/srv/x.py\", line 12"},
	{"died at /srv/job line 3.", "died at /srv/job line 3."},
	{"died at x.pl line 3, <$fh> line 17.",
	    "died at x.pl line 3, <$fh> line <n>."},
	{"job.sh: line 3: foo", "job.sh: line 3: foo"},
	{"/root/.ssh/known_hosts:17", "/root/.ssh/known_hosts:<n>"},
	{"in.csv:17: bad", "in.csv:<n>: bad"},
	{"<stdin>:17: bad", "<stdin>:<n>: bad"},
	{"in x.php on line 5", "in x.php on line 5"},
	{"Foo.cs:line 12", "Foo.cs:line 12"},
	{"At line 12 of file rd.f90 (unit = 10)",
	    "At line 12 of file rd.f90 (unit = <n>)"},
	{"File \"feed.xml\", line 12", "File \"feed.xml\", line <n>"},
	{"at line 12 of file Snap.cpp", "at line 12 of file Snap.cpp"},
	{"(file: /etc/x.pp, line: 12, column: 3)",
	    "(file: /etc/x.pp, line: 12, column: 3)"},
	/* shape of the line */
	{"a   b    c", "a b c"},
	{"[=====>       ] done", "[] done"},
	{"100%|##########| 5/5 [00:01<00:00, 5.0it/s]", NULL},
	{"--:--:-- 12:01:02", NULL},
};
/* clang-format on */

int
main(void)
{
	char line[256], out[SCAN_OUT_SIZE];
	struct scan s;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t size = strlen(rows[i].line);

		memset(line, 0, sizeof(line));
		memcpy(line, rows[i].line, size);
		scan_line(line, size, out, &s);
		tap_is(s.has_letters ? out : NULL, rows[i].normal, "\"%s\"",
		    rows[i].line);
	}
	return tap_done();
}
