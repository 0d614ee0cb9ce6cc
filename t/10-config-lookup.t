# What a TASK word stands for, in the order of the manual; --set; the file in
# use and what its paths are relative to.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

# `runner ARGS` in a directory: (status, stdout, stderr).
sub runner {
	my ($p, $directory, @args) = @_;
	my $dir = $p->dir;
	my $words = join ' ', map { "'" . s/'/'\\''/gr . "'" } @args;
	system("cd $dir/$directory && $RunnerTest::RUNNER $words"
	    . " >$dir/out 2>$dir/err");
	my $status = $? >> 8;
	my $err = slurp("$dir/err");
	# What is said of every file here, and what to make of the faults.
	$err =~ s/^runner: warning: \S+: nobody is told .*\n//m;
	$err =~ s/^runner: .* cannot be used: \d+ errors?\n\z//m;
	return ($status, slurp("$dir/out"), $err);
}

# The command of the only task that `check WORD` prints, and the task's name.
sub found {
	my ($p, $word, $directory) = @_;
	my ($status, $out, $err) = runner($p, $directory // '.', 'check', '--all', $word);
	my @tasks = $out =~ /^task (\S+) \{\n\tcommand = (.*)/mg;
	return $status ? $err : "@tasks";
}

my $p = RunnerTest->new;
my $dir = $p->dir;
$p->task($_ => "#!/bin/sh\n") for qw(bare both backup.sh);
spew("$dir/a/b/c", "#!/bin/sh\n", 0755);
spew("$dir/a/b/both", "#!/bin/sh\n", 0755);
spew("$dir/tasks/plain", "no program\n", 0644);
mkdir "$dir/tasks/directory";
mkdir "$dir/sub";
spew("$dir/sub/x.tar.gz", "#!/bin/sh\n", 0755);
spew("$dir/sub/.hidden", "#!/bin/sh\n", 0755);

# Each row: the word, what is found, the name of the row.
sub rows {
	my ($title, $config, @rows) = @_;
	subtest $title => sub {
		$p->config($config);
		for my $row (@rows) {
			my ($word, $want, $name, $directory) = @$row;
			my $got = found($p, $word, $directory);
			$want =~ s/%DIR/$dir/g;
			is $got, $want, $name;
		}
	};
}

is `echo | $RunnerTest::RUNNER -c /dev/stdin check 2>&1`,
    "runner: /dev/stdin: is a pipe; a file is wanted\n", 'a pipe is no file';

rows('without sections', '',
	['bare', 'bare {"%DIR/tasks/bare"}', 'a bare name'],
	['a.b.c', 'c {"%DIR/a/b/c"}', 'a dotted name'],
	['tasks.bare', 'bare {"%DIR/tasks/bare"}', 'a dotted name in tasks'],
	['a/b/c', 'c {"%DIR/a/b/c"}', 'a path'],
	['./a/b/c', 'c {"%DIR/a/b/c"}', 'a path with a dot in front'],
	['../tasks/bare', 'bare {"%DIR/sub/../tasks/bare"}',
	    'a path is seen from the working directory', 'sub'],
	['./x.tar.gz', 'x.tar {"%DIR/sub/x.tar.gz"}',
	    'a path loses its last extension', 'sub'],
	['bare', 'bare {"%DIR/tasks/bare"}',
	    'a bare name is not seen from the working directory', 'sub'],
	['backup.sh', 'backup.sh {"%DIR/tasks/backup.sh"}',
	    'a file with an extension in tasks'],
	['true', "runner: no task 'true': no section 'task true'; no "
	    . "%DIR/tasks/true; no default_command\n", 'PATH is not searched'],
	['x.y', "runner: no task 'x.y': no section 'task x.y'; no %DIR/x/y; "
	    . "no %DIR/tasks/x.y; no default_command\n", 'a dotted nothing'],
	['./nothing', "runner: no task './nothing': no %DIR/nothing\n",
	    'a path to nothing'],
	['plain', "runner: no task 'plain': no section 'task plain'; "
	    . "%DIR/tasks/plain is not executable; no default_command\n",
	    'a file without an x bit'],
	['directory', "runner: no task 'directory': no section 'task directory'; "
	    . "%DIR/tasks/directory is not a regular file; no "
	    . "default_command\n", 'a directory'],
	['./.hidden', "runner: '.hidden' is not a name for a task (letters, "
	    . "digits, '_', '.' and '-', at most 200)\n",
	    'a path whose name is none', 'sub'],
	['a b', "runner: 'a b' is not a name for a task (letters, digits, "
	    . "'_', '.' and '-', at most 200)\n", 'a word that is no name'],
	['..', "runner: '..' is not a name for a task (letters, digits, "
	    . "'_', '.' and '-', at most 200)\n", 'dots alone'],
	['', "runner: '' is not a name for a task (letters, digits, "
	    . "'_', '.' and '-', at most 200)\n", 'nothing'],
);

rows('with default_command', 'default_command = {"env", "X=%t", "%t"}',
	['bare', 'bare {"%DIR/tasks/bare"}', 'a file goes before it'],
	['a.b.c', 'c {"%DIR/a/b/c"}', 'also that of a dotted name'],
	['send', 'send {"env", "X=send", "send"}', 'it gets the name'],
	['tasks.send', 'send {"env", "X=send", "send"}',
	    'of a dotted name, the last part'],
	['plain', 'plain {"env", "X=plain", "plain"}',
	    'it serves where a file is not executable'],
	['./nothing', "runner: no task './nothing': no %DIR/nothing\n",
	    'it does not serve a path'],
);

my $sections = <<'CONF';
default_command = "env %t"
task bare { command = "echo bare" }
task empty { nice = 1 }
task a.b.c { command = "echo dotted" }
CONF

# The command of one task among all that are printed.
sub command_of {
	my ($word, $name) = @_;
	my (undef, $out, $err) = runner($p, '.', 'check', '--all', $word);
	my ($found) = $out =~ /^task \Q$name\E \{\n\tcommand = (.*)/m;
	return $found // $err;
}

subtest 'with sections' => sub {
	$p->config($sections);
	is command_of('bare', 'bare'), '{"echo", "bare"}',
	    'a section goes before a file in tasks';
	is command_of('a.b.c', 'a.b.c'), '{"echo", "dotted"}',
	    'a section goes before a dotted name';
	is command_of('empty', 'empty'), '{"env", "empty"}',
	    'without a command it is looked up like a bare name';
};

# What a task printed in `once`, each of its lines; or the error.
sub once {
	my ($config, @args) = @_;
	$p->config("log { format = plain } success_cooldown = 0\n$config");
	my ($status, $out, $err) = runner($p, '.', 'once', '-v', @args);
	my @said = $err =~ /stdout: (.*)/g;
	return @said ? "@said" : $err;
}

subtest 'what is executed' => sub {
	$p->task(both => "#!/bin/sh\necho file \$RUNNER_TASK \$V\n");
	spew("$dir/a/b/both", "#!/bin/sh\necho dotted \$RUNNER_TASK \$V\n",
	    0755);
	my $both = 'task both { command = "echo section" '
	    . 'environment = "V=set" }';
	is once('', 'both'), 'file both', 'a bare name';
	is once('', 'a.b.both'), 'dotted both', 'a dotted name';
	is once('', './a/b/both'), 'dotted both', 'a path';
	is once($both, 'both'), 'section', 'a section';
	is once($both, 'a.b.both'), 'dotted both set',
	    'a dotted name that is a file; the section has its settings';
	is once($both, './tasks/both'), 'file both set', 'a path, the same';
	is once($both, 'x.y.both'), 'section',
	    'a dotted name of nothing: the section has its command';
	is once('command = "echo general"', 'nothing'), 'general',
	    'a command at the top level is every task\'s';
	is once($both, '--set', 'command=echo given', $_), 'given',
	    "--set goes before all: $_"
	    for qw(both a.b.both ./a/b/both nothing);
	is once('', '--set', 'command={"echo", "a  b"}', 'nothing'), 'a  b',
	    '--set with a list';
	is once('', '--set', "command=echo 'a  b' | tr a x", 'nothing'),
	    'x  b', '--set with a pipeline';
	is once($both, '--set', 'environment=V=1', 'a.b.both'),
	    'dotted both 1', '--set goes before a section';
	is once('environment = "V=top"', 'both'), 'file both top',
	    'the top level goes before the default';
};

subtest 'every list can be given with --set' => sub {
	my $keys = slurp("$FindBin::Bin/../supervisor/config/keys.c");
	my ($rows) = $keys =~ /task_keys\[\] = \{(.*?)\n\};/s;
	my @lists = $rows =~ /\{"(\w+)", &value_(?:\w*list|patterns|exits|command)/g;
	cmp_ok scalar @lists, '>', 7, 'there are some';
	for my $key (@lists) {
		my $value = $key eq 'success_exit' ? 3
		    : $key eq 'environment' ? '"A=1"' : 'A';
		my ($status, $out, $err) = RunnerTest->new->run('once',
		    '--set', 'command=true', '--set', "$key={$value}", 't');
		unlike $err, qr/--set/, $key;
	}
	my $p = RunnerTest->new->config('admins = {"top"}')
	    ->task(t => "#!/bin/sh\nexit 1\n");
	$p->run('once', '--set', 'admins={"a@x", "b@x"}', 't');
	like +($p->mails)[0], qr/^To: a\@x,\s+b\@x\r?$/m, 'and is in force';
};

subtest 'faults of --set' => sub {
	my @rows = (
		['timeout=1x', "timeout: '1x' is not a duration (such as "
		    . '500ms, 90s, 15m, 1h30m or 2d)'],
		['timeout={1, 2}', 'timeout: takes one value, not a list'],
		['timout=1', 'timout: there is no such task key; did you '
		    . 'mean timeout?'],
		['xyzzy=1', 'xyzzy: there is no such task key'],
		['run_root=x', 'run_root: no key of a task: set it in '
		    . 'runner.conf instead'],
		['success_exit={0', 'success_exit: the brace that opens here '
		    . 'is not closed'],
		['success_exit={0} nice = 1', 'success_exit: that is more '
		    . 'than one list, or none'],
		["command=a 'b", 'command: a single quote has no end'],
	);
	$p->config('');
	for my $row (@rows) {
		my ($set, $want) = @$row;
		my ($status, $out, $err) =
		    runner($p, '.', 'once', '--set', $set, 'bare');
		is $err, "runner: --set $want\n", $set;
		is $status, 2, "$set: exit status 2";
	}
	my ($status, undef, $err) = runner($p, '.', 'once', '--set', 'nice=x',
	    '--set', 'umask=9', 'bare');
	is scalar(my @lines = split /\n/, $err), 2, 'all of them at once';
};

subtest 'the file in use' => sub {
	my $q = RunnerTest->new;
	my $dir = $q->dir;
	spew("$dir/up/runner.conf", 'nice = 1');
	spew("$dir/up/down/deep/x", '');
	spew("$dir/other/o.conf", "nice = 2\nrun_root = r\n");
	spew("$dir/directory/runner.conf/x", '');
	my $in = sub {
		my ($directory, @args) = @_;
		my (undef, $out, $err) = runner($q, $directory, 'check', '--all', @args);
		return join ' ', $out =~ /^# PROJECT_ROOT: \Q$dir\E(\S*)/m,
		    $out =~ /^run_root = "\Q$dir\E(.*)"/m,
		    $out =~ /^nice = (.*)/m, $err;
	};
	is $in->('up'), '/up /up/var/run 1 ', 'the one here';
	is $in->('up/down/deep'), '/up /up/var/run 1 ', 'the nearest upwards';
	is $in->('directory'), '/directory /directory/var/run ',
	    'a directory of that name is none' unless -e '/etc/runner.conf' ||
	    -e '/tmp/runner.conf';
	is $in->('up', '-c', '../other/o.conf'),
	    '/up/../other /up/../other/r 2 ', '-c, and paths are its directory\'s';
	is $in->('other', '-c', 'o.conf'), '/other /other/r 2 ',
	    '-c here';
	is $in->('other', '-c', './o.conf'), '/other /other/r 2 ',
	    '-c here, with a dot';
	is $in->('up/down', '-c', "$dir/other/o.conf"), '/other /other/r 2 ',
	    '-c with a whole path';
	is $in->('other', '-c', 'o.conf', '-r', 'rr'), '/other /other/rr 2 ',
	    '-r goes before run_root';
	is $in->('up/down', '-r', 'rr'), '/up /up/down/rr 1 ',
	    '-r is seen from the working directory';
	{
		local $ENV{RUNNER_CONF} = "$dir/other/o.conf";
		is $in->('up'), '/other /other/r 2 ', '$RUNNER_CONF';
		is $in->('other', '-c', '../up/runner.conf'),
		    '/other/../up /other/../up/var/run 1 ',
		    '-c goes before $RUNNER_CONF';
	}
	{
		local $ENV{RUNNER_CONF} = '';
		is $in->('up'), '/up /up/var/run 1 ',
		    'an empty $RUNNER_CONF is none';
	}
};

subtest 'a directory with a line break in its name' => sub {
	my $p = RunnerTest->new;
	my $dir = $p->dir . "/a\nb";
	mkdir $dir;
	spew("$dir/runner.conf", "task t { command = true }\n");
	my ($status, undef, $err) = $p->run('-c', "$dir/runner.conf", 'check');
	is $status, 2, 'is refused';
	like $err, qr/a\\x0ab has a line break in its name$/, 'and why';
};

subtest 'a working directory that is gone' => sub {
	my $p = RunnerTest->new;
	$p->config('log { format = plain }');
	$p->task(t => "#!/bin/sh\n");
	my $run = $p->start_command('sh', '-c', 'mkdir gone && cd gone && '
	    . 'rmdir ../gone && exec "$@"', 'sh', $RunnerTest::RUNNER,
	    '-c', $p->dir . '/runner.conf', 'once', 't');
	$run->wait;
	is $run->status, 0, 'does not matter when the file is named in full'
	    or diag $run->err;
};

done_testing;
