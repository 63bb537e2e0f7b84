#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: smp=2
# Loops that guests make, by a bridge of two of their NICs: the probes of the switch find
# them, and one port is put into quarantine.
#
#	      ns loop             ns g3
#	+-----------------+      +------+
#	|  e1 - brl - e2  |      | eth0 |
#	+--+-----------+--+      +--+---+
#	   | veth      | veth       | veth
#	+--+-----------+------------+--+
#	|  p1          p2           p3 |
#	|            vsw0              |
#	+------------------------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="off_by_default loop_is_found loop_is_found_again both_look by_an_uplink
	in_vlans replay_by_a_guest settings_are_kept switch_goes"

ALL=ff:ff:ff:ff:ff:ff
PROBE=03:76:73:77:6c:70
M=02:00:5e:00:53:0

setup()
{
	local i

	NO_IPV6=1
	load_module && frames_start || return
	modprobe bridge || return
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	defer sysctl -qw net.ipv6.conf.default.disable_ipv6=0
	vswctl switch add vsw0 loop-interval 1 quarantine-time 2 && no_ipv6 vsw0 &&
		ip link set vsw0 up || return
	ns_add loop g3
	in_ns loop sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	for i in 1 2; do
		veth_pair p$i e$i loop && vswctl port add vsw0 p$i || return
	done
	veth_pair p3 eth0 g3 ${M}3 && vswctl port add vsw0 p3 || return
	ip -n loop link add brl type bridge mcast_snooping 0 forward_delay 0 &&
		ip -n loop link set brl up && ip -n loop link set e1 master brl || return
	for i in 1 2 3; do
		wait_jq 10000 '.[0].state == "forwarding"' "p$i is up" port show p$i
	done
}

close_loop()
{
	ip -n loop link set e2 master brl
}

open_loop()
{
	ip -n loop link set e2 nomaster
	vswctl port set p1 quarantine off loop-detect off role guest
	vswctl port set p2 quarantine off loop-detect off role guest
}

quarantined()
{
	wait_jq 20000 ".[0] | .state == \"quarantined\" and
		.guard.\"quarantine-reason\" == \"loop\"" "$1 is in a loop" port show $1
}

off_by_default()
{
	assert_jq 'all(.[]; .guard."loop-detect" == false)' "off" port show
	capture_start none e1@loop -n 1 -t 2500 --prefix ${PROBE//:/} || return
	capture_wait none
	check_fail $? "a probe came"
}

# Of a broadcast, nothing goes round any more.
loop_is_found()
{
	local before

	vswctl port set p1 loop-detect on
	close_loop
	frame $ALL ${M}3 | frames_send eth0@g3
	quarantined p2
	assert_jq '.[0].stats.drops.loop > 0' "counted" port show p2
	sleep 0.5
	before=$(port_stat p3 tx-packets)
	sleep 0.5
	check_equal "$(port_stat p3 tx-packets)" "$before" "frames to p3"
	assert_jq '.[0].state == "forwarding"' "the other one" port show p1
}

# It is tried again, and found again as long as the loop is there.
loop_is_found_again()
{
	wait_jq 20000 '.[0].guard."quarantine-count" >= 2' "again" port show p2
	quarantined p2
	ip -n loop link set e2 nomaster
	wait_jq 30000 '.[0].state == "forwarding"' "it is over" port show p2
	sleep 2.5
	assert_jq '.[0].state == "forwarding"' "and stays so" port show p2
	open_loop
}

# Probes come back both ways, and the guest keeps one of its ports.
both_look()
{
	vswctl port set p1 loop-detect on
	vswctl port set p2 loop-detect on
	close_loop
	quarantined p2
	wait_jq 20000 '.[0].guard."quarantine-count" >= 2' "again" port show p2
	assert_jq '.[0].state == "forwarding" and .[0].guard."quarantine-count" == 0' \
		"the other one" port show p1
	open_loop
}

# The network stays, and the guest that has connected itself to it goes.
by_an_uplink()
{
	vswctl port set p2 role uplink
	vswctl port set p1 loop-detect on
	close_loop
	quarantined p1
	assert_jq '.[0].state == "forwarding"' "the uplink" port show p2
	open_loop
}

in_vlans()
{
	vswctl switch set vsw0 vlan-aware on
	vswctl port set p1 access 10 loop-detect on
	vswctl port set p2 trunk 10-20 native 10
	close_loop
	quarantined p2
	open_loop
	vswctl port set p1 trunk 20-30 loop-detect on
	vswctl port set p2 trunk 20-30
	close_loop
	quarantined p2
	open_loop
	vswctl port set p1 no-vlan && vswctl port set p2 no-vlan
	vswctl switch set vsw0 vlan-aware off
}

# It has itself put into quarantine, and with what it makes up, nobody.
replay_by_a_guest()
{
	local probe

	capture_start probe e1@loop -n 1 -t 10000 --prefix ${PROBE//:/} || return
	vswctl port set p1 loop-detect on
	probe=$(capture_wait probe)
	vswctl port set p1 loop-detect off
	frames_send eth0@g3 <<<"${probe:0:43}f${probe:44}"
	sleep 0.3
	assert_jq '.[0] | .state == "forwarding" and .stats.drops.loop == 0' "made up" \
		port show p3
	frames_send eth0@g3 <<<"$probe"
	quarantined p3
	assert_jq '.[0].state == "forwarding"' "the other one" port show p1
	vswctl port set p3 quarantine off
	sleep 6.5
	frames_send eth0@g3 <<<"$probe"
	wait_jq 5000 '.[0].stats.drops.loop == 2' "counted" port show p3
	assert_jq '.[0].state == "forwarding"' "it is too old" port show p3
}

settings_are_kept()
{
	assert_jq '.[0]."loop-interval" == 1' "as set" switch show vsw0
	check_refused 'loop-interval' vswctl switch set vsw0 loop-interval 0
	check_refused 'host port' vswctl port set vsw0 loop-detect on
	vswctl drops show p3 | grep -q loop
	check_err $? "not in vswctl drops show"
}

# While probes are sent, and while one is noted.
switch_goes()
{
	vswctl port set p1 loop-detect on
	vswctl port set p2 loop-detect on
	close_loop
	sleep 1
	vswctl port del p1
	vswctl switch del vsw0
	check_err $? "cannot delete it"
}

run_tests "$@"
