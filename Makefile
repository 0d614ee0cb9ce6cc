# runner: build, prove, install.  Output goes below build/ only.
#
#   make              the programs           make check      all tests
#   make demo         see it work            make asan fuzz replay soak crash coverage
#   make install DESTDIR= prefix=            make lint analyze rules musl bench
#   make deb          Debian packages        make check-deb check-installed
#                                            make check-upgrade check-systemd

prefix ?= $(or $(PREFIX),/usr/local)
bindir ?= $(prefix)/bin
libexecdir ?= $(prefix)/libexec
datadir ?= $(prefix)/share
mandir ?= $(datadir)/man
unitdir ?= $(prefix)/lib/systemd/system
userunitdir ?= $(datadir)/systemd/user
zshdir ?= $(datadir)/zsh/site-functions
INSTALL ?= install
PKG_CONFIG ?= pkg-config
B ?= build

# A room is a directory of supervisor/.  A file includes headers of its own room
# and of rooms that stand before it here; `make lint` checks that.
ROOMS := base os config signature log policy message state metrics outbox task \
	owner notify chain status cli deliver

CFLAGS ?= -O2 -g
HARDENING ?= -fstack-protector-strong -fstack-clash-protection -fPIE \
	-D_FORTIFY_SOURCE=2
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wwrite-strings -Wformat=2 -Wno-format-nonliteral \
	-Wno-unused-parameter -Wno-missing-field-initializers
ifeq ($(DEVELOPER),1)
WARNINGS += -Werror
endif
PKGS := libpipeline libconfuse libpcre2-8
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) libcurl 2>/dev/null)
ALL_CPPFLAGS = -D_GNU_SOURCE -Iinclude -Isupervisor $(PKG_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS = -std=c17 $(HARDENING) $(WARNINGS) $(CFLAGS) $(EXTRA_CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(LDFLAGS) \
	$(EXTRA_LDFLAGS)
COMPILE = $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP
LIBS = $(shell $(PKG_CONFIG) --libs $(PKGS))
CURL_LIBS = $(shell $(PKG_CONFIG) --libs libcurl)

objects = $(patsubst supervisor/%.c,$B/%.o,$(wildcard supervisor/$1/*.c))
OBJ := $(foreach room,$(filter-out deliver,$(ROOMS)),$(call objects,$(room)))
DELIVER_OBJ := $(filter-out $B/deliver/main.o,$(call objects,deliver))
LIB := $B/libdeliver.a $B/librunner.a
UNITS := $(patsubst t/unit/%.c,$B/t/%,$(wildcard t/unit/*.c))
TOOLS := $(patsubst t/tools/%.c,$B/tools/%,$(wildcard t/tools/*.c))
BENCHES := $(patsubst t/bench/%.c,$B/bench/%,$(wildcard t/bench/*.c))
FUZZERS := $(patsubst t/fuzz/%.c,$B/fuzz/%,$(wildcard t/fuzz/*.c))

all: $B/runner $B/run_functions $B/runner-notify $B/share

# The paths that are compiled in.
$B/libexecdir: FORCE
	@mkdir -p $(@D)
	@echo '$(libexecdir) $(datadir)' | cmp -s - $@ || \
		echo '$(libexecdir) $(datadir)' > $@
$B/notify/helper.o: $B/libexecdir
$B/notify/helper.o: CPPFLAGS += -DRUNNER_LIBEXECDIR='"$(libexecdir)/runner"'
$B/notify/delivery.o: $B/libexecdir
$B/notify/delivery.o: CPPFLAGS += -DRUNNER_DATADIR='"$(datadir)/runner"'
FORCE:

# One line that says what is missing, before the compiler says eighty.
$B/libraries:
	@mkdir -p $(@D)
	@$(PKG_CONFIG) --exists $(PKGS) libcurl 2>/dev/null || { echo \
	    "libraries are missing: apt-get install $(BUILD_PACKAGES)" >&2; \
	    exit 1; }
	@touch $@

$B/%.o: supervisor/%.c | $B/libraries
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

$B/librunner.a: $(OBJ)
$B/libdeliver.a: $(DELIVER_OBJ)
$(LIB):
	@rm -f $@
	$(AR) rcs $@ $^

$B/runner: $B/main.o $B/librunner.a
	$(CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LDFLAGS) $(LIBS)

$B/run_functions: $B/runner
	ln -sf runner $@

# The one program with a TLS stack in it; see include/runner_notify.h.
$B/runner-notify: $B/deliver/main.o $B/libdeliver.a $B/librunner.a
	$(CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LDFLAGS) $(CURL_LIBS)

# What is installed below $(datadir)/runner is found beside the programs too.
$B/share:
	ln -sfn "$(CURDIR)/supervisor/share" $@

LINK_TEST = $(COMPILE) -It/lib -o $@ $< $(LIB) $(ALL_LDFLAGS) $(LIBS)
$B/t/%: t/unit/%.c $(LIB)
	@mkdir -p $(@D)
	$(LINK_TEST)
$B/tools/%: t/tools/%.c $(LIB)
	@mkdir -p $(@D)
	$(LINK_TEST)
$B/bench/%: t/bench/%.c $(LIB)
	@mkdir -p $(@D)
	$(LINK_TEST)
$B/fuzz/%: t/fuzz/%.c $(LIB)
	@mkdir -p $(@D)
	$(LINK_TEST) -fsanitize=fuzzer

# What tests it.
units: $(UNITS)
tools: $(TOOLS)
fuzzers: $(FUZZERS)

# Tests run elsewhere, so they get the whole path, blanks and all.
RUN_TESTS = RUNNER_BUILD="$$(cd '$B' && pwd)"

# The Debian packages that are needed, and by what.
BUILD_PACKAGES := pkg-config libpipeline-dev libconfuse-dev libpcre2-dev \
	libcurl4-openssl-dev
DEB_PACKAGES := debhelper dpkg-dev fakeroot xz-utils
BENCH_PACKAGES := runit s6 daemontools moreutils perl
LINT_PACKAGES := clang-format clang-tidy cppcheck mandoc man-db shellcheck \
	libperl-critic-perl binutils re2c
TEST_PACKAGES := perl python3 procps util-linux strace openssl \
	sasl2-bin libsasl2-modules libnsl2 libicu72 maildrop \
	etcd-server etcd-client postgresql iproute2 \
	prometheus prometheus-alertmanager apprise chromium fonts-dejavu-core \
	systemd mandoc man-db

# What root built belongs to whom the tree belongs: sudo make spoils nothing.
OWN = if [ "$$(id -u)" -eq 0 ]; then chown -R --reference=Makefile '$B'; fi

packages:
	@t/lib/packages $(BUILD_PACKAGES)

demo:
	@echo "# building in $B"
	@t/lib/packages $(BUILD_PACKAGES) python3
	@$(MAKE) -s -j2 all
	@$(OWN)
	@$(RUN_TESTS) t/demo

check: packages
	@t/lib/packages $(TEST_PACKAGES)
	@t/lib/packages --unpack "$B/mta" postfix
	@$(MAKE) -s -j2 all units tools
	@$(OWN)
	@$(RUN_TESTS) prove -j4 $(PROVE_FLAGS) $(sort $(UNITS)) t/*.t

# The same tests with every access watched.
SANITIZE := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined
ASAN_TESTS ?= t/1*.t t/2*.t t/3*.t t/4*.t t/6*.t
asan: packages
	@t/lib/packages $(TEST_PACKAGES)
	@$(MAKE) -s B=$B/asan CFLAGS="$(SANITIZE)" HARDENING= run-asan
run-asan: all units tools
	@$(RUN_TESTS) UBSAN_OPTIONS=print_stacktrace=1 prove -j4 \
		$(PROVE_FLAGS) $(UNITS) $(ASAN_TESTS)

# The units under a real systemd, in a container.
check-systemd: packages
	@t/lib/packages debootstrap systemd-container
	@prove -e sh t/systemd

# Random tasks under random faults against a model for SOAK_SECONDS, then
# ROUNDS of the fault scripts.  RUNNER_SEED=N repeats what failed.
SOAK_SECONDS ?= 600
ROUNDS ?= 300
soak: packages
	@t/lib/packages $(TEST_PACKAGES)
	@$(MAKE) -s -j2 all tools
	@$(RUN_TESTS) SOAK_SECONDS=$(SOAK_SECONDS) prove -v t/soak
	@[ $(ROUNDS) -eq 0 ] || $(RUN_TESTS) RUNNER_SOAK=$(ROUNDS) \
		prove -j2 $(PROVE_FLAGS) t/5*.t

# Every instant of a kill and of a power cut (t/53-crash.t).
crash: packages
	@$(MAKE) -s -j2 all tools
	@$(RUN_TESTS) RUNNER_SOAK=1 prove -v $(PROVE_FLAGS) t/53-crash.t

# With a live runner of 1.0.0, built from the history.
OLD := 5cd8e53
check-upgrade: all
	@[ -e $B/1.0.0/build/runner ] || { mkdir -p $B/1.0.0 && \
		git archive $(OLD) | tar -x -C $B/1.0.0 && \
		$(MAKE) -s -C $B/1.0.0 CFLAGS="$(CFLAGS)" all; }
	@$(RUN_TESTS) RUNNER_1_0_0="$$(cd $B/1.0.0/build && pwd)/runner" \
		prove $(PROVE_FLAGS) t/53-versions.t

# The program tests against what make install puts somewhere.
INSTALLED_TESTS ?= t/10*.t t/11*.t t/15*.t t/18*.t t/20*.t t/42*.t t/45*.t \
	t/50*.t t/61*.t
check-installed: all tools
	@root="$$(cd $B && pwd)/root"; rm -rf "$$root"; \
	$(MAKE) -s DESTDIR=/ prefix="$$root" install && \
	$(RUN_TESTS) RUNNER_PROGRAM="$$root/bin/runner" \
		RUNNER_NOTIFY="$$root/libexec/runner/runner-notify" \
		prove -j4 $(PROVE_FLAGS) $(INSTALLED_TESTS)

# How much of each room the tests run, and what they do not: one page.
COVERAGE := -O0 -g --coverage -fprofile-update=atomic -include t/lib/coverage.h
coverage: packages
	@t/lib/packages $(TEST_PACKAGES)
	@$(MAKE) -s -j2 B=$B/coverage CFLAGS="$(COVERAGE)" HARDENING= all units \
		tools
	@# Other users count too.
	@find $B/coverage -name '*.gcda' -delete
	@find $B/coverage -name '*.gcno' | while read -r f; do \
		: > "$${f%no}da" && chmod a+rw "$${f%no}da"; done
	@RUNNER_BUILD="$$(cd $B/coverage && pwd)" prove -j4 $(PROVE_FLAGS) \
		$(patsubst $B/%,$B/coverage/%,$(UNITS)) \
		$(filter-out t/58-counts.t,$(wildcard t/[1-7]*.t t/90*.t)); \
		status=$$?; t/coverage $B/coverage $(ROOMS) > $B/coverage.txt; \
		cat $B/coverage.txt; exit $$status

# As much as compiles without the libraries: with musl, its objects.
musl:
	@t/lib/packages musl-tools $(BUILD_PACKAGES)
	@mkdir -p $B/musl/include
	@cd $B/musl/include && for h in pipeline.h confuse.h pcre2.h linux \
		asm-generic; do ln -sfn /usr/include/$$h $$h; done && \
		for h in asm curl; do \
		ln -sfn /usr/include/$$($(CC) -print-multiarch)/$$h $$h; done
	@$(MAKE) -s -j2 B=$B/musl CC=musl-gcc HARDENING= PKG_CFLAGS= \
		EXTRA_CFLAGS="-isystem $B/musl/include" $(patsubst $B/%,$B/musl/%, \
		$(OBJ) $(DELIVER_OBJ))

# Each parser for FUZZ_SECONDS, from what it found before (NAME.corpus beside
# the fuzzer).
FUZZ_SECONDS ?= 60
FUZZ_FLAGS := -O1 -g -fsanitize=address,undefined -fsanitize=fuzzer-no-link
fuzz: packages
	@t/lib/packages clang libclang-rt-14-dev
	@$(MAKE) -s B=$B/fuzzing CC=clang CFLAGS="$(FUZZ_FLAGS)" HARDENING= \
		run-fuzzers
# The fuzz targets without a fuzzer: on real files of every kind, and on what
# fuzzers found worth keeping, t/fuzz/NAME.cases.
REPLAYED := t/corpus/tune t/fixture supervisor/share runner.conf.example
REPLAYS := $(patsubst t/fuzz/%.c,$B/replay/%,$(wildcard t/fuzz/*.c))
$B/replay/%: t/fuzz/%.c t/lib/replay.c $(LIB)
	@mkdir -p $(@D)
	$(COMPILE) -It/lib -o $@ $< t/lib/replay.c $(LIB) $(ALL_LDFLAGS) $(LIBS)
replay: packages
	@$(MAKE) -s -j2 B=$B/asan CFLAGS="$(SANITIZE)" HARDENING= run-replay
run-replay: $(REPLAYS)
	@for f in $(REPLAYS); do c=t/fuzz/$${f##*/}.cases; \
		[ -e $$c ] || c=; $$f $(REPLAYED) $$c || exit 1; done
run-fuzzers: fuzzers
	@for f in $(FUZZERS); do mkdir -p $$f.corpus && echo "# $$f" && \
		$$f -max_total_time=$(FUZZ_SECONDS) -timeout=5 \
		-rss_limit_mb=1024 -print_final_stats=1 $$f.corpus \
		2>$$f.log || { tail -n 40 $$f.log; exit 1; }; \
		grep -E "stat::(number|average)" $$f.log; done

# Figures; quote the ratios, machines differ.
$B/bench/task: t/bench/task.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) -std=c17 $(CFLAGS) -static -o $@ $<
bench: packages
	@t/lib/packages $(BENCH_PACKAGES)
	@$(MAKE) -s all tools $(BENCHES)
	@for b in $(filter-out %/loop %/task,$(BENCHES)) t/bench/takeover \
		t/bench/peers; do \
		echo "# $$b"; $(RUN_TESTS) $$b || exit 1; done

# What is written as rules, NAME.re, becomes NAME.c.  Both are in the tree, so
# that only who changes a rule needs re2c.  common.re is included by the others.
RULES := $(filter-out %/common.re,$(wildcard supervisor/*/*.re))
# Their states gain nothing from -O2, which takes twice as long.
$(RULES:supervisor/%.re=$B/%.o): CFLAGS := $(CFLAGS) -O1
rules:
	@t/lib/packages re2c
	@for f in $(RULES); do t/lib/rules "$$f" > "$${f%.re}.c.new" && \
		mv "$${f%.re}.c.new" "$${f%.re}.c" || exit 1; done

lint: packages
	@t/lib/packages $(LINT_PACKAGES)
	@$(MAKE) -s -j2 all
	@t/lint $B $(ROOMS)

# clang's analyzer, over what has changed since it last was clean.
ANALYZED := $(patsubst supervisor/%.c,$B/%.analyzed,$(wildcard \
	supervisor/*.c supervisor/*/*.c))
ANALYSES := -*,clang-analyzer-*,-clang-analyzer-security.insecureAPI.*
ANALYSES := $(ANALYSES),-clang-analyzer-optin.performance.Padding
analyze: packages
	@t/lib/packages clang-tidy
	@$(MAKE) -s -j2 all
	@$(MAKE) -s -k -j2 $(ANALYZED)
# What re2c writes stores more than it reads.
GENERATED := ,-clang-analyzer-deadcode.DeadStores
$B/%.analyzed: supervisor/%.c $B/%.o .clang-tidy
	@clang-tidy -quiet --checks='$(ANALYSES)$(if $(wildcard $(<:.c=.re)),$(GENERATED))' $< -- -std=c17 \
		$(ALL_CPPFLAGS) -DRUNNER_LIBEXECDIR='"/"' -DRUNNER_DATADIR='"/"' >$@.log 2>&1 || \
		{ cat $@.log; exit 1; }
	@touch $@

# supervisor/man and what stands for a path in it.
MAN := supervisor/man
install: all
	$(INSTALL) -d "$(DESTDIR)$(bindir)" "$(DESTDIR)$(libexecdir)/runner" \
		"$(DESTDIR)$(mandir)/man1" "$(DESTDIR)$(mandir)/man5" \
		"$(DESTDIR)$(mandir)/man7" "$(DESTDIR)$(mandir)/man8" \
		"$(DESTDIR)$(unitdir)" "$(DESTDIR)$(userunitdir)" \
		"$(DESTDIR)$(datadir)/runner" \
		"$(DESTDIR)$(datadir)/bash-completion/completions" \
		"$(DESTDIR)$(zshdir)" \
		"$(DESTDIR)$(datadir)/fish/vendor_completions.d" \
		"$(DESTDIR)$(datadir)/doc/runner"
	$(INSTALL) $B/runner "$(DESTDIR)$(bindir)/runner"
	ln -sf runner "$(DESTDIR)$(bindir)/run_functions"
	$(INSTALL) $B/runner-notify "$(DESTDIR)$(libexecdir)/runner/"
	$(INSTALL) -m 644 $(MAN)/runner.1 "$(DESTDIR)$(mandir)/man1/"
	ln -sf runner.1 "$(DESTDIR)$(mandir)/man1/run_functions.1"
	$(INSTALL) -m 644 $(MAN)/runner.conf.5 "$(DESTDIR)$(mandir)/man5/"
	$(INSTALL) -m 644 $(MAN)/runner-hosts.7 "$(DESTDIR)$(mandir)/man7/"
	$(INSTALL) -m 644 $(MAN)/runner-notify.8 "$(DESTDIR)$(mandir)/man8/"
	cp -R supervisor/share/. "$(DESTDIR)$(datadir)/runner/"
	$(INSTALL) -m 644 $(MAN)/completion.bash \
		"$(DESTDIR)$(datadir)/bash-completion/completions/runner"
	ln -sf runner \
	    "$(DESTDIR)$(datadir)/bash-completion/completions/run_functions"
	$(INSTALL) -m 644 $(MAN)/completion.zsh \
		"$(DESTDIR)$(zshdir)/_runner"
	$(INSTALL) -m 644 $(MAN)/completion.fish \
		"$(DESTDIR)$(datadir)/fish/vendor_completions.d/runner.fish"
	ln -sf runner.fish \
	  "$(DESTDIR)$(datadir)/fish/vendor_completions.d/run_functions.fish"
	sed 's|@bindir@|$(bindir)|' $(MAN)/runner@.service.in \
		> "$(DESTDIR)$(unitdir)/runner@.service"
	sed 's|@bindir@|$(bindir)|' $(MAN)/runner-user@.service.in \
		> "$(DESTDIR)$(userunitdir)/runner@.service"
	chmod 644 "$(DESTDIR)$(unitdir)/runner@.service" \
		"$(DESTDIR)$(userunitdir)/runner@.service"
	$(INSTALL) -m 644 runner.conf.example README.md LICENSE \
		"$(DESTDIR)$(datadir)/doc/runner/"

uninstall:
	cd "$(DESTDIR)/" && rm -rf ".$(bindir)/runner" \
		".$(bindir)/run_functions" ".$(mandir)/man1/runner.1" \
		".$(mandir)/man1/run_functions.1" \
		".$(mandir)/man5/runner.conf.5" \
		".$(mandir)/man7/runner-hosts.7" \
		".$(mandir)/man8/runner-notify.8" ".$(datadir)/runner" \
		".$(datadir)/bash-completion/completions/runner" \
		".$(datadir)/bash-completion/completions/run_functions" \
		".$(zshdir)/_runner" \
		".$(datadir)/fish/vendor_completions.d/runner.fish" \
		".$(datadir)/fish/vendor_completions.d/run_functions.fish" \
		".$(unitdir)/runner@.service" \
		".$(userunitdir)/runner@.service" ".$(libexecdir)/runner" \
		".$(datadir)/doc/runner"

# The Debian packages, source and binary, in $B/deb; check-deb proves them.
deb: packages
	@t/lib/packages $(DEB_PACKAGES)
	@$(MAN)/debian/build . $B/deb
check-deb: packages
	@t/lib/packages $(DEB_PACKAGES) lintian
	@prove -e sh t/package

clean:
	rm -rf $B

.PHONY: all units tools fuzzers packages demo check check-systemd \
	check-upgrade check-installed asan run-asan soak crash fuzz run-fuzzers \
	replay run-replay coverage musl bench rules lint analyze install uninstall deb check-deb clean FORCE
-include $(wildcard $B/*.d $B/*/*.d)
