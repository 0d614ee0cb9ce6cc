# runner history, runner failures and runner logs.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP;
use RunnerTest;
use Test::More;

my $make_state = "$RunnerTest::BUILD/tools/make-state";
BAIL_OUT("$make_state is not built") unless -x $make_state;

sub fabricate {
	my ($p, $script) = @_;
	spew($p->root . '/script', $script);
	my $m = $p->start_command('/bin/sh', '-c',
	    "exec $make_state '@{[$p->root]}' <'@{[$p->root]}/script'");
	$m->wait;
	is $m->err, '', 'the scene is set';
}

sub on_terminal {
	my ($p, $setting, @words) = @_;
	my $file = $p->dir . '/typescript';
	my $command = join ' ', map { "'$_'" } $RunnerTest::RUNNER, @words;
	my $run = $p->start_command('script', '-qec',
	    "$setting; exec $command", $file);
	$run->wait;
	my $text = slurp($file);
	$text =~ s/\AScript started[^\n]*\n//;
	$text =~ s/\r\n/\n/g;
	$text =~ s/\n*Script done[^\n]*\n\z//;
	return ($run->status, $text);
}

my $scene = "chain c\ntask fetch\ntask send\n"
    . join('', map { sprintf "run %d %d %d %d %d %d %s\n", $_ % 2,
	-4000 + 100 * $_, 40 * $_,
	($_ % 8 == 7 ? (-1, 9, 2, '0xabc no route to \x1b[1mhost') :
	$_ % 8 == 3 ? (5, 0, 0, '0xdef disk on fire') : (0, 0, 1, 0)) } 0 .. 39)
    . "write\nstderr a\\x1b[31mb\\x00c\\xff\\x0a\n"
    . "failure send 0000000000000abc 3 -900 -100 1 no route to \\x1b[1mhost\n"
    . "stderr the other one\\x0a\n"
    . "failure send abcd000000000def 2 -800 -50 5 disk on fire\n"
    . "failure fetch abcd000000000aaa 1 -700 -700 5 not here\n";

subtest 'history' => sub {
	my $p = RunnerTest->new->config('');
	fabricate($p, $scene);
	my ($status, $out, $err) = $p->run('history');
	is $status, 0, 'done';
	is $err, '', 'in silence';
	my @lines = split /\n/, $out;
	is scalar @lines, 41, 'a title and every run, when it is no terminal';
	my $instant = qr/20\d\d-\d\d-\d\d \d\d:\d\d:\d\d/;
	like $lines[1], qr/^$instant  fetch +0 ms  ok$/, 'oldest first';
	like $lines[-1], qr/^$instant  send +1\.5 s  timed out: no route/,
	    'newest last, with what it failed of';
	is lines_of($out, qr/^.{81}/), 0, 'within 80 columns';
	($status, $out) = $p->run('history', 'fetch');
	is lines_of($out, qr/ fetch /), 20, 'of one task';
	is lines_of($out, qr/ send /), 0, 'and no other';
	($status, $out, $err) = $p->run('history', 'fecth');
	is $status, 2, 'an unknown task: 2';
	like $err, qr/^runner: .*'fecth'.*'fetch'/, 'with the nearest';
	($status, $out) = $p->run('history', '--json');
	my $runs = decode_json($out)->{runs};
	is scalar @$runs, 40, 'JSON: every run';
	my %last = %{$runs->[39]};
	is_deeply [@last{qw(chain task number seconds success exit signal
	    timed_out signature message)}], ['c', 'send', 40, 1.56,
	    JSON::PP::false, undef, 9, JSON::PP::true, '0000000000000abc',
	    "no route to \x1b[1mhost"], 'JSON: what there is to tell of one';
};

subtest 'history on a terminal' => sub {
	my $p = RunnerTest->new->config('');
	fabricate($p, $scene);
	local $ENV{TERM} = 'xterm';
	delete local $ENV{NO_COLOR};
	local $ENV{LC_ALL} = 'C.UTF-8';
	my ($status, $shown) = on_terminal($p, 'stty cols 80', 'history');
	$shown =~ s/\e\[\d+m//g;
	is lines_of($shown, qr/^20\d\d/), 20, 'the last runs';
	like $shown, qr/^\(the last 20 of 40 runs\)$/m, 'and it says so';
	like $shown, qr/^fetch: 20 runs, 0 failed; 0 ms to 1\.5 s, median 800 ms$/m,
	    'a summary of each task';
	like $shown, qr/^    1\.5 s \xe2\x94\x82.*\xe2\x96\x88$/m,
	    'a plot with block characters';
	like $shown, qr/^   failed \xe2\x94\x82 x x x/m, 'and what failed';
	(my $narrow = $shown) =~ s/[\x80-\xbf]//g;
	is lines_of($narrow, qr/^.{81}/), 0, 'within its columns' or diag $shown;
	local $ENV{LC_ALL} = 'C';
	($status, $shown) = on_terminal($p, 'stty cols 80', 'history', 'send');
	$shown =~ s/\e\[\d+m//g;
	unlike $shown, qr/[\x80-\xff]/, 'another locale: ASCII';
	like $shown, qr/^    1\.5 s \|/m, 'and a plot';
	unlike $shown, qr/^fetch:/m, 'of the task that was asked for';
};

subtest 'failures' => sub {
	my $p = RunnerTest->new->config('');
	is +($p->run('failures'))[1],
	    "No failure is kept in @{[$p->root]}.\n", 'none yet';
	fabricate($p, $scene);
	my ($status, $out, $err) = $p->run('failures');
	is $status, 0, 'done';
	my $instant = qr/20\d\d-\d\d-\d\d \d\d:\d\d/;
	like $out, qr/^      3  $instant  $instant  0000000000000abc  send\n         no route to \\x1b\[1mhost\n/m,
	    'count, first, last, signature, task; and the message';
	unlike $out, qr/\e/, 'made harmless';
	is lines_of($out, qr/^.{81}/), 0, 'within 80 columns';
	($status, $out) = $p->run('failures', 'fetch');
	is lines_of($out, qr/^ +\d+  /), 1, 'of one task';
	is +($p->run('failures', 'fatch'))[0], 2, 'of an unknown one: 2';
	($status, $out) = $p->run('failures', '--json');
	my ($first) = @{decode_json($out)->{failures}};
	is_deeply [@{$first}{qw(task chain signature count message exit signal
	    stderr_bytes kept_bytes)}], ['fetch', 'c', 'abcd000000000aaa', 1,
	    'not here', 5, undef, 14, 14], 'JSON';
	($status, $out) = $p->run('failures', '--show', '0000000000000abc');
	is $out, "a\e[31mb\0c\xff\n", 'the kept stderr, byte for byte';
	($status, $out) = $p->run('failures', '--show', 'ABCD000000000d');
	is $out, "the other one\n", 'by its first digits, in either case';
	my @refused = (
	    ['abc', 2, qr/first 4 or more/], ['wxyz', 2, qr/no signature/],
	    ['abcd', 2, qr/ambiguous: abcd000000000aaa of fetch, abcd0{9}def of send/],
	    ['0123', 1, qr/'0123' is kept/],
	    ['0000000000000abc0', 2, qr/no signature/]);
	for (@refused) {
		my ($word, $want, $why) = @$_;
		($status, $out, $err) = $p->run('failures', '--show', $word);
		is $status, $want, "--show $word: $want";
		like $err, qr/^runner: .*$why/, 'and why';
	}
	spew($p->root . '/failures/send,0000000000000abc', 'junk');
	($status, $out, $err) = $p->run('failures');
	is $status, 0, 'a damaged file is not fatal';
	like $err, qr/^runner: failures\/send,0000000000000abc: .*skipped/,
	    'it is skipped with a warning';
	is lines_of($out, qr/^ +\d+  /), 2, 'and hides no other';
	local $ENV{LC_ALL} = 'C.UTF-8';
	fabricate($p, $scene);
	($status, $out) =
	    on_terminal($p, 'true', 'failures', '--show', '0000000000000abc');
	is $out, "a\\x1b[31mb\\x00c\\xff", 'on a terminal it is made harmless';
};

subtest 'logs' => sub {
	my $p = RunnerTest->new;
	my $dir = $p->dir;
	$p->config("chain a { tasks = {\"t\"} }\n");
	$p->task(t => "#!/bin/sh\n");
	my ($status, $out, $err) = $p->run('logs', 'a');
	is $status, 1, 'a chain without a log file: 1';
	like $err, qr/^runner: .*log_file = .*runner\.conf$/,
	    'and what to say where';
	$p->config("chain a { tasks = {\"t\"} log_file = \"$dir/a.log\" }\n"
	    . "chain b { tasks = {\"t\"} }\nchain c { tasks = {\"t\"} }\n"
	    . "log { file = \"$dir/all.log\" }\n");
	spew("$dir/a.log", join '', map { "line $_\n" } 1 .. 250);
	spew("$dir/all.log", "one\ntwo");
	($status, $out, $err) = $p->run('logs', 'a');
	is $out, join('', map { "line $_\n" } 151 .. 250), 'the last 100 lines';
	($status, $out, $err) = $p->run('logs', 'b');
	is $out, "one\ntwo", 'log.file; a last line without an end';
	($status, $out, $err) = $p->run('logs');
	like $out, qr/^==> a <==\nline 151\n.*line 250\n\n==> b, c <==\none\ntwo$/s,
	    'several files have headings, one file one';
	is $err, '', 'in silence';
	is +($p->run('logs', 'x'))[0], 2, 'an unknown chain: 2';
	unlink "$dir/a.log";
	($status, $out, $err) = $p->run('logs');
	is $status, 1, 'a file that is not there: 1';
	like $err, qr/^runner: cannot open \Q$dir\E\/a\.log: No such/, 'named';
	like $out, qr/one\ntwo/, 'the others are printed';
	system 'mkfifo', "$dir/a.log";
	for my $file ("$dir/a.log", '/dev/zero', '/dev/full', $dir) {
		unlink "$dir/l";
		symlink $file, "$dir/l";
		$p->config("chain a { tasks = t log_file = \"$dir/l\" }\n");
		is_deeply [$p->run('logs', @$_)], [1, '', "runner: $dir/l is no "
		    . "regular file: what was logged to it cannot be read back\n"],
		    "$file, @$_" for ['-f', 'a'], ['--task', 't', 'a'];
	}
	unlink "$dir/a.log";
	$p->config("chain a { tasks = t log_file = \"$dir/a.log\" }\n");
	for my $size (65535, 65536, 65537, 200000) {
		spew("$dir/a.log", 'x' x ($size - 3) . "\nb\n"
		    . join '', map { "l$_\n" } 1 .. 98);
		($status, $out) = $p->run('logs', 'a');
		like $out, qr/^x+\nb\nl1\n/, "a line of $size bytes is whole";
		spew("$dir/a.log", "no\n" . 'x' x ($size - 3) . "\nb\n"
		    . join '', map { "l$_\n" } 1 .. 98);
		($status, $out) = $p->run('logs', 'a');
		like $out, qr/^x+\n/, 'and the one before it is left out';
	}
};

subtest 'logs --follow' => sub {
	my $p = RunnerTest->new;
	my $log = $p->dir . '/a.log';
	my $add = sub {
		open my $f, '>>', $log or die $!;
		syswrite $f, $_[0];
	};
	$p->config("chain a { tasks = {\"t\"} log_file = \"$log\" }\n");
	my $run = $p->start('logs', '-f', 'a');
	my $shows = sub {
		my ($want, $what) = @_;
		ok wait_for(sub { $run->out eq $want }), $what
		    or diag $run->out . $run->err;
	};
	$add->("one\n");
	$shows->("one\n", 'a file that comes later');
	$add->("two\n");
	$shows->("one\ntwo\n", 'what is added');
	$add->("three\n");
	rename $log, "$log.1";
	$add->("four\n");
	$shows->("one\ntwo\nthree\nfour\n",
	    'a rotated file: the end of the old and the new');
	open my $old, '>', $log or die $!; # cut short, by those who must
	$shows->("one\ntwo\nthree\nfour\n", 'cut short: nothing again');
	# It must see the empty file before it grows.
	wait_for { 0 } 1;
	$add->("five\n");
	$shows->("one\ntwo\nthree\nfour\nfive\n", 'and then what is added');
	$run->kill('STOP');
	$add->("six\n");
	rename $log, "$log.1";
	$add->("seven\n");
	rename "$log.1", "$log.2";
	rename $log, "$log.1";
	$add->("eight\n");
	$run->kill('CONT');
	$shows->("one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n",
	    'rotated twice while it slept');
	is $run->kill('INT')->wait && $run->status, 0, 'Ctrl-C ends it: 0';
	$run = $p->start_command('/bin/sh', '-c',
	    "'$RunnerTest::RUNNER' logs -f a | head -n 1");
	ok $run->wait, 'a reader that goes ends it';
	is $run->err, '', 'quietly';
};

subtest 'logs of a real chain, rotated while it is followed' => sub {
	my $p = RunnerTest->new;
	my $log = $p->dir . '/real.log';
	$p->config("log { format = plain max_size = 4k keep = 50 }\n"
	    . "success_cooldown = 10ms\n"
	    . "chain real { tasks = {\"count\"} log_file = \"$log\" }\n");
	$p->task(count => "#!/bin/sh\ni=0\nwhile [ \$i -lt 20 ]; do\n"
	    . "i=\$((i + 1))\necho run \$RUNNER_RUN line \$i of many more\ndone\n");
	spew($log, "INFO begin\n");
	my $follow = $p->start('logs', '-f', 'real');
	ok wait_for(sub { $follow->out =~ /begin/ }), 'it is looking';
	is +($p->run('start'))[0], 0, 'it starts';
	ok wait_for(sub { $follow->out =~ /run 60 line 20 of/ }), 'it is followed'
	    or diag $follow->out, $follow->err;
	$p->run('stop');
	$follow->stop;
	my @seen = map { 20 * ($_->[0] - 1) + $_->[1] } map { [split ' line '] }
	    $follow->out =~ /stdout: run (\d+ line \d+) of many more\n/g;
	is_deeply [@seen[0 .. 1199]], [1 .. 1200], 'no line is lost or twice'
	    or diag $follow->out;
	ok -e "$log.9", 'though it was rotated again and again';
};

subtest 'the log of a task, and of one run' => sub {
	for my $format ('plain', 'timestamp', 'json', 'journal') {
		my $p = RunnerTest->new->config("log { format = $format "
		    . "max_size = 4k keep = 50 }\nsuccess_cooldown = 0\n"
		    . "fail_cooldown = 0\n"
		    . "chain c { tasks = {a, b} log_file = \"c.log\" }\n"
		    . "chain d { tasks = {e} log_file = \"d.log\" }\n");
		$p->task(e => "#!/bin/sh\nexec sleep 60\n");
		$p->task($_ => "#!/bin/sh\ntest \$RUNNER_RUN = 12 && sleep 60\n"
		    . "for i in 1 2 3 4 5; do\necho $_ \$RUNNER_RUN line \$i\n"
		    . "done\ntest \$RUNNER_RUN != 7\n") for 'a', 'b';
		$p->run('start');
		ok wait_for { ($p->run('status', '--json'))[1]
		    =~ /"runs": 11,.*"runs": 11,/s }, "$format: eleven runs";
		my ($status, $out) = $p->run('logs', '--task', 'b', '--run', 7);
		is_deeply [$status, $out =~ /([ab] \d+ line \d)/g],
		    [0, map { "b 7 line $_" } 1 .. 5], "$format: one run";
		like $out, qr/Execution failed/, "$format: and how it ended";
		($status, $out) = $p->run('logs', '--task', 'a', '-n', 9);
		is scalar(my @lines = grep { !/==>/ && length } split /\n/, $out), 9, "$format: -n LINES";
		unlike $out, qr/b \d+ line/, "$format: of that task";
		is +($p->run('logs', '-n', 3, 'c'))[1] =~ tr/\n//, 3,
		    "$format: of all";
		is +($p->run('logs', '-n', 0, 'c'))[1], '', "$format: none";
		my ($no, undef, $err) = $p->run('logs', '--task', 'b', '--run', 99);
		is $no, 1, "$format: a run that was not";
		like $err, qr/has not had a run 99/, "$format: and that is said";
		for my $run ([], ['--run', 1]) {
			($no, $out, $err) = $p->run('logs', '--task', 'bb', @$run);
			is "$no$out", 2, "$format: no such task (@$run)";
			like $err, qr/^runner: no chain here has .*a task 'bb'; did you mean 'b'\?$/,
			    "$format: and which there is";
		}
		is +($p->run('logs', 'd', '--task', 'b'))[0], 2,
		    "$format: a task of another chain";
		$p->run('stop');
		next if $format eq 'timestamp';
		$p->run('start');
		ok wait_for { ($p->run('logs', '--task', 'a', '--run', 2))[1]
		    =~ /a 2 line 5/ }, "$format: another runner counts anew";
		is_deeply [($p->run('logs', '--task', 'a', '--run', 1))[1]
		    =~ /(a \d+ line \d)/g], [map { "a 1 line $_" } 1 .. 5],
		    "$format: what was interrupted is none of its first run";
		$p->run('stop');
	}
};

for my $format ('json', 'plain') {
	subtest "a log of two chains with one task: $format" => sub {
		my $p = RunnerTest->new->config('log { file = "all.log" '
		    . "format = $format }\nsuccess_cooldown = 50ms\n"
		    . "chain x { tasks = a }\nchain y { tasks = a }\n");
		$p->task(a => "#!/bin/sh\necho run \$RUNNER_RUN of "
		    . "\$RUNNER_CHAIN.\n");
		$p->run('start');
		ok wait_for { slurp($p->dir . '/all.log')
		    =~ /run 3 of x\..*run 3 of y\.|run 3 of y\..*run 3 of x\./s };
		$p->run('stop');
		for my $chain ('x', 'y') {
			my ($status, $out, $err) = $p->run('logs', $chain,
			    '--task', 'a', '--run', 2);
			is_deeply [$status, $out =~ /(run \d+ of \w)\./g],
			    $format eq 'json' ? [0, "run 2 of $chain"] : [1],
			    "$chain: its run, or none";
			next if $format eq 'json';
			like $err, qr/^runner: several chains write of a to /,
			    'and why';
		}
	};
}

subtest 'the history of a real chain' => sub {
	my $p = RunnerTest->new->config("log { format = plain }\n"
	    . "success_cooldown = 0\nfail_cooldown = 0\n");
	$p->task(t => "#!/bin/sh\ncase \$RUNNER_RUN in [23]) ;; *) exit;; esac\n"
	    . "echo gave up after 17\${RUNNER_RUN} ms >&2\nkill -9 \$\$\n");
	my $run = $p->start('run', 't');
	$run->wait_log(qr/Execution successful/, 3);
	my @before;
	for my $round (1, 2) {
		$run->stop;
		my $runs = decode_json(($p->run('history', '--json'))[1])->{runs};
		is_deeply [map { $_->{number} } @$runs],
		    [@before, 1 .. @$runs - @before],
		    'a run has the number that it had as RUNNER_RUN';
		is_deeply [map { [@{$_}{qw(signal message)}] } @{$runs}[1, 2]],
		    [[9, 'gave up after 172 ms'], [9, 'gave up after 173 ms']],
		    'a failed one tells how and why, in its own words';
		is $runs->[1]{signature}, $runs->[2]{signature},
		    'though both are one failure';
		cmp_ok scalar @$runs, '>', @before, 'and there are more';
		@before = map { $_->{number} } @$runs;
		last if $round == 2;
		$run = $p->start('run', 't');
		$run->wait_log(qr/Execution successful/, 3);
	}
	my ($status, $out) = $p->run('failures');
	like $out, qr/^      4  .*  t\n         gave up after 173 ms$/m,
	    'and is kept' or diag $out;
};

done_testing;
