# The newest start owns the chain; never do two runners run a task of it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;
use Time::HiRes qw(time sleep);

# A project whose task notes its start and end.
sub project {
	my ($ms, $more) = @_;
	my $p = RunnerTest->new;
	$p->config("log { format = plain } success_cooldown = 1h\n"
	    . ($more || ''));
	$p->task(t => "#!/bin/sh\nexec " . RunnerTest::lib()
	    . "/overlap $p->{dir}/notes $ms\n");
	return $p;
}

sub notes { slurp($_[0]->dir . '/notes') }

subtest 'an upgrade in place' => sub {
	my $p = project(100, 'success_cooldown = 10ms');
	my @runs = $p->start('run', 't');
	for (1 .. 8) {
		$runs[-1]->wait_log(qr/Execution|Wrote/);
		push @runs, $p->start('run', 't');
		$runs[-1]->wait_log(qr/Wrote pidfile/);
	}
	$runs[-1]->wait_log(qr/Execution successful/);
	unlike notes($p), qr/overlap/, 'tasks do not overlap';
	is scalar(grep { ($_->wait && $_->status) ne '0' }
	    @runs[0 .. $#runs - 1]), 0, 'each that was replaced ends with 0';
	is $p->pid_in_file('t'), $runs[-1]->pid, 'the last one is the owner';
	like $runs[1]->err, qr/Sent SIGTERM to: $runs[0]{pid}\n/,
	    'and says whom it ended';
	$runs[-1]->stop;
	is scalar($p->survivors), 0, 'nothing is left';
};

subtest 'forty starts at one instant' => sub {
	for my $live (0, 1) {
		my $p = project(300);
		my $old = $live && $p->start('run', 't');
		$old->wait_log(qr/Wrote/) if $old;
		my @runs = map { $p->start('run', 't') } 1 .. 40;
		ok wait_for(sub { 39 == grep { $_->has_ended } @runs }, 60),
		    'thirty-nine end';
		my ($left) = grep { !$_->has_ended } @runs;
		ok $left, 'one is left' or next;
		my @odd = grep { $_ ne '0' } map { $_->status }
		    grep { $_ != $left } @runs;
		is "@odd", '', 'all losers end with status 0';
		my @silent = grep { $_->err !~ /A newer runner|Stopping/ }
		    grep { $_ != $left } @runs;
		is scalar(@silent), 0, 'and say why' or diag $silent[0]->err;
		ok wait_for(sub { ($p->pid_in_file('t') || 0) == $left->pid }),
		    'the pidfile is its' or diag $p->pid_in_file('t');
		ok $left->wait_log(qr/Execution successful/), 'it runs';
		unlike notes($p), qr/overlap/, 'no tasks overlap';
		cmp_ok lines_of(notes($p), qr/start/), '<=', 8 + $live,
		    'few tasks were started' or diag notes($p);
		$left->stop;
		is $old->wait && $old->status, 0, 'the old one made way' if $old;
	}
};

subtest 'a refusing start among others' => sub {
	my $p = project(50);
	my $first = $p->start('run', 't');
	$first->wait_log(qr/Sleeping/);
	my ($status, undef, $err) = $p->run('run', '--if-running', 'refuse',
	    't');
	is $status, 75, 'status 75 when it runs';
	like $err, qr/^runner: chain t is already running \(pid $first->{pid}\)/m,
	    'and says so';
	my $second = $p->start('run', 't');
	$second->wait_log(qr/Sleeping/);
	is $first->wait && $first->status, 0, 'a replacing start replaces';
	$second->stop;
	for (1 .. 6) {
		my $one = $p->start('run', 't');
		my $two = $p->start('run', '--if-running', 'refuse', 't');
		ok wait_for(sub { $one->has_ended || $two->has_ended
		    || $two->err =~ /Sleeping/ }), 'both at once: it settles';
		my @left = grep { !wait_for(sub { $_->has_ended }, 0.3) }
		    $one, $two;
		is scalar(@left), 1, 'one is left'
		    or diag $one->err . "--\n" . $two->err;
		$_->stop for @left;
	}
};

for my $way (['--if-running', 'allow'], ['--no-killconcurrent'], []) {
	subtest "beside: @$way" => sub {
		my $p = project(10, @$way ? '' : 'killconcurrent = false');
		my @options = @$way;
		my $first = $p->start('run', @options, 't');
		$first->wait_log(qr/Sleeping/);
		my $second = $p->start('run', @options, 't');
		$second->wait_log(qr/Sleeping/);
		ok !$first->has_ended, 'both run';
		is $p->pid_in_file('t'), $second->pid,
		    'the pidfile holds the newer';
		$first->kill('USR1');
		ok $first->wait_log(qr/Sleeping/, 2), 'the older one works on';
		is $p->pid_in_file('t'), $second->pid, 'without the name';
		my $third = $p->start('run', '--if-running', 'replace', 't');
		$third->wait_log(qr/Sleeping/);
		is $second->wait && $second->status, 0,
		    'a later one replaces the newer';
		ok !$first->has_ended, 'and only that';
		is $first->stop, 0, 'the first stops as ever';
		ok !$third->has_ended, 'alone';
		$third->stop;
		is scalar($p->survivors), 0, 'nothing is left';
	};
}

subtest 'an owner that was stopped (SIGSTOP)' => sub {
	my $p = project(10);
	my $first = $p->start('run', 't');
	$first->wait_log(qr/Sleeping/);
	$first->kill('STOP');
	my $next = $p->start('run', 't');
	$next->wait_log(qr/Sleeping/);
	is $first->wait && $first->status, 0, 'goes on, and leaves';
	$next->stop;
};

subtest 'a task that takes its time to stop' => sub {
	my $p = RunnerTest->new;
	$p->config('log { format = plain } success_cooldown = 1h '
	    . 'stop_timeout = 3s');
	$p->task(t => <<'SH');
#!/bin/sh
trap 'sleep 1; echo cleaned up; exit 0' TERM
echo working
while [ ! -e quick ]; do sleep 0.1; done
SH
	my $first = $p->start('run', 't');
	$first->wait_log(qr/working/);
	my $next = $p->start('run', 't');
	$first->wait;
	like $first->err, qr/cleaned up/, 'is given it';
	unlike $next->err, qr/SIGKILL/, 'nobody is killed';
	$next->wait_log(qr/working/);
	$next->stop;
};

subtest 'an owner that cannot leave' => sub {
	my $p = RunnerTest->new;
	$p->config('log { format = plain } success_cooldown = 1h '
	    . 'stop_timeout = 200ms');
	$p->task(t => "#!/bin/sh\necho working\nexec sleep 1000\n");
	my $first = $p->start('run', 't');
	$first->wait_log(qr/working/);
	# It never reads its signals: a debugger holds it.
	my $gdb = fork // die;
	if (!$gdb) {
		open STDERR, '>', '/dev/null';
		exec 'strace', '-e', 'inject=read,ppoll,poll:delay_enter=60s',
		    '-o', '/dev/null', '-p', $first->pid or POSIX::_exit(1);
	}
	wait_for(sub { (status_of($first->pid, 'TracerPid') // 0) == $gdb });
	my $next = $p->start('run', 't');
	ok $next->wait_log(qr/Process $first->{pid} did not end, sent SIGKILL/),
	    'is killed after its stop_timeout and a margin';
	kill 'KILL', $gdb;
	waitpid $gdb, 0;
	ok $next->wait_log(qr/working/), 'and its place is taken';
	ok wait_for(sub { 1 == grep { slurp("/proc/$_/cmdline") =~ /^sleep/ }
	    $p->survivors }), 'with one task at work';
	$next->stop;
};

subtest 'a starter that is told to stop' => sub {
	my $p = RunnerTest->new;
	$p->config('log { format = plain } success_cooldown = 1h '
	    . 'stop_timeout = 1h');
	$p->task(t => "#!/bin/sh\ntrap '' TERM\necho working\n"
	    . "while :; do sleep 0.05; done\n");
	my $first = $p->start('run', 't');
	$first->wait_log(qr/working/);
	my $next = $p->start('run', 't');
	$next->wait_log(qr/Sent SIGTERM/);
	is $next->stop, 0, 'ends with status 0, whoever it waits for';
	unlike $next->err, qr/Execution/, 'without a run';
	$first->kill('KILL');
	$first->wait;
};

done_testing;
