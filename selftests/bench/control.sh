#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Measures large tables and many ports, see control.py, in a virtual machine; and the
# ageing of a large table in User-Mode Linux, where time is that of this machine.
#
# usage: selftests/bench/control.sh
#
# Leaves tables in build/bench/control.txt, figures in build/bench/control.json.
# Wants the module and vswctl built: make modules-all tool.
set -u
cd "$(dirname -- "$0")/../.." || exit 125

OUT=build/bench/control
rm -rf "$OUT" "$OUT".*
mkdir -p "$OUT"

KERNEL=6.12 selftests/vm/run.sh --icount=0 --mem 2048 --append slab_nomerge \
	--timeout 1200 --out "$OUT" -- \
	selftests/bench/control-guest.sh --json /out/control.json || exit
PATH=$PWD/ctl:$PATH selftests/kernel/uml.sh --mem 2048 --out "$OUT/native" -- \
	/usr/bin/python3 selftests/bench/ageing.py --count 500000 --ageing 60 \
	--json /run/vsw/out/native.json || exit
jq -s add "$OUT/control.json" "$OUT/native/native.json" >"$OUT.json"
/usr/bin/python3 selftests/bench/control_table.py "$OUT.json" | tee "$OUT.txt"
