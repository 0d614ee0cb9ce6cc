# What a quiet machine's figures rest on, counted instead of timed: system calls
# of a run, allocations after start-up, and the pages of an idle chain of many.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

my $RUNS = 20;

sub ended {
	my ($run, $count) = @_;
	return $run->wait_log(qr/Execution (?:successful|failed)/, $count);
}

subtest 'system calls of a run' => sub {
	my $p = RunnerTest->new;
	$p->config('success_cooldown = 0 log { file = "log" } '
	    . 'task t { command = {"/bin/true"} }');
	my $trace = $p->dir . '/trace';
	my $run = $p->start_command('strace', '-o', $trace,
	$RunnerTest::RUNNER, 'run', 't');
	my @forks;
	wait_for { @forks = slurp($trace) =~ /^clone\w*\(/mg; @forks > $RUNS }
	or return plan skip_all => 'strace cannot trace here';
	my ($pid) = slurp($p->root . '/t.pid') =~ /(\d+)/;
	kill 'TERM', $pid;
	$run->wait;
	my @calls = split /\n/, slurp($trace);
	my @at = grep { $calls[$_] =~ /^clone/ } 0 .. $#calls;
	my @each = sort { $a <=> $b } map { $at[$_] - $at[$_ - 1] } 2 .. $#at;
	cmp_ok $each[@each / 2], '<=', 44, 'are no more than they were'
	    or diag join "\n", @calls[$at[-2] .. $at[-1]];
	is grep({ /^brk|^mmap/ } @calls[$at[1] .. $at[-1]]), 0,
	    'and none asks for memory';
};

# Where pages are virtual twice, a fault costs more than a system call: what is
# written to between forks is to lie together, or where no child sees it.
subtest 'page faults of a run' => sub {
	my $p = RunnerTest->new;
	$p->config('success_cooldown = 0 log { file = "log" } '
	    . 'task t { command = {"/bin/sh", "-c", "echo one; echo two >&2"} }');
	my $run = $p->start('run', 't');
	my $faults = sub { # of itself, and of its children that ended
		return (split ' ',
		    slurp("/proc/$run->{pid}/stat") =~ s/^.*\)//sr)[7, 8];
	};
	my $count = sub { my $n = () = slurp($p->dir . '/log') =~ /one$/mg; $n };
	wait_for { $count->() > 3 };
	my ($own, $of_children, $before) = ($faults->(), $count->());
	wait_for { $count->() > $before + $RUNS };
	my ($own_now, $of_children_now) = $faults->();
	my $runs = $count->() - $before;
	cmp_ok +($own_now - $own) / $runs, '<=', 20, 'are few in the runner';
	cmp_ok +($of_children_now - $of_children) / $runs, '<=', 100,
	    'and little more than its own in a child'
	    or diag +($of_children_now - $of_children) / $runs;
	$run->stop;
};

# The tool is runner, which counts.
for my $row (['that succeed', '/bin/true'],
    ['that fail, each in another way', '/bin/sh", "-c", '
	. '"echo \"error in f$RUNNER_RUN.c\" >&2; exit 1'],
    ['that print a secret and fail', '/bin/sh", "-c", '
	. '"echo \"error in f$RUNNER_RUN.c: $TOKEN\" >&2; exit 1',
	'environment_file = secrets']) {
	my ($what, $command, $more) = (@$row, '');
	my $p = RunnerTest->new;
	spew($p->dir . '/secrets', "TOKEN=correct-horse-battery\n", 0600);
	# One mail, before we count: while a delivery runs, /proc is walked for
	# what a run left, which takes memory and gives it back.
	$p->config('success_cooldown = 5ms fail_cooldown = 5ms '
	    . "mail { max_per_hour = 1 }\n"
	    . "task t { command = {\"$command\"} $more }");
	my $file = $p->dir . '/allocations';
	spew($file, "\0" x 8);
	local $ENV{RUNNER_ALLOCATIONS} = $file;
	my $run = $p->start_command("$RunnerTest::BUILD/tools/allocating",
	    'run', 't');
	ended($run, 3) or diag $run->err;
	ok $run->wait_log(qr/Wrote mail|Could not send/), 'the mail was tried'
	    if $what =~ /fail/;
	ended($run, 3 + lines_of($run->err, qr/Execution/));
	my $before = unpack 'Q', slurp($file);
	ok ended($run, $RUNS + lines_of($run->err, qr/Execution/)),
	    "$RUNS runs $what";
	is unpack('Q', slurp($file)), $before, 'allocate nothing'
	    or diag $run->err;
	cmp_ok $before, '>', 0, 'while the start did';
	$run->stop;
}

subtest 'pages of an idle chain of many' => sub {
	my $p = RunnerTest->new;
	$p->config("success_cooldown = 1h\n" . join '', map {
	    "task t$_ { command = {\"/bin/true\"} }\n"
	    . "chain c$_ { tasks = {t$_} }\n" } 1 .. 300);
	my $run = $p->start('run', '-n', 'c7');
	ended($run, 1);
	# What it gave back is gone when it sleeps.
	my %kib;
	my $weigh = sub {
		my $part;
		%kib = (heap => 0, all => 0);
		for (split /\n/, slurp("/proc/$run->{pid}/smaps")) {
			$part = $2 && $1 =~ /w/ ? $2 : $1 =~ /w/ ? 'other' : undef
			    if /^[0-9a-f]+-\S+ (\S+) \S+ \S+ \S+\s*(.*)/;
			next if !$part || !/^Private_Dirty:\s+(\d+)/;
			$kib{heap} += $1 if $part eq '[heap]';
			$kib{all} += $1;
		}
		return $kib{heap} <= 64 && $kib{all} <= 200;
	};
	ok wait_for(sub { $weigh->() }, 5), 'are few, however many there are'
	    or diag "heap $kib{heap} KiB, all that can be written $kib{all} KiB";
	$run->stop;
};

subtest 'chains that were started together' => sub {
	my ($p, $count) = (RunnerTest->new, 40);
	$p->config("success_cooldown = 1h\n" . join '', map {
	    "task t$_ { command = {\"/bin/true\"} }\n"
	    . "chain c$_ { tasks = {t$_} }\n" } 1 .. $count);
	is +($p->run('start'))[0], 0, 'start';
	my ($dirty, $pss);
	ok wait_for(sub {
		($dirty, $pss) = (0, 0);
		for (1 .. $count) {
			my $rollup = slurp('/proc/' . $p->pid_in_file("c$_")
			    . '/smaps_rollup');
			$dirty += $1 if $rollup =~ /^Private_Dirty:\s+(\d+)/m;
			$pss += $1 if $rollup =~ /^Pss:\s+(\d+)/m;
		}
		return $dirty > 0 && $dirty <= 140 * $count
		    && $pss <= 185 * $count;
	}, 20), 'have most of their pages in common'
	    or diag $dirty / $count . ' KiB private and dirty each, PSS '
	    . $pss / $count . ' KiB';
	is +($p->run('stop'))[0], 0, 'stop';
};

done_testing;
