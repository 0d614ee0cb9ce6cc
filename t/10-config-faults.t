# Every fault of a runner.conf is told with its file and line, all of them at
# once; and nothing that a file can hold makes runner do anything but answer.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use POSIX qw(mkfifo);
use Test::More;

# Runs `runner check` in the project, without waiting in steps: (status,
# stdout, stderr).
sub check {
	my ($p) = @_;
	my $dir = $p->dir;
	system("cd $dir && $RunnerTest::RUNNER check --all >out 2>err");
	my $status = $? >> 8;
	my $err = slurp("$dir/err");
	$err =~ s/^runner: warning: \S+: nobody is told .*\n//m;
	# What to make of it is the last line, and no fault of its own.
	$err =~ s/^runner: \S+ cannot be used: \d+ errors?\n\z//m;
	return ($status, slurp("$dir/out"), $err);
}

# Each row: a name; the file; the complaints, FILE: taken off.
my @rows = (
	# Durations, sizes, numbers.
	['a duration with a wrong unit', "timeout = 1x\n",
	    "1: timeout: '1x' is not a duration (such as 500ms, 90s, 15m, "
	    . '1h30m or 2d)'],
	['a negative duration', "\nsuccess_cooldown = -1\n",
	    "2: success_cooldown: '-1' is not a duration (such as 500ms, "
	    . '90s, 15m, 1h30m or 2d)'],
	['an empty duration', "fail_cooldown = \"\"\n",
	    "1: fail_cooldown: '' is not a duration (such as 500ms, 90s, "
	    . '15m, 1h30m or 2d)'],
	['a duration beyond reason', 'timeout = 200000d',
	    "1: timeout: '200000d' is more than 100 years"],
	['a size with a wrong unit', "limit_memory = 5q\n",
	    "1: limit_memory: '5q' is not a size (such as 64k, 10M or 1G)"],
	['a size of nothing', 'limit_memory = 0',
	    "1: limit_memory: '0' is too small"],
	['less than a second of processor time', 'limit_cpu = 500ms',
	    "1: limit_cpu: '500ms' is too short"],
	['no open files', 'limit_files = 0',
	    "1: limit_files: '0' is not a number from 1 to 2147483647"],
	['nice out of range', "nice = 20\n",
	    "1: nice: '20' is not a number from -20 to 19"],
	['nice out of range, below', "nice = -21\n",
	    "1: nice: '-21' is not a number from -20 to 19"],
	['heal_after = 0', 'heal_after = 0',
	    "1: heal_after: '0' is not a number from 1 to 1000000"],
	['notify_after = 0', "notify_after = 0\n",
	    "1: notify_after: '0' is not a number from 1 to 1000000"],
	['notify_after of no time', "notify_after = 0s\n",
	    "1: notify_after: '0s' is too short"],
	['notify_after in strange units', "notify_after = 3x\n",
	    "1: notify_after: '3x' is not a duration (such as 500ms, 90s, "
	    . '15m, 1h30m or 2d)'],
	['an umask that is not octal', 'umask = 088',
	    "1: umask: '088' is not a file mode mask (octal, such as 022)"],
	['an umask with too many bits', 'umask = 1777',
	    "1: umask: '1777' is not a file mode mask (octal, such as 022)"],
	['an exit status above 255', "success_exit = {0,\n 256}",
	    "1: success_exit: '256' is not an exit status, 0 to 255"],
	['no exit status', "\nsuccess_exit = {}",
	    '2: success_exit: the list is empty'],
	['max_per_hour below zero', "mail { max_per_hour = -1 }",
	    "1: max_per_hour: '-1' is not a number from 0 to 1000000"],
	['a delivery without time', 'mail { timeout = 0 }',
	    "1: timeout: '0' is too short"],

	# Words.
	['a boolean that is none', 'fail_on_stderr = 1',
	    "1: fail_on_stderr: '1' is not true or false (or yes, no, on, "
	    . 'off)'],
	['on_failure', 'on_failure = stop',
	    "1: on_failure: 'stop' is not continue or restart"],
	['leftovers', 'leftovers = Kill',
	    "1: leftovers: 'Kill' is not kill or keep"],
	['if_running', 'if_running = maybe',
	    "1: if_running: 'maybe' is not replace, refuse, wait or allow"],
	['log level', "log {\n\tlevel = loud\n}",
	    "2: level: 'loud' is not debug, info, warning or error"],
	['log format', "log {\n\tformat = xml\n}",
	    "2: format: 'xml' is not plain, timestamp, json or journal"],
	['tls', "mail { tls = yes }",
	    "1: tls: 'yes' is not none, opportunistic or required"],

	# Wrong types.
	['a list where one value is wanted', 'timeout = {5}',
	    '1: timeout: takes one value, not a list'],
	['an empty list where one value is wanted', "x { }\ntimeout = {}\n",
	    "1: no such section: 'x'",
	    '2: timeout: takes one value, not a list'],
	['a section used as a key', "\nlog = x",
	    "2: 'log' is a section: log { ... }"],
	['a key used as a section', 'timeout { }',
	    "1: 'timeout' is a key: timeout = ..."],

	# Commands.
	['an empty command', 'task t { command = "" }',
	    '1: command: a command needs a program to execute'],
	['an empty list of words', "task t {\n command = {}\n}",
	    '2: command: a command needs a program to execute'],
	['a quote that is left open', q(task t { command = "a 'b" }),
	    '1: command: a single quote has no end'],
	['a pipe into nothing', 'task t { command = "a |" }',
	    "1: command: there is no command after the last '|'"],
	['a lease that is a pipeline', 'lease_command = "a | b"',
	    '1: lease_command: a pipeline cannot be used here'],

	# Patterns, addresses, URLs, names.
	['a pattern that is none', "signature_mask = {'ok', '(x'}",
	    "1: signature_mask: '(x': Unmatched ( or \\("],
	['an empty pattern', 'signature_keep = ""',
	    "1: signature_keep: '': a pattern has 1 to 512 characters"],
	['too many patterns', 'signature_ignore = {'
	    . join(',', ('x') x 33) . '}',
	    "1: signature_ignore: 'x': more than 32 patterns"],
	['an address', 'admins = {"a@b", "c d@e"}',
	    "1: admins: 'c d\@e' is not a mail address (such as "
	    . 'admin@example.org)'],
	['an address with two @', 'admins = "a@b@c"',
	    "1: admins: 'a\@b\@c' is not a mail address (such as "
	    . 'admin@example.org)'],
	['an address that no server knows', "admins = 'x\@m\303\274nchen.de'",
	    "1: admins: 'x\@m\303\274nchen.de' is not ASCII: write a domain as "
	    . 'servers know it (xn--...)'],
	['an address that looks like an option', 'admins = "-oQ/tmp"',
	    "1: admins: '-oQ/tmp' is not a mail address (such as "
	    . 'admin@example.org)'],
	['a sender without a host', 'mail { from = runner }',
	    "1: from: 'runner' is not a mail address (such as "
	    . 'runner@example.org)'],
	['a mail URL', 'mail { url = "imap://x" }',
	    "1: url: 'imap://x' is not smtp://HOST:PORT, smtps://HOST:PORT, "
	    . 'maildir:DIR or sendmail:PATH'],
	['a port', "admins = a\nmail { url = \"smtp://x:99999\" }",
	    "2: url: 'smtp://x:99999' is not smtp://HOST or smtp://HOST:PORT "
	    . '(or smtps://)'],
	['a user in a mail URL', "admins = a\nmail { url = \"smtp://u\@x\" }",
	    "2: url: 'smtp://u\@x' has a user in it; that is what username "
	    . 'is for'],
	['a Maildir that is nowhere', 'mail { url = "maildir:" }',
	    "1: url: 'maildir:' has no path after the colon"],
	['no mail URL', "mail {\n\n url = { } }", '3: url: the list is empty'],
	['SMTP without admins', 'mail { url = {"maildir:x", "smtp://h"} }',
	    "1: url: 'smtp://h' needs recipients; name them with admins, at "
	    . 'the top level'],
	['sendmail without admins', 'mail { url = "sendmail:/x" }',
	    "1: url: 'sendmail:/x' needs recipients; name them with admins, "
	    . 'at the top level'],
	['a webhook URL', 'webhook { url = "ftp://x" }',
	    "1: url: 'ftp://x' is not http://... or https://..."],
	['a field of a ping URL', "ping_url = 'http://h/%{id}'",
	    "1: ping_url: 'http://h/%{id}' has a field that is none of "
	    . '%{rid}, %{duration}, %{duration_ms}, %{exit}, %{message}, '
	    . '%{task} and %{chain}'],
	['a dialect', "ping = nagios",
	    "1: ping: 'nagios' is not healthchecks, cronitor, sentry "
	    . "or kuma"],
	['a ping URL', 'ping_url = "http://"',
	    "1: ping_url: 'http://' is not http://... or https://..."],
	['a header without a value', 'webhook { url = "http://x" header = "X:" }',
	    "1: header: 'X:' has no value"],
	['a port that is none', 'webhook { url = "http://x:99999/a" }',
	    "1: url: 'http://x:99999/a' is not http://... or https://..."],
	['a header', 'webhook { url = "http://x" header = "Nonsense" }',
	    "1: header: 'Nonsense' is not a header, NAME: VALUE"],
	['a variable', 'environment = {"A=b", "C"}',
	    "1: environment: 'C' is not NAME=VALUE"],
	['a user', 'user = "no such user"',
	    "1: user: 'no such user' is not a user of this system"],
	['a group', 'task t { command = x group = nosuchgroup }',
	    "1: group: 'nosuchgroup' is not a group of this system"],
	['a task whose name is none', "task 'a b' { command = x }",
	    "1: 'a b' is not a name for a task (letters, digits, '_', '.' "
	    . "and '-', at most 200)"],
	['a chain whose name is none', "chain ../x { tasks = a }\n"
	    . "task a { command = true }",
	    "1: '../x' is not a name for a chain (letters, digits, '_', '.' "
	    . "and '-', at most 200)"],

	# What does not fit together.
	['a longest wait that is none', "fail_cooldown = 2m\n"
	    . 'fail_cooldown_max = 1m',
	    '2: fail_cooldown_max: is shorter than fail_cooldown'],
	['reasons that are none', 'webhook { url = "http://x" only = {} }',
	    '1: only: the list is empty'],
	['a task twice', "task t { command = a }\n\ntask t { command = b }",
	    "3: task 't' is already at %FILE:1"],
	['a chain twice', "task t { command = true }\nchain c { tasks = t }\n"
	    . 'chain c { tasks = t }',
	    "3: chain 'c' is already at %FILE:2"],
	['a chain without tasks', 'chain c { }', "1: chain 'c' has no tasks"],
	['a chain of no tasks', "chain c {\n tasks = {}\n}",
	    '2: tasks: the list is empty'],
	['a chain of an unknown task', "chain c {\n tasks = {\"x\"}\n}",
	    "2: tasks: no task 'x': no section 'task x'; no %DIR/tasks/x; no "
	    . 'default_command'],
	['a task of nothing', "\ntask x { }",
	    "2: task 'x' has no command: no %DIR/tasks/x; no "
	    . 'default_command'],

	# Words that runner does not know.
	['a mistyped key', 'fail_cooldwon = 1',
	    "1: no such key: 'fail_cooldwon'; did you mean 'fail_cooldown'?"],
	['a mistyped key of a section', "mail {\n usrname = x\n}",
	    "2: no such key: 'usrname'; did you mean 'username'?"],
	['an unknown key', 'xyzzy = 1', "1: no such key: 'xyzzy'"],
	['an unknown key with an empty list', "\n\nxyzzy = {}\n",
	    "3: no such key: 'xyzzy'"],
	['an unknown key twice', "task a { command = true xyzzy = 1 }\n"
	    . "task b { command = true xyzzy = 2 }",
	    "1: no such key: 'xyzzy'", "2: no such key: 'xyzzy'"],
	['a key in the wrong section', "level = debug\n"
	    . 'task t { command = true run_root = x }',
	    "1: the key 'level' belongs in 'log { }'",
	    "2: the key 'run_root' belongs at the top level, not in 'task'"],
	['an unknown section', "lgo {\n a = 1\n b { c = {1, 2} }\n d(1)\n}",
	    "1: no such section: 'lgo'; did you mean 'log'?"],
	['an unknown section with a title', "tsak t { a = 1 }\n"
	    . "xyzzy 'a b' { }",
	    "1: no such section: 'tsak'; did you mean 'task'?",
	    "2: no such section: 'xyzzy'"],
	['a section within a section', "task t { command = true\n log { } }",
	    "2: a section cannot be inside another: 'log'"],
	['an unknown function', "\nxyzzy(1, 2)", "2: no such key: 'xyzzy'"],

	# Syntax.
	['a string without an end', "\ntask t {\n command = \"x\n}\n",
	    '3: the string that begins here has no end'],
	['a comment without an end', "nice = 1\n/* x\n\n",
	    '2: the comment that begins here has no end'],
	['a section without an end', "\ntask t {\n command = x\n",
	    '2: the brace that opens here is not closed'],
	['a list without an end', "admins = {a, b\n",
	    '1: the brace that opens here is not closed'],
	['a value with a blank', "timeout = 5 m\nfail_cooldown = 3s\n",
	    "1: 'm' is not a setting: write KEY = VALUE, with quotes "
	    . 'around a value that has blanks'],
	['a colon for an equal sign', "# one\ntimeout: 5s\n\n",
	    "2: 'timeout:' is not a setting: write KEY = VALUE, with quotes "
	    . 'around a value that has blanks'],
	['a word in a section', "task t {\n\ttimeout = 5 m\n\tcommand = true }\n",
	    "2: 'm' is not a setting: write KEY = VALUE, with quotes "
	    . 'around a value that has blanks'],
	['no value', "timeout =\n", "1: 'timeout' has no value"],
	['no value, and another key', "timeout =\nnice = 99\n",
	    "1: 'timeout' has no value",
	    "2: nice: '99' is not a number from -20 to 19"],
	['no value in a section', 'log { level = }',
	    "1: 'level' has no value"],
	['an equal sign twice', 'nice = = 5', "1: 'nice' has no value"],
	['faults before a syntax error', "nice = 99\ntask t {\n xyzzy = 1\n"
	    . " umask = 9\n user = 'x\n",
	    "1: nice: '99' is not a number from -20 to 19",
	    "3: no such key: 'xyzzy'",
	    "4: umask: '9' is not a file mode mask (octal, such as 022)",
	    '5: the string that begins here has no end'],
	['braces within braces', 'a {' x 20,
	    '1: braces are nested more than 16 deep',
	    "1: no such section: 'a'"],
	['a brace too many', "nice = 1\n}\n", "2: a '}' too many"],
	['no comma', "admins = {a b}\nnice = 99\n",
	    "1: a comma is missing before 'b'",
	    "2: nice: '99' is not a number from -20 to 19"],
	['no comma, two words', 'success_exit = {hi ho}',
	    "1: a comma is missing before 'ho'"],
	['brackets', 'admins = ["a"]',
	    '1: a list is written {...}, not [...]'],
	['brackets around several', "admins = [ 'a', b,\n c ]\nnice = 99\n",
	    '1: a list is written {...}, not [...]',
	    "3: nice: '99' is not a number from -20 to 19"],
	['a list within a list', 'admins = {a, {b}}',
	    '1: a list cannot be inside another list'],
	['a list that goes on into the next key', "admins = {a, b\nnice = 5\n",
	    '1: the brace that opens here is not closed'],
	['a variable that is not set', "\ncwd = \"\${RT_NONE}/x\"\n"
	    . "nice = \${RT_NONE}\nadmins = {a, \"\${RT_NONE}\"}\n",
	    map { "$_: the variable RT_NONE is not set; \${RT_NONE:-DEFAULT} "
	    . 'has a default' } 2, 3, 4],
	['a name in two files of one', "log { }\nlog { }\n",
	    '2: log is already at %FILE:1'],
	['a backslash in a name', "task 'a\\b' { command = true }",
	    '1: a name cannot have a backslash in it'],
	['an escape that is none', "nice = 1\ncwd = \"\\999\"\nnice = x",
	    "2: bad escape sequence '\\999'"],
	['a call that is not closed', "\ninclude('x'\nnice = 1\n",
	    '2: the parenthesis that opens here is not closed'],
	['a section without a title', 'task { }',
	    "1: a task has a name: task NAME { ... }"],
	['a title too many', 'mail x { }',
	    "1: 'mail' takes no name: mail { ... }"],
	['a star without quotes', "\ncwd = /srv/*",
	    '2: put quotes around a value with * in it'],
	['a plus without quotes', "command = a+b",
	    '1: put quotes around a value with + in it'],
	['a variable within a word', 'cwd = /srv/${X}',
	    '1: put quotes around a value with ${ in it'],
	['a variable without an end', "cwd = \"\${HOME\"\n}\n",
	    '1: a ${ has no } on its line'],
	['a NUL', "nice = 1\n\0", '2: a control character, \x00; is this a '
	    . 'text file?'],
	['an escape in a string', "cwd = \"\e[0m\"",
	    '1: a control character, \x1b; is this a text file?'],
	['a program in place of a file', "\x7fELF\2\1\1\0",
	    '1: a control character, \x7f; is this a text file?'],

	# Comments and strings do not confuse the line numbers.
	['lines after comments', "# a\n/* b\n c */ // d\n'x\ny'=1\nnice = 99",
	    "4: no such key: 'x\\x0ay'",
	    "6: nice: '99' is not a number from -20 to 19"],
	['values before a syntax error', "nice = 99\ntask { }",
	    "1: nice: '99' is not a number from -20 to 19",
	    '2: a task has a name: task NAME { ... }'],
);

for my $row (@rows) {
	my ($name, $text, @want) = @$row;
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	my $file = "$dir/runner.conf";
	$p->config($text);
	my ($status, $out, $err) = check($p);
	s/%DIR/$dir/g, s/%FILE/$file/g for @want;
	$err =~ s/^runner: warning: .*\n//mg;
	is $err, join('', map { "runner: $file:$_\n" } @want), $name;
	is $status, 2, "$name: exit status 2";
	is $out, '', "$name: nothing on standard output" if $out ne '';
}

subtest 'everything at once, in the order of the file' => sub {
	my $p = RunnerTest->new;
	$p->config(join "\n", 'nice = 99', 'xyzzy = 1', 'task a {',
	    ' umask = 9', ' command = ""', '}', 'include("sub/b.conf")',
	    'chain c { tasks = {} }', 'heal_after = 0', '');
	spew($p->dir . '/sub/b.conf', "timeout = x\n\nfoo { }\n");
	my ($status, undef, $err) = check($p);
	my @lines = map { s/^runner: \Q${\$p->dir}\E\///r }
	    split /\n/, $err;
	is $status, 2, 'exit status 2';
	is_deeply [map { /^([^ ]+:\d+):/ } @lines], ['runner.conf:1',
	    'runner.conf:2', 'runner.conf:4', 'runner.conf:5',
	    'runner.conf:8', 'runner.conf:9', 'sub/b.conf:1',
	    'sub/b.conf:3'], 'each with its place' or diag $err;
	my ($run_status, undef, $run_err) = $p->run('run', 'a');
	is $run_status, 2, 'run does not run';
	is $run_err, $err, 'and says the same';
};

subtest 'more than can be told' => sub {
	my $p = RunnerTest->new;
	$p->config(join '', map { "nice = 1\nxyzzy$_ = 1\n" } 1 .. 100);
	my ($status, undef, $err) = check($p);
	$err =~ s/^runner: warning: .*\n//mg;
	is $status, 2, 'exit status 2';
	is scalar(split /\n/, $err), 65, '64 complaints and one line more';
	like $err, qr/^runner: and 36 more$/m, 'that counts the others';
};

subtest 'files that are none' => sub {
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	mkdir "$dir/directory";
	my @rows = (
		['nosuch.conf', qr/^runner: nosuch\.conf: No such file/],
		['directory', qr/^runner: directory: that is a directory, not a file$/],
		['/dev/zero', qr{^runner: /dev/zero: cannot be read: File too}],
	);
	for my $row (@rows) {
		my ($file, $want) = @$row;
		my ($status, $out, $err) = $p->run('check', '-c', $file);
		like $err, $want, "-c $file";
		is $status, 2, "-c $file: exit status 2";
	}
	SKIP: {
		skip 'root reads everything', 1 unless $>;
		spew("$dir/secret", '', 0);
		my (undef, undef, $err) = $p->run('check', '-c', 'secret');
		like $err, qr/cannot be read: Permission denied/, 'unreadable';
	}
	{
		local $ENV{RUNNER_CONF} = 'nosuch';
		my ($status, undef, $err) = check($p);
		is $status, 2, 'RUNNER_CONF has to be there';
		like $err, qr/^runner: nosuch: No such file/, 'and is named';
	}
};

subtest 'odd files' => sub {
	my @rows = (
		['empty', '', 0],
		['blanks', "\n \n\t\r\n", 0],
		['a comment without a new line', '# x', 0],
		['carriage returns', "nice = 1\r\nlog {\r\n level = info\r\n}",
		    0],
		['a byte order mark', "\xef\xbb\xbfnice = 1", 0],
		['a megabyte of comments', "# x\n" x 250000, 0],
		['a megabyte of one comment', '/*' . 'x' x 1000000 . '*/', 0],
		['a megabyte of keys', "nice = 1\n" x 110000, 0],
		['a megabyte of sections',
		    join('', map { "task t$_ { command = true }\n" }
			1 .. 2000), 0],
		['a megabyte of a string', 'mail { subject_prefix = "'
		    . 'x' x 1000000 . '" }', 0],
		['a megabyte of braces', '{' x 1000000, 2],
		['a megabyte of sections within sections',
		    'a { ' x 250000, 2],
		['a megabyte of random bytes', join('', map {
			chr(($_ * 7919 + $_ * $_ * 31) % 256) } 1 .. 1000000),
		    2],
	);
	for my $row (@rows) {
		my ($name, $text, $want) = @$row;
		my $p = RunnerTest->new;
		$p->config($text);
		my ($status, undef, $err) = check($p);
		is $status, $want, $name or diag substr $err, 0, 1000;
	}
};

subtest 'include' => sub {
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	spew("$dir/sub/one.conf", "include('two.conf')\nnice = 1\n");
	spew("$dir/sub/two.conf", "umask = 027\n");
	spew("$dir/sub/task.conf", "command = \"true x\"\n");
	$p->config("include('sub/one.conf')\n"
	    . "task t { include('sub/task.conf') }\nheal_after = 3\n");
	my ($status, $out, $err) = check($p);
	is $status, 0, 'paths are seen from the including file' or diag $err;
	like $out, qr/^umask = 027\n/m, 'two deep';
	like $out, qr/^\tcommand = \{"true", "x"\}/m, 'within a section';

	mkfifo("$dir/sub/pipe", 0600) or die $!;
	spew("$dir/sub/round.conf", "include('../sub/trip.conf')\n");
	spew("$dir/sub/trip.conf", "nice = 1\ninclude('round.conf')\n");
	my %faults = (
		"include('sub/round.conf')" =>
		    qr{/trip\.conf:2: \S+/sub/round\.conf includes itself},
		"\ninclude('nosuch')" =>
		    qr{:2: \Q$dir\E/nosuch cannot be read: No such file},
		"include('sub')" => qr{:1: \Q$dir\E/sub cannot be read: Is a dir},
		'include()' => qr/:1: include takes the name of one file, or a pat/,
		'include("a", "b")' =>
		    qr/:1: include takes the name of one file/,
		"include('runner.conf')" =>
		    qr/:1: \S+runner\.conf includes itself/,
		"include('sub/pipe')" =>
		    qr{:1: \Q$dir\E/sub/pipe is a pipe; a file is wanted},
		"include 'x'" => qr/:1: an include is written include\("FILE"\)/,
	);
	for my $text (sort keys %faults) {
		$p->config($text);
		($status, $out, $err) = check($p);
		my $want = $faults{$text};
		like $err, qr/^runner: [^\n]*(?:$want)[^\n]*\n\z/,
		    "fault: $text";
		is $status, 2, 'exit status 2';
	}
	spew("$dir/sub/one.conf", "x = {\n");
	$p->config("\ninclude('sub/one.conf')\nnice = 99\n");
	($status, $out, $err) = check($p);
	like $err, qr{^runner: \Q$dir\E/sub/one\.conf:1: the brace that},
	    'a syntax error is told of the file that has it';
	like $err, qr/:3: nice: '99'/, 'and what follows the include is read';

	spew("$dir/conf.d/$_.conf", "environment += { 'N=$_' }\n")
	    for qw(b a c);
	$p->config("include('conf.d/*.conf')\ninclude('none.d/*.conf')\n");
	($status, $out, $err) = check($p);
	is $status, 0, 'a pattern, and one that nothing matches' or diag $err;
	like $out, qr/^environment = \{"N=a", "N=b", "N=c"\}/m,
	    'are read in the order of their names';
	spew("$dir/conf.d/b.conf", "\nnice = x\n");
	($status, $out, $err) = check($p);
	is $err, "runner: $dir/conf.d/b.conf:2: nice: 'x' is not a number "
	    . "from -20 to 19\n", 'each with its own lines';
	{
		local $ENV{HOME} = $dir;
		spew("$dir/home.conf", "nice = 7\nlog { file = '~/l' }\n"
		    . "mail { url = 'maildir:~/m' }\ncwd = '~/'\n");
		$p->config("include('~/home.conf')");
		($status, $out, $err) = check($p);
		my @want = (qq(cwd = "$dir"), 'nice = 7', qq(file = "$dir/l"),
		    qq(url = {"maildir:$dir/m"}));
		is_deeply [grep { $out !~ /^\t?\Q$_\E$/m } @want], [],
		    'a path may begin with ~/'
		    or diag "$out$err";
		spew("$dir/f.sh", "#!/bin/sh\necho \"\$0 \$1\"\n", 0755);
		$p->config("task a { command = '~/f.sh ~/x' }\n"
		    . "task b { command = {'~/f.sh', 'y'} }\n"
		    . "task c { command = 'true | ~/f.sh z' }\n"
		    . "notify_command = {'~/f.sh'}\n");
		($status, $out, $err) = check($p);
		is_deeply [$status, $err], [0, ''], 'and so may a program';
		is lines_of(($p->run('once', '-v', 'a', 'b', 'c'))[2],
		    qr{stdout: \Q$dir\E/f\.sh (?:~/x|y|z)$}m), 3, 'which is run';
	}
};

done_testing;
