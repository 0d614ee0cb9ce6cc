# Delivery in whole runs: nothing is lost, nothing waits for it, and what is
# refused for good is kept.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use NotifyTest qw(start_server stop_server);
use RunnerTest;
use Test::More;

my $BAD = "#!/bin/sh\necho 'app: cannot open db' >&2\nexit 1\n";

# A sendmail that takes mail only while a file `open` lies beside it; what it
# took is in `taken`, one Message-ID a line.
sub sendmail {
	my ($p) = @_;
	return spew("$p->{dir}/sendmail", <<"SH", 0755);
#!/bin/sh
cd '$p->{dir}'
if [ -e open ]; then
	sed -n 's/^Message-ID: //p' >> taken
	exit 0
fi
cat > /dev/null
echo "the queue is closed" >&2
exit 75
SH
}

sub taken { return split /\n/, slurp("$_[0]{dir}/taken") }
sub waiting { return scalar(my @files = glob $_[0]->root . '/outbox/t,*') }

subtest 'a server that is away is tried again, also by the next runner' => sub {
	my $p = RunnerTest->new;
	my $program = sendmail($p);
	$p->config("log { format = plain }\nfail_cooldown = 1h\n"
	    . "admins = {\"a\@example.test\"}\n"
	    . "mail { url = \"sendmail:$program\" }\n");
	$p->task(t => $BAD);
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/^WARNING .*the queue is closed/),
	    'the answer is logged';
	unlike $run->err, qr/Sent email/, 'nothing is said to be sent';
	is waiting($p), 1, 'the message waits on the disk';
	ok $run->wait_log(qr/Sleeping/), 'the chain goes on';
	my ($status, $out) = $p->run('status', '--json');
	like $out, qr/the queue is closed/, 'status says why it waits';
	$run->kill('KILL');
	$run->wait;
	spew("$p->{dir}/open", '');
	$run = $p->start('run', 't');
	ok $run->wait_log(qr/Sent email to admins: First exception/),
	    'the next runner delivers it';
	ok wait_for { !waiting($p) }, 'and it leaves the outbox';
	$run->wait_log(qr/Waits the rest/);
	is $run->stop, 0;
	is scalar(taken($p)), 1, 'once';
};

subtest 'lists as long as check takes them are delivered' => sub {
	my $p = RunnerTest->new;
	my @urls = map { "maildir:$p->{dir}/" . './' x 350 . $_ } 1 .. 16;
	my $list = sub { '{' . join(', ', map { qq("$_") } @_) . '}' };
	my $words = '\\"' x 3200;
	my $program = spew("$p->{dir}/hook", "#!/bin/sh\ncat >'$p->{dir}/stdin'\n"
	    . "printf %s \"\$1\" >'$p->{dir}/word'\n", 0755);
	$p->config('admins = ' . $list->(map { "admin$_\@example.org" } 1 .. 450)
	    . "\nmail { url = " . $list->(@urls) . " }\n"
	    . "notify_command = {'$program', \"$words\"}\n");
	$p->task(t => $BAD);
	my ($status, $out, $err) = $p->run('once', 't');
	is $status, 1, 'the task fails';
	unlike $err, qr/ERROR.*deliver|Argument list/, 'no delivery does';
	is scalar(my @mails = glob "$p->{dir}/1/new/*"), 1,
	    'the mail is delivered';
	is length(slurp("$p->{dir}/word")), 3200, 'the command has its words';
};

subtest 'a refusal for good is logged, and kept' => sub {
	my $p = RunnerTest->new;
	my $server = start_server('smtp-server', '--at',
	    'rcpt=550 5.1.1 no such mailbox here');
	$p->config("log { format = plain }\nfail_cooldown = 1h\n"
	    . "admins = {\"gone\@example.test\"}\n"
	    . "mail { url = \"smtp://127.0.0.1:$server->{port}\" "
	    . "tls = none }\n");
	$p->task(t => $BAD);
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/^ERROR .*550 5\.1\.1 no such mailbox here/),
	    'in the words of the server';
	ok wait_for { glob $p->root . '/outbox/refused/*' },
	    'the message is kept';
	is waiting($p), 0, 'and tried no more';
	$run->stop;
	stop_server($server);
};

subtest 'SMTP: log order with a server that answers at once' => sub {
	my $p = RunnerTest->new;
	my $server = start_server('smtp-server');
	my $dir = $server->{dir};
	$p->config("log { format = plain }\nfail_cooldown = 5\n"
	    . "admins = {\"a\@example.test\", \"b\@example.test\"}\n"
	    . "mail { url = \"smtp://127.0.0.1:$server->{port}\" }\n");
	$p->task(t => $BAD);
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Sleeping/);
	$run->stop;
	is join(' ', $run->err =~ /\[t\] (Execution|Sent|Sleeping)/g),
	    'Execution Sent Sleeping', 'failed, sent, sleeping';
	my ($env) = map { slurp($_) } glob "$dir/*.env";
	like $env, qr/a\@example\.test.*b\@example\.test/s, 'to every admin';
	stop_server($server);
};

subtest 'one has it, one is deferred, one is refused' => sub {
	my $p = RunnerTest->new;
	my $server = start_server('smtp-server', '--at',
	    'rcpt:later@example.test=450 4.2.1 come back later', '--at',
	    'rcpt:never@example.test=550 5.1.1 no such user');
	my $rcpts = sub {
		lines_of(slurp("$server->{dir}/log"),
		    qr/RCPT TO:<$_[0]\@example\.test>/) };
	$p->config("log { format = plain }\nfail_cooldown = 1h\n"
	    . 'admins = {"now@example.test", "never@example.test", '
	    . "\"later\@example.test\"}\n"
	    . "mail { url = \"smtp://127.0.0.1:$server->{port}\" }\n");
	$p->task(t => $BAD);
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/^WARNING .*deferred later\@example\.test: 450/),
	    'who was deferred is said';
	ok $run->wait_log(qr/Sent email/), 'the first has it';
	is waiting($p), 1, 'it waits for the one';
	my ($kept) = map { slurp($_) } glob $p->root . '/outbox/refused/*';
	like $kept, qr/^only never\@example\.test +$/m,
	    'and is kept for the other';
	like $kept, qr/^answer never\S+: 550 5\.1\.1 no such user +$/m,
	    "with the server's words";
	like $kept, qr/^Subject: .*\n\r?\n.*\z/ms, 'whole';
	my ($status, $out) = $p->run('status', 't');
	like $out, qr/mail refused 1 .*never\@example\.test: 550 5\.1\.1/,
	    'status says so';
	is $status, 1, 'by its exit status too';
	$run->kill('KILL');
	$run->wait;
	$run = $p->start('run', 't');
	ok wait_for { $rcpts->('later') == 2 } 60;
	is $rcpts->('now'), 1, 'it is tried for the one alone,';
	is $rcpts->('never'), 1, 'whatever became of the runner';
	$run->stop;
	is scalar(() = glob $p->root . '/outbox/refused/*'), 1, 'kept once';
	stop_server($server);
};

for my $answer ('450 4.2.0 come back', '550 5.1.1 nobody') {
	subtest "the second server takes what the first did not: $answer" => sub {
		my $p = RunnerTest->new;
		my @servers = (start_server('smtp-server', '--at',
		    "rcpt:a\@example.test=$answer", '--at', 'dot=451 4.3.0 no'),
		    start_server('smtp-server'));
		$p->config("log { format = plain }\nfail_cooldown = 1h\n"
		    . 'admins = {"a@example.test", "b@example.test"}'
		    . "\nmail { url = {" . join(', ', map {
			"\"smtp://127.0.0.1:$_->{port}\"" } @servers) . "} }\n");
		$p->task(t => $BAD);
		is +($p->run('once', 't'))[0], 1;
		my ($env) = map { slurp($_) } glob "$servers[1]{dir}/*.env";
		like $env, qr/a\@example\.test.*b\@example\.test/s, 'for all';
		is waiting($p), 0, 'nothing waits';
		is +($p->run('status'))[1] =~ /refused|waits for/, '',
		    'nothing is refused';
		stop_server($_) for @servers;
	};
}

subtest 'a channel that hangs holds up no other' => sub {
	my $p = RunnerTest->new;
	my $hook = start_server('http-server', '--act', 'hang');
	$p->config("log { format = plain }\nfail_cooldown = 10ms\n"
	    . "non_recoverable_downtime = 0\nadmins = {\"a\@example.test\"}\n"
	    . "mail { url = \"maildir:box\" timeout = 3s }\n"
	    . "webhook { url = \"http://127.0.0.1:$hook->{port}/\" }\n");
	$p->task($_ => $BAD) for 'a' .. 'f';
	my $run = $p->start('run', 'a' .. 'f');
	ok $run->wait_log(qr/Sent email/, 6), 'each task is mailed';
	my ($before) = $run->err =~ /\A((?:.*?Sent email){6})/s;
	cmp_ok lines_of($before, qr/Could not deliver/), '<=', 1,
	    'for one try of the other';
	is $run->stop, 0;
	stop_server($hook);
};

subtest 'one whose mailbox is full holds up nobody else' => sub {
	my $p = RunnerTest->new;
	my $server = start_server('smtp-server', '--at',
	    'rcpt:full@example.test=452 4.2.2 mailbox full');
	$p->config("log { format = plain }\nfail_cooldown = 0\n"
	    . "success_cooldown = 1h\n"
	    . 'admins = {"a@example.test", "full@example.test"}'
	    . "\nmail { url = \"smtp://127.0.0.1:$server->{port}\" }\n");
	$p->task(t => "#!/bin/sh\n[ \$RUNNER_RUN -lt 3 ] || exit 0\n"
	    . "echo error in step \$RUNNER_RUN of \$(uname) >&2\nexit "
	    . "\$RUNNER_RUN\n");
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/Sent email to admins: Process healed/),
	    'the last one is sent';
	is lines_of($run->err, qr/Sent email/), 3, 'and all before it';
	is waiting($p), 3, 'they wait for the one';
	like +($p->run('status'))[1], qr/full\@example\.test: 452/, 'who is named';
	is $run->stop, 0;
	stop_server($server);
};

subtest 'a message that is damaged is counted' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nadmins = {\"a\@example.test\"}\n"
	    . "mail { url = \"smtp://127.0.0.1:1\" }\n");
	$p->task(t => $BAD);
	$p->run('once', 't');
	my ($file) = glob $p->root . '/outbox/t,*';
	truncate $file, 20;
	like +($p->run('once', 't'))[2], qr/damaged/, 'it is said,';
	my ($status, $out) = $p->run('status', 't');
	is $status, 1, 'and status is 1';
	like $out, qr/refused 1 message .*is damaged/, 'and says why';
	$p->config("log { format = plain }\n");
	is +($p->run('test-notify'))[0], 0, 'until a channel works';
	unlike +($p->run('status', 't'))[1], qr/damaged/, 'then no more';
};

subtest 'a recipient who is refused, of several' => sub {
	my $p = RunnerTest->new;
	my $server = start_server('smtp-server', '--at',
	    'rcpt:never@example.test=550 5.1.1 no such user');
	$p->config("log { format = plain }\nfail_cooldown = 1h\n"
	    . "admins = {\"never\@example.test\", \"now\@example.test\"}\n"
	    . "mail { url = \"smtp://127.0.0.1:$server->{port}\" }\n");
	$p->task(t => $BAD);
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/Sent email/), 'the others have it';
	$run->stop;
	is waiting($p), 0, 'nothing waits';
	my ($kept) = map { slurp($_) } glob $p->root . '/outbox/refused/*';
	like $kept, qr/^only never\@example\.test +$/m, 'it is kept for the one';
	like $kept, qr/^answer .*550 5\.1\.1 no such user/m,
	    "with the server's words";
	stop_server($server);
};

subtest 'kill -9 at any moment loses no message' => sub {
	my $rounds = $ENV{RUNNER_SOAK} || 12;
	my ($lost, $twice, $known) = (0, 0, 0);
	for my $round (1 .. $rounds) {
		my $p = RunnerTest->new;
		my $program = sendmail($p);
		spew("$p->{dir}/open", '');
		my $config = "log { format = plain }\n"
		    . "admins = {\"a\@example.test\"}\n"
		    . "mail { url = \"sendmail:$program\" "
		    . "max_per_hour = 1000 }\n";
		$p->config("$config fail_cooldown = 20ms\n");
		# Each run fails in a new way and says so before it ends.
		$p->task(t => "#!/bin/sh\nn=\$(echo \$RUNNER_RUN | tr 0-9 "
		    . "a-j)\necho \"app: cannot open \$n\" >&2\nexit 1\n");
		my $run = $p->start('run', 't');
		$run->wait_log(qr/Execution failed/, 1 + $round % 4);
		select undef, undef, undef, rand 0.08;
		$run->kill('KILL');
		$run->wait;
		$p->config("$config fail_cooldown = 1h\n");
		my $next = $p->start('run', 't');
		$next->wait_log(qr/Sleeping|Waits the rest/);
		wait_for { !waiting($p) };
		$next->stop;
		my %ids;
		$ids{$_}++ and $twice++ for taken($p);
		my $failures = lines_of($run->err, qr/Execution failed/)
		    + lines_of($next->err, qr/Execution failed/);
		$known += keys %ids;
		# One told failure may have been cut off before it was logged.
		$lost++ if keys(%ids) < $failures - 1 - waiting($p);
	}
	is $lost, 0, "$rounds rounds, $known messages";
	is $twice, 0, 'and none is told twice';
};

subtest 'webhook and ping' => sub {
	my $p = RunnerTest->new;
	my ($hook, $ping) = map { start_server('http-server') } 1 .. 2;
	my ($hooks, $pings) = ($hook->{dir}, $ping->{dir});
	spew("$p->{dir}/token", "Bearer s3cret\n", 0600);
	$p->config("log { format = plain }\nfail_cooldown = 1h\n"
	    . "success_cooldown = 1h\n"
	    . "webhook { url = \"http://127.0.0.1:$hook->{port}/hook\" "
	    . "header = {\"Authorization: \@token\"} }\n"
	    . "task t { ping_url = \"http://127.0.0.1:$ping->{port}/p/1\" }\n");
	$p->task(t => "#!/bin/sh\nsleep 0.5\n[ \$RUNNER_RUN = 2 ] && exit 0\n"
	    . "echo 'app: cannot open db' >&2\nexit 1\n");
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/Posted to webhook: First exception caught/),
	    'a notification is posted';
	ok wait_for { -e "$pings/2.req" }, 'the end is pinged';
	$run->wait_log(qr/Sleeping/);
	$run->kill('USR1');
	ok wait_for { -e "$pings/4.req" }, 'and those of the next run'
	    or diag $run->err;
	$run->stop;
	my ($post) = map { slurp($_) } sort glob "$hooks/*.req";
	like $post, qr/^POST \/hook /, 'by POST';
	like $post, qr/^Authorization: Bearer s3cret\r?$/m,
	    'with the secret from its file';
	like $post, qr/"text":"[^"]*cannot open db/, 'with a text for Slack';
	my @pings = map { slurp("$pings/$_.req") } 1 .. 4;
	is join(' ', map { m{^\w+ (\S+)} } @pings),
	    '/p/1/start /p/1/fail /p/1/start /p/1', 'start, fail, start, done';
	like $pings[1], qr/app: cannot open db/, 'a failure brings its stderr';
	unlike $run->err, qr/s3cret/, 'no secret is logged';
	stop_server($_) for $hook, $ping;
};

subtest 'each of several tasks has its pings' => sub {
	my $p = RunnerTest->new;
	my $ping = start_server('http-server');
	$p->config("log { format = plain }\n" . join '', map {
	    "task $_ { ping_url = \"http://127.0.0.1:$ping->{port}/$_\" }\n" }
	    qw(a b c));
	$p->task($_ => "#!/bin/sh\nexit " . ($_ eq 'a' ? 1 : 0) . "\n")
	    for qw(a b c);
	is +($p->run('once', qw(a b c)))[0], 1, 'once: one of three failed';
	my @asked = map { slurp($_) =~ m{^\w+ (\S+)} } glob "$ping->{dir}/*.req";
	my %asked = map { $_ => 1 } @asked;
	ok $asked{$_}, "$_ was pinged" for qw(/a/fail /b /c);
	stop_server($ping);
};

subtest 'dialects of pings' => sub {
	my $p = RunnerTest->new;
	my $ping = start_server('http-server');
	my $base = "http://127.0.0.1:$ping->{port}";
	spew($p->dir . '/url', "$base/cronitor?env=x\n", 0600);
	$p->config("log { format = plain }\n"
	    . "task good { ping = sentry ping_url = '$base/sentry/?environment=y' }\n"
	    . "task bad { ping = cronitor ping_url_file = url }\n"
	    . "task up { ping = kuma "
	    . "ping_url = '$base/kuma?status=up&msg=OK&ping=' }\n"
	    . "task hc { ping_url = '$base/hc/?rid=%{rid}#x' }\n");
	# Each lasts until its start has been heard of.
	my $until = "#!/bin/sh\nuntil set -- '$ping->{dir}'/*.req; [ \$# -ge %d "
	    . "-a -e \"\$1\" ]; do sleep 0.1; done\n";
	$p->task(good => sprintf $until, 1);
	$p->task(up => "#!/bin/sh\nsleep 0.3\n");
	$p->task(bad => sprintf "$until%s", 3,
	    "echo 'Error: no route & more' >&2\nexit 3\n");
	$p->task(hc => sprintf "$until%s", 6, "exit 1\n");
	$p->run('once', qw(good bad up hc));
	my @asked = map { slurp($_) =~ m{^(\w+ \S+)} }
	    sort { ($a =~ /(\d+)\.req/)[0] <=> ($b =~ /(\d+)\.req/)[0] }
	    glob "$ping->{dir}/*.req";
	my ($id) = $asked[0] =~ /check_in_id=([-0-9a-f]{36})&/;
	like $id, qr/^\w{8}-\w{4}-4\w{3}-[89ab]\w{3}-\w{12}$/, 'a UUID';
	is $asked[0], "GET /sentry/?environment=y&check_in_id=$id"
	    . '&status=in_progress', 'Sentry hears of the start';
	like $asked[1], qr/^GET\ \/sentry\/\?environment=y&check_in_id=$id
	    &status=ok&duration=\d+\.?\d*$/x, 'and of the end of the same run';
	like $asked[2], qr/^GET \/cronitor\?env=x&state=run&series=[-\w]+$/,
	    'Cronitor, by a URL out of a file';
	like $asked[3], qr/^GET\ \/cronitor\?env=x&state=fail&series=[-\w]+
	    &metric=duration:\d+\.?\d*&status_code=3
	    &message=no%20route%20%26%20more$/x, 'and the failure'
	    or diag $asked[3];
	like $asked[4], qr/^GET \/kuma\?status=up&msg=OK&ping=\d{3,}$/,
	    'Uptime Kuma hears of the end only';
	my ($rid) = $asked[5] =~ /^\w+ \/hc\/start\?rid=([-\w]{36})$/;
	ok $rid, 'healthchecks: the suffix stands before the query';
	is $asked[6], "GET /hc/fail?rid=$rid", 'with the same id at the end';
	stop_server($ping);
};

subtest 'test-notify pings too, and says nothing of the task' => sub {
	my $p = RunnerTest->new;
	my $ping = start_server('http-server');
	$p->config("task a { command = true "
	    . "ping_url = \"http://127.0.0.1:$ping->{port}/p\" }\n"
	    . "chain c { tasks = {a, a} }\nchain d { tasks = a }\n");
	my ($status, $out) = $p->run('test-notify');
	is $status, 0, 'it succeeds';
	is lines_of($out, qr/^ping of a: ok: HTTP 200/), 1, 'once for each task'
	    or diag $out;
	my @asked = map { slurp($_) =~ m{^\w+ (\S+)} } glob "$ping->{dir}/*.req";
	is "@asked", '/p/log', 'as a log entry';
	stop_server($ping);
};

subtest 'a ping that is refused' => sub {
	my $p = RunnerTest->new;
	my $ping = start_server('http-server', '--status', '404 Not Found',
	    '--body', "not found\n");
	$p->config("log { format = plain }\nsuccess_cooldown = 20ms\n"
	    . "task t { ping_url = \"http://127.0.0.1:$ping->{port}/p\" }\n");
	$p->task(t => "#!/bin/sh\n");
	my $run = $p->start('run', 't');
	ok wait_for { (() = glob "$ping->{dir}/*.req") > 5 }, 'it is tried on';
	is lines_of($run->err, qr/^WARNING \[t\] Ping refused: HTTP 404: not found/),
	    1, 'it is said once';
	my (undef, $out) = $p->run('status');
	like $out, qr/pings are refused for .*: HTTP 404: not found/,
	    'status shows it';
	require JSON::PP;
	my $t = JSON::PP::decode_json(($p->run('status', '--json'))[1])
	    ->{chains}[0]{tasks}[0];
	like $t->{ping_refused}{answer}, qr/^HTTP 404: not found/, 'in JSON too';
	$run->stop;
	stop_server($ping);
};

subtest 'the body of a ping is cut at a character' => sub {
	my $p = RunnerTest->new;
	my $ping = start_server('http-server');
	$p->config("log { format = plain }\n"
	    . "task t { ping_url = \"http://127.0.0.1:$ping->{port}/p\" }\n");
	$p->task(t => "#!/bin/sh\nfor i in \$(seq 2000); do printf '\\342\\202\\254"
	    . "\\342\\202\\254x'; done >&2\nexit 1\n");
	$p->run('once', 't');
	my ($body) = map { slurp($_) =~ /\r\n\r\n(.*)/s }
	    grep { slurp($_) =~ /^POST/ } glob "$ping->{dir}/*.req";
	cmp_ok length $body, '>', 8000, 'most of the room is used';
	ok utf8::decode(my $copy = $body), 'no character is cut'
	    or diag sprintf '%v02x', substr $body, 0, 8;
	stop_server($ping);
};

subtest 'a ping that hangs delays nothing' => sub {
	my $p = RunnerTest->new;
	my $ping = start_server('http-server', '--act', 'hang');
	$p->config("log { format = plain }\nsuccess_cooldown = 10ms\n"
	    . "task t { ping_url = \"http://127.0.0.1:$ping->{port}/\" }\n");
	$p->task(t => "#!/bin/sh\nexit 0\n");
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/successful/, 10), 'runs go on';
	is $run->stop, 0, 'and stop';
	stop_server($ping);
};

subtest 'test-notify' => sub {
	my $p = RunnerTest->new;
	my $hook = start_server('http-server', '--status', '404 Not Found');
	$p->config("admins = {\"a\@example.test\"}\n"
	    . "mail { url = {\"maildir:box\", \"smtp://127.0.0.1:1\"} }\n"
	    . "webhook { url = \"http://127.0.0.1:$hook->{port}/\" }\n");
	my ($status, $out) = $p->run('test-notify');
	is $status, 1, 'exit 1 when one failed';
	like $out, qr/^maildir:\S+: ok: /m, 'each mail url is tried';
	like $out, qr/^smtp:\S+: failed: /m, 'and says how it went';
	like $out, qr/^webhook: failed: .*404/m, 'the webhook too';
	is scalar(my @mails = glob "$p->{dir}/box/new/*"), 1, 'for real';
	$p->config("log { format = plain }\n");
	is +($p->run('test-notify'))[0], 0, 'exit 0 when all went well';
	stop_server($hook);
};

subtest 'a full disk: told from memory, written later' => sub {
	plan skip_all => 'needs root and a mount' if $>;
	my $p = RunnerTest->new;
	mkdir "$p->{dir}/small";
	system('mount', '-t', 'tmpfs', '-o', 'size=400k', 'tmpfs',
	    "$p->{dir}/small") == 0
	    or plan skip_all => 'cannot mount here';
	my $program = sendmail($p);
	$p->config("log { format = plain }\nrun_root = small/run\n"
	    . "fail_cooldown = 1h\nadmins = {\"a\@example.test\"}\n"
	    . "mail { url = \"sendmail:$program\" }\n");
	$p->task(t => "#!/bin/sh\ncat /dev/zero > $p->{dir}/small/fill "
	    . "2>/dev/null\necho 'app: cannot open db' >&2\nexit 1\n");
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/the queue is closed/), 'it is delivered from memory';
	spew("$p->{dir}/open", '');
	unlink "$p->{dir}/small/fill";
	ok $run->wait_log(qr/Sent email to admins: First/), 'and arrives';
	is scalar(taken($p)), 1, 'once';
	is $run->stop, 0, 'the chain lives';
	system('umount', '-l', "$p->{dir}/small");
};

done_testing;
