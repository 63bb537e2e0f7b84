#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: timeout=900
# The device node of a direct tap in hostile hands: wrong ioctls, writes and reads
# of all kinds. Nothing breaks, and each write is a frame or a bad header.
# tap_ioctl.py does it, as root and as an owner who is nobody.
#
#	+------------ tap_ioctl.py -----------+
#	|   /dev/tapN            /dev/tapM    |
#	+------+---------------------+--------+
#	   +---+---------------------+---+
#	   |  d1        vsw0        d2   |
#	   +-----------------------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="short_writes writes_in_pieces huge_writes odd_reads ioctls random_ioctls
	as_its_owner after_its_port ring_of_any_size"
NOBODY=65534

setup()
{
	load_module || return
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	taps_start
	vswctl switch add vsw0 && no_ipv6 vsw0 && ip link set vsw0 up || return
	D1=$(vswctl port add vsw0 d1 type tap owner $NOBODY) &&
		D2=$(vswctl port add vsw0 d2 type tap owner $NOBODY)
}

# play PART [UID]
play()
{
	local out status

	out=$(/usr/bin/python3 "$SELFTESTS/tap_ioctl.py" $1 d1 d2 $2 2>&1)
	status=$?
	log "$1: $(tail -n 40 <<<"$out")"
	check_err $status "$1"
	wait_jq 10000 'map(select(.type == "tap") | .state == "down" and .guest.open == 0) |
		all' "the nodes are closed" port show
}

short_writes() { play short; }
writes_in_pieces() { play pieces; }
huge_writes() { play huge; }
odd_reads() { play reads; }
ioctls() { play ioctls; }
random_ioctls() { play random; }

as_its_owner()
{
	play ioctls $NOBODY
	play short $NOBODY
	play random $NOBODY
}

# The port has gone; what is left of its node answers as it should.
after_its_port()
{
	local node

	node=$(vswctl port add vsw0 d4 type tap queues 2)
	taps_are ok "open" open x $node
	taps_are ok "open" open y $node
	taps_are ok "detach" queue y off
	vswctl port del d4
	taps_are EINVAL "attach" queue y on
	taps_are EINVAL "detach" queue x off
	taps_are ENOLINK "offload" offload x 7
	taps_are ENOLINK "name" name y
	taps_are ENOLINK "address" setmac x 02:00:5e:00:53:09
	taps_are EPIPE "write" raw x "$(printf '00%.0s' {1..80})"
	taps_are EINVAL "a write that is too short" raw x 00
	taps_are - "read" read y 100
	taps_are ok "close" close y
	taps_are ok "close" close x
}

# txqueuelen is the size of the ring, with nobody there and with somebody.
ring_of_any_size()
{
	local len

	for len in 0 1 2 32767; do
		ip link set d1 txqueuelen $len
		check_err $? "txqueuelen $len"
		taps_are ok "open with $len" open x $D1
		assert_jq ".[0].guest.\"ring-size\" == $len" "size" port show d1
		taps_are ok "open" open y $D2
		wait_jq 10000 '.[0].state == "forwarding"' "d1 is up" port show d1
		wait_jq 10000 '.[0].state == "forwarding"' "d2 is up" port show d2
		taps_are ok "d2 sends" write y ffffffffffff02005e00530288b5 3
		taps_are "$((len < 3 ? len : 3)) ordered" "d1 gets" drain x
		ip link set d1 txqueuelen 7
		check_err $? "smaller"
		assert_jq '.[0].guest."ring-size" == 7' "size" port show d1
		taps_are ok "close" close x
		taps_are ok "close" close y
	done
	ip link set d1 txqueuelen 500
}

run_tests "$@"
