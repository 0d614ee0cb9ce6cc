#!/usr/bin/perl
# runner-notify's webhook and ping against an HTTP server that answers
# everything there is to answer, hangs, dribbles and floods.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use NotifyTest;
use Test::More;

my $json = '{"text": "it failed", "reason": "first"}';
my $dir = scratch();
delete @ENV{grep { /_proxy$/i } keys %ENV};

sub hook {
	my ($s, @more) = @_;
	return notify(job(kind => 'webhook',
	    url => "http://127.0.0.1:$s->{port}/services/t0ken", @more), $json);
}

sub ping {
	my ($s, $body, @more) = @_;
	return notify(job(kind => 'ping',
	    url => "http://127.0.0.1:$s->{port}/uuid/fail", @more), $body);
}

{
	my $secret = spew("$dir/secret", "Bearer s3cret\n", 0600);
	my $s = start_server('http-server', '--body', "ok\nmore\n");
	is_result(hook($s, header => 'X-Team: red',
	    header => "Authorization: \@$secret"), EX_OK, qr/^HTTP 200: ok$/,
	    'a webhook is accepted');
	my ($head, $body) = split /\r\n\r\n/, slurp("$s->{dir}/1.req"), 2;
	is($body, $json, 'its body is the JSON');
	like($head, qr/^POST \/services\/t0ken HTTP\/1\.1\r\n/, 'by POST');
	like($head, qr/^Content-Type: application\/json\r$/mi, 'named so');
	like($head, qr/^X-Team: red\r$/m, 'with its header');
	like($head, qr/^Authorization: Bearer s3cret\r$/m,
	    'and the one from a file');
	like($head, qr/^User-Agent: runner\/\d+\.\d+\.\d+\r$/m, 'it is runner');
	unlike($head, qr/^Expect:/mi, 'no Expect');
	hook($s, header => 'Content-Type: application/vnd.x+json');
	my @types = slurp("$s->{dir}/2.req") =~ /^Content-Type: (\S*)/mgi;
	is("@types", 'application/vnd.x+json', 'Content-Type may be replaced');

	my $open = spew("$dir/open", "Bearer s3cret\n", 0644);
	is_result(hook($s, header => "Authorization: \@$open"), EX_CONFIG,
	    qr/^\Q$open\E: .*chmod 600/, 'a secret that others can read');
	is_result(hook($s, header => "Authorization: \@$dir/none"), EX_CONFIG,
	    qr/No such file/, 'a secret that is missing');
	my $odd = spew("$dir/odd", "a\rX-Evil: 1\n", 0600);
	is_result(hook($s, header => "Authorization: \@$odd"), EX_CONFIG,
	    qr/control character/, 'a secret that would be two headers');
	for my $bad ('no colon', ': x', 'a b: c', 'X:', 'X-Empty: ') {
		is_result(hook($s, header => $bad), EX_CONFIG, qr/^header: /,
		    "'$bad' is no header");
	}
	stop_server($s);
}

my %status = (
	(map { $_ => EX_OK } 200, 201, 202, 204, 299),
	(map { $_ => EX_CONFIG } 301, 302, 303, 307, 308),
	(map { $_ => EX_UNAVAILABLE } 400, 401, 403, 404, 405, 410, 413, 422),
	(map { $_ => EX_TEMPFAIL } 408, 425, 429, 500, 502, 503, 504, 599),
);
for my $status (sort keys %status) {
	my $s = start_server('http-server', '--status', "$status Reason",
	    '--header', 'Location: http://127.0.0.1:1/elsewhere');
	my $r = hook($s);
	is_result($r, $status{$status}, qr/^HTTP $status/, "HTTP $status");
	unlike($r->{out}, qr/t0ken/, 'the URL is not told');
	ok(!-e "$s->{dir}/2.req", 'nor sent again');
	stop_server($s);
}

{
	my $s = start_server('http-server', '--status', '400 Bad',
	    '--body', "\r\n\e[31mwhy\x01\xff " . 'x' x 9999 . "\nnext");
	is_result(hook($s), EX_UNAVAILABLE,
	    qr/^HTTP 400: \\x1b\[31mwhy\\x01\\xff x+ \(127\.0\.0\.1:\d+\)$/,
	    'the first line of the answer is cut and escaped');
	stop_server($s);
	is_result(hook($s), EX_TEMPFAIL, qr/onnect/, 'nobody there');
}

for my $row (
	[hang => EX_TEMPFAIL], [drop => EX_TEMPFAIL], [dribble => EX_TEMPFAIL],
	[nonsense => EX_TEMPFAIL], [flood => EX_OK], [stall => EX_OK],
    ) {
	my ($act, $want) = @$row;
	my $s = start_server('http-server', '--act', $act);
	my $r = hook($s, timeout_ms => 600);
	is_result($r, $want, qr/./, "a server that does $act");
	ok($r->{seconds} < 6.6, 'in time') or diag $r->{seconds};
	stop_server($s);
}

# Ping.
{
	my $s = start_server('http-server');
	is_result(ping($s, ''), EX_OK, qr/^HTTP 200: ok$/, 'a ping');
	like(slurp("$s->{dir}/1.req"),
	    qr/^GET \/uuid\/fail HTTP\/1\.1\r\n(?!.*Content-Length)/s,
	    'is a GET without body');
	is_result(ping($s, "Traceback\nit failed\n"), EX_OK, qr/^HTTP 200/,
	    'a ping with a body');
	like(slurp("$s->{dir}/2.req"),
	    qr/^POST \/uuid\/fail HTTP.*\r\n\r\nTraceback\nit failed\n$/s,
	    'is a POST of it, as it is');
	stop_server($s);
	$s = start_server('http-server', '--status', '404 Not Found',
	    '--body', '(not found)');
	is_result(ping($s, ''), EX_UNAVAILABLE, qr/^HTTP 404: \(not found\)/,
	    'an unknown check');
	stop_server($s);
}

for my $url ('ftp://127.0.0.1/', 'file:///etc/passwd', 'smtp://127.0.0.1',
    'http://', 'nonsense:', 'https://127.0.0.1:x/') {
	is_result(notify(job(kind => 'webhook', url => $url), $json), EX_CONFIG,
	    qr/./, "$url is no webhook");
}

# HTTPS, from a server that openssl is; skipped where there is none.
SKIP: {
	skip 'no openssl', 5 if system 'openssl version >/dev/null 2>&1';
	my $make = sub {
		my ($name) = @_;
		system("openssl req -x509 -newkey rsa:2048 -nodes -days 3 " .
		    "-subj /CN=localhost -addext " .
		    "subjectAltName=DNS:localhost -keyout $dir/$name.key " .
		    "-out $dir/$name.pem 2>/dev/null") and die;
	};
	$make->('server');
	$make->('other');
	spew("$dir/answer", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n" .
	    "Connection: close\r\n\r\nok\n");
	my $https = sub {
		my ($host, @more) = @_;
		my $pid = open my $from, '-|', "exec openssl s_server " .
		    "-accept 127.0.0.1:0 -naccept 1 -cert $dir/server.pem " .
		    "-key $dir/server.key <$dir/answer 2>&1" or die;
		my ($port, $line);
		while (defined($line = <$from>)) {
			last if ($port) = $line =~ /^ACCEPT 127.0.0.1:(\d+)/;
		}
		my $r = notify(job(kind => 'ping', timeout_ms => 5000,
		    url => "https://$host:$port/x", @more), '');
		kill 'TERM', $pid;
		close $from;
		return $r;
	};
	is_result($https->('localhost', ca_file => "$dir/server.pem"), EX_OK,
	    qr/^HTTP 200: ok/, 'https with its ca_file');
	is_result($https->('localhost'), EX_TEMPFAIL, qr/certificate/i,
	    'https without');
	is_result($https->('localhost', ca_file => "$dir/other.pem"),
	    EX_TEMPFAIL, qr/certificate/i, 'https with another');
	is_result($https->('127.0.0.1', ca_file => "$dir/server.pem"),
	    EX_TEMPFAIL, qr/127\.0\.0\.1|subject/i,
	    'https, certified for another name');
	is_result($https->('localhost', ca_file => "$dir/none.pem"), EX_CONFIG,
	    qr/^ca_file \Q$dir\E\/none\.pem: No such file/, 'no ca_file');
}
done_testing();
