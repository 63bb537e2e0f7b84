#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Counts the instructions that a frame costs between two taps, through this switch
# and its peers, in virtual machines with stock kernels, one after the other.  Without
# arguments also how much time it takes, and what large tables and many ports take: see
# times.sh and control.sh.
#
# usage: [KERNELS="6.12 6.1"] selftests/bench/bench.sh [--docs] [ARGUMENTS OF bench.py]
#
#   --docs   write figures and plots into Documentation, too; without arguments only
#
# Prints tables, and leaves them in build/bench/*.txt, the figures for machines in
# build/bench/*.json, and plots in build/bench/*.svg.
set -u
cd "$(dirname -- "$0")/../.." || exit 125

KERNELS=${KERNELS:-6.12 6.1}
OUT=build/bench
DOCS=Documentation/performance
status=0

tool()
{
	/usr/bin/python3 "selftests/bench/$1.py" "${@:2}"
}

docs=
if [ "${1:-}" = --docs ]; then
	docs=yes
	shift
	[ $# = 0 ] || { echo "bench.sh: --docs wants everything measured" >&2; exit 125; }
fi
command -v gnuplot >/dev/null || {
	echo "bench.sh: no plots: selftests/deps.sh bench installs gnuplot" >&2
	[ -z "$docs" ] || exit 125
}

mkdir -p $OUT
rm -f $OUT/bench.* $OUT/*.svg $OUT/*/bench.json
all=$([ $# -gt 0 ] || echo yes)
for kernel in $KERNELS; do
	KERNEL=$kernel selftests/vm/run.sh --icount=0 --mem 2048 --timeout 2400 \
		--out "$OUT/$kernel" -- \
		selftests/bench/guest.sh --json /out/bench.json "$@" || status=1
done
for kernel in $KERNELS; do
	[ ! -s "$OUT/$kernel/bench.json" ] || cat "$OUT/$kernel/bench.json"
done | jq -s 'add // []' >$OUT/bench.json
tool table $OUT/bench.json | tee $OUT/bench.txt
[ "$status" = 0 ] || exit
if [ -n "$all" ]; then
	selftests/bench/times.sh && selftests/bench/control.sh || exit
fi
if command -v gnuplot >/dev/null; then
	tool plot $OUT $OUT/bench.json \
		${all:+$OUT/native.json $OUT/latency.json $OUT/control.json} || exit
fi
if [ -n "$docs" ]; then
	mkdir -p $DOCS
	rm -f $DOCS/*.svg
	cp $OUT/*.svg $DOCS/
	tool docs $OUT/bench.json $DOCS.md && tool times $OUT $DOCS.md &&
		tool control_table $OUT/control.json $DOCS.md
fi
