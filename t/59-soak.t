# kill -9, TERM, STOP and starts at random instants, while tasks leave records
# and a checker looks at the process table: no two tasks of a chain at once, no
# stray beside a later run, never no owner, never two.
#
# RUNNER_SOAK=ROUNDS makes it long; RUNNER_SEED repeats a failure.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;
use Time::HiRes qw(time sleep);

my $ROUNDS = $ENV{RUNNER_SOAK} || 40;
my $SEED = $ENV{RUNNER_SEED} || time * 1000 % 1_000_000;
srand $SEED;

my $lib = RunnerTest::lib();
my $p = RunnerTest->new;
$p->config("log { format = plain }\nsuccess_cooldown = 0\n"
    . "fail_cooldown = 0\nstop_timeout = 150ms\n");
# Each run leaves a stray of some kind, marked with its runner's pid.
$p->task(t => <<SH);
#!/bin/sh
case \$((RUNNER_RUN % 5)) in
0) $lib/stray stray.\$PPID quiet session & ;;
1) $lib/stray stray.\$PPID quiet double session ;;
2) $lib/stray stray.\$PPID quiet double session deaf ;;
esac
exec $lib/overlap $p->{dir}/notes \$((RUNNER_RUN % 4 * 10))
SH

my (@runs, @problems);

sub live { grep { !$_->has_ended } @runs }

# What is to be seen of this chain at one look.
sub look {
	my (%tasks, %strays);
	for my $pid (processes_with($p->{tag})) {
		my $line = slurp("/proc/$pid/cmdline");
		$tasks{$pid} = 1 if $line =~ m{/overlap\0};
		$strays{$pid} = $1 if $line =~ m{/stray\0stray\.(\d+)};
	}
	return (\%tasks, \%strays);
}

# A task at work has only strays of its own runner beside it.
sub check {
	my ($tasks, $strays) = look();
	my @working = grep { is_alive($_) } keys %$tasks;
	return unless @working == 1;
	my ($parent) = slurp("/proc/$working[0]/stat") =~ /\) \S (\d+)/;
	return if !$parent || $parent == 1;
	for my $stray (keys %$strays) {
		next if $strays->{$stray} == $parent || !is_alive($stray);
		next unless is_alive($working[0]);
		push @problems, "stray $stray of runner $strays->{$stray} "
		    . "beside task $working[0] of runner $parent";
	}
}

sub start { push @runs, $p->start('run', 't'); $runs[-1] }

sub victim { my @live = live(); $live[rand @live] }

my %acts = (
	kill => sub { $_->kill('KILL') for victim() // () },
	'kill the owner' => sub {
		my $pid = $p->pid_in_file('t');
		my ($owner) = grep { $pid && $_->pid == $pid } live();
		$owner->kill('KILL') if $owner;
	},
	'kill all' => sub { $_->kill('KILL') for live() },
	term => sub { $_->kill('TERM') for victim() // () },
	start => sub { start() },
	'three starts' => sub { start() for 1 .. 3 },
	# Only one that others can know of: it stands in the queue.
	'stop and start' => sub {
		my @known = grep { $_->err =~ /Wrote pidfile|Sent SIGTERM/ }
		    live();
		$known[rand @known]->kill('STOP') if @known;
		start();
	},
	'kill and start' => sub { $_->kill('KILL') for victim() // ();
	    start() },
	'runner stop' => sub { push @runs, $p->start('stop', 't') },
	'remove the pidfile' => sub { unlink $p->root . '/t.pid'; start() },
);
my @names = sort keys %acts;
my @story;

for my $round (1 .. $ROUNDS) {
	start() unless live();
	# Mostly when a task is about, however slow the machine is today.
	my $size = -s $p->dir . '/notes' || 0;
	wait_for(sub { (-s $p->dir . '/notes' || 0) > $size }, 2)
	    if rand() < 0.7;
	sleep rand() ** 2 * 0.15;
	my $act = $names[rand @names];
	push @story, $act;
	$acts{$act}->();
	check() for 1 .. 2;
	@runs = live();
}

my $last = start();
ok $last->wait_log(qr/Execution successful/, 2), 'after it all, one runs';
# A start that was stopped while it waited for an owner to leave makes way when
# it goes on; nobody else is to end it.
$_->kill('CONT') for live();
ok wait_for(sub { !grep { $_ != $last } live() }), 'alone' or diag map {
    my $pid = $_->pid;
    join "\n", "pid $pid", slurp("/proc/$pid/cmdline") =~ tr/\0/ /r,
	slurp("/proc/$pid/wchan"), slurp("/proc/$pid/stat"), $_->err, ''
    } grep { $_ != $last } live();
is $p->pid_in_file('t'), $last->pid, 'and owns the chain';
check() for 1 .. 10;
is $last->stop, 0, 'it stops';
is scalar(() = $p->survivors), 0, 'with nothing left';
my $notes = slurp($p->dir . '/notes');
is lines_of($notes, qr/overlap/), 0, 'no two tasks at once';
cmp_ok lines_of($notes, qr/start/), '>=', 2, 'and there were some';
is "@problems", '', 'no stray beside a later run';
diag "seed $SEED, $ROUNDS rounds: ", join ', ', @story[-20 .. -1]
    unless Test::More->builder->is_passing;
note lines_of($notes, qr/start/), ' tasks in ', $ROUNDS, ' rounds';
done_testing;
