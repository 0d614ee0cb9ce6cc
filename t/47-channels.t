# Channels in whole runs: a program is one, what is refused is loud, a server is
# waited for, and kill -9 loses nothing.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP;
use RunnerTest;
use Test::More;

delete @ENV{grep { /_proxy$/i } keys %ENV};
my @servers;

# t/lib/NAME with arguments; returns its port.
sub server {
	my ($p, $name, $dir, @arguments) = @_;
	mkdir $dir;
	my $pid = open my $from, '-|', $p->lib . "/$name", @arguments, $dir
	    or die;
	chomp(my $port = <$from>);
	push @servers, [$pid, $from];
	return $port;
}

END {
	my $status = $?;
	for (@servers) {
		kill 'TERM', $_->[0];
		close $_->[1];
	}
	$? = $status;
}

my $failing = "#!/bin/sh\necho 'app: it broke' >&2\nexit 1\n";

sub waiting {
	my ($p) = @_;
	return () = glob $p->root . '/outbox/t,*';
}

# A program that keeps what it gets, and ends as the file `end` says.
sub program {
	my ($p) = @_;
	RunnerTest::spew($p->dir . '/tell', <<'TELL', 0755);
#!/bin/sh
n=$(ls got.* 2>/dev/null | wc -l)
{ printf '%s\n' "$#" "$@" "$RUNNER_CHAIN $RUNNER_TASK $RUNNER_REASON"
  ps -o sid= -p $$ | tr -d ' '; echo $$; cat; } > .new
mv .new "got.$n"
cat end
exit "$(cat end)"
TELL
	return;
}

subtest 'a program is a channel' => sub {
	my $p = RunnerTest->new;
	program($p);
	RunnerTest::spew($p->dir . '/end', "0\n");
	$p->config("log { format = plain }\nfail_cooldown = 1h\n" .
	    "notify_command = {\"./tell\", \"-s=%{subject}\", \"\", " .
	    "\"%{exit} %{signal}\", \"%{stderr:10}\"}\n");
	$p->task(t => $failing);
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Told notify_command: First/);
	$run->stop;
	my @got = split /\n/, RunnerTest::slurp($p->dir . '/got.0');
	is_deeply [@got[0 .. 5]], [4,
	    '-s=[t] First exception caught: app: it broke', '', '1 ',
	    "\xe2\x80\xa6it broke", ''],
	    'its words are filled in, the empty one too' or diag explain \@got;
	is $got[6], 't t first', 'its environment tells of the task';
	is $got[7], $got[8], 'it leads a session of its own';
	is decode_json($got[9])->{reason}, 'first', 'its input is the document';
	is waiting($p), 0, 'and nothing waits';
};

for my $row ([75, 1, 0, 'later'], [3, 0, 1, 'refused']) {
	my ($end, $waits, $refused, $name) = @$row;
	my $p = RunnerTest->new;
	program($p);
	RunnerTest::spew($p->dir . '/end', "$end\n");
	$p->config("log { format = plain }\nfail_cooldown = 1h\n" .
	    "notify_command = {\"./tell\"}\n");
	$p->task(t => $failing);
	my $run = $p->start('run', 't');
	$run->wait_log($refused
	    ? qr/ERROR \[t\] Message to notify_command refused for good .*: 3$/
	    : qr/WARNING \[t\] Could not tell notify_command \(tried .*: 75$/);
	$run->stop;
	is waiting($p), $waits, "exit status $end: $name";
	is scalar(() = glob $p->root . '/outbox/refused/t,*'), $refused,
	    'and kept so';
}

subtest 'what is refused is loud until it works' => sub {
	my $p = RunnerTest->new;
	my $port = server($p, 'smtp-server', $p->dir . '/smtp', '--at',
	    'rcpt=550 5.1.1 who is ben?');
	program($p);
	RunnerTest::spew($p->dir . '/end', "0\n");
	$p->config("log { format = plain }\nfail_cooldown = 1h\n" .
	    "admins = {\"Ben <ben\@example.org>\"}\n" .
	    "mail { url = \"smtp://127.0.0.1:$port\" }\n" .
	    "notify_command = {\"./tell\", \"%{summary}\"}\n");
	$p->task(t => $failing);
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Told notify_command: Notification refused/);
	my ($got) = grep { /^[^{]*refused by mail/ }
	    map { RunnerTest::slurp($_) } glob $p->dir . '/got.*';
	like $got // '', qr/refused by mail: 550 5\.1\.1 who is ben\?/,
	    'the other channel says it in the words of the server';
	like $got // '', qr/it said: First exception caught: app: it broke/,
	    'and what was refused';
	$run->stop;
	my ($status, $out) = $p->run('status', 't');
	like $out, qr/mail refused 1 message for good: 550 5\.1\.1 who is ben/,
	    'status says it';
	my ($json_status, $json) = $p->run('status', '--json');
	is_deeply [map { $_->{channel}, $_->{count} }
	    @{decode_json($json)->{chains}[0]{refused}}], ['mail', 1],
	    'also as JSON';
	(undef, $out) = $p->run('status', '--prometheus');
	like $out, qr/^runner_notifications_refused\{.*\} 1$/m,
	    'and for Prometheus';
	my ($test) = $p->run('test-notify');
	is $test, 1, 'as long as it does not work';
	(undef, $json) = $p->run('status', '--json');
	is scalar(@{decode_json($json)->{chains}[0]{refused}}), 1,
	    'it stays so';
	my $good = server($p, 'smtp-server', $p->dir . '/good');
	$p->config("admins = {\"Ben <ben\@example.org>\"}\n" .
	    "mail { url = {\"smtp://127.0.0.1:1\", "
	    . "\"smtp://127.0.0.1:$good\"} }\n");
	($test, $out) = $p->run('test-notify');
	is $test, 1, 'one server is away, which is said';
	like $out, qr/:$good: ok/, 'but it works again' or diag $out;
	(undef, $json) = $p->run('status', '--json');
	is_deeply decode_json($json)->{chains}[0]{refused}, [],
	    'and nothing is said of it any more';
	is scalar(() = glob $p->root . '/outbox/refused/t,*'), 1,
	    'though it is kept';
	my ($mail) = glob $p->dir . '/good/*.eml';
	like RunnerTest::slurp($mail), qr/^To: Ben <ben\@example\.org>\r$/m,
	    'a name stands before the address';
};

subtest 'a server says how long to wait' => sub {
	my $p = RunnerTest->new;
	my $port = server($p, 'http-server', $p->dir . '/http', '--status',
	    '429 Too Many', '--header', 'Retry-After: 3000');
	$p->config("log { format = plain }\nfail_cooldown = 1h\n" .
	    "webhook { url = \"http://127.0.0.1:$port/\" }\n");
	$p->task(t => $failing);
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Could not post to webhook .*HTTP 429/);
	unlike $run->err, qr/wait 3000/, 'that is for runner, not for people';
	$run->stop;
	is waiting($p), 1, 'it waits';
};

subtest 'stop and start with one that did not leave is one message' => sub {
	my $p = RunnerTest->new;
	my $config = "log { format = plain }\nfail_cooldown = 1h\n" .
	    'admins = {"a@example.org"}' . "\n";
	$p->config($config . "mail { url = \"smtp://127.0.0.1:1\" }\n");
	$p->task(t => $failing);
	for (1 .. 2) {
		my $run = $p->start('run', 't');
		$run->wait_log(qr/Could not send email/);
		$run->wait_log(qr/Sleeping/);
		$run->stop;
	}
	is waiting($p), 1, 'one waits';
};

# The old one is on its way as the new one is told.
for my $row ([75, 1, 'is put off'], [0, 0, 'is accepted']) {
	my ($end, $waits, $name) = @$row;
	my $p = RunnerTest->new;
	# Mail waits beside them.
	my $told = sub { return () = glob $p->root . '/outbox/t,*,command' };
	RunnerTest::spew($p->dir . '/tell', <<'TELL', 0755);
#!/bin/sh
echo >>told
touch busy
while [ ! -e go ]; do sleep 0.02; done
exit "$(cat go)"
TELL
	RunnerTest::spew($p->dir . '/go', "75\n");
	$p->config("log { format = plain }\nfail_cooldown = 1h\n" .
	    "notify_command = {\"./tell\"}\n");
	$p->task(t => $failing);
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Could not tell notify_command/);
	$run->stop;
	unlink map { $p->dir . "/$_" } qw(go busy told);
	$p->task(t => "#!/bin/sh\nwhile [ ! -e busy ]; do sleep 0.02; done\n" .
	    'echo "app: it broke" >&2; exit 1');
	$run = $p->start('run', 't');
	$run->wait_log(qr/Execution failed/);
	ok wait_for { $told->() == 2 } 60;
	RunnerTest::spew($p->dir . '/go.new', "$end\n");
	rename $p->dir . '/go.new', $p->dir . '/go';
	ok((wait_for { $told->() == $waits } 20),
	    "of two that say the same one stays when the first $name");
	$run->stop;
	is RunnerTest::slurp($p->dir . '/told'), "\n", 'it is told once'
	    if !$waits;
}

# Three channels, and a kill at any moment: each gets it once, none is left.
subtest 'kill -9 while three channels deliver' => sub {
	my $p = RunnerTest->new;
	my $port = server($p, 'http-server', $p->dir . '/http');
	$p->config("log { format = plain }\nfail_cooldown = 1h\n" .
	    "webhook one { url = \"http://127.0.0.1:$port/one\" }\n" .
	    "webhook two { url = \"http://127.0.0.1:$port/two\" }\n");
	my $rounds = $ENV{RUNNER_SOAK} || 8;
	my (%lost, %twice);
	for my $round (1 .. $rounds) {
		my $name = "t$round";
		$p->task($name => $failing);
		my $run = $p->start('run', $name);
		$run->wait_log(qr/Execution failed/);
		select undef, undef, undef, 0.2 * ($round - 1) / $rounds;
		$run->kill('KILL');
		$run->wait;
		$run = $p->start('run', $name);
		my $root = $p->root;
		wait_for {
			$run->err =~ /Sleeping|Waits the rest/
			    && !(() = glob "$root/outbox/$name,*");
		} 60;
		$run->stop;
		my @sent = grep { /"task":"$name"/ } map {
			RunnerTest::slurp($_) } glob $p->dir . '/http/*.req';
		for my $way (qw(one two)) {
			my $n = grep { m{^POST /$way } } @sent;
			$lost{"$round $way"} = 1 if !$n;
			$twice{"$round $way"} = $n if $n > 1;
		}
		$lost{"$round mail"} = 1
		    if 1 != grep { /^X-Runner-Task: $name\r?$/m } $p->mails;
	}
	is_deeply \%lost, {}, "none is lost in $rounds rounds";
	is_deeply \%twice, {}, 'none comes twice: the helper ends its work';
};

# The server says yes, and neither runner nor helper lives to tell of it.
subtest 'what confirmed is known though all are killed' => sub {
	my $p = RunnerTest->new;
	my $port = server($p, 'http-server', $p->dir . '/http', '--act',
	    'stall');
	$p->config("log { format = plain }\nfail_cooldown = 1h\n" .
	    "webhook { url = \"http://127.0.0.1:$port/\" }\n");
	$p->task(t => $failing);
	my $run = $p->start('run', 't');
	my $box = $p->root . '/outbox';
	wait_for {
		grep { RunnerTest::slurp($_) =~ /^verdict 0 HTTP 200 /m }
		    glob "$box/t,*webhook"
	} 20;
	my @helpers = split ' ', qx(pgrep -P @{[$run->pid]} runner-notify);
	$run->kill('KILL');
	is kill('KILL', map { -$_ } @helpers), 1, 'the helper was at work';
	$run->wait;
	$run = $p->start('run', 't');
	$run->wait_log(qr/Posted to webhook: First/);
	wait_for { !waiting($p) } 20;
	$run->stop;
	is scalar(() = glob $p->dir . '/http/*.req'), 1, 'it came once';
};

done_testing;
