# RunnerTest: whole-program tests of runner, each in a directory of its own, safe
# in parallel, waiting for conditions and never for a time.  Core modules only.
#
#   my $p = RunnerTest->new;            # a project: a directory with a runner.conf
#   $p->config('log { format = plain } ...');
#   $p->task(name => "#!/bin/sh\nexit 1\n");
#   my $r = $p->start('run', 'name');   # in the background, output in files
#   $p->wait_log(qr/Execution failed/); # fails with the log as evidence
#   $r->stop; is $r->status, 0;
#
# What was started is killed by pid when the test ends, whatever happens.
package RunnerTest;
use strict;
use warnings;
use Cwd qw(abs_path getcwd);
use Exporter 'import';
use Fcntl qw(:flock SEEK_SET);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use POSIX qw(:sys_wait_h);
use Test::More;
use Time::HiRes qw(time sleep);

# Tests write paths into scripts and configurations without quotes.
BEGIN { delete $ENV{TMPDIR} if ($ENV{TMPDIR} // '') =~ m{[^\w./+-]} }

our @EXPORT = qw(nicer slurp spew wait_for lines_of processes_with is_alive
    status_of PATIENCE);
use constant PATIENCE => 60; # seconds: only a failing test waits so long

# Tests write these paths into scripts of sh, so one with a blank gets a name
# without.
sub plain {
	my ($path) = @_;
	return $path unless $path =~ m{[^\w./+-]};
	my $link = tempdir('runner-link-XXXXXX', TMPDIR => 1, CLEANUP => 1);
	chmod 0755, $link;
	symlink $path, "$link/to" or die "$link: $!";
	return "$link/to";
}

# Chains of other users start it too: where they cannot (below root's home), it
# is a copy.
sub for_all {
	my ($program) = @_;
	my $dir = dirname(abs_path($program));
	for (my $at = $dir; ; $at = dirname($at)) {
		last if !((stat $at)[2] & 1);
		return $program if $at eq '/';
	}
	my $copy = tempdir('runner-copy-XXXXXX', TMPDIR => 1, CLEANUP => 1);
	chmod 0755, $copy;
	system 'cp', '-RL', (map { "$dir/$_" } qw(runner runner-notify share)),
	    $copy;
	return "$copy/runner";
}

our $TOP = plain(abs_path(dirname(__FILE__) . '/../..'));
my $lib = "$TOP/t/lib";
our $BUILD = plain(abs_path($ENV{RUNNER_BUILD} || "$TOP/build"));
# The program, of a build or installed.
our $RUNNER = plain(abs_path($ENV{RUNNER_PROGRAM} || "$BUILD/runner"));
BAIL_OUT("$RUNNER is not built") unless -x $RUNNER;
$RUNNER = for_all($RUNNER) if !$> && !$ENV{RUNNER_PROGRAM};
my @projects;
my $owner = $$;
# Ctrl-C too: what END ends and removes is ended and removed.
$SIG{$_} = sub { $$ == $owner ? exit 143 : POSIX::_exit(143) }
    for qw(INT TERM HUP);

sub slurp {
	my ($path) = @_;
	open my $file, '<:raw', $path or return '';
	local $/;
	my $all = <$file>;
	return defined $all ? $all : '';
}

sub spew {
	my ($path, $content, $mode) = @_;
	make_path(dirname($path));
	open my $file, '>:raw', $path or die "$path: $!";
	print $file $content;
	close $file or die "$path: $!";
	chmod $mode, $path if defined $mode;
	return $path;
}

# True once the condition holds; false after PATIENCE (or `seconds`).
sub wait_for(&;$) {
	my ($condition, $seconds) = @_;
	my $end = time + ($seconds || PATIENCE);
	until ($condition->()) {
		return 0 if time > $end;
		sleep 0.02;
	}
	return 1;
}

sub lines_of {
	my ($text, $pattern) = @_;
	return scalar grep { $_ =~ $pattern } split /\n/, $text;
}

# Pids of all processes whose environment holds NAME=VALUE.
sub processes_with {
	my ($entry) = @_;
	my @pids;
	for my $dir (glob '/proc/[0-9]*') {
		my $environ = slurp("$dir/environ");
		push @pids, $dir =~ m{(\d+)$}
		    if "\0$environ" =~ /\0\Q$entry\E\0/;
	}
	return @pids;
}

# Is there such a process, other than a zombie?
sub is_alive {
	my ($pid) = @_;
	return $pid && slurp("/proc/$pid/stat") =~ /\) [^ZX] /;
}

# What nice(1) becomes below us, who may be nice ourselves.
sub nicer {
	my $nice = getpriority(0, 0) + $_[0];
	return $nice > 19 ? 19 : $nice;
}

# A field of /proc/PID/status.
sub status_of {
	my ($pid, $field) = @_;
	my ($value) = slurp("/proc/$pid/status") =~ /^\Q$field\E:\s*(.*)/m;
	return $value;
}

sub new {
	my ($class, %options) = @_;
	my $dir = tempdir('runner-test-XXXXXX', TMPDIR => 1, CLEANUP => 1);
	chmod 0755, $dir;
	my $self = bless {dir => $dir, started => [],
	    root => "$dir/var/run", tag => "RT=$$-" . scalar(@projects)},
	    $class;
	make_path("$dir/tasks");
	push @projects, $self;
	return $self;
}

# Where t/lib is, for the programs in it.
sub lib { $lib }

sub dir { $_[0]{dir} }
sub root { $_[0]{root} }

sub config {
	my ($self, $text) = @_;
	spew("$self->{dir}/runner.conf", $text);
	return $self;
}

# An executable in PROJECT_ROOT/tasks.
sub task {
	my ($self, $name, $script) = @_;
	spew("$self->{dir}/tasks/$name", $script, 0755);
	return $self;
}

# Runs to the end; returns (status, stdout, stderr).  status is $?'s exit
# status, or "signal N".
sub run {
	my ($self, @words) = @_;
	my $run = $self->start(@words);
	$run->wait;
	return ($run->status, $run->out, $run->err);
}

# Starts runner in the background, in the project's directory.
sub start {
	my ($self, @words) = @_;
	return $self->start_command($RUNNER, @words);
}

sub start_command {
	my ($self, @argv) = @_;
	my $n = @{$self->{started}};
	my $run = bless {project => $self, out => "$self->{dir}/out.$n",
	    err => "$self->{dir}/err.$n"}, 'RunnerTest::Run';
	my $pid = fork;
	die "fork: $!" unless defined $pid;
	if (!$pid) {
		chdir $self->{dir} or POSIX::_exit(99);
		my ($name, $value) = split /=/, $self->{tag};
		$ENV{$name} = $value;
		open STDIN, '<', '/dev/null';
		open STDOUT, '>', $run->{out};
		open STDERR, '>', $run->{err};
		exec { $argv[0] } @argv or POSIX::_exit(98);
	}
	$run->{pid} = $pid;
	push @{$self->{started}}, $run;
	return $run;
}

# The log of the newest start: standard error.
sub log {
	my ($self) = @_;
	return '' unless @{$self->{started}};
	return $self->{started}[-1]->err;
}

sub wait_log {
	my ($self, $pattern, $count) = @_;
	return $self->{started}[-1]->wait_log($pattern, $count);
}

# The mails in the default Maildir, oldest first.
sub mails {
	my ($self) = @_;
	return map { slurp($_) } sort glob "$self->{root}/mail/new/*";
}

# Subjects, unfolded (ASCII ones).
sub subjects {
	my ($self) = @_;
	return map { my ($s) = /^Subject: (.*(?:\n[ \t].*)*)/m;
	    $s =~ s/\r?\n[ \t]/ /g; $s =~ s/\r//g; $s } $self->mails;
}

# What is left of this project's processes, tasks and daemons and all.
sub survivors {
	my ($self) = @_;
	return processes_with($self->{tag});
}

sub pid_in_file {
	my ($self, $chain) = @_;
	my ($pid) = slurp("$self->{root}/$chain.pid") =~ /^(\d+)\n\z/;
	return $pid;
}

sub end {
	my ($self) = @_;
	for (1 .. 50) {
		my @pids = grep { $_ != $$ } $self->survivors or last;
		kill 'KILL', @pids;
		sleep 0.02;
	}
	# Also one that was stopped before it was anything.
	kill 'KILL', map { $_->has_ended ? () : $_->{pid} } @{$self->{started}};
	$_->has_ended for @{$self->{started}};
}

END {
	if ($$ == $owner) {
		my $status = $?;
		$_->end for @projects;
		$? = $status;
	}
}

package RunnerTest::Run;
use POSIX qw(:sys_wait_h);
use Test::More;
use Time::HiRes qw(time sleep);

sub pid { $_[0]{pid} }
sub out { RunnerTest::slurp($_[0]{out}) }
sub err { RunnerTest::slurp($_[0]{err}) }

# Has it ended?  Reaps it.
sub has_ended {
	my ($self) = @_;
	return 1 if defined $self->{status};
	if (waitpid($self->{pid}, WNOHANG) == $self->{pid}) {
		$self->{status} = $? & 127 ? 'signal ' . ($? & 127) : $? >> 8;
	}
	return defined $self->{status};
}

sub wait {
	my ($self, $seconds) = @_;
	return 1 if RunnerTest::wait_for(sub { $self->has_ended }, $seconds);
	diag "$self->{pid} did not end; its log:\n" . $self->err;
	return 0;
}

sub status {
	my ($self) = @_;
	$self->has_ended;
	return $self->{status};
}

sub kill {
	my ($self, $signal) = @_;
	CORE::kill $signal, $self->{pid};
	return $self;
}

# TERM, and its end.  Returns its status.
sub stop {
	my ($self) = @_;
	$self->kill('TERM');
	$self->wait;
	return $self->status;
}

# Waits until the log holds the pattern (`count` times).
sub wait_log {
	my ($self, $pattern, $count) = @_;
	my $found = RunnerTest::wait_for(sub {
		RunnerTest::lines_of($self->err, $pattern) >= ($count || 1);
	});
	diag "no $pattern in the log:\n" . $self->err unless $found;
	return $found;
}

1;
