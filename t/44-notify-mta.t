#!/usr/bin/perl
# runner-notify and a real mail server: STARTTLS, TLS from the first byte,
# certificates, AUTH, a mailbox at the end of it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use NotifyTest;
use Test::More;

my $dir = scratch();
my $mta = "$FindBin::Bin/lib/mta";
my $started = system($mta, 'start', $dir) >> 8;
plan skip_all => 'needs Postfix, the SASL tools, openssl, and root'
    if $started == 77;
die 'the mail server did not start' if $started;
END {
	my $status = $?;
	system $mta, 'stop', $dir if defined $dir && -e "$dir/pid";
	$? = $status;
}
my %mta = map { chomp; split /=/, $_, 2 } split /^/, slurp("$dir/settings");
my $accepted = qr/^250 2\.0\.0 Ok: queued as \w+$/;
my $count = 0;

sub deliver {
	my ($url, @more) = @_;
	my %more = (rcpt => 'anna@example.test', @more);
	$count++;
	my $message = $MESSAGE;
	$message =~ s/^Message-ID:.*?\r/Message-ID: <$count\@test>\r/m;
	return notify(job(url => $url, %more), $message);
}

# The mailbox has the message that was sent last.  Returns it.
sub arrived {
	my ($who) = @_;
	my $found;
	wait_for(30, sub {
		for my $path (glob "$mta{mail}/$who/new/*") {
			my $message = slurp($path) // next;
			return $found = $message
			    if $message =~ /^Message-ID: <$count\@test>$/m;
		}
		return 0;
	}) or diag slurp($mta{log});
	return $found // '';
}

sub is_delivered {
	my ($result, $name) = @_;
	is_result($result, EX_OK, $accepted, $name);
	my $message = arrived('anna');
	(my $body = $MESSAGE) =~ s/\r\n/\n/g;
	$body =~ s/.*?\n\n//s;
	like($message, qr/\n\n\Q$body\E\z/, "$name: its body is in the mailbox");
	return $message;
}

my $port = "smtp://localhost:$mta{port}";
my $submission = "smtp://localhost:$mta{submission}";
my $smtps = "smtps://localhost:$mta{smtps}";
my @login = (username => $mta{user}, password_file => $mta{password_file});
my @ca = (ca_file => $mta{ca});

# TLS as it is asked for.
my $m = is_delivered(deliver($port, tls => 'none'), 'tls = none');
unlike($m, qr/using TLS/, 'is in the clear');
like($m, qr/^Return-Path: <runner\@example\.test>$/m, 'from our sender');
$m = is_delivered(deliver($port), 'opportunistic');
like($m, qr/using TLS/, 'is encrypted, unverifiable certificate or not');
$m = is_delivered(deliver($port, ca_file => $mta{other_ca}),
    'opportunistic, with a ca_file that does not fit');
like($m, qr/using TLS/, 'is encrypted too');
$m = is_delivered(deliver($port, tls => 'required', @ca), 'required');
like($m, qr/using TLS/, 'is encrypted');

for my $row (
	[$port, 'the system\'s certificates'],
	[$port, 'another CA', ca_file => $mta{other_ca}],
	["smtp://127.0.0.2:$mta{port}", 'nobody at that address', @ca],
	[$smtps, 'smtps, the system\'s certificates', @login],
	[$smtps, 'smtps and tls = none, another CA', @login, tls => 'none',
	    ca_file => $mta{other_ca}],
    ) {
	my ($url, $name, @more) = @$row;
	my %more = (tls => 'required', @more);
	is_result(deliver($url, %more), EX_TEMPFAIL,
	    qr/certificate|SSL|onnect/, "required: $name");
}
is_result(deliver($port, tls => 'required', ca_file => "$dir/none.pem"),
    EX_CONFIG, qr/^ca_file .*No such file/, 'required: no ca_file');
is_result(deliver($port, tls => 'required',
    ca_file => spew("$dir/bad.pem", "not a certificate\n")), EX_CONFIG,
    qr/./, 'required: a ca_file with no certificate in it');

# AUTH.
$m = is_delivered(deliver($submission, tls => 'required', @ca, @login),
    'AUTH over STARTTLS');
$m = is_delivered(deliver($smtps, @ca, @login), 'AUTH over smtps');
$m = is_delivered(deliver($submission, @login),
    'AUTH over opportunistic TLS to this host');
is_result(deliver($submission, tls => 'required', @ca), EX_UNAVAILABLE,
    qr/^554 5\.7\.1 .*denied/i, 'without AUTH it is refused');
is_result(deliver($submission, tls => 'none'), EX_CONFIG,
    qr/^530 5\.7\.0 Must issue a STARTTLS/, 'without TLS as well');
spew("$dir/wrong", "wrong\n", 0600);
is_result(deliver($submission, @ca, username => $mta{user},
    password_file => "$dir/wrong"), EX_CONFIG,
    qr/^535 5\.7\.8 .*authentication failed/, 'a wrong password');

# Recipients.
my $r = deliver($port, rcpt => "nobody\@example.test\nrcpt ben\@example.test");
is_result($r, EX_OK, $accepted, 'an unknown recipient beside a known one');
like($r->{out}, qr/^refused nobody\@example\.test: 550 5\.1\.1 /,
    'is named with the server\'s words');
like(arrived('ben'), qr/It failed/, 'and the known one has it');
is_result(deliver($port, rcpt => 'nobody@example.test'), EX_UNAVAILABLE,
    qr/^550 5\.1\.1 /, 'an unknown one alone');
is_result(deliver($port, rcpt => 'a@elsewhere.test'), EX_UNAVAILABLE,
    qr/^554 5\.7\.1 .*Relay access denied/, 'no relaying');
is_result(deliver($port, rcpt => "j\xc3\xb6rg\@example.test"),
    EX_UNAVAILABLE, qr/^550 5\.1\.1 <j\xc3\xb6rg/,
    'an address in UTF-8 reaches the server as it is');
unlike(slurp($mta{log}), qr/s3cret/, 'no password in the server\'s log');
done_testing();
