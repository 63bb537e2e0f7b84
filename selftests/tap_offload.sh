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
	tap_pair_setup
}

# matrix PORT=TAP PORT=TAP
matrix()
{
	local out

	tap_pair_start "$1" "$2" tap_offload.py "$(full_or 60000 6000)"
	out=$(tap_pair_go)
	log "$(tail -n 40 <<<"$out")"
	[[ $out = *" cases, 0 failed" ]]
	check_err $? "not all are as they should be"
	assert_jq 'map(.stats.drops | del(."bad-header") | add) | add == 0' "drops" port show
	tap_pair_end
}

direct_to_direct() { matrix d1=$D1 d2=$D2; }
direct_to_tun() { matrix d1=$D1 t2=t2; }
tun_to_direct() { matrix t1=t1 d2=$D2; }
tun_to_tun() { matrix t1=t1 t2=t2; }

run_tests "$@"
