#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: smp=2
# Linux's bridge and a VLAN-aware switch, with the same VLANs: the same frames from
# the same ends come out at the same ends with the same tags, but for what is listed
# here.
#
#	 ns g1    ns g2    ns g3    ns g4    ns g5    ns g6
#	+------+ +------+ +------+ +------+ +------+ +------+
#	| eth0 | | eth0 | | eth0 | | eth0 | | eth0 | | eth0 |
#	+--+---+ +--+---+ +--+---+ +--+---+ +--+---+ +--+---+
#	   | veth   |        |        |        |        |
#	+--+--------+--------+--------+--------+--------+---+
#	|  p1       p2       p3       p4       p5       p6  |
#	|                 br0, then vsw0                    |
#	+---------------------------------------------------+
# shellcheck disable=SC2016,SC2317,SC2086 # run_tests and others call these; no word
# has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="dot1q dot1ad"

ALL_FRAMES="- c0 c0p5 c0p5d c1 c10 c10p3d c20 c30p7 c4094 c4095 s0 s10 s20 s4094 s4095
	c0,c20 c0,s10 c10,c20 c20p2,c10p4 c10,s20 s10,c20 s20,c0 s20p6,s10 c4095,c10
	c10,c20,c30 s10,c20,c30"
ENDS="p1=eth0@g1 p2=eth0@g2 p3=eth0@g3 p4=eth0@g4 p5=eth0@g5 p6=eth0@g6"

setup()
{
	local i

	NO_IPV6=1
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	defer sysctl -qw net.ipv6.conf.default.disable_ipv6=0
	load_module && modprobe bridge || return
	for i in 1 2 3 4 5 6; do
		ns_add g$i && veth_pair p$i eth0 g$i || return
	done
}

# bridge_vlans PORT VID[u|n]...: u is the VLAN of untagged frames.
bridge_vlans()
{
	local port=$1 vid self=

	shift
	[ $port != br0 ] || self=self
	for vid; do
		bridge vlan add dev $port vid ${vid%u} ${vid/*u/pvid untagged} $self 2>/dev/null ||
			bridge vlan add dev $port vid ${vid%u} $self
		check_err $? "$port $vid"
	done
}

# with_bridge PROTOCOL FILE, and lines of a port and its VLANs.
with_bridge()
{
	local i port vlans

	ip link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0 \
		vlan_protocol $1 stp_state 0 mcast_snooping 0
	ip link set br0 up
	for i in 1 2 3 4 5 6; do
		ip link set p$i master br0
	done
	while read -r port vlans; do
		bridge_vlans $port $vlans
	done
	busywait 10000 eval '[ "$(bridge link | grep -c "state forwarding")" = 6 ]' >/dev/null
	/usr/bin/python3 "$SELFTESTS/vlans.py" run "$FRAMES" h=br0 $ENDS >"$2"
	check_err $? "frames through the bridge"
	ip link del br0
}

# with_switch FILE, and lines of a port and its VLANs.
with_switch()
{
	local i port vlans

	vswctl switch add vsw0 && vswctl switch set vsw0 vlan-aware on
	check_err $? "switch"
	ip link set vsw0 up
	while read -r port vlans; do
		if [ $port = vsw0 ]; then
			vswctl port set vsw0 $vlans
		else
			vswctl port add vsw0 $port $vlans
		fi
		check_err $? "$port $vlans"
	done
	for i in 1 2 3 4 5 6; do
		wait_jq 10000 '.[0].state == "forwarding"' "p$i is up" port show p$i
	done
	/usr/bin/python3 "$SELFTESTS/vlans.py" run "$FRAMES" h=vsw0 $ENDS >"$1"
	check_err $? "frames through the switch"
	vswctl switch del vsw0
}

# same: but for the lines of standard input.
same()
{
	local wrong

	cat >"$TMP/differences"
	wrong=$(/usr/bin/python3 "$SELFTESTS/vlans.py" compare "$TMP/bridge" "$TMP/switch" \
		"$TMP/differences" 2>&1)
	[ -z "$wrong" ] || fail "$(head -n 20 <<<"$wrong")"
}

dot1q()
{
	local FRAMES=$ALL_FRAMES

	with_bridge 802.1Q "$TMP/bridge" <<-EOF
		br0 10u 20
		p1 10u
		p2 20u
		p3 10 20 4094
		p4 10 20u 30
		p5 1 10u 30
	EOF
	with_switch "$TMP/switch" <<-EOF
		vsw0 trunk 10,20 native 10
		p1 access 10
		p2 access 20
		p3 trunk 10,20,4094
		p4 trunk 10,20,30 native 20
		p5 trunk 1,30 native 10
		p6 no-vlan
	EOF
	same <<-EOF
		p1 c10 an access port takes no tags, not even with its own number
		p1 c10p3d the same
		p1 c10,c20 the same
		p1 c10,s20 the same
		p1 c10,c20,c30 the same
		p2 c20 the same
		p2 c20p2,c10p4 the same
		p5 c10 the tag of a native VLAN that is not in the list
		p5 c10p3d the same
		p5 c10,c20 the same
		p5 c10,s20 the same
		p5 c10,c20,c30 the same
		h,p3,p4 c10,c20 -h,p5 no tag leaves a trunk where one of the VLAN is left out
		h,p3 c20p2,c10p4 -p4 the same
		h,p3,p4 c10,s20 -h,p5 the same
		h,p3,p4 c10,c20,c30 -h,p5 the same
		h,p5 c0,c20 -h,p5 the same
		h,p5 c0,s10 -h,p5 the same
		p1,p2 c0,c20 a tag behind a priority tag would be one of its own elsewhere
		p1,p2 c0,s10 the same
		h,p1,p2,p4,p5 s0 an 802.1ad tag is a tag, and no payload
		h,p1,p2,p4,p5 s10 the same
		h,p1,p2,p4,p5 s20 the same
		h,p1,p2,p4,p5 s4094 the same
		h,p1,p2,p4,p5 s4095 the same
		h,p1,p2,p4,p5 s10,c20 the same
		h,p1,p2,p4,p5 s20,c0 the same
		h,p1,p2,p4,p5 s20p6,s10 the same
		h,p1,p2,p4,p5 s10,c20,c30 the same
	EOF
}

# The service tag that we put on has the priority of the customer's; the bridge's has
# none.
dot1ad()
{
	local FRAMES

	FRAMES=$(tr -s ' \t' '\n' <<<"$ALL_FRAMES" | grep -v '^c[0-9]*p' | tr '\n' ' ')
	with_bridge 802.1ad "$TMP/bridge" <<-EOF
		br0 10u
		p1 10u
		p2 20u
		p3 10 20 4094
		p4 10 20 30
		p5 20u
	EOF
	with_switch "$TMP/switch" <<-EOF
		vsw0 dot1q-tunnel 10
		p1 dot1q-tunnel 10
		p2 dot1q-tunnel 20
		p3 service 10,20,4094
		p4 service 10,20,30
		p5 dot1q-tunnel 20
		p6 no-vlan
	EOF
	same <<-EOF
		h,p1,p2,p5 s0 a customer has no 802.1ad tags
		h,p1 s10 the same
		h,p1 s10,c20 the same
		h,p1 s10,c20,c30 the same
		p2,p5 s20 the same
		p2,p5 s20,c0 the same
		p2,p5 s20p6,s10 the same
	EOF
}

run_tests "$@"
