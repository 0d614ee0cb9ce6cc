/*
 * signature-file: the signature of a captured stderr, from the library alone.
 *
 *   signature-file [--exit N | --signal N] [--explain] [FILE]
 *
 * Prints SIGNATURE, a tab and SUBJECT; with --explain the evidence as well.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "signature/signature.h"

static int
usage(void)
{
	fputs("usage: signature-file [--exit N | --signal N] [--explain] "
	      "[FILE]\n",
	    stderr);
	return 2;
}

static int
print_signature(FILE *in, const struct outcome *o, bool explain)
{
	struct signature *s = signature_new();
	struct signature_result result;
	char bytes[65536], hex[17];
	size_t n;

	if (!s) {
		perror("signature-file");
		return 1;
	}
	while ((n = fread(bytes, 1, sizeof(bytes), in)))
		signature_feed(s, bytes, n);
	signature_finish(s, o, &result);
	text_format_hex64(result.value, hex);
	printf("%s\t%s\n", hex, result.subject);
	for (size_t i = 0; explain && i < signature_evidence_count(s); i++)
		printf("\t%s\n", signature_evidence(s, i));
	signature_free(s);
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
	    {"exit", required_argument, NULL, 'e'},
	    {"signal", required_argument, NULL, 's'},
	    {"explain", no_argument, NULL, 'x'},
	    {0},
	};
	struct outcome o = {.exit = 1};
	bool explain = false;
	FILE *in = stdin;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'e') {
			o.exit = atoi(optarg);
		} else if (c == 's') {
			o.exit = -1;
			o.signal = outcome_signal_number(optarg);
		} else if (c == 'x') {
			explain = true;
		} else {
			return usage();
		}
	}
	if (argc - optind > 1)
		return usage();
	if (optind < argc && !(in = fopen(argv[optind], "r"))) {
		perror(argv[optind]);
		return 1;
	}
	return print_signature(in, &o, explain);
}
