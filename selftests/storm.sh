#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: smp=2
# Storm limits: how much of what a port has flooded gets through, and that nothing else
# is kept back.
#
#	 ns g1     ns g2     ns g3
#	+------+  +------+  +------+
#	| eth0 |  | eth0 |  | eth0 |
#	+--+---+  +--+---+  +--+---+
#	   | veth    |         |
#	+--+---------+---------+--+
#	|  p1        p2        p3 |
#	|          vsw0           |
#	+-------------------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="defaults_of_roles broadcast_is_limited multicast_is_limited
	unknown_unicast_is_limited known_unicast_is_not others_are_not comes_back
	on_two_cpus as_last_set off_lets_all_through shown_and_refused"

ALL=ff:ff:ff:ff:ff:ff
GROUP=01:00:5e:00:53:09
NOBODYS=02:00:5e:00:53:77
M=02:00:5e:00:53:0
SENT=3000
RATE=500

setup()
{
	local i

	NO_IPV6=1
	load_module && frames_start || return
	vswctl switch add vsw0 && no_ipv6 vsw0 && ip link set vsw0 up || return
	for i in 1 2 3; do
		ns_add g$i && veth_pair p$i eth0 g$i ${M}$i && vswctl port add vsw0 p$i || return
	done
	for i in 1 2 3; do
		wait_jq 10000 '.[0].state == "forwarding"' "p$i is up" port show p$i
	done
	frame ${M}1 ${M}2 | frames_send eth0@g2
	frame ${M}2 ${M}3 | frames_send eth0@g3
}

defaults_of_roles()
{
	local all='[.guard | ."storm-unicast", ."storm-multicast", ."storm-broadcast"]'

	assert_jq ".[0] | $all == [20000, 100000, 2000]" "a guest's" port show p1
	vswctl port set p1 role uplink
	assert_jq ".[0] | $all == [0, 0, 0]" "an uplink's" port show p1
	vswctl port set p1 role host storm-broadcast 50
	assert_jq ".[0] | $all == [0, 0, 50]" "the host's, and what was said" port show p1
	vswctl port set p1 role guest
	assert_jq ".[0] | $all == [20000, 100000, 2000]" "a guest's again" port show p1
	assert_jq ".[0] | $all == [0, 0, 0]" "the host port's" port show vsw0
}

# storm KIND DEST: SENT frames to DEST while RATE a second may pass; what passes is in
# THROUGH, and the rest is counted.
storm()
{
	local kind=$1 before start ms most

	vswctl port set p1 storm-$kind $RATE
	check_err $? "cannot set"
	sleep 1.2
	before="$(port_stat p1 drops.storm-$kind) $(port_stat p2 tx-packets)"
	start=$(now_ms)
	frame $2 ${M}1 | frames_send eth0@g1 -n $SENT
	counted_both "$kind" $before
	ms=$(($(now_ms) - start + 20))
	# A second's at once, what the time allows, and a chunk for each CPU.
	most=$((RATE + RATE * ms / 1000 + 2 * (RATE / 100) + 1))
	[ $THROUGH -le $most ] && [ $THROUGH -ge $((RATE - RATE / 100)) ]
	check_err $? "$THROUGH of $SENT passed in $ms ms, expected $RATE to $most"
	log "$kind: $THROUGH of $SENT passed in $ms ms"
}

counted_both()
{
	local kind=$1 drops=$2 tx=$3 got

	got=$(busywait 10000 eval "
		d=\$((\$(port_stat p1 drops.storm-$kind) - $drops))
		t=\$((\$(port_stat p2 tx-packets) - $tx))
		echo \$t; [ \$((d + t)) -eq $SENT ]" | tail -n 1)
	check_equal "$(($(port_stat p1 "drops.storm-$kind") - drops + got))" $SENT \
		"passed and dropped"
	THROUGH=$got
}

broadcast_is_limited()
{
	storm broadcast $ALL
}

multicast_is_limited()
{
	storm multicast $GROUP
}

unknown_unicast_is_limited()
{
	storm unicast $NOBODYS
}

known_unicast_is_not()
{
	local before

	vswctl port set p1 storm-unicast 1 storm-broadcast 1 storm-multicast 1
	before=$("$VSWCTL" -j port show)
	frame ${M}2 ${M}1 | frames_send eth0@g1 -n $SENT
	stats_grew "$before" p2.tx-packets=$SENT p1.drops.storm-unicast=0
}

# Each kind has its own, and so has each port.
others_are_not()
{
	local before

	vswctl port set p1 storm-unicast 1 storm-broadcast 1 storm-multicast 0
	before=$("$VSWCTL" -j port show)
	frame $GROUP ${M}1 | frames_send eth0@g1 -n 500
	frame $ALL ${M}3 | frames_send eth0@g3 -n 500
	stats_grew "$before" p2.tx-packets=1000 p1.drops.storm-multicast=0 \
		p3.drops.storm-broadcast=0
}

# What was not used is there again a second later, once.
comes_back()
{
	local n before

	vswctl port set p1 storm-broadcast 10
	frame $ALL ${M}1 | frames_send eth0@g1 -n 50
	for n in 1 2; do
		sleep 1.2
		before=$("$VSWCTL" -j port show)
		frame $ALL ${M}1 | frames_send eth0@g1 -n 10
		stats_grew "$before" p2.tx-packets=10 p1.drops.storm-broadcast=0
	done
}

# What two CPUs send at a time is no more than what one does, but for a chunk.
on_two_cpus()
{
	local before rx start ms most cpu pids=

	vswctl port set p1 storm-broadcast $RATE
	sleep 1.2
	frame $ALL ${M}1 >"$TMP/one"
	before=$(port_stat p2 tx-packets) rx=$(port_stat p1 rx-packets)
	start=$(now_ms)
	for cpu in 0 1; do
		taskset -c $cpu /usr/bin/python3 "$SELFTESTS/frame.py" send \
			--input "$TMP/one" eth0@g1 -n $SENT &
		pids="$pids $!"
	done
	wait $pids
	counted p1 rx-packets $rx $((2 * SENT))
	ms=$(($(now_ms) - start + 20))
	THROUGH=$(($(port_stat p2 tx-packets) - before))
	most=$((RATE + RATE * ms / 1000 + 2 * (RATE / 100) + 1))
	[ $THROUGH -le $most ] && [ $THROUGH -ge $((RATE - RATE / 100)) ]
	check_err $? "$THROUGH of $((2 * SENT)) passed in $ms ms, expected $RATE to $most"
	log "two CPUs: $THROUGH of $((2 * SENT)) passed in $ms ms"
}

# A lower limit is in force at once, whatever was left of the higher one.
as_last_set()
{
	local before rx got

	vswctl port set p1 storm-broadcast 100000
	sleep 1.2
	frame $ALL ${M}1 | frames_send eth0@g1
	vswctl port set p1 storm-broadcast 10
	before=$(port_stat p2 tx-packets) rx=$(port_stat p1 rx-packets)
	frame $ALL ${M}1 | frames_send eth0@g1 -n 1000
	counted p1 rx-packets $rx 1000
	got=$(($(port_stat p2 tx-packets) - before))
	[ $got -le 60 ]
	check_err $? "$got passed, 10 a second may"
}

off_lets_all_through()
{
	local before

	vswctl port set p1 storm-broadcast 0
	before=$("$VSWCTL" -j port show)
	frame $ALL ${M}1 | frames_send eth0@g1 -n $SENT
	stats_grew "$before" p2.tx-packets=$SENT p1.drops.storm-broadcast=0
}

shown_and_refused()
{
	vswctl drops show p1 | grep -q storm-broadcast
	check_err $? "not in vswctl drops show"
	ethtool -S vsw0 | grep -q 'drop-storm-broadcast: [1-9]'
	check_err $? "not in ethtool -S"
	check_refused 'host port' vswctl port set vsw0 storm-broadcast 5
	check_refused '0 to 100000000' vswctl port set p1 storm-broadcast 100000001
}

run_tests "$@"
