# What a task leaves behind is ended, with a word; a runner that it starts is
# not left behind.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

my $R = $RunnerTest::RUNNER;

# A project with a chain "deploy" that runs its task once an hour.
sub project {
	my ($script, $more) = @_;
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nsuccess_cooldown = 1h "
	    . "fail_cooldown = 1h\nchain deploy { tasks = {d} }\n"
	    . "chain other { tasks = {o} }\n" . ($more || ''));
	$p->task(d => $script);
	$p->task(o => "#!/bin/sh\necho working\nexec sleep 1000\n");
	return $p;
}

for my $how ("'$R' start other >&2", "setsid '$R' run --name other "
    . "2>other.log >&2 &", "'$R' start other >&2 &") {
	subtest "a task starts a runner: $how" => sub {
		# What it starts is another program before the task is over.
		my $p = project("#!/bin/sh\nbecomes() {\n"
		    . "while [ \"\$(cat /proc/\$1/comm)\" = d ] ||\n"
		    . "[ \"\$(cat /proc/\$1/comm)\" = setsid ]; do :; done 2>&1\n"
		    . "}\n$how\nbecomes \$!\nsetsid sleep 1000 &\n"
		    . "becomes \$!\n");
		my $run = $p->start('run', '--name', 'deploy');
		ok $run->wait_log(qr/Left behind, sent SIGTERM: sleep/),
		    'what it leaves behind is ended, once, by name';
		ok $run->wait_log(qr/Sleeping/), 'the run is over';
		ok wait_for { $p->pid_in_file('other')
		    && grep { slurp("/proc/$_/cmdline") =~ /^sleep/ }
		    $p->survivors }, 'the other chain runs'
		    or diag $run->err;
		my $pid = $p->pid_in_file('other');
		is lines_of($run->err, qr/Left behind/), 1;
		is $run->stop, 0, 'also when the first one stops';
		ok is_alive($pid), 'the other goes on';
		is +($p->run('stop', 'other'))[0], 0, 'and can be stopped';
		ok wait_for { !is_alive($pid) }, 'which ends it';
		is scalar(() = $p->survivors), 0, 'nothing is left';
	};
}

subtest 'a task deploys its own chain' => sub {
	my $p = project("#!/bin/sh\n[ \"\$RUNNER_RUN\" = 1 ] && [ ! -e done ] && "
	    . "{ touch done; exec '$R' start deploy; }\necho deployed\n");
	my $run = $p->start('run', '--name', 'deploy');
	ok $run->wait, 'the old one ends' or diag $run->err;
	is $run->status, 0, 'in order';
	my $log = $p->root . '/deploy.log';
	ok wait_for { slurp($log) =~ /stdout: deployed/ }, 'the new one runs'
	    or diag slurp($log);
	isnt $p->pid_in_file('deploy'), $run->pid, 'as another process';
	is +($p->run('stop'))[0], 0;
	is scalar(() = $p->survivors), 0, 'nothing is left';
};

subtest 'who only says that it may stay may not' => sub {
	my $p = project("#!/bin/sh\nRUNNER_TASK=x setsid sleep 1001 &\n"
	    . "RUNNER_TASK=o RUNNER_RUN=1 setsid sleep 1002 &\n"
	    . "RUNNER_MARK=" . 'a' x 32 . " setsid sleep 1003 &\n"
	    . "env -i setsid sleep 1004 &\n",
	    "task d { success_cooldown = 0 }\n");
	my $run = $p->start('run', '--name', 'deploy', 'd', 'o');
	ok $run->wait_log(qr/stdout: working/), 'the next task runs';
	for my $n (1001 .. 1004) {
		ok !(grep { slurp("/proc/$_/cmdline") =~ /^sleep\0$n/ }
		    map { m{(\d+)$} } glob '/proc/[0-9]*'), "$n was ended";
	}
	is $run->stop, 0;
};

subtest 'TERM comes first, whenever it was seen' => sub {
	my $p = project("#!/bin/sh\nfor i in 1 2 3 4 5 6 7 8; do "
	    . "setsid perl -e 'exec qw(sleep 1000)' & done\n",
	    "stop_timeout = 1h\n");
	my $run = $p->start('once', '-v', '--name', 'deploy');
	ok $run->wait, 'no time-out is waited for';
	unlike $run->err, qr/SIGKILL/, 'nobody is killed';
	is lines_of($run->err, qr/Left behind/), 1, 'it is said once';
	is scalar(() = $p->survivors), 0, 'nothing is left';
};

done_testing;
