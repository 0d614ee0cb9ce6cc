#!/usr/bin/perl
# runner-notify against an SMTP server that does what a good one does, and
# refuses and defers at every step: exit status, words, what was stored.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use NotifyTest;
use Test::More;

my @rcpt = (rcpt => 'anna@example.test');

sub deliver {
	my ($server, @job) = @_;
	@job = @rcpt unless @job;
	return notify(job(url => "smtp://127.0.0.1:$server->{port}", @job),
	    $MESSAGE);
}

{
	my $s = start_server('smtp-server');
	my $r = deliver($s);
	is_result($r, EX_OK, qr/^250 2\.0\.0 Ok: queued as 4F3$/,
	    'a message is accepted, and the answer is the server\'s');
	is(slurp("$s->{dir}/1.eml"), $MESSAGE,
	    'it arrives byte for byte, dots at line starts too');
	like(slurp("$s->{dir}/1.env"),
	    qr/^MAIL FROM:<runner\@example\.test>\nRCPT TO:<anna\@example\.test>\n$/,
	    'with its envelope');
	ok(wait_for(5, sub { slurp("$s->{dir}/log") =~ /^C: QUIT$/m }),
	    'and we say goodbye') or diag slurp("$s->{dir}/log");
	stop_server($s);
}

# Line ends and dots, over bodies of many shapes and sizes; the pieces in
# which libcurl sends (16 and 64 KiB) must not matter.
{
	my $s = start_server('smtp-server');
	my $head = "Subject: x\r\n\r\n";
	my %bodies = (
		'a dot as its first byte' => ".\r\nx\r\n",
		'only dots' => "..\r\n...\r\n.\r\n.\r\n",
		'no line end at its end' => "last line",
		'a dot without line end at its end' => "x\r\n.",
		'no body' => '',
		'lone line feeds' => "a\n.\nb\n..\n",
		'nothing but line ends' => "\r\n" x 70000,
		'nothing but dots' => ".\r\n" x 70000,
		'nothing but dots on one line' => '.' x 200000,
		'lone carriage returns' => "a\r.\rb\r",
	);
	for my $at (16380 .. 16388, 65530 .. 65540) {
		my $fill = 'y' x ($at - length($head) - 2);
		$bodies{"a dot line that starts at byte $at"} =
		    "$fill\r\n.\r\nz\r\n";
		$bodies{"an end before byte $at"} = "$fill\r\n";
	}
	my $n = 0;
	for my $name (sort keys %bodies) {
		my $message = $head . $bodies{$name};
		$message = $bodies{$name} if $name eq 'a dot as its first byte';
		my $r = notify(job(url => "smtp://127.0.0.1:$s->{port}", @rcpt),
		    $message);
		my $want = $message;
		$want =~ s/\r\n|\r|\n/\n/g;
		$want .= "\n" unless $want =~ /\n\z/;
		$want =~ s/\n/\r\n/g;
		$n++;
		my $got = slurp("$s->{dir}/$n.eml") // '';
		ok($r->{status} eq EX_OK && $got eq $want,
		    "arrives whole: $name")
		    or diag explain $r, substr($got, -60), substr($want, -60);
	}
	stop_server($s);
}

# A refusal at each step: 4yz is tried again; 5yz is for good where it is
# about the message and the settings' fault where it is not.
my @steps = (
	[connect => '554 5.3.2 no service', EX_CONFIG, 'greeting'],
	[connect => '421 4.3.2 too busy', EX_TEMPFAIL, 'greeting'],
	[ehlo => '504 5.5.2 <vm>: need a full name', EX_CONFIG, 'EHLO',
	    'set helo'],
	[mail => '550 5.7.1 not from you', EX_CONFIG, 'MAIL', 'set from'],
	[mail => '503 5.5.1 not yet', EX_CONFIG, 'MAIL', 'set from'],
	[mail => '451 4.7.1 greylisted', EX_TEMPFAIL, 'MAIL'],
	[mail => '530 5.7.0 authentication required', EX_CONFIG, 'MAIL',
	    'set username and password_file'],
	[mail => '530 5.7.0 Must issue a STARTTLS command first', EX_CONFIG,
	    'MAIL', 'set tls = required'],
	[mail => '552 5.3.4 too big', EX_UNAVAILABLE, 'MAIL'],
	[rcpt => '550 5.1.1 no such user', EX_UNAVAILABLE, 'RCPT'],
	[rcpt => '450 4.2.0 greylisted', EX_TEMPFAIL, 'RCPT'],
	[rcpt => '530 5.7.0 authentication required', EX_CONFIG, 'RCPT',
	    'set username and password_file'],
	[rcpt => '504 5.5.2 <vm>: Helo command rejected', EX_CONFIG, 'RCPT',
	    'set helo'],
	[rcpt => '550 5.1.8 <a@b>: Sender address rejected', EX_CONFIG, 'RCPT',
	    'set from'],
	[rcpt => '550 5.5.0 mailbox unavailable', EX_UNAVAILABLE, 'RCPT'],
	[dot => '550 5.5.0 mailbox unavailable', EX_UNAVAILABLE,
	    'end of data'],
	[connect => '552 5.0.0 not you', EX_CONFIG, 'greeting'],
	[data => '554 5.6.0 no valid recipients', EX_UNAVAILABLE, 'DATA'],
	[data => '451 4.3.0 queue is full', EX_TEMPFAIL, 'DATA'],
	[dot => '554 5.7.1 this is spam', EX_UNAVAILABLE, 'end of data'],
	[dot => '452 4.3.1 disk full', EX_TEMPFAIL, 'end of data'],
);
for my $row (@steps) {
	my ($step, $reply, $status, $named, $advice) = @$row;
	my $s = start_server('smtp-server', '--at', "$step=$reply",
	    '--at', $step eq 'ehlo' ? "helo=$reply" : 'tls=drop');
	is_result(deliver($s), $status,
	    $advice ? qr/^\Q$reply\E \(.*, at $named\); .*\Q$advice\E/
	    : qr/^\Q$reply\E \(127\.0\.0\.1:$s->{port}, at $named\)$/,
	    "$reply at $named");
	stop_server($s);
}

{
	my $s = start_server('smtp-server', '--at', 'ehlo=502 5.5.1 what?');
	is_result(deliver($s), EX_OK, qr/^250 /,
	    'an old server that knows HELO only is spoken to');
	stop_server($s);
	$s = start_server('smtp-server', '--at', 'ehlo=554 5.7.1 go away',
	    '--at', 'helo=554 5.7.1 go away');
	is_result(deliver($s), EX_CONFIG, qr/^554 5.7.1 go away .*at EHLO/,
	    'a server that wants neither EHLO nor HELO is passed over');
	stop_server($s);
	$s = start_server('smtp-server', '--at',
	    'rcpt=550 5.7.1 first line\n550 5.7.1 second line\n550 5.7.1 third');
	is_result(deliver($s), EX_UNAVAILABLE,
	    qr/^550 5\.7\.1 first line second line third \(/,
	    'a reply of several lines becomes one');
	stop_server($s);
	$s = start_server('smtp-server', '--at', 'quit=554 5.0.0 no goodbye');
	is_result(deliver($s), EX_OK, qr/^250 /,
	    'what is said to QUIT changes nothing');
	stop_server($s);
}

# Recipients.
{
	my $s = start_server('smtp-server', '--at',
	    'rcpt:ben@example.test=550 5.1.1 who is ben?', '--at',
	    'rcpt:carl@example.test=450 4.2.1 carl is full');
	my $r = deliver($s, map { (rcpt => "$_\@example.test") }
	    qw(ben anna carl dora));
	is_result($r, EX_OK, qr/^250 2\.0\.0 Ok/,
	    'one refused and one deferred recipient do not lose the others');
	is($r->{out}, "refused ben\@example.test: 550 5.1.1 who is ben?\n" .
	    "deferred carl\@example.test: 450 4.2.1 carl is full\n" .
	    "250 2.0.0 Ok: queued as 4F3\n", 'and are named with the reason');
	like(slurp("$s->{dir}/1.env"),
	    qr/\nRCPT TO:<anna.*\nRCPT TO:<dora[^\n]*\n$/,
	    'the message goes to those accepted');
	is_result(deliver($s, map { (rcpt => "$_\@example.test") }
	    qw(carl ben)), EX_TEMPFAIL, qr/^550 5\.1\.1 who is ben/,
	    'while one may be accepted later, nobody gives up');
	is_result(deliver($s, rcpt => 'ben@example.test'), EX_UNAVAILABLE,
	    qr/^550 5\.1\.1/, 'all refused for good is refused for good');
	stop_server($s);
	$s = start_server('smtp-server');
	is_result(deliver($s, map { (rcpt => "user$_\@example.test") }
	    1 .. 400), EX_OK, qr/^250/, '400 recipients');
	my $rcpts = () = slurp("$s->{dir}/1.env") =~ /^RCPT/mg;
	is($rcpts, 400, 'are all there');
	stop_server($s);
}

# Addresses beyond ASCII (RFC 6531), and the null sender.
{
	my $utf8 = "j\xc3\xb6rg\@example.test";
	my $s = start_server('smtp-server', '--offer', 'SMTPUTF8', '--offer',
	    '8BITMIME');
	deliver($s, @rcpt);
	unlike(slurp("$s->{dir}/1.env"), qr/SMTPUTF8/,
	    'SMTPUTF8 is not asked for without need');
	is_result(deliver($s, rcpt => $utf8), EX_OK, qr/^250/,
	    'a UTF-8 recipient where SMTPUTF8 is offered');
	like(slurp("$s->{dir}/2.env"), qr/^MAIL FROM:.* SMTPUTF8\nRCPT TO:<\Q$utf8/,
	    'asks for it');
	is_result(deliver($s, @rcpt, from => ''), EX_OK, qr/^250/,
	    'the null sender');
	like(slurp("$s->{dir}/3.env"), qr/^MAIL FROM:<>/, 'is <>');
	stop_server($s);
	$s = start_server('smtp-server', '--offer', 'SIZE 1000000');
	deliver($s);
	my $size = length $MESSAGE;
	like(slurp("$s->{dir}/1.env"), qr/^MAIL FROM:<.*> SIZE=$size$/m,
	    'SIZE is told where it is offered');
	stop_server($s);
}

# Several servers, in order.
{
	my $defers = start_server('smtp-server', '--at',
	    'connect=421 4.3.2 too busy');
	my $refuses = start_server('smtp-server', '--at',
	    'dot=550 5.7.1 never');
	my $takes = start_server('smtp-server');
	my $r = notify(job(@rcpt, map { (url => "smtp://127.0.0.1:$_->{port}") }
	    $defers, $takes), $MESSAGE);
	is_result($r, EX_OK, qr/^250/, 'the second server is tried');
	like($r->{out}, qr/^passed over: 421 4\.3\.2 too busy \(127/,
	    'and it is told why the first was passed over');
	$r = notify(job(@rcpt, map { (url => "smtp://127.0.0.1:$_->{port}") }
	    $refuses, $takes), $MESSAGE);
	is_result($r, EX_OK, qr/^250/, 'also when the first refuses for good');
	like($r->{out}, qr/^passed over: 550 5\.7\.1 never/, 'in its words');
	is_result(notify(job(@rcpt, map {
	    (url => "smtp://127.0.0.1:$_->{port}") } $refuses, $refuses),
	    $MESSAGE), EX_UNAVAILABLE, qr/^550 5\.7\.1 never/,
	    'what all refuse is refused');
	is_result(notify(job(@rcpt, map {
	    (url => "smtp://127.0.0.1:$_->{port}") } $defers, $refuses),
	    $MESSAGE), EX_TEMPFAIL, qr/^550 5\.7\.1 never/,
	    'what one may take later is tried later');
	my $box = scratch();
	$r = notify(job(@rcpt, url => "smtp://127.0.0.1:$defers->{port}",
	    url => "maildir:$box/m"), $MESSAGE);
	is_result($r, EX_OK, qr/^delivered to \Q$box\E\/m\/new\//,
	    'a Maildir may be the last resort');
	stop_server($_) for $defers, $refuses, $takes;
	$r = notify(job(@rcpt, map { (url => "smtp://127.0.0.1:$_->{port}") }
	    $defers, $takes), $MESSAGE);
	is_result($r, EX_TEMPFAIL, qr/onnect.*\(127\.0\.0\.1:$takes->{port}\)/,
	    'when nobody is there the last one is named');
}

# AUTH.
{
	my $dir = scratch();
	my $good = spew("$dir/good", "s3cret\nsecond line\n", 0600);
	my $s = start_server('smtp-server', '--login', 'runner:s3cret');
	my @login = (@rcpt, username => 'runner');
	my $r = deliver($s, @login, password_file => $good);
	is_result($r, EX_OK, qr/^250/, 'AUTH with the password from a file');
	like(slurp("$s->{dir}/log"), qr/^C: AUTH.*^S: 235/ms, 'is spoken');
	my $bad = spew("$dir/bad", "n0t-it\n", 0600);
	$r = deliver($s, @login, password_file => $bad);
	is_result($r, EX_CONFIG, qr/^535 5\.7\.8 authentication failed \(.*AUTH/,
	    'a wrong password is the settings\' fault, not the message\'s');
	unlike($r->{out}, qr/n0t-it/, 'and is not repeated');
	for my $mode (0640, 0604, 0660, 0644) {
		my $file = spew("$dir/open", "s3cret\n", $mode);
		$r = deliver($s, @login, password_file => $file);
		is_result($r, EX_CONFIG, qr/^\Q$file\E: .*chmod 600/,
		    sprintf 'a password file of mode %04o is not used', $mode);
	}
	is_result(deliver($s, @login, password_file => "$dir/none"), EX_CONFIG,
	    qr/^\Q$dir\E\/none: No such file/, 'a missing one is named');
	is_result(deliver($s, @login, password_file => $dir), EX_CONFIG,
	    qr/not a regular file|open to group/, 'a directory is none');
	is_result(deliver($s, @login,
	    password_file => spew("$dir/empty", '', 0600)), EX_CONFIG,
	    qr/empty first line/, 'nor is an empty file');
	is_result(deliver($s, @login), EX_CONFIG, qr/without a password_file/,
	    'nor is none at all');
	is_result(notify(job(@rcpt,
	    url => "smtp://u:hidden\@127.0.0.1:$s->{port}"), $MESSAGE),
	    EX_CONFIG, qr/^url: (?!.*hidden)/,
	    'a password in the URL is refused and not repeated');
	stop_server($s);
	$s = start_server('smtp-server', '--login', 'runner:s3cret', '--at',
	    'auth=454 4.7.0 not now');
	is_result(deliver($s, @login, password_file => $good), EX_TEMPFAIL,
	    qr/^454 4\.7\.0 not now/, 'AUTH deferred is tried again');
	stop_server($s);
	# A host name that is not literally this host: never in the clear.
	$s = start_server('smtp-server', '--login', 'runner:s3cret');
	chomp(my $host = `hostname`);
	is_result(notify(job(@rcpt, username => 'runner', password_file => $good,
	    url => "smtp://$host:$s->{port}"), $MESSAGE), EX_TEMPFAIL, qr/./,
	    'elsewhere no password goes without TLS');
	unlike(slurp("$s->{dir}/log") // '', qr{^C: AUTH}m,
	    'so that nobody can have it by hiding STARTTLS');
	stop_server($s);
}

# Settings that cannot work.
for my $row (
	['ftp://127.0.0.1/x', qr/cheme/],
	['smtp://', qr/^url: /],
	['smtp://127.0.0.1:99999', qr/^url: /],
	['127.0.0.1', qr/./],
	['https://127.0.0.1/', qr/cheme/],
    ) {
	is_result(notify(job(@rcpt, url => $row->[0]), $MESSAGE), EX_CONFIG,
	    $row->[1], "$row->[0] is no mail URL");
}
{
	local $ENV{all_proxy} = 'http://127.0.0.1:1';
	local $ENV{smtp_proxy} = 'http://127.0.0.1:1';
	my $s = start_server('smtp-server');
	is_result(deliver($s), EX_OK, qr/^250/,
	    'a proxy of the environment is not used for mail');
	stop_server($s);
}
done_testing();
