# What is installed is complete, works from where it lies, and is documented to
# the last key and option.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use File::Temp qw(tempdir);
use Test::More;

my $top = $RunnerTest::TOP;
my $build = $RunnerTest::BUILD;

# A command's status and everything it says.
sub said {
	my ($command) = @_;
	my $text = `$command 2>&1`;
	return ($? >> 8, $text);
}

my $root = tempdir(CLEANUP => 1);
# A build directory of its own: PREFIX is compiled in.
# All objects but two are as they were built.
mkdir "$root/build";
system "cd '$build' && find . -maxdepth 2 -type f -print0 |
    xargs -0 cp -a --parents -t '$root/build'";
my ($status, $text) = said("make -s -C '$top' B=$root/build PREFIX=/usr "
    . "DESTDIR='$root/to' install");
is $status, 0, 'make install DESTDIR= PREFIX=' or diag $text;
is $text, '', 'says nothing';
my $usr = "$root/to/usr";
ok -x "$usr/$_", $_ for qw(bin/runner bin/run_functions
    libexec/runner/runner-notify);
ok -s "$usr/$_", $_ for qw(share/man/man1/runner.1 share/man/man1/run_functions.1
    share/man/man5/runner.conf.5 share/man/man7/runner-hosts.7
    share/man/man8/runner-notify.8 share/runner/lease/etcd
    share/bash-completion/completions/runner
    share/bash-completion/completions/run_functions
    share/zsh/site-functions/_runner
    share/fish/vendor_completions.d/runner.fish
    share/fish/vendor_completions.d/run_functions.fish
    lib/systemd/system/runner@.service share/systemd/user/runner@.service
    share/doc/runner/README.md
    share/doc/runner/runner.conf.example);
like slurp("$usr/bin/runner"), qr{/usr/libexec/runner},
    'the helper is looked for where it was put';

subtest 'the pages are sound' => sub {
	for my $page (map { "$top/supervisor/man/$_" }
	    qw(runner.1 runner.conf.5 runner-hosts.7 runner-notify.8)) {
		my (undef, $lint) = said("mandoc -T lint '$page'");
		$lint = join '', grep { !/referenced manual not found|outdated/ }
		    split /^/, $lint;
		is $lint, '', "mandoc -T lint '$page'";
		my (undef, $warned) = said("MANROFFOPT= LC_ALL=C.UTF-8 "
		    . "man --warnings -E UTF-8 -l -Tutf8 -Z '$page' > /dev/null");
		is $warned, '', "man --warnings $page";
	}
};

subtest 'what is ended on its way leaves nothing behind' => sub {
	local $ENV{TMPDIR} = tempdir(CLEANUP => 1);
	local $ENV{RUNNER_BUILD} = $build;
	my %started = (
		'a test' => [$^X, "-I$top/t/lib", '-MRunnerTest', '-e', '$| = 1;'
		    . 'RunnerTest->new->start_command("sleep", 99); print "up";'
		    . 'sleep 99'],
		'the demo' => ["$top/t/demo"]);
	for my $what (sort keys %started) {
		my $pid = open my $out, '-|', @{$started{$what}} or die;
		sysread $out, my $some, 2;
		isnt scalar(() = glob "$ENV{TMPDIR}/*"), 0, "$what is at work";
		kill 'TERM', $pid;
		ok !close $out, 'it is ended';
		is_deeply [glob "$ENV{TMPDIR}/*"], [], 'and all is gone';
	}
};

subtest 'the unit' => sub {
	my $unit = slurp("$usr/lib/systemd/system/runner\@.service");
	like $unit, qr{^ExecStart=/usr/bin/runner run --name }m, 'a chain each';
	unlike $unit, qr{run-root}, 'the configuration decides where it runs';
	like $unit, qr{^RestartPreventExitStatus=2 75$}m, 'what stays so stays';
	# verify wants the program there: the one under test.
	my $here = tempdir(CLEANUP => 1);
	$unit =~ s{/usr/bin/runner}{$build/runner}g;
	$unit =~ s{^Documentation=.*\n}{}m;
	spew("$here/runner\@mail.service", $unit);
	($status, $text) = said("systemd-analyze verify --man=no "
	    . "$here/runner\@mail.service");
	is $status, 0, 'systemd-analyze verify' or diag $text;
	is $text, '', 'has nothing to say';
	my $user = slurp("$usr/share/systemd/user/runner\@.service");
	$user =~ s{/usr/bin/runner}{$build/runner}g;
	$user =~ s{^Documentation=.*\n}{}m;
	mkdir "$here/user";
	spew("$here/user/runner\@mail.service", $user);
	($status, $text) = said("XDG_RUNTIME_DIR=$here systemd-analyze --user "
	    . "verify --man=no $here/user/runner\@mail.service");
	is $status, 0, 'systemd-analyze --user verify' or diag $text;
	($status, $text) = said('systemd-analyze security --offline=yes '
	    . "--threshold=70 $here/runner\@mail.service");
	is $status, 0, 'systemd-analyze security: below 7.0' or diag $text;
};

subtest 'what a packager sets is honoured' => sub {
	my $make = "make -C '$top' B=$root/none";
	my ($none, $line) = said("$make -s PKG_CONFIG=false all");
	isnt $none, 0, 'without the libraries nothing is built';
	like $line, qr/\Alibraries are missing: apt-get install .*libpipeline-dev/,
	    'and the first line says what to install';
	unlike $line, qr/error:/, 'no compiler was asked';
	spew("$root/pkg-config", "#!/bin/sh\ncase \$1 in --cflags) "
	    . "echo -DPROBE ;; *) exec pkg-config \"\$\@\" ;; esac\n", 0755);
	(undef, $line) = said("$make -n PKG_CONFIG=$root/pkg-config all");
	like $line, qr/ -DPROBE .*-c -o /, 'pkg-config --cflags';
	(undef, $line) = said("$make -n INSTALL=ginstall prefix=/opt/x install");
	like $line, qr{^ginstall .*"/opt/x/bin/runner"}m, 'INSTALL and prefix';
	unlike $line, qr{^install }m, 'of every file';
};

# What the compiler was asked for is in the programs.
subtest 'the programs are hardened' => sub {
	for my $program (qw(bin/runner libexec/runner/runner-notify)) {
		my (undef, $elf) = said("readelf -Whdls '$usr/$program'");
		like $elf, qr/Type: +DYN/, "$program: PIE";
		like $elf, qr/\bGNU_RELRO\b/, 'RELRO';
		like $elf, qr/\bBIND_NOW\b|FLAGS.* NOW\b/, 'no lazy binding';
		like $elf, qr/GNU_STACK .* RW /, 'a stack that cannot run';
		unlike $elf, qr/^ +LOAD .* RWE /m, 'nothing writable that can';
		like $elf, qr/__stack_chk_fail/, 'stack protector';
		like $elf, qr/__\w+_chk\b(?<!stack_chk)/, 'fortified calls';
		unlike $elf, qr/RPATH|RUNPATH/, 'no RPATH';
	}
};

done_testing;
