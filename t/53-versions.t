# What an earlier version of runner left is carried on; what a later one left
# is refused and kept.
#
# t/fixture/1.0.0 is the run_root of a chain `two` of runner 1.0.0 that was
# killed: its task `broken` had failed and the admins were told, the message of
# `down` waited for a server that was away.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

my @FAILURE = ("#!/bin/sh\necho 'app: cannot open db' >&2\nexit 1\n",
    "#!/bin/sh\necho 'ftp: server example.test is gone' >&2\nexit 3\n");
my $SUCCESS = "#!/bin/sh\n";

# A project with both tasks; a sendmail notes the subject of each message, and
# sends none of `down` before there is a file `open`.
sub project {
	my $p = RunnerTest->new;
	my $program = spew($p->dir . '/sendmail', <<"SH", 0755);
#!/bin/sh
cd '@{[$p->dir]}' || exit 1
sed '/^\$/q' > message.\$\$
if [ ! -e open ] && grep -q 'Runner-Task: down' message.\$\$; then exit 75; fi
sed -n 's/^Subject: //p' message.\$\$ >> taken
SH
	$p->config("log { format = plain }\nfail_cooldown = 200ms\n"
	    . "success_cooldown = 200ms\nadmins = {\"a\@example.test\"}\n"
	    . "non_recoverable_downtime = 0\n"
	    . "mail { url = \"sendmail:$program\" }\n"
	    . "chain two { tasks = {broken, down} }\n");
	$p->task(broken => $FAILURE[0])->task(down => $FAILURE[1]);
	return $p;
}

sub taken { return split /\n/, slurp($_[0]->dir . '/taken') }

sub fixture {
	my ($p) = @_;
	mkdir $p->dir . '/var';
	system 'cp', '-R', "$FindBin::Bin/fixture/1.0.0", $p->root;
	system 'chmod', '-R', 'go=', $p->root;
	return;
}

subtest 'the story of 1.0.0 goes on' => sub {
	my $p = project();
	fixture($p);
	my ($status, $out) = $p->run('status');
	like $out, qr/broken +stopped +exit 1.*\n +down since 2026/,
	    'status reads it';
	($status, $out) = $p->run('failures');
	like $out, qr/\d  \S+ \S+  \S+ \S+  98fced8f5e584ddd  broken\n/,
	    'and its failures';
	my (undef, $history) = $p->run('history');
	my $runs = () = $history =~ /exit \d/mg;
	cmp_ok $runs, '>=', 4, 'and its runs';
	spew($p->dir . '/open', '');
	my $run = $p->start('run', '--name', 'two', 'broken', 'down');
	ok $run->wait_log(qr/\[broken\] Execution failed/, 3), 'it runs';
	ok wait_for { taken($p) == 1 }, 'what waited is delivered';
	ok wait_for { !(() = glob $p->root . '/outbox/two,*') }, 'and waits no more';
	$p->task(broken => $SUCCESS)->task(down => $SUCCESS);
	ok $run->wait_log(qr/Sent email to admins: Process healed/, 2), 'both healed';
	is_deeply [sort(taken($p))], ['[broken] Process healed',
	    '[down] First exception caught: ftp: server example.test is gone',
	    '[down] Process healed'], 'nothing is told twice';
	is $run->stop, 0, 'it stops';
	(undef, $history) = $p->run('history');
	cmp_ok scalar(() = $history =~ /exit \d/mg), '>=', $runs + 3,
	    'history shows both';
};

subtest 'a later version is refused with words, and kept' => sub {
	my $p = project();
	my $run = $p->start('run', '--name', 'two', 'broken', 'down');
	$run->wait_log(qr/\[down\] Execution failed/);
	$run->stop;
	my ($state) = glob $p->root . '/two.state';
	my ($failure) = glob $p->root . '/failures/broken,*';
	my $later = slurp($state);
	substr $later, 8, 4, pack('V', 99);
	spew($state, $later);
	for my $words (['run', '--name', 'two', 'broken', 'down'],
	    ['once', '--name', 'two', 'broken', 'down'], ['start']) {
		my ($status, undef, $err) = $p->run(@$words);
		is $status, 1, "$words->[0]: status 1";
		like $err, qr{^runner: .*/two\.state is of another version}m, 'and why';
		is slurp($state), $later, 'the file is as it was';
	}
	my ($status, $out) = $p->run('status');
	like $out, qr/another version of runner/, 'status says so';
	unlink $state;
	$later = slurp($failure) =~ s/\Arunner-failure 1/runner-failure 9/r;
	spew($failure, $later);
	$run = $p->start('run', '--name', 'two', 'broken', 'down');
	ok $run->wait_log(qr/WARNING \[broken\] What is kept of .* another version/),
	    'a kept failure of one is left alone, with words';
	ok $run->wait_log(qr/\[broken\] Execution failed/, 2), 'the chain runs';
	is lines_of($run->err, qr/another version/), 1, 'said once';
	$run->stop;
	is slurp($failure), $later, 'the file is as it was';
};

subtest 'a message of a later version waits for that one' => sub {
	my $p = project();
	my $run = $p->start('run', 'down');
	$run->wait_log(qr/Could not send email/);
	$run->stop;
	my ($file) = glob $p->root . '/outbox/down,*,mail';
	my $later = slurp($file) =~ s/^format \d+/format 99/r;
	spew($file, $later);
	spew($p->dir . '/open', '');
	$run = $p->start('run', 'down');
	ok $run->wait_log(
	    qr/WARNING Message \S+,mail is of a later version of runner/),
	    'with words';
	ok $run->wait_log(qr/\[down\] Execution failed/, 3), 'the chain runs';
	is lines_of($run->err, qr/later version/), 1, 'said once';
	$run->stop;
	is +($p->run('once', 'down'))[0], 1, 'once leaves it, too';
	is slurp($file), $later, 'the file is as it was';
};

subtest 'a live runner of 1.0.0 is replaced' => sub {
	my $old = $ENV{RUNNER_1_0_0};
	plan skip_all => 'RUNNER_1_0_0 names no program' unless $old;
	my $p = project();
	my $script = "#!/bin/sh\nexec 9> busy\n"
	    . "flock -n 9 || echo two at once >> wrong\nsleep 0.05\n";
	$p->task($_ => $script . "echo 'app: no $_' >&2\nexit 1\n")
	    for qw(broken down);
	my $run = $p->start_command($old, 'run', '--name', 'two', 'broken',
	    'down');
	$run->wait_log(qr/\[down\] Execution failed/);
	ok wait_for { () = glob $p->root . '/outbox/two,*' }, 'a message waits';
	spew($p->dir . '/open', '');
	my ($status, undef, $err) = $p->run('start');
	is $status, 0, 'runner start' or diag $err;
	ok $run->wait, 'the old one leaves';
	is $run->status, 0, 'in order';
	ok wait_for { 2 == grep { /\[down\] First/ } taken($p) },
	    'what waited comes';
	$p->task($_ => $SUCCESS) for qw(broken down);
	ok wait_for {
		$p->run('now', 'two/broken') if !grep { /broken. Pr/ } taken($p);
		$p->run('now', 'two/down') if !grep { /down. Pr/ } taken($p);
		2 == grep { /healed/ } taken($p);
	}, 'and both heal';
	is slurp($p->dir . '/wrong'), '', 'never two tasks at once';
	($status) = $p->run('stop');
	is $status, 0, 'and it stops';
	is scalar(grep { /First/ } taken($p)), 4, 'each runner told each once'
	    or diag join "\n", taken($p);
};

done_testing;
