#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: icount timeout=900
# Multicast snooping, with the IGMP and MLD of real hosts and the querier of a real
# bridge, at their real times. Linux's bridge with mcast_snooping 1 does the same with
# the same hosts; where the switch does not, a line says why.
#
#	ns g1        ns g2     ns g3     ns g4
#	+--------+  +-------+ +-------+ +-------+
#	| q0     |  |       | |       | |       |	q0: a bridge, the querier
#	|  eth0  |  | eth0  | | eth0  | | eth0  |
#	+---+----+  +---+---+ +---+---+ +---+---+
#	    | veth      |         |         |
#	+---+-----------+---------+---------+---+
#	|   p1          p2        p3        p4  |
#	|           br0, then vsw0              |
#	+---------------------------------------+
# shellcheck disable=SC2016,SC2317,SC2086 # run_tests and others call these; no word has
# blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="as_the_bridge_with_old_hosts as_the_bridge_with_new_hosts floods_without_querier
	leaves own_querier gives_way neighbours_are_found static_groups events guests_are_no_routers
	vlans new_port refusals"

A=239.1.1.1		# g2
B=239.1.1.2		# g2, g3 and the host
SAME_MAC=239.129.1.1	# as A
NOBODY=239.1.1.9
A6=ff05::1:1		# g3
NOBODY6=ff05::1:9
MDNS=224.0.0.251
MDNS6=ff02::fb
SOLICITED=ff02::1:ff00:1
GROUPS_ALL="$A $B $SAME_MAC $NOBODY $MDNS 224.0.0.1 $A6 $NOBODY6 ff02::1 $MDNS6 $SOLICITED"
ENDS="p1=eth0@g1 p2=eth0@g2 p3=eth0@g3 p4=eth0@g4"

setup()
{
	local i

	load_module && modprobe bridge || return
	for i in 1 2 3 4; do
		ns_add g$i && veth_pair p$i eth0 g$i 02:00:5e:00:53:0$i || return
	done
}

# querier_start [VERSION]: with IGMPv2 and MLDv1, or 3 and 2; then there was time for
# the answers. A new one, for a bridge gives way to one without an address, which may
# have been the switch.
querier_start()
{
	local version=${1:-2}

	ip -n g1 link add q0 type bridge stp_state 0 mcast_snooping 1 mcast_querier 0 &&
		ip -n g1 addr add 192.0.2.1/24 dev q0 &&
		ip -n g1 link set eth0 master q0 && ip -n g1 link set q0 up &&
		ip -n g1 link set q0 type bridge mcast_igmp_version $version \
			mcast_mld_version $((version - 1)) mcast_query_use_ifaddr 1 mcast_querier 1
	check_err $? "querier"
	sleep 45
}

querier_stop()
{
	ip -n g1 link del q0
}

# join NS GROUP [DEV], leave NS GROUP [DEV]
join()
{
	in_ns $1 ip addr add "$2/$(bits $2)" dev ${3:-eth0} autojoin
	check_err $? "$1 cannot join $2"
}

leave()
{
	in_ns $1 ip addr del "$2/$(bits $2)" dev ${3:-eth0}
}

bits()
{
	case $1 in
	*:*) echo 128 ;;
	*) echo 32 ;;
	esac
}

members_join()
{
	join g2 $A
	join g2 $B
	join g3 $B
	join - $B $1
	join g3 $A6
}

members_leave()
{
	leave g2 $A
	leave g2 $B
	leave g3 $B
	leave g3 $A6
}

# The switch, and its ports; p1, where the router is, is no guest's.
switch_add()
{
	local i

	vswctl switch add vsw0 "$@" && ip link set vsw0 up || return
	vswctl port add vsw0 p1 role uplink || return
	for i in 2 3 4; do
		vswctl port add vsw0 p$i || return
	done
	for i in 1 2 3 4; do
		wait_jq 10000 '.[0].state == "forwarding"' "p$i is up" port show p$i
	done
}

# Snooping begins when all ports are there, so that none is new.
switch_snoop()
{
	switch_add && vswctl switch set vsw0 mcast-snooping on "$@"
	check_err $? "switch"
}

# who FROM GROUP...: who gets it, without the end that it came from.
who()
{
	local from=$1

	shift
	/usr/bin/python3 "$SELFTESTS/mcast.py" "$*" $from h=vsw0 $ENDS |
		cut -d' ' -f3- | tr '\n' '/'
}

gets()
{
	local from=$1 group=$2 want=$3 why=$4

	check_equal "$(who $from $group)" "$want/" "$why"
}

bridge_run()
{
	local i

	ip link add br0 type bridge stp_state 0 mcast_snooping 1 mcast_querier 0 &&
		ip link set br0 up
	check_err $? "bridge"
	for i in 1 2 3 4; do
		ip link set p$i master br0
	done
	busywait 20000 eval '[ "$(bridge link | grep -c "state forwarding")" = 4 ]' >/dev/null
	members_join br0
	querier_start $1
	/usr/bin/python3 "$SELFTESTS/mcast.py" "$GROUPS_ALL" "p4 p2 p1" h=br0 $ENDS
	querier_stop
	members_leave
	ip link del br0
}

switch_run()
{
	switch_snoop
	members_join vsw0
	querier_start $1
	/usr/bin/python3 "$SELFTESTS/mcast.py" "$GROUPS_ALL" "p4 p2 p1" h=vsw0 $ENDS
	querier_stop
	members_leave
	vswctl switch del vsw0
}

# The bridge prunes what is local to the link, but for 224.0.0.0/24 and ff02::1, as any
# other group (lines with -link). Where it is so, the switch gives it to all.
as_the_bridge()
{
	local from group rest

	bridge_run $1 >"$TMP/bridge" && switch_run $1 >"$TMP/switch"
	check_equal "$(wc -l <"$TMP/switch")" "$(wc -w <<<"$GROUPS_ALL $GROUPS_ALL $GROUPS_ALL")" \
		"rows"
	while read -r from group rest; do
		case $group in
		ff02::*) rest=$(tr ' ' '\n' <<<"h p1 p2 p3 p4" | grep -vx $from | paste -sd' ') ;;
		esac
		echo "$from $group${rest:+ $rest}"
	done <"$TMP/bridge" >"$TMP/wanted"
	cmp -s "$TMP/wanted" "$TMP/switch" ||
		fail "$(diff "$TMP/wanted" "$TMP/switch" | grep '^[<>]')"
	# And that is what it should be.
	check_equal "$(grep "^p4 $A " "$TMP/switch")" "p4 $A p1 p2" "a group with one member"
	check_equal "$(grep "^p4 $SAME_MAC" "$TMP/switch")" "p4 $SAME_MAC p1" "with its MAC address"
	check_equal "$(grep "^p4 $B " "$TMP/switch")" "p4 $B h p1 p2 p3" "one with the host"
}

as_the_bridge_with_old_hosts()
{
	as_the_bridge 2
}

as_the_bridge_with_new_hosts()
{
	as_the_bridge 3
}

floods_without_querier()
{
	switch_snoop
	join g2 $A
	gets p4 $A "h p1 p2 p3" "nobody asks"
	querier_start
	gets p4 $A "p1 p2" "somebody asks"
	assert_jq 'map(select(.type == "querier" and .querier == "192.0.2.1" and
		."port-name" == "p1")) | length == 1' "the querier is shown" mdb show vsw0
	assert_jq 'map(select(.type == "router" and ."port-name" == "p1")) | length == 2' \
		"its port is that of a router" mdb show vsw0
	querier_stop
	sleep 180
	gets p4 $A "p1 p2" "it was heard not long ago"
	sleep 90
	gets p4 $A "h p1 p2 p3" "it was not heard for long"
	leave g2 $A
	vswctl switch del vsw0
}

leaves()
{
	switch_snoop
	join g2 $A
	join g3 $A
	querier_start 3
	gets p4 $A "p1 p2 p3" "two members"
	leave g2 $A
	sleep 10
	gets p4 $A "p1 p3" "one has left, and the querier has asked"
	vswctl port set p3 mcast-fast-leave on
	leave g3 $A
	sleep 1
	gets p4 $A "p1" "the last one has left"
	querier_stop
	vswctl switch del vsw0
}

own_querier()
{
	switch_snoop mcast-querier on
	join g2 $A
	join g3 $A6
	sleep 45
	gets p4 $A "p2" "the switch asks"
	gets p4 $A6 "p3" "with MLD"
	gets p4 $NOBODY "" "nobody is in it"
	assert_jq 'map(select(.type == "querier" and ."port-name" == "vsw0")) | length == 2' \
		"it shows itself" mdb show
	# Members stay while they answer.
	sleep 600
	gets p4 $A "p2" "after ten minutes"
	leave g2 $A
	sleep 6
	gets p4 $A "" "it has asked who is left"
	leave g3 $A6
	vswctl switch del vsw0
}

gives_way()
{
	switch_snoop
	querier_start
	vswctl switch set vsw0 mcast-querier on
	sleep 130
	assert_jq 'map(select(.type == "querier" and .querier == "192.0.2.1")) | length == 1' \
		"the router asks" mdb show vsw0
	gets p4 $A "p1" "there is a router"
	querier_stop
	sleep 260
	assert_jq 'map(select(.type == "querier" and .querier == "0.0.0.0" and
		."port-name" == "vsw0")) | length == 1' "the switch asks" mdb show vsw0
	gets p4 $A "" "there is none any more"
	vswctl switch del vsw0
}

# What breaks where a bridge prunes without a querier.
neighbours_are_found()
{
	switch_snoop mcast-querier on
	ip -n g2 addr add 2001:db8::2/64 dev eth0 nodad
	ip -n g3 addr add 2001:db8::3/64 dev eth0 nodad
	sleep 900
	in_ns g2 ip neigh flush dev eth0
	in_ns g2 ping -6 -c 1 -W 5 2001:db8::3 >/dev/null
	check_err $? "after 15 minutes with a querier"
	vswctl switch set vsw0 mcast-querier off
	sleep 900
	in_ns g2 ip neigh flush dev eth0
	in_ns g2 ping -6 -c 1 -W 5 2001:db8::3 >/dev/null
	check_err $? "after 15 minutes without one"
	ip -n g2 addr del 2001:db8::2/64 dev eth0
	ip -n g3 addr del 2001:db8::3/64 dev eth0
	vswctl switch del vsw0
}

static_groups()
{
	switch_snoop mcast-querier on
	vswctl mdb add vsw0 $NOBODY dev p3
	check_err $? "add"
	sleep 45
	gets p4 $NOBODY "p3" "a static member"
	assert_jq "map(select(.group == \"$NOBODY\")) == [{group: \"$NOBODY\",
		\"port-name\": \"p3\", \"port-ifindex\": $(cat /sys/class/net/p3/ifindex),
		type: \"static\", \"switch-name\": \"vsw0\",
		\"switch-ifindex\": $(cat /sys/class/net/vsw0/ifindex)}]" "show" mdb show
	check_refused "static member already" vswctl mdb add vsw0 $NOBODY dev p3
	vswctl mdb del vsw0 $NOBODY dev p3
	check_err $? "del"
	gets p4 $NOBODY "" "no member"
	vswctl switch del vsw0
}

events()
{
	local pid

	switch_snoop
	vswctl -j monitor mdb >"$TMP/events" &
	pid=$!
	sleep 1
	vswctl mdb add vsw0 $A dev p3
	join g2 $A
	busywait 5000 grep -q '"joined"' "$TMP/events" >/dev/null
	vswctl port set p4 mcast-limit 1
	join g4 $A
	join g4 $B
	busywait 5000 grep -q '"limit"' "$TMP/events" >/dev/null
	vswctl port del p2
	busywait 5000 grep -q '"deleted"' "$TMP/events" >/dev/null
	kill $pid
	wait $pid 2>/dev/null
	check_equal "$(jq -r "select(.group != null and (.group | startswith(\"239\"))) |
		\"\(.event) \(.group) \(.\"port-name\")\"" "$TMP/events" | paste -sd,)" \
		"added $A p3,joined $A p2,joined $A p4,limit $B p4,deleted $A null" "events"
	leave g2 $A
	leave g4 $A
	leave g4 $B
	vswctl switch del vsw0
}

guests_are_no_routers()
{
	switch_snoop
	vswctl port set p1 role guest
	querier_start
	gets p4 $A "h p1 p2 p3" "a guest is not believed"
	vswctl port set p1 mcast-router auto
	querier_stop
	querier_start
	gets p4 $A "p1" "one that may is"
	vswctl port set p3 mcast-router always
	gets p4 $A "p1 p3" "a port with a router"
	assert_jq '.[0].mcast == {"mcast-router": "always", "mcast-fast-leave": false,
		"mcast-limit": 256}' "settings" port show p3
	querier_stop
	vswctl switch del vsw0
}

vlans()
{
	switch_add vlan-aware on
	vswctl port set vsw0 access 10
	vswctl port set p1 access 10
	vswctl port set p2 access 10
	vswctl port set p3 access 20
	vswctl port set p4 trunk 20 native 10
	vswctl switch set vsw0 mcast-snooping on
	join g2 $A
	join g3 $A
	querier_start
	gets p4 $A "p1 p2" "VLAN 10 has a querier, and a member"
	gets p3 $A "p4" "VLAN 20 has none: to all of it"
	assert_jq "map(select(.group == \"$A\") | [.vlan, .\"port-name\"]) | sort ==
		[[10, \"p2\"], [20, \"p3\"]]" "groups are of VLANs" mdb show
	vswctl switch set vsw0 vlan-aware off
	assert_jq "map(select(.type == \"dynamic\" or .type == \"querier\")) == []" \
		"VLANs mean something else" mdb show
	leave g2 $A
	leave g3 $A
	querier_stop
	vswctl switch del vsw0
}

# Who is behind a port that has come up may be a member since long.
new_port()
{
	switch_snoop mcast-querier on
	sleep 45
	gets p4 $A "" "nobody"
	ip link set p3 down
	ip link set p3 up
	wait_jq 10000 '.[0].state == "forwarding"' "p3 is up" port show p3
	gets p4 $A "p3" "a port that comes up gets all"
	sleep 262
	gets p4 $A "" "then it was asked"
	vswctl switch del vsw0
}

refusals()
{
	switch_add
	check_refused "the switch has no mcast-snooping" vswctl mdb add vsw0 $A dev p2
	check_refused "need mcast-snooping" vswctl switch set vsw0 mcast-querier on
	check_refused "need mcast-snooping" vswctl switch set vsw0 mcast-query-interval 60
	vswctl switch set vsw0 mcast-snooping on
	check_refused "not local to the link" vswctl mdb add vsw0 $MDNS dev p2
	check_refused "not local to the link" vswctl mdb add vsw0 $MDNS6 dev p2
	check_refused "not local to the link" vswctl mdb add vsw0 192.0.2.1 dev p2
	check_refused "is not VLAN-aware" vswctl mdb add vsw0 $A dev p2 vlan 5
	check_refused "not a member" vswctl mdb del vsw0 $A dev p2
	# What was added on a switch that is otherwise can be named.
	vswctl mdb add vsw0 $A dev p2
	vswctl switch set vsw0 vlan-aware on
	check_refused "must name a VLAN" vswctl mdb del vsw0 $A dev p2
	vswctl mdb del vsw0 $A dev p2 vlan 0
	check_err $? "cannot delete one without a VLAN"
	vswctl port set p2 access 10 && vswctl mdb add vsw0 $A dev p2
	vswctl switch set vsw0 vlan-aware off
	check_refused "not a member" vswctl mdb del vsw0 $A dev p2
	vswctl mdb del vsw0 $A dev p2 vlan 10
	check_err $? "cannot delete one with a VLAN"
	check_equal "$(vswctl -j mdb show vsw0)" "[]" "all is deleted"
	vswctl switch del vsw0
}

run_tests "$@"
