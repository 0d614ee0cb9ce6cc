# once, as cron runs it: silent when there is nothing that nobody was told of,
# never beside a run of the same task, and with the memory of the one before.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use IO::Socket::INET;
use JSON::PP;
use RunnerTest;
use Test::More;

my $admins = "admins = {\"a\@example.org\"}\n"
    . "mail { url = \"maildir:mail\" }\n";

subtest 'what cron mails' => sub {
	my $p = RunnerTest->new->config($admins);
	$p->task(good => "#!/bin/sh\necho fine; echo noise >&2\n");
	$p->task(bad => "#!/bin/sh\necho no route >&2; exit 3\n");
	is_deeply [$p->run('once', 'good')], [0, '', ''], 'nothing: it is well';
	is_deeply [$p->run('once', 'bad')], [1, '', ''],
	    'nothing: the admins were told';
	is scalar(my @mails = glob $p->dir . '/mail/new/*'), 1, 'by a mail';
	is_deeply [$p->run('once', 'bad')], [1, '', ''], 'nor the second time';
	my $err = ($p->run('once', '-v', 'good'))[2];
	like $err, qr/ stderr: noise$/m, '-v shows the log';
	$p->config('');
	is_deeply [$p->run('once', '-n', 'untold', 'bad', 'good')],
	    [1, '', "runner: [bad] failed: no route\n"],
	    'a failure of which nobody else is told is printed';
	for (['only' => "webhook w { url = \"http://127.0.0.1:9\" "
		. "only = {\"healed\", \"slow\"} }\n", 1, 1],
	    ['held' => "admins = {x}\nmail { max_per_hour = 1 }\n", 0, 1]) {
		my ($name, $config, @said) = @$_;

		$p->config($config);
		for my $n (0 .. 1) {
			my $why = qw(route host)[$n];
			$p->task($name => "#!/bin/sh\necho no $why >&2; exit 3\n");
			is_deeply [$p->run('once', $name)], [1, '',
			    $said[$n] ? "runner: [$name] failed: no $why\n" : ''],
			    "$name, failure $n: printed when nobody was told";
		}
	}
	$p->config('');
	is_deeply [$p->run('once', 'good')], [0, '', ''], 'nothing: it is well';
	is +($p->run('once', '-q', '-v', 'good'))[0], 2, '-q or -v';
	my $tty = $p->start_command('script', '-qec',
	    "$RunnerTest::RUNNER once good", $p->dir . '/typescript');
	$tty->wait;
	like slurp($p->dir . '/typescript'), qr/stdout: fine/,
	    'a person at a terminal sees it all';
	$tty = $p->start_command('script', '-qec',
	    "$RunnerTest::RUNNER once -q good", $p->dir . '/typescript');
	$tty->wait;
	unlike slurp($p->dir . '/typescript'), qr/stdout: fine/, 'save with -q';
};

subtest 'what is paused is left out' => sub {
	my $p = RunnerTest->new->config($admins);
	$p->task($_ => "#!/bin/sh\necho \$RUNNER_TASK >> ran\n") for 'a', 'b';
	my @once = ('once', '-n', 'c', 'a', 'b');
	is +($p->run(@once))[0], 0, 'both are run';
	$p->run('pause', 'c/b');
	is_deeply [$p->run(@once)], [0, '', ''], 'without the last one';
	$p->run('pause', 'c/a');
	is_deeply [$p->run(@once)], [0, '', ''], 'without any';
	$p->run('resume', 'c/b');
	is_deeply [$p->run(@once)], [0, '', ''], 'without the first one';
	is slurp($p->dir . '/ran'), "a\nb\na\nb\n", 'which is what ran';
};

subtest 'a log file takes nothing from who looks' => sub {
	my $p = RunnerTest->new->config("admins = {\"a\@example.org\"}\n"
	    . "log { file = L format = plain }\n"
	    . "mail { url = \"smtp://127.0.0.1:1\" timeout = 1s }\n");
	$p->task(good => "#!/bin/sh\necho fine\n");
	$p->task(bad => "#!/bin/sh\nexit 3\n");
	is_deeply [$p->run('once', 'good')], [0, '', ''], 'nothing: it is well';
	my ($status, $out, $err) = $p->run('once', 'bad');
	is $status, 1;
	like $err, qr/\AWARNING \[bad\] Could not send email.*\n\z/,
	    'that nobody was told is printed';
	like +($p->run('once', '-v', 'good'))[2],
	    qr/^INFO \[good\] stdout: fine\nDEBUG \[good\] Execution succ/m,
	    '-v shows it all';
	is lines_of(slurp($p->dir . '/L'), qr/stdout: fine$/), 2,
	    'and the file has it';
};

subtest 'a job that lasts longer than its interval' => sub {
	my $p = RunnerTest->new->config($admins);
	$p->task(job => "#!/bin/sh\necho \$\$ >\$0.pid\n"
	    . "until [ -e \$0.end ]; do sleep 0.05; done\necho done >>\$0.log\n");
	my $first = $p->start('once', 'job');
	ok wait_for { -s $p->dir . '/tasks/job.pid' }, 'it runs';
	my ($status, $out, $err) = $p->run('once', 'job');
	is $status, 75, 'the next one: 75';
	like $err, qr/^runner: chain job is already running \(pid \d+\)$/,
	    'and why';
	my $waits = $p->start('once', '--if-running', 'wait', 'job');
	sleep 1;
	ok !$waits->has_ended, 'one that waits';
	spew($p->dir . '/tasks/job.end', '');
	ok $first->wait, 'the first ends';
	is $first->status, 0, 'well';
	ok $waits->wait, 'and so does the one that waited';
	is $waits->status, 0, 'well';
	is slurp($p->dir . '/tasks/job.log'), "done\ndone\n", 'both ran';
};

subtest 'a chain that runs has the task' => sub {
	my $p = RunnerTest->new->config($admins . "success_cooldown = 1h\n"
	    . "chain c { tasks = {job, other} }\n");
	$p->task($_ => "#!/bin/sh\nexit\n") for 'job', 'other', 'free';
	is +($p->run('start'))[0], 0, 'it runs';
	my $pid = $p->pid_in_file('c');
	for my $words (['job'], ['-n', 'x', 'free', 'other'], ['-n', 'c'],
	    ['--if-running', 'replace', '-n', 'c'],
	    ['--if-running', 'allow', '-n', 'c'],
	    ['--if-running', 'wait', '-n', 'c']) {
		my ($status, undef, $err) = $p->run('once', @$words);
		is $status, 75, "once @$words: 75";
		like $err, qr{chain c runs .*; runner now c/(job|other)$},
		    'names what to do';
	}
	is +($p->run('once', 'free'))[0], 0, 'another task is no matter';
	is $p->pid_in_file('c'), $pid, 'the chain runs on';
	$p->run('stop');
	is +($p->run('once', '-n', 'c'))[0], 0, 'once it is stopped';
};

subtest 'status tells of last night' => sub {
	my $p = RunnerTest->new->config($admins . "chain c { tasks = {job} }\n");
	$p->task(job => "#!/bin/sh\n[ -e \$0.ok ]\n");
	is +($p->run('once', '-n', 'c'))[0], 1, 'it failed';
	is +($p->run('status'))[0], 1, 'status: 1';
	spew($p->dir . '/tasks/job.ok', '');
	is +($p->run('once', '-n', 'c'))[0], 0, 'it is well again';
	my ($status, $out) = $p->run('status');
	is $status, 0, 'status: 0, though nothing runs now';
	like $out, qr/^\w+  ended, it ran once$/m, 'and it says why that is well';
};

subtest 'messages that wait' => sub {
	my $p = RunnerTest->new;
	my $closed = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1');
	my $port = $closed->sockport;
	close $closed;
	$p->config("admins = {\"a\@example.org\"}\n"
	    . "mail { url = \"smtp://127.0.0.1:$port\" tls = none }\n");
	$p->task(job => "#!/bin/sh\n[ -e \$0.ok ]\n");
	my $err = ($p->run('once', 'job'))[2];
	like $err, qr/^\S+ WARNING \[job\] Could not send email/m,
	    'the server is away: that is said';
	my $waiting = sub { decode_json(($p->run('status',
	    '--json'))[1])->{chains}[0]{outbox}{waiting} };
	is $waiting->(), 1, 'and status counts the message';
	is_deeply [$p->run('stop', '--forget', 'job')], [1,
	    "job is not running\n", 'runner: cannot forget job: 1 message '
		. 'waits in ' . $p->root . "/outbox (job,*)\n"],
	    'the chain is not forgotten while it waits';
	is $waiting->(), 1, 'so that it is still seen';
	$p->config($admins);
	spew($p->dir . '/tasks/job.ok', '');
	is_deeply [$p->run('once', 'job')], [0, '', ''],
	    'the next one, at once after it';
	is scalar(my @mails = glob $p->dir . '/mail/new/*'), 2,
	    'tries it whatever its pause, and its own';
	is $waiting->(), 0, 'and it is gone';
	$p->config("admins = {\"a\@example.org\"}\n"
	    . "mail { url = \"smtp://127.0.0.1:$port\" tls = none }\n");
	unlink $p->dir . '/tasks/job.ok';
	unlink $p->root . '/job.state';
	$p->run('once', 'job');
	my ($file) = grep { -f } glob $p->root . '/outbox/*';
	my ($head, $tail) = $file =~ m{^(.*/)([^/]+)$};
	my $n = 0;
	for my $i (1 .. 600) {
		(my $copy = $tail) =~ s/(\d{6,})/sprintf '%0*d', length $1, $1 + $i/e;
		link $file, $head . $copy or die "$copy: $!";
		$n++;
	}
	is $waiting->(), $n + 1, 'all are counted, however many';
};

subtest 'a channel that is not configured any more' => sub {
	my $p = RunnerTest->new;
	my $hook = "webhook w { url = \"http://127.0.0.1:9/\" }\n";
	my $away = "admins = {x}\nheal_after = 5\n"
	    . "mail { url = \"smtp://127.0.0.1:9\" }\n";
	my $in = sub { scalar(() = grep { -f } glob $p->root . "/$_[0]/*") };
	$p->task(job => "#!/bin/sh\n[ -e \$0.ok ] || { cat \$0.why >&2; exit 1; }\n");
	$p->config($admins . "heal_after = 5\n$hook");
	spew($p->dir . '/tasks/job.why', "boom\n");
	$p->run('once', 'job');
	$p->config($away);
	spew($p->dir . '/tasks/job.why', "other\n");
	$p->run('once', 'job');
	is $in->('outbox'), 2, 'two wait';
	spew($p->dir . '/tasks/job.ok', '');
	$p->config($admins);
	is_deeply [$p->run('once', 'job')], [0, '', ''],
	    'one waits in silence, for runner.conf may be edited';
	is $in->('outbox'), 1, 'the later one of another channel has left';
	like +($p->run('status'))[1], qr/not configured any more/,
	    'status says what waits';
	utime 0, 0, $p->dir . '/runner.conf';
	my ($file) = glob $p->root . '/outbox/job,*';
	my $text = slurp($file);
	$text =~ s/^(queued )(\d+)/$1 . ($2 - 3600_000)/me;
	spew($file, $text);
	my ($status, undef, $err) = $p->run('once', 'job');
	like $err, qr/\A\S+ ERROR \[job\] Message to webhook w refused for good .*: the channel is not configured any more\n\z/,
	    'an hour later that is said';
	is_deeply [$in->('outbox'), $in->('outbox/refused')], [0, 1],
	    'and it is kept as what was refused';
	is_deeply [$p->run('once', 'job')], [0, '', ''], 'once';
	is scalar(() = map { slurp($_) =~ /^Subject: .*refused by webhook w/m }
	    glob $p->dir . '/mail/new/*'), 1, 'and told on another channel';
	is +($p->run('status'))[0], 1, 'status counts it';
	$p->run('test-notify');
	is +($p->run('status'))[0], 0, 'until test-notify';
};

done_testing;
