# What a runner.conf says is what is in force: every key, its default, and the
# order of --set, task, top level, default.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

my $example = "$FindBin::Bin/../runner.conf.example";

# Runs `runner check` and gives what it printed as sections: { '' => {key =>
# value}, 'task t' => {...} }.
sub settings {
	my ($p, @words) = @_;
	my $dir = $p->dir;
	system("cd $dir && $RunnerTest::RUNNER check --all @words >out 2>err");
	my $status = $? >> 8;
	my (%all, $section);
	$section = '';
	for (split /\n/, slurp("$dir/out")) {
		$section = $1 if /^(\w+(?: \S+)?) \{$/;
		$section = '' if /^\}$/;
		$all{$section}{$1} = $2 if /^\t?(\w+) = (.*)$/;
	}
	diag slurp("$dir/err") if $status;
	return \%all;
}

my %task_defaults = (
	success_cooldown => '5m', fail_cooldown => '20m',
	fail_cooldown_max => '20m', non_recoverable_downtime => '12h',
	timeout => '0s', stop_timeout => '10s', success_exit => '{0}',
	fail_on_stderr => 'false', on_failure => 'continue',
	leftovers => 'kill', signature_ignore => '{}', signature_mask => '{}',
	signature_keep => '{}', environment => '{}', heal_after => 1,
	notify_after => 1, remember => '0s', healthy_after => '0s',
	slow_after => '0s', resume_cooldown => 'crash',
	rerun_on_change => 'true',
	ping => 'healthchecks',
);

subtest 'without a file every default applies' => sub {
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	# Nothing upwards of a temporary directory has one, nor has /etc.
	plan skip_all => 'this system has a runner.conf' if
	    grep { -e "$_/runner.conf" } '/etc', '/', '/tmp';
	my $s = settings($p);
	is_deeply $s->{''}, {run_root => qq("$dir/var/run"), admins => '{}',
	    mask_secrets => 'true', mask => '{}',
	    if_running => 'replace', lease_command => '{}', notify_command => '{}',
    %task_defaults,
	    cwd => qq("$dir")}, 'of the top level and of tasks';
	is_deeply $s->{log}, {level => 'debug', time => 'utc', max_size => '10M', keep => 5},
	    'of the log';
	like delete $s->{mail}{from}, qr/^"runner\@\S+"$/,
	    'mail is from this host';
	is_deeply $s->{mail}, {url => qq({"maildir:$dir/var/run/mail"}),
	    tls => 'opportunistic', timeout => '30s', max_per_hour => 20,
	    subject_prefix => '""'}, 'of mail';
	is $s->{webhook}, undef, 'there is no webhook';
	ok !-e "$dir/var", 'check makes nothing';
};

subtest 'the example says the defaults' => sub {
	my $p = RunnerTest->new;
	$p->config('');
	my $without = settings($p);
	$p->config(slurp($example));
	my $with = settings($p);
	is slurp($p->dir . '/err'), '', 'nothing is wrong or odd in it';
	is_deeply $with, $without, 'and it changes nothing';
};

subtest 'the example knows every key' => sub {
	my $p = RunnerTest->new;
	my $text = slurp($example);
	# A line that begins with "#" and a key is one to be used.
	$text =~ s/^(\t*)#(?=[a-z}\t])/$1/mg;
	$p->config($text);
	spew($p->dir . '/runner.local.conf', '');
	spew($p->dir . "/etc/$_", "x\n", 0600)
	    for qw(mail.password ca.pem hook.token ping.url);
	spew($p->dir . "/etc/task.env", "A=1\n", 0600);
	$p->task(manage => "#!/bin/sh\n");
	my $s = settings($p);
	my %keys = ('' => [qw(run_root metrics_dir mask mask_secrets admins if_running default_command
		lease_command command cwd environment user group nice umask
		limit_memory limit_files limit_cpu heal_after ping_url
		environment_file environment_keep
		ping_url_file),
		keys %task_defaults],
	    log => [qw(level format file max_size keep)],
	    mail => [qw(url from username password_file tls ca_file timeout
		max_per_hour subject_prefix)],
	    'webhook team' => [qw(url header max_per_hour)],
	    'chain mail' => [qw(tasks user group nice log_file if_running
		lease_command admins)],
	    'task retry_deferred' => [qw(admins)]);
	for my $section (sort keys %keys) {
		my @missing = grep { !defined $s->{$section}{$_} }
		    @{$keys{$section}};
		is_deeply \@missing, [], "the keys of '$section'";
	}
	like $text, qr/^killconcurrent = /m, 'and the one of 2011';
};

# Each row: the key's line, and what is in force of it.
my @rows = (
	['success_cooldown = 90', 'success_cooldown', '1m30s'],
	['success_cooldown = 0', 'success_cooldown', '0s'],
	['fail_cooldown = "0.25"', 'fail_cooldown', '250ms'],
	['fail_cooldown = 1h30m', 'fail_cooldown', '1h30m'],
	['fail_cooldown = 1s', 'fail_cooldown_max', '1s'],
	["fail_cooldown = 1s fail_cooldown_max = 1s", 'fail_cooldown_max',
	    '1s'],
	["fail_cooldown = 1s fail_cooldown_max = 8s", 'fail_cooldown_max',
	    '8s'],
	['non_recoverable_downtime = 0', 'non_recoverable_downtime', '0s'],
	['timeout = 1w', 'timeout', '1w'],
	['stop_timeout = 500ms', 'stop_timeout', '500ms'],
	['success_exit = 3', 'success_exit', '{3}'],
	['success_exit = {255, 0, 7}', 'success_exit', '{0, 7, 255}'],
	['success_exit = {0} success_exit += {1}', 'success_exit', '{0, 1}'],
	['success_exit += {1, 2}', 'success_exit', '{1, 2}'],
	(map { ["fail_on_stderr = $_", 'fail_on_stderr', 'true'] }
	    qw(true yes on True)),
	(map { ["fail_on_stderr = $_", 'fail_on_stderr', 'false'] }
	    qw(false no off)),
	['on_failure = restart', 'on_failure', 'restart'],
	['leftovers = keep', 'leftovers', 'keep'],
	["signature_mask = 'a\\d'", 'signature_mask', '{"a\\\\d"}'],
	["signature_mask = {'x', \"y\"}", 'signature_mask', '{"x", "y"}'],
	["cwd = sub", 'cwd', '"%DIR/sub"'],
	["cwd = /", 'cwd', '"/"'],
	["cwd = ./sub", 'cwd', '"%DIR/sub"'],
	["environment = 'A=b c'", 'environment', '{"A=b c"}'],
	['environment = {"A=", "B=="}', 'environment', '{"A=", "B=="}'],
	['environment = "A=$$x\\${y}"', 'environment', '{"A=$$x\\${y}"}'],
	['environment_file = a.env', 'environment_file', '"%DIR/a.env"'],
	['environment_keep = {A, "B*"}', 'environment_keep', '{"A", "B*"}'],
	['environment_keep = {}', 'environment_keep', '{}'],
	['user = root group = 0', 'user', '"root"'],
	['user = root group = 0', 'group', '"0"'],
	['nice = -5', 'nice', '-5'],
	['nice = 0', 'nice', '0'],
	['umask = 022', 'umask', '022'],
	['umask = "0022"', 'umask', '022'],
	['umask = 0', 'umask', '000'],
	['umask = 777', 'umask', '777'],
	['limit_memory = 64k', 'limit_memory', '64k'],
	['limit_files = 1024', 'limit_files', '1024'],
	['limit_cpu = 90', 'limit_cpu', '1m30s'],
	['limit_cpu = 1500ms', 'limit_cpu', '2s'],
	['heal_after = 3', 'heal_after', '3'],
	['healthy_after = 90', 'healthy_after', '1m30s'],
	['slow_after = 3x', 'slow_after', '3x'],
	['slow_after = 1.5x', 'slow_after', '1.5x'],
	['slow_after = 1h', 'slow_after', '1h'],
	['resume_cooldown = always', 'resume_cooldown', 'always'],
	['notify_after = 3', 'notify_after', '3'],
	['notify_after = 3m', 'notify_after', '3m'],
	['notify_after = 1h30m', 'notify_after', '1h30m'],
	['remember = 2d', 'remember', '2d'],
	['ping_url = "https://h/p?q=1"', 'ping_url', '"https://h/p?q=1"'],
	['ping_url = "https://h/%{rid}"', 'ping_url', '"https://h/%{rid}"'],
	['ping_url_file = x', 'ping_url_file', '"%DIR/x"'],
	['ping = kuma', 'ping', 'kuma'],
	['admins = root', 'admins', '{"root"}'],
	['admins = {"a@b", "c@d",}', 'admins', '{"a@b", "c@d"}'],
	['killconcurrent = false', 'if_running', 'allow'],
	['killconcurrent = true', 'if_running', 'replace'],
	['killconcurrent = false if_running = refuse', 'if_running',
	    'refuse'],
	['killconcurrent = true if_running = allow', 'if_running', 'allow'],
	['run_root = /tmp/x', 'run_root', '"/tmp/x"'],
	['run_root = x', 'run_root', '"%DIR/x"'],
	['metrics_dir = x', 'metrics_dir', '"%DIR/x"'],
	['mask = "a[0-9]+"', 'mask', '{"a[0-9]+"}'],
	['mask_secrets = false', 'mask_secrets', 'false'],
	['default_command = "./manage.py %t"', 'default_command',
	    '{"./manage.py", "%t"}'],
	['command = "a b"', 'command', '{"a", "b"}'],
	['command = {"a b"}', 'command', '{"a b"}'],
	['command = {"a b",}', 'command', '{"a b"}'],
	['command = {a, "|", b}', 'command', '{"a", "|", "b"}'],
	['command = "a | b"', 'command', '"a | b"'],
	["command = \"a 'b c' | d\"", 'command', q("a 'b c' | d")],
	["command = \"a 'b c'\"", 'command', '{"a", "b c"}'],
	["command = \"a\nb\"", 'command', '{"a", "b"}'],
	['lease_command = "etcdctl lock %c"', 'lease_command',
	    '{"etcdctl", "lock", "%c"}'],
	['lease_command = {"x y"}', 'lease_command', '{"x y"}'],
	['nice = 1 nice = 2', 'nice', '2'],
	['log { level = error keep = 2 }', 'log/level', 'error'],
	['log { level = error keep = 2 }', 'log/keep', '2'],
	['log { format = json }', 'log/format', 'json'],
	['log { file = x.log }', 'log/file', '"%DIR/x.log"'],
	['log { max_size = 0 }', 'log/max_size', '0'],
	['mail { url = "maildir:m" }', 'mail/url', '{"maildir:%DIR/m"}'],
	['mail { url = "maildir:/m" }', 'mail/url', '{"maildir:/m"}'],
	['admins = a mail { url = "smtp://[::1]:25" }', 'mail/url',
	    '{"smtp://[::1]:25"}'],
	['admins = a mail { url = {"smtps://h", "sendmail:s"} }', 'mail/url',
	    '{"smtps://h", "sendmail:%DIR/s"}'],
	['mail { from = "a@b" }', 'mail/from', '"a@b"'],
	['mail { timeout = 1500ms }', 'mail/timeout', '1.5s'],
	['mail { max_per_hour = 0 }', 'mail/max_per_hour', '0'],
	["mail { subject_prefix = '[x] ' }", 'mail/subject_prefix',
	    '"[x] "'],
	['webhook { url = "http://h" header = "A: b" }', 'webhook/url',
	    '"http://h"'],
	['webhook { url = "http://h" }', 'webhook/max_per_hour', '20'],
	['admins = ${RT_ADMIN}', 'admins', '{"from@env"}'],
	['admins = "x${RT_ADMIN}${RT_NONE:-.org}"', 'admins',
	    '{"xfrom@env.org"}'],
	['admins = \'${RT_ADMIN}\' # none', 'admins', '{"\\${RT_ADMIN}"}'],
	['nice = /* two */ 2 // three', 'nice', '2'],
);
$ENV{RT_ADMIN} = 'from@env';
for my $row (@rows) {
	my ($text, $key, $want) = @$row;
	my $p = RunnerTest->new;
	$want =~ s/%DIR/$p->dir/ge;
	my ($section, $name) = $key =~ m{^(?:(\w+)/)?(\w+)$};
	$p->config($text);
	is settings($p)->{$section // ''}{$name}, $want,
	    "$text: " . ($section ? "$section " : '') . $name;
}

subtest 'a task goes before the top level' => sub {
	my $p = RunnerTest->new;
	$p->task($_ => "#!/bin/sh\n") for qw(a b);
	$p->config(join "\n", 'timeout = 5s', 'environment = "A=1"',
	    'fail_cooldown_max = 1h', 'success_exit = 1', 'umask = 022',
	    'task a { timeout = 7s', ' environment = {}',
	    ' fail_cooldown = 2h', ' success_exit = {0, 2}', '}');
	my $s = settings($p, 'b');
	is $s->{'task b'}{timeout}, '5s', 'one takes the general value';
	is $s->{'task a'}{timeout}, '7s', 'the other its own';
	is $s->{'task a'}{environment}, '{}', 'an empty list is one';
	is $s->{'task a'}{success_exit}, '{0, 2}', 'a list takes the place';
	is $s->{'task a'}{umask}, '022', 'what it does not say is general';
	is $s->{'task b'}{fail_cooldown_max}, '1h', 'a general maximum';
	is $s->{'task a'}{fail_cooldown_max}, '2h',
	    'gives way to a longer cooldown of its own';
};

subtest 'chains' => sub {
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	$p->config(join "\n", 'task a { command = true }',
	    'if_running = refuse', 'lease_command = "x %c"',
	    'chain one { tasks = a }',
	    'chain two { tasks = {a, a} user = root group = 0 nice = 3',
	    ' log_file = two.log if_running = allow lease_command = {} }');
	my $s = settings($p);
	is_deeply $s->{'chain one'}, {tasks => '{"a"}',
	    if_running => 'refuse', lease_command => '{"x", "%c"}'},
	    'one takes what is general';
	is_deeply $s->{'chain two'}, {tasks => '{"a", "a"}',
	    user => '"root"', group => '"0"', nice => 3,
	    log_file => qq("$dir/two.log"), if_running => 'allow',
	    lease_command => '{}'}, 'the other has its own';
};

subtest 'what is printed is a runner.conf of the same' => sub {
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	my $text = slurp($example);
	$text =~ s/^(\t*)#(?=[a-z}\t])/$1/mg;
	$text =~ s/^(ping_url|\theader) = .*//mg;
	spew("$dir/runner.local.conf", 'signature_mask = "\"\\\\x\\n"');
	spew("$dir/etc/$_", "x\n", 0600)
	    for qw(mail.password ca.pem hook.token ping.url);
	spew($p->dir . "/etc/task.env", "A=1\n", 0600);
	$p->config($text);
	settings($p);
	my $first = slurp("$dir/out");
	$p->config($first);
	settings($p);
	like $first, qr/^chain mail \{/m, 'all of it is there';
	# The last line counts warnings: what all tasks share is now in each.
	is slurp("$dir/out") =~ s/^# .* can be used: .*\n\z//mr,
	    $first =~ s/^# .* can be used: .*\n\z//mr, 'twice the same';
};

subtest 'secrets are not printed' => sub {
	my $p = RunnerTest->new;
	spew($p->dir . '/pw', "hunter2\n", 0600);
	$p->config(join "\n",
	    'environment = {"API_TOKEN=hunter2", "PATH=/bin"}',
	    'ping_url = "https://me:hunter2@h/x"', 'admins = a',
	    'mail { url = "smtp://h" username = me password_file = pw }',
	    'webhook { url = "https://hunter2@h/y"',
	    ' header = {"Authorization: Bearer hunter2", "X: @pw"} }');
	settings($p);
	my $out = slurp($p->dir . '/out');
	unlike $out, qr/hunter2/, 'none of them';
	like $out, qr/"API_TOKEN=\*\*\*", "PATH=\/bin"/, 'a variable';
	like $out, qr{"https://\*\*\*\@h/x"}, 'a URL';
	like $out, qr/"Authorization: \*\*\*", "X: \@pw"/, 'a header';
	like $out, qr{password_file = ".*/pw"}, 'the path of one is none';
};

subtest 'only what differs is printed' => sub {
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	$p->config("admins = a\nnice = 3\ntimeout = 0\n"
	    . "task t { command = true nice = 4 stop_timeout = 10s }\n"
	    . "task u { command = true timeout = 1m }\n"
	    . "log { level = info }\nchain c { tasks = t }\n");
	my (undef, $out) = $p->run('check');
	is $out, <<"CONF", 'than the defaults, of a task than the top level';
# configuration: $dir/runner.conf
# PROJECT_ROOT: $dir

run_root = "$dir/var/run"
admins = {"a"}
nice = 3

log {
	level = info
}

task t {
	command = {"true"}
	nice = 4
}

task u {
	command = {"true"}
	timeout = 1m
}

chain c {
	tasks = {"t"}
}

# $dir/runner.conf can be used: 1 chain, 2 tasks
CONF
};

done_testing;
