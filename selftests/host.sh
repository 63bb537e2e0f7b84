#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: smp=2 timeout=1200
# The switch as the host's own interface: its address, MTU and features, IPv4
# and IPv6, VLAN devices, bulk TCP with segmentation offload, and what is done
# to a port's device and undone.
#
#	 ns g1                      ns g2
#	+------------------+       +------------------+
#	| eth0  192.0.2.1  |       | eth0  192.0.2.2  |
#	|  eth0.7          |       |                  |
#	|  198.51.100.1    |       |                  |
#	+---+--------------+       +---+--------------+
#	    | veth                     | veth
#	+---+--------------------------+---+
#	|   p1         vsw0            p2  |
#	|    192.0.2.254, 2001:db8::fe     |
#	|    vsw0.7 198.51.100.254         |
#	+----------------------------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="address_is_stable address_can_be_set ipv4_and_ipv6 mtu_of_switch
	mtu_of_port promiscuity multicast_and_promiscuous_host features_follow
	bulk_through_switch bulk_to_host bulk_segmented vlan_device"

setup()
{
	local i

	load_module && frames_start || return
	vswctl switch add vsw0 && ip link set vsw0 up &&
		ip addr add 192.0.2.254/24 dev vsw0 &&
		ip addr add 2001:db8::fe/64 dev vsw0 nodad || return
	for i in 1 2; do
		ns_add g$i && veth_pair p$i eth0 g$i 02:00:5e:00:53:0$i 192.0.2.$i/24 &&
			ip -n g$i addr add 2001:db8::$i/64 dev eth0 nodad &&
			vswctl port add vsw0 p$i || return
	done
	wait_jq 10000 '.[0].state == "forwarding"' "p1 is up" port show p1
	wait_jq 10000 '.[0].state == "forwarding"' "p2 is up" port show p2
}

# pings NS ADDRESS [OPTIONS]
pings()
{
	in_ns $1 ping -q -c 2 -i 0.1 -W 10 $3 $2 >/dev/null
	check_err $? "$1 cannot ping $2 $3"
}

address_is_stable()
{
	local addr

	addr=$(vsw_get '.[0].address' switch show vsw0)
	check_equal "$(cat /sys/class/net/vsw0/address)" "$addr" "both say the same"
	[ $((0x${addr%%:*} & 3)) = 2 ]
	check_err $? "it is not a locally administered unicast address: $addr"
	ip link add d0 address 00:00:5e:00:53:01 type dummy
	vswctl port add vsw0 d0 && vswctl port del p1 && vswctl port del p2
	check_equal "$(cat /sys/class/net/vsw0/address)" "$addr" "after ports changed"
	ip link del d0
	vswctl port add vsw0 p1 && vswctl port add vsw0 p2
	check_equal "$(cat /sys/class/net/vsw0/address)" "$addr" "after ports came"
	pings g1 192.0.2.254
}

address_can_be_set()
{
	local old

	old=$(cat /sys/class/net/vsw0/address)
	ip link set vsw0 address 02:00:5e:00:53:fe
	check_err $? "cannot set while it is up"
	assert_jq '.[0].address == "02:00:5e:00:53:fe"' "address" switch show vsw0
	assert_jq 'map(select(.type == "local").mac) == ["02:00:5e:00:53:fe"]' \
		"the local entry" fdb show vsw0
	in_ns g1 ip neigh flush all
	pings g1 192.0.2.254
	vswctl switch set vsw0 address $old
	check_err $? "cannot set it back"
	in_ns g1 ip neigh flush all
	pings g1 192.0.2.254
}

ipv4_and_ipv6()
{
	pings - 192.0.2.1
	pings - 2001:db8::1
	pings g1 192.0.2.2
	pings g1 2001:db8::2
	pings g2 2001:db8::fe
	pings g2 192.0.2.254
	# Neighbour discovery by the address of all nodes.
	pings g1 ff02::1%eth0
}

mtu_of_switch()
{
	ip link set vsw0 mtu 9000
	check_err $? "cannot raise"
	assert_jq '.[0].mtu == 9000' "MTU" switch show vsw0
	assert_jq '.[0].mtu == 1500' "that of a port is its own" port show p1
	pings g1 192.0.2.254
	vswctl switch set vsw0 mtu 1280
	check_err $? "cannot lower"
	check_equal "$(cat /sys/class/net/vsw0/mtu)" 1280 "MTU"
	pings - 192.0.2.1 "-s 1252 -M do"
	ping -q -c 1 -W 2 -s 1253 -M "do" 192.0.2.1 >/dev/null 2>&1
	check_fail $? "a packet larger than the MTU"
	ip link set vsw0 mtu 1500
}

mtu_of_port()
{
	local before

	ip link set p1 mtu 9000 && ip -n g1 link set eth0 mtu 9000 &&
		ip link set p2 mtu 9000 && ip -n g2 link set eth0 mtu 9000
	check_err $? "cannot raise"
	assert_jq '.[0].mtu == 9000' "MTU" port show p1
	pings g1 192.0.2.2 "-s 8972 -M do"
	ip link set p2 mtu 1500
	before=$(vswctl -j port show)
	in_ns g1 ping -q -c 1 -W 2 -s 8972 -M "do" 192.0.2.2 >/dev/null
	check_fail $? "a packet larger than the MTU of the egress"
	stats_grew "$before" p2.drops.egress-mtu=1
	ip -n g1 link set eth0 mtu 1500 && ip -n g2 link set eth0 mtu 1500 &&
		ip link set p1 mtu 1500
	check_err $? "cannot set back"
	pings g1 192.0.2.2 "-s 1472 -M do"
}

promisc_of()
{
	ip -d -j link show $1 | jq '.[0].promiscuity'
}

# Counted, not set: what was promiscuous before stays so.
promiscuity()
{
	ip link add d0 type dummy
	check_equal "$(promisc_of d0)" 0 "before"
	vswctl port add vsw0 d0
	check_equal "$(promisc_of d0)" 1 "as a port"
	vswctl port del d0
	check_equal "$(promisc_of d0)" 0 "afterwards"
	ip link set d0 promisc on
	ip link set d0 master vsw0
	check_equal "$(promisc_of d0)" 2 "promiscuous before, as a port"
	ip link set d0 nomaster
	check_equal "$(promisc_of d0)" 1 "promiscuous before, afterwards"
	ip link del d0
}

# Unknown unicast reaches the host only when it asks for it.
multicast_and_promiscuous_host()
{
	local before one mark

	one=$(frame 02:00:5e:00:53:99 02:00:5e:00:53:01 --payload 01)
	mark=$(frame ff:ff:ff:ff:ff:ff 02:00:5e:00:53:01 --payload 02)
	ip link set vsw0 promisc on
	capture_start host vsw0 --prefix 02005e005399 -n 1 -t 60000 || return
	frames_send eth0@g1 <<<"$one"
	check_equal "$(capture_wait host)" "$one" "promiscuous"
	ip link set vsw0 promisc off
	capture_start host vsw0 --type 88b5 -n 1 -t 60000 || return
	printf '%s\n' "$one" "$mark" | frames_send eth0@g1
	check_equal "$(capture_wait host)" "$mark" "not promiscuous"
	before=$(port_stat vsw0 tx-packets)
	frame 33:33:00:00:00:01 02:00:5e:00:53:01 | frames_send eth0@g1
	busywait 5000 eval "[ \$(port_stat vsw0 tx-packets) -gt $before ]"
	check_err $? "groups do not reach the host"
}

feature()
{
	ethtool -k $1 | awk -v f="$2:" '$1 == f { print $2 }'
}

# As on the Linux bridge: what one port can, the host leaves to it, and checksums
# always; for a port that cannot, the core does it when it sends.
features_follow()
{
	check_equal "$(feature vsw0 tx-checksumming)" on "checksums with veth"
	check_equal "$(feature vsw0 tcp-segmentation-offload)" on "TSO with veth"
	check_equal "$(feature vsw0 scatter-gather)" on "scatter-gather with veth"
	ethtool -K p1 tx off tso off sg off >/dev/null 2>&1
	check_equal "$(feature p1 tx-checksumming)" off "p1 has none"
	check_equal "$(feature vsw0 tx-checksumming)" on "one port with checksums"
	check_equal "$(feature vsw0 scatter-gather)" on "one port with scatter-gather"
	pings g1 192.0.2.254
	ethtool -K p2 tx off tso off sg off >/dev/null 2>&1
	check_equal "$(feature vsw0 scatter-gather)" off "no port with scatter-gather"
	check_equal "$(feature vsw0 tx-checksumming)" on "the core makes checksums"
	pings g1 192.0.2.254
	ethtool -K p2 sg on tx on tso on >/dev/null 2>&1
	ethtool -K p1 sg on tx on tso on >/dev/null 2>&1
	check_equal "$(feature vsw0 tx-checksumming)" on "with checksums again"
	check_equal "$(feature vsw0 tcp-segmentation-offload)" on "with TSO again"
	# LRO could not be forwarded: off, and it cannot be turned on.
	case $(feature p1 large-receive-offload) in
	off|'') ;;
	*) fail "LRO is on" ;;
	esac
}

# bulk FROM-NS TO-NS ADDRESS: 20 MB over TCP, compared by checksum.
bulk()
{
	local sum

	rm -f "$TMP/port" "$TMP/got"
	in_ns $2 /usr/bin/python3 "$SELFTESTS/bulk.py" receive "$TMP/port" \
		>"$TMP/got" 2>&1 &
	busywait 30000 test -s "$TMP/port"
	check_err $? "the receiver does not listen"
	sum=$(in_ns $1 timeout 200 /usr/bin/python3 "$SELFTESTS/bulk.py" send $3 \
		"$(cat "$TMP/port")" 20000000 2>&1)
	check_err $? "sending: $sum"
	wait $!
	check_equal "$(cat "$TMP/got")" "$sum" "what arrived at $2"
}

# A GSO frame is one frame to the switch: there are far fewer than segments.
bulk_through_switch()
{
	local before

	before=$(port_stat p1 rx-packets)
	bulk g1 g2 192.0.2.2
	before=$(($(port_stat p1 rx-packets) - before))
	log "20 MB were $before frames"
	[ $before -lt 10000 ]
	check_err $? "segmented: $before frames"
	bulk g2 g1 2001:db8::1
}

bulk_to_host()
{
	local before

	before=$(port_stat vsw0 rx-packets)
	bulk - g1 192.0.2.1
	before=$(($(port_stat vsw0 rx-packets) - before))
	[ $before -lt 10000 ]
	check_err $? "segmented by the host: $before frames"
	bulk g1 - 192.0.2.254
	bulk g2 - 2001:db8::fe
}

# A port that cannot do it gets segments, and the data are the same.
bulk_segmented()
{
	ethtool -K p2 tx off tso off sg off gso off >/dev/null 2>&1
	bulk g1 g2 192.0.2.2
	bulk - g2 192.0.2.2
	ethtool -K p2 sg on tx on tso on gso on >/dev/null 2>&1
	in_ns g1 ethtool -K eth0 tx off tso off >/dev/null 2>&1
	bulk g1 g2 2001:db8::2
	in_ns g1 ethtool -K eth0 tx on tso on >/dev/null 2>&1
	assert_jq 'map(.stats.drops."egress-mtu") | add <= 1' \
		"no frame was too big but that of mtu_of_port" port show
}

vlan_device()
{
	ip link add link vsw0 name vsw0.7 type vlan id 7 &&
		ip addr add 198.51.100.254/24 dev vsw0.7 && ip link set vsw0.7 up &&
		ip -n g1 link add link eth0 name eth0.7 type vlan id 7 &&
		ip -n g1 addr add 198.51.100.1/24 dev eth0.7 &&
		ip -n g1 link set eth0.7 up
	check_err $? "cannot make VLAN devices"
	pings - 198.51.100.1
	pings g1 198.51.100.254
	pings g1 198.51.100.254 "-s 1472 -M do"
	assert_jq 'any(.mac == "02:00:5e:00:53:01" and .vlan == 7 and
		."port-name" == "p1")' "learned in its VLAN" fdb show vsw0
	bulk - g1 198.51.100.1
	bulk g1 - 198.51.100.254
	ip link del vsw0.7
}

run_tests "$@"
