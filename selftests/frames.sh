#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# Frames good and bad: what may not pass goes nowhere and is counted by the
# right number on the right port, all else arrives byte for byte.
#
#	 ns g1            ns g2            ns g3
#	+------+         +------+         +------+
#	| eth0 |         | eth0 |         | eth0 |
#	+--+---+         +--+---+         +--+---+
#	   | veth           | veth           | veth
#	+--+----------------+----------------+--+
#	|  p1               p2               p3 |
#	|                 vsw0                  |
#	+---------------------------------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="bad_sources own_source runts reserved_groups
	reserved_groups_forwarded reserved_groups_refused frames_unchanged
	frames_unchanged_to_and_from_host jumbo_frames too_big_for_port
	too_big_for_host same_port uplink_to_uplink no_egress
	port_down switch_down"

SW=02:00:5e:00:53:00
MAC1=02:00:5e:00:53:01
MAC2=02:00:5e:00:53:02
MAC3=02:00:5e:00:53:03
ALL=ff:ff:ff:ff:ff:ff

setup()
{
	local i

	NO_IPV6=1
	load_module && frames_start || return
	vswctl switch add vsw0 address $SW && no_ipv6 vsw0 &&
		ip link set vsw0 up || return
	for i in 1 2 3; do
		ns_add g$i && veth_pair p$i eth0 g$i 02:00:5e:00:53:0$i &&
			vswctl port add vsw0 p$i bpdu-guard off || return
	done
	for i in 1 2 3; do
		wait_jq 5000 '.[0].state == "forwarding"' "p$i is up" port show p$i
	done
	learn
}

# Every station says something, so that all are known.
learn()
{
	local i

	for i in 1 2 3; do
		frame $ALL 02:00:5e:00:53:0$i | frames_send eth0@g$i
		wait_jq 5000 ".[0].\"port-name\" == \"p$i\"" "g$i is known" \
			fdb get vsw0 02:00:5e:00:53:0$i
	done
}

# passes FROM CAPTURE... < frames: the frames are sent, then a mark; each of
# the captures must see nothing but the mark.
nothing_arrives()
{
	local from=$1 mark at

	shift
	mark=$(frame $ALL $MAC1 --payload 6d61726b)
	for at; do
		capture_start "no-$at" "$at" -n 1 -t 60000 || return
	done
	frames_send "$from"
	check_err $? "cannot send"
	frames_send eth0@g1 <<<"$mark"
	for at; do
		check_equal "$(capture_wait "no-$at")" "$mark" "what $at got"
	done
}

# dropped DEV REASON COUNT FROM AT... < frames: the frames go nowhere, and
# the counter goes up by COUNT.
dropped()
{
	local dev=$1 reason=$2 count=$3 before

	shift 3
	before=$(port_stat "$dev" "drops.$reason")
	nothing_arrives "$@"
	counted "$dev" "drops.$reason" "$before" "$count"
}

bad_sources()
{
	frame_list >"$TMP/frames" <<-END
		$MAC2 01:00:5e:00:00:01
		$MAC2 ff:ff:ff:ff:ff:ff
		$MAC2 00:00:00:00:00:00
		$ALL 03:00:5e:00:53:01
		$SW 01:00:5e:00:00:02
		02:00:5e:00:53:99 00:00:00:00:00:00 --vlan 5
		01:80:c2:00:00:0e 33:33:00:00:00:01
	END
	dropped p1 bad-source 7 eth0@g1 eth0@g2 eth0@g3 vsw0 <"$TMP/frames"
	assert_jq 'all(.mac | test("^.[13579bdf]|^00:00:00:00:00:00") | not)' \
		"nothing learned from them" fdb show vsw0
}

own_source()
{
	frame_list >"$TMP/frames" <<-END
		$MAC2 $SW
		$ALL $SW
		$ALL $SW --vlan 9
		$SW $SW
	END
	dropped p1 own-source 4 eth0@g1 eth0@g2 eth0@g3 vsw0 <"$TMP/frames"
	assert_jq "map(select(.mac == \"$SW\")) | length == 1 and
		.[0].type == \"local\"" "its address stays local" fdb show vsw0
}

# A tag is announced and not there, or not wholly. On a port, the core of the
# kernel takes such a frame before the switch does.
runts()
{
	local hex=${MAC2//:}${SW//:}8100

	for cut in 0 1 2 3; do
		printf '%s%s\n' "$hex" "$(printf '%.*s' $((2 * cut)) 00000000)"
	done >"$TMP/frames"
	dropped vsw0 runt 4 vsw0 eth0@g2 eth0@g3 <"$TMP/frames"
	hex=${MAC2//:}${MAC1//:}8100
	for cut in 0 1 2 3; do
		printf '%s%s\n' "$hex" "$(printf '%.*s' $((2 * cut)) 00000000)"
	done >"$TMP/frames"
	nothing_arrives eth0@g1 eth0@g2 eth0@g3 vsw0 <"$TMP/frames"
}

groups()
{
	local n

	for n in 0 1 2 3 4 5 6 7 8 9 a b c d e f; do
		echo "01:80:c2:00:00:0$n $MAC1 --payload 0$n"
	done | frame_list
}

# arp_request MAC SENDER TARGET, in hex
arp_request()
{
	echo "0001080006040001${1}${2}000000000000$3"
}

# Frames of a device that neither a protocol nor a socket took.
no_handler()
{
	cat "/sys/class/net/$1/statistics/rx_nohandler"
}

# Not forwarded; who listens to the port gets all but the pause address.
reserved_groups()
{
	local before

	before=$(port_stat p1 drops.reserved-group)
	groups >"$TMP/frames"
	capture_start port p1 --type 88b5 -n 15 -t 60000 || return
	nothing_arrives eth0@g1 eth0@g2 eth0@g3 vsw0 <"$TMP/frames"
	check_equal "$(capture_wait port)" "$(sed 2d "$TMP/frames")" \
		"what the device of the port got"
	counted p1 drops.reserved-group "$before" 1
	assert_jq '.[0]."group-forward" == 0 and .[0]."group-host" == 65533' \
		"defaults" port show p1
	# The host's own are not forwarded either.
	frame 01:80:c2:00:00:0e $SW | dropped vsw0 reserved-group 1 vsw0 \
		eth0@g2 eth0@g3
	# Who does not listen to this very port does not hear them: by IP, no
	# guest gets past who watches vsw0.
	ip addr add 192.0.2.1/24 dev p1
	before=$(no_handler p1)
	frame_list >"$TMP/frames" <<-END
		01:80:c2:00:00:0e $MAC1 --type 0800 --payload 45
		01:80:c2:00:00:00 $MAC1 --type 86dd --payload 60
		01:80:c2:00:00:03 $MAC1 --type 0806
		01:80:c2:00:00:0e $MAC1 --vlan 0 --vlan 0 --type 0800 --payload 45
	END
	frame 01:80:c2:00:00:00 $MAC1 --type 0806 --payload "$(arp_request \
		${MAC1//:} c0000202 c0000201)" >>"$TMP/frames"
	nothing_arrives eth0@g1 eth0@g2 eth0@g3 vsw0 <"$TMP/frames"
	check_equal $(($(no_handler p1) - before)) 5 "frames that nobody wanted"
	ip addr del 192.0.2.1/24 dev p1
	# Their neighbour is a group like others.
	frame 01:80:c2:00:00:10 $MAC1 >"$TMP/frames"
	capture_start other eth0@g2 -n 1 -t 60000 || return
	frames_send eth0@g1 <"$TMP/frames"
	check_equal "$(capture_wait other)" "$(cat "$TMP/frames")" "01-80-C2-00-00-10"
}

reserved_groups_forwarded()
{
	groups >"$TMP/frames"
	vswctl port set p1 group-forward all
	check_err $? "cannot set"
	capture_start all eth0@g2 -n 16 -t 60000 || return
	frames_send eth0@g1 <"$TMP/frames"
	check_equal "$(capture_wait all)" "$(cat "$TMP/frames")" "all forwarded"

	vswctl port set p1 group-forward lldp,03
	check_err $? "cannot set"
	assert_jq '.[0]."group-forward" == 16392' "a list" port show p1
	sed '4d;15d' "$TMP/frames" >"$TMP/others"
	nothing_arrives eth0@g1 eth0@g2 eth0@g3 vsw0 <"$TMP/others"
	sed -n '4p;15p' "$TMP/frames" >"$TMP/some"
	capture_start some eth0@g3 -n 2 -t 60000 || return
	frames_send eth0@g1 <"$TMP/some"
	check_equal "$(capture_wait some)" "$(cat "$TMP/some")" "LLDP and 802.1X"
	vswctl port set p1 group-forward none
	check_err $? "cannot set back"
}

reserved_groups_refused()
{
	local mark

	vswctl port set p1 group-host none
	check_err $? "cannot set"
	groups >"$TMP/frames"
	capture_start port p1 --type 88b5 -n 1 -t 60000 --prefix 0180c2 || return
	dropped p1 reserved-group 16 eth0@g1 eth0@g2 eth0@g3 vsw0 <"$TMP/frames"
	vswctl port set p1 group-host all
	check_err $? "cannot set"
	mark=$(frame 01:80:c2:00:00:01 $MAC1 --payload 6d61726b)
	frames_send eth0@g1 <<<"$mark"
	check_equal "$(capture_wait port)" "$mark" "what the device of the port got"
	capture_start port p1 --type 88b5 -n 16 -t 60000 || return
	nothing_arrives eth0@g1 eth0@g2 eth0@g3 vsw0 <"$TMP/frames"
	check_equal "$(capture_wait port)" "$(cat "$TMP/frames")" "all sixteen"
	vswctl port set p1 group-host \
		stp,lacp,pae,04,05,06,07,08,09,0a,0b,0c,0d,lldp,0f
	check_err $? "cannot set back"
	assert_jq '.[0]."group-host" == 65533' "set back" port show p1
}

# all_kinds DST SRC: frames that a switch without VLANs need not understand.
all_kinds()
{
	sed "s/^/$1 $2 /" <<-END | frame_list
		--payload c0ffee
		--len 14
		--len 15
		--len 1514 --payload aa55
		--vlan 7 --payload 01
		--vlan 7 --len 20
		--vlan 0:5 --payload 02
		--vlan 4095:7 --payload 03
		--vlan 7 --vlan 8 --payload 04
		--vlan 100:3:88a8 --payload 05
		--vlan 100:3:88a8 --vlan 7:1 --payload 06
		--vlan 1 --vlan 2 --vlan 3 --payload 07
		--vlan 5:0:9100 --payload 08
		--type ffff --payload 09
		--type 0026 --payload 424203
		--type 0800 --payload 45
		--type 86dd --payload 60
		--type 8847 --payload 000141ff
		--vlan 7 --type 0806 --payload 00
		--vlan 9 --len 1518 --payload 0b
	END
}

# unchanged FROM TO DST SRC
unchanged()
{
	local n

	all_kinds "$3" "$4" >"$TMP/frames"
	n=$(wc -l <"$TMP/frames")
	capture_start kinds "$2" -n "$n" -t 60000 --prefix "$3" || return
	frames_send "$1" <"$TMP/frames"
	check_err $? "cannot send"
	check_equal "$(capture_wait kinds)" "$(cat "$TMP/frames")" \
		"frames from $1 at $2"
}

frames_unchanged()
{
	local before

	unchanged eth0@g1 eth0@g2 $MAC2 $MAC1
	unchanged eth0@g1 eth0@g3 02:00:5e:00:53:55 $MAC1
	unchanged eth0@g2 eth0@g1 01:00:5e:00:00:55 $MAC2
	unchanged eth0@g3 eth0@g1 $ALL $MAC3
	assert_jq 'any(.mac == "02:00:5e:00:53:01" and .vlan == 7)' \
		"addresses are learned with their VLAN" fdb show vsw0
	before=$(port_stat p1 rx-packets)
	all_kinds $MAC2 $MAC1 | frames_send eth0@g1 -n 10
	counted p1 rx-packets "$before" 200
}

frames_unchanged_to_and_from_host()
{
	unchanged vsw0 eth0@g1 $MAC1 $SW
	unchanged vsw0 eth0@g2 $ALL $SW
	unchanged eth0@g1 vsw0 $SW $MAC1
	unchanged eth0@g2 vsw0 $ALL $MAC2
}

set_mtu()
{
	local mtu=$1 n

	shift
	for n; do
		ip link set p"$n" mtu "$mtu" && ip -n g"$n" link set eth0 mtu "$mtu"
		check_err $? "cannot set the MTU of p$n"
	done
}

jumbo_frames()
{
	local len

	set_mtu 9000 1 2 3
	ip link set vsw0 mtu 9000
	check_err $? "cannot set the MTU of the switch"
	assert_jq '.[0].mtu == 9000' "MTU of the port" port show p1
	assert_jq '.[0].mtu == 9000' "MTU of the switch" switch show vsw0
	for len in 1600 4096 9014; do
		echo "$MAC2 $MAC1 --len $len --payload 0123456789"
		echo "$MAC2 $MAC1 --len $((len + 4)) --vlan 6 --payload 0123456789"
	done | frame_list >"$TMP/frames"
	capture_start jumbo eth0@g2 -n 6 -t 60000 || return
	frames_send eth0@g1 <"$TMP/frames"
	check_equal "$(capture_wait jumbo | cksum)" "$(cksum <"$TMP/frames")" \
		"jumbo frames"
	sed "s/^${MAC2//:}/${SW//:}/" "$TMP/frames" >"$TMP/host"
	capture_start jumbo vsw0 -n 6 -t 60000 || return
	frames_send eth0@g1 <"$TMP/host"
	check_equal "$(capture_wait jumbo | cksum)" "$(cksum <"$TMP/host")" \
		"jumbo frames to the host"
	set_mtu 1500 1 2 3
	ip link set vsw0 mtu 1500
}

# A tag does not count against the MTU.
too_big_for_port()
{
	local b1 b2 b3 fits

	set_mtu 9000 1 3
	# Known in that VLAN too, lest it is flooded to those that can take it.
	frame $ALL $MAC2 --vlan 6 | frames_send eth0@g2
	wait_jq 5000 '.[0]."port-name" == "p2"' "g2 is known in VLAN 6" \
		fdb get vsw0 $MAC2 vlan 6
	fits=$(frame $MAC2 $MAC1 --len 1514; frame $MAC2 $MAC1 --len 1518 --vlan 6)
	capture_start fits eth0@g2 -n 2 -t 60000 || return
	frames_send eth0@g1 <<<"$fits"
	check_equal "$(capture_wait fits)" "$fits" "frames that just fit"
	frame_list >"$TMP/frames" <<-END
		$MAC2 $MAC1 --len 1515
		$MAC2 $MAC1 --len 1518
		$MAC2 $MAC1 --len 9014
		$MAC2 $MAC1 --len 1519 --vlan 6
	END
	dropped p2 egress-mtu 4 eth0@g1 eth0@g2 eth0@g3 vsw0 <"$TMP/frames"
	# Flooded, it reaches those that can take it, and only those.
	b1=$(port_stat p1 drops.egress-mtu)
	b2=$(port_stat p2 drops.egress-mtu)
	b3=$(port_stat vsw0 drops.egress-mtu)
	frame $ALL $MAC1 --len 2000 >"$TMP/frames"
	capture_start big eth0@g3 -n 7 -t 60000 || return
	frames_send eth0@g1 -n 7 <"$TMP/frames"
	check_equal "$(capture_wait big | sort -u)" "$(cat "$TMP/frames")" "at g3"
	counted p2 drops.egress-mtu "$b2" 7
	counted vsw0 drops.egress-mtu "$b3" 7
	counted p1 drops.egress-mtu "$b1" 0
	set_mtu 1500 1 3
}

too_big_for_host()
{
	set_mtu 9000 1
	frame $SW $MAC1 --len 1515 >"$TMP/frames"
	dropped vsw0 egress-mtu 1 eth0@g1 eth0@g2 vsw0 <"$TMP/frames"
	frame $SW $MAC1 --len 1514 >"$TMP/frames"
	capture_start fits vsw0 -n 1 -t 60000 || return
	frames_send eth0@g1 <"$TMP/frames"
	check_equal "$(capture_wait fits)" "$(cat "$TMP/frames")" "what just fits"
	set_mtu 1500 1
}

same_port()
{
	frame $MAC1 02:00:5e:00:53:11 >"$TMP/frames"
	dropped p1 same-port 1 eth0@g1 eth0@g2 eth0@g3 vsw0 <"$TMP/frames"
}

uplink_to_uplink()
{
	local before

	vswctl port set p1 role uplink && vswctl port set p2 role uplink
	check_err $? "cannot set the role"
	frame $MAC2 $MAC1 >"$TMP/frames"
	before=$(port_stat p1 drops.uplink-to-uplink)
	capture_start up eth0@g2 -n 1 -t 60000 || return
	capture_start guest eth0@g3 -n 1 -t 60000 || return
	{
		cat "$TMP/frames"
		frame $ALL $MAC1
	} | frames_send eth0@g1
	check_equal "$(capture_wait guest)" "$(frame $ALL $MAC1)" "what the guest got"
	counted p1 drops.uplink-to-uplink "$before" 1
	vswctl port set p1 role guest && vswctl port set p2 role guest
	check_err $? "cannot set the role back"
	frame $ALL $MAC1 --payload 6d | frames_send eth0@g1
	check_equal "$(capture_wait up)" "$(frame $ALL $MAC1 --payload 6d)" \
		"what the other uplink got"
}

no_egress()
{
	local before

	vswctl port del p2 && vswctl port del p3
	check_err $? "cannot detach"
	before=$(port_stat p1 drops.no-egress)
	frame 02:00:5e:00:53:66 $MAC1 | frames_send eth0@g1 -n 5
	counted p1 drops.no-egress "$before" 5
	vswctl port add vsw0 p2 && vswctl port add vsw0 p3
	check_err $? "cannot attach"
	learn
}

port_down()
{
	local before

	ip -n g2 link set eth0 down
	wait_jq 5000 '.[0].state == "down"' "no carrier" port show p2
	before=$(port_stat p2 drops.egress-down)
	vswctl fdb add vsw0 $MAC2 dev p2 replace
	frame $MAC2 $MAC1 | frames_send eth0@g1 -n 6
	counted p2 drops.egress-down "$before" 6
	vswctl fdb del vsw0 $MAC2
	ip -n g2 link set eth0 up
	wait_jq 5000 '.[0].state == "forwarding"' "carrier" port show p2
	learn
}

switch_down()
{
	local before

	before=$(port_stat p1 drops.port-down)
	ip link set vsw0 down
	wait_jq 5000 'all(.state == "down")' "all ports are down" \
		port show switch vsw0
	capture_start down eth0@g2 -n 1 -t 60000 || return
	frame $MAC2 $MAC1 | frames_send eth0@g1 -n 4
	counted p1 drops.port-down "$before" 4
	ip link set vsw0 up
	wait_jq 5000 'all(.state == "forwarding")' "all ports are up" \
		port show switch vsw0
	frame $ALL $MAC1 --payload 6d | frames_send eth0@g1
	check_equal "$(capture_wait down)" "$(frame $ALL $MAC1 --payload 6d)" \
		"what g2 got since"
}

run_tests "$@"
