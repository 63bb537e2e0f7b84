#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# Flooding to ports of all kinds: each gets one copy, whole, whatever it does with
# it and whatever the others do with theirs. Tun taps get copies of one frame, direct
# taps share one (path/l2_flood.c).
#
#	  taps.py                               ns g3     ns g4
#	+-----------------------------------+ +-------+ +------+
#	| t1   t2   d1   d2   dm (2 queues) | | eth0  | |  i4  |
#	+-+----+----+----+----+-------------+ +-+-----+ +--+---+
#	  |    |    |    |    |                 | veth     |
#	+-+----+----+----+----+-----------------+----------+---+
#	|                                       p3        i4   |
#	|                        vsw0                          |
#	+------------------------------------------------------+
# shellcheck disable=SC2046,SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="from_tun_tap from_direct_tap from_attached from_host unknown_unicast
	tagged full_size open_checksum many_in_order too_big_for_one too_big_for_taps
	watched with_a_qdisc full_rings guest_goes port_goes"

ALL=ff:ff:ff:ff:ff:ff
M=02:00:5e:00:53:0
NOBODYS=02:00:5e:00:53:77
GUESTS="t1 t2 d1 d2 dm"

setup()
{
	local name

	NO_IPV6=1
	load_module && frames_start || return
	taps_start
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	vswctl switch add vsw0 && no_ipv6 vsw0 && ip link set vsw0 up || return
	for name in d1 d2; do
		taps_are ok "open $name" open $name \
			"$(vswctl port add vsw0 $name type tap address ${M}${name#d})"
	done
	NODE=$(vswctl port add vsw0 dm type tap queues 2 address ${M}5) || return
	taps_are ok "open dm" open dm $NODE
	taps_are ok "its second queue" open dn $NODE
	modprobe tun
	for name in t1 t2; do
		taps_are ok "open $name" open $name /dev/net/tun
		ip link set $name up && vswctl port add vsw0 $name || return
	done
	ns_add g3 && veth_pair p3 eth0 g3 ${M}3 && vswctl port add vsw0 p3 || return
	ns_add g4 && vswctl port add vsw0 i4 type internal &&
		ip link set i4 netns g4 && in_ns g4 ip link set i4 up || return
	for name in $GUESTS p3 i4; do
		wait_jq 10000 '.[0].state == "forwarding"' "$name is up" port show $name
	done
}

# taps_get FROM FRAME: what the taps that are not the sender, which is nobody if it
# is none of them, get is FRAME, once.
taps_get()
{
	local from=$1 frame=$2 name got

	for name in $GUESTS; do
		[ $name != $from ] || continue
		got=$(taps read $name 5000)
		# The flow says which of the two queues it is.
		[ $name != dm ] || [ "$got" != - ] || got=$(taps read dn 5000)
		check_equal "$got" "$frame" "what $name gets"
		taps_are - "more for $name" read $name 0
	done
	taps_are - "more for dm" read dn 0
	[ $from = nobody ] || taps_are - "back to $from" read $from 0
}

# flood FROM FRAME: from a tap; what all others get.
flood()
{
	local from=$1 frame=$2 before at

	before=$("$VSWCTL" -j port show)
	for at in eth0@g3 i4@g4 ${HOST-vsw0}; do
		capture_start flood-$at $at -n 1 -t 10000 --prefix ${frame:0:24} || return
	done
	taps_are ok "$from sends" write $from $frame
	for at in eth0@g3 i4@g4 ${HOST-vsw0}; do
		check_equal "$(capture_wait flood-$at)" $frame "what $at gets"
	done
	taps_get $from $frame
	stats_grew "$before" $from.tx-packets=0 $from.rx-packets=1 p3.tx-flooded=1 \
		i4.tx-flooded=1 $(for at in $GUESTS; do
			[ $at = $from ] || echo "$at.tx-flooded=1 $at.tx-packets=1"
		done)
}

from_tun_tap()
{
	flood t1 "$(frame $ALL ${M}a --len 60)"
}

from_direct_tap()
{
	flood d1 "$(frame $ALL ${M}b --len 60)"
}

from_attached()
{
	local frame

	frame=$(frame $ALL ${M}3 --len 60)
	echo $frame | frames_send eth0@g3
	taps_get nobody $frame
}

from_host()
{
	local frame

	frame=$(frame $ALL "$(cat /sys/class/net/vsw0/address)" --len 60)
	echo $frame | frames_send vsw0
	taps_get nobody $frame
}

# Not for the host; so the original is a tap's.
unknown_unicast()
{
	HOST='' flood t2 "$(frame $NOBODYS ${M}a --len 60)"
	HOST='' flood d2 "$(frame $NOBODYS ${M}b --len 60)"
}

tagged()
{
	flood t1 "$(frame $ALL ${M}a --vlan 7 --len 64)"
	flood d1 "$(frame $ALL ${M}b --vlan 7 --len 64)"
}

full_size()
{
	flood t1 "$(frame $ALL ${M}a --len 1514)"
	flood d1 "$(frame $ALL ${M}b --len 1514)"
}

# The guest has left the checksum of a datagram to others, and none has offered to
# take such frames: each gets it complete.
open_checksum()
{
	local head=ffffffffffff02005e00530a0800450000200000400040
	local from

	head+=11b5ccc0000201c00002ff00090009000c
	for from in t1 d1; do
		# The sum of the pseudo header, to be completed from byte 34 on.
		taps_are ok "$from sends" raw $from \
			010000000000220006000000${head}851e61626364
		taps_get $from ${head}b5fc61626364
	done
}

many_in_order()
{
	local i name got

	for i in {0..199}; do
		printf '%s%s88b5%084d%08x\n' ${ALL//:/} 02000000000c 0 $i
	done >"$TMP/many"
	frames_send eth0@g3 <"$TMP/many"
	for name in t1 t2 d1 d2; do
		taps_are "200 ordered" "$name" drain $name
	done
	got="$(taps drain dm) $(taps drain dn)"
	check_equal "$((${got%% *} + $(cut -d' ' -f3 <<<"$got")))" 200 "both queues of dm"
}

too_big_for_one()
{
	local before name frame at

	for name in t2 d2; do
		ip link set $name mtu 1000
		before=$("$VSWCTL" -j port show)
		frame=$(frame $ALL ${M}3 --len 1400)
		echo $frame | frames_send eth0@g3
		stats_grew "$before" $name.drops.egress-mtu=1 $name.tx-packets=0 \
			d1.tx-flooded=1 t1.tx-flooded=1 dm.tx-flooded=1
		taps_are - "nothing for $name" read $name 0
		ip link set $name mtu 1500
		for at in $GUESTS dn; do
			taps drain $at >/dev/null
		done
	done
}

too_big_for_taps()
{
	local before name

	for name in $GUESTS i4; do
		ip link set $name mtu 1000 2>/dev/null ||
			in_ns g4 ip link set $name mtu 1000
	done
	before=$("$VSWCTL" -j port show)
	frame $NOBODYS ${M}3 --len 1400 | frames_send eth0@g3
	stats_grew "$before" $(for name in $GUESTS i4; do
			echo "$name.drops.egress-mtu=1 $name.tx-packets=0"
		done)
	for name in $GUESTS i4; do
		ip link set $name mtu 1500 2>/dev/null ||
			in_ns g4 ip link set $name mtu 1500
	done
}

# Who captures on a tap's netdev sees the frame, and the guest gets it all the same.
watched()
{
	local name frame

	for name in t2 d2; do
		frame=$(frame $ALL ${M}a --len 60)
		capture_start watch $name -n 1 -t 10000 --dir both --prefix ${frame:0:24}
		flood t1 $frame
		check_equal "$(capture_wait watch)" $frame "what $name's watcher sees"
	done
}

with_a_qdisc()
{
	tc qdisc replace dev t2 root handle 1: pfifo limit 100
	check_err $? "pfifo"
	flood d1 "$(frame $ALL ${M}b --len 60)"
	flood t1 "$(frame $ALL ${M}a --len 60)"
	tc -s qdisc show dev t2 | grep -q ' 2 pkt'
	check_err $? "the frames did not go through it: $(tc -s qdisc show dev t2)"
	tc qdisc del dev t2 root
}

# None is lost without being counted.
full_rings()
{
	local before name got wanted=1200

	# A discipline does not say what the driver has refused.
	tc qdisc replace dev t2 root noqueue
	check_err $? "noqueue"
	before=$("$VSWCTL" -j port show)
	taps_are ok "t1 sends $wanted" write t1 "$(frame $ALL ${M}a --len 60)" $wanted
	for name in t2 d1 d2; do
		got=$(taps drain $name)
		got=${got% *}
		log "$name: $got of $wanted"
		[ $got -lt $wanted ]
		check_err $? "$name has got all"
		stats_grew "$before" $name.tx-packets=$got \
			$name.drops.egress-queue=$((wanted - got))
	done
	taps drain dm >/dev/null
	taps drain dn >/dev/null
	tc qdisc del dev t2 root
}

# What is shared stays whole when one of those that share it does not read it.
guest_goes()
{
	local frame

	frame=$(frame $ALL ${M}3 --len 60)
	echo $frame | frames_send eth0@g3
	echo $frame | frames_send eth0@g3
	taps_are $frame "d1 reads one" read d1 5000
	taps_are ok "d1 goes" close d1
	taps_are $frame "d2 reads" read d2 5000
	taps_are $frame "d2 reads again" read d2 5000
	taps_are ok "d1 comes back" open d1 "/dev/tap$(cat /sys/class/net/d1/ifindex)"
	wait_jq 10000 '.[0].state == "forwarding"' "d1 is up" port show d1
}

port_goes()
{
	local frame

	frame=$(frame $ALL ${M}3 --len 60)
	echo $frame | frames_send eth0@g3
	busywait 5000 eval 'ip link del d1 2>/dev/null; ! [ -e /sys/class/net/d1 ]'
	check_err $? "d1 is there yet"
	taps_are $frame "d2 reads" read d2 5000
	taps_are ok "its guest goes" close d1
}

run_tests "$@"
