# The place that a task is started in is clean, whoever started runner.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use POSIX ();
use Test::More;

# Runs the task once by the command and returns what it saw.
sub place {
	my ($settings, @command) = @_;
	my $p = RunnerTest->new;
	my $log = $settings =~ /^log/ ? '' : "log { format = plain }\n";
	$p->config("${log}success_cooldown = 1h fail_cooldown = 1h\n$settings");
	$p->task(t => slurp(RunnerTest::lib() . '/place'));
	my $run = $p->start_command(@command, $RunnerTest::RUNNER, 'run', 't');
	ok wait_for(sub { saw($p, $run) =~ /Sleeping/ }), 'runs'
	    or diag saw($p, $run);
	my %seen = map { /stdout: limit (.*) (\S+)/ ? ($1 => $2)
	    : /stdout: (env \S+|\S+) (.*)/ ? ($1 => $2) : () }
	    split /\n/, saw($p, $run);
	$p->end;
	return \%seen;
}

sub saw { $_[1]->err . slurp($_[0]->dir . '/log') }

sub is_clean {
	my ($seen, $except) = @_;
	is $seen->{fds}, '0 1 2', 'three descriptors' unless $except;
	is $seen->{stdin}, '/dev/null', 'no input';
	is $seen->{sigblk}, '0' x 16, 'nothing is blocked';
	# Perl itself sets SIGFPE aside.
	is sprintf('%x', hex($seen->{sigign}) & ~0x80), '0',
	    'nothing is ignored';
	is $seen->{sigpnd}, '0' x 16, 'nothing is pending';
	is $seen->{group}, 'own', 'a group of its own';
	is $seen->{session}, 'own', 'a session of its own';
}

# perl -e that prepares something and then becomes the rest of its arguments.
sub after { ('perl', '-MPOSIX', '-e', $_[0] . '; exec @ARGV or die') }

subtest 'started as ever' => sub { is_clean(place('')) };
subtest 'under nohup' => sub { is_clean(place('', 'nohup')) };
subtest 'with every signal ignored' => sub {
	is_clean(place('', after('$SIG{$_} = "IGNORE" for keys %SIG')));
};
subtest 'with every signal blocked' => sub {
	is_clean(place('', after('my $s = POSIX::SigSet->new; $s->fillset; '
	    . 'sigprocmask(SIG_BLOCK, $s)')));
};
subtest 'with descriptors of somebody' => sub {
	is_clean(place('', after('$^F = 100; for (5 .. 40) { open my $f, "<", '
	    . '"/dev/zero" or die; push @f, $f } '
	    . 'fcntl $_, F_SETFD, 0 for @f; use Fcntl')));
};
for my $closed ('STDIN', 'STDOUT', 'STDIN,STDOUT', 'STDIN,STDOUT,STDERR') {
	subtest "without $closed" => sub {
		my $file = $closed =~ /ERR/ ? 'log' : '';
		my $seen = place($file ? 'log { format = plain file = log }' : '',
		    after(join ';', map { "POSIX::close(fileno $_)" }
		    split /,/, $closed));
		is_clean($seen);
	};
}
subtest 'under setsid' => sub { is_clean(place('', 'setsid', '-w')) };
subtest 'in a pid namespace, as process 1' => sub {
	plan skip_all => 'needs root and namespaces'
	    if $> || system('unshare -m true 2>/dev/null');
	is_clean(place('', qw(unshare -pf --mount-proc --kill-child)));
};

subtest 'umask, cwd, nice, limits, environment' => sub {
	my $seen = place("umask = 027 nice = 7 limit_files = 99\n"
	    . "limit_cpu = 77 limit_memory = 1G cwd = \"/usr\"\n"
	    . 'environment = {"COLOUR=blue", "EMPTY=", '
	    . '"RUNNER_TASK=forged", "HOME=/own"}');
	is $seen->{umask}, '0027', 'umask';
	is $seen->{cwd}, '/usr', 'cwd';
	is $seen->{nice}, nicer(7), 'nice';
	is $seen->{'open files'}, 99, 'limit_files';
	is $seen->{'cpu time'}, 77, 'limit_cpu';
	is $seen->{'address space'}, 1 << 30, 'limit_memory';
	is $seen->{'env COLOUR'}, 'blue', 'environment';
	is $seen->{'env EMPTY'}, '', 'an empty value';
	is $seen->{'env RUNNER_TASK'}, 't', 'what is ours is not overruled';
	is $seen->{'env HOME'}, '/own', 'but HOME is';
	my $plain = place('');
	ok -e $plain->{cwd} . '/runner.conf' || $plain->{cwd} =~ /runner-test/,
	    'cwd is PROJECT_ROOT';
	ok !exists $plain->{'env NOTIFY_SOCKET'}, 'what is for us is not passed';
};

SKIP: {
	skip 'needs root', 1 if $>;
	subtest 'another user' => sub {
		# One with supplementary groups, made for this test alone.
		my ($name, $groups) = ('games', `id -G games`);
		my $seen = place("user = $name",
		    after('$) = "0 0 4 5"; $ENV{HOME} = "/root"; '
		    . '$ENV{USER} = "root"'));
		my @id = getpwnam $name;
		is $seen->{uid}, join("\t", ($id[2]) x 4), 'all four user ids';
		is $seen->{gid}, join("\t", ($id[3]) x 4), 'all four group ids';
		is join(' ', sort split ' ', $seen->{groups}),
		    join(' ', sort split ' ', $groups), 'its groups, no other';
		is $seen->{"env $_"}, $name, $_ for qw(USER LOGNAME);
		is $seen->{'env HOME'}, $id[7], 'HOME';
		is $seen->{'env SHELL'}, $id[8], 'SHELL';
		is hex $seen->{"cap$_"}, 0, "no Cap$_" for qw(inh prm eff amb);
		is_clean($seen);
	};
	subtest 'another user, with capabilities to inherit' => sub {
		my $seen = place('user = nobody', 'setpriv',
		    '--inh-caps', '+net_admin,+sys_admin',
		    '--ambient-caps', '+net_admin,+sys_admin');
		is hex $seen->{"cap$_"}, 0, "no Cap$_" for qw(inh prm eff amb);
	};
	subtest 'another user, few descriptors' => sub {
		my $p = RunnerTest->new;
		$p->config("log { format = plain } fail_cooldown = 1h\n"
		    . 'task t { command = "id -u" user = nobody '
		    . 'limit_files = 4 limit_memory = 100M }');
		my $run = $p->start('run', 't');
		$run->wait_log(qr/Sleeping/);
		like $run->err, qr/stdout: 65534\n/,
		    'is looked up before there are so few';
		$run->stop;
	};
	subtest 'another group' => sub {
		my $seen = place('user = nobody group = games');
		is((split ' ', $seen->{gid})[0], (getgrnam 'games')[2], 'is its');
		is((split ' ', $seen->{uid})[0], (getpwnam 'nobody')[2],
		    'and the user');
	};
	subtest 'a user that may become no other' => sub {
		my $p = RunnerTest->new;
		$p->config('log { format = plain } user = games '
		    . 'fail_cooldown = 1h');
		$p->task(t => "#!/bin/sh\necho ran\n");
		chown 65534, -1, $p->dir;
		my $run = $p->start_command(qw(setpriv --reuid=nobody
		    --regid=nogroup --clear-groups), $RunnerTest::RUNNER,
		    'run', 't');
		ok wait_for(sub { $run->has_ended || $run->err =~ /Sleeping/ }),
		    'a runner of nobody';
		like $run->err, qr/games.*need root/, 'says that it needs root';
		unlike $run->err, qr/stdout: ran/, 'and runs nothing';
		$run->stop unless $run->has_ended;
	};
	subtest 'as in 2011: su, nice, a log, disown' => sub {
		my $p = RunnerTest->new;
		$p->config("log { format = plain }\nsuccess_cooldown = 1h");
		$p->task(t => slurp(RunnerTest::lib() . '/place'));
		chown 65534, -1, $p->dir;
		my $dir = $p->dir;
		# The build may lie where nobody may not look, under /root say.
		my $runner = spew("$dir/runner", slurp($RunnerTest::RUNNER), 0755);
		my $r = $p->start_command('su', 'nobody', '-s', '/bin/bash',
		    '-c', "cd $dir; RT_X=1 nice -n 5 $runner run t "
		    . '&>> log & disown');
		$r->wait;
		is $r->status, 0, 'the shell is gone';
		ok wait_for(sub { saw($p, $r) =~ /Sleeping/ }), 'the chain runs';
		my $pid = $p->pid_in_file('t');
		like saw($p, $r), qr/stdout: nice @{[nicer(5)]}\n/, 'niced';
		is +(stat $p->root . '/t.pid')[4], 65534, 'as nobody';
		is hex status_of($pid, 'CapEff'), 0, 'with no capability';
		my ($status) = $p->run('stop', 't');
		is $status, 0, 'root can stop it';
		ok !is_alive($pid), 'and it is gone';
	};
}

subtest 'process 1 reaps what is not its own, and ends it not' => sub {
	plan skip_all => 'needs root and namespaces'
	    if $> || system('unshare -m true 2>/dev/null');
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nsuccess_cooldown = 100ms");
	$p->task(t => "#!/bin/sh\necho ran\n");
	my $run = $p->start_command(qw(unshare -pf --mount-proc --kill-child),
	    $RunnerTest::RUNNER, 'run', 't');
	$run->wait_log(qr/Execution/);
	my ($one) = slurp("/proc/$run->{pid}/task/$run->{pid}/children")
	    =~ /(\d+)/;
	# Strangers enter the namespace, as `docker exec` does: one that leaves
	# an orphan which ends soon, and one whose orphan stays.
	system 'nsenter', '-t', $one, '-p', '-m', 'sh', '-c',
	    'sleep 0.05 & sleep 1000 & exit 0';
	my $children = sub { map { [$_, slurp("/proc/$_/stat") =~ /\) (\S)/] }
	    split ' ', slurp("/proc/$one/task/$one/children") };
	ok wait_for(sub { grep { slurp("/proc/$_->[0]/cmdline") =~
	    /^sleep.1000/ } $children->() }), 'an orphan came to it';
	my $seen = lines_of($run->err, qr/Execution/);
	$run->wait_log(qr/Execution/, $seen + 3);
	ok wait_for(sub { !grep { $_->[1] eq 'Z' } $children->() }),
	    'what ended is reaped';
	ok +(grep { slurp("/proc/$_->[0]/cmdline") =~ /^sleep.1000/ }
	    $children->()), 'what lives is left alone';
	kill 'TERM', $one;
	$run->wait;
	is $run->status, 0, 'TERM stops it, though it is process 1';
};

done_testing;
