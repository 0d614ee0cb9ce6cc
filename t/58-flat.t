# Memory and descriptors after run 600 are what they were after run 100, and
# nothing wakes an idle runner.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;
use Time::HiRes qw(sleep);

my $RUNS = $ENV{RUNNER_SOAK} ? 5000 : 600;

# Private memory in KiB, and descriptors.
sub weight {
	my ($pid) = @_;
	my ($dirty) = slurp("/proc/$pid/smaps_rollup")
	    =~ /^Private_Dirty:\s+(\d+)/m;
	my $fds = () = glob "/proc/$pid/fd/*";
	return ($dirty, (status_of($pid, 'VmRSS') =~ /(\d+)/)[0], $fds);
}

subtest "$RUNS failing runs" => sub {
	my $p = RunnerTest->new;
	$p->config('log { format = plain } fail_cooldown = 0 '
	    . 'admins = {"a@example.org"}');
	# Different failures, with a changing amount of output.
	$p->task(t => "#!/bin/sh\n[ \$RUNNER_RUN = 100 ] && [ ! -e go ] && "
	    . "touch at-99 && exec sleep 1000\n"
	    . "[ \$RUNNER_RUN -ge $RUNS ] && touch at-@{[$RUNS - 1]} && "
	    . "exec sleep 1000\n"
	    . "echo \"error \$((RUNNER_RUN % 7)) of kind \$((RUNNER_RUN % 3))\""
	    . " >&2\nexit \$((1 + RUNNER_RUN % 5))\n");
	my $run = $p->start('run', 't');
	my $settled = sub {
		my ($n) = @_;
		wait_for(sub { -e $p->dir . "/at-$n"
		    && slurp("/proc/$run->{pid}/task/$run->{pid}/children")
		    =~ /^\d+ $/ }, 600);
	};
	ok $settled->(99), 'a hundred runs' or diag substr $run->err, -2000;
	my @before = weight($run->pid);
	# The sleep of run 100 is a run too; end it, and on.
	spew($p->dir . '/go', '');
	kill 'KILL', slurp("/proc/$run->{pid}/task/$run->{pid}/children")
	    =~ /(\d+)/g;
	ok $settled->($RUNS - 1), "$RUNS runs";
	my @after = weight($run->pid);
	diag "private dirty $before[0] -> $after[0] KiB, resident $before[1] "
	    . "-> $after[1] KiB, descriptors $before[2] -> $after[2]"
	    if $ENV{RUNNER_SOAK};
	cmp_ok $after[0] - $before[0], '<=', 64, 'private memory stays'
	    or diag "@before -> @after";
	cmp_ok $after[1] - $before[1], '<=', 256, 'resident memory stays'
	    or diag "@before -> @after";
	# A delivery that was put off may be under way.
	ok wait_for { (weight($run->pid))[2] == $before[2] }, 'descriptors stay'
	    or diag join "\n", map { readlink // '' }
	    glob "/proc/$run->{pid}/fd/*";
	$run->stop;
};

subtest 'an idle runner' => sub {
	my $p = RunnerTest->new;
	$p->config('log { format = plain } success_cooldown = 1h');
	$p->task(t => "#!/bin/sh\n");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Sleeping/);
	my $switches = sub { status_of($run->pid, 'voluntary_ctxt_switches') };
	my $last = -1;
	wait_for(sub { sleep 0.2; my $now = $switches->();
	    ($now == $last) || !($last = $now) });
	$last = $switches->();
	sleep 2;
	is $switches->(), $last, 'is not woken once in two seconds';
	$run->stop;
};

done_testing;
