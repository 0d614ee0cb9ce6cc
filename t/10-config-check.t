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
	    'warning: %FILE:2: nice: takes the place of what line 1 says'],
	['a key twice, by +=', "admins = a\nadmins += {b}\n", 0],
	['a program that is not there', "task t {\n command = {\"no such\"}\n}",
	    0, "warning: %FILE:2: command: task 't': there is no program "
	    . "'no such'"],
	['a program seen from cwd', "cwd = bin\n"
	    . 'task t { command = "./tool" }', 0],
	['a stage that is not there', 'task t { command = "true | nosuch" }',
	    0, "warning: %FILE:1: command: task 't': there is no program "
	    . "'nosuch'"],
	['a cwd that is not there', "cwd = nowhere\n"
	    . 'task t { command = true }', 0, "warning: %FILE: task 't': cwd "
	    . '%DIR/nowhere: No such file or directory'],
	['what a shell would read', 'task t { command = "echo $HOME > x" }', 0,
	    "warning: %FILE:1: command: no shell reads this: '\$HOME' is an "
	    . 'argument as it stands', "warning: %FILE:1: command: no shell "
	    . "reads this: '>' is an argument as it stands"],
	['the same in quotes', q(task t { command = "echo '>' 'a > b'" }), 0],
	['the same in a list', 'task t { command = {echo, ">"} }', 0],
	['no cooldown at all', "success_cooldown = 0\nfail_cooldown = 0\n"
	    . 'task t { command = true }', 0, "warning: %FILE:2: "
	    . "fail_cooldown: task 't' has no cooldown at all: it runs again "
	    . 'at once'],
	['a name that runner sets', "environment = 'RUNNER_RUN=1'\n"
	    . 'task t { command = true }', 0, "warning: %FILE:1: "
	    . "environment: 'RUNNER_RUN=1': runner itself sets RUNNER_ names"],
	['two tasks of one name', "task t { command = true }\n"
	    . "chain c { tasks = {t, './bin/t'} }", 0, "warning: %FILE:2: "
	    . "tasks: 't' and './bin/t' are both called 't'"],
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
	    '%FILE:1: run_root: %DIR/good.pw is not a folder'],
);

for my $row (@rows) {
	my ($name, $text, $want_status, @want) = @$row;
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	spew("$dir/open.pw", "x\n", 0644);
	spew("$dir/good.pw", "x\n", 0600);
	spew("$dir/bin/$_", "#!/bin/sh\n", 0755) for qw(tool t);
	mkdir "$dir/loose";
	chmod 0777, "$dir/loose";
	$p->config($text);
	system("cd $dir && $RunnerTest::RUNNER check >out 2>err");
	my $status = $? >> 8;
	s/%DIR/$dir/g, s/%FILE/$dir\/runner.conf/g for @want;
	is slurp("$dir/err"), join('', map { "runner: $_\n" } @want), $name;
	is $status, $want_status, "$name: exit status $want_status";
	is slurp("$dir/out") ne '', !$status,
	    "$name: the settings are printed when they can be used";
}

subtest 'who is not root' => sub {
	plan skip_all => 'needs root, to become nobody' if $>;
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	$p->config('task t { command = true user = root }');
	my $err = `cd $dir && setpriv --reuid=65534 --regid=65534 --clear-groups \\
	    $RunnerTest::RUNNER check 2>&1 >/dev/null`;
	plan skip_all => "nobody cannot reach the build: $err"
	    if $err =~ /setpriv|denied/;
	is $err, "runner: warning: $dir/runner.conf:1: user: only root can run "
	    . "task 't' as root\n", 'is warned that user needs root';
};

done_testing;
