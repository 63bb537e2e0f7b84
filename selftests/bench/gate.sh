#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Fails if a frame costs more than 1 % more instructions than baseline.json says, in
# one of six workloads.
#
#   gate.sh           measure and compare
#   gate.sh --renew   measure and write baseline.json
#
# Wants the module and vswctl built: make modules-all tool.
set -u
cd "$(dirname -- "$0")/../.." || exit 125

baseline=selftests/bench/baseline.json
out=build/bench/gate
command=check
[ "${1:-}" != --renew ] || command=renew

gate()
{
	/usr/bin/python3 selftests/bench/gate.py "$@"
}

rm -rf $out
mkdir -p $out
mapfile -t only < <(gate only $baseline)
KERNEL=6.12 selftests/vm/run.sh --icount=0 --timeout 600 --out $out -- \
	selftests/bench/guest.sh --quick --json /out/bench.json "${only[@]}" || exit
gate $command $baseline $out/bench.json
