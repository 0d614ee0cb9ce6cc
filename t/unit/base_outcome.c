/* The whole small space of wait statuses. */
#include "base/outcome.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "tap.h"

int
main(void)
{
	char text[OUTCOME_TEXT_SIZE], want[OUTCOME_TEXT_SIZE];
	struct outcome o;
	bool is_right = true, is_said = true, is_found = true;

	for (int i = 0; i < 256; i++) {
		o = outcome_of_wait(W_EXITCODE(i, 0));
		is_right &= o.exit == i && !o.signal && !o.is_success;
		outcome_describe(&o, text);
		snprintf(want, sizeof(want), "exit status %d", i);
		is_said &= !strcmp(text, want);
	}
	tap_ok(is_right, "every exit status is itself, and not yet a success");
	tap_ok(is_said, "and is said so");
	is_right = is_said = true;
	for (int i = 1; i <= 64; i++) {
		/* With and without a core. */
		for (int core = 0; core <= 0x80; core += 0x80) {
			o = outcome_of_wait(i | core);
			is_right &= o.exit == -1 && o.signal == i;
		}
		outcome_describe(&o, text);
		snprintf(want, sizeof(want), "killed by signal %d (", i);
		is_said &= !strncmp(text, want, strlen(want));
		outcome_signal_name(i, text);
		if (!strncmp(text, "SIG", 3) && !strchr(text, '+'))
			is_found &= outcome_signal_number(text) == i &&
				    outcome_signal_number(text + 3) == i;
		snprintf(text, sizeof(text), "%d", i);
		is_found &= outcome_signal_number(text) == i;
	}
	tap_ok(is_right, "every signal is itself, core or not");
	tap_ok(is_said, "and is said so");
	tap_ok(is_found, "each is found by number and by both its names");
	outcome_signal_name(SIGRTMIN + 3, text);
	tap_is(text, "SIGRTMIN+3", "a real-time one by its distance");
	tap_is_int(outcome_signal_number("0"), -1, "0 is no signal");
	tap_is_int(outcome_signal_number("65"), -1, "65 is none");
	tap_is_int(outcome_signal_number("NONE"), -1, "nor is a word");
	tap_is_int(outcome_signal_number(""), -1, "nor nothing");
	o = (struct outcome){.signal = 15, .exit = -1, .timed_out = true};
	outcome_describe(&o, text);
	tap_is(text, "timed out, killed by signal 15 (SIGTERM)", "a timeout");
	o = (struct outcome){.exit = 127, .not_executed = true};
	outcome_describe(&o, text);
	tap_is(text, "could not be executed", "no execution");
	return tap_done();
}
