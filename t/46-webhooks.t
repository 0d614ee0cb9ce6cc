#!/usr/bin/perl
# Each preset against a receiver as strict as the real one says it is, with
# output of a task that tries to be markup, mentions and broken text.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP;
use RunnerTest;
use Test::More;

delete @ENV{grep { /_proxy$/i } keys %ENV};
my $p = RunnerTest->new;
my $kept = $p->dir . '/kept';
mkdir $kept;
my $pid = open my $from, '-|', $p->lib . '/receiver', $kept or die;
chomp(my $port = <$from>);
END {
	my $status = $?;
	kill 'TERM', $pid if $pid;
	close $from if $from;
	$? = $status;
}

sub secret {
	my ($name, $text) = @_;
	RunnerTest::spew($p->dir . "/$name", $text);
	chmod 0600, $p->dir . "/$name";
	return $p->dir . "/$name";
}

my $base = "http://127.0.0.1:$port";
my %hooks = (
	slack => 'url_file = "' . secret('slack.url', "$base/slack/T/B\n") . '"',
	discord => "url = \"$base/discord/api/webhooks/1/t\"",
	teams => "url = \"$base/teams/workflows/x?sig=s\"",
	google_chat => "url = \"$base/google_chat/v1/s?key=k&token=t\"",
	telegram => 'url_file = "' .
	    secret('tg.url', "$base/telegram/bot1:abc/sendMessage\n") .
	    '" secret_file = "' . secret('tg', "-1007\n") . '"',
	ntfy => "url = \"$base/ntfy\" secret_file = \"" .
	    secret('ntfy', "ops-topic\n") . '"',
	gotify => "url = \"$base/gotify/message\" secret_file = \"" .
	    secret('gotify', "A-token\n") . '"',
	pushover => "url = \"$base/pushover/1/messages.json\" secret_file = \""
	    . secret('po', 'a' x 30 . "\n" . 'u' x 30 . "\n") . '"',
	matrix => "url = \"$base/matrix/rooms/%21r%3Ah/\" secret_file = \"" .
	    secret('mx', "syt_x\n") . '"',
	pagerduty => "url = \"$base/pagerduty/v2/enqueue\" secret_file = \"" .
	    secret('pd', 'k' x 32 . "\n") . '"',
	opsgenie => "url = \"$base/opsgenie/v2/alerts\" secret_file = \"" .
	    secret('og', "key-1\n") . '"',
	alertmanager => "url = \"$base/alertmanager/api/v2/alerts\"",
);
$p->config("log { format = plain }\nfail_cooldown = 50ms\n" .
    "success_cooldown = 1h\nwebhook { url = \"$base/slack/x\" preset = slack " .
    "only = {\"slow\"} }\n" .
    join '', map { "webhook $_ { preset = $_ $hooks{$_} }\n" }
    sort keys %hooks);
$p->task(t => <<'TASK');
#!/usr/bin/perl
exit 0 if $ENV{RUNNER_RUN} > 1;
print STDERR "<\@U1> <!channel> \@everyone <users/all> *b* _i_ [l](http://x)\n"
    x 300;
print STDERR "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80" x 900, "\n";
print STDERR "\x00\x1b[31m\xff\xfe\xe2\x80\xae \"quote\" \\ %{task} &amp;\n";
print STDERR "Error: <!channel> <b>\@here</b> `x` \"q\" ",
    "\xf0\x9f\x98\x80" x 400, "\n";
exit 1;
TASK

my $run = $p->start('run', 't');
my $done = wait_for {
	keys %hooks == grep { -e "$kept/$_.2.json" || glob "$kept/$_.*.bad" }
	    keys %hooks;
} 90;
ok $done, 'every receiver heard of the failure and of its end'
    or diag explain [glob "$kept/*"], $run->err;
wait_for { !(() = glob $p->root . '/outbox/t,*') } 20;
is $run->stop, 0, 'the runner stops';

sub kept {
	my ($name) = @_;
	my $whole = RunnerTest::slurp("$kept/$name");
	my ($request, $json) = split /\n/, $whole, 2;
	return ($request, JSON::PP->new->utf8->decode($json));
}

for my $preset (sort keys %hooks) {
	my @bad = glob "$kept/$preset.*.bad";
	ok !@bad && -e "$kept/$preset.2.json", "$preset accepts both"
	    or diag map { RunnerTest::slurp($_) } @bad;
}
is scalar(() = glob "$kept/slack.*"), 2,
    'a channel gets the reasons only that it wants';
is_deeply [glob $p->root . '/outbox/refused/*'], [], 'nothing was refused';

my (undef, $trigger) = kept('pagerduty.1.json');
my (undef, $resolve) = kept('pagerduty.2.json');
is $resolve->{event_action}, 'resolve', 'pagerduty: healed resolves';
is $resolve->{dedup_key}, $trigger->{dedup_key}, 'the same incident';
my ($close) = kept('opsgenie.2.json');
my (undef, $alert) = kept('opsgenie.1.json');
my ($alias) = $close =~ m{alerts/([^/]+)/close};
$alias =~ s/%(..)/chr hex $1/ge;
is $alias, $alert->{alias}, 'opsgenie: healed closes the same alert';
my (undef, $firing) = kept('alertmanager.1.json');
my (undef, $ended) = kept('alertmanager.2.json');
is_deeply $ended->[0]{labels}, $firing->[0]{labels},
    'alertmanager: the same labels';
ok $ended->[0]{endsAt} lt $firing->[0]{endsAt}, 'and an earlier end';

my (undef, $shown, $said) = $p->run('check');
unlike $shown . $said, qr{services|bot1:abc|webhooks/1|sig=s},
    'check shows no secret of a URL';

subtest 'test-notify tries them all' => sub {
	unlink glob "$kept/*";
	my ($status, $out, $err) = $p->run('test-notify');
	is $status, 0, 'all of them work' or diag $out, $err;
	for my $preset (sort keys %hooks) {
		like $out, qr/^webhook $preset: ok: HTTP 20/m, $preset;
	}
	unlike $out, qr{bot1:abc|api/webhooks}, 'no secret is printed';
};

# Templates of one's own, and what check says of them.
for my $row (
	["{ \"a\": \"%{task}\",\n  \"b\": %{exit} }\n", undef, 'a good one'],
	["{\n  \"a\": \"%{taks}\"\n}\n", qr{own:2: unknown field 'taks'$}m,
	    'an unknown field'],
	["{\n  \"a\": 1,\n}\n", qr{own:3: is no JSON: a name in quotes is},
	    'no JSON'],
	["{ \"a\": \"%{secret}\" }\n", qr{own:1: %\{secret\} wants a secret_},
	    'a secret without a file'],
	["on healed\n{}\n", qr{own:2: has no body for the reason 'first'$}m,
	    'a reason without a body'],
	["on never\n{}\non any\n{}\n", qr{own:1: 'never' is no reason$}m,
	    'a reason that is none'],
	["path msg\n{}\n", qr{own:1: path does not begin with '/'$}m,
	    'a path that would end the host'],
	["path /msg\nheader X-From: a\nurl http://h/\n{}\n", undef,
	    'what they may be'],
	["header Foo\n{}\n", qr{own:1: header is not a header}m, 'no header'],
	["header X:\n{}\n", qr{own:1: header has no value$}m, 'an empty one'],
	["url ftp://h/\n{}\n", qr{own:1: url is not http}m, 'another protocol'],
	["colour red\n{}\n", qr{own:1: unknown attribute 'colour'$}m,
	    'an unknown attribute'],
    ) {
	my ($text, $fault, $name) = @$row;
	my $q = RunnerTest->new;
	RunnerTest::spew($q->dir . '/own', $text);
	$q->config("webhook { url = \"$base/slack/x\" body = own }\n");
	my ($status, $out, $err) = $q->run('check');
	if (!$fault) {
		is "$status $err", '0 ', "check: $name";
	} else {
		is $status, 2, "check: $name: status 2";
		like $err, $fault, "check: $name is said";
	}
}
for my $row (
	['webhook a { preset = slack }', qr{slack has none$}m],
	['webhook a { preset = telegram url = "http://x" }',
	    qr{telegram:\d+: %\{secret\} wants a secret_file$}m],
	['webhook a { preset = nosuch url = "http://x" }', qr{1: preset: }],
	['webhook a { url = "http://x" only = {"often"} }',
	    qr{1: only: 'often' is no reason: first, new,}],
	['webhook a { url = "http://x" preset = slack body = x }',
	    qr{1: preset and body are both given$}m],
	['webhook a { } webhook b { url = "http://x" }',
	    qr{1: the webhook has no url$}m],
	['notify_command = {"x", "%{nix}"}',
	    qr{notify_command: unknown field 'nix'$}m],
	["webhook " . 'a' x 61 . ' { url = "http://x" }',
	    qr{1: the name of a webhook has at most 60 characters$}m],
	[join(' ', map { "webhook w$_ { url = \"http://x\" }" } 1 .. 15),
	    qr{1: more than 14 webhooks$}m],
    ) {
	my ($text, $fault) = @$row;
	my $q = RunnerTest->new;
	$q->config("$text\n");
	my ($status, $out, $err) = $q->run('check');
	is $status, 2, substr $text, 0, 60;
	like $err, $fault, 'and why';
}

done_testing;
