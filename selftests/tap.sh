#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# Taps as QEMU opens them, with virtio-net headers: frames of 64 KiB with GSO
# and partial checksums pass as they are, and are segmented for who cannot take
# them. Between two tun taps, two direct taps, and one of each; tap.py is both
# guests.
#
#	+------------------ tap.py ------------------+
#	|  /dev/net/tun               /dev/tapN      |
#	+------+--------------------------+----------+
#	       | vnet_hdr                 | vnet_hdr
#	   +---+--------------------------+---+
#	   |  t1, t2       vsw0        d1, d2 |
#	   +----------------------------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="tun_to_tun direct_to_direct tun_to_direct tap_closed"

setup()
{
	tap_pair_setup
}

# guests PORT=TAP PORT=TAP: the program runs with them until tap_pair_end; each
# frame with GSO is one frame of the switch, and none is dropped.
guests()
{
	local out port

	tap_pair_start "$1" "$2" tap.py 02:00:5e:00:53:01 02:00:5e:00:53:02
	for port in "${1%=*}" "${2%=*}"; do
		assert_jq '.[0].guest.active == 1' "its guest is there" port show $port
	done
	out=$(tap_pair_go)
	log "$out"
	check_equal "$(tail -n 1 <<<"$out")" "0 failed" "tap.py"
	assert_jq 'map(.stats.drops | add) | add == 0' "drops" port show
	assert_jq '.[0].stats | ."rx-packets" < 40 and ."rx-bytes" > 200000' \
		"counted as it was sent" port show "${1%=*}"
}

tun_to_tun()
{
	guests t1=t1 t2=t2
	tap_pair_end
}

direct_to_direct()
{
	guests d1=$D1 d2=$D2
	tap_pair_end
}

tun_to_direct()
{
	guests t1=t1 d1=$D1
	# At its end, the program has switched them off at the second one.
	assert_jq '.[0].guest | [.csum, .tso4, .tso6] == [true, true, true]' \
		"what the one takes" port show t1
	assert_jq '.[0].guest | [.csum, .tso4, .tso6] == [false, false, false]' \
		"what the other takes" port show d1
}

# The program has ended: its tun tap, and so the port, is gone; the direct tap is
# there for the next one.
tap_closed()
{
	tap_pair_end
	assert_jq 'map(.name) == ["vsw0", "d1", "d2"]' "ports" port show
	wait_jq 10000 '.[0] | .state == "down" and .guest.open == 0' "d1 is down" \
		port show d1
	wait_jq 10000 'all(.type == "local")' "no entries" fdb show vsw0
}

run_tests "$@"
