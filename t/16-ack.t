# runner ack: who says that a downtime is known stops its being told again.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP ();
use RunnerTest;
use Test::More;

my $p = RunnerTest->new;
my $dir = $p->dir;
$p->config("admins = a\nlog { format = plain }\nfail_cooldown = 100ms\n"
    . "success_cooldown = 100ms\nnon_recoverable_downtime = 1s\n"
    . "mail { max_per_hour = 0 }\nchain c { tasks = t }\n");
# Fails as long as the file `broken` is there, with what is in it.
$p->task(t => "#!/bin/sh\n[ -e broken ] || exit 0\ncat broken >&2\nexit 1\n");
spew("$dir/broken", "app: cannot open a\n");

sub task {
	my ($t) = @{JSON::PP::decode_json(($p->run('status', '--json'))[1])
	    ->{chains}[0]{tasks}};
	return $t;
}

sub told {
	my ($what) = @_;
	return scalar grep { /$what/ } $p->subjects;
}

my ($status, $out, $err) = $p->run('ack');
is $status, 1, 'nothing is down: 1';
like $err, qr/^runner: nothing is down/, 'as it says';

my $run = $p->start('run', '-n', 'c', 't');
ok $run->wait_log(qr/Sent email to admins: Non recoverable downtime reached$/),
    'a downtime is told';
($status, $out, $err) = $p->run('ack', 'tt');
is $status, 2, 'a task that nobody knows: 2' or diag $out;
like $err, qr/did you mean 't'|did you mean t\b/, 'with the nearest one';
{
	local $ENV{SUDO_USER} = 'alice';
	($status, $out, $err) = $p->run('ack', 't', '-m', "the disk\nis ordered");
}
is "$status$err", '0', 'it is acknowledged';
like $out, qr/^t of c, down since \S+ \S+ UTC: acknowledged$/, 'as is said';
my $who = $> ? (getpwuid $<)[0] : 'alice';
my $a = task()->{acknowledged};
is $a->{by}, $who, 'status says at once who did it';
is $a->{why}, 'the disk is ordered', 'and why, on one line';
like $a->{since}, qr/^20\d\d-/, 'and when';
like +($p->run('status'))[1], qr/acknowledged by $who: the disk is ordered/,
    'the table too';
ok $run->wait_log(qr/^INFO \[t\] The downtime is acknowledged by $who: the/),
    'the chain takes note of it';
# What is known of it may change.
for my $why ('the disk has come', 'the disk is ordered') {
	local $ENV{SUDO_USER} = 'alice';
	is +($p->run('ack', 't', '-m', $why))[0], 0, 'acknowledged anew';
	is task()->{acknowledged}{why}, $why, 'as status says at once';
	ok $run->wait_log(qr/is acknowledged by $who: $why/,
	    $why =~ /ordered/ ? 2 : 1), 'and the chain at its next run';
}
{
	local $ENV{SUDO_USER} = 'alice';
	$p->run('ack');
	is task()->{acknowledged}{why}, 'the disk is ordered',
	    'without a new text the old one stays';
	ok $run->wait_log(qr/is acknowledged by $who: the disk is ordered/, 3),
	    'for the chain as well';
}
my $again = told('downtime reached again');
my $runs = task()->{runs};
ok wait_for { task()->{runs} > $runs + 25 }, 'runs go on for some periods';
is told('downtime reached again'), $again, 'the downtime is not told again';

spew("$dir/broken", "app: cannot open b\n");
ok $run->wait_log(qr/Sent email to admins: New exception caught: app: cannot open b/),
    'a new failure is told';
ok wait_for { grep { /^Acknowledged: .* by $who: the disk is ordered/m }
    $p->mails }, 'and says who knows of it, and why'
    or diag(($p->mails)[-1]);

$run->kill('KILL');
$run->wait;
$run = $p->start('run', '-n', 'c', 't');
ok $run->wait_log(qr/Execution failed/, 15), 'a killed runner has a successor';
is task()->{acknowledged}{by}, $who, 'that knows of it';
is $run->stop, 0, 'a clean stop';
$run = $p->start('run', '-n', 'c', 't');
$run->wait_log(qr/Execution failed/, 15);
is task()->{acknowledged}{by}, $who, 'and the next one as well';
is told('downtime reached again'), $again, 'neither tells of the downtime';

unlink "$dir/broken";
ok $run->wait_log(qr/Sent email to admins: Process healed/),
    'that it healed is told';
is task()->{acknowledged}, undef, 'then it is over';
is_deeply [glob $p->root . '/acknowledged/*'], [], 'and nothing is left of it';

# One that was acknowledged while nothing runs.
my $failed = () = $run->err =~ /Execution failed/g;
spew("$dir/broken", "app: cannot open a\n");
$run->wait_log(qr/Execution failed/, $failed + 1);
$run->stop;
is +($p->run('ack', 'c'))[0], 0, 'by the name of its chain, while it is stopped';
$run = $p->start('run', '-n', 'c', 't');
ok $run->wait_log(qr/Execution failed/, 15), 'it goes on failing';
is $run->err =~ /Sent email to admins: Non rec/, '', 'which is known';
is task()->{acknowledged}{why}, undef, 'without a reason';

# A file of somebody else, of another downtime, or broken, says nothing.
$run->stop;
my ($file) = glob $p->root . '/acknowledged/*';
my $text = slurp($file);
for my $row (['another downtime', $text =~ s/^(down_since \d+)/${1}1/mr],
    ['another task', $text =~ s/^task t$/task u/mr],
    ['nothing', ''], ['junk', "\0\xff" x 300], ['no end', "chain c\ntask t"]) {
	my ($name, $bytes) = @$row;
	# The chain remembers what it read: a new root has only the file.
	my $q = RunnerTest->new;
	$q->config(slurp("$dir/runner.conf"));
	$q->task(t => "#!/bin/sh\nexit 1\n");
	$q->run('once', '-n', 'c', 't');
	mkdir $q->root . '/acknowledged';
	spew($q->root . '/acknowledged/' . ($file =~ s/.*\///r), $bytes);
	my ($s, $json) = $q->run('status', '--json');
	is eval { JSON::PP::decode_json($json)->{chains}[0]{tasks}[0]
	    {acknowledged} }, undef, "$name says nothing" or diag $json;
}

SKIP: {
	skip 'needs root', 2 if $>;
	my $q = RunnerTest->new;
	$q->config(slurp("$dir/runner.conf"));
	$q->task(t => "#!/bin/sh\nexit 1\n");
	$q->run('once', '-n', 'c', 't');
	$q->run('ack');
	my ($theirs) = glob $q->root . '/acknowledged/*';
	chown 65534, 65534, $theirs;
	my ($s, $json) = $q->run('status', '--json');
	is JSON::PP::decode_json($json)->{chains}[0]{tasks}[0]{acknowledged},
	    undef, 'nor does a file of somebody else';
	# One of a chain's own user does.
	$q = RunnerTest->new;
	$q->config(slurp("$dir/runner.conf") =~ s/tasks = t/$& user = nobody/r);
	$q->task(t => "#!/bin/sh\nexit 1\n");
	chmod 0755, $q->dir;
	$q->run('once', '-n', 'c');
	$q->run('ack', '-m', 'I know');
	($s, $json) = $q->run('status', '--json');
	is JSON::PP::decode_json($json)->{chains}[0]{tasks}[0]{acknowledged}
	    {why}, 'I know', 'to root, that of the user of the chain does';
}

done_testing;
