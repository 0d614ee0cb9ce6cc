# What a task sees of runner's environment, and what a file adds to it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

# The variables of a run, RUNNER_... and what a shell makes aside; the log.
sub variables {
	my ($p, $settings, @words) = @_;
	$p->config("log { format = plain }\n$settings");
	local @ENV{qw(LC_TIME TZ SECRET OTHER HOME)} = ('C', 'UTC', 'of-root',
	    'too', '/root');
	my ($status, undef, $log) = $p->run('once', '-v', @words ? @words : 't');
	my %seen = $log =~ /stdout: (\w+)=(.*)/g;
	delete @seen{grep { /^(?:RUNNER_|RT$|PWD$|SHLVL$|OLDPWD$|_$)/ } keys %seen};
	return ($status, \%seen, $log);
}

sub project {
	my $p = RunnerTest->new;
	$p->task(t => "#!/bin/sh\nexec env\n");
	return $p;
}

subtest 'environment_keep' => sub {
	my $p = project;
	my (undef, $seen) = variables($p, '');
	is_deeply [@$seen{qw(SECRET OTHER TZ HOME)}],
	    ['of-root', 'too', 'UTC', '/root'], 'all, as a rule';
	(undef, $seen) = variables($p, "environment_keep = {SECRET, 'LC_*'}");
	is_deeply $seen, {SECRET => 'of-root', LC_TIME => 'C'},
	    'what is listed, a * stands for what follows';
	(undef, $seen) = variables($p, 'environment_keep = {} '
	    . 'environment = {"A=b"}');
	is_deeply $seen, {A => 'b'}, 'nothing, and environment';
	(undef, $seen) = variables($p, 'environment_keep = {SECRET} '
	    . "task t { environment_keep = {OTHER} }");
	is_deeply $seen, {OTHER => 'too'}, 'a task says it for itself';
	for my $bad ('A=b', '', 'A*B') {
		my ($status, undef, $log) =
		    variables($p, "environment_keep = {\"$bad\"}");
		is $status, 2, "'$bad' is refused";
		like $log, qr/:2: environment_keep: '\Q$bad\E' is not the name/,
		    'with its line';
	}
};

subtest 'environment_file' => sub {
	my $p = project;
	my $file = $p->dir . '/secrets.env';
	my $with = "environment_keep = {} environment_file = secrets.env\n";
	spew($file, "# a comment\n\nA=1\nB=\"two words\"\r\nC='\$A # '\nD=\n"
	    . "E=a=b\nRUNNER_RUN=77\nF=\"\n", 0600);
	my ($status, $seen) = variables($p, $with . 'environment = {"A=2"}');
	is $status, 0, 'is read';
	is_deeply $seen, {A => 2, B => 'two words', C => '$A # ', D => '',
	    E => 'a=b', F => '"'}, 'its variables, below those of environment';
	my @wrong = (
		['of others', "A=1\n", 0640, qr/secrets\.env: is open to group /],
		['no variable', "A=1\nB\n", 0600,
		    qr/secrets\.env:2: is not NAME=VALUE/],
		['no name', "A=1\n\n2A=hush\n", 0600,
		    qr/secrets\.env:3: is not NAME=VALUE/],
		['bytes', "A=\0\n", 0600, qr/secrets\.env: holds a NUL/],
		['too long', 'A=' . 'x' x 70000, 0600, qr/secrets\.env: is longer than 64 KiB/],
	);
	for my $row (@wrong) {
		my ($name, $text, $mode, $words) = @$row;
		spew($file, $text, $mode);
		my ($failed, undef, $log) = variables($p, $with);
		is $failed, 1, "$name: the run fails";
		like $log, qr/stderr: runner: environment_file \S*$words/,
		    'and says why';
		unlike $log, qr/hush/, 'no value is shown';
		like +($p->run('check', 't'))[2], $words, 'check says it too';
	}
	unlink $file;
	like +(variables($p, $with))[2], qr/secrets\.env: No such file/,
	    'one that is not there';
	like +($p->mails)[0], qr/could not be executed/,
	    'it is no exit status of the task';
	spew($file, "A=1\n", 0600);
	is +(variables($p, $with))[0], 0, 'mended, it works at the next run';
};

SKIP: {
	skip 'needs root', 1 if $>;
	subtest 'root and other users' => sub {
		my $p = project;
		my %of_root = (PATH => $ENV{PATH}, LC_TIME => 'C', TZ => 'UTC');
		my $nobody = sub {
			my %seen = %{$_[0]};
			is delete $seen{USER}, 'nobody', 'the user is named';
			delete @seen{qw(HOME LOGNAME SHELL LANG)};
			return \%seen;
		};
		my (undef, $seen) = variables($p, 'task t { user = nobody }');
		is_deeply $nobody->($seen), \%of_root,
		    'of root comes what is harmless';
		(undef, $seen) = variables($p, 'environment_keep = {SECRET} '
		    . 'task t { user = nobody }');
		is_deeply $nobody->($seen), {SECRET => 'of-root'},
		    'or what is listed';
		(undef, $seen) = variables($p, "run_root = run\n"
		    . 'lease_command = {"sh", "-c", '
		    . '"echo $(printenv SECRET || echo none) $USER; exec sleep 1000"} '
		    . "chain c { tasks = {l} user = nobody }\n"
		    . 'task l { command = "sh -c \'env; echo L=$RUNNER_LEASE\'"}',
		    '--name', 'c');
		is_deeply $nobody->({%$seen, L => undef}),
		    {%of_root, L => undef}, 'also to a chain with a user';
		is $seen->{L}, 'none nobody', 'and its lease';
		my $file = spew($p->dir . '/secrets.env', "A=1\n", 0600);
		my $with = "environment_file = secrets.env environment_keep = "
		    . "{}\ntask t { user = nobody command = /usr/bin/env }";
		(undef, $seen) = variables($p, $with);
		is_deeply $nobody->($seen), {A => 1},
		    "root's file is read for a user who cannot";
		chown 65534, -1, $file;
		is +(variables($p, $with))[1]{A}, 1, "the user's own, too";
		chown 1, -1, $file;
		like +(variables($p, $with))[2], qr/belongs to another user/,
		    'but no one else\'s';
	};
}

done_testing;
