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
	NO_IPV6=1
	load_module || return
	modprobe tun
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	vswctl switch add vsw0 && no_ipv6 vsw0 && ip link set vsw0 up || return
	D1=$(vswctl port add vsw0 d1 type tap) && D2=$(vswctl port add vsw0 d2 type tap)
}

# guests PORT=TAP PORT=TAP: the program runs with them until guests_end; each
# frame with GSO is one frame of the switch, and none is dropped.
guests()
{
	local out port line

	coproc TAPS { exec /usr/bin/python3 "$SELFTESTS/tap.py" "${1#*=}" "${2#*=}" \
		02:00:5e:00:53:01 02:00:5e:00:53:02 2>&1; }
	TAPS_OUT=${TAPS[0]} TAPS_IN=${TAPS[1]}
	read -r -t 60 line <&$TAPS_OUT && [ "$line" = ready ]
	check_err $? "tap.py: $line"
	for port in "${1%=*}" "${2%=*}"; do
		if [[ $port = t* ]]; then
			ip link set $port up && vswctl port add vsw0 $port
			check_err $? "cannot attach $port"
		fi
		wait_jq 10000 '.[0].state == "forwarding"' "$port is up" port show $port
		assert_jq '.[0].guest.active == 1' "its guest is there" port show $port
	done
	echo go >&$TAPS_IN
	out=$(timeout 300 sed '/ failed$/q' <&$TAPS_OUT)
	log "$out"
	check_equal "$(tail -n 1 <<<"$out")" "0 failed" "tap.py"
	assert_jq 'map(.stats.drops | add) | add == 0' "drops" port show
	assert_jq '.[0].stats | ."rx-packets" < 40 and ."rx-bytes" > 200000' \
		"counted as it was sent" port show "${1%=*}"
}

guests_end()
{
	local pid=$TAPS_PID

	echo bye >&$TAPS_IN
	wait $pid
}

tun_to_tun()
{
	guests t1=t1 t2=t2
	guests_end
	busywait 20000 eval '! ip link show t1 2>/dev/null'
	check_err $? "t1 is still there"
}

direct_to_direct()
{
	guests d1=$D1 d2=$D2
	guests_end
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
	guests_end
	busywait 20000 eval '! ip link show t1 2>/dev/null'
	check_err $? "t1 is still there"
	assert_jq 'map(.name) == ["vsw0", "d1", "d2"]' "ports" port show
	wait_jq 10000 '.[0] | .state == "down" and .guest.open == 0' "d1 is down" \
		port show d1
	wait_jq 10000 'all(.type == "local")' "no entries" fdb show vsw0
}

run_tests "$@"
