#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# Who may speak at a port, and which address may be where: locked ports.
# Where the Linux bridge has the same, it gets the same frames: vsw0 and br0 must
# send on the same ones.
#
#	  ns g1            ns g2            ns g3
#	+-----------+    +-----------+    +-----------+
#	| eth0 eth1 |    | eth0 eth1 |    | eth0 eth1 |
#	+--+----+---+    +--+----+---+    +--+----+---+
#	   |    |           |    |           |    |
#	   p1   b1          p2   b2          p3   b3	p: on vsw0, b: on br0
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="locked locked_and_learned locked_and_vlans"

A=02:00:5e:00:53:0a
B=02:00:5e:00:53:0b
C=02:00:5e:00:53:0c
LISTENER=02:00:5e:00:53:02
END=02:00:5e:00:53:03
ALL=ff:ff:ff:ff:ff:ff

setup()
{
	local i

	NO_IPV6=1
	load_module && frames_start || return
	vswctl switch add vsw0 && no_ipv6 vsw0 && ip link set vsw0 up || return
	ip link add br0 type bridge forward_delay 0 mcast_snooping 0 || return
	defer ip link del br0
	no_ipv6 br0 && ip link set br0 up || return
	for i in 1 2 3; do
		ns_add g$i && veth_pair p$i eth0 g$i && veth_pair b$i eth1 g$i &&
			vswctl port add vsw0 p$i && ip link set b$i master br0 || return
	done
	for i in 1 2 3; do
		wait_jq 5000 '.[0].state == "forwarding"' "p$i is up" port show p$i
	done
	frame $ALL $END >"$TMP/end"
	: >"$TMP/none"
}

# heard DEV FROM FRAMES WANTED WHY: station FROM sends what is in the file FRAMES
# by DEV. g2 hears what is in WANTED, and then a word of g3, who may always speak.
heard()
{
	capture_start heard $1@g2 -n $(($(wc -l <"$4") + 1)) -t 20000 || return
	frames_send $1@g$2 <"$3"
	frames_send $1@g3 <"$TMP/end"
	check_equal "$(capture_wait heard)" "$(cat "$4" "$TMP/end")" "$5, by $1"
}

# both FROM FRAMES WANTED WHY: so it is with vsw0 and with br0.
both()
{
	heard eth0 "$@"
	heard eth1 "$@"
}

# From everybody a frame for the listener, and one for all.
some_frames()
{
	local i

	for i in $A $B $C; do
		frame $LISTENER $i
		frame $ALL $i
	done >"$TMP/sent"
}

# sent_by ADDRESS...: of these, those with one of the sources.
sent_by()
{
	local i

	for i; do
		grep "^.\{12\}${i//:/}" "$TMP/sent"
	done >"$TMP/wanted"
}

forget()
{
	local i

	for i in dynamic static; do
		vswctl fdb flush vsw0 type $i >/dev/null
	done
	ip link set br0 type bridge fdb_flush
	for i in $A $B $C $LISTENER; do
		for dev in b1 b2 b3; do
			bridge fdb del $i dev $dev master 2>/dev/null
		done
	done
	for i in 1 2 3; do
		vswctl port set p$i locked off learning on
		bridge link set dev b$i locked off learning on
	done
}

locked()
{
	local before

	some_frames
	vswctl fdb add vsw0 $A dev p1 && vswctl fdb add vsw0 $C dev p3 &&
		vswctl fdb add vsw0 $LISTENER dev p2
	bridge fdb add $A dev b1 master static && bridge fdb add $C dev b3 master static &&
		bridge fdb add $LISTENER dev b2 master static
	check_err $? "cannot add"
	vswctl port set p1 locked on && bridge link set dev b1 locked on learning off
	check_err $? "cannot lock"
	assert_jq '.[0].locked == true and .[0].learning == true' "it is" port show p1
	before=$(port_stat p1 drops.locked)
	sent_by $A
	both 1 "$TMP/sent" "$TMP/wanted" "its own station alone"
	counted p1 drops.locked $before 4
	check_refused 'no such' vswctl fdb get vsw0 $B
	assert_jq '.[0]."port-name" == "p3"' "it stays where it is" fdb get vsw0 $C

	vswctl fdb add vsw0 $B dev p1 && bridge fdb add $B dev b1 master static
	check_err $? "cannot let in"
	sent_by $A $B
	both 1 "$TMP/sent" "$TMP/wanted" "one that was let in"
	vswctl fdb del vsw0 $A && bridge fdb del $A dev b1 master
	check_err $? "cannot shut out"
	sent_by $B
	both 1 "$TMP/sent" "$TMP/wanted" "one that was shut out"

	vswctl port set p1 locked off && bridge link set dev b1 locked off learning on
	both 1 "$TMP/sent" "$TMP/sent" "all of them"
	forget
}

# What was learned before it was locked is in, until it is seen at another port.
locked_and_learned()
{
	some_frames
	frame $ALL $A >"$TMP/a"
	both 1 "$TMP/a" "$TMP/a" "it is learned"
	vswctl port set p1 locked on && bridge link set dev b1 locked on
	sent_by $A
	both 1 "$TMP/sent" "$TMP/wanted" "the one that was learned"
	both 3 "$TMP/a" "$TMP/a" "it goes"
	both 1 "$TMP/sent" "$TMP/none" "no one"
	# And nothing is learned after that is said to have ended.
	vswctl fdb flush vsw0 >/dev/null
	both 1 "$TMP/sent" "$TMP/none" "still no one"
	assert_jq '.[0]."fdb-count" == 0' "no entries" port show p1
	forget
}

locked_and_vlans()
{
	local i

	for i in 0 5 6; do
		frame $ALL $A --vlan $i
	done >"$TMP/vlans"
	vswctl fdb add vsw0 $A dev p1 vlan 5 && vswctl port set p1 locked on
	check_err $? "cannot add and lock"
	sed -n 2p "$TMP/vlans" >"$TMP/wanted"
	heard eth0 1 "$TMP/vlans" "$TMP/wanted" "that of its VLAN"
	check_refused . vswctl port set vsw0 locked on
	ip link set p1 type vswitch_slave locked off 2>/dev/null ||
		vswctl port set p1 locked off
	assert_jq '.[0].locked == false' "it is not" port show p1
	forget
}

run_tests "$@"
