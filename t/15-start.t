# start, stop: declared chains come up detached, are upgraded in place, and are
# gone when stop returns.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

my $p = RunnerTest->new;
chmod 0755, $p->dir;
$p->task($_ => "#!/bin/sh\necho $_ as \$(id -un), nice \$(nice)\n")
    for qw(a b);
my $config = "log { format = plain }\nsuccess_cooldown = 1h\n"
    . "chain one { tasks = {a, b} log_file = \"log/one.log\" }\n";
$p->config($config);

my ($status, $out, $err) = $p->run('start');
is $status, 0, 'start';
is $out, "Starting runner run a b\n", 'a line for each chain';
is $err, 'runner: warning: nobody is told when a task fails: no admins, no '
    . 'channel; mail is only written to ' . $p->root . "/mail\n",
    'and that nobody is told';
my $pid = $p->pid_in_file('one');
ok kill(0, $pid), 'it owns its pidfile when start returns';
like slurp("/proc/$pid/cmdline"), qr/^runner\0run\0/, 'ps shows it by its name';
ok wait_for { slurp("$p->{dir}/log/one.log") =~ /stdout: a as/ },
    'its log file is there, and its directory';
my ($sid) = slurp("/proc/$pid/stat") =~ /\) \S (?:\d+ ){2}(\d+)/;
is $sid, $pid, 'in a session of its own';
is readlink("/proc/$pid/fd/$_"), '/dev/null', "descriptor $_" for 0 .. 2;

is_deeply [($p->run('start', 'one', 'one'))[0, 1]],
    [0, "Starting runner run a b\n"], 'started again, once if named twice';
my $next = $p->pid_in_file('one');
isnt $next, $pid, 'another process has the chain';
# (A zombie is: who its parent is now, reaps it when it likes.)
ok slurp("/proc/$pid/stat") !~ /\) [^ZX]/, 'and the first is gone';

($status, $out, $err) = $p->run('start', 'noe');
is $status, 2, 'an unknown chain';
like $err, qr/did you mean 'one'/, 'has its answer';

$p->config($config . "chain bad { tasks = {missing} }\n");
($status, $out, $err) = $p->run('start');
is $status, 2, 'one that cannot come up: as run says it';
like $err, qr/^runner: bad did not come up: .*missing/m, 'is named, with why';
ok kill(0, $p->pid_in_file('one')), 'the others do';
{
	my $refused = "chain one { tasks = {a, b} if_running = refuse }\n";
	my $long = 'chain long { tasks = {a} log_file = "/dev/null/x" }';

	$p->config("$refused$long\nchain bad { tasks = {missing} }\n");
	for (['one' => 75], ['long' => 1], ['bad' => 2], ['one long' => 1],
	    ['long one bad' => 2]) {
		my ($chains, $wanted) = @$_;

		($status, $out, $err) = $p->run('start', split / /, $chains);
		is $status, $wanted, "start $chains: status $wanted" or diag $err;
	}
	for (['<&-' => 2, 1], ['>&-' => 1, 1], ['<&- >&-' => 1, 1],
	    ['<&- 2>&-' => 2, 0], ['<&- >&- 2>&-' => 1, 0]) {
		my ($closed, $wanted, $lines) = @$_;
		my $run = $p->start_command('sh', '-c',
		    "exec '$RunnerTest::RUNNER' start bad $closed");

		$run->wait;
		is $run->status, $wanted, "start bad $closed: status $wanted";
		is scalar(() = $run->err =~ /did not come up/g), $lines,
		    "why: $lines" or diag $run->err;
	}
}
$p->config($config);

($status, $out) = $p->run('stop');
is $status, 0, 'stop';
like $out, qr/^Stopped one$/m, 'says so';
is scalar($p->survivors), 0, 'and nothing is left';
is +($p->run('stop'))[0], 0, 'stopped again';
is +($p->run('status', 'one'))[0], 3, 'status: it does not run';

subtest 'user, group, nice' => sub {
	plan skip_all => 'needs root' if $>;
	$p->config($config . "chain two { tasks = {b} user = nobody nice = 3 "
	    . "log_file = \"log2/two.log\" }\n");
	# One that is there, of root alone, stays so.
	system 'rm', '-rf', $p->root;
	is +($p->run('start'))[0], 0, 'chains of two users';
	my $two = $p->pid_in_file('two');
	is scalar(getpwuid((stat "/proc/$two")[4])), 'nobody',
	    'the runner itself is that user';
	ok wait_for { slurp("$p->{dir}/log2/two.log")
	    =~ /stdout: b as nobody, nice @{[nicer(3)]}/ }, 'and its tasks';
	my %ids = slurp("/proc/$two/status") =~ /^(Cap\w+|Groups):\s*(.*?)\s*$/mg;
	is $ids{CapEff} . $ids{CapPrm} . $ids{CapInh}, '0' x 48,
	    'with no capability';
	my ($code, $json) = $p->run('status', '--json');
	is $code, 0, 'status sees both';
	is +($p->run('stop'))[0], 0, 'stop';
	is scalar($p->survivors), 0, 'nothing is left';
};

subtest 'a chain without a log file' => sub {
	$p->config("log { format = plain }\nsuccess_cooldown = 1h\n"
	    . "chain three { tasks = {a} }\n");
	is +($p->run('start'))[0], 0, 'starts';
	ok wait_for { ($p->run('logs', 'three'))[1] =~ /stdout: a as/ },
	    'and has one beside its state';
	is +($p->run('stop'))[0], 0, 'stop';
};

done_testing;
