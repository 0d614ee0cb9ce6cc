# kill -9, and a power cut, after each system call of starting, telling, taking
# over, leaving and stopping that changes anything: whatever was reached, the
# next start makes good.  Nothing is lost, nothing is told anew, and never are
# there two tasks.
#
# `make check` tries a few instants of each, `make crash` and `make soak` all.
# RUNNER_CRASH="SCENE WAY N" repeats one: RUNNER_CRASH="starts kill 17".
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

my $KILL_AT = "$RunnerTest::BUILD/tools/kill-at";
my $STRAY = RunnerTest::lib() . '/stray';
my ($ONE_SCENE, $ONE_WAY, $ONE) = split ' ', $ENV{RUNNER_CRASH} // '';
my $ALL = $ENV{RUNNER_SOAK} || $ENV{RUNNER_CRASH};

sub project {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nfail_cooldown = 1h\n" .
	    "stop_timeout = 1s\nresume_cooldown = never\n");
	$p->task(t => "#!/bin/sh\ncd '$p->{dir}'\nexec 9>> lock\n" .
	    "flock -n 9 || echo overlap >> wrong\n" .
	    "$STRAY stray.\$PPID session quiet 9>&-\n" .
	    "echo 'Error: boom' >&2\nexit 1\n");
	mkdir $p->dir . '/var';
	return $p;
}

# `runner WORDS`, killed after its Nth call.
sub start_doomed {
	my ($p, $n, $from, @words) = @_;
	return $p->start_command('sh', '-c', 'kill_at=$1 n=$2 top=$3; shift 3; '
	    . '"$kill_at" "$n" "$top/var" "$top/disk" "$top/from" || exit 9; '
	    . ($from ? '' : ': > "$top/from"; ') . 'exec "$@"', 'sh', $KILL_AT,
	    $n, $p->dir, $RunnerTest::RUNNER, @words);
}

sub ids {
	my ($p) = @_;
	my %seen;
	$seen{$_}++ for map { /^Message-ID: (\S+)/im } $p->mails;
	return %seen;
}

sub told {
	my ($p, $run) = @_;
	$run->wait_log(qr/Sleeping/) or return 0;
	return wait_for(sub { $run->has_ended ||
	    ($p->mails && !(() = glob $p->root . '/outbox/t,*')) });
}

# An owner that runs, and has told of its failure.
sub owner {
	my ($p) = @_;
	my $run = $p->start('run', 't');
	told($p, $run);
	return $run;
}

# How many calls each takes, about.  It starts what is killed and returns it, and
# how many messages there are when the next one has told: what an owner that left
# in order told is told afresh, what one that was killed told is not.
my %SCENES = (
	starts => [80, sub {
		my ($p, $n) = @_;
		return (start_doomed($p, $n, 0, 'run', 't'), 1, 1);
	}],
	replaces => [60, sub {
		my ($p, $n, $way) = @_;
		owner($p);
		# A power cut takes the owner with it.
		return (start_doomed($p, $n, 0, 'run', 't'),
		    $way eq 'kill' ? 2 : 1, 2);
	}],
	follows => [32, sub {
		my ($p, $n) = @_;
		owner($p)->kill('KILL')->wait;
		return (start_doomed($p, $n, 0, 'run', 't'), 1, 1);
	}],
	leaves => [4, sub {
		my ($p, $n) = @_;
		my $run = start_doomed($p, $n, 1, 'run', 't');
		told($p, $run);
		spew($p->dir . '/from', '');
		$run->kill('TERM');
		return ($run, 1, 2);
	}],
	stops => [5, sub {
		my ($p, $n, $way) = @_;
		owner($p);
		return (start_doomed($p, $n, 0, 'stop', 't'), 1, 2);
	}],
);

# One instant.  Returns whether it was reached, and what is wrong.
sub crash {
	my ($scene, $way, $n) = @_;
	my $p = project();
	my ($run, $least, $most) = $SCENES{$scene}[1]->($p, $n, $way);
	my $call = $p->dir . '/disk/call';
	wait_for(sub { -e $call || $run->has_ended ||
	    $scene =~ /^(?:starts|replaces|follows)$/ &&
	    $run->err =~ /Sleeping/ && told($p, $run) });
	# Its end is awaited: an owner that was asked to leave may still do so.
	my $is_reached = wait_for(sub { -e $call }, $run->has_ended ? 2 : 0.1);
	if (!$is_reached) {
		$p->end;
		return 0;
	}
	chomp(my $what = "$scene $way $n: " . slurp($call));
	note $what;
	my @wrong;
	if ($way eq 'power') {
		wait_for(sub { kill 'KILL', $p->survivors;
		    0 == $p->survivors });
		system 'rm', '-rf', $p->dir . '/var';
		rename $p->dir . '/disk/tree', $p->dir . '/var';
	}
	my $next = $p->start('run', 't');
	push @wrong, 'the next does not run' unless $next->wait_log(qr/Sleeping/);
	push @wrong, 'it is not alone' unless wait_for(sub {
	    !grep { $_ != $next && !$_->has_ended } @{$p->{started}} });
	push @wrong, 'something waits to be told' unless wait_for(sub {
	    !(() = glob $p->root . '/outbox/t,*') });
	push @wrong, 'it is not the owner'
	    unless ($p->pid_in_file('t') // 0) == $next->pid;
	my @strays = grep { $_ && $_ ne $next->pid } map {
	    (slurp("/proc/$_/cmdline") =~ /\bstray\.(\d+)\0/)[0] } $p->survivors;
	push @wrong, "strays of @strays" if @strays;
	push @wrong, 'it does not stop' if $next->stop ne '0';
	push @wrong, 'something is left' unless wait_for(sub {
	    0 == $p->survivors });
	push @wrong, 'two tasks at once' if -e $p->dir . '/wrong';
	my %ids = ids($p);
	my $count = keys %ids;
	push @wrong, "$count messages, not $least to $most"
	    if $count < $least || $count > $most;
	push @wrong, 'one was told thrice' if grep { $_ > 2 } values %ids;
	my @story = ("$what: ", join(', ', @wrong),
	    map { ("\n-- its log:\n", $_->err) } @{$p->{started}});
	diag @story if @wrong && !$ENV{KILL_AT_LIES};
	$p->end;
	system 'rm', '-rf', $p->dir;
	return (1, $what, @wrong);
}

plan skip_all => 'cannot watch processes here' if system 'sh', '-c',
    '"$1" 1 /proc/self/none "$2" || exit 1', 'sh', $KILL_AT,
    RunnerTest->new->dir . '/disk';
# All instants, or three of so many.  Returns those that were reached, and those
# after which something was wrong.
sub sweep {
	my ($scene, $way) = @_;
	my $calls = $SCENES{$scene}[0];
	my $step = $ALL ? 1 : 1 + int($calls / 3);
	my (@reached, @wrong);
	for (my $n = $ONE || 1 + int rand $step; $ALL || $n <= $calls;
	    $n += $step) {
		my ($is_reached, $what, @here) = crash($scene, $way, $n);
		last if !$is_reached;
		push @reached, $what;
		push @wrong, $what if @here;
		last if $ONE;
	}
	return (\@reached, \@wrong);
}

for my $scene ($ONE_SCENE // sort keys %SCENES) {
	for my $way ($ONE_WAY // qw(kill power)) {
		my ($reached, $wrong) = sweep($scene, $way);
		is "@$wrong", '', "$scene, $way after each of " . @$reached .
		    ' instants';
		cmp_ok scalar(@$reached), '>=', $ONE ? 1 :
		    $SCENES{$scene}[0] * 2 / 3, 'which are about all'
		    if $ALL;
	}
}

# The disk is modelled well enough to lose what is not synced.
if (!$ONE_SCENE) {
	local $ENV{KILL_AT_LIES} = '/outbox';
	my ($n, $is_lost) = $SCENES{starts}[0];
	for (; !$is_lost && $n > 40; $n -= 8) {
		my (undef, undef, @wrong) = crash('starts', 'power', $n);
		$is_lost = "@wrong" =~ /^0 messages/;
	}
	ok $is_lost, 'where the outbox is never synced a message is lost';
}
done_testing;
