# Channels against the real thing, where Debian has it: Alertmanager shows an
# alert firing and resolved, apprise delivers what the manual's recipe gives it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use HTTP::Tiny;
use IO::Socket::INET;
use JSON::PP;
use RunnerTest;
use Test::More;

delete @ENV{grep { /_proxy$/i } keys %ENV};
my (@pids, @kept);

END {
	my $status = $?;
	kill 'TERM', @pids if @pids;
	waitpid $_, 0 for @pids;
	$? = $status;
}

sub free_port {
	my $socket = IO::Socket::INET->new(Listen => 1,
	    LocalAddr => '127.0.0.1') or die;
	return $socket->sockport;
}

sub has {
	my ($program) = @_;
	return !system "command -v $program >/dev/null 2>&1";
}

# A task that fails until the file `mended` is there.
sub task {
	my ($p) = @_;
	$p->task(t => "#!/bin/sh\ntest -e mended && exit 0\n" .
	    "echo 'app: it <broke>' >&2\nexit 1\n");
	return;
}

subtest 'Alertmanager' => sub {
	plan skip_all => 'no prometheus-alertmanager'
	    unless has('prometheus-alertmanager');
	my $p = RunnerTest->new;
	my $port = free_port();
	RunnerTest::spew($p->dir . '/am.yml',
	    "route: { receiver: nobody }\nreceivers: [ { name: nobody } ]\n");
	my $pid = fork // die;
	if (!$pid) {
		open STDOUT, '>', $p->dir . '/am.log';
		open STDERR, '>&', \*STDOUT;
		exec {'prometheus-alertmanager'} 'alertmanager', '--cluster.listen-address=',
		    '--config.file=' . $p->dir . '/am.yml', '--storage.path=' .
		    $p->dir . '/am', "--web.listen-address=127.0.0.1:$port" or POSIX::_exit(1);
	}
	push @pids, $pid;
	my $http = HTTP::Tiny->new(timeout => 5);
	my $url = "http://127.0.0.1:$port/api/v2/alerts";
	my $alerts = sub {
		my ($query) = @_;
		my $r = $http->get("$url?$query");
		return $r->{success} ? decode_json($r->{content}) : undef;
	};
	ok +(wait_for { $alerts->('') } 30), 'it is up'
	    or diag RunnerTest::slurp($p->dir . '/am.log');
	task($p);
	$p->config("log { format = plain }\nfail_cooldown = 100ms\n" .
	    "success_cooldown = 1h\nwebhook pager { preset = alertmanager " .
	    "url = \"$url\" }\n");
	my $run = $p->start('run', '-n', 'c', 't');
	ok +(wait_for { scalar @{$alerts->('active=true') || []} } 30),
	    'an alert fires' or diag $run->err;
	my ($alert) = @{$alerts->('active=true')};
	is $alert->{status}{state}, 'active', 'it is active';
	is_deeply [@{$alert->{labels}}{qw(alertname chain task)}],
	    ['RunnerTaskFails', 'c', 't'], 'and says of what';
	like $alert->{annotations}{description}, qr/app: it <broke>/,
	    'and why';
	RunnerTest::spew($p->dir . '/mended', '');
	ok +(wait_for {
		my $now = $alerts->('active=true');
		$now && !@$now;
	} 30),
	    'it is resolved when the task has healed' or diag $run->err;
	$run->stop;
	is scalar(() = glob $p->root . '/outbox/refused/*'), 0,
	    'nothing was refused';
};

subtest 'apprise' => sub {
	plan skip_all => 'no apprise' unless has('apprise');
	my $p = RunnerTest->new;
	mkdir $p->dir . '/http';
	my $pid = open my $from, '-|', $p->lib . '/http-server',
	    $p->dir . '/http' or die;
	chomp(my $port = <$from>);
	push @pids, $pid;
	push @kept, $from; # its end would be waited for
	task($p);
	RunnerTest::spew($p->dir . '/apprise.conf',
	    "json://127.0.0.1:$port/notify\n");
	$p->config("log { format = plain }\nfail_cooldown = 1h\n" .
	    "notify_command = {\"apprise\", \"-t\", \"%{subject}\", \"-b\", " .
	    "\"%{summary}\", \"--config=apprise.conf\"}\n");
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/Told notify_command: First/), 'it is told';
	$run->stop;
	my $request = RunnerTest::slurp($p->dir . '/http/1.req');
	my ($json) = $request =~ /\r\n\r\n(.*)/s;
	my $sent = decode_json($json || '{}');
	is $sent->{title}, '[t] First exception caught: app: it <broke>',
	    'the subject is the title';
	like $sent->{message}, qr/exit status 1, 1 failure in a row/,
	    'the summary the message';
};

done_testing;
