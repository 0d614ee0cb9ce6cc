#!/usr/bin/perl
# runner-notify run by root: it is the user of the job, or nobody on a network.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use NotifyTest;
use RunnerTest ();
use Test::More;

plan skip_all => 'only root can become somebody else' if $>;
delete @ENV{grep { /_proxy$/i } keys %ENV};
my $json = '{"chain": "c", "task": "t", "reason": "first"}';
my $nobody = getpwnam 'nobody';
my $dir = scratch();
my $secret = spew("$dir/secret", "Bearer x\n", 0600);

sub command {
	my ($words, @more) = @_;
	return notify(job(kind => 'command', (map { (word => "\"$_\"") }
	    @$words), @more), $json);
}

is_result(command(['id', '-u'], user => 'nobody'), EX_OK,
    qr/^id: accepted: $nobody$/, 'a program runs as the user');
is_result(command(['id', '-G'], user => 'nobody'), EX_OK,
    qr/^id: accepted: \d+$/, 'with no group of root');
is_result(command(['id', '-u']), EX_OK, qr/^id: accepted: 0$/,
    'and as root where nobody else is named');
is_result(command(['id'], user => 'nosuchuser'), EX_CONFIG, qr/nosuchuser/,
    'a user that is not there');
is_result(command(["$dir/none"]), EX_CONFIG, qr/cannot be executed/,
    'a program that is not there');

# The users of the processes that come of a process.
sub users_below {
	my ($top) = @_;
	my (%parent, %user);
	for my $status (glob '/proc/[0-9]*/status') {
		my $text = slurp($status) // next;
		my ($pid) = $status =~ /(\d+)/;
		($parent{$pid}) = $text =~ /^PPid:\s+(\d+)/m;
		($user{$pid}) = $text =~ /^Uid:\s+\d+\s+(\d+)/m;
	}
	my %below = ($top => 1);
	for (1 .. 4) {
		$below{$_} = 1 for grep { $below{$parent{$_} // 0} } keys %parent;
	}
	return map { $user{$_} // () } keys %below;
}

for my $row (
	[[kind => 'webhook', header => "Authorization: \@$secret"], 'http',
	    'a webhook'],
	[[kind => 'ping'], 'http', 'a ping'],
	[[rcpt => 'a@example.test'], 'smtp', 'a mail'],
    ) {
	my ($job, $scheme, $name) = @$row;
	my $s = $scheme eq 'http' ? start_server('http-server', '--act', 'hang')
	    : start_server('smtp-server', '--at', 'mail=hang');
	my $pid = fork // die;
	if (!$pid) {
		notify(job(@$job, timeout_ms => 4000,
		    url => "$scheme://127.0.0.1:$s->{port}/"), $json);
		POSIX::_exit(0);
	}
	ok(wait_for(3, sub { grep { $_ == $nobody } users_below($pid) }),
	    "$name is sent by nobody");
	waitpid $pid, 0;
	stop_server($s);
}

is_result(notify(job(kind => 'webhook', url => 'http://127.0.0.1:1/',
    user => 'nobody', header => "Authorization: \@$secret"), $json), EX_CONFIG,
    qr/secret: Permission denied$/, 'a secret is read as the user');

# A chain of another user, whose channels note who runs them.
subtest 'what a chain with a user tells, root does not run' => sub {
	my $p = RunnerTest->new;
	my $home = $p->dir;
	my $daemon = getpwnam 'daemon';
	chmod 0755, $home;
	mkdir "$home/seen";
	chmod 01777, "$home/seen";
	spew("$home/$_", "#!/bin/sh\nid -u >'$home/seen/$_.'\$\$\n", 0755)
	    for qw(tell sendmail);
	spew("$home/key", "Bearer x\n", 0600);
	my $server = start_server('http-server');
	$p->config("log { format = plain }\nfail_cooldown = 1h\n" .
	    'admins = {"a@example.org"}' .
	    "\nmail { url = \"sendmail:$home/sendmail\" }\n" .
	    "notify_command = {\"$home/tell\"}\n" .
	    "webhook { url = \"http://127.0.0.1:$server->{port}/\" " .
	    "header = {\"Authorization: \@$home/key\"} }\n" .
	    "task t { ping_url = \"http://127.0.0.1:$server->{port}/p\" }\n" .
	    "task alone { ping_url = \"http://127.0.0.1:$server->{port}/a\" " .
	    "command = true }\n" .
	    "chain c { tasks = {t} user = daemon }\n");
	$p->task(t => "#!/bin/sh\nexit 1\n");
	my $seen = sub {
		my @all = map { m{(\w+)\.\d+$} && "$1." . slurp($_) }
		    glob "$home/seen/*";
		return [sort @all];
	};
	my @want = ("sendmail.$daemon\n", "tell.$daemon\n");
	is((($p->run('start'))[0]), 0, 'root starts it');
	wait_for(20, sub { @{$seen->()} == 2 });
	$p->run('stop');
	is_deeply $seen->(), \@want, 'the user runs both programs';
	unlink glob "$home/seen/*";
	my ($status, $out) = $p->run('test-notify');
	is_deeply $seen->(), \@want, 'also when root tests them';
	is $status, 1, 'test-notify fails';
	like $out, qr/^webhook as daemon: failed: \S+key: Permission denied$/m,
	    'for the secret that the user cannot read';
	like $out, qr/^notify_command as daemon: ok: /m, 'the program is tried';
	like $out, qr/^ping of t as daemon: ok: HTTP 200/m, 'and the ping' or diag $out;
	like $out, qr/^ping of alone: ok: HTTP 200/m, 'of every task';
	stop_server($server);
};

done_testing();
