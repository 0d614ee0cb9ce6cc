# No step of the wall clock changes a decision.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;
use Time::HiRes qw(time sleep clock_gettime CLOCK_MONOTONIC);

my $YEAR = 365 * 86400;
my $library;

# A command to run the rest with a wall clock of its own.
sub fake {
	my ($p) = @_;
	$library ||= do {
		my $file = $p->dir . '/wallclock.so';
		system(split(' ', $ENV{CC} || 'cc'), qw(-O2 -shared -fPIC -o), $file,
		    RunnerTest::lib() . '/wallclock.c') == 0
		    or die 'cannot build wallclock.so';
		$file;
	};
	spew($p->dir . '/clock', "0\n");
	return ('env', "LD_PRELOAD=$library",
	    'WALLCLOCK=' . $p->dir . '/clock');
}

sub step {
	my ($p, $seconds) = @_;
	spew($p->dir . '/clock.new', sprintf "%+d\n", $seconds);
	rename $p->dir . '/clock.new', $p->dir . '/clock';
}

# When each run started, by the clock that does not jump, in seconds.
sub starts { map { /^(\S+) start/ ? $1 : () } split /\n/,
    slurp($_[0]->dir . '/notes') }

for my $years (1, -1) {
	subtest "$years year: cooldowns" => sub {
		my $p = RunnerTest->new;
		$p->config('log { format = timestamp } '
		    . 'success_cooldown = 400ms');
		$p->task(t => "#!/bin/sh\nexec env -u LD_PRELOAD "
		    . RunnerTest::lib() . "/overlap $p->{dir}/notes 1\n");
		my $run = $p->start_command(fake($p), $RunnerTest::RUNNER,
		    'run', 't');
		$run->wait_log(qr/Sleeping/, 2);
		step($p, $years * $YEAR);
		$run->wait_log(qr/Sleeping/, 4);
		step($p, 0);
		$run->wait_log(qr/Sleeping/, 6);
		$run->stop;
		my %logged = map { $_ => 1 } $run->err =~ /^(\d{4})-/mg;
		cmp_ok scalar(keys %logged), '>=', 2,
		    'people were told another year' or diag $run->err;
		my @starts = starts($p);
		my @gaps = map { $starts[$_] - $starts[$_ - 1] } 1 .. $#starts;
		is scalar(grep { $_ < 0.4 } @gaps), 0, 'none is cut short';
		my @sorted = sort { $a <=> $b } @gaps;
		cmp_ok $sorted[@sorted / 2], '<', 5, 'none is drawn out'
		    or diag "@gaps";
	};
	subtest "$years year: timeout" => sub {
		my $p = RunnerTest->new;
		$p->config('log { format = plain } timeout = 1s '
		    . 'fail_cooldown = 1h stop_timeout = 300ms');
		$p->task(t => "#!/bin/sh\necho ready\ntrap '' TERM\n"
		    . "while :; do sleep 0.05; done\n");
		my $run = $p->start_command(fake($p), $RunnerTest::RUNNER,
		    'run', 't');
		$run->wait_log(qr/ready/);
		my $since = clock_gettime(CLOCK_MONOTONIC);
		step($p, $years * $YEAR);
		sleep 0.4;
		unlike $run->err, qr/Timed out/, 'not before its time';
		ok $run->wait_log(qr/Execution failed/), 'but then';
		cmp_ok clock_gettime(CLOCK_MONOTONIC) - $since, '>', 0.8,
		    'in its time';
		$run->stop;
	};
	subtest "$years year: mails" => sub {
		my $p = RunnerTest->new;
		$p->config('log { format = plain } admins = {"a@example.org"} '
		    . 'fail_cooldown = 1s non_recoverable_downtime = 3s');
		$p->task(t => "#!/bin/sh\necho boom >&2\nexit 1\n");
		my $run = $p->start_command(fake($p), $RunnerTest::RUNNER,
		    'run', 't');
		$run->wait_log(qr/Execution failed/, 2);
		step($p, $years * $YEAR);
		$run->wait_log(qr/Execution failed/, 5);
		$run->stop;
		my @tale = $run->err =~
		    /(Execution failed|Sent email|Wrote mail)/g;
		my $tale = join '', map { /failed/ ? 'x' : 'm' } @tale;
		like $tale, qr/^xmxxx*mx/, 'first, then the downtime'
		    or diag $run->err;
		is lines_of($run->err, qr/Sent email|Wrote mail/), 2, 'two, no more';
	};
}

subtest 'the wall clock at its ends' => sub {
	for my $when (5, 2 ** 31 - 2, 2 ** 32 - 2) {
		my $p = RunnerTest->new;
		$p->config('log { format = timestamp } admins = {"a@b.example"} '
		    . 'fail_cooldown = 100ms');
		$p->task(t => "#!/bin/sh\nexit 1\n");
		my @fake = fake($p);
		spew($p->dir . '/clock', "\@$when\n");
		my $run = $p->start_command(@fake, $RunnerTest::RUNNER, 'run',
		    't');
		ok $run->wait_log(qr/Execution failed/, 3), "second $when: runs";
		ok $run->wait_log(qr/Sent email|Wrote mail/), 'tells';
		is $run->stop, 0, 'and stops as ever';
	}
};

done_testing;
