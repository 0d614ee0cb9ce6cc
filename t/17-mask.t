# What is secret leaves the machine as ***, and stays in the log.
use strict;
use warnings;
use FindBin;
use MIME::Base64;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

my $p = RunnerTest->new;
my $dir = $p->dir;
my @secrets = qw(hunter2-db s3cr3t-from-file 1234-5678 tok3n99 k9-bearer-x);
spew("$dir/env", "API_KEY=s3cr3t-from-file\nMODE=production\nN=1\n", 0600);

# What is posted to a port goes to a file.
sub server {
	my $pid = open my $out, '-|', 'perl', "$FindBin::Bin/lib/http-server",
	    '--life', 120, "$dir/posted" or die;
	my $port = <$out>;
	chomp $port;
	return ($pid, $port, $out);
}
mkdir "$dir/posted";
my ($server, $port, $handle) = server();

$p->config("log { format = plain }\nfail_cooldown = 1h\n"
    . "mask = \"[0-9]{4}-[0-9]{4}\"\n"
    . "webhook { url = \"http://127.0.0.1:$port/hook\" }\n"
    . "task t { environment_file = env "
    . "ping_url = \"http://127.0.0.1:$port/ping\" }\n");
$p->task(t => "#!/bin/sh\necho 'Error: cannot log in with password=hunter2-db "
    . "and 1234-5678 in production' >&2\n"
    . "echo \"curl: token=tok3n99 Bearer k9-bearer-x 1 \$API_KEY\" >&2\n"
    . "echo \"out \$API_KEY\"\nexit 1\n");
my $run = $p->start('run', 't');
ok $run->wait_log(qr/Sleeping/), 'a run';
ok wait_for { my @all = glob "$dir/posted/*.req"; @all >= 3 },
    'what is posted comes' or diag $run->err;
$run->stop;
kill 'TERM', $server;
close $handle;

my ($mail) = $p->mails;
my $posted = join "\n", map { slurp($_) } glob "$dir/posted/*.req";
my ($status, $page) = $p->run('report');
is $status, 0, 'a report';
my $plain = $mail =~ s/=\r?\n//gr =~ s/=([0-9A-F]{2})/chr hex $1/ger;
for my $row (['the mail', $plain], ['webhook and ping', $posted],
    ['the report', $page]) {
	my ($name, $text) = @$row;
	for my $secret (@secrets) {
		unlike $text, qr/\Q$secret\E/, "$name has no $secret";
	}
	like $text, qr/cannot log in with password=\*\*\* and \*\*\* in production/,
	    'but the rest of the message' or diag $text;
}
like $mail, qr/^Subject: .*password.{0,4}\*\*\*/m, 'the subject says so too';
like $posted, qr/Bearer \*\*\* 1 \*\*\*/, 'a short value is no secret';
for my $secret (@secrets) {
	like $run->err, qr/\Q$secret\E/, "the log has $secret";
}

my $q = RunnerTest->new;
$q->config("log { format = plain }\nfail_cooldown = 1h\nmask_secrets = false\n");
$q->task(t => "#!/bin/sh\necho 'Error: password=hunter2-db' >&2\nexit 1\n");
$q->run('once', 't');
like +($q->mails)[0], qr/hunter2-db/, 'mask_secrets = false masks nothing';

# Half a secret is no secret to a mask: where a text is cut nothing is left.
my $h = RunnerTest->new;
spew($h->dir . '/env', "DBSEC=zq8Kd72mWx91Lp4TtRv63Hn5\n", 0600);
$h->config("log { format = plain }\nfail_cooldown = 1h\n"
    . "mask = \"[0-9]{4}(-[0-9]{4}){3}\"\n"
    . "mail { max_per_hour = 100 }\n"
    . join '', map "task $_ { environment_file = env }\n", qw(value card gap));
my $x = 'x' x 100;
$h->task(value => "#!/bin/sh\necho \"Error: $x login \$DBSEC and " . 'y' x 90
    . " for customer: it was refused by the bank because\" >&2\nexit 1\n");
$h->task(card => "#!/bin/sh\necho \"Error: xxxx$x card 1234-5678-9012-3456 and "
    . 'y' x 90 . " for customer: it was refused by the bank because\" >&2\n"
    . "exit 1\n");
$h->task(gap => "#!/bin/sh\n"
    . "yes \"login in \$DBSEC\" | head -n 24000 >&2\n"
    . "yes \"token \$DBSEC\" | head -n 400\nexit 1\n");
for my $task (qw(value card gap)) {
	$h->run('once', $task);
	my $mail = join '', map { slurp($_) }
	    glob $h->root . '/mail/new/*';
	unlink glob $h->root . '/mail/new/*';
	$mail =~ s{((?:^[\w+/]{76}\r?\n)+[\w+/]+)}{decode_base64($1)}gme;
	$mail =~ s/=\r?\n//g;
	$mail =~ s/=\?utf-8\?q\?(.*?)\?=(\r?\n )?/$1/gi;
	like $mail, qr/\*\*\*|=2A=2A=2A/, "$task: it is masked";
	(my $plain = $mail) =~ s/=([0-9A-F]{2})/chr hex $1/ge;
	$plain =~ s/(.{0,30}\*\*\*\r?\n)+/$1/g;
	unlike $plain, qr/q8Kd|72mW|91Lp|4TtR|v63H|1234-5|9012-3/,
	    'where it is cut too';
	unlike $plain, qr/^ *\S*(Hn5|n5)\r?$/m, 'nor its end';
}
$page = ($h->run('report'))[1];
unlike $page, qr/q8Kd72|91Lp4T|1234-5/, 'nor in the report';
like +($h->run('failures', '--show', ($h->run('failures'))[1] =~
    /\b([0-9a-f]{16})\b/))[1], qr/zq8Kd72mWx91Lp4TtRv63Hn5|1234-5678/,
    'what is kept has it';

# A report knows of every environment_file, wherever it is named.
for my $row (['the top level' => "environment_file = env\n"],
    ['a task that is gone' => "task t { environment_file = env }\n"],
    ['a chain whose words name no section' => "environment_file = env\n"
	    . "chain c { tasks = {t} }\n", 'c'],
    ['the last of many files' => join '', map {
	    "task t$_ { command = true environment_file = env$_ }\n" } 0 .. 2]) {
	my ($name, $config, $chain) = @$row;
	my $r = RunnerTest->new;

	$r->config("log { format = plain }\nfail_cooldown = 1h\n$config");
	spew($r->dir . "/env$_", join('', map { "A$_=some-value-$_\n" }
	    $_ * 60 .. $_ * 60 + 59) . "KEY=the-secret-is$_\n", 0600) for 0 .. 2;
	spew($r->dir . '/env', "KEY=the-secret-is2\n", 0600);
	$r->task(t => "#!/bin/sh\necho no the-secret-is2 >&2\nexit 1\n");
	$r->run('once', $chain ? ('-n', $chain) : 't');
	$r->run('ack', 't', '-m', 'it is the-secret-is2');
	unlink $r->dir . '/tasks/t' if $name =~ /gone/;
	my $shown = ($r->run('report'))[1];
	like $shown, qr/no \*\*\*/, "a report masks the file of $name";
	unlike $shown, qr/the-secret/, 'wherever it is';
}

# What somebody said of a downtime is told with it.
my $k = RunnerTest->new;
$k->config("notify_command = {\"sh\", \"-c\", \"cat >>'" . $k->dir
    . "/json'\"}\nmask = \"[0-9]{4}-[0-9]{4}\"\n");
$k->task(t => "#!/bin/sh\ncat tasks/words >&2\nexit 1\n");
for my $words ('one thing', 'another thing') {
	spew($k->dir . '/tasks/words', "error: $words\n");
	$k->run('once', 't');
	$k->run('ack', '-m', 'see http://x/?token=abcdef123456 4321-1234', 't');
}
my ($known) = grep { /^Acknowledged: /m } $k->mails;
like $known, qr/^Acknowledged: .*: see http.*\*\*\*/m, 'so is who knows of it';
unlike $known . slurp($k->dir . '/json'), qr/abcdef123456|4321-1234/,
    'without secrets, on every channel';
like slurp($k->dir . '/json'), qr/"acknowledged_why": ?"see/, 'in the JSON too';

# What a channel says when it refuses is told on the others.
my $s = RunnerTest->new;
$s->config("log { format = plain }\nfail_cooldown = 1h\n"
    . "notify_command = {\"sh\", \"-c\", "
    . "\"echo 'http://x/?token=abcdef123456' 4321-1234; exit 1\"}\n"
    . "mask = \"[0-9]{4}-[0-9]{4}\"\n");
$s->task(t => "#!/bin/sh\nexit 1\n");
$s->run('once', 't');
my ($refusal) = grep { /refused by notify_command/ } $s->mails;
ok $refusal, 'that a program refused is told';
unlike $refusal, qr/abcdef123456|4321-1234/, 'without its secrets';

done_testing;
