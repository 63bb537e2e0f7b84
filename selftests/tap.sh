#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# Taps as QEMU opens them, with virtio-net headers: frames of 64 KiB with GSO
# and partial checksums pass as they are, and are segmented for who cannot take
# them. tap.py is both guests.
#
#	+------------- tap.py -------------+
#	|  /dev/net/tun      /dev/net/tun  |
#	+------+------------------+--------+
#	       | vnet_hdr         | vnet_hdr
#	   +---+------------------+---+
#	   |  t1       vsw0        t2 |
#	   +--------------------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="offloads_pass nothing_is_dropped tap_closed"

setup()
{
	NO_IPV6=1
	load_module || return
	modprobe tun
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	vswctl switch add vsw0 && no_ipv6 vsw0 && ip link set vsw0 up || return
	coproc TAPS { exec /usr/bin/python3 "$SELFTESTS/tap.py" t1 t2 \
		02:00:5e:00:53:01 02:00:5e:00:53:02 2>&1; }
	TAPS_OUT=${TAPS[0]} TAPS_IN=${TAPS[1]}
	read -r -t 60 line <&$TAPS_OUT && [ "$line" = ready ] || return
	for i in 1 2; do
		ip link set t$i up && vswctl port add vsw0 t$i || return
		wait_jq 10000 '.[0].state == "forwarding"' "t$i is up" port show t$i
	done
}

offloads_pass()
{
	local out

	echo go >&$TAPS_IN
	out=$(timeout 300 sed '/ failed$/q' <&$TAPS_OUT)
	log "$out"
	check_equal "$(tail -n 1 <<<"$out")" "0 failed" "tap.py"
}

nothing_is_dropped()
{
	assert_jq 'map(.stats.drops | add) | add == 0' "drops" port show
	# Each frame with GSO is one frame.
	assert_jq '.[0].stats | ."rx-packets" < 40 and ."rx-bytes" > 200000' \
		"counted as it was sent" port show t1
}

# The program has ended: its taps, and so the ports, are gone.
tap_closed()
{
	echo bye >&$TAPS_IN
	busywait 20000 eval '! ip link show t1 2>/dev/null'
	check_err $? "t1 is still there"
	assert_jq 'map(.name) == ["vsw0"]' "ports" port show
	assert_jq 'all(.type == "local")' "entries" fdb show vsw0
}

run_tests "$@"
