#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: timeout=900
# What a guest leaves to others, checksums and the cutting of large frames, against
# all that the guest it talks to may have negotiated: tap_offload.py is both, and
# compares what comes byte by byte.
#
#	+--------------- tap_offload.py ---------------+
#	|  /dev/net/tun                    /dev/tapN   |
#	+------+----------------------------+----------+
#	       | header, frame              | header, frame or segments
#	   +---+----------------------------+---+
#	   |  t1, t2        vsw0         d1, d2 |
#	   +------------------------------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="direct_to_direct direct_to_tun tun_to_direct tun_to_tun"

setup()
{
	NO_IPV6=1
	load_module || return
	modprobe tun
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	vswctl switch add vsw0 && no_ipv6 vsw0 && ip link set vsw0 up || return
	D1=$(vswctl port add vsw0 d1 type tap) && D2=$(vswctl port add vsw0 d2 type tap)
}

# matrix PORT=TAP PORT=TAP
matrix()
{
	local out port line pid

	coproc TAPS { exec /usr/bin/python3 "$SELFTESTS/tap_offload.py" "${1#*=}" \
		"${2#*=}" "$(full_or 60000 6000)" 2>&1; }
	# The variable goes when the program does.
	pid=$TAPS_PID
	TAPS_OUT=${TAPS[0]} TAPS_IN=${TAPS[1]}
	read -r -t 60 line <&$TAPS_OUT && [ "$line" = ready ]
	check_err $? "tap_offload.py: $line"
	for port in "${1%=*}" "${2%=*}"; do
		if [[ $port = t* ]]; then
			ip link set $port up && vswctl port add vsw0 $port
			check_err $? "cannot attach $port"
		fi
		wait_jq 10000 '.[0].state == "forwarding"' "$port is up" port show $port
	done
	echo go >&$TAPS_IN
	out=$(timeout 300 sed '/ failed$/q' <&$TAPS_OUT)
	log "$(tail -n 40 <<<"$out")"
	[[ $out = *" cases, 0 failed" ]]
	check_err $? "not all are as they should be"
	assert_jq 'map(.stats.drops | del(."bad-header") | add) | add == 0' "drops" port show
	echo bye >&$TAPS_IN
	wait $pid
	busywait 20000 eval '! ip -br link show type tun | grep -q .'
	check_err $? "a tun tap is left"
}

direct_to_direct() { matrix d1=$D1 d2=$D2; }
direct_to_tun() { matrix d1=$D1 t2=t2; }
tun_to_direct() { matrix t1=t1 d2=$D2; }
tun_to_tun() { matrix t1=t1 t2=t2; }

run_tests "$@"
