# Whom to tell, when, and only once: the policy in whole runs.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

# A chain whose one task prints and ends as the words of `plan` say, in turn:
# "ok", or what it prints to stderr before it fails; the last one for ever.
sub project {
	my ($plan, $config) = @_;
	my $p = RunnerTest->new;
	my $i = 0;
	my $script = "#!/bin/sh\ncase \$RUNNER_RUN in\n";
	for my $step (@$plan) {
		$i++;
		my $case = $i == @$plan ? '*' : $i;
		$script .= $step eq 'ok' ? "$case) exit 0 ;;\n"
		    : "$case) echo 'app: $step' >&2; exit 1 ;;\n";
	}
	$p->task(t => $script . "esac\n");
	$p->config("log { format = plain }\nsuccess_cooldown = 50ms\n"
	    . "fail_cooldown = 50ms\n" . ($config || ''));
	return $p;
}

sub short {
	return map { s/^\[t\] //r =~ s/ exception caught: app: / /r } @_;
}

sub told {
	my ($p, $runs) = @_;
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Sleeping/, $runs);
	wait_for { !(() = glob $p->root . '/outbox/t,*') };
	$run->stop;
	$p->{log_seen} = $run->err;
	return [short $p->subjects];
}

subtest 'what a mail names works wherever it is read' => sub {
	my $p = project(['cannot open a', 'ok']);
	told($p, 2);
	(my $mails = join '', $p->mails) =~ s/=\r?\n//g;
	my ($command) = $mails =~ /^To see more: (.*?)\r?\n/m;
	is index($command, "runner -c @{[$p->dir]}/runner.conf failures"), 0,
	    'it names the configuration';
	$command =~ s/^runner/$RunnerTest::RUNNER/;
	is `cd / && $command`, "app: cannot open a\n", 'and shows the stderr';
	like $p->{log_seen}, qr{Wrote mail to \S+/mail: First},
	    'without admins nobody was sent a mail, and where it is, is said';
};

is_deeply told(project(['cannot open a', ('cannot open a') x 4]), 5),
    ['First cannot open a'], 'the same failure is told once';

is_deeply told(project(['cannot open a', 'cannot open b', 'cannot open a',
    'cannot open b', 'cannot open c', 'cannot open c']), 6),
    ['First cannot open a', 'New cannot open b', 'New cannot open c'],
    'a new one is told, a known one is not';

is_deeply told(project(['cannot open a', 'ok', 'cannot open a', 'ok',
    'cannot open a', 'ok', 'ok']), 7),
    ['First cannot open a', 'Process healed'],
    'no healing of a downtime that nobody was told of';

is_deeply told(project(['cannot open a', 'ok', 'cannot open a', 'ok', 'ok',
    'cannot open a', 'ok', 'ok', 'ok', 'ok'], "heal_after = 3\n"), 9),
    ['First cannot open a', 'Process healed'],
    'heal_after damps a task that flaps';

is_deeply told(project(['cannot open a', 'cannot open a', 'ok',
    'cannot open a', 'cannot open b', 'cannot open b', 'cannot open c', 'ok',
    'ok'], "notify_after = 3\n"), 9),
    ['First cannot open b', 'New cannot open c', 'Process healed'],
    'what heals before notify_after was nothing';

is_deeply told(project(['cannot open a', 'ok', 'cannot open a', 'ok'],
    "remember = 1ms\n"), 4),
    ['First cannot open a', 'Process healed', 'New cannot open a',
    'Process healed'], 'what is remembered no longer is new again';

is_deeply told(project([map { "cannot open $_" } 'a' .. 'l'],
    "mail { max_per_hour = 4 }\n"), 12)->[0], 'First cannot open a',
    'first goes before the cap';

subtest 'beyond max_per_hour they are held back and counted' => sub {
	my $p = project([(map { "cannot open $_" } 'a' .. 'l'), 'ok'],
	    "mail { max_per_hour = 4 }\n");
	my @subjects = @{told($p, 13)};
	is scalar(grep { !/healed/ } @subjects), 4, 'as many as the cap leave';
	is $subjects[-1], 'Process healed', 'healed goes before new';
	(my $mail = ($p->mails)[-1]) =~ s/=\r?\n//g;
	my $row = qr/^1 x \[t\] new; .*: app: cannot open (\w)\r?\n.*, signature/m;
	is_deeply [$mail =~ /$row/g], ['e' .. 'l'],
	    'which names each failure that was held back' or diag $mail;
};

subtest 'a message is valid whatever the task wrote' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nfail_cooldown = 1h\n");
	$p->task(t => "#!/bin/sh\nprintf 'Error: x\\r\\nBcc: evil\@example."
	    . "org\\r\\n\\r\\n.\\r\\nFrom me\\000\\377\\033[31m\\n' >&2\n"
	    . "exit 1\n");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Sleeping/);
	$run->stop;
	my ($mail) = $p->mails;
	my ($head) = split /\r?\n\r?\n/, $mail;
	unlike $head, qr/^Bcc/m, 'no byte of output becomes a header';
	unlike $mail, qr/[\x00\x1b\xff]/, 'nor reaches the reader raw';
	like $run->err, qr/stderr: Error: x\\x0d$/m,
	    'the log shows control characters';
};

subtest 'a server that hangs never delays the chain' => sub {
	my $p = RunnerTest->new;
	use IO::Socket::INET;
	my $hang = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1')
	    or die;
	my $port = $hang->sockport;
	$p->config("log { format = plain }\nfail_cooldown = 200ms\n"
	    . "mail { url = \"smtp://127.0.0.1:$port\" timeout = 60s }\n"
	    . "admins = {\"root\@localhost\"}\n");
	$p->task(t => "#!/bin/sh\nexit 1\n");
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/Execution failed/, 6), 'runs go on';
	unlike $run->err, qr/Sent email|Wrote mail/, 'nothing is said to be sent';
	is $run->stop, 0, 'and it stops';
	my @waiting = glob $p->root . '/outbox/t,*';
	is scalar(@waiting), 1, 'the message waits in the outbox';
	close $hang;
};

subtest 'each task has its own admins' => sub {
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	# What sendmail is given: the recipients, then the message.
	spew("$dir/sendmail", <<"SH", 0755);
#!/bin/sh
{ echo "for \$*"; cat; echo; } > $dir/sent.\$\$
mv $dir/sent.\$\$ $dir/mail.\$\$
SH
	$p->config("log { format = plain }\nfail_cooldown = 20ms\nsuccess_cooldown = 20ms\n"
	    . "admins = {\"all\@example.org\"}\n"
	    . "mail { url = \"sendmail:$dir/sendmail\" max_per_hour = 8 }\n"
	    . "task own { admins = {\"a\@example.org\", \"b\@example.org\"} }\n"
	    . "chain c { tasks = {own, chains} "
	    . "admins = \"c\@example.org\" }\n");
	# Ten failures of which each is new, then it heals.
	$p->task($_ => "#!/bin/sh\n[ \$RUNNER_RUN -gt 10 ] && exit\n"
	    . "echo \"Error: \$RUNNER_TASK \"x\$(printf '%0*d' \$RUNNER_RUN 0 "
	    . "| tr 0 y) >&2\nexit 1\n") for qw(own chains);
	my ($status) = $p->run('start', 'c');
	is $status, 0, 'it starts';
	my $healed = sub { grep { slurp($_) =~ /^X-Runner-Reason: healed/m }
	    glob "$dir/mail.*" };
	ok wait_for { $healed->() == 2 }, 'both heal' or diag $p->log;
	$p->run('stop', 'c');
	my %seen;
	for my $file (glob "$dir/mail.*") {
		my $mail = slurp($file) =~ s/\r?\n[ \t]+/ /gr;
		my ($for) = $mail =~ /^for (.*)/;
		my ($to) = $mail =~ /^To: (.*?)\r?$/m;
		my ($task) = $mail =~ /^X-Runner-Task: (\w+)/m;
		my @for = sort $for =~ /\S+\@example.org/g;
		$seen{"$task for @for"}++;
		is join(', ', @for), $to, "the header of $task says who gets it";
	}
	for ($healed->()) {
		my $mail = slurp($_);
		my ($task, $other) = $mail =~ /^X-Runner-Task: own/m
		    ? qw(own chains) : qw(chains own);
		like $mail, qr/held back.*\b$task\b/s,
		    "$task tells what was held back of it";
		unlike $mail, qr/\b$other\b/, 'and nothing of the other';
	}
	is_deeply [sort keys %seen], ['chains for c@example.org',
	    'own for a@example.org b@example.org'],
	    'the task\'s own come before the chain\'s, and they before all';
};

subtest 'names as long as names may be' => sub {
	my $p = RunnerTest->new;
	my ($task, $chain) = ('t' x 200, 'c' x 200);
	$p->config("log { format = plain }\nfail_cooldown = 1h\n");
	$p->task($task => "#!/bin/sh\nexit 1\n");
	my $run = $p->start('run', '-n', $chain, $task);
	$run->wait_log(qr/Sent email|Wrote mail/);
	is $run->stop, 0, 'it stops';
	is scalar($p->mails), 1, 'a mail came';
};

# What waits in memory only is not told: the outbox cannot be had, the server
# is away, and then the runner is killed, stopped or replaced.
for my $way (['KILL'], ['TERM'], []) {
	my $end = $way->[0] ? "SIG$way->[0]" : 'an upgrade';
	subtest "a message in memory, and $end" => sub {
		my $p = project(['cannot open a'], "mail { url = "
		    . "\"smtp://127.0.0.1:1\" }\n"
		    . "admins = {\"a\@example.org\"}\n");
		mkdir $p->root;
		spew($p->root . '/outbox', 'in the way');
		my $run = $p->start('run', 't');
		ok $run->wait_log(qr/messages wait in memory/), 'it waits'
		    or return diag $run->err;
		kill $way->[0], $run->pid if $way->[0];
		$run->wait if $way->[0];
		unlink $p->root . '/outbox';
		my $next = $p->start('run', 't');
		ok $next->wait_log(qr/Execution failed/), 'the next runner';
		ok wait_for(sub { () = glob $p->root . '/outbox/t,*' }),
		    'tells it' or diag $next->err;
		$next->stop;
		$run->stop;
		my @waiting = glob $p->root . '/outbox/t,*';
		# One that makes way writes it, and its successor begins afresh.
		ok @waiting == 1 || (@waiting == 2 && !$way->[0]), 'once'
		    or diag "@waiting";
		like slurp($waiting[0]), qr/First exception caught/, 'as it was';
	};
}

done_testing;
