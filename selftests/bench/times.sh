#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a frame takes in time, through this switch and its peers: natively in User-Mode
# Linux, while the switch does something else, and with two CPUs.
#
# usage: selftests/bench/times.sh [native] [latency] [cpus]
#
# Prints tables, and leaves them in build/bench/times.txt and the figures in
# build/bench/{native,latency,cpus}.json.  Wants the modules and vswctl built: make
# modules-all tool.
set -u
cd "$(dirname -- "$0")/../.." || exit 125

OUT=build/bench
export KERNEL=6.12

# machine PROGRAM OPTION...: what it prints as it runs is in its log.
machine()
{
	/usr/bin/python3 selftests/bench/cputime.py "$OUT/$1" --timeout 900 "${@:2}" -- \
		selftests/bench/guest.sh "$1.py" --json "/out/$1.json"
}

measure()
{
	case $1 in
	native) selftests/bench/native.sh "$OUT/native" ;;
	# Its clock counts instructions: the same delays each time.
	latency) machine latency --icount=0 --mem 2048 ;;
	cpus) machine cpus --smp 2 ;;	# and the host tells it what it has used
	*) echo "times.sh: what is $1?" >&2; return 125 ;;
	esac
}

[ $# -gt 0 ] || set -- native latency cpus
mkdir -p $OUT
for what in "$@"; do
	rm -f "$OUT/$what.json"
	measure "$what" || exit
	mv "$OUT/$what/$what.json" "$OUT/$what.json" || exit
done
/usr/bin/python3 selftests/bench/times.py $OUT | tee $OUT/times.txt
exit "${PIPESTATUS[0]}"
