# Engines: the lease engines that the tests talk to, each in a directory of its
# own, on loopback or in a network namespace, ended by pid.
#
#   my $e = Engines->etcd(address => '127.0.0.1');   # or ->postgresql(...)
#   $e->start; $e->kill('KILL'); $e->address; $e->port
package Engines;
use strict;
use warnings;
use File::Temp qw(tempdir);
use IO::Socket::INET;
use POSIX qw(:sys_wait_h);
use RunnerTest;
use Time::HiRes qw(sleep);

my @running;

sub free_port {
	my $socket = IO::Socket::INET->new(Listen => 1,
	    LocalAddr => '127.0.0.1') or die $!;
	return $socket->sockport;
}

sub make {
	my ($class, %o) = @_;
	my $dir = tempdir('runner-engine-XXXXXX', TMPDIR => 1, CLEANUP => 1);
	chmod 0755, $dir;
	my $self = bless {address => '127.0.0.1', enter => [], dir => $dir,
	    port => free_port(), %o}, $class;
	push @running, $self;
	return $self;
}

sub address { $_[0]{address} }
sub port { $_[0]{port} }
sub log { slurp("$_[0]{dir}/log") }

# `enter`: words that put a command into the engine's network namespace.
sub launch {
	my ($self, @argv) = @_;
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDIN, '<', '/dev/null';
		open STDOUT, '>>', "$self->{dir}/log";
		open STDERR, '>&', \*STDOUT;
		exec @{$self->{enter}}, @argv or POSIX::_exit(127);
	}
	$self->{pid} = $pid;
	return wait_for { $self->answers };
}

sub answers {
	my ($self) = @_;
	return !system @{$self->{enter}}, 'sh', '-c',
	    "$self->{ask} > '$self->{dir}/answer' 2>&1";
}

sub kill {
	my ($self, $signal) = @_;
	return CORE::kill $signal, $self->{pid};
}

sub stop {
	my ($self) = @_;
	$self->{pid} or return;
	$self->kill('CONT');
	$self->kill($self->{end} || 'KILL');
	waitpid $self->{pid}, 0;
	delete $self->{pid};
	return;
}

sub etcd {
	my ($class, %o) = @_;
	my $self = $class->make(%o);
	my $url = "http://$self->{address}:$self->{port}";
	my $peer = 'http://127.0.0.1:' . free_port();
	$self->{ask} = "etcdctl --endpoints=$url endpoint health";
	$self->{argv} = ['etcd', '--data-dir', "$self->{dir}/data",
	    '--listen-client-urls', $url, '--advertise-client-urls', $url,
	    '--listen-peer-urls', $peer, '--initial-advertise-peer-urls', $peer,
	    '--initial-cluster', "default=$peer"];
	return $self;
}

# PostgreSQL refuses to run as root.
sub postgresql {
	my ($class, %o) = @_;
	my $self = $class->make(%o);
	my ($bin) = reverse sort glob '/usr/lib/postgresql/*/bin';
	my @user = $> ? () : qw(setpriv --reuid nobody --regid nogroup
	    --clear-groups);
	chown scalar(getpwnam 'nobody'), scalar(getgrnam 'nogroup'),
	    $self->{dir} if @user;
	system("@user $bin/initdb -D $self->{dir}/data -A trust -U runner "
	    . "-N > $self->{dir}/initdb 2>&1") and die slurp("$self->{dir}/initdb");
	open my $hba, '>>', "$self->{dir}/data/pg_hba.conf" or die $!;
	print $hba "host all all 0.0.0.0/0 trust\n";
	close $hba;
	$self->{ask} = "psql -XAt -h $self->{address} -p $self->{port} "
	    . '-U runner -d postgres -c "select 1"';
	# QUIT: at once, its backends too.
	$self->{end} = 'QUIT';
	$self->{argv} = [@user, "$bin/postgres", '-D', "$self->{dir}/data",
	    '-c', "listen_addresses=$self->{address}", '-c', "port=$self->{port}",
	    '-k', $self->{dir}, '-c', 'fsync=off'];
	return $self;
}

sub start {
	my ($self) = @_;
	return $self->launch(@{$self->{argv}});
}

END {
	my $status = $?;
	$_->stop for @running;
	$? = $status;
}

1;
