#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: stock icount timeout=300
# What a direct tap costs: instructions per frame of 60 bytes, sent in batches as
# vhost-net sends and received as it receives. The same run measures the peers:
# tun taps of the same switch, without a queueing discipline, and macvtap.
#
#	  vsw_bench.ko (for both ends of vhost-net)
#	     | sendmsg              ^ ring, recvmsg
#	+----+----+            +----+----+
#	|  tap 1  |--- way --->|  tap 2  |
#	+---------+            +---------+
# shellcheck disable=SC2317 # run_tests calls these
. "$(dirname -- "$0")/lib.sh"
# shellcheck source=selftests/bench/lib.sh
. "$SELFTESTS/bench/lib.sh"

ALL_TESTS="frames_arrive not_above_tun far_below_macvtap"

setup()
{
	bench_load
}

frames_arrive()
{
	local out

	out=$(/usr/bin/python3 "$SELFTESTS/bench/bench.py" --quick --workload 60 --path vhost \
		--way vswitch-direct-direct --way vswitch-tun-tun-noqueue \
		--way macvtap --json "$TMP/figures" 2>&1)
	check_err $? "bench.py"
	log "$out"
}

# total WAY
total()
{
	jq -e ".[] | select(.way == \"$1\").total" "$TMP/figures"
}

# at_most PERCENT WAY: of the instructions of that way.
at_most()
{
	local mine other

	mine=$(total vswitch-direct-direct)
	other=$(total "$2")
	if [ -z "$mine" ] || [ -z "$other" ]; then
		fail "there are no figures"
		return
	fi
	log "$mine of $other: $(jq -n "$mine / $other * 1000 | round / 10") %"
	jq -en "$mine <= $other * $1 / 100" >/dev/null
	check_err $? "a direct tap takes $mine instructions, $2 $other: above $1 %"
}

not_above_tun()
{
	at_most 100 vswitch-tun-tun-noqueue
}

far_below_macvtap()
{
	at_most 70 macvtap
}

run_tests "$@"
