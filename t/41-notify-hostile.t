#!/usr/bin/perl
# runner-notify against SMTP servers that hang, drop, dribble, flood and talk
# nonsense, at every step: it ends in time, with EX_TEMPFAIL, a clean answer,
# and never says that a message was accepted which was not.
use strict;
use warnings;
use FindBin;
use IO::Socket::INET;
use lib "$FindBin::Bin/lib";
use NotifyTest;
use Test::More;

use constant LIMIT_MS => 500;
# The process itself on a busy machine; the limit is what is tested.
use constant SLACK => 6;

my @offers = qw(--offer STARTTLS --offer SMTPUTF8 --offer 8BITMIME);
my $dir = scratch();
my $password = spew("$dir/password", "s3cret\n", 0600);

sub deliver {
	my ($server, @job) = @_;
	my %job = (timeout_ms => 20000, @job);
	return notify(job(url => "smtp://127.0.0.1:$server->{port}",
	    rcpt => 'anna@example.test', %job), $MESSAGE);
}

sub in_time {
	my ($result, $name) = @_;
	ok($result->{seconds} < LIMIT_MS / 1000 + SLACK, "$name: in time")
	    or diag explain $result;
}

for my $step (qw(connect ehlo auth starttls tls mail rcpt data body dot)) {
	for my $action (qw(hang drop dribble nonsense flood)) {
		my @arguments = ('--at', "$step=$action");
		my @job = (timeout_ms => LIMIT_MS, tls => 'none');
		if ($step eq 'starttls' || $step eq 'tls') {
			push @arguments, '--offer', 'STARTTLS';
			push @job, tls => 'required';
		} elsif ($step eq 'auth') {
			push @arguments, '--login', 'runner:s3cret';
			push @job, username => 'runner',
			    password_file => $password;
		}
		my $s = start_server('smtp-server', @arguments);
		my $r = deliver($s, @job);
		is_result($r, EX_TEMPFAIL, qr/./, "$action at $step");
		in_time($r, "$action at $step");
		ok(!-e "$s->{dir}/1.eml", "$action at $step: not stored")
		    or diag slurp("$s->{dir}/log");
		unlike($r->{out}, qr/s3cret|czNjcmV0/,
		    "$action at $step: no secret is told");
		stop_server($s);
	}
}

# Once the message is accepted nothing undoes that.
for my $action (qw(hang drop dribble nonsense flood)) {
	my $s = start_server('smtp-server', '--at', "quit=$action");
	my $r = deliver($s);
	is_result($r, EX_OK, qr/^250 2\.0\.0 Ok/, "$action at QUIT");
	ok($r->{seconds} < SLACK, "$action at QUIT costs no more than a moment")
	    or diag explain $r;
	stop_server($s);
}

# A refusal followed by a QUIT that is not answered stays a refusal.
for my $action (qw(hang drop dribble nonsense flood)) {
	my $s = start_server('smtp-server', '--at', "quit=$action", '--at',
	    'rcpt=550 5.1.1 nobody');
	my $r = deliver($s);
	is_result($r, EX_UNAVAILABLE, qr/^550 5\.1\.1 nobody/,
	    "refused, then $action at QUIT");
	ok($r->{seconds} < SLACK, 'without waiting for it') or diag explain $r;
	stop_server($s);
}

# Opportunistic TLS: what is offered and does not work is done without.
for my $action (qw(nonsense drop hang)) {
	my $s = start_server('smtp-server', '--offer', 'STARTTLS', '--at',
	    "tls=$action");
	my $r = deliver($s, $action eq 'hang' ? (timeout_ms => 6000) : ());
	is_result($r, EX_OK, qr/^250 2\.0\.0 Ok/,
	    "opportunistic: a handshake met with $action, then without TLS");
	like($r->{out}, qr/^TLS failed, trying without: /, 'which is told');
	stop_server($s);
}
{
	my $s = start_server('smtp-server', '--offer', 'STARTTLS', '--at',
	    'starttls=454 4.7.0 TLS not available');
	is_result(deliver($s), EX_OK, qr/^250/,
	    'opportunistic: STARTTLS refused, then without');
	is_result(deliver($s, tls => 'required'), EX_TEMPFAIL,
	    qr/^454 4\.7\.0 TLS not available/, 'required: not without');
	stop_server($s);
	$s = start_server('smtp-server');
	is_result(deliver($s, tls => 'required'), EX_TEMPFAIL, qr/TLS/,
	    'required, and not offered: not without');
	ok(!-e "$s->{dir}/1.eml", 'and nothing was sent');
	stop_server($s);
}

# Words that are no words.
{
	my $s = start_server('smtp-server', '--at', 'data=binary');
	my $r = deliver($s);
	is_result($r, EX_UNAVAILABLE,
	    qr/^554 5\.0\.0 \\x1b\[31mred\\x07 \\xff\\xfe \\xc2\\x9b/,
	    'control characters and broken UTF-8 are escaped');
	stop_server($s);
	$s = start_server('smtp-server', '--at',
	    'data=550 ' . 'long ' x 20000);
	is_result(deliver($s), EX_UNAVAILABLE,
	    qr/^550 long long/, 'a reply of 100 kB is cut');
	stop_server($s);
	$s = start_server('smtp-server', '--at',
	    'data=' . join '\n', map { "550 line $_" } 1 .. 5000);
	is_result(deliver($s), EX_UNAVAILABLE,
	    qr/^550 line 1 line 2 /, 'so is one of 5000 lines');
	stop_server($s);
}

# A server that hangs leaves time for the next.
{
	my $hangs = start_server('smtp-server', '--at', 'connect=hang');
	my $takes = start_server('smtp-server');
	my $r = notify(job(rcpt => 'anna@example.test', timeout_ms => 6000,
	    map { (url => "smtp://127.0.0.1:$_->{port}") } $hangs, $takes),
	    $MESSAGE);
	is_result($r, EX_OK, qr/^250 2\.0\.0 Ok/,
	    'the second server is reached though the first one hangs');
	like($r->{out}, qr/^passed over: .*tim/i, 'which is told');
	stop_server($_) for $hangs, $takes;
}

# A name server that says nothing.
SKIP: {
	skip 'needs root and mount namespaces', 2
	    if $> || system('unshare -m true 2>/dev/null');
	my $silent = IO::Socket::INET->new(Proto => 'udp',
	    LocalAddr => '127.0.0.153', LocalPort => 53);
	skip "no port 53 for a silent name server", 2 unless $silent;
	spew("$dir/resolv.conf", "nameserver 127.0.0.153\n");
	spew("$dir/hosts", "127.0.0.1 localhost\n");
	spew("$dir/nsswitch.conf", "hosts: files dns\n");
	spew("$dir/wrapper", <<~"END", 0755);
	#!/bin/sh
	for file in resolv.conf hosts nsswitch.conf; do
		mount --bind $dir/\$file /etc/\$file || exit 99
	done
	exec "\$@"
	END
	local $ENV{NOTIFY_WRAPPER} = "unshare -m $dir/wrapper";
	my $r = notify(job(url => 'smtp://mx.nowhere.test',
	    rcpt => 'anna@example.test', timeout_ms => LIMIT_MS), $MESSAGE);
	skip 'cannot bind over /etc/resolv.conf', 2 if $r->{status} eq 99;
	is_result($r, EX_TEMPFAIL, qr/mx\.nowhere\.test|time/,
	    'a silent name server');
	in_time($r, 'a silent name server');
}
done_testing();
