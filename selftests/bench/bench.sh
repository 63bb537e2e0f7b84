#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Counts the instructions that a frame costs between two taps, through this switch
# and its peers, in virtual machines with stock kernels, one after the other.
#
# usage: [KERNELS="6.12 6.1"] selftests/bench/bench.sh [ARGUMENTS OF bench.py]
#
# Prints tables, and leaves them in build/bench/bench.txt, and the figures for
# machines in build/bench/bench.json.
set -u
cd "$(dirname -- "$0")/../.." || exit 125

KERNELS=${KERNELS:-6.12 6.1}
OUT=build/bench
status=0

mkdir -p $OUT
rm -f $OUT/bench.* $OUT/*/bench.json
for kernel in $KERNELS; do
	KERNEL=$kernel selftests/vm/run.sh --icount=0 --mem 2048 --timeout 2400 --out "$OUT/$kernel" -- \
		selftests/bench/guest.sh --json /out/bench.json "$@" || status=1
done
for kernel in $KERNELS; do
	[ ! -s "$OUT/$kernel/bench.json" ] || cat "$OUT/$kernel/bench.json"
done | jq -s add >$OUT/bench.json
/usr/bin/python3 selftests/bench/table.py $OUT/bench.json | tee $OUT/bench.txt
exit $status
