# Whoever can write a runner.conf says what is executed: which ones are not
# used, and that `check` and `once` say why.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

my $p = RunnerTest->new;
my $dir = $p->dir;
chmod 0755, $dir;
mkdir "$dir/$_" for qw(here below below/deep);
my $conf = "$dir/below/runner.conf";

# `runner ARGS` in below/deep: "STATUS ERROR", as who we are.
sub runner {
	my (@args) = @_;
	system("cd $dir/below/deep && $RunnerTest::RUNNER @args >$dir/out "
	    . "2>$dir/err");
	my $err = slurp("$dir/err");
	$err =~ s/^runner: warning: \S+: nobody is told .*\n//m;
	$err =~ s/^runner: \S+ cannot be used: .*\n//m;
	return ($? >> 8) . " $err";
}

sub conf {
	my ($text, $mode, $uid) = @_;
	spew($conf, $text, $mode);
	chmod $mode, $conf;
	chown $uid, -1, $conf if defined $uid;
}

my $task = "log { level = error }\ntask t { command = true }\n";
conf($task, 0644);
is runner('check'), '0 ', 'our own is used';
conf($task, 0666);
my $loose = "2 runner: $conf: not used: others can write it (mode 0666)\n";
is runner('check'), $loose, 'one that others can write is not';
is runner('once', 't'), $loose, 'nor is it when tasks would run';
conf("run_root = \"$dir/there\"\n$task", 0666);
is runner($_), $loose, "nor is its run_root, for $_"
    for qw(status stop failures history logs), 'pause t', "report -o $dir/r";
like runner('-r', "$dir/mine", 'status'),
    qr{^3 runner: warning: \Q$conf\E: not used}, 'a run_root that is named is';
ok !-e "$dir/r", 'nothing was written';
conf($task, 0666);
is runner('check', '-c', $conf), $> ? '0 ' : $loose,
    'named it is, save by root';
conf("include('inc.conf')\n$task", 0644);
spew("$dir/below/inc.conf", "nice = 1\n", 0644);
is runner('check'), '0 ', 'an included file is used';
chmod 0666, "$dir/below/inc.conf";
is runner('once', 't'), "2 runner: $conf:1: $dir/below/inc.conf not used: "
    . "others can write it (mode 0666)\n",
    'but not when others can write it';

SKIP: {
	skip 'needs root, to play another user', 4 if $>;
	my $nobody = getpwnam('nobody');
	conf($task, 0644, $nobody);
	is runner('once', 't'), "2 runner: $conf: not used: it was found from "
	    . 'the working directory upwards and belongs to another user '
	    . "(uid $nobody); name it with -c to use it\n",
	    'one of another user is not used';
	is runner('once', '-c', $conf, 't'), '0 ', 'but when it is named';
	conf("include('inc.conf')\n$task", 0644, 0);
	chmod 0644, "$dir/below/inc.conf";
	chown $nobody, -1, "$dir/below/inc.conf";
	like runner('check'), qr/^2 .*inc\.conf not used: .*another user/,
	    'nor what it includes';
	conf('', 0644, 0);
	unlink $conf;
	spew("$dir/here/real.conf", $task, 0644);
	symlink "$dir/here/real.conf", $conf;
	system("chown -h nobody $conf");
	like runner('check'), qr/^2 runner: \Q$conf\E: not used: the link /,
	    'nor by a link of another user';
}

unlink $conf;
spew("$dir/here/real.conf", $task, 0644);
symlink "$dir/here/real.conf", $conf;
is runner('check'), '0 ', 'a link is followed';
like slurp("$dir/out"), qr{^# PROJECT_ROOT: \Q$dir\E/here$}m,
    'and counts with the directory that it points to';
unlink $conf;
symlink "$dir/here/gone.conf", $conf;
is runner($_), "2 runner: $conf: is a link that leads nowhere: No such file "
    . "or directory\n", "one that leads nowhere is an error of $_"
    for qw(check status), 'once t', 'run t';
ok !-e "$dir/below/deep/var", 'and nothing was run without it';

done_testing;
