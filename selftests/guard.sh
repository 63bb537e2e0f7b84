#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: smp=2 timeout=900
# States of ports, the guard against spanning tree frames, and quarantine. A Linux bridge
# with the same states gets the same frames, and what arrives where must be the same.
#
#	 ns g1     ns g2     ns g3           ns h1 to h3
#	+------+  +------+  +------+        +------+
#	| eth0 |  | eth0 |  | eth0 |        | eth0 |   ...
#	+--+---+  +--+---+  +--+---+        +--+---+
#	   | veth    |         |               | veth
#	+--+---------+---------+--+         +--+-------------+
#	|  p1        p2        p3 |         |  b1 ...    b3  |
#	|          vsw0           |         |      br0       |
#	+-------------------------+         +----------------+
# shellcheck disable=SC2046,SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="states_like_the_bridge bpdu_reaches_the_daemon bpdu_guard_like_the_bridge
	bpdu_guard_drops bpdu_quarantines comes_back_and_backs_off by_an_administrator
	storm_that_lasts_quarantines attached_blocking nothing_learned_after
	while_guests_send port_and_switch_go refusals"

ALL=ff:ff:ff:ff:ff:ff
GROUP=01:00:5e:00:53:09
NOBODYS=02:00:5e:00:53:77
BPDU=01:80:c2:00:00:00
M=02:00:5e:00:53:0
MARK=02005e00530002005e005321
ENDS="1 2 3"

setup()
{
	local i

	NO_IPV6=1
	load_module && frames_start || return
	# Frames are received on the CPU that sends them: there they stay in order.
	taskset -p 1 $! >/dev/null || return
	modprobe bridge || return
	# To the bridge, a daemon has taken over: it does not set states itself.
	printf '#!/bin/sh\nexit 0\n' >/sbin/bridge-stp && chmod +x /sbin/bridge-stp || return
	defer rm /sbin/bridge-stp
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	defer sysctl -qw net.ipv6.conf.default.disable_ipv6=0
	vswctl switch add vsw0 address ${M}0 && no_ipv6 vsw0 &&
		ip link set vsw0 up || return
	ip link add br0 address ${M}0 type bridge mcast_snooping 0 stp_state 1 &&
		no_ipv6 br0 && ip link set br0 up || return
	defer ip link del br0
	for i in $ENDS; do
		ns_add g$i h$i && veth_pair p$i eth0 g$i ${M}$i &&
			veth_pair b$i eth0 h$i ${M}$i &&
			vswctl port add vsw0 p$i && ip link set b$i master br0 ||
			return
	done
	for i in $ENDS; do
		wait_jq 5000 '.[0].state == "forwarding"' "p$i is up" port show p$i
		busywait 5000 bridge link set dev b$i state 3
		check_err $? "b$i is not up"
	done
}

is_state()
{
	wait_jq 20000 ".[0].state == \"$2\"" "state of $1" port show $1
}

# What arrives where when all have said who they are and then send all kinds.
matrix()
{
	local i at to mark kind

	vswctl fdb flush vsw0 >/dev/null
	for i in $ENDS; do
		# Not by ip(8): then the bridge sets a port up that it has switched off.
		echo 1 >/sys/class/net/b$i/brport/flush
	done
	for i in $ENDS; do
		for to in $ALL $NOBODYS $GROUP ${M}1 ${M}2 ${M}3 $ALL; do
			[ $to = ${M}$i ] || echo "$to ${M}$i"
		done | frame_list >"$TMP/from$i"
	done
	for at in $(for i in $ENDS; do echo eth0@g$i eth0@h$i; done); do
		capture_start m-$at $at -t 60000 --until $MARK || return
	done
	for i in $ENDS $ENDS; do
		frames_send eth0@g$i <"$TMP/from$i"
		frames_send eth0@h$i <"$TMP/from$i"
	done
	# Past the switch and the bridge.
	mark=$(frame ${M}0 02:00:5e:00:53:21)
	for at in $(for i in $ENDS; do echo p$i b$i; done); do
		frames_send $at <<<"$mark"
	done
	for kind in g h; do
		for i in $ENDS; do
			echo "$i: $(capture_wait m-eth0@$kind$i | grep -v ^${BPDU//:/} | cut -c1-24 | sort | tr '\n' ' ')"
		done >"$TMP/at-$kind"
	done
}

states_like_the_bridge()
{
	local state
	# As bridge(8) has them.
	local -A number=([blocking]=4 [learning]=2 [forwarding]=3)

	for state in blocking learning blocking forwarding; do
		vswctl port set p2 stp-state $state &&
			bridge link set dev b2 state ${number[$state]}
		check_err $? "cannot set $state"
		is_state p2 $state
		matrix
		check_equal "$(cat "$TMP/at-g")" "$(cat "$TMP/at-h")" "what arrives, $state"
		log "$state: $(tr ' ' '\n' <"$TMP/at-g" | grep -c '^[0-9a-f]\{24\}$') frames arrive"
		assert_jq "any(.[]; .\"port-name\" == \"p2\") == $([ $state = blocking ] &&
			echo false || echo true)" "whether p2 has learned" fdb show vsw0
	done
}

# On the port's own device, in each state, as on a port of the bridge.
bpdu_reaches_the_daemon()
{
	local state frame

	frame=$(frame $BPDU ${M}1)
	vswctl port set p1 bpdu-guard off
	for state in blocking learning forwarding; do
		vswctl port set p1 stp-state $state
		capture_start up p1 -n 1 -t 10000 --prefix ${frame:0:24} || return
		frames_send eth0@g1 <<<"$frame"
		check_equal "$(capture_wait up)" "$frame" "what a daemon gets, $state"
	done
	vswctl port set p1 bpdu-guard drop
}

# The guard of the bridge, which takes part in the spanning tree for this, switches the
# port off; what gets through afterwards is the same.
bpdu_guard_like_the_bridge()
{
	local frame i

	# Length, LLC, protocol, version, type, flags, root, cost, bridge, port, times.
	frame=${BPDU//:/}${M//:/}3002642420300000000008000020000000001
	frame=${frame}00000000800002000000000180010000140002000f0000000000000000
	rm /sbin/bridge-stp
	ip link set br0 type bridge stp_state 0
	ip link set br0 type bridge stp_state 1 forward_delay 200
	bridge link set dev b3 guard on
	vswctl port set p3 bpdu-guard quarantine
	for i in $ENDS; do
		busywait 30000 eval "bridge link show dev b$i | grep -q 'state forwarding'"
		check_err $? "b$i does not forward"
	done
	frames_send eth0@g3 <<<"$frame"
	frames_send eth0@h3 <<<"$frame"
	is_state p3 quarantined
	busywait 10000 eval 'bridge link show dev b3 | grep -q "state disabled"'
	check_err $? "the bridge has not shut its port"
	matrix
	check_equal "$(cat "$TMP/at-g")" "$(cat "$TMP/at-h")" "what arrives"
	vswctl port set p3 bpdu-guard drop quarantine off
	is_state p3 forwarding
}

# Normal guests that bridge are not cut off.
bpdu_guard_drops()
{
	local before

	assert_jq '.[0].guard."bpdu-guard" == "drop"' "of a guest" port show p1
	before=$("$VSWCTL" -j port show)
	{
		frame $BPDU ${M}1
		frame $ALL ${M}1
	} | frames_send eth0@g1
	stats_grew "$before" p1.drops.bpdu-guard=1 p2.tx-packets=1
	is_state p1 forwarding
	vswctl port set p1 role uplink
	assert_jq '.[0].guard."bpdu-guard" == "off"' "of an uplink" port show p1
	# An administrator may want them forwarded.
	vswctl port set p1 role guest group-forward stp
	before=$("$VSWCTL" -j port show)
	frame $BPDU ${M}1 | frames_send eth0@g1
	stats_grew "$before" p1.drops.bpdu-guard=0 p2.tx-packets=1
	vswctl port set p1 group-forward none
}

bpdu_quarantines()
{
	local before

	vswctl monitor >"$TMP/said" &
	defer kill $!
	busywait 5000 eval "vswctl port set p1 mtu 1500; grep -q 'p1' '$TMP/said'"
	vswctl port set p1 bpdu-guard quarantine
	frame $BPDU ${M}1 | frames_send eth0@g1
	is_state p1 quarantined
	assert_jq '.[0].guard | .quarantine and ."quarantine-reason" == "bpdu" and
		."quarantine-left" > 20 and ."quarantine-left" <= 30 and
		."quarantine-count" == 1' "why, and how long" port show p1
	busywait 5000 grep -q quarantined "$TMP/said"
	check_err $? "nobody was told"
	kill %?monitor
	before=$("$VSWCTL" -j port show)
	frame $ALL ${M}1 | frames_send eth0@g1 -n 3
	frame $ALL ${M}2 | frames_send eth0@g2 -n 2
	stats_grew "$before" p1.drops.port-blocked=3 p1.tx-packets=0 p2.tx-packets=0 \
		p3.tx-packets=2
	frame ${M}1 ${M}2 | frames_send eth0@g2
	assert_jq 'any(.[]; ."port-name" == "p1") | not' "nothing is known of it" fdb show vsw0
	vswctl port set p1 quarantine off
	is_state p1 forwarding
	assert_jq '.[0].guard | (.quarantine | not) and ."quarantine-reason" == "none" and
		."quarantine-count" == 0' "it is all over" port show p1
}

comes_back_and_backs_off()
{
	local n start

	vswctl switch set vsw0 quarantine-time 1
	for n in 1 2 3; do
		start=$(now_ms)
		frame $BPDU ${M}1 | frames_send eth0@g1
		is_state p1 quarantined
		assert_jq ".[0].guard.\"quarantine-count\" == $n" "times in a row" port show p1
		is_state p1 forwarding
		start=$(($(now_ms) - start))
		[ $start -ge $(((1 << (n - 1)) * 1000 - 20)) ]
		check_err $? "the $n. time was over after $start ms"
	done
	# Well for twice the last time.
	wait_jq 15000 '.[0].guard."quarantine-count" == 0' "forgotten" port show p1
	vswctl switch set vsw0 quarantine-time 0
	frame $BPDU ${M}1 | frames_send eth0@g1
	is_state p1 quarantined
	assert_jq '.[0].guard | has("quarantine-left") | not' "it stays" port show p1
	vswctl switch set vsw0 quarantine-time 30
	vswctl port set p1 quarantine off bpdu-guard drop
	is_state p1 forwarding
}

by_an_administrator()
{
	vswctl port set p1 quarantine on
	is_state p1 quarantined
	assert_jq '.[0].guard | ."quarantine-reason" == "admin" and
		(has("quarantine-left") | not)' "by whom" port show p1
	ip link set p1 down
	is_state p1 down
	ip link set p1 up
	is_state p1 quarantined
	vswctl port set p1 quarantine off stp-state learning
	is_state p1 learning
	vswctl port set p1 stp-state forwarding
	is_state p1 forwarding
}

storm_that_lasts_quarantines()
{
	frame $ALL ${M}1 >"$TMP/one"
	vswctl port set p1 storm-broadcast 10
	frames_send eth0@g1 -n 200 <"$TMP/one"
	is_state p1 forwarding
	vswctl port set p1 storm-guard quarantine
	/usr/bin/python3 "$SELFTESTS/frame.py" send --input "$TMP/one" eth0@g1 \
		-n 100000000 >/dev/null 2>&1 &
	wait_jq 60000 '.[0].state == "quarantined"' "after a storm" port show p1
	kill $!
	wait $!
	assert_jq '.[0].guard."quarantine-reason" == "storm"' "why" port show p1
	vswctl port set p1 role uplink
	vswctl port set p1 role guest quarantine off
	is_state p1 forwarding
}

# Not a single frame gets through before.
attached_blocking()
{
	local before

	vswctl port del p3
	vswctl port add vsw0 p3 stp-state blocking
	check_err $? "cannot attach"
	before=$("$VSWCTL" -j port show)
	frame $ALL ${M}3 | frames_send eth0@g3 -n 2
	stats_grew "$before" p3.drops.port-blocked=2 p2.tx-packets=0
	vswctl port del p3
	vswctl port add vsw0 p3 quarantine on
	is_state p3 quarantined
	vswctl port del p3
	vswctl port add vsw0 p3
	is_state p3 forwarding
}

# Frames are under way all the time: once it is blocking, nothing is learned.
nothing_learned_after()
{
	local n

	frame $ALL ${M}2 >"$TMP/go"
	(while [ -e "$TMP/go" ]; do
		/usr/bin/python3 "$SELFTESTS/frame.py" send --input "$TMP/go" eth0@g2 -n 500
	done) >/dev/null 2>&1 &
	for n in {1..20}; do
		vswctl port set p2 stp-state blocking
		assert_jq 'any(.[]; ."port-name" == "p2") | not' "nothing is known" fdb show vsw0
		vswctl port set p2 stp-state forwarding
	done
	rm "$TMP/go"
	wait $!
}

# States change while all send; afterwards all get through.
while_guests_send()
{
	local i n

	frame $ALL ${M}1 >"$TMP/go"
	vswctl port set p1 bpdu-guard quarantine
	for i in $ENDS; do
		(while [ -e "$TMP/go" ]; do
			/usr/bin/python3 "$SELFTESTS/frame.py" send --input "$TMP/go" eth0@g$i -n 200
		done) >/dev/null 2>&1 &
	done
	for n in {1..10}; do
		frame $BPDU ${M}1 | frames_send eth0@g1 -n 3
		vswctl port set p2 quarantine on
		vswctl port set p3 stp-state learning
		vswctl port set p1 quarantine off
		vswctl port set p2 quarantine off
		vswctl port set p3 stp-state forwarding
	done
	rm "$TMP/go"
	wait $(jobs -p | tail -n 3)
	vswctl port set p1 bpdu-guard drop quarantine off
	for i in $ENDS; do
		is_state p$i forwarding
	done
	n=$("$VSWCTL" -j port show)
	frame $ALL ${M}1 | frames_send eth0@g1
	stats_grew "$n" p2.tx-packets=1 p3.tx-packets=1
}

# While one is noted, in quarantine, and waiting to come out.
port_and_switch_go()
{
	local n

	vswctl switch add vsw1 && ip link set vsw1 up && ip link add q1 type veth peer name r1 &&
		no_ipv6 q1 && no_ipv6 r1 && ip link set q1 up && ip link set r1 up
	check_err $? "cannot make it"
	frame $BPDU ${M}9 >"$TMP/bpdu"
	for n in {1..5}; do
		vswctl port add vsw1 q1 bpdu-guard quarantine
		frames_send r1 -n 10 <"$TMP/bpdu"
		vswctl port del q1
	done
	vswctl port add vsw1 q1 bpdu-guard quarantine
	frames_send r1 -n 10 <"$TMP/bpdu"
	vswctl switch del vsw1
	check_err $? "cannot delete it"
	for n in 1 2; do
		vswctl switch add vsw1 quarantine-time 1 && ip link set vsw1 up &&
			vswctl port add vsw1 q1 bpdu-guard quarantine
		frames_send r1 <"$TMP/bpdu"
		is_state q1 quarantined
		vswctl switch del vsw1
	done
	ip link del q1
}

refusals()
{
	check_refused 'host port' vswctl port set vsw0 stp-state blocking
	check_refused 'host port' vswctl port set vsw0 quarantine on
	check_refused 'one of' vswctl port set p1 stp-state disabled
	check_refused '0 to 3600' vswctl switch set vsw0 quarantine-time 3601
	vswctl port set p1 quarantine on
	frame $ALL ${M}1 | frames_send eth0@g1
	busywait 5000 eval 'vswctl drops show p1 | grep -q port-blocked'
	check_err $? "not in vswctl drops show"
	vswctl port set p1 quarantine off
}

run_tests "$@"
