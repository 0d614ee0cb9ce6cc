# The recipes of runner-hosts(7), executed as they are printed there, with real
# engines on loopback: two hosts are two RUN_ROOTs, and a checker that watches
# every run sees none begin on one host while the other's still lives.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Engines;
use Test::More;
use Time::HiRes qw(time sleep);

my $share = "$RunnerTest::BUILD/share";
my $page = slurp("$FindBin::Bin/../supervisor/man/runner-hosts.7");

# The recipe of that name, with what differs here put in place.
sub recipe {
	my ($name, %change) = @_;
	my ($text) = $page =~ /^\.\\" recipe $name\n\.Bd[^\n]*\n(.*?)^\.Ed/ms;
	ok $text, "runner-hosts(7) has a recipe $name" or return '';
	for my $printed (keys %change) {
		ok $text =~ s/\Q$printed\E/$change{$printed}/g,
		    "it has $printed";
	}
	return $text;
}

# A project whose task beats while it runs: "TOKEN HOST TIME" a line, appended
# in one write each.  The hosts share the file, and so the clock.
sub project {
	my ($lease) = @_;
	my $p = RunnerTest->new;
	my $beats = $p->dir . '/beats';
	$p->config("log { format = plain }\nsuccess_cooldown = 20ms\n"
	    . "fail_cooldown = 20ms\nstop_timeout = 1s\n$lease");
	$p->task(beat => <<"EOT");
#!/usr/bin/perl
use Time::HiRes qw(time sleep);
\$SIG{TERM} = sub { exit 0 };
open my \$file, '>>', '$beats' or die;
for (1 .. 20) {
	syswrite \$file, sprintf "%s %s %.4f\\n", \$ENV{RUNNER_LEASE},
	    getppid, time;
	sleep 0.01;
}
EOT
	return ($p, $beats);
}

# How long two hosts ran at once, in seconds: how far beats of one lie after the
# first beat of another that came later.
sub overlap {
	my ($beats) = @_;
	my ($most, %first) = (0);
	for (split /\n/, slurp($beats)) {
		my ($holder, $at) = /^(\S+ \S+) (\S+)$/;
		$first{$holder} //= $at;
		for my $other (grep { $_ ne $holder } keys %first) {
			my $late = $at - $first{$other};
			$most = $late if $first{$other} > $first{$holder} &&
			    $late > $most;
		}
	}
	return $most;
}

is sprintf('%.2f', overlap(spew(RunnerTest->new->dir . '/beats',
    "1 a 0.10\n2 b 0.30\n1 a 0.55\n2 b 0.60\n3 a 0.70\n"))), '0.25',
    'the checker sees an overlap';

# The runner of $run runs tasks by now, more than before.
sub runs_on {
	my ($run, $name) = @_;
	my $before = lines_of($run->err, qr/Execution successful/);
	ok $run->wait_log(qr/Execution successful/, $before + 2), $name;
}

sub start {
	my ($p, $host, @enter) = @_;
	return $p->start_command(@enter, $RunnerTest::RUNNER, 'run', '-r',
	    $p->dir . "/$host", 'beat');
}

# One after the other: a clean stop, kill -9 of the runner and of what holds the
# lease, a paused holder, an engine that dies and comes back.
sub check_engine {
	my ($p, $beats, $engine, $waits) = @_;
	my $one = start($p, 'one');
	ok $one->wait_log(qr/lease is held/), 'one host has the lease';
	my $two = start($p, 'two');
	ok $two->wait_log(qr/Waiting for the lease/), 'the other waits';
	runs_on($one, 'the first runs');
	is lines_of($two->err, qr/Execution/), 0, 'the other does not';

	is $one->stop, 0, 'the first stops';
	runs_on($two, 'clean stop: the other takes over');

	$one = start($p, 'one');
	ok $one->wait_log(qr/Waiting for the lease/);
	$two->kill('KILL');
	runs_on($one, 'kill -9 of the runner: the other takes over');
	$two->wait;

	my ($holder) = grep { status_of($_, 'PPid') == $one->pid &&
	    slurp("/proc/$_/cmdline") !~ m{tasks/beat} } $p->survivors;
	ok $holder, 'there is a process that holds the lease';
	kill 'KILL', $holder;
	ok $one->wait_log(qr/lease is lost/), 'it is killed: the lease is lost';
	runs_on($one, 'and had again');

	if ($engine) {
		$engine->kill('KILL');
		waitpid $engine->{pid}, 0;
		ok $one->wait_log(qr/lease is lost/, 2), 'the engine dies: lost';
		my $had = lines_of($one->err, qr/lease is held/);
		ok $engine->start, 'the engine comes back' or diag $engine->log;
		ok $one->wait_log(qr/lease is held/, $had + 1), 'had again';
		runs_on($one, 'the chain goes on');
	}
	is $one->stop, 0;
	is scalar($p->survivors), 0, 'nothing is left';
	cmp_ok overlap($beats), '==', 0, 'no run overlapped one of the other host'
	    or diag slurp($beats);
	my @tokens = map { (split)[0] } split /\n/, slurp($beats);
	if ($tokens[0] =~ /^\d+$/) {
		my $falls = grep { $tokens[$_] < $tokens[$_ - 1] } 1 .. $#tokens;
		is $falls, 0, 'the fencing token only grows';
	}
}

subtest 'flock on a shared file system' => sub {
	my $dir = RunnerTest->new->dir;
	check_engine(project(recipe('flock', '/srv/shared' => $dir)));
};

subtest 'etcd' => sub {
	plan skip_all => 'no etcd' if !grep { -x "$_/etcd" } split /:/, $ENV{PATH};
	my $engine = Engines->etcd;
	ok $engine->start, 'etcd answers' or diag $engine->log;
	my %here = ('http://10.0.0.5:2379' => 'http://127.0.0.1:' . $engine->port);
	check_engine(project(recipe('etcd', %here, '--ttl=10' => '--ttl=2',
	    '/usr/share/runner' => $share)), $engine);
	my ($p) = project(recipe('etcdctl', %here));
	my $one = start($p, 'one');
	ok $one->wait_log(qr{lease is held: runner/beat/}), 'etcdctl alone';
	runs_on($one, 'runs the chain');
	is $one->stop, 0;
};

my %postgresql = ('dbname=jobs' => 'dbname=postgres',
    '/usr/share/runner' => $share);

subtest 'PostgreSQL' => sub {
	plan skip_all => 'no PostgreSQL'
	    if !glob '/usr/lib/postgresql/*/bin/postgres';
	my $engine = Engines->postgresql;
	ok $engine->start, 'PostgreSQL answers' or diag $engine->log;
	check_engine(project(recipe('postgresql',
	    'host=db.example.org' => 'host=127.0.0.1 port=' . $engine->port,
	    %postgresql)), $engine);
	my $psql = 'psql -XAt -h 127.0.0.1 -U runner -d postgres -p '
	    . $engine->port;
	my $sql = sub {
		local $ENV{RUNNER_LEASE} = $_[0];
		return system 'sh', '-c', 'exec "$@" 2> /dev/null', 'sh',
		    "$share/lease/fenced", 'mail', 'host=127.0.0.1 '
		    . 'user=runner dbname=postgres port=' . $engine->port, $_[1];
	};
	system "$psql -q -c 'create table fence (name text primary key, token "
	    . "bigint not null)'";
	is $sql->(10, 'create table done (n int)'), 0, 'fenced: the holder writes';
	is $sql->(11, 'insert into done values (11)'), 0, 'so does a newer one';
	isnt $sql->(10, 'insert into done values (10)'), 0, 'the older is refused';
	is $sql->(11, 'insert into done values (12)'), 0, 'the newer is not';
	is `$psql -c 'select n from done order by n'`, "11\n12\n",
	    'nothing came through';
};


# One of the hosts in a network of its own, with a cable that can be cut.
my $net = 'runner-' . $$;
my $octet = $$ % 250;
my $inside = "10.213.$octet.2";
my $outside = "10.213.$octet.1";
my @enter = ('ip', 'netns', 'exec', $net);
END { system "ip netns del $net 2>/dev/null" if $net && -e "/run/netns/$net" }

sub lay_cable {
	return !$> && !system "ip netns add $net 2>/dev/null && "
	    . "ip link add rt$$ type veth peer name host netns $net && "
	    . "ip addr add $outside/30 dev rt$$ && ip link set rt$$ up && "
	    . "ip -n $net addr add $inside/30 dev host && "
	    . "ip -n $net link set host up && ip -n $net link set lo up";
}

# The cable is cut under the holder.  It must have stopped its run at most
# `admitted` seconds after another host began one.
sub check_cut {
	my ($p, $beats, $admitted) = @_;
	my $far = start($p, 'far', @enter);
	ok $far->wait_log(qr/lease is held/), 'a far host has the lease';
	my $near = start($p, 'near');
	ok $near->wait_log(qr/Waiting for the lease/), 'a near one waits';
	runs_on($far, 'the far one runs');
	system "ip link set rt$$ down";
	ok $far->wait_log(qr/lease is lost/), 'the cable is cut: it is lost';
	runs_on($near, 'the near one takes over');
	cmp_ok overlap($beats), '<=', $admitted,
	    "they ran at once for $admitted s at most";
	system "ip link set rt$$ up";
	is $near->stop, 0, 'the cable is mended, the near one stops';
	runs_on($far, 'the far one is back');
	is $far->stop, 0;
}

# A machine that was paused goes on: it may run for a moment what it ran, with
# the lower token, and then learns that the lease is lost.
sub check_pause {
	my ($p, $beats) = @_;
	my $one = start($p, 'one');
	ok $one->wait_log(qr/lease is held/), 'one host has the lease';
	runs_on($one, 'and runs');
	my @paused = $p->survivors;
	kill 'STOP', @paused;
	my $two = start($p, 'two');
	ok $two->wait_log(qr/lease is held/), 'it is paused: another takes over';
	runs_on($two, 'and runs');
	kill 'CONT', @paused;
	ok $one->wait_log(qr/lease is lost/), 'the paused one learns of it';
	ok $one->wait_log(qr/Waiting for the lease/, 2), 'and waits';
	my ($old, $new) = map { $_->err =~ /is held: (\d+)/ } $one, $two;
	cmp_ok $old, '<', $new, 'what it did meanwhile had the lower token';
	is $_->stop, 0 for $one, $two;
}

subtest 'a network that is cut, a machine that is paused' => sub {
	plan skip_all => 'no network of its own to be had' unless lay_cable();
	my $etcd = Engines->etcd(address => $outside);
	ok $etcd->start, 'etcd answers' or diag $etcd->log;
	my %here = ('http://10.0.0.5:2379' => "http://$outside:" . $etcd->port,
	    '--ttl=10' => '--ttl=2', '/usr/share/runner' => $share);
	# The holder counts the ttl from the answer, the engine from the question.
	check_cut(project(recipe('etcd', %here)), 1);
	check_pause(project(recipe('etcd', %here)));
	my $sql = Engines->postgresql(address => $outside);
	ok $sql->start, 'PostgreSQL answers' or diag $sql->log;
	check_cut(project(recipe('postgresql', %postgresql,
	    'host=db.example.org' => "host=$outside port=" . $sql->port)), 0);
};

done_testing;
