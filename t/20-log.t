# What tasks print reaches the log, whole and in order, in four formats,
# whatever it is; and what becomes of the log does not become of the chain.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP qw(decode_json);
use RunnerTest;
use Test::More;
use Time::HiRes qw(time);

my $stamp = qr/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/;

# A project whose task prints `$bytes`, the second argument of `once`.
sub project_printing {
	my ($log, $bytes, $stream) = @_;
	my $p = RunnerTest->new;
	$p->config("log { $log }\n");
	spew($p->dir . '/bytes', $bytes);
	my $to = ($stream || 'stdout') eq 'stderr' ? '>&2' : '';
	return $p->task(t => "#!/bin/sh\ncat bytes $to\n");
}

sub output_of {
	my ($log) = @_;
	return join '', map { "$_\n" } grep { /stdout|stderr/ }
	    split /\n/, $log;
}

my $mixed = "first\n\n\ttab\x1b[1mred\r\nna\xefve \"x\\y\"\nlast, unfinished";

subtest 'the four formats' => sub {
	my %want = (
		plain => "INFO [t] stdout: first\nINFO [t] stdout: \n"
		    . "INFO [t] stdout: \ttab\\x1b[1mred\\x0d\n"
		    . "INFO [t] stdout: na\xefve \"x\\y\"\n"
		    . "INFO [t] stdout: last, unfinished\n",
	);
	($want{timestamp} = $want{plain}) =~ s/^/STAMP /mg;
	($want{journal} = $want{plain}) =~ s/^INFO /<6>/mg;
	for my $format (sort keys %want) {
		my $p = project_printing("format = $format", $mixed);
		my ($status, undef, $log) = $p->run('once', '-v', 't');
		$log =~ s/^$stamp/STAMP/mg;
		is output_of($log), $want{$format}, $format;
		is $status, 0, "$format: status" or diag $log;
	}
	my $p = project_printing('format = json', $mixed);
	my (undef, undef, $log) = $p->run('once', '-v', '--name', 'c', 't');
	my @lines = split /\n/, $log;
	my @objects = map { eval { decode_json($_) } || diag "bad: $_" } @lines;
	like $lines[0], qr/^\{"ts":"$stamp","level":"[A-Z]+","chain":"c",
	    "task":(?:null|"t"),"stream":(?:null|"\w+"),"msg":"/x,
	    'json: the keys in their order';
	is_deeply [map { $_->{msg} } grep { ($_->{stream} // '') eq 'stdout' }
	    @objects], ['first', '', "\ttab\\x1b[1mred\\x0d",
	    "na\x{fffd}ve \"x\\y\"", 'last, unfinished'], 'json: the texts';
	is scalar(grep { $_->{msg} =~ /^\[/ } @objects), 0,
	    'json: no prefix is repeated in a text';
};

subtest 'a line of 3 MB' => sub {
	my $line = join '', map { chr(97 + $_ % 26) x 100 } 1 .. 31457;
	my $p = project_printing('format = plain', "before\n$line\nafter\n");
	$p->config("log { format = plain }\nsuccess_cooldown = 1h\n");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Sleeping/);
	my ($peak) = slurp("/proc/$run->{pid}/status") =~ /VmHWM:\s+(\d+)/;
	cmp_ok $peak, '<', 16 << 10, 'takes little memory';
	$run->stop;
	my @lines = grep { /stdout/ } split /\n/, $run->err;
	is shift @lines, 'INFO [t] stdout: before', 'the line before it';
	is pop @lines, 'INFO [t] stdout: after', 'the line after it';
	my $wrong = 0;
	for (0 .. $#lines) {
		my $mark = $_ ? ' (continued)' : '';
		$lines[$_] =~ s/^INFO \[t\] stdout\Q$mark\E: // or $wrong++;
		$wrong++ if length $lines[$_] != 16384 && $_ != $#lines;
	}
	is $wrong, 0, 'is cut in pieces of 16 KiB that are marked';
	ok join('', @lines) eq $line, 'of which no byte is missing';
};

subtest 'binary data on stderr' => sub {
	my $bytes = join '', map { chr } 0 .. 255, reverse 0 .. 255;
	my $p = project_printing('format = plain', $bytes x 300, 'stderr');
	my (undef, undef, $log) = $p->run('once', '-v', 't');
	my $got = join "\n", map { s/^INFO \[t\] stderr: //r }
	    grep { /stderr: / } split /\n/, $log;
	$got =~ s/\\x([01][0-9a-f]|7f)/chr hex $1/ge;
	ok $got eq $bytes x 300, 'every byte is there, escaped or as it is';
};

subtest 'what steers or turns a screen' => sub {
	my $p = RunnerTest->new;
	my $bad = "X\xc2\x9b31m\xc2\x85Y\xe2\x80\xaeZ\xe2\x81\xa6\xd8\x9c"
	    . "\xe2\x80\xa8W";
	my $shown = join '', map { /[\x80-\xff]/ ? sprintf '\x%02x', ord : $_ }
	    split //, $bad;
	$p->config('log { file = "log" }' . "\nadmins = {\"a\@example.org\"}\n"
	    . 'chain c { tasks = {"t"} log_file = "' . $p->dir . '/log" }');
	$p->task(t => "#!/bin/sh\nprintf '%s\\n' '$bad' >&2\nexit 1\n");
	local $ENV{LC_ALL} = 'C.UTF-8';
	$p->run('once', '-n', 'c', 't');
	my $mails = join '', $p->mails;
	my %seen = (log => slurp($p->dir . '/log'), mail => $mails,
	    map { $_ => ($p->run(split / /))[1] } 'status', 'failures',
	    'history', 'logs c', 'report', 'status --json');
	for my $what (sort keys %seen) {
		unlike $seen{$what}, qr/[\x80-\x9f]31m|\xe2\x80[\xa8\xae]
		    |\xe2\x81\xa6|\xd8\x9c/x, "$what has none of it";
	}
	like $seen{$_}, qr/\Q$shown\E/, "$_ shows it written out"
	    for 'log', 'logs c';
	like $seen{$_}, qr/Y\\xe2\\x80\\xaeZ\\xe2/, "$_ shows what counts of it"
	    for 'mail', 'failures';
	my %message = map { $_ => ($p->run($_, '--json'))[1]
	    =~ /"message": ?"(X[^"]*)"/ } qw(status failures history);
	is $message{$_}, $message{status}, "$_ --json has the same message"
	    for 'failures', 'history';
};

subtest 'lines come at once, not at the end of the run' => sub {
	my $p = RunnerTest->new;
	$p->config('log { format = plain }');
	$p->task(t => "#!/bin/sh\necho one\necho two >&2\necho three\n"
	    . "sleep 60\n");
	my $run = $p->start('run', 't');
	ok $run->wait_log(qr/stdout: three/), 'while it runs';
	ok $run->wait_log(qr/stderr: two/), 'of both streams';
	$run->stop;
};

subtest 'four runners on one file that is rotated' => sub {
	my $p = RunnerTest->new;
	my $file = $p->dir . '/log';
	my ($runners, $lines) = (4, 4000);
	$p->config("log { format = plain file = \"$file\" max_size = 64k "
	    . "keep = 500 }\n");
	my $long = 'x' x 34;
	$p->task(t => "#!/bin/sh\ni=0\nwhile [ \$i -lt $lines ]; do\n"
	    . "echo \"\$RUNNER_CHAIN \$i $long.\"\n"
	    . "i=\$((i + 1))\ndone\n");
	my @runs = map { $p->start('once', '-v', '--name', "c$_", 't') }
	    1 .. $runners;
	$_->wait for @runs;
	is join(' ', map { $_->status } @runs), '0 0 0 0', 'all succeed';
	my @files = sort { ($b =~ /(\d+)$/)[0] <=> ($a =~ /(\d+)$/)[0] }
	    glob "$file.*";
	cmp_ok scalar @files, '>', 10, 'there are many old files';
	is scalar(grep { -s $_ < 65536 - 200 } @files), 0,
	    'each was filled before it was rotated';
	my (%next, @bad);
	for (split /\n/, join '', map { slurp($_) } @files, $file) {
		next if /^(?:DEBUG|INFO|WARNING) / && !/stdout|xx/;
		if (/^INFO \[t\] stdout: (c\d) (\d+) x{34}\.$/
		    && $2 == ($next{$1} // 0)) {
			$next{$1}++;
		} else {
			push @bad, $_;
		}
	}
	is_deeply \@bad, [], 'no line is torn or out of order';
	is_deeply [map { $next{"c$_"} } 1 .. $runners],
	    [($lines) x $runners], 'none is lost';
	is sprintf('%o', (stat $file)[2] & 07777 & ~0640), '0',
	    'nobody else may read it';
};

subtest 'a link to a file, and a link to standard output' => sub {
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	mkdir "$dir/other";
	symlink 'other/log', "$dir/link";
	symlink '/proc/self/fd/1', "$dir/stdout";
	$p->task(t => "#!/bin/sh\nseq 1 1000\n");
	my $size = 'format = plain max_size = 4k keep = 9';
	$p->config("log { $size file = \"$dir/link\" }");
	is +($p->run('once', '-v', 't'))[0], 0, 'a link is followed';
	is readlink "$dir/link", 'other/log', 'and stays';
	is_deeply [glob "$dir/link.*"], [], 'nothing lies beside it';
	ok -s "$dir/other/log.1", 'the file is rotated in its own directory';
	$p->config("log { $size file = \"$dir/stdout\" }");
	my ($status, $out) = $p->run('once', '-v', 't');
	is $status, 0, 'standard output by its name';
	ok -l "$dir/stdout" && !-e "$dir/stdout.1", 'is never renamed';
	is scalar(() = $out =~ /stdout: \d+$/mg), 1000, 'and takes all';
};

subtest 'HUP reopens the file' => sub {
	my $p = RunnerTest->new;
	my $file = $p->dir . '/log';
	$p->config("log { format = plain file = \"$file\" }\n"
	    . "success_cooldown = 1h\n");
	$p->task(t => "#!/bin/sh\necho run \$RUNNER_RUN\n");
	my $run = $p->start('run', 't');
	ok wait_for { slurp($file) =~ /Sleeping/ }, 'the file is written';
	rename $file, "$file.old";
	$run->kill('HUP');
	ok wait_for { -e $file }, 'it is created again';
	$run->kill('USR1');
	ok wait_for { slurp($file) =~ /run 2/ }, 'and written';
	$run->stop;
	unlike slurp("$file.old"), qr/run 2/, 'the old one is not';
};

subtest 'a log that cannot be written' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nsuccess_cooldown = 0\n");
	$p->task(t => "#!/bin/sh\necho something\necho run >>runs\n");
	for my $stderr ('2>/dev/full', '2>&-', '2>&1 | :') {
		unlink $p->dir . '/runs';
		my $run = $p->start_command('/bin/sh', '-c',
		    "exec 3>&1; { echo \$\$ >pid; exec $RunnerTest::RUNNER "
		    . "run t; } $stderr");
		ok wait_for {
			lines_of(slurp($p->dir . '/runs'), qr/run/) >= 20
		}, "with $stderr the chain goes on";
		my @pids = grep { (readlink("/proc/$_/exe") // '') =~ /runner/ }
		    $p->survivors;
		kill 'TERM', @pids;
		ok wait_for { !grep { -e "/proc/$_/exe" } @pids },
		    "and stops when told to";
		$run->wait;
	}
};

subtest 'a reader that sleeps' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nsuccess_cooldown = 1h\n"
	    . "stop_timeout = 1s\n");
	$p->task(t => "#!/bin/sh\nseq 1 200000\n");
	spew($p->dir . '/reader', "#!/bin/sh\nwhile ! [ -e wake ]; do\n"
	    . "sleep 0.05\ndone\nexec cat >read\n", 0755);
	my $run = $p->start_command('/bin/sh', '-c',
	    "$RunnerTest::RUNNER run t 2>&1 | ./reader");
	# Two megabytes and more are to be logged: they must wait in the task.
	my $asleep = wait_for {
		grep { slurp("/proc/$_/comm") eq "seq\n"
		    && slurp("/proc/$_/wchan") =~ /pipe_write/ } $p->survivors;
	} 5;
	ok $asleep, 'lets the task wait' or diag join ' ', map {
	    slurp("/proc/$_/comm") . slurp("/proc/$_/wchan") } $p->survivors;
	spew($p->dir . '/wake', '');
	ok wait_for { slurp($p->dir . '/read') =~ /Sleeping/ },
	    'and when it wakes the task goes on';
	my @numbers = slurp($p->dir . '/read') =~ /stdout: (\d+)$/mg;
	is scalar(@numbers), 200000, 'every line arrives';
	is scalar(grep { $numbers[$_] != $_ + 1 } 0 .. $#numbers), 0,
	    'in order';
	kill 'TERM', grep { (readlink("/proc/$_/exe") // '') =~ /runner/ }
	    $p->survivors;
	$run->wait;
};

subtest 'a reader that never wakes' => sub {
	my $p = RunnerTest->new;
	$p->config("log { format = plain }\nstop_timeout = 1s\n");
	$p->task(t => "#!/bin/sh\nyes | head -c 3000000\necho >done\n"
	    . "exec sleep 60\n");
	my $run = $p->start_command('/bin/sh', '-c',
	    "$RunnerTest::RUNNER run t 2>&1 | sleep 60");
	my $start = time;
	ok wait_for { -e $p->dir . '/done' }, 'does not hold the task for ever';
	cmp_ok time - $start, '>', 5, 'though the task waits a while';
	my @pids = grep { (readlink("/proc/$_/exe") // '') =~ /runner/ }
	    $p->survivors;
	kill 'TERM', @pids;
	ok wait_for { !grep { -e "/proc/$_/exe" } @pids },
	    'and does not keep the runner from its end';
	kill 'KILL', $p->survivors;
	$run->wait;
};

subtest 'times of the machine' => sub {
	local $ENV{TZ} = 'XXX-5:30';
	my $p = RunnerTest->new;
	$p->config('log { time = local }');
	$p->task(t => "#!/bin/sh\necho hello\n");
	my ($status, undef, $err) = $p->run('once', '-v', 't');
	like $err, qr/^20\d\d-\d\d-\d\dT[\d:]+\.\d{3}\+05:30 INFO \[t\] stdout: hello$/m,
	    'with their offset';
	$p->config('log { time = mars }');
	is +($p->run('check'))[0], 2, 'another word is none';
};

subtest 'a log that takes nothing' => sub {
	my $p = RunnerTest->new;
	$p->config("success_cooldown = 100ms log { file = \"/dev/full\" }");
	$p->task(t => "#!/bin/sh\necho hello\n");
	my $run = $p->start('run', 't');
	ok wait_for {
		($p->run('status'))[1] =~
		    m{its log /dev/full takes nothing: No space left}
	}, 'status says so' or diag +($p->run('status'))[1];
	is $run->stop, 0, 'and the chain runs on';
};

done_testing;
