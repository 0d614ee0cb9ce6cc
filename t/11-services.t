# Runs that last: a service heals, a slow run is told of.  And what a runner
# does with a cooldown that its predecessor began.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;
use Time::HiRes qw(time sleep);

subtest 'healthy_after: a service heals' => sub {
	my $p = RunnerTest->new;
	$p->config("admins = a\nlog { format = plain }\nfail_cooldown = 20ms\n"
	    . "healthy_after = 700ms\n");
	$p->task(t => "#!/bin/sh\necho run \$RUNNER_RUN after "
	    . "\$RUNNER_FAILURES\n[ \$RUNNER_RUN -lt 3 ] && exit 1\n"
	    . "[ -e flaky ] || exec sleep 1000\nexit 1\n");
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/^INFO \[t\] Healthy after 700ms/),
	    'a run that lasts is a success';
	ok $run->wait_log(qr/Sent email to admins: Process healed/),
	    'which is told while it goes on';
	my ($mail) = grep { /^Subject: \[t\] Process healed/m } $p->mails;
	like $mail, qr/Result: still running, after /, 'the mail says so';
	like $mail, qr/Downtime: .*, 2 failures/, 'and how long it was down';
	is lines_of($run->err, qr/Healthy/), 1, 'those that fail at once are '
	    . 'none';
	my ($status, $table) = $p->run('status');
	is $status, 0, 'all is well' or diag $table;
	spew($p->dir . '/flaky', '');
	my ($pid) = grep { slurp("/proc/$_/cmdline") =~ /^sleep/ } $p->survivors;
	kill "KILL", $pid || die;
	ok $run->wait_log(qr/stdout: run 4 after 1$/),
	    'when it fails then, it fails for the first time';
	ok wait_for { 3 == $p->subjects }, 'and that is told';
	is +($p->run('status'))[0], 1, 'it is not well';
	is $run->stop, 0;
};

subtest 'healthy_after counts once' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nfail_cooldown = 10ms\n"
	    . "success_cooldown = 10ms\nhealthy_after = 100ms heal_after = 2\n");
	$p->task(t => "#!/bin/sh\n[ \$RUNNER_RUN = 1 ] && exit 1\nsleep 0.4\n");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Process healed/);
	is lines_of($run->err =~ s/Process healed.*//rs, qr/Healthy/), 2,
	    'two runs are two successes, though each lasted and succeeded';
	is $run->stop, 0;
};

subtest 'slow_after, a time' => sub {
	my $p = RunnerTest->new;
	$p->config("admins = a\nlog { format = plain }\nsuccess_cooldown = 1h\n"
	    . "slow_after = 300ms\n");
	$p->task(t => "#!/bin/sh\nwhile [ ! -e go ]; do sleep 0.05; done\n"
	    . "echo done\n");
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/Sent email to admins: Slow: 3\d\d ms/), 'is told'
	    or diag $run->err;
	ok $run->wait_log(qr/^WARNING \[t\] Slow: /), 'and logged';
	like +($p->run('status'))[1], qr/longer than slow_after/, 'and shown';
	spew($p->dir . '/go', '');
	ok $run->wait_log(qr/Execution successful/), 'the run goes on';
	like +($p->mails)[0], qr/^X-Runner-Reason: slow/m, 'the mail';
	like +($p->mails)[0], qr/Result: still running, after /, 'says why';
	unlike +($p->mails)[0], qr/^References|Down since|Next run/m,
	    'and nothing that is not so';
	unlike +($p->run('status'))[1], qr/slow_after/, 'it is over';
	is $run->stop, 0;
};

subtest 'slow_after, times the usual' => sub {
	my $p = RunnerTest->new;
	my $config = "log { format = plain }\nsuccess_cooldown = 0\n"
	    . "slow_after = 3x\n";
	$p->config($config);
	$p->task(t => "#!/bin/sh\n[ -e slow ] && sleep 3\n"
	    . "echo slept\n");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Execution successful/, 3);
	is $run->stop, 0;
	unlike $run->err, qr/Slow/, 'nothing is unusual';
	spew($p->dir . '/slow', '');
	$run = $p->start('run', 't');
	ok $run->wait_log(qr/^WARNING \[t\] Slow: 1(?:\.\d+)? ?s.*, usually /),
	    'the next runner knows what is usual' or diag $run->err;
	$run->wait_log(qr/stdout: slept/);
	is lines_of($run->err, qr/WARNING.*Slow/), 1, 'once per run';
	is $run->stop, 0;
	for my $bad ('1x', 'x', '0x', '-3x', '3xx', '3 x', '1e1x') {
		$p->config("slow_after = \"$bad\"\n");
		my ($status, undef, $err) = $p->run('run', 't');
		is $status, 2, "'$bad' is refused";
		like $err, qr/:1: slow_after: /, 'with its line';
	}
};

# Which task the second runner began with, and whether it waited before.
sub restart {
	my ($setting, $how) = @_;
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nsuccess_cooldown = 4s\n"
	    . "resume_cooldown = $setting\n");
	$p->task($_ => "#!/bin/sh\necho run $_\n") for qw(a b);
	my $run = $p->start('run', 'a', 'b');
	$run->wait_log(qr/\[a\] Sleeping/);
	$how eq 'deploy' or $run->kill($how), $run->wait;
	my $next = $p->start('run', 'a', 'b');
	$next->wait_log(qr/stdout: run/);
	my $log = $next->err;
	$next->stop;
	my ($first) = $log =~ /stdout: run (\w)/;
	return ($first, $log =~ /\[a\] Waits the rest of its cooldown, /
	    ? 'waits' : 'at once', $log);
}

for my $row (['crash', 'KILL', 'b', 'waits'], ['crash', 'TERM', 'a', 'at once'],
    ['crash', 'deploy', 'a', 'at once'], ['always', 'deploy', 'b', 'waits'],
    ['always', 'TERM', 'b', 'waits'], ['never', 'KILL', 'a', 'at once']) {
	my ($setting, $how, @want) = @$row;
	my ($first, $when, $log) = restart($setting, $how);
	is_deeply [$first, $when], \@want,
	    "resume_cooldown = $setting, $how: @want" or diag $log;
}

for my $way ('written anew', 'replaced', 'a link set anew') {
	subtest "rerun_on_change: a program is $way" => sub {
		my $p = RunnerTest->new;
		my $dir = $p->dir;
		my $bad = "#!/bin/sh\necho bad\nexit 1\n";
		my $good = "#!/bin/sh\necho good\n";
		spew("$dir/releases/1/t", $bad, 0755);
		spew("$dir/releases/2/t", $good, 0755);
		symlink 'releases/1', "$dir/current" or die;
		$p->config("log { format = plain }\nfail_cooldown = 1h "
		    . "success_cooldown = 1h\ntask t { command = "
		    . "{\"/bin/sh\", \"current/t\", \"x\"} }\n");
		my $run = $p->start('run', 't');
		$run->wait_log(qr/Sleeping/);
		spew("$dir/other", 'x');
		if ($way eq 'written anew') {
			spew("$dir/releases/1/t", $good);
		} elsif ($way eq 'replaced') {
			spew("$dir/releases/1/new", $good, 0755);
			rename "$dir/releases/1/new", "$dir/releases/1/t";
		} else {
			symlink 'releases/2', "$dir/next";
			rename "$dir/next", "$dir/current";
		}
		ok $run->wait_log(qr/Its program was changed/), 'is noticed';
		ok $run->wait_log(qr/stdout: good/), 'and run at once';
		is lines_of($run->err, qr/stdout: bad/), 1, 'nothing else is';
		$run->wait_log(qr/Sleeping/, 2);
		spew("$dir/current/t", $bad);
		sleep 0.6;
		is lines_of($run->err, qr/Execution/), 2,
		    'a success waits as ever';
		is $run->stop, 0;
	};
}

for my $command ('"./bin/new/t"', '{"/bin/sh", "-e", "bin/new/t"}') {
	subtest "rerun_on_change: $command is not there yet" => sub {
		my $p = RunnerTest->new;
		my $dir = $p->dir;
		$p->config("log { format = plain }\nfail_cooldown = 1h "
		    . "success_cooldown = 1h\ntask t { command = $command }\n");
		my $run = $p->start('run', 't');
		$run->wait_log(qr/Sleeping/);
		for my $made ('bin', 'bin/new') {
			mkdir "$dir/$made" or die;
			sleep 0.6; # each is looked at before the next is made
		}
		spew("$dir/bin/new/t", "#!/bin/sh\necho good\n", 0755);
		ok $run->wait_log(qr/stdout: good/), 'is run when it is';
		is $run->stop, 0;
	};
}

subtest 'rerun_on_change = false, and a change during the run' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nfail_cooldown = 1h\n"
	    . "task f { rerun_on_change = false }\n");
	$p->task($_ => "#!/bin/sh\necho up\n"
	    . "while [ ! -e go ]; do sleep 0.05; done\nexit 1\n") for 'f', 't';
	my ($false, $true) = map { $p->start('run', $_) } 'f', 't';
	$_->wait_log(qr/stdout: up/) for $false, $true;
	$p->task($_ => "#!/bin/sh\necho mended\n") for 'f', 't';
	spew($p->dir . '/go', '');
	ok $true->wait_log(qr/stdout: mended/), 'one that came too early counts';
	$false->wait_log(qr/Sleeping/);
	$p->task(f => "#!/bin/sh\necho mended twice\n");
	sleep 0.6;
	unlike $false->err, qr/mended/, 'false: it waits';
	is $_->stop, 0 for $false, $true;
};

done_testing;
