# What a chain that runs can be asked for: now, pause, resume, reload, and to
# end when its run in progress has ended.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use IO::Socket::UNIX;
use JSON::PP;
use RunnerTest;
use Socket qw(SOCK_SEQPACKET);
use Test::More;

my $head = "log { format = plain }\nsuccess_cooldown = 1h\n"
    . "fail_cooldown = 1h\n";

# A chain of two tasks that waits in the cooldown of the first.
sub waiting_chain {
	my $p = RunnerTest->new->config($head
	    . "chain c { tasks = {a, b} log_file = \"c.log\" }\n");
	$p->task(a => "#!/bin/sh\necho a out\n");
	$p->task(b => "#!/bin/sh\necho b out; echo b err >&2; exit 3\n");
	is +($p->run('start'))[0], 0, 'a chain runs';
	ok wait_for { slurp($p->dir . '/c.log') =~ /Sleeping 3600/ },
	    'and waits';
	return $p;
}

sub state_of {
	my ($p) = @_;
	my $chain = decode_json(($p->run('status', '--json'))[1])->{chains}[0];
	return {map { $_->{name} => $_ } @{$chain->{tasks}}};
}

subtest 'now' => sub {
	my $p = waiting_chain();
	my ($status, $out, $err) = $p->run('now');
	is $status, 1, 'the next task is run: exit 1, it failed';
	is $out, "b out\n", 'its output is shown';
	like $err, qr/\Ab err\nrunner: c: b failed: b err\n\z/, 'and why it failed';
	is state_of($p)->{a}{state}, 'waiting', 'the turn went on';
	($status, $out, $err) = $p->run('now', 'c/b');
	is $status, 1, 'a task whose turn it is not';
	is state_of($p)->{b}{runs}, 2, 'was run';
	is state_of($p)->{a}{runs}, 1, 'the other was not';
	($status, $out, $err) = $p->run('now', 'a');
	is_deeply [$status, $out, $err], [0, "a out\n", ''], 'by its own name';
	spew($p->root . '/a.state', slurp($p->root . '/c.state'), 0600);
	is +($p->run('now', 'a'))[1], "a out\n",
	    'also where a chain of that name ran once';
	unlink $p->root . '/a.state';
	is +($p->run('now', 'c/x'))[0], 2, 'no such task';
	is +($p->run('now', 'x'))[0], 3, 'nobody has it';
	is +($p->run('now', 'x/a'))[0], 2, 'no such chain';
	$p->run('stop');
	($status, $out, $err) = $p->run('now', 'c');
	is $status, 3, 'it does not run';
	is $err, "runner: c does not run\n", 'and that is said';
};

subtest 'a run out of turn leaves the cooldown alone' => sub {
	my $p = RunnerTest->new->config($head . "rerun_on_change = true\n"
	    . "resume_cooldown = crash\nmetrics_dir = \"m\"\n"
	    . "chain c { tasks = {a, b, c} log_file = \"c.log\" }\n");
	mkdir $p->dir . '/m';
	$p->task(a => "#!/bin/sh\nexit 3\n");
	$p->task($_ => "#!/bin/sh\n") for 'b', 'c';
	$p->run('start');
	ok wait_for { slurp($p->dir . '/c.log') =~ /Sleeping 3600/ }, 'a failed';
	is +($p->run('now', 'c/c'))[0], 0, 'c is run';
	is state_of($p)->{a}{state}, 'cooldown', 'a waits on';
	is +($p->run('now', 'c/a'))[0], 1, 'a too is run';
	is state_of($p)->{a}{state}, 'cooldown', 'and it waits on';
	like slurp($p->dir . '/m/runner-c.prom'),
	    qr/runs_total\{.*task="c"\} 1$/m, 'the metrics have the run of c';
	my $pid = $p->pid_in_file('c');
	kill 'KILL', $pid;
	ok wait_for { !is_alive($pid) }, 'the runner is killed';
	$p->run('start');
	ok wait_for { slurp($p->dir . '/c.log')
	    =~ /\[a\] Waits the rest of its cooldown/ }, 'the next one waits on';
	is +($p->run('now', 'c/c'))[0], 0, 'c is run again';
	is state_of($p)->{a}{state}, 'cooldown', 'a waits on';
	$p->run('stop');

	$p->run('start');
	ok wait_for { state_of($p)->{a}{state} eq 'cooldown' }, 'a failed';
	is +($p->run('now', 'c/c'))[0], 0, 'c is run';
	my $before = state_of($p);
	$p->task(a => "#!/bin/sh\n# corrected\n");
	ok wait_for { slurp($p->dir . '/c.log')
	    =~ /\[a\] Its program was changed/ }, 'a is seen to be corrected';
	ok wait_for { state_of($p)->{a}{runs} > $before->{a}{runs} }, 'and runs';
	is state_of($p)->{b}{runs}, $before->{b}{runs}, 'before the others do';
	$p->run('stop');
};

subtest 'a client that dies, and one that is slow' => sub {
	my $p = RunnerTest->new->config($head
	    . "chain c { tasks = {a} log_file = \"c.log\" }\n");
	$p->task(a => "#!/bin/sh\n[ \$RUNNER_RUN = 1 ] && exit\n"
	    . "echo go; until [ -e \$0.go ]; do sleep 0.05; done\n"
	    . "yes 123456789 | head -c 3000000; echo the end\n");
	$p->run('start');
	ok wait_for { slurp($p->dir . '/c.log') =~ /Sleeping/ }, 'it waits';
	my $client = $p->start('now');
	ok wait_for { $client->out =~ /go/ }, 'it runs';
	$client->kill('KILL');
	spew($p->dir . '/tasks/a.go', '');
	ok wait_for { state_of($p)->{a}{runs} == 2 }, 'to its end';
	unlink $p->dir . '/tasks/a.go';
	$client = $p->start('now');
	ok wait_for { $client->out =~ /go/ }, 'and again';
	$client->kill('STOP');
	spew($p->dir . '/tasks/a.go', '');
	ok wait_for { state_of($p)->{a}{runs} == 3 },
	    'also when nobody reads what it prints';
	$client->kill('CONT');
	$client->wait;
	is $client->status, 0, 'the slow one has its answer';
	like $client->err, qr/\d+ bytes of output were left out/,
	    'and is told what it missed';
	$p->run('stop');
};

subtest 'who may ask' => sub {
	plan skip_all => 'needs root' if $>;
	my $p = waiting_chain();
	my $path = $p->root . '/c.sock';
	is +(stat $path)[2] & 0777, 0600, 'the socket is its own';
	chmod 0777, $path;
	my $ask = $p->start_command('perl', '-MSocket', '-e',
	    '$SIG{PIPE} = "IGNORE"; $> = 65534; socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) or die;'
	    . ' connect($s, pack_sockaddr_un(shift)) or die "no: $!\n";'
	    . ' send $s, "now a\n", 0; my $answer;'
	    . ' defined(recv($s, $answer, 99, 0)) or recv($s, $answer, 99, 0);'
	    . ' print $answer', $path);
	$ask->wait;
	like $ask->out . $ask->err, qr/r077only its own user and root|no: /,
	    'nobody else may ask';
	is state_of($p)->{a}{runs}, 1, 'and nothing was run';
	for my $junk ("", "x", "now", "now \n" . 'x' x 9000, "nowa a\n", "\0\n") {
		my $s = IO::Socket::UNIX->new(Type => SOCK_SEQPACKET,
		    Peer => $path) or die $!;
		$s->send($junk);
	}
	my @idle = map { IO::Socket::UNIX->new(Type => SOCK_SEQPACKET,
	    Peer => $path) } 1 .. 12;
	is +($p->run('now', 'a'))[0], 0, 'junk and idlers keep nobody out';
	unlink $path;
	is +($p->run('now', 'a'))[0], 1, 'without its socket it is not asked';
	kill 'USR1', $p->pid_in_file('c');
	ok wait_for { -S $path }, 'which is made anew before the next run';
	my $fake = IO::Socket::UNIX->new(Type => SOCK_SEQPACKET, Listen => 1,
	    Local => $p->root . '/d.sock');
	rename $p->root . '/d.sock', $path or die $!;
	my ($status, undef, $err) = $p->run('now', 'a');
	is $status, 1, 'a stranger behind the name is not believed';
	like $err, qr/cannot ask c: Operation not permitted/, 'and why';
	$p->run('stop');
};

subtest 'pause and resume' => sub {
	my $p = waiting_chain();
	my ($status, $out) = $p->run('pause', 'c/b');
	is_deeply [$status, $out], [0, "Paused c/b\n"], 'a task';
	is state_of($p)->{b}{state}, 'paused', 'status shows it';
	like +($p->run('status'))[1],
	    qr{^ +b paused; runner resume c/b \(by \S+, since 2}m,
	    'and how it ends';
	my $err = ($p->run('now', 'b'))[2];
	is $err, "runner: c: it is paused; runner resume c/b\n",
	    'it is not run by hand';
	kill 'USR1', $p->pid_in_file('c');
	ok wait_for { state_of($p)->{a}{runs} == 2 }, 'the chain leaves it out';
	is state_of($p)->{b}{runs}, 0, 'it was not run';
	is +($p->run('start'))[0], 0, 'the chain is upgraded';
	ok wait_for { state_of($p)->{a}{runs} == 1 }, 'it runs';
	is state_of($p)->{b}{state}, 'paused', 'and the pause is still there';
	is +($p->run('resume', 'c/b'))[1], "Resumed c/b\n", 'resume';
	isnt state_of($p)->{b}{state}, 'paused', 'it ends';
	is_deeply [$p->run('resume', 'c/b', 'c')],
	    [0, "c/b was not paused\nc was not paused\n", ''],
	    'what is not paused: said';
	$p->run('stop');
	ok !-e $p->root . '/c.sock', 'the socket goes with the chain';

	is +($p->run('pause', '--for', '1h', 'c'))[0], 0, 'one that is stopped';
	like +($p->run('status'))[1],
	    qr/paused until 2\S+ \S+; runner resume c \(by /m, 'it is shown there too';
	is +($p->run('start'))[0], 0, 'it is started';
	ok wait_for { slurp($p->dir . '/c.log') =~ /Paused: nothing is run/ },
	    'and runs nothing';
	is state_of($p)->{a}{runs}, 0, 'no run';
	is +($p->run('once', '-n', 'c'))[0], 75, 'nor by once';
	($status, undef, $err) = $p->run('resume', 'c/a');
	is $status, 1, 'a task of it cannot be resumed alone';
	is $err, "runner: all of c is paused; runner resume c\n", 'and why';
	is +($p->run('resume', 'c'))[0], 0, 'resume';
	ok wait_for { state_of($p)->{a}{runs} == 1 }, 'it runs at once';
	is +($p->run('pause', 'x'))[0], 2, 'no such chain';
	is +($p->run('pause', 'c/x'))[0], 2, 'no such task';
	is +($p->run('pause', 'c', '--for', 'x'))[0], 2, 'no such time';
	$p->run('stop');
};

subtest 'a corrected task whose failure restarts the chain' => sub {
	my $p = RunnerTest->new->config($head . "rerun_on_change = true\n"
	    . "chain c { tasks = {a, b} log_file = \"c.log\" }\n"
	    . "task a { success_cooldown = 0 }\n"
	    . "task b { on_failure = restart }\n");
	$p->task(a => "#!/bin/sh\n");
	$p->task(b => "#!/bin/sh\nexit 3\n");
	$p->run('start');
	ok wait_for { state_of($p)->{b}{state} eq 'cooldown' }, 'b failed';
	$p->task(b => "#!/bin/sh\n# corrected\n");
	ok wait_for { state_of($p)->{b}{runs} == 2 }, 'it runs again';
	is state_of($p)->{a}{runs}, 2, 'from the start of the chain';
	$p->run('stop');
};

subtest 'a task that left the chain' => sub {
	my $p = RunnerTest->new->config($head . "chain c { tasks = {a, b} }\n");
	$p->task($_ => "#!/bin/sh\n") for 'a', 'b';
	is +($p->run('pause', 'c/b'))[0], 0, 'is paused before';
	$p->config($head . "chain c { tasks = a }\n");
	is +($p->run('resume', 'c/b'))[0], 0, 'can be resumed';
	ok !-e $p->root . '/c.pause', 'and nothing is left of the pause';
};

subtest 'pauses at the same time' => sub {
	my @tasks = map { "t$_" } 1 .. 20;
	my $p = RunnerTest->new->config($head . 'chain c { tasks = {'
	    . join(',', @tasks) . "} }\n");
	$p->task($_ => "#!/bin/sh\nexit\n") for @tasks;
	for my $word ('pause', 'resume') {
		my @runs = map { $p->start($word, "c/$_") } @tasks;
		$_->wait for @runs;
		is_deeply [map { $_->status } @runs], [(0) x 20], "20 times $word";
		my ($json) = decode_json(($p->run('status', '--json'))[1]);
		my @paused = map { $_->{task} } @{$json->{chains}[0]{pauses}};
		is_deeply [sort @paused], [$word eq 'pause' ? sort @tasks : ()],
		    'none is lost';
	}
	$p->run('stop');
};

subtest 'a pause that ends, and files that are not believed' => sub {
	my $p = RunnerTest->new->config($head
	    . "chain c { tasks = {a} log_file = \"c.log\" }\n");
	$p->task(a => "#!/bin/sh\nexit\n");
	is +($p->run('pause', '--for', '5s', 'c'))[0], 0, 'for a time';
	$p->run('start');
	ok wait_for { slurp($p->dir . '/c.log') =~ /Paused/ }, 'it waits';
	ok wait_for { state_of($p)->{a}{runs} == 1 }, 'it ends by itself';
	for my $bad ("junk\n", "* 1 2", "* -1 0 0\n", "* 1 0 0\n" x 65,
	    "../x 1 0 0\n") {
		spew($p->root . '/c.pause', $bad);
		my ($status, undef, $err) = $p->run('status');
		like $err, qr/warning: .*c\.pause is damaged; remove it/,
		    'damaged: said';
		my $runs = state_of($p)->{a}{runs};
		kill 'USR1', $p->pid_in_file('c');
		ok wait_for { state_of($p)->{a}{runs} > $runs }, 'and it runs';
	}
	spew($p->root . '/c.pause', "* 1 0 0\n", 0666);
	like +($p->run('status'))[2], qr/or others can write it/,
	    'what others can write is not believed';
	$p->run('stop');
};

subtest 'reload' => sub {
	my $p = waiting_chain();
	$p->config($head . "fail_cooldown = 2h\n"
	    . "chain c { tasks = {a, b} log_file = \"c.log\" }\n");
	is +($p->run('reload', 'c'))[0], 0, 'asked for';
	ok wait_for { slurp($p->dir . '/c.log') =~ /Read the configuration/ },
	    'done';
	for my $key ('user = nobody', 'nice = 5', 'lease_command = {"true"}',
	    'group = nogroup') {
		$p->config($head . "chain c { tasks = {a, b} "
		    . "log_file = \"c.log\" $key }\n");
		$p->run('reload', 'c');
		my ($name) = $key =~ /(\w+)/;
		ok wait_for { slurp($p->dir . '/c.log')
		    =~ /$name is another one now: start the chain again/ },
		    "$name stays what it was, and that is said";
	}
	for my $bad (['tasks = {b, a}', 'the chain has other tasks now'],
	    ['tasks = {a, b} nice = 5', 'nice is another one now']) {
		$p->config("$head chain c { log_file = \"c.log\" $bad->[0] }\n");
		my ($status, undef, $err) = $p->run('reload', 'c');
		is $status, 2, "$bad->[0]: refused";
		like $err, qr/\Arunner: c: .*$bad->[1].*the old settings stay\n\z/,
		    'in words';
	}
	$p->config($head . "chain c { tasks = {a, b} log_file = \"d.log\" }\n");
	$p->run('reload', 'c');
	ok wait_for { -e $p->dir . '/d.log' }, 'another log';
	ok wait_for { ($p->run('logs', 'c'))[1] !~ /another one/ },
	    'is what is shown';
	$p->run('stop');
	is +($p->run('reload', 'c'))[0], 3, 'it does not run';
	$p->config($head . "chain c { tasks = {a, b} log_file = \"c.log\" }\n"
	    . "chain d { tasks = a }\n");
	is +($p->run('start', 'c'))[0], 0, 'it runs';
	unlink $p->root . '/c.sock';
	is_deeply [map { ($p->run(@$_))[0] } ['reload', 'c'],
	    ['reload', 'c', 'd'], ['reload', 'd'], ['pause', 'c', 'd']],
	    [1, 1, 3, 1], 'of several chains the worst is the exit status';
	like +($p->run('status'))[1], qr/resume d /,
	    'and one that cannot be asked keeps no other from its pause';
	$p->run('stop');
	my ($status, undef, $err) = $p->run('restart');
	like $err, qr/did you mean 'start'/, 'words of others are known';
};

# A task that runs until a file is there.
sub long_chain {
	my $p = RunnerTest->new->config($head
	    . "chain c { tasks = {a} log_file = \"c.log\" }\n");
	$p->task(a => "#!/bin/sh\necho begins\n"
	    . "until [ -e \$0.end ]; do sleep 0.05; done\necho ends\n");
	$p->run('start');
	ok wait_for { slurp($p->dir . '/c.log') =~ /begins/ }, 'a long run';
	return $p;
}

subtest 'start --drain' => sub {
	my $p = long_chain();
	my $old = $p->pid_in_file('c');
	my $start = $p->start('start', '--drain');
	ok wait_for { slurp($p->dir . '/c.log') =~ /Stopping when no run/ },
	    'it is asked';
	ok wait_for { slurp($p->dir . '/c.log') =~ /Waiting for the runner of c/ },
	    'and waited for';
	is $p->pid_in_file('c'), $old, 'the old one runs';
	spew($p->dir . '/tasks/a.end', '');
	ok $start->wait, 'its run has ended';
	is $start->status, 0, 'and the new one is there';
	isnt $p->pid_in_file('c'), $old, 'which owns the chain';
	my $log = slurp($p->dir . '/c.log');
	like $log, qr/stdout: ends\n.*Execution successful/, 'whole';
	unlike $log, qr/interrupted|SIGTERM/, 'and not interrupted';
	$p->run('stop');
};

subtest 'a task of the chain itself' => sub {
	my $p = RunnerTest->new->config($head
	    . "chain c { tasks = {a} log_file = \"c.log\" }\n");
	my $runner = "'$RunnerTest::RUNNER'";
	$p->task(a => "#!/bin/sh\n$runner now c; echo now \$?\n"
	    . "[ -e go ] || { touch go; $runner start --drain c\n"
	    . "echo start \$?; exit; }\n$runner stop --drain c; echo stop \$?\n");
	$p->run('start');
	ok wait_for { slurp($p->dir . '/c.log') =~ /stop 0/ },
	    'deploys and stops it' or diag slurp($p->dir . '/c.log');
	ok wait_for { !$p->survivors }, 'which it does';
	my $log = slurp($p->dir . '/c.log');
	like $log, qr/c runs one task at a time.*now 75.*start 0.*now 75.*stop 0/s,
	    'a run of its own is refused';
	is lines_of($log, qr/Execution successful/), 2, 'both runs are whole';
};

subtest 'stop --drain, and --if-running wait' => sub {
	my $p = long_chain();
	my $stop = $p->start('stop', '--drain');
	ok wait_for { slurp($p->dir . '/c.log') =~ /Stopping when no run/ },
	    'it is asked';
	ok !$stop->has_ended, 'and waited for';
	spew($p->dir . '/tasks/a.end', '');
	ok $stop->wait, 'its run has ended';
	is $stop->out, "Stopped c\n", 'and the chain';
	unlike slurp($p->dir . '/c.log'), qr/interrupted/, 'whole';
	is scalar($p->survivors), 0, 'nothing is left';

	unlink $p->dir . '/tasks/a.end';
	my $first = $p->start('run', '-n', 'd', 'a');
	ok $first->wait_log(qr/begins/), 'another one';
	my $second = $p->start('run', '-n', 'd', '--if-running', 'wait', 'a');
	ok $first->wait_log(qr/Stopping when no run/), 'is asked';
	spew($p->dir . '/tasks/a.end', '');
	ok $first->wait, 'it ends';
	is $first->status, 0, 'well';
	ok $second->wait_log(qr/stdout: ends/), 'and the other runs';
	$second->stop;
};

done_testing;
