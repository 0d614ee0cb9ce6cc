# `runner check` warns of what is legal and hardly meant, and refuses what a
# delivery could not use.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

# Each row: a name; the file; the lines on standard error, %DIR and %FILE
# replaced; exit status.
my @rows = (
	['nothing to say', "task t { command = true }\n", 0],
	['a key twice', "nice = 1\nnice = 2\n", 0,
	    'warning: %FILE:2: nice: replaces the value that line 1 gives'],
	['a key twice, by +=', "admins = a\nadmins += {b}\n", 0],
	['a program that is not there', "task t {\n command = {\"no such\"}\n}",
	    0, "warning: %FILE:2: command: task 't': there is no program "
	    . "'no such'"],
	['a program seen from cwd', "cwd = bin\n"
	    . 'task t { command = "./tool" }', 0],
	['only the settings of a dotted task', "task tool { nice = 1 }\n"
	    . 'chain c { tasks = {bin.tool} }', 0],
	['settings of no task', 'task tool { nice = 1 }', 2,
	    "%FILE:1: task 'tool' has no command: no %DIR/tasks/tool; no "
	    . 'default_command'],
	['a program found by PATH of its environment', "environment = "
	    . "'PATH=%DIR/bin:/bin'\ntask t { command = tool }", 0],
	['a program found by PATH in its cwd', "environment = 'PATH=bin'\n"
	    . 'task t { command = tool }', 0],
	['a script with CRLF line ends', 'task t { command = ./crlf }', 0,
	    "warning: %FILE:1: command: task 't': the program './crlf' cannot "
	    . "be executed: its interpreter '/bin/sh\\r' does not exist (CRLF "
	    . 'line ends?)'],
	['a script without its interpreter', 'task t { command = ./gone }', 0,
	    "warning: %FILE:1: command: task 't': the program './gone' cannot "
	    . "be executed: its interpreter '/no/such' does not exist"],
	['a directory as a program', 'task t { command = ./bin }', 0,
	    "warning: %FILE:1: command: task 't': './bin' is a directory, not "
	    . 'a program'],
	['a program that is not executable', 'task t { command = ./plain }', 0,
	    "warning: %FILE:1: command: task 't': the program './plain' is "
	    . 'not executable (chmod +x)'],
	['nobody to tell', "task t { command = true }\n# no admins\n", 0,
	    'warning: %FILE: nobody is told when a task fails: no admins, no '
	    . 'channel; mail is only written to %DIR/var/run/mail'],
	['nobody to tell of a failure', "webhook w { url = \"http://h/\" only = "
	    . "{\"healed\"} }\ntask t { command = true }\n# no admins\n", 0,
	    'warning: %FILE: nobody is told when a task fails: no admins, no '
	    . 'channel; mail is only written to %DIR/var/run/mail'],
	['more urls than a delivery tries', 'mail { url = {'
	    . join(',', map { qq("smtp://h$_") } 1 .. 17) . '} }', 2,
	    '%FILE:1: url: has 17 entries; a delivery takes 16'],
	['more words than a delivery has', 'notify_command = {'
	    . join(',', ('true') x 129) . '}', 2,
	    '%FILE:1: notify_command: has 129 entries; a delivery takes 128'],
	['more admins than a delivery takes', 'admins = {'
	    . join(',', map { qq("admin$_\@example.org") } 1 .. 900) . "}\n"
	    . 'task t { command = true }', 2, '%FILE:1: admins: is longer than '
	    . 'a delivery takes, 14336 bytes in all'],
	['an address that is too long', 'admins = {"' . ('a' x 320)
	    . "\@h\"}\ntask t { command = true }", 2,
	    "%FILE:1: admins: '" . ('a' x 100) . "' is longer than an address "
	    . 'can be, 320 bytes'],
	['a ping_url that is too long', 'ping_url = "http://h/' . ('a' x 2048)
	    . "\"\ntask t { command = true }", 2,
	    "%FILE:1: ping_url: 'http://h/" . ('a' x 91) . "' is longer than 2047 bytes"],
	['a chain that is too long', "task t { command = true }\n"
	    . 'chain c { tasks = {' . join(',', ('t') x 257) . '} }', 2,
	    '%FILE:2: tasks: a chain has at most 256 tasks'],
	['a stage that is not there', 'task t { command = "true | nosuch" }',
	    0, "warning: %FILE:1: command: task 't': there is no program "
	    . "'nosuch'"],
	['a cwd that is not there', "cwd = nowhere\n"
	    . 'task t { command = true }', 0, "warning: %FILE:1: cwd: task 't': cwd "
	    . '%DIR/nowhere: No such file or directory'],
	['what a shell would read', 'task t { command = "echo $HOME > x" }', 0,
	    "warning: %FILE:1: command: no shell reads this: '\$HOME' is an "
	    . 'argument as it is; {"sh", "-c", "..."} has a shell',
	    "warning: %FILE:1: command: no shell reads this: '>' is an "
	    . 'argument as it is; {"sh", "-c", "..."} has a shell'],
	['the same in quotes', q(task t { command = "echo '>' 'a > b'" }), 0],
	['the same in a list', 'task t { command = {echo, ">"} }', 0],
	['bodies that are not there', "webhook a {\nbody = b1 }\n"
	    . "webhook b {\nbody = b2 }", 2,
	    '%FILE:2: body: %DIR/b1: No such file or directory',
	    '%FILE:4: body: %DIR/b2: No such file or directory'],
	['a preset without what it needs', "webhook a {\npreset = slack }\n"
	    . "webhook b {\nurl = 'http://x/'\npreset = gotify }", 2,
	    '%FILE:2: preset: the webhook has no url, and %SHARE/slack has '
	    . 'none', '%FILE:5: preset: %SHARE/gotify:4: %{secret} wants a '
	    . 'secret_file'],
	['a field that is none', 'notify_command = {true, "%{nosuch}"}', 2,
	    "%FILE:1: notify_command: unknown field 'nosuch'"],
	['programs that are not there', "notify_command = no1\n"
	    . "lease_command = no2\ntask t { command = true }\n"
	    . "chain c { tasks = t }\nchain d { tasks = t\n"
	    . 'lease_command = no3 }', 0,
	    "warning: %FILE:1: notify_command: there is no program 'no1'",
	    "warning: %FILE:2: lease_command: there is no program 'no2'",
	    "warning: %FILE:6: lease_command: there is no program 'no3'"],
	['metrics without a directory', "metrics_dir = plain\n"
	    . "task t { command = true }\nchain c { tasks = t }", 0,
	    'warning: %FILE:1: metrics_dir: %DIR/plain: Not a directory'],
	['a url_file without a URL', 'webhook { url_file = good.pw }', 2,
	    '%FILE:1: url_file: the first line of %DIR/good.pw is not '
	    . 'http://... or https://...'],
	['no cooldown at all', "success_cooldown = 0\nfail_cooldown = 0\n"
	    . 'task t { command = true }', 0, "warning: %FILE:2: "
	    . "fail_cooldown: task 't' has no cooldown at all: it runs again "
	    . 'at once'],
	['a name that runner sets', "environment = 'RUNNER_RUN=1'\n"
	    . 'task t { command = true }', 0, "warning: %FILE:1: "
	    . "environment: 'RUNNER_RUN=1': runner itself sets RUNNER_ names"],
	['a longest wait that one task has no use for',
	    "fail_cooldown_max = 10m\n"
	    . "task t { command = true fail_cooldown = 30s }\n"
	    . 'task u { command = true fail_cooldown = 1h }', 0],
	['two tasks of one name', "task t { command = true }\n"
	    . "chain c { tasks = {t, './bin/t'} }", 2, "%FILE:2: "
	    . "tasks: 't' and './bin/t' are both called 't': give one a "
	    . 'section, task NAME { command = ... }'],
	['admins of each task or chain', "mail { url = 'smtp://h' }\n"
	    . "task t { command = true admins = a }\n"
	    . "task u { command = true }\nchain c { tasks = t }\n"
	    . 'chain d { tasks = u admins = b }', 0],
	['admins of none of a chain', "mail { url = 'smtp://h' }\n"
	    . "task t { command = true admins = a }\n"
	    . "task u { command = true }\nchain c { tasks = {t, u} }", 2,
	    "%FILE:4: tasks: the task 'u' has no admins, and the url "
	    . "'smtp://h' needs recipients"],
	['a task twice is one name', "task t { command = true }\n"
	    . 'chain c { tasks = {t, t} }', 0],
	['a username alone', "admins = a\nmail { url = 'smtp://h'\n"
	    . ' username = x }', 0, 'warning: %FILE:3: username: without '
	    . 'password_file it is not used'],
	['a password that others can read', "admins = a\n"
	    . "mail { url = 'smtp://h' username = x\n"
	    . " password_file = open.pw }", 2, '%FILE:3: password_file: '
	    . '%DIR/open.pw is open to others (mode 0644); 0600 is wanted'],
	['a password that is not there', "admins = a\n"
	    . "mail { url = 'smtp://h' username = x\n"
	    . " password_file = nosuch }", 2, '%FILE:3: password_file: '
	    . '%DIR/nosuch: No such file or directory'],
	['a password that is fit', "admins = a\n"
	    . "mail { url = 'smtp://h' username = x\n"
	    . " password_file = good.pw }", 0],
	['certificates that are not there', "mail {\n ca_file = nosuch }", 2,
	    '%FILE:2: ca_file: %DIR/nosuch: No such file or directory'],
	['a header file that others can read', "webhook { url = 'http://h'\n"
	    . " header = 'A: \@open.pw' }", 2, '%FILE:2: header: %DIR/open.pw '
	    . 'is open to others (mode 0644); 0600 is wanted'],
	['a sendmail that is not there', "admins = a\n"
	    . "mail { url = 'sendmail:/no/such' }", 0,
	    'warning: %FILE:2: url: /no/such: No such file or directory'],
	['a run_root that others can write to', 'run_root = loose', 0,
	    'warning: %FILE:1: run_root: %DIR/loose can be written to by '
	    . 'others (mode 0777)'],
	['a run_root that is a file', 'run_root = good.pw', 2,
	    '%FILE:1: run_root: %DIR/good.pw is not a directory'],
);

for my $row (@rows) {
	my ($name, $text, $want_status, @want) = @$row;
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	spew("$dir/open.pw", "x\n", 0644);
	spew("$dir/good.pw", "x\n", 0600);
	spew("$dir/bin/$_", "#!/bin/sh\n", 0755) for qw(tool t);
	spew("$dir/crlf", "#!/bin/sh\r\n", 0755);
	spew("$dir/gone", "#! /no/such -x\n", 0755);
	spew("$dir/plain", "#!/bin/sh\n", 0644);
	$text =~ s/%DIR/$dir/g;
	mkdir "$dir/loose";
	chmod 0777, "$dir/loose";
	$text .= "\nadmins = a\n" unless $text =~ /admins/;
	$p->config($text);
	system("cd $dir && $RunnerTest::RUNNER check >out 2>err");
	my $status = $? >> 8;
	push @want, '%FILE cannot be used: ' . @want . ' error'
	    . (@want == 1 ? '' : 's') if $want_status;
	s/%DIR/$dir/g, s/%FILE/$dir\/runner.conf/g for @want;
	my $err = slurp("$dir/err") =~ s{(and |preset: )/[^:\n]*/webhook/}
	    {$1%SHARE/}gr;
	is $err, join('', map { "runner: $_\n" } @want), $name;
	is $status, $want_status, "$name: exit status $want_status";
	my ($last) = slurp("$dir/out") =~ /^(.*)\n\z/m;
	like $last, qr{^# \Q$dir\E/runner\.conf can be used: }, "$name: so says "
	    . 'the last line' unless $want_status;
}

subtest 'who is not root' => sub {
	plan skip_all => 'needs root, to become nobody' if $>;
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	$p->config('task t { command = true user = root } admins = a');
	my $err = `cd $dir && setpriv --reuid=65534 --regid=65534 --clear-groups \\
	    $RunnerTest::RUNNER check 2>&1 >/dev/null`;
	plan skip_all => "nobody cannot reach the build: $err"
	    if $err =~ /setpriv|denied/;
	is $err, "runner: warning: $dir/runner.conf:1: user: only root can run "
	    . "task 't' as root\n", 'is warned that user needs root';
};

subtest 'the same words when it is run' => sub {
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	spew("$dir/crlf", "#!/bin/sh\r\n", 0755);
	spew("$dir/plain", "#!/bin/sh\n", 0644);
	$p->config("admins = a\nlog { format = plain }\n"
	    . "task c { command = ./crlf }\ntask p { command = ./plain }\n"
	    . 'task d { command = /tmp }');
	my ($status, undef, $err) = $p->run('once', '-v', '-n', 'x', 'c', 'p', 'd');
	like $err, qr/stderr: runner: .*$_/, $_ for
	    q(its interpreter '/bin/sh\\\\r' does not exist),
	    'is not executable \(chmod \+x\)', 'is a directory, not a program';
	like join("\n", $p->subjects),
	    qr/\[c\] First exc\S+ caught: the program '\S+' cannot be executed: its/,
	    'and in the subject of the mail';
};

subtest 'a large file' => sub {
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	$p->config("admins = a\n" . join('', map { "task t$_ { command = true "
	    . "timeout = 5m environment = {'A=$_'} }\n" } 1 .. 5000)
	    . 'chain c { tasks = {' . join(',', map { "t$_" } 1 .. 256)
	    . "} }\n");
	my (undef, undef, $user, $system) = times;
	system("cd $dir && $RunnerTest::RUNNER check >out 2>err");
	my (undef, undef, $user_after, $system_after) = times;
	my $spent = $user_after + $system_after - $user - $system;
	is slurp("$dir/err"), '', 'of 5,000 tasks and a chain of 256 is read';
	cmp_ok $spent, '<', 1.5, "in a second of the processor ($spent)";
};

subtest 'a log that cannot be one' => sub {
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	$p->task(t => "#!/bin/sh\n");
	mkdir "$dir/d";
	for (['/proc/x/y', '/proc/x/y: nothing can be made in /proc'],
	    ['/sys/x', '/sys/x: nothing can be made in /sys'],
	    ["$dir/d", "$dir/d is a directory"],
	    ["$dir/runner.conf/x",
		"$dir/runner.conf/x cannot be written: Not a directory"],
	    ["$dir/new/x", undef], ['/dev/stdout', undef]) {
		my ($file, $why) = @$_;
		for my $key ("chain c { tasks = t log_file = \"$file\" }",
		    "log { file = \"$file\" } chain c { tasks = t }") {
			$p->config("admins = a\n$key\n");
			my (undef, undef, $err) = $p->run('check');
			like $err, $why ? qr/^runner: warning: .*:2: (log_)?file: \Q$why\E$/
			    : qr/\A\z/, "$key: " . ($why // 'fine');
		}
	}
};

subtest 'as the users who will use them' => sub {
	plan skip_all => 'needs root, to look as nobody' if $>;
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	chmod 0755, $dir;
	spew("$dir/pw", "x\n", 0600);
	spew("$dir/own", "#!/bin/sh\n", 0700);
	spew("$dir/all.log", '', 0600);
	mkdir "$dir/closed", 0700;
	mkdir "$dir/run", 0755;
	$p->config(<<"CONF");
admins = a
run_root = run
mail { url = "smtp://h" username = x
password_file = pw }
task t { command = "./own" }
task u { command = true cwd = closed user = nobody }
chain c { tasks = t user = nobody
log_file = all.log }
chain d { tasks = {t, u} }
CONF
	system("cd $dir && $RunnerTest::RUNNER check >out 2>err");
	is $? >> 8, 0, 'exit status 0';
	my $as = '\(as nobody\)';
	my @want = ("2: run_root: $dir/run cannot be written: .* $as",
	    "4: password_file: $dir/pw: Permission denied $as",
	    "5: command: task 't': the program './own' cannot be executed: .* "
	    . $as, "8: log_file: $dir/all.log cannot be written: .* $as",
	    " cwd: task 'u': cwd $dir/closed: Permission denied $as");
	my $err = slurp("$dir/err");
	like $err, qr/^runner: warning: \S+?:$_$/m, $_ for @want;
	is scalar(split /\n/, $err), scalar @want, 'and nothing else'
	    or diag $err;
	chmod 0600, "$dir/runner.conf";
	my $again = 'Permission denied: the chain cannot read it again';
	like +($p->run('check'))[2],
	    qr{^runner: warning: \S+:7: user: \S+/runner\.conf: $again $as$}m,
	    'nor can a chain read its settings again';
};

done_testing;
