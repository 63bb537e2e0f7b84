#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: smp=2 timeout=1200
# Ports and switches that come and go while frames pass: renamed, moved to
# another namespace, set down, deleted, the module removed. Whatever goes leaves
# no entry behind, and no reference: else the kernel would say
# "unregister_netdevice: waiting", for which the machine is failed.
#
#	 ns g1             ns g2             ns g3
#	+------+          +------+          +------+
#	| eth0 |          | eth0 |          | eth0 |
#	+--+---+          +--+---+          +--+---+
#	   | veth            | veth            | veth
#	+--+-----------------+-----------------+--+
#	|  p1                p2                p3 |   frames of many addresses
#	|                  vsw0                   |   flow from g1 and g2
#	+-----------------------------------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="renamed set_down moved_to_namespace moved_away_and_back
	port_deleted_under_traffic namespace_of_peer_deleted
	switch_deleted_under_traffic same_names_in_namespaces
	namespace_with_switch_deleted stacked_deleted rmmod_with_switches
	rmmod_under_traffic rmmod_while_used"

ALL=ff:ff:ff:ff:ff:ff

setup()
{
	NO_IPV6=1
	load_module && frames_start || return
	build
}

# The topology, or what is missing of it.
build()
{
	local i

	[ -d /sys/module/vswitch ] || insmod "$(module_file)" || return
	if [ ! -e /sys/class/net/vsw0 ]; then
		vswctl switch add vsw0 && no_ipv6 vsw0 && ip link set vsw0 up || return
	fi
	for i in 1 2 3; do
		[ -e /run/netns/g$i ] || ns_add g$i || return
		[ -e /sys/class/net/p$i ] || veth_pair p$i eth0 g$i || return
		vswctl port show p$i >/dev/null 2>&1 || vswctl port add vsw0 p$i ||
			return
		wait_jq 60000 '.[0].state == "forwarding"' "p$i is up" port show p$i
	done
}

TRAFFIC=()

# Frames from 200 addresses, to unknown, known and all, until traffic_stop. With
# gaps: what comes and goes is to get its turn on a slow machine, too; races.sh has
# none. A sender lives for some seconds and keeps its namespace as long.
traffic_start()
{
	local i

	for i in 1 2; do
		awk -v p=$i 'BEGIN { for (i = 0; i < 200; i++)
			printf "%s0200610%d%04x88b5%092d\n",
				i % 3 ? sprintf("0200610%d%04x", 3 - p, i) : "ffffffffffff",
				p, i, 0 }' >"$TMP/traffic$i"
		(while frames_send_on "$TMP/traffic$i" eth0@g$i -n 20 \
			--gap 0.5; do :; done) \
			>/dev/null 2>&1 &
		TRAFFIC+=($!)
	done
	wait_jq 120000 '.[0]."fdb-count" > 0' "traffic flows" switch show vsw0
}

traffic_stop()
{
	local pid

	for pid in "${TRAFFIC[@]}"; do
		kill $pid $(pgrep -P $pid)
	done 2>/dev/null
	wait "${TRAFFIC[@]}"
	TRAFFIC=()
}

# No entry is on a port that the switch does not have.
no_entries_of()
{
	assert_jq "all(.\"port-name\" != \"$1\")" "entries of $1, which is gone" \
		fdb show vsw0
	assert_jq "map(.name) | index(\"$1\") == null" "$1 is gone" \
		port show switch vsw0
	assert_jq 'all(has("port-name"))' "every entry has a port" fdb show vsw0
}

# Until Linux 6.2 only what is down can be renamed.
rename()
{
	ip link set $1 name $2 2>/dev/null || {
		ip link set $1 down && ip link set $1 name $2 && ip link set $2 up
	}
}

renamed()
{
	traffic_start
	rename p3 q3
	check_err $? "cannot rename a port"
	assert_jq '.[0]."switch-name" == "vsw0"' "the port has its new name" \
		port show q3
	check_refused 'no such' vswctl port show p3
	rename q3 p3
	rename vsw0 sw9
	check_err $? "cannot rename a switch"
	assert_jq 'all(."switch-name" == "sw9")' "its ports say so" port show
	assert_jq 'any(.type == "local" and ."port-name" == "sw9")' "its entries" \
		fdb show sw9
	rename sw9 vsw0
	check_err $? "cannot rename it back"
	traffic_stop
}

set_down()
{
	local n

	traffic_start
	for n in 1 2 3 4 5; do
		ip link set p3 down && ip link set p3 up
		ip link set vsw0 down && ip link set vsw0 up
		check_err $? "down and up"
	done
	wait_jq 60000 'all(.state == "forwarding")' "all are up again" \
		port show switch vsw0
	traffic_stop
}

moved_to_namespace()
{
	traffic_start
	wait_jq 120000 '.[0]."fdb-count" > 0' "p2 has entries" port show p2
	ip link set p2 netns g3 name moved
	check_err $? "cannot move a port away"
	no_entries_of p2
	check_json '.[0].master == null and .[0].promiscuity == 0' "it is free" \
		ip -n g3 -d -j link show moved
	traffic_stop
	ip -n g3 link set moved netns 1 name p2
	check_err $? "cannot move it back"
	ip link set p2 up
	build
}

moved_away_and_back()
{
	local n

	traffic_start
	for n in 1 2 3 4 5 6 7 8; do
		ip link set p1 netns g3 name moved && ip -n g3 link set moved netns 1 \
			name p1 && ip link set p1 up && vswctl port add vsw0 p1
		check_err $? "round $n"
	done
	traffic_stop
	build
}

port_deleted_under_traffic()
{
	local n

	for n in 1 2 3; do
		traffic_start
		ip link del p1
		check_err $? "cannot delete a port's device"
		no_entries_of p1
		traffic_stop
		build
		check_err $? "cannot make it again"
	done
}

namespace_of_peer_deleted()
{
	traffic_start
	ns_del g1
	busywait 120000 test ! -e /sys/class/net/p1
	check_err $? "the port whose peer is gone is still there"
	no_entries_of p1
	traffic_stop
	build
}

switch_deleted_under_traffic()
{
	local n i

	for n in 1 2 3 4; do
		traffic_start
		if [ $n = 1 ]; then
			ip link del vsw0
		else
			vswctl switch del vsw0
		fi
		check_err $? "cannot delete the switch"
		assert_jq 'length == 0' "no switch" switch show
		assert_jq 'length == 0' "no port" port show
		assert_jq 'length == 0' "no entry" fdb show
		for i in 1 2 3; do
			check_json '.[0].master == null and .[0].promiscuity == 0' \
				"p$i is free" ip -d -j link show p$i
		done
		traffic_stop
		build
		check_err $? "cannot make it again"
	done
}

same_names_in_namespaces()
{
	local i

	for i in 1 2 3; do
		in_ns g$i bash -c 'vswctl switch add vsw0 ageing 1'$i'0 &&
			ip link add d0 type dummy && vswctl port add vsw0 d0 &&
			vswctl fdb add vsw0 02:00:5e:00:53:0'$i' dev d0'
		check_err $? "a switch in g$i"
	done
	for i in 1 2 3; do
		assert_jq "length == 1 and .[0].ageing == 1${i}0 and
			.[0].\"port-count\" == 1" "the switch of g$i" -n g$i switch show
		assert_jq "map(select(.type == \"static\") | .mac) ==
			[\"02:00:5e:00:53:0$i\"]" "its entry" -n g$i fdb show
	done
	assert_jq 'length == 1 and .[0].ageing == 300' "the switch here" switch show
	for i in 1 2 3; do
		vswctl -n g$i switch del vsw0
		check_err $? "cannot delete that of g$i"
	done
}

namespace_with_switch_deleted()
{
	local n

	for n in 1 2 3; do
		ns_add box && ns_add boxed || return
		ip -n box link add b0 type veth peer name eth0 netns boxed &&
			ip -n box link set b0 up && ip -n boxed link set eth0 up &&
			vswctl -n box switch add vsw0 && ip -n box link set vsw0 up &&
			ip -n box link add d0 type dummy &&
			vswctl -n box port add vsw0 b0 && vswctl -n box port add vsw0 d0
		check_err $? "a switch in a namespace"
		frame $ALL 02:00:5e:00:53:0a | frames_send eth0@boxed
		ip netns del box
		busywait 120000 test ! -e /run/netns/box
		check_err $? "the namespace is still there"
		# Its end of the pair is gone, so the other end is.
		busywait 120000 in_ns boxed test ! -e /sys/class/net/eth0
		busywait 120000 eval '! ip -n boxed link show eth0'
		check_err $? "the namespace's devices are still there"
		ns_del boxed
	done
}

stacked_deleted()
{
	vswctl switch add vsw1 && vswctl switch add vsw2 &&
		vswctl port add vsw1 vsw0 && vswctl port add vsw2 vsw1
	check_err $? "cannot stack"
	traffic_start
	vswctl switch del vsw1
	check_err $? "cannot delete that in the middle"
	assert_jq 'map(.name) == ["vsw0", "vsw2"]' "two left" switch show
	assert_jq 'length == 1' "that on top has no port" port show switch vsw2
	vswctl switch del vsw2
	check_err $? "cannot delete that on top"
	traffic_stop
}

module_refs()
{
	cat /sys/module/vswitch/refcnt
}

# Refused, or clean: nothing in between.
try_rmmod()
{
	if rmmod vswitch 2>"$TMP/err"; then
		[ ! -e /sys/class/net/vsw0 ]
		check_err $? "a switch without its module"
		[ ! -d /sys/module/vswitch ]
		check_err $? "the module is still there"
	else
		[ -s "$TMP/err" ]
		check_err $? "refused without a word"
	fi
}

rmmod_with_switches()
{
	local i

	vswctl switch add vsw1 && vswctl -n g3 switch add vsw0
	check_err $? "cannot add switches"
	try_rmmod
	for i in 1 2 3; do
		check_json '.[0].master == null and .[0].promiscuity == 0' "p$i is free" \
			ip -d -j link show p$i
	done
	build
	check_err $? "cannot load it again"
	assert_jq 'length == 1' "one switch" switch show
}

rmmod_under_traffic()
{
	local n

	for n in 1 2 3 4 5; do
		traffic_start
		try_rmmod
		traffic_stop
		build
		check_err $? "cannot load it again"
	done
}

# With a reader of events, and with commands under way.
rmmod_while_used()
{
	local n monitor

	vswctl monitor >/dev/null 2>&1 &
	monitor=$!
	for n in 1 2 3; do
		(for i in 1 2 3 4 5; do
			vswctl fdb show
			vswctl switch add x$i
			bridge fdb show
			ethtool -S vsw0
		done) >/dev/null 2>&1 &
		try_rmmod
		wait $!
		ip -o link show type vswitch | awk -F'[ :]+' '$2 ~ /^x/ { print $2 }' |
			xargs -r -n 1 ip link del 2>/dev/null
		build
		check_err $? "cannot load it again"
	done
	kill $monitor
	wait $monitor
	for n in 1 2 3 4 5; do
		ip link del x$n 2>/dev/null
	done
	check_equal "$(module_refs)" 0 "references to the module"
}

run_tests "$@"
