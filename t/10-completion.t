# The shell completes commands, options, their values, and the chains and tasks
# of the configuration in use.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

my $completion = "$RunnerTest::TOP/supervisor/man/completion.bash";
plan skip_all => 'needs bash' unless -x '/bin/bash';

my $script = <<'SH';
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMP_LINE="$*"
COMP_POINT=${#COMP_LINE}
function=$(complete -p "${COMP_WORDS[0]}" | sed 's/.*-F \([^ ]*\).*/\1/')
$function "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}"
printf '%s\n' "${COMPREPLY[@]}"
SH

my $p = RunnerTest->new;
my $dir = $p->dir;
spew("$dir/complete.sh", $script);
$p->task($_ => "#!/bin/sh\n") for qw(fetch_mail file_it);
spew("$dir/tasks/README", '');
spew("$dir/more.conf", "chain extra { tasks = fetch_mail }\n");
$p->config(<<'CONF');
task send_mail { command = true }
task "quoted" { command = true }
chain mail { tasks = {fetch_mail, send_mail} }
chain night { tasks = quoted }
include("more.conf")
CONF
spew("$dir/other/other.conf", "task elsewhere { command = true }\n");
spew("$dir/my dir/my.conf", "task spaced { command = true }\n");
spew("$dir/bad.conf", "task here { command = true }\n"
    . "  chain \"there\" {\n xyzzy = 1\n}\n");

sub completions {
	local $ENV{PATH} = "$RunnerTest::BUILD:$ENV{PATH}";
	my $words = join ' ', map { "'$_'" } @_;
	my $out = `cd $dir && /bin/bash complete.sh $completion $words 2>err`;
	my $err = slurp("$dir/err");
	# Out of a real completion compopt has nothing to say it to.
	return $err =~ s/.*compopt.*\n//gr . join ' ', sort split /\n/, $out;
}

my @rows = (
	[['runner', 'st'], 'start status stop'],
	[['runner', ''], 'ack check failures help history logs now once pause '
	    . 'reload report resume run '
	    . 'signature start status stop test-notify'],
	[['runner', 'test'], 'test-notify'],
	[['runner', 'help', 'r'], 'reload report resume run'],
	[['runner', '--v'], '--version'],
	[['runner', '-'], '--config --help --run-root --version'],
	[['runner', 'run', '--'], '--config --help --if-running --name '
	    . '--no-killconcurrent --run-root --set'],
	[['runner', 'status', '--'],
	    '--config --help --json --prometheus --run-root --watch'],
	[['runner', 'logs', '--f'], '--follow'],
	[['runner', 'start', ''], 'extra mail night'],
	[['runner', 'stop', 'n'], 'night'],
	[['runner', 'status', 'mail', 'e'], 'extra'],
	[['runner', 'status', '--json', 'm'], 'mail'],
	[['runner', 'run', ''], 'fetch_mail file_it quoted send_mail'],
	[['runner', 'run', 'f'], 'fetch_mail file_it'],
	[['runner', 'once', 'fetch_mail', 's'], 'send_mail'],
	[['runner', 'run', '-n', 'x', 's'], 'send_mail'],
	[['runner', 'run', '--name', 'n'], 'night'],
	[['runner', 'run', './ta'], './tasks'],
	[['runner', 'run', 'tasks/R'], 'tasks/README'],
	[['runner', 'history', 'q'], 'quoted'],
	[['runner', 'run', '--if-running', 're'], 'refuse replace'],
	[['runner', 'run', '--if-running', '=', 'a'], 'allow'],
	[['runner', 'run', '--if-running', '='], 'allow refuse replace wait'],
	[['runner', 'run', '--set', 'fail_cooldown'],
	    'fail_cooldown= fail_cooldown_max='],
	[['runner', 'run', '--set', 'leftovers', '=', 'k'], 'keep kill'],
	[['runner', 'run', '--set', 'on_failure', '='], 'continue restart'],
	[['runner', 'run', '--set', 'timeout', '=', '5', 'q'], 'quoted'],
	[['runner', 'run', '--set', 'fail_on_stderr', '=', 't'], 'true'],
	[['runner', 'run', '--set', '=', 'leftovers', '=', 'k'], 'keep kill'],
	[['runner', 'signature', '--signal', 'SIGKI'], 'SIGKILL'],
	[['runner', 'signature', '--task', 's'], 'send_mail'],
	[['runner', '-c', 'more.c'], 'more.conf'],
	[['runner', 'run', '-c', 'other/other.conf', ''], 'elsewhere'],
	[['runner', '--config', '=', 'other/other.conf', 'run', ''],
	    'elsewhere'],
	[['runner', '-r', 'other', 'start', 'ni'], 'night'],
	[['runner', '-r', 'o'], 'other'],
	[['runner', '-c', 'bad.conf', 'start', ''], 'there'],
	[['runner', '-c', 'bad.conf', 'run', 'h'], 'here'],
	[['runner', 'run', '-cother/other.conf', ''], 'elsewhere'],
	[['runner', '-cother/other.conf', 'start', ''], ''],
	[['runner', '-cother/o'], '-cother/other.conf'],
	[['runner', 'run', '-c', 'my\\ dir/my.conf', ''], 'spaced'],
	[['runner', 'run', '-c', '"my dir"/my.conf', 's'], 'spaced'],
	[['runner', 'run', '-c', 'my\\ d'], 'my dir'],
	[['runner', 'start', '"ni'], 'night'],
	[['runner', 'run', '--', '-'], ''],
	[['runner', 'stop', '--', 'n'], 'night'],
	[['runner', 'stop', '--', '-c', 'n'], 'night'],
	[['runner', 'pause', 'n'], 'night'],
	[['runner', 'pause', 'mail/'], 'mail/fetch_mail mail/send_mail'],
	[['runner', 'resume', 'mail/s'], 'mail/send_mail'],
	[['runner', 'resume', 'none/'], ''],
	[['runner', 'now', 'night/'], 'night/quoted'],
	[['runner', 'now', 'm'], 'mail'],
	[['runner', 'now', 's'], 'send_mail'],
	[['runner', 'start', 'mail/'], ''],
	[['runner', 'failures', 'n'], 'night'],
	[['runner', 'history', ''],
	    'extra fetch_mail file_it mail night quoted send_mail'],
	[['runner', 'ack', 'e'], 'extra'],
	[['runner', 'run', '--set', 'environment_file', '=', 'more.c'],
	    'more.conf'],
	[['runner', 'run', '--set', 'cwd', '=', 'o'], 'other'],
	[['runner', 'run', '--set', 'user', '=', 'roo'], 'root'],
	[['runner', 'run', '--set', 'user=roo'], 'user=root'],
	[['runner', 'run', '--set=environment_file=more.c'],
	    '--set=environment_file=more.conf'],
	[['runner', '--config=more.c'], '--config=more.conf'],
	[['run_functions', 'fe'], 'fetch_mail'],
	[['run_functions', '--na'], '--name'],
);
for my $row (@rows) {
	my ($words, $want) = @$row;
	is completions(@$words), $want, "@$words";
}

# A word that nobody has parted at "=", of a shell that has its quotes taken off.
sub raw {
	local $ENV{HOME} = $dir;
	my $words = join ' ', map { "'$_'" } @_;
	return join ' ', sort split /\n/,
	    `cd $dir && $RunnerTest::RUNNER complete -- runner $words 2>&1`;
}
my @raw = (
	[['run', '--set', 'leftovers=k'], 'leftovers=keep leftovers=kill'],
	[['run', '--set=leftovers=k'],
	    '--set=leftovers=keep --set=leftovers=kill'],
	[['run', '--set', 'user=ro'], ':users 5'],
	[['run', '--set=group='], ':groups 12'],
	[['run', '--set', 'cwd='], ':directories 4'],
	[['run', '--set', 'environment_file=s'], ':files 17'],
	[['run', '--set', 'ping_url_file='], ':files 14'],
	[['--config=o'], ':files 9'],
	[['-co'], ':files 2'],
	[['-c', 'o'], ':files'],
	[['-r'], ''],
	[['start', '-c~/other/other.conf', ''], ''],
	[['-c', '~/other/other.conf', 'run', ''], 'elsewhere'],
	[['logs', '-fn5', 'e'], 'extra'],
	[['logs', '-fn', 'e'], ''],
);
for my $row (@raw) {
	my ($words, $want) = @$row;
	is raw(@$words), $want, "in one word: @$words";
}

# Every key that --set takes is offered, and every option that there is.
my $offered = join ' ', completions('runner', 'run', '--set', '');
my ($out) = ($p->run('check', '--all'))[1];
my ($defaults) = $out =~ /^# tasks, [^\n]*\n(.*?)\n\n/ms;
my @missing = grep { $offered !~ /\b$_=/ } $defaults =~ /^(\w+) = /mg;
is_deeply \@missing, [], 'every key of a task is offered for --set';

done_testing;
