# The recipes of README.md, executed as they stand there: in a mount namespace
# of our own, where /srv, /var/log and /usr/local are ours.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

my $readme = slurp("$FindBin::Bin/../README.md");

# The block of the README whose first line matches.
sub recipe {
	my ($pattern) = @_;
	my ($block) = $readme =~ /^((?:    $pattern.*\n)(?:    .*\n)*)/m
	    or die "README.md: no $pattern";
	return $block =~ s/^    //mgr;
}

plan skip_all => 'needs root: mounts' if $>;
plan skip_all => 'cannot have a mount namespace' if system
    "unshare -m mount -t tmpfs none /srv 2>/dev/null";

my $p = RunnerTest->new;
my $home = $p->dir;

# Runs the script in there; returns (status, output).
sub in_a_new_world {
	my ($script) = @_;
	spew("$home/script", "set -e\n"
	    . 'for d in /srv /var/log /usr/local; do mount -t tmpfs -o mode=755'
	    . " none \$d; done\nmkdir -p /srv/x/tasks /usr/local/bin"
	    . " /usr/local/libexec/runner\n"
	    . "cp '$RunnerTest::RUNNER' /usr/local/bin/runner\n"
	    . "cp '$RunnerTest::BUILD/runner-notify' /usr/local/libexec/runner\n"
	    . $script);
	my $run = $p->start_command('unshare', '-m', 'sh', "$home/script");
	$run->wait(120);
	return ($run->status, $run->out . $run->err);
}

subtest 'cron' => sub {
	my ($line) = recipe(qr/0 3 \* \* \* /) =~ /^(?:\S+ +){5}(.*)$/m;
	spew("$home/crontab", $line);
	# What cron gives a job, crontab(5): a shell, and next to no environment.
	my $cron = 'env -i HOME=/root LOGNAME=root SHELL=/bin/sh '
	    . "PATH=/usr/bin:/bin /bin/sh -c \"\$(cat $home/crontab)\"";
	my ($status, $said) = in_a_new_world(<<"END");
printf '#!/bin/sh\\necho hello; exit 3\\n' > /srv/x/tasks/job
chmod 755 /srv/x/tasks/job
echo 'admins = {"a\@example.org"}' > /srv/x/runner.conf
cd /
$cron && exit 1
[ \$? = 1 ] || exit 2
ls /srv/x/var/run/mail/new/* > /dev/null
printf '#!/bin/sh\\nexit\\n' > /srv/x/tasks/job
$cron
END
	is $status, 0, 'fails once, is told of, then succeeds';
	is $said, '', 'and cron has nothing to mail';
};

subtest 'supervisord' => sub {
	spew("$home/conf", recipe(qr/task x /));
	my ($status, $said) = in_a_new_world(<<"END");
printf '#!/bin/sh\\n[ -e /srv/x/ok ] || exit 1\\nexec sleep 1000\\n' \\
	> /srv/x/serve
chmod 755 /srv/x /srv/x/serve
cp $home/conf /srv/x/runner.conf
cd /srv/x
/usr/local/bin/runner check > /dev/null
/usr/local/bin/runner start
trap '/usr/local/bin/runner stop' EXIT
tries=0
until grep -q 'Execution failed' /var/log/x.log; do
	sleep 0.1; tries=\$((tries + 1)); [ \$tries -lt 300 ]
done
/usr/local/bin/runner status && exit 9
touch ok
until /usr/local/bin/runner status > /srv/x/status; do
	sleep 0.5; tries=\$((tries + 1)); [ \$tries -lt 300 ]
done
cat /srv/x/status
stat -c 'owner %U' /var/log/x.log
END
	is $status, 0, 'the service fails, and heals while it runs' or diag $said;
	like $said, qr/^x  running/m, 'status is what supervisorctl shows';
	like $said, qr/^owner www-data$/m, 'as the user of the recipe';
	like $said, qr/^Stopped x$/m, 'it is stopped';
};

done_testing;
