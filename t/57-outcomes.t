# Every way for a process to end, through real runs: all exit statuses, all
# signals; what the next run is told, the history, and the admins.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

# What does not end a process by default: stops it, or is ignored.
my %harmless = map { $_ => 1 } 17, 18, 19, 20, 21, 22, 23, 28;
my @signals = grep { !$harmless{$_} } 1 .. 64;
my $count = 256 + @signals;

my $p = RunnerTest->new;
$p->config('log { format = plain } fail_cooldown = 0 success_cooldown = 0 '
    . 'mail { max_per_hour = 0 } admins = {"a@example.org"} '
    . 'limit_files = 64 stop_timeout = 2s');
$p->task(t => "#!/bin/sh\nulimit -c 0\n"
    . "echo \"\$RUNNER_RUN \$RUNNER_FAILURES <\$RUNNER_LAST_EXIT>\"\n"
    . "[ \$RUNNER_RUN -le 256 ] && exit \$((RUNNER_RUN - 1))\n"
    . "set -- @signals\n"
    . "[ \$RUNNER_RUN -le $count ] || exec sleep 1000\n"
    . "shift \$((RUNNER_RUN - 257))\nkill -\$1 \$\$\nexit 99\n");
my $run = $p->start('run', 't');
ok wait_for(sub { $run->err =~ /stdout: @{[$count + 1]} /}, 300),
    "$count runs" or diag $run->err;

my %told = $run->err =~ /stdout: (\d+) \d+ <(\d*)>/g;
my @wrong = grep { ($told{$_ + 2} // '') ne "$_" } 0 .. 255;
is "@wrong", '', 'RUNNER_LAST_EXIT after each exit status';
is $told{1}, '', 'and empty before the first';
@wrong = grep { $told{258 + $_} ne 128 + $signals[$_] } 0 .. $#signals;
is "@wrong", '', 'after each signal, as a shell says it';
my %row = $run->err =~ /stdout: (\d+) (\d+) </g;
@wrong = grep { $row{$_ + 1} != $_ - 1 } 1 .. $count;
is "@wrong", '', 'RUNNER_FAILURES: all in a row but the one success';
is lines_of($run->err, qr/Execution successful/), 1, 'one success';
is lines_of($run->err, qr/Execution failed/), $count - 1, 'failures else';

my ($status, $json) = $p->run('history', '--json', 't');
my @exits = map { /"exit": ?(\d+|null)/ ? $1 : () } $json =~ /\{[^{}]*\}/g;
my @signs = map { /"signal": ?(?:"?(?:SIG)?)?(\d+|null|\w+)/ ? $1 : () }
    $json =~ /\{[^{}]*\}/g;
is_deeply [sort { $a <=> $b } grep { /^\d+$/ } @exits], [0 .. 255],
    'history: every exit status once' or diag substr $json, 0, 2000;
is scalar(grep { $_ ne 'null' && $_ ne '0' } @signs), scalar(@signals),
    'history: every signal once';

ok wait_for(sub { $count - 1 <= (() = $p->mails) }, 120), 'every one told'
    or diag scalar(() = $p->mails);
my %subject = map { $_ => 1 } $p->subjects;
ok $subject{'[t] First exception caught: exit status 1'}, 'the first'
    or diag join "\n", (sort keys %subject)[0 .. 5];
@wrong = grep { !$subject{"[t] New exception caught: exit status $_"} }
    2 .. 255;
is "@wrong", '', 'a subject for every exit status';
@wrong = grep { my $n = $_; !grep { /caught: killed by signal $n \(/ }
    keys %subject } @signals;
is "@wrong", '', 'and for every signal';
is $run->stop, 0, 'stops';
done_testing;
