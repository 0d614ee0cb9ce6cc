# The seed's example comes out line for line, and the mails say what they must.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

my $p = RunnerTest->new;
my $name = 'divide_by_zero';
$p->task($name => slurp("$FindBin::Bin/../tasks/$name"));
$p->config("log { format = plain }\nadmins = {\"admin\@example.org\"}\n"
    . "task $name { fail_cooldown = 1s  non_recoverable_downtime = 3s }\n");
# The pid of a process that certainly ended.
my $dead = fork;
exec 'true' unless $dead;
waitpid $dead, 0;
spew($p->root . "/$name.pid", "$dead\n");

my $run = $p->start('run', $name);
ok $run->wait_log(qr/^DEBUG \[$name\] Sleeping 1 seconds$/, 10),
    'ten failures in a row';
is $run->stop, 0, 'TERM ends it with status 0';

sub failed { return "DEBUG [$name] Execution failed" }
sub sleeping { return "DEBUG [$name] Sleeping 1 seconds" }
sub sent { return "DEBUG [$name] Sent email to admins: $_[0]" }
my @got = grep { !/std(out|err): |^INFO/ } split /\n/, $run->err;
my @want = ("DEBUG Found pidfile $name containing: $dead",
    "DEBUG Could not find /proc/$dead, wiping pidfile $name",
    "DEBUG Wrote pidfile $name", failed,
    sent('First exception caught: integer division or modulo by zero'),
    sleeping, (failed, sleeping) x 2,
    failed, sent('Non recoverable downtime reached'),
    sleeping, (failed, sleeping) x 2,
    failed, sent('Non recoverable downtime reached again'),
    sleeping, (failed, sleeping) x 2,
    failed, sent('Non recoverable downtime reached again'), sleeping);
is join("\n", @got[0 .. $#want]), join("\n", @want),
    'the transcript of 2011, line for line';

is_deeply [$p->subjects], [
    "[$name] First exception caught: integer division or modulo "
	. 'by zero',
    "[$name] Non recoverable downtime reached",
    ("[$name] Non recoverable downtime reached again") x 2],
    'mails at failures 1, 4, 7 and 10';
my ($first, @later) = $p->mails;
my ($id) = $first =~ /^Message-ID: (<.*>)$/m;
ok $id, 'a Message-ID';
is scalar(grep { /^References: \Q$id\E$/m } @later), 3,
    'the downtime is one thread';
like $first, qr/^Auto-Submitted: auto-generated$/m, 'Auto-Submitted';
like $first, qr/^X-Runner-Task: $name$/m, 'X-Runner-Task';
like $first, qr/^X-Runner-Reason: first$/m, 'X-Runner-Reason';
like $first, qr/^X-Runner-Signature: [0-9a-f]{16}$/m, 'X-Runner-Signature';
like $first, qr/ZeroDivisionError: integer division/, 'the captured stderr';
is $p->pid_in_file($name), $run->pid, 'the pidfile stays';

# A process that has ended is gone, whether or not its parent has waited for it.
my $zombie = fork;
exec 'true' unless $zombie;
wait_for { status_of($zombie, 'State') =~ /^Z/ };
spew($p->root . "/$name.pid", "$zombie\n");
$run = $p->start('run', $name);
ok $run->wait_log(qr{^DEBUG Could not find /proc/$zombie, wiping pidfile}),
    'a zombie owns nothing';
is $run->stop, 0;
waitpid $zombie, 0;
done_testing;
