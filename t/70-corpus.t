#!/bin/sh
# Real failures are known again, told apart and named: t/corpus/README.md.
cd "$(dirname "$0")/.." || exit 1
exec t/corpus/score --tap --clean 97 --apart 99 --subjects 96 \
	--command "${RUNNER_BUILD:-build}/runner signature"
