#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# What cannot be a port, loops, limits and names: each refusal says why, and
# leaves the switch and the device as they were.
#
#	+-----------------+    +-----------------+
#	| vsw0            |    | vsw1            |    d0: a dummy, the candidate;
#	|   d1            |    |   d2            |    others are made where needed
#	+-----------------+    +-----------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="loopback not_ethernet other_switch same_switch held_by_bridge
	held_by_bond held_by_team held_by_vrf held_by_macvlan held_by_ipvlan
	itself loop_of_two loop_of_three loop_by_vlan loop_by_macvlan port_limit
	fdb_limit not_there names other_namespace switch_stays_in_namespace
	host_port mtu address not_a_port"

setup()
{
	local i

	load_module || return
	for i in 0 1 2; do
		ip link add d$i type dummy || return
		defer ip link del d$i
	done
	vswctl switch add vsw0 && vswctl switch add vsw1 &&
		vswctl port add vsw0 d1 && vswctl port add vsw1 d2
}

# refused REGEX DEV: by all ways to attach it, to vsw0; exit status 1, and its
# flags and promiscuity stay.
refused()
{
	local before link='.[0] | {promiscuity, flags, master, mtu}'

	before=$(ip -d -j link show $2 | jq -c "$link")
	check_refused "$1" vswctl port add vsw0 $2
	check_equal $STATUS 1 "exit status"
	check_equal "$(ip -d -j link show $2 | jq -c "$link")" "$before" "$2"
}

loopback()
{
	refused loopback lo
	check_refused loopback ip link set lo master vsw0
}

not_ethernet()
{
	ip tuntap add t0 mode tun && ip link set t0 up
	check_err $? "cannot make a tun device"
	refused Ethernet t0
	check_refused Ethernet ip link set t0 master vsw0
	ip link del t0
	ip link add s0 type sit local 192.0.2.1 remote 192.0.2.2
	check_err $? "cannot make a sit device"
	refused Ethernet s0
	ip link del s0
	ip link add g0 type gre local 192.0.2.1 remote 192.0.2.2
	check_err $? "cannot make a GRE device"
	refused Ethernet g0
	ip link del g0
}

other_switch()
{
	refused 'already a port' d2
	assert_jq '.[0]."switch-name" == "vsw1"' "it stays" port show d2
}

same_switch()
{
	refused 'already a port' d1
}

# held BY KIND: the candidate is given to a new device of that kind.
held()
{
	ip link add h0 type $2
	check_err $? "cannot make a $2"
	ip link set d0 down && ip link set d0 master h0
	check_err $? "cannot attach to a $2"
	refused "$1" d0
	ip link del h0
	vswctl port add vsw0 d0 && vswctl port del d0
	check_err $? "it can be attached when the $2 is gone"
}

held_by_bridge() { held 'Linux bridge' bridge; }
held_by_bond() { held bond bond; }
held_by_team() { held team team; }
held_by_vrf() { held VRF "vrf table 100"; }

held_by_macvlan()
{
	ip link add link d0 name h0 type macvlan
	check_err $? "cannot make a macvlan device"
	refused macvlan d0
	ip link del h0
}

held_by_ipvlan()
{
	ip link add link d0 name h0 type ipvlan
	check_err $? "cannot make an ipvlan device"
	refused ipvlan d0
	ip link del h0
}

itself()
{
	refused itself vsw0
	check_refused itself ip link set vsw0 master vsw0
}

loop_of_two()
{
	vswctl port add vsw1 vsw0
	check_err $? "a switch can be a port of another"
	refused loop vsw1
	check_refused loop ip link set vsw1 master vsw0
	vswctl port del vsw0
	check_err $? "cannot detach"
}

loop_of_three()
{
	vswctl switch add vsw2 && vswctl port add vsw1 vsw0 &&
		vswctl port add vsw2 vsw1
	check_err $? "cannot stack three switches"
	refused loop vsw2
	vswctl switch del vsw2
	check_err $? "cannot delete the topmost"
	vswctl port del vsw0
	check_err $? "cannot detach"
}

loop_by_vlan()
{
	ip link add link vsw0 name vsw0.5 type vlan id 5
	check_err $? "cannot make a VLAN device on the switch"
	refused loop vsw0.5
	vswctl port add vsw1 vsw0.5
	check_err $? "it can be a port of another switch"
	refused loop vsw1
	ip link del vsw0.5
	assert_jq 'map(.name) == ["vsw1", "d2"]' "it left the other switch" \
		port show switch vsw1
}

loop_by_macvlan()
{
	ip link add link vsw0 name mv0 type macvlan
	check_err $? "cannot make a macvlan device on the switch"
	check_refused . vswctl port add vsw0 mv0
	ip link del mv0
}

port_limit()
{
	vswctl switch set vsw0 port-limit 1
	check_err $? "cannot set"
	refused 'port limit' d0
	check_refused 'port limit' ip link set d0 master vsw0
	vswctl switch set vsw0 port-limit 2 && vswctl port add vsw0 d0
	check_err $? "there is room again"
	check_refused 'more ports' vswctl switch set vsw0 port-limit 1
	# All or none: what comes with it is not done either.
	check_refused 'more ports' vswctl switch set vsw0 ageing 9 fdb-limit 7 \
		port-limit 1
	vswctl port del d0 && vswctl switch set vsw0 port-limit 1024
	check_err $? "cannot set back"
}

fdb_limit()
{
	local i

	vswctl switch set vsw0 fdb-limit 3
	check_err $? "cannot set"
	for i in 1 2 3; do
		vswctl fdb add vsw0 02:00:5e:00:53:0$i dev d1
		check_err $? "entry $i"
	done
	check_refused 'FDB limit' vswctl fdb add vsw0 02:00:5e:00:53:04 dev d1
	check_refused 'FDB limit' bridge fdb add 02:00:5e:00:53:04 dev vsw0 self \
		static via d1
	check_refused 'more entries' vswctl switch set vsw0 fdb-limit 2
	vswctl fdb add vsw0 02:00:5e:00:53:03 dev d1 replace
	check_err $? "replacing needs no room"
	vswctl fdb flush vsw0 type static >/dev/null &&
		vswctl switch set vsw0 fdb-limit 65536
	check_err $? "cannot set back"
}

not_there()
{
	check_refused 'no such' vswctl port add vsw0 nowhere
	check_refused 'no such' vswctl port add nowhere d0
	check_refused 'not a vswitch' vswctl port add d1 d0
	check_refused 'no such' vswctl port del nowhere
	check_refused 'no such' vswctl port set nowhere learning off
	check_refused 'no such' vswctl fdb add vsw0 02:00:5e:00:53:01 dev nowhere
	check_refused 'no such' vswctl fdb flush nowhere
	check_refused 'no such' vswctl switch del nowhere
	check_refused 'not a vswitch' vswctl switch del d0
	[ -e /sys/class/net/d0 ]
	check_err $? "what is no switch was deleted"
}

# A name is 15 bytes at most; what is no name never reaches the kernel.
names()
{
	local name

	for name in a234567890123456 'a b' a/b a:b . .. ''; do
		vswctl switch add "$name" 2>"$TMP/said"
		check_equal $? 2 "status of adding '$name'"
		[ -s "$TMP/said" ]
		check_err $? "nothing said about '$name'"
		vswctl port add vsw0 "$name" 2>"$TMP/said"
		check_equal $? 2 "status of attaching '$name'"
		[ -s "$TMP/said" ]
		check_err $? "nothing said about '$name'"
	done
	for name in all default; do
		check_refused reserved vswctl switch add $name
		check_refused . ip link add $name type vswitch
	done
	check_refused . ip link add a234567890123456 type vswitch
	vswctl switch add a23456789012345 && vswctl switch del a23456789012345
	check_err $? "a name of 15 bytes"
	check_refused 'exist' vswctl switch add d0
}

other_namespace()
{
	ns_add other
	ip link add e0 netns other type dummy
	check_err $? "cannot make a device there"
	check_refused 'no such' vswctl port add vsw0 e0
	vswctl -n other switch add vsw0 && vswctl -n other port add vsw0 e0
	check_err $? "cannot attach it there"
	assert_jq 'length == 1' "that namespace has one switch" -n other switch show
	ns_del other
}

switch_stays_in_namespace()
{
	ns_add other
	check_refused . ip link set vsw0 netns other
	assert_jq 'length == 0' "that namespace has none" -n other switch show
	ns_del other
}

host_port()
{
	check_refused 'host port' vswctl port set vsw0 learning off
	check_refused 'host port' vswctl port del vsw0
}

mtu()
{
	check_refused 'mtu' vswctl switch set vsw0 mtu 67
	check_refused 'mtu' vswctl switch set vsw0 mtu 70000
	check_refused 'mtu' ip link set vsw0 mtu 20
	check_refused 'mtu' vswctl switch add vsw9 mtu 20
	# The family's settings are taken back when the link's are refused.
	check_refused 'mtu' vswctl switch set vsw0 ageing 10 mtu 20
}

address()
{
	local addr

	for addr in 01:00:5e:00:00:01 00:00:00:00:00:00 ff:ff:ff:ff:ff:ff; do
		check_refused 'group|zero' vswctl switch set vsw0 address $addr
		check_refused . ip link set vsw0 address $addr
		check_refused . ip link add vsw9 address $addr type vswitch
		check_refused 'unicast' vswctl fdb add vsw0 $addr dev d1
	done
	addr=$(vsw_get '.[0].address' switch show vsw0)
	check_refused 'own address' vswctl fdb add vsw0 $addr dev d1
	# One that was there before can go.
	vswctl fdb add vsw0 02:00:5e:00:53:44 dev d1 &&
		vswctl switch set vsw0 address 02:00:5e:00:53:44 &&
		vswctl fdb del vsw0 02:00:5e:00:53:44
	check_err $? "cannot delete what became the switch's address"
	check_refused 'no such entry \(attribute' vswctl fdb del vsw0 02:00:5e:00:53:44
	check_refused 'no such entry in this VLAN' vswctl fdb del vsw0 02:00:5e:00:53:44 vlan 5
	vswctl switch set vsw0 address $addr
}

not_a_port()
{
	check_refused 'not a port' vswctl port del d0
	check_refused 'not a port' vswctl port set d0 learning off
	check_refused 'not a port' vswctl fdb add vsw0 02:00:5e:00:53:01 dev d0
	check_refused 'another switch' vswctl fdb add vsw0 02:00:5e:00:53:01 dev d2
	check_refused 'another switch' vswctl fdb flush vsw0 port d2
}

run_tests "$@"
