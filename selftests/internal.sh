#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: smp=2
# Internal ports: NICs of the host's stack and of containers that are ports from
# their first to their last moment, wherever they are moved.
#
#	 ns g1               ns c1
#	+----------------+  +----------------+	     (and p2 of g2, silent)
#	| eth0 192.0.2.1 |  | eth0 192.0.2.2 |       that is in1, moved and renamed
#	+---+------------+  +---+------------+
#	    | veth              :
#	+---+-------------------+------------------+
#	|   p1        vsw0     in1             in2 |
#	|          192.0.2.254          192.0.2.3  |  in2 of the host itself
#	+------------------------------------------+
# shellcheck disable=SC2016,SC2317,SC2086 # run_tests and others call these; no
# word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="made made_by_ip refused stacked_not_enslaved moved_to_container
	container_has_no_say all_reach_each_other address_is_claimed
	address_of_a_container moved_back same_name_twice renamed_to_same_name
	made_in_a_container
	bulk_both_ways gro_joins checksums reserved_groups marks_are_apart
	queue_is_full counters deleted_everywhere switch_deleted module_removed"

IN1=02:00:5e:00:53:02
IN2=02:00:5e:00:53:03

setup()
{
	NO_IPV6=1
	# What is made in a test is silent, too.
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	defer sysctl -qw net.ipv6.conf.default.disable_ipv6=0
	load_module && frames_start || return
	vswctl switch add vsw0 && ip link set vsw0 up &&
		ip addr add 192.0.2.254/24 dev vsw0 || return
	ns_add g1 g2 c1 && veth_pair p1 eth0 g1 02:00:5e:00:53:01 192.0.2.1/24 &&
		veth_pair p2 eth0 g2 02:00:5e:00:53:04 &&
		vswctl port add vsw0 p1 && vswctl port add vsw0 p2 || return
	wait_jq 60000 '.[0].state == "forwarding"' "p1 is up" port show p1
	vswctl port add vsw0 in1 type internal address $IN1
}

# in1 is the NIC of the container, whatever was before.
in1_in_container()
{
	ip netns list | grep -q '^c1\b' || ns_add c1
	if [ ! -e /sys/class/net/in1 ] && ! vswctl port show in1 >/dev/null 2>&1; then
		vswctl port add vsw0 in1 type internal address $IN1
		check_err $? "cannot make in1"
	fi
	if [ -e /sys/class/net/in1 ]; then
		ip link set in1 netns c1 name eth0
		check_err $? "cannot move in1"
	fi
	in_ns c1 ip addr replace 192.0.2.2/24 dev eth0
	in_ns c1 ip link set eth0 up
	wait_jq 60000 '.[0].state == "forwarding"' "in1 is up" port show in1
}

# refused_with REGEX COMMAND...: check_refused where others may speak meanwhile.
refused_with()
{
	local regex=$1 said

	shift
	said=$("$@" 2>&1)
	check_fail $? "$*"
	[[ $said =~ $regex ]]
	check_err $? "$*: says '$said'"
}

# pings NS ADDRESS
pings()
{
	in_ns $1 ping -q -c 2 -i 0.1 -W 10 $2 >/dev/null
	check_err $? "$1 cannot ping $2"
}

made()
{
	assert_jq ".[0] | .type == \"internal\" and .address == \"$IN1\" and
		.state == \"down\" and .role == \"guest\" and .mtu == 1500 and
		(has(\"queues\") or has(\"guest\") or has(\"node\") |not)" \
		"as asked for" port show in1
	check_json '.[0] | .link == "vsw0" and .linkinfo.info_kind == "vport" and
		.master == null' "stacked on the switch" ip -j -d link show in1
	# It is not up before it was told how to behave in this network.
	check_json '.[0].flags | index("UP") | not' "down" ip -j link show in1
	assert_jq ".[] | select(.mac == \"$IN1\") | .\"port-name\" == \"in1\" and .type == \"static\"" \
		"known at once" fdb show vsw0
	ethtool -i in1 | grep -qx 'driver: vswitch'
	check_err $? "driver"
}

made_by_ip()
{
	ip link add in3 link vsw0 type vport
	check_err $? "ip link add"
	assert_jq '.[0].type == "internal"' "a port" port show in3
	ip link del in3
	check_err $? "ip link del"
	assert_jq 'map(.name) | index("in3") | not' "no port" port show
	assert_jq 'map(select(."port-name" == "in3")) == []' "no entry" fdb show vsw0
}

refused()
{
	check_refused "only a port of type tap has this" \
		vswctl port add vsw0 in3 type internal queues 2
	check_refused "only a port of type tap has this" \
		vswctl port add vsw0 in3 type internal owner nobody
	check_refused "static at another port" \
		vswctl port add vsw0 in3 type internal address $IN1
	check_refused "the address is the switch's" vswctl port add vsw0 in3 type internal \
		address "$(cat /sys/class/net/vsw0/address)"
	check_refused "a device of this name already" \
		vswctl port add vsw0 in1 type internal
	check_refused "a port of a vswitch only" ip link add in3 link lo type vport
	check_refused "name it with master for a tap, with link" \
		ip link add in3 type vport
	check_refused "already a port" vswctl port add vsw0 in1
	vswctl switch add vsw1
	check_refused "already a port" ip link set in1 master vsw1
	check_refused "already a port" vswctl port add vsw1 in1
	vswctl switch del vsw1
}

# What is a host's NIC may be what any NIC may be; but frames that it gets must
# not come back to the switch.
stacked_not_enslaved()
{
	ip link add br9 type bridge && ip link set in1 master br9
	check_err $? "in1 cannot be a port of a bridge"
	check_refused "would be a loop" vswctl port add vsw0 br9
	ip link set in1 nomaster
	ip link del br9
	ip link add link in1 name in1.5 type vlan id 5
	check_err $? "no VLAN device on in1"
	check_refused "would be a loop" vswctl port add vsw0 in1.5
	ip link del in1.5
	ip link add vrf9 type vrf table 9 && ip link set in1 master vrf9
	check_err $? "in1 cannot be in a VRF"
	assert_jq '.[0].type == "internal"' "a port as before" port show in1
	ip link del vrf9
}

moved_to_container()
{
	local id

	in1_in_container
	id=$(ip netns list-id | sed -n 's/^nsid \([0-9]*\) .*name: c1).*/\1/p')
	assert_jq ".[0] | .name == \"in1\" and .\"netns-id\" == $id and
		.\"netns-device\" == \"eth0\" and (has(\"ifindex\") | not)" \
		"where it is" port show in1
	check_json '.[0] | .link_netnsid != null and .master == null' "what it is there" \
		in_ns c1 ip -j link show eth0
	vswctl port set in1 mac-limit 7
	check_err $? "port set"
	assert_jq '.[0]."mac-limit" == 7' "mac-limit" port show in1
	assert_jq ".[] | select(.mac == \"$IN1\").\"port-name\" == \"in1\"" "by its name" fdb show vsw0
	vswctl fdb add vsw0 02:00:5e:00:53:77 dev in1
	check_err $? "fdb add"
	check_json 'map(select(.mac == "02:00:5e:00:53:77" or .mac == "'$IN1'")) |
		length == 2 and all(has("dst") | not)' "no other device is named" \
		bridge -j fdb show dev vsw0
	vswctl fdb del vsw0 02:00:5e:00:53:77
	check_json '.[0].flags | index("UP")' "up" in_ns c1 ip -j link show eth0
}

# Its switch is the host's: a container can use the NIC and give it back, no more.
container_has_no_say()
{
	in1_in_container
	check_refused "not a port of a vswitch" vswctl -n c1 port set eth0 mac-limit 0
	check_refused "not a port of a vswitch" vswctl -n c1 port show eth0
	check_refused "not a port of a vswitch" vswctl -n c1 port del eth0
	check_equal "$(vswctl -n c1 -j port show)" "[]" "ports there"
}

all_reach_each_other()
{
	in1_in_container
	pings g1 192.0.2.2
	pings c1 192.0.2.1
	pings c1 192.0.2.254
	pings - 192.0.2.2
	# Another internal port, in a namespace of its own.
	ns_add c2
	vswctl port add vsw0 in2 type internal address $IN2 && ip link set in2 netns c2
	in_ns c2 ip addr add 192.0.2.3/24 dev in2
	in_ns c2 ip link set in2 up
	wait_jq 60000 '.[0].state == "forwarding"' "in2 is up" port show in2
	pings c1 192.0.2.3
	pings c2 192.0.2.1
	pings c2 192.0.2.254
	ns_del c2
	busywait 10000 eval '! vswctl port show in2 >/dev/null 2>&1'
	check_err $? "in2 goes with its namespace"
}

# What a guest says does not take the address away; nor is a frame for it
# flooded before it has said anything.
address_is_claimed()
{
	in1_in_container
	# The second one is flooded, and another port gets it.
	capture_start claimed eth0@g2 -t 3000 -n 1 --prefix ${IN1//:/}
	capture_start unknown eth0@g2 -t 20000 -n 1 --prefix 02005e005399
	frame $IN1 02:00:5e:00:53:01 | frames_send eth0@g1
	frame 02:00:5e:00:53:99 $IN1 | frames_send eth0@g1
	check_equal "$(capture_wait unknown | grep -c .)" 1 "what is unknown is flooded"
	check_equal "$(capture_wait claimed)" "" "another port got"
	assert_jq ".[] | select(.mac == \"$IN1\") | .\"port-name\" == \"in1\" and .type == \"static\"" \
		"still there" fdb show vsw0
	# Somebody's address that was learned: the administrator knows better.
	vswctl port add vsw0 in2 type internal address 02:00:5e:00:53:01
	check_err $? "cannot claim what was learned"
	assert_jq '.[] | select(.mac == "02:00:5e:00:53:01") | ."port-name" == "in2"' \
		"claimed" fdb show vsw0
	ip link set in2 address $IN2
	check_err $? "cannot change the address"
	assert_jq "map(select(.\"port-name\" == \"in2\") | .mac) == [\"$IN2\"]" \
		"the new one, and not the old" fdb show vsw0
	refused_with "static at another port" ip link set in2 address $IN1
	refused_with "static at another port" ip link set vsw0 address $IN2
	refused_with "is the switch's" ip link set in2 address \
		"$(cat /sys/class/net/vsw0/address)"
	# What the administrator has pinned to it, is not the port's to take away.
	vswctl fdb add vsw0 02:00:5e:00:53:78 dev in2
	ip link set in2 address 02:00:5e:00:53:78
	check_err $? "cannot have an address that is static at this port"
	ip link set in2 address $IN2
	assert_jq '.[] | select(.mac == "02:00:5e:00:53:78") | ."port-name" == "in2"' \
		"still pinned" fdb show vsw0
	vswctl port del in2
}

# Who has got the NIC is a guest: the address is learned from what it sends, and
# is not to be held against others.
address_of_a_container()
{
	in1_in_container
	in_ns c1 ip link set eth0 address 02:00:5e:00:53:42
	check_err $? "cannot change the address"
	assert_jq 'map(select(."port-name" == "in1" and .type == "static")) == []' \
		"no claim is left" fdb show vsw0
	in_ns c1 ip neigh flush all
	pings c1 192.0.2.1
	assert_jq '.[] | select(.mac == "02:00:5e:00:53:42") | ."port-name" == "in1" and
		.type == "dynamic"' "learned" fdb show vsw0
	in_ns c1 ip link set eth0 address 02:00:5e:00:53:01
	check_err $? "cannot have the address of a guest that was learned"
	in_ns c1 ip link set eth0 address $IN1
	in_ns g1 ip neigh flush all
	pings g1 192.0.2.2
}

moved_back()
{
	in1_in_container
	in_ns c1 ip link set eth0 netns 1 name in5
	check_err $? "cannot come back"
	assert_jq '.[0] | .name == "in5" and (has("netns-id") | not)' "its name now" \
		port show in5
	check_json '.[0].link == "vsw0"' "stacked again" ip -j link show in5
	ip link add link in5 name in5.7 type vlan id 7
	check_refused "would be a loop" vswctl port add vsw0 in5.7
	ip link del in5.7
	# Its claim is its own still, and goes with the address.
	ip link set in5 address 02:00:5e:00:53:43
	assert_jq 'map(select(."port-name" == "in5").mac) == ["02:00:5e:00:53:43"]' \
		"the new address alone" fdb show vsw0
	ip link set in5 address $IN1
	ip link set in5 name in1
	assert_jq '.[0] | .name == "in1" and .ifindex != null' "renamed" port show in1
	vswctl port del in1
	check_err $? "port del"
	in1_in_container
	pings c1 192.0.2.1
}

# What is away has its name here still.
same_name_twice()
{
	in1_in_container
	check_refused "in another network namespace has this name" \
		vswctl port add vsw0 in1 type internal
	check_refused "in another network namespace has this name" \
		vswctl port add vsw0 in1 type tap
	ip link add in1 type dummy
	assert_jq ".[0].address == \"$IN1\"" "the dummy is no port" port show in1
	check_refused "in another network namespace has this name" \
		vswctl port add vsw0 in1
	refused_with "in another network namespace has this name" \
		ip link set in1 master vsw0
	ip link del in1
	assert_jq ".[0].address == \"$IN1\"" "the one that is away" port show in1
	# Nor by a number that the core finds.
	ip link add vport0 link vsw0 type vport && ip link set vport0 netns c1
	refused_with "in another network namespace has this name" \
		ip link add link vsw0 type vport
	vswctl port del vport0
	# Nor the other way round: the core looks for a number there.
	ip link add vport0 link vsw0 type vport
	refused_with "in the switch's network namespace has this name" \
		ip link add link vsw0 netns c1 type vport
	vswctl port del vport0
	# Of another switch.
	vswctl switch add vsw1
	check_refused "no such network device" vswctl fdb add vsw1 02:00:5e:00:53:77 dev in1
	vswctl switch del vsw1
}

# in1_is_ambiguous ADVICE: none of two ports is meant.
in1_is_ambiguous()
{
	local advice=$1 words

	assert_jq 'map(select(.name == "in1")) | length == 2' "both are shown" port show
	for words in "port show in1" "port set in1 mac-limit 9" "port del in1" \
		"fdb add vsw0 02:00:5e:00:53:77 dev in1"; do
		check_refused "more than one port .*has this name.*: $advice" vswctl $words
	done
}

# The core asks nobody whether a device may have a name.
renamed_to_same_name()
{
	in1_in_container
	ip link add in2 type dummy && vswctl port add vsw0 in2 && ip link set in2 name in1
	check_err $? "cannot rename"
	in1_is_ambiguous "rename the one that is here"
	ip link set in1 name in2
	assert_jq ".[0].address == \"$IN1\"" "the one that is away" port show in1
	assert_jq '.[0].type == "attached"' "the one that is here" port show in2
	# Where a switch is named, its port is meant.
	vswctl port del in2 && vswctl switch add vsw1 && vswctl port add vsw1 in2 &&
		ip link set in2 name in1
	check_refused "more than one port has this name" vswctl port show in1
	vswctl fdb add vsw0 02:00:5e:00:53:77 dev in1
	check_err $? "vsw0 has one in1"
	assert_jq '.[] | select(.mac == "02:00:5e:00:53:77") | ."port-name" == "in1"' \
		"it is its" fdb show vsw0
	vswctl fdb del vsw0 02:00:5e:00:53:77
	vswctl switch del vsw1
	ip link del in1
	# One that comes back.
	vswctl port add vsw0 in2 type internal && ip link set in2 netns c1 &&
		in_ns c1 ip link set in2 netns 1 name in1
	check_err $? "cannot come back"
	in1_is_ambiguous "rename the one that is here"
	ip link set in1 name in2
	# And goes again, with the other's name.
	ip link set in2 name in1 && ip link set in1 netns c1
	in1_is_ambiguous "rename one of them there"
	in_ns c1 ip link del in1
	assert_jq ".[0].address == \"$IN1\"" "the one that is left" port show in1
}

made_in_a_container()
{
	ns_add c2
	ip link add eth7 link vsw0 netns c2 type vport
	check_err $? "ip link add netns"
	assert_jq '.[0]."netns-device" == "eth7"' "it is there" port show eth7
	refused_with "in another network namespace has this name" \
		ip link add eth7 link vsw0 netns c1 type vport
	vswctl port del eth7
	check_err $? "port del"
	in_ns c2 ip link show eth7 >/dev/null 2>&1
	check_fail $? "it is still there"
	ns_del c2
}

# bulk FROM TO ADDRESS BYTES: TCP, both ends say the same of what went over.
bulk()
{
	local got sent port

	rm -f "$TMP/port"
	in_ns $2 /usr/bin/python3 "$SELFTESTS/bulk.py" receive "$TMP/port" >"$TMP/got" &
	busywait 120000 test -s "$TMP/port"
	read -r port <"$TMP/port"
	sent=$(in_ns $1 /usr/bin/python3 "$SELFTESTS/bulk.py" send $3 $port $4)
	wait $!
	got=$(cat "$TMP/got")
	check_equal "$got" "$sent" "data from $1 to $2"
	[ "${sent%% *}" = $4 ]
	check_err $? "$1 sent $sent"
}

bulk_both_ways()
{
	in1_in_container
	bulk g1 c1 192.0.2.2 3000000
	bulk c1 g1 192.0.2.1 3000000
	bulk - c1 192.0.2.2 3000000
	bulk c1 - 192.0.2.254 3000000
	# Frames of 64 KiB are one frame of the switch. TCP makes smaller ones on a slow
	# machine, and there are answers between them; without any, the mean is below 1514.
	assert_jq '.[0].stats | ."rx-bytes" / ."rx-packets" > 1800' "large frames" \
		port show in1
}

# in_receives: IPv4 packets that the container's stack has got.
in_receives()
{
	in_ns c1 awk '/^Ip:/ && $3 ~ /^[0-9]/ { print $4 }' /proc/net/snmp
}

gro_joins()
{
	local before packets frames

	in1_in_container
	in_ns g1 ethtool -K eth0 tso off gso off >/dev/null
	before=$(in_receives) frames=$(port_stat in1 tx-packets)
	bulk g1 c1 192.0.2.2 2000000
	packets=$(($(in_receives) - before))
	frames=$(($(port_stat in1 tx-packets) - frames))
	in_ns g1 ethtool -K eth0 tso on gso on >/dev/null
	# How many wait for each other is up to the speed of the machine; with GRO off
	# the two numbers are the same.
	[ $frames -gt 1300 ] && [ $packets -lt $((frames * 4 / 5)) ]
	check_err $? "$frames frames are $packets packets"
	in_ns c1 ethtool -K eth0 gro off
	check_err $? "GRO cannot be switched off"
	before=$(in_receives)
	in_ns g1 ethtool -K eth0 tso off gso off >/dev/null
	bulk g1 c1 192.0.2.2 200000
	[ $(($(in_receives) - before)) -gt 130 ]
	check_err $? "GRO is off, and frames are joined"
	in_ns g1 ethtool -K eth0 tso on gso on >/dev/null
	in_ns c1 ethtool -K eth0 gro on
}

# A datagram whose checksum was left open, seen where nobody can complete it.
checksums()
{
	in1_in_container
	in_ns g1 ethtool -K eth0 rx off tx off >/dev/null
	bulk c1 g1 192.0.2.1 100000
	bulk g1 c1 192.0.2.2 100000
	in_ns g1 ethtool -K eth0 rx on tx on >/dev/null
	check_equal "$(in_ns c1 awk '/^Tcp:/ && $2 ~ /^[0-9]/ { print $16 }' /proc/net/snmp)" \
		0 "checksum errors"
}

# There is no wire between a stack and the switch, so nobody else who is to hear.
reserved_groups()
{
	local before

	in1_in_container
	before=$(vswctl -j port show)
	frame 01:80:c2:00:00:0e $IN1 | frames_send eth0@c1
	stats_grew "$before" in1.drops.reserved-group=1 p1.tx-packets=0
}

# What one stack has marked a packet with, means nothing to another.
marks_are_apart()
{
	in1_in_container
	in_ns c1 ip rule add pref 100 lookup local
	in_ns c1 ip rule del pref 0
	in_ns c1 ip rule add pref 10 fwmark 7 blackhole
	in_ns c1 ping -q -c 1 -W 1 -m 7 192.0.2.254 >/dev/null 2>&1
	check_fail $? "the rule does nothing"
	ping -q -c 2 -i 0.1 -W 10 -m 7 192.0.2.2 >/dev/null
	check_err $? "a mark came along"
	in_ns c1 ip rule del pref 10
	in_ns c1 ip rule add pref 0 lookup local
	in_ns c1 ip rule del pref 100
}

# Frames for which the queue of the stack has no room: counted, and once. A
# datagram that is segmented in front of the switch comes in one burst.
queue_is_full()
{
	local drops dropped

	in1_in_container
	pings - 192.0.2.2
	ethtool -K vsw0 tx-udp-segmentation off
	sysctl -qw net.core.netdev_max_backlog=1
	/usr/bin/python3 - <<-'END'
		import socket
		sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		sock.setsockopt(socket.IPPROTO_UDP, 103, 1000)		# UDP_SEGMENT
		sock.sendto(bytes(40000), ("192.0.2.2", 9))
	END
	check_err $? "cannot send"
	sysctl -qw net.core.netdev_max_backlog=1000
	ethtool -K vsw0 tx-udp-segmentation on
	drops=$(port_stat in1 drops.egress-queue)
	dropped=$(in_ns c1 ip -j -s link show eth0 | jq '.[0].stats64.rx.dropped')
	[ "$drops" -gt 10 ]
	check_err $? "only $drops were dropped"
	check_equal "$dropped" "$drops" "dropped, by ip link and by the switch"
}

# Prints what differs between what the container and the switch count.
counts_differ()
{
	local there here

	there=$(in_ns c1 ip -j -s link show eth0 | jq -c '.[0].stats64 |
		[.tx.packets, .tx.bytes, .rx.packets, .rx.bytes]')
	here=$(vswctl -j port show in1 | jq -c '.[0].stats |
		[."rx-packets", ."rx-bytes", ."tx-packets", ."tx-bytes"]')
	[ "$there" = "$here" ] || echo "$there there, $here here"
}

# As the container sees them, and as the switch does. A frame may come between.
counters()
{
	in1_in_container
	pings c1 192.0.2.1
	busywait 10000 eval '[ -z "$(counts_differ)" ]'
	check_err $? "$(counts_differ)"
}

deleted_everywhere()
{
	in1_in_container
	in_ns c1 ip link del eth0
	check_err $? "the container gives it back"
	assert_jq 'map(.name) | index("in1") | not' "no port" port show
	assert_jq "map(select(.mac == \"$IN1\")) == []" "no entry" fdb show vsw0
	in1_in_container
	vswctl port del in1
	check_err $? "port del"
	in_ns c1 ip link show eth0 >/dev/null 2>&1
	check_fail $? "it is still there"
	in1_in_container
	ns_del c1
	busywait 10000 eval '! vswctl port show in1 >/dev/null 2>&1'
	check_err $? "in1 goes with its namespace"
}

switch_deleted()
{
	in1_in_container
	frames_send_on <(frame ff:ff:ff:ff:ff:ff $IN1) eth0@c1 -n 20000 &
	busywait 10000 eval '[ "$(port_stat in1 rx-broadcast)" -gt 0 ]'
	vswctl switch del vsw0
	check_err $? "switch del"
	in_ns c1 ip link show eth0 >/dev/null 2>&1
	check_fail $? "it is still there"
	wait $!
	vswctl switch add vsw0 && ip link set vsw0 up && vswctl port add vsw0 p1
	check_err $? "cannot make it again"
}

# Nothing in a container can keep the module.
module_removed()
{
	in1_in_container
	unload_module
	check_err $? "rmmod"
	in_ns c1 ip link show eth0 >/dev/null 2>&1
	check_fail $? "it is still there"
}

run_tests "$@"
