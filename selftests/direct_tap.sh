#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: timeout=900
# Direct taps: who may open the node, what the netdev tells of its guest, and
# that neither the guest, nor the host, nor another namespace can do with it what
# they must not. taps.py plays the guests.
#
#	+------------------- taps.py -------------------+
#	|   /dev/tapN (queues)          /dev/tapN       |
#	+------+---------------------------+------------+
#	   +---+---------------------------+---+   ns g3
#	   |  d1          vsw0            d2   |  +------+
#	   |                              p3---+--| eth0 |
#	   +-----------------------------------+  +------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="show_tells ip_link_makes_one refused node_has_its_owner
	carrier_follows_the_guest frames_pass queues_are_limited flows_stay_in_order
	slow_guest_holds_nobody_up full_ring_is_counted ring_is_resized
	bad_header_is_counted address_is_the_administrators host_does_not_speak
	captures_see_both_ways lldp_is_heard
	sctp_is_whole offloads_begin_anew namespaces_are_apart foreign_node_is_told
	deleted_port_says_so
	module_is_held module_goes_between_guests many"

M1=02:00:5e:00:53:01
M2=02:00:5e:00:53:02
M3=02:00:5e:00:53:03
ALL=ff:ff:ff:ff:ff:ff
NOBODY=65534

setup()
{
	NO_IPV6=1
	load_module && frames_start || return
	taps_start
	vswctl switch add vsw0 && no_ipv6 vsw0 && ip link set vsw0 up || return
	D1=$(vswctl port add vsw0 d1 type tap address $M1 queues 3) &&
		D2=$(vswctl port add vsw0 d2 type tap address $M2) || return
	ns_add g3 && veth_pair p3 eth0 g3 $M3 192.0.2.3/24 && vswctl port add vsw0 p3 ||
		return
	wait_jq 10000 '.[0].state == "forwarding"' "p3 is up" port show p3
}

# Opens both; each is known to the switch afterwards.
guests_up()
{
	taps_are ok "open d1" open one $D1
	taps_are ok "open d2" open two $D2
	wait_jq 10000 '.[0].state == "forwarding"' "d1 is up" port show d1
	wait_jq 10000 '.[0].state == "forwarding"' "d2 is up" port show d2
	taps_are ok "d1 speaks" write one "$(frame $ALL $M1)"
	taps_are ok "d2 speaks" write two "$(frame $ALL $M2)"
	wait_jq 5000 '.[0]."port-name" == "d2"' "d2 is known" fdb get vsw0 $M2
	taps drain one >/dev/null
	taps drain two >/dev/null
}

guests_down()
{
	taps_are ok "close d1" close one
	taps_are ok "close d2" close two
	wait_jq 10000 '.[0].state == "down"' "d1 is down" port show d1
	wait_jq 10000 '.[0].state == "down"' "d2 is down" port show d2
}

show_tells()
{
	check_equal "$D1" "/dev/tap$(cat /sys/class/net/d1/ifindex)" "what port add says"
	assert_jq ".[0] | .type == \"tap\" and .queues == 3 and .owner == 0 and
		(has(\"group\") | not) and .node == \"$D1\" and .address == \"$M1\" and
		.state == \"down\" and .role == \"guest\" and .guest.open == 0" \
		"a tap nobody has open" port show d1
	assert_jq '.[0] | .type == "attached" and (has("node") | not)' "p3" port show p3
	assert_jq '.[0] | has("type") | not' "the host port" port show vsw0
	[ "$(cat /sys/class/net/d1/tap*/dev)" = "$(stat -c '%Hr:%Lr' $D1)" ]
	check_err $? "sysfs names another node"
	vswctl port show | grep -q '^d1 .* tap '
	check_err $? "port show has no type"
}

ip_link_makes_one()
{
	ip link add d4 master vsw0 address 02:00:5e:00:53:04 mtu 1400 type vport
	check_err $? "ip link add"
	assert_jq '.[0] | .type == "tap" and .mtu == 1400 and .queues == 1 and
		.address == "02:00:5e:00:53:04"' "by ip link" port show d4
	ip link del d4
	check_err $? "ip link del"
	check_refused 'switch' ip link add d4 type vport
	check_refused 'vswitch' ip link add d4 master p3 type vport
	[ ! -e /sys/class/net/d4 ]
	check_err $? "something is left"
}

refused()
{
	check_refused 'already' vswctl port add vsw0 d1 type tap
	check_refused 'only a port of type tap' vswctl port add vsw0 nosuch queues 2
	check_refused 'from 1 to 16' vswctl port add vsw0 d9 type tap queues 17
	check_refused 'no user' vswctl port add vsw0 d9 type tap owner nosuchuser
	check_refused 'unicast' vswctl port add vsw0 d9 type tap address 01:00:00:00:00:01
	check_refused 'must be one of attached, tap' vswctl port add vsw0 d9 type host
	ip link set d1 nomaster 2>/dev/null
	check_fail $? "a vport left its switch"
	ip link add br9 type bridge && ip link set d1 master br9 2>/dev/null
	check_fail $? "a vport went to another master"
	ip link del br9
	check_refused 'stacked' ip link add link d1 name d1.5 type vlan id 5
	check_refused 'busy' ip link add link d1 name mv9 type macvlan
	ip netns add other9 && ip link set d1 netns other9 2>/dev/null
	check_fail $? "a direct tap left its namespace"
	ip netns del other9
	assert_jq '.[0]."switch-name" == "vsw0"' "it is as it was" port show d1
}

node_has_its_owner()
{
	local node

	check_equal "$(stat -c '%u:%g:%a' $D1)" 0:0:600 "by default"
	taps_are EACCES "somebody opens it" open x $D1 $NOBODY
	node=$(vswctl port add vsw0 d4 type tap owner nobody)
	check_equal "$(stat -c '%U:%a' $node)" nobody:600 "with an owner"
	taps_are ok "the owner opens it" open x $node $NOBODY
	taps_are ok "and closes it" close x
	vswctl port del d4
	[ ! -e $node ]
	check_err $? "the node is left"
	node=$(vswctl port add vsw0 d4 type tap group nogroup)
	check_equal "$(stat -c '%U:%G:%a' $node)" root:nogroup:660 "with a group"
	assert_jq '.[0].group == 65534' "it is told" port show d4
	vswctl port del d4
}

carrier_follows_the_guest()
{
	check_equal "$(cat /sys/class/net/d1/carrier)" 0 "before"
	taps_are ok "open" open one $D1
	check_equal "$(cat /sys/class/net/d1/carrier)" 1 "while it is open"
	taps_are d1 "the name" name one
	assert_jq '.[0].guest | .open == 1 and .active == 1 and ."vnet-header" == 12 and
		.csum == false and .tso4 == false and ."ring-size" == 500' "open" port show d1
	taps_are ok "offloads" offload one 7
	assert_jq '.[0].guest | .csum and .tso4 and .tso6 and (."tso-ecn" | not)' \
		"offloads" port show d1
	taps_are ok "one more queue" open more $D1
	taps_are ok "which is not used" queue more off
	assert_jq '.[0].guest | .open == 2 and .active == 1' "queues" port show d1
	taps_are ok "close" close one
	check_equal "$(cat /sys/class/net/d1/carrier)" 1 "one is open still"
	taps_are ok "close" close more
	busywait 5000 grep -qx 0 /sys/class/net/d1/carrier
	check_err $? "the carrier stays when the guest has gone"
	wait_jq 5000 '.[0].state == "down"' "d1 is down" port show d1
}

frames_pass()
{
	local f

	guests_up
	f=$(frame $M2 $M1 --len 60)
	taps_are ok "d1 sends to d2" write one $f
	taps_are $f "what d2 gets" read two 5000
	f=$(frame $M1 $M2 --len 1514)
	taps_are ok "d2 sends to d1" write two $f
	taps_are $f "what d1 gets" read one 5000
	f=$(frame $ALL $M3 --len 64)
	echo $f | frames_send eth0@g3
	taps_are $f "d1 hears p3" read one 5000
	taps_are $f "d2 hears p3" read two 5000
	capture_start c eth0@g3 -n 1 -t 10000 --prefix ${M3//:/}
	f=$(frame $M3 $M1 --len 80)
	echo $f | frames_send eth0@g3
	taps_are ok "d1 sends to p3" write one $f
	check_equal "$(capture_wait c)" $f "p3 gets it"
	guests_down
}

# A guest of three queues; the limit of d1.
queues_are_limited()
{
	taps_are ok "first" open a $D1
	taps_are ok "second" open b $D1
	taps_are ok "third" open c $D1
	taps_are EBUSY "fourth" open d $D1
	assert_jq '.[0].guest | .open == 3 and ."ring-size" == 1500' "three" port show d1
	taps_are ok "close" close b
	taps_are ok "another" open d $D1
	taps_are ok "close" close a
	taps_are ok "close" close c
	taps_are ok "close" close d
	taps_are ok "d2 has one" open a $D2
	taps_are EBUSY "a second of d2" open b $D2
	taps_are ok "close" close a
}

flows_stay_in_order()
{
	local i q got num sum=0 used=0

	taps_are ok "open" open a $D1
	taps_are ok "open" open b $D1
	taps_are ok "open" open c $D1
	wait_jq 10000 '.[0].state == "forwarding"' "d1 is up" port show d1
	taps_are ok "d1 speaks" write a "$(frame $ALL $M1)"
	wait_jq 5000 '.[0]."port-name" == "d1"' "d1 is known" fdb get vsw0 $M1
	# UDP from 40 ports, ten numbered datagrams of each.
	for ((i = 0; i < 400; i++)); do
		printf '%s%s08004500003000000000401100000a0000030a000001' ${M1//:/} ${M3//:/}
		printf '%04x0035001c0000%024d%08x\n' $((4000 + i % 40)) 0 $i
	done >"$TMP/flows"
	frames_send eth0@g3 <"$TMP/flows"
	for q in a b c; do
		got=$(taps drain $q)
		num=${got% *}
		log "queue $q: $got"
		check_equal "${got#* }" ordered "queue $q"
		sum=$((sum + num))
		used=$((used + (num > 0)))
	done
	check_equal $sum 400 "frames in all queues"
	check_equal $used 3 "queues used"
	taps_are ok "close" close a
	taps_are ok "close" close b
	taps_are ok "close" close c
}

# d2 does not read; d1 goes on writing although its socket holds far less.
slow_guest_holds_nobody_up()
{
	guests_up
	taps_are ok "d1 sends 450 of full size" write one "$(frame $M2 $M1 --len 1514)" 450
	assert_jq '.[0].guest."ring-used" >= 450' "they wait" port show d2
	taps_are "450 ordered" "d2 reads at last" drain two
	guests_down
}

full_ring_is_counted()
{
	local before sent got

	guests_up
	before=$(port_stat d2 drops.egress-queue)
	sent=$(port_stat d2 tx-packets)
	taps_are ok "d1 sends 600" write one "$(frame $M2 $M1 --len 60)" 600
	got=$(taps drain two)
	got=${got% *}
	log "$got of 600 fit"
	[ $got -ge 480 ] && [ $got -le 510 ]
	check_err $? "$got came out of a ring of 500"
	check_equal $(($(port_stat d2 tx-packets) - sent)) $got "sent"
	check_equal $(($(port_stat d2 drops.egress-queue) - before)) $((600 - got)) "dropped"
	guests_down
}

ring_is_resized()
{
	guests_up
	ip link set d2 txqueuelen 2000
	check_err $? "txqueuelen"
	assert_jq '.[0].guest."ring-size" == 2000' "it is larger" port show d2
	taps_are ok "d1 sends 600" write one "$(frame $M2 $M1 --len 60)" 600
	taps_are "600 ordered" "all fit" drain two
	ip link set d2 txqueuelen 500
	guests_down
}

bad_header_is_counted()
{
	local before

	guests_up
	before=$(port_stat d1 drops.bad-header)
	# A checksum behind the end of the frame; half a header; no frame.
	taps_are EINVAL "an impossible header" raw one \
		"010000000000ff0f00000000$(frame $M2 $M1)"
	taps_are EINVAL "no frame" raw one 000000000000
	taps_are EINVAL "a runt" raw one 000000000000000000000000aabb
	check_equal $(($(port_stat d1 drops.bad-header) - before)) 3 "counted"
	taps_are - "nothing reaches d2" read two 200
	guests_down
}

address_is_the_administrators()
{
	taps_are ok "open" open one $D1
	taps_are EPERM "who holds the node sets it" setmac one 02:00:5e:00:53:66 $NOBODY
	check_equal "$(cat /sys/class/net/d1/address)" $M1 "address"
	taps_are ok "root sets it" setmac one 02:00:5e:00:53:66
	ip link set d1 address $M1
	check_err $? "ip link set address"
	taps_are ok "close" close one
}

# Neither by itself, with IPv6 and an address, nor when it is told to.
host_does_not_speak()
{
	local before

	vswctl port add vsw0 d4 type tap >/dev/null
	sysctl -qw net/ipv6/conf/d4/disable_ipv6=0
	taps_are ok "open" open x "$(vsw_get '.[0].node' port show d4)"
	wait_jq 10000 '.[0].state == "forwarding"' "d4 is up" port show d4
	ip addr add 198.51.100.1/24 dev d4
	ping -c 1 -W 1 198.51.100.2 >/dev/null 2>&1
	ping -c 1 -W 1 -b -I d4 255.255.255.255 >/dev/null 2>&1
	ping -c 1 -W 1 -I d4 224.0.0.251 >/dev/null 2>&1
	ping -c 1 -W 1 ff02::1%d4 >/dev/null 2>&1
	check_equal "$(port_stat d4 rx-packets)" 0 "the stack spoke"
	taps_are - "and its guest heard it" read x 100
	before=$(port_stat d4 drops.host-frame)
	frame $ALL $M1 | frames_send d4
	check_equal $(($(port_stat d4 drops.host-frame) - before)) 1 "a raw frame is counted"
	check_equal "$(port_stat d4 rx-packets)" 0 "a raw frame came in"
	taps_are ok "close" close x
	vswctl port del d4
}

captures_see_both_ways()
{
	local out in

	guests_up
	out=$(frame $M2 $M1 --len 70)
	in=$(frame $M1 $M2 --len 71)
	capture_start both d1 -n 2 -t 10000 --dir both --prefix 02005e0053
	taps_are ok "d1 sends" write one $out
	taps_are ok "d2 sends" write two $in
	taps_are $in "d1 still gets it" read one 5000
	taps_are $out "d2 still gets it" read two 5000
	check_equal "$(capture_wait both | sort)" "$(printf '%s\n' $out $in | sort)" \
		"tcpdump on d1"
	guests_down
}

# To a daemon that is bound to the device, and to nobody else.
lldp_is_heard()
{
	local lldp

	guests_up
	lldp=$(frame 01:80:c2:00:00:0e $M1 --type 88cc --len 80)
	capture_start lldp d1 -n 1 -t 10000 --type 88cc
	taps_are ok "d1 says LLDP" write one $lldp
	check_equal "$(capture_wait lldp)" $lldp "heard on d1"
	taps_are - "d2 does not hear it" read two 200
	taps_are - "d1 does not hear itself" read one 200
	guests_down
}

# The checksum of SCTP is none that a virtio_net header speaks of: g3 leaves it to
# be done, and d1 gets it done, also with offloads.
sctp_is_whole()
{
	local frame asker

	modprobe sctp || fail "there is no SCTP"
	taps_are ok "open d1" open one $D1
	taps_are ok "offloads" offload one 7
	wait_jq 10000 '.[0].state == "forwarding"' "d1 is up" port show d1
	ip -n g3 neigh replace 192.0.2.1 lladdr $M1 dev eth0
	ip netns exec g3 timeout 2 /usr/bin/python3 -c "
import socket
socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132).connect(('192.0.2.1', 7))" &
	asker=$!
	frame=$(taps read one 5000)
	[[ $frame == ${M1//:/}* ]]
	check_err $? "d1 gets $frame"
	check_equal "$(/usr/bin/python3 - "$frame" <<-'END'
		import struct, sys
		packet = bytearray.fromhex(sys.argv[1])[14:]
		size, = struct.unpack_from("!H", packet, 2)
		chunk = packet[20:size]
		got, = struct.unpack_from("<I", chunk, 8)
		chunk[8:12] = bytes(4)
		crc = 0xffffffff
		for byte in chunk:
		    crc ^= byte
		    for _ in range(8):
		        crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
		print("right" if got == crc ^ 0xffffffff else "wrong")
		END
	)" right "its CRC"
	wait $asker
	taps_are ok "close d1" close one
}

# The next guest of a tap has not asked for large frames.
offloads_begin_anew()
{
	taps_are ok "open" open one $D1
	taps_are ok "offloads" offload one 7
	taps_are ok "close" close one
	taps_are ok "open" open one $D1
	assert_jq '.[0].guest | (.csum or .tso4 or .tso6) | not' "none" port show d1
	taps_are ok "close" close one
}

# The same interface index in two namespaces.
namespaces_are_apart()
{
	local index node

	index=$(cat /sys/class/net/d1/ifindex)
	ns_add other
	vswctl -n other switch add vsw0
	ip -n other link add name d1 index $index master vsw0 type vport
	check_err $? "a vport of the same index"
	node=$(vswctl -n other -j port show d1 | jq -r '.[0].node')
	log "$D1 and $node"
	[ "$node" != "$D1" ] && [ -c "$node" ]
	check_err $? "node $node"
	taps_are ok "open the host's" open one $D1
	check_equal "$(cat /sys/class/net/d1/carrier)" 1 "the host's has its guest"
	ip -n other link set d1 up
	assert_jq '.[0].guest.open == 0' "the other one has none" -n other port show d1
	taps_are ok "open the other" open two $node
	assert_jq '.[0].guest.open == 1' "now it has" -n other port show d1
	taps_are ok "close" close one
	taps_are ok "close" close two
	ns_del other
	busywait 20000 test ! -e "$node"
	check_err $? "$node is left"
}

# A macvtap of another namespace has the name that the next node would get.
foreign_node_is_told()
{
	local next

	ns_add other2
	ip link add d4 type dummy
	next=$(($(cat /sys/class/net/d4/ifindex) + 1))
	ip -n other2 link add d0 type dummy &&
		ip -n other2 link add link d0 name m0 index $next type macvtap
	check_err $? "macvtap"
	check_fail_with 'not its node' vswctl port add vsw0 d5 type tap
	ns_del other2
	busywait 20000 test ! -e /dev/tap$next
	vswctl port del d5
	check_equal "$(vswctl port add vsw0 d5 type tap)" "/dev/tap$((next + 1))" "again"
	vswctl port del d5
	ip link del d4
}

# check_fail_with WORDS COMMAND...
check_fail_with()
{
	local want=$1 out

	shift
	out=$("$@" 2>&1)
	check_fail $? "$*"
	grep -q -- "$want" <<<"$out"
	check_err $? "$* says '$out'"
}

deleted_port_says_so()
{
	local node

	node=$(vswctl port add vsw0 d4 type tap)
	taps_are ok "open" open x $node
	taps_are ok "write" write x "$(frame $ALL $M1)"
	vswctl port del d4
	check_err $? "cannot delete a port whose node is open"
	taps_are EPIPE "write" write x "$(frame $ALL $M1)"
	taps_are ENOLINK "ask for the name" name x
	# It does not come back by itself.
	vswctl port add vsw0 d4 type tap >/dev/null
	taps_are EPIPE "write" write x "$(frame $ALL $M1)"
	taps_are ok "close" close x
	vswctl port del d4
}

module_is_held()
{
	local node

	vswctl switch add vsw1
	node=$(vswctl port add vsw1 d4 type tap)
	taps_are ok "open" open x $node
	check_refused 'in use' rmmod vswitch
	vswctl switch del vsw1
	check_err $? "cannot delete the switch"
	[ ! -e /sys/class/net/d4 ]
	check_err $? "its vport is left"
	check_refused 'in use' rmmod vswitch
	taps_are ok "close" close x
	busywait 5000 grep -qx 0 /sys/module/vswitch/refcnt
	check_err $? "the module is still held"
}

# Guests that come, say something and go; conv=nocreat, for a node that has gone is
# not to become a file.
module_goes_between_guests()
{
	local i guests

	(until [ -e "$TMP/quiet" ]; do
		for node in /dev/tap[0-9]*; do
			dd if=/dev/zero of=$node bs=74 count=1 conv=nocreat,notrunc
		done
		sleep 0.0$((RANDOM % 10))
	done) >/dev/null 2>&1 &
	guests=$!
	for i in 1 2 3 4 5 6 7 8; do
		busywait 20000 rmmod vswitch >/dev/null
		check_err $? "rmmod, round $i"
		insmod "$(module_file)" && vswctl switch add vsw0 &&
			vswctl port add vsw0 d1 type tap queues 4 >/dev/null &&
			vswctl port add vsw0 d2 type tap >/dev/null
		check_err $? "load it again, round $i"
		sleep 0.5
	done
	wait_jq 10000 '.[0].stats.drops."bad-source" > 0' "guests have spoken" port show d1
	touch "$TMP/quiet"
	wait $guests
}

many()
{
	local begin n=1000

	begin=$(now_ms)
	vswctl switch add vsw1
	seq $n | sed 's/.*/port add vsw1 m& type tap/' >"$TMP/batch"
	vswctl -b "$TMP/batch" >"$TMP/nodes"
	check_err $? "cannot add $n"
	log "$n in $(($(now_ms) - begin)) ms"
	check_equal "$(sort -u "$TMP/nodes" | wc -l)" $n "nodes"
	assert_jq ".[0].\"port-count\" == $n" "ports" switch show vsw1
	begin=$(now_ms)
	seq $n | sed 's/.*/port del m&/' >"$TMP/batch"
	vswctl -b "$TMP/batch"
	check_err $? "cannot delete them"
	log "deleted in $(($(now_ms) - begin)) ms"
	vswctl switch del vsw1
}

run_tests "$@"
