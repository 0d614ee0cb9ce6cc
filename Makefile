# runner: build, prove, install.  Output goes below build/ only.
#
#   make              the programs           make check      all tests
#   make demo         see it work            make asan fuzz bench lint
#   make install DESTDIR= PREFIX=            make deb

PREFIX ?= /usr/local
bindir ?= $(PREFIX)/bin
libexecdir ?= $(PREFIX)/libexec
mandir ?= $(PREFIX)/share/man
sysconfdir ?= /etc
VERSION := 1.0.0
B ?= build

CFLAGS ?= -O2 -g
HARDENING ?= -fstack-protector-strong -fstack-clash-protection -fPIE \
	-D_FORTIFY_SOURCE=2
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wwrite-strings -Wformat=2 -Wno-format-nonliteral \
	-Wno-unused-parameter
ifeq ($(DEVELOPER),1)
WARNINGS += -Werror
endif
CPPFLAGS += -D_GNU_SOURCE -DRUNNER_VERSION='"$(VERSION)"' \
	-DRUNNER_LIBEXECDIR='"$(libexecdir)/runner"' \
	-Iinclude -Isupervisor -Isupervisor/signature
ALL_CFLAGS = -std=c17 $(CFLAGS) $(HARDENING) $(WARNINGS) $(EXTRA_CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(LDFLAGS) \
	$(EXTRA_LDFLAGS)
PKGS := libpipeline libconfuse

# The floors, lowest first: a module includes only what stands before it.
# Words, cores, shells, conductors, programs; see supervisor/README.md.
WORDS := units text outcome patterns ring escape
CORES := line policy throttle tally state command options_table options help \
	schedule complaints findings config_text document vocabulary \
	mime header address excerpt message_body message message_json \
	envelope waiting delivery
SHELLS := clock signals process pages rotate target backlog log capture \
	sources document_read faults values value_lists value_print keys \
	config_file config_set \
	config_task config_interpret config_check_task config_check \
	config_print config lookup \
	outbox_folder outbox_refused outbox_store outbox \
	statefile_layout statefile statefile_read \
	failures_file failures_prune failures failures_read \
	enter spawn strays lock pidfile pidfile_look runroot slots sdnotify
CONDUCTORS := live helper ping notify lease leave remains takeover \
	takeover_stop run sweep chain_open chain
VIEWS := encode screen view view_json view_prometheus \
	view_table_task view_table view_runs view_failures \
	view_html_style view_html_charts view_html_tables view_html
PROGRAMS := commands chains terminal follow printout watch \
	gather gather_tasks \
	$(sort $(notdir $(basename $(wildcard supervisor/cmd_*.c))))
SIGNATURE := $(sort $(notdir $(basename $(wildcard supervisor/signature/*.c))))
MODULES := $(WORDS) $(CORES) $(addprefix signature/,$(SIGNATURE)) $(SHELLS) \
	$(CONDUCTORS) $(VIEWS) $(PROGRAMS)
NOTIFY := $(sort $(notdir $(basename $(wildcard supervisor/notify/*.c))))

OBJ := $(MODULES:%=$B/%.o)
UNITS := $(patsubst t/unit/%.c,$B/t/%,$(wildcard t/unit/*.c))

all: $B/runner $B/run_functions $B/runner-notify

# What is compiled in changes with PREFIX and VERSION: then it is stale.
$B/place: FORCE
	@mkdir -p $(@D)
	@echo '$(libexecdir) $(VERSION)' | cmp -s - $@ || \
		echo '$(libexecdir) $(VERSION)' > $@
$B/helper.o $B/main.o $B/chain_open.o $B/notify.o: $B/place
FORCE:

$B/%.o: supervisor/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$B/librunner.a: $(OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$B/runner: $B/main.o $B/librunner.a
	$(CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LDFLAGS) \
		$$(pkg-config --libs $(PKGS))

$B/run_functions: $B/runner
	ln -sf runner $@

# The one program with a TLS stack in it; see include/runner_notify.h.
$B/runner-notify: $(NOTIFY:%=$B/notify/%.o) $B/librunner.a
	$(CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LDFLAGS) \
		$$(pkg-config --libs libcurl)

# What the units of the helper test is not in librunner.a.
$B/t/notify_job: $B/notify/job.o
$B/t/notify_dialog: $B/notify/dialog.o $B/notify/answer.o
$B/t/notify_body: $B/notify/body.o

$B/t/%: t/unit/%.c t/lib/tap.h $B/librunner.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -It/lib $(ALL_CFLAGS) -MMD -MP -o $@ $< \
		$(filter %.o,$^) $B/librunner.a $(ALL_LDFLAGS) \
		$$(pkg-config --libs $(PKGS))

$B/tools/%: t/tools/%.c $B/librunner.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -It/lib $(ALL_CFLAGS) -MMD -MP -o $@ $< \
		$B/librunner.a $(ALL_LDFLAGS) $$(pkg-config --libs $(PKGS))

$B/bench/%: t/bench/%.c $B/librunner.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -It/lib $(ALL_CFLAGS) -MMD -MP -o $@ $< \
		$B/librunner.a $(ALL_LDFLAGS) $$(pkg-config --libs $(PKGS))

# What is under test, and what tests it.
units: $(UNITS)
tools: $(patsubst t/tools/%.c,$B/tools/%,$(wildcard t/tools/*.c))

# The Debian packages that are needed, and by what.
BUILD_PACKAGES := pkg-config libpipeline-dev libconfuse-dev \
	libcurl4-openssl-dev
TEST_PACKAGES := perl python3 procps util-linux strace openssl \
	postfix sasl2-bin libsasl2-modules maildrop \
	prometheus chromium fonts-dejavu-core \
	systemd mandoc man-db lintian dpkg-dev xz-utils

packages:
	@t/lib/packages $(BUILD_PACKAGES)

demo: packages
	@$(MAKE) -s all
	@RUNNER_BUILD=$(abspath $B) t/demo

check: packages
	@t/lib/packages $(TEST_PACKAGES)
	@$(MAKE) -s -j2 all units tools
	@RUNNER_BUILD=$(abspath $B) prove -j4 $(PROVE_FLAGS) \
		$(sort $(UNITS)) t/*.t

# The same tests with every access watched.
SANITIZE := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined
asan: packages
	@t/lib/packages $(TEST_PACKAGES)
	@$(MAKE) -s -j2 B=$B/asan CFLAGS="$(SANITIZE)" HARDENING= \
		all units tools
	@RUNNER_BUILD=$(abspath $B)/asan UBSAN_OPTIONS=print_stacktrace=1 \
		prove -j4 $(PROVE_FLAGS) $(UNITS:$B/%=$B/asan/%) \
		t/1*.t t/2*.t t/3*.t t/4*.t t/6*.t

# Hundreds of rounds of the fault scripts.
soak: packages
	@t/lib/packages $(TEST_PACKAGES)
	@$(MAKE) -s -j2 all tools
	@RUNNER_BUILD=$(abspath $B) RUNNER_SOAK=$${ROUNDS:-300} \
		prove -j2 $(PROVE_FLAGS) t/5*.t

# Each parser for FUZZ_SECONDS, from what it found before (t/fuzz/NAME.corpus
# of the build folder).
FUZZ_SECONDS ?= 60
FUZZERS := $(patsubst t/fuzz/%.c,$B/fuzz/t/%,$(wildcard t/fuzz/*.c))
FUZZ_FLAGS := -O1 -g -fsanitize=address,undefined
fuzz: packages
	@t/lib/packages clang libclang-rt-14-dev
	@$(MAKE) -s -j2 B=$B/fuzz CC=clang HARDENING= \
		CFLAGS="$(FUZZ_FLAGS) -fsanitize=fuzzer-no-link" \
		$B/fuzz/librunner.a fuzz-objects
	@for f in $(FUZZERS); do $(MAKE) -s $$f && mkdir -p $$f.corpus && \
		echo "# $$f" && $$f -max_total_time=$(FUZZ_SECONDS) -timeout=5 \
		-rss_limit_mb=1024 -print_final_stats=1 $$f.corpus \
		2>$$f.log || { tail -n 40 $$f.log; exit 1; }; \
		grep -E "stat::(number|average)" $$f.log; done

fuzz-objects: $B/notify/job.o $B/notify/dialog.o $B/notify/answer.o

$B/fuzz/t/%: t/fuzz/%.c $B/fuzz/librunner.a
	@mkdir -p $(@D)
	clang $(CPPFLAGS) -It/lib -std=c17 $(FUZZ_FLAGS) -fsanitize=fuzzer \
		-o $@ $< $B/fuzz/notify/job.o $B/fuzz/notify/dialog.o \
		$B/fuzz/notify/answer.o $B/fuzz/librunner.a \
		$$(pkg-config --libs $(PKGS))

# Figures; quote the ratios, machines differ.
BENCHES := $(patsubst t/bench/%.c,$B/bench/%,$(wildcard t/bench/*.c))
bench: packages
	@$(MAKE) -s all $(BENCHES)
	@for b in $(BENCHES) $$(find t/bench -type f -perm -u+x); do \
		echo "# $$b"; RUNNER_BUILD=$(abspath $B) $$b || exit 1; done

lint: packages
	@t/lib/packages cppcheck mandoc man-db shellcheck clang-format
	@t/lint "$(MODULES)"

MAN := supervisor/runner.1 supervisor/runner.conf.5 supervisor/runner-notify.8
datadir ?= $(PREFIX)/share
unitdir ?= $(PREFIX)/lib/systemd/system

install: all
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(libexecdir)/runner \
		$(DESTDIR)$(mandir)/man1 $(DESTDIR)$(mandir)/man5 \
		$(DESTDIR)$(mandir)/man8 $(DESTDIR)$(unitdir) \
		$(DESTDIR)$(datadir)/bash-completion/completions \
		$(DESTDIR)$(datadir)/doc/runner
	install $B/runner $(DESTDIR)$(bindir)/runner
	ln -sf runner $(DESTDIR)$(bindir)/run_functions
	install $B/runner-notify $(DESTDIR)$(libexecdir)/runner/runner-notify
	install -m 644 supervisor/runner.1 $(DESTDIR)$(mandir)/man1/
	ln -sf runner.1 $(DESTDIR)$(mandir)/man1/run_functions.1
	install -m 644 supervisor/runner.conf.5 $(DESTDIR)$(mandir)/man5/
	install -m 644 supervisor/runner-notify.8 $(DESTDIR)$(mandir)/man8/
	install -m 644 supervisor/runner.bash-completion \
		$(DESTDIR)$(datadir)/bash-completion/completions/runner
	ln -sf runner \
		$(DESTDIR)$(datadir)/bash-completion/completions/run_functions
	sed 's|@bindir@|$(bindir)|' supervisor/runner@.service.in \
		> $(DESTDIR)$(unitdir)/runner@.service
	chmod 644 $(DESTDIR)$(unitdir)/runner@.service
	install -m 644 runner.conf.example README.md LICENSE \
		$(DESTDIR)$(datadir)/doc/runner/

uninstall:
	rm -f $(DESTDIR)$(bindir)/runner $(DESTDIR)$(bindir)/run_functions \
		$(DESTDIR)$(mandir)/man1/runner.1 \
		$(DESTDIR)$(mandir)/man1/run_functions.1 \
		$(DESTDIR)$(mandir)/man5/runner.conf.5 \
		$(DESTDIR)$(mandir)/man8/runner-notify.8 \
		$(DESTDIR)$(datadir)/bash-completion/completions/runner \
		$(DESTDIR)$(datadir)/bash-completion/completions/run_functions \
		$(DESTDIR)$(unitdir)/runner@.service
	rm -rf $(DESTDIR)$(libexecdir)/runner $(DESTDIR)$(datadir)/doc/runner

deb: packages
	@t/lib/packages dpkg-dev xz-utils
	@B=$(abspath $B) VERSION=$(VERSION) supervisor/package/build

clean:
	rm -rf $B

.PHONY: all units tools packages demo check asan soak fuzz fuzz-objects \
	bench lint install uninstall deb clean
-include $(shell find $B -name '*.d' 2>/dev/null)
