#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: smp=2 timeout=900
# Everything at the same time on two CPUs: frames in all directions, ports that
# come, go, are renamed, moved and set down, an FDB that grows, shrinks, is
# flushed and dumped, settings, VLANs and switches that change. And no frame is lost
# but by a counted reason: what went in came out or was dropped.
#
#	 ns g1    ns g2    ns g3    ns g4
#	+------+ +------+ +------+ +------+
#	| eth0 | | eth0 | | eth0 | | eth0 |     c1 ... c3: dummies, d4: a veth,
#	+--+---+ +--+---+ +--+---+ +--+---+     t5: a direct tap, i6: an internal
#	   | veth   | veth   | veth   | veth	port; they come and go. vsw1: too.
#	+--+--------+--------+--------+------------------------+
#	|  p1       p2       p3       p4     c1 c2 c3 d4 t5 i6 |
#	|                 vsw0                                 |
#	+------------------------------------------------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="unicast_is_conserved floods_reach_who_stays switch_goes_under_all"

# How long each of the tests makes a mess, how many entries come and go, and how
# often the switch ends in the last one.
TIME=$(full_or 300 5)
ENTRIES=$(full_or 20000 1000)
ENDS=$(full_or 50 2)
ALL=ff:ff:ff:ff:ff:ff
# Nobody sends as much.
LIMITS="storm-broadcast 100000000 storm-multicast 100000000 storm-unicast 100000000"
PIDS=()
# What the switch asks by itself has not come in: not where frames are counted.
QUERIER=off

setup()
{
	local i

	NO_IPV6=1
	# No queue of the kernel in front of a namespace gives up before us.
	sysctl -qw net.core.netdev_max_backlog=1000000
	# The dummies, too, are silent.
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	defer sysctl -qw net.ipv6.conf.default.disable_ipv6=0
	load_module && frames_start || return
	for i in 1 2 3 4; do
		ns_add g$i && veth_pair p$i eth0 g$i 02:00:5e:00:53:0$i || return
	done
	ns_add far
	for i in 1 2 3; do
		ip link add c$i type dummy && ip link set c$i up || return
		defer ip link del c$i
	done
	frame 01:80:c2:00:00:00 02:00:5e:00:53:02 >"$TMP/bpdu"
	for i in 1 2 3 4; do
		unicast_frames $i | frame_list >"$TMP/unicast$i"
	done
	awk -v n=$ENTRIES 'BEGIN { for (i = 0; i < n; i++)
		printf "02:00:60:00:%02x:%02x p1\n", i / 256, i % 256 }' >"$TMP/many"
	build && all_are_up
}

# unicast_frames I: what station I sends the others, also from addresses that are
# learned: on two stations at a time, so that they move as well.
unicast_frames()
{
	local i=$1 n

	for n in 0 1 2; do
		echo "02:00:5e:00:53:0$(((i + n) % 4 + 1)) 02:00:5e:00:53:0$i --len $((n * 400 + 60))"
	done
	for n in 0 1 2 3 4 5 6 7 8 9; do
		echo "02:00:5e:00:53:0$((i % 4 + 1)) 02:00:61:00:0$((i / 2)):0$n"
	done
}

# Where the four are is said by static entries, which no flush takes.
build()
{
	local i

	vswctl switch add vsw0 && ip link set vsw0 up || return
	for i in 1 2 3 4; do
		vswctl port add vsw0 p$i access 10 $LIMITS &&
			vswctl fdb add vsw0 02:00:5e:00:53:0$i dev p$i &&
			vswctl fdb add vsw0 02:00:5e:00:53:0$i vlan 10 dev p$i || return
	done
}

all_are_up()
{
	local i

	for i in 1 2 3 4; do
		wait_jq 5000 '.[0].state == "forwarding"' "p$i is up" port show p$i
	done
}

# again COMMAND...: in the background, over and over, until quiet is called.
# What it says does not matter: much of it must fail, in any order.
again()
{
	(until [ -e "$TMP/quiet" ]; do
		"$@"
	done) >/dev/null 2>&1 &
	PIDS+=($!)
}

# Ends what again has started: a round that has begun comes to its end.
quiet()
{
	touch "$TMP/quiet"
	wait "${PIDS[@]}"
	PIDS=()
	rm "$TMP/quiet"
}

# --- what changes ------------------------------------------------------------

ports_come_and_go()
{
	vswctl port add vsw0 c1
	ip link set c2 master vsw0
	vswctl port add vsw0 c3 role uplink
	ip link set c1 name c9
	ip link set c3 netns far
	ip -n far link set c3 netns 1
	ip link set c3 up
	ip link set c9 name c1
	vswctl port del c1
	ip link set c2 nomaster
	vswctl port del c3
}

devices_come_and_go()
{
	ip link add d4 type veth peer name eth4 netns far
	vswctl port add vsw0 d4
	ip link set d4 up
	ip -n far link set eth4 up
	vswctl fdb add vsw0 02:00:5e:00:53:44 dev d4
	ip link del d4
}

# A guest that speaks while its port goes, and closes the node when it has gone.
# What it says is of no station, so nobody else hears it.
taps_come_and_go()
{
	local node

	node=$(vswctl port add vsw0 t5 type tap queues 2) || return
	{
		(until [ -e "$TMP/quiet" ]; do
			head -c 74 /dev/zero >&9 || exit
		done) &
		ip link set t5 txqueuelen 50
		ip link set t5 down
		ip link set t5 up
		head -c 100 "$node" >/dev/null &
		vswctl port del t5
		kill $!
	} 9<>"$node"
	wait
}

# A container that speaks to the host while its NIC comes and goes, and to nobody
# whose frames are counted.
internal_comes_and_goes()
{
	vswctl port add vsw0 i6 type internal address 02:00:5e:00:53:66
	ip link set i6 up
	ip link set i6 address 02:00:5e:00:53:67
	ip link set i6 netns far name eth6
	ip -n far link set eth6 up
	ip -n far addr add 192.0.2.6/24 dev eth6
	ip -n far neigh add 192.0.2.7 nud permanent dev eth6 \
		lladdr "$(cat /sys/class/net/vsw0/address)"
	ip netns exec far ping -q -c 3 -i 0.01 -W 0.1 192.0.2.7
	vswctl port set i6 mac-limit 3 flood none hairpin on community 7
	vswctl port set i6 mtu 1400 flood all isolated on
	ip -n far link set eth6 address 02:00:5e:00:53:68
	ip -n far link set eth6 netns 1 name i6
	vswctl port del i6
	ip link add i6 link vsw0 netns far type vport
	ip -n far link del i6
}

fdb_grows_and_shrinks()
{
	vswctl fdb add vsw0 file "$TMP/many" replace
	vswctl fdb flush vsw0 vlan 7
	sed 's/p1$/c2/' "$TMP/many" >"$TMP/more"
	vswctl fdb add vsw0 file "$TMP/more" replace
	vswctl fdb flush vsw0 type dynamic
	sed 's/ .*//; s/^/fdb del vsw0 /' "$TMP/many" | head -n 100 >"$TMP/del"
	vswctl -b "$TMP/del"
}

all_is_read()
{
	vswctl -j fdb show
	bridge fdb show dev vsw0
	vswctl -j port show
	ethtool -S vsw0
	ip -d -s link show type vswitch
	vswctl -j stats show
	timeout 1 vswctl monitor
}

settings_change()
{
	# Nobody else who is counted is confined: it still speaks to all.
	vswctl port set p2 mtu 1500 learning off mac-limit 3 group-forward all community 7
	vswctl switch set vsw0 ageing 1 fdb-limit 20000
	vswctl port set p2 learning on mac-limit 0 group-forward none isolated on
	vswctl port set p2 isolated off
	vswctl port set p2 sticky on
	vswctl port set p2 locked on
	vswctl switch set vsw0 move-limit 1 move-hold 1
	vswctl port set p2 locked off sticky off
	vswctl fdb flush vsw0 type sticky
	vswctl switch set vsw0 move-limit 0
	vswctl switch set vsw0 move-limit 5 move-hold 10
	vswctl switch set vsw0 ageing 0 fdb-limit 65536
	vswctl switch set vsw0 mcast-snooping on mcast-querier $QUERIER
	vswctl mdb add vsw0 239.1.1.1 dev p2
	vswctl port set p2 mcast-router always mcast-fast-leave on mcast-limit 2
	vswctl port set p2 mcast-router never
	vswctl -j mdb show
	vswctl mdb del vsw0 239.1.1.1 dev p2
	vswctl switch set vsw0 mcast-querier off
	vswctl switch set vsw0 mcast-snooping off
	vswctl switch set vsw0 mtu 1400
	vswctl switch set vsw0 mtu 1500
}

# Of p2, where nobody may expect all that is flooded meanwhile.
states_change()
{
	vswctl port set p2 stp-state blocking storm-broadcast 1 storm-guard quarantine
	vswctl port set p2 stp-state learning bpdu-guard quarantine
	frames_send_on "$TMP/bpdu" eth0@g2
	vswctl port set p2 stp-state forwarding storm-unicast 100
	frames_send_on "$TMP/bpdu" eth0@g2
	vswctl switch set vsw0 quarantine-time 1
	vswctl port set p2 quarantine on
	vswctl port set c1 stp-state blocking loop-detect on
	vswctl port add vsw0 c2 stp-state learning
	vswctl port set p2 role uplink quarantine off
	vswctl port set p2 role guest
}

# The four never leave VLAN 10; whether that counts, is another matter.
vlans_change()
{
	vswctl switch set vsw0 vlan-aware on
	vswctl port set p1 trunk 20-400 native 10
	vswctl port set p2 dot1q-tunnel 10
	vswctl port set vsw0 trunk 10-20 translate 1000:10
	vswctl port set i6 access 10
	vswctl port set c1 trunk all
	vswctl port set d4 service 10
	vswctl port set p1 access 10
	vswctl port set p2 trunk 10-30 service 40-4000 native 10
	vswctl port set t5 trunk 10 native 20
	vswctl port set vsw0 no-vlan
	vswctl port set i6 access 20
	private_vlans_change
	vswctl switch set vsw0 vlan-aware off
}

# In a primary VLAN all of the four are promiscuous, and speak to each other as before.
private_vlans_change()
{
	vswctl switch set vsw0 vlan-stats on
	vswctl vlan set vsw0 10 primary
	vswctl vlan set vsw0 23 isolated 10
	vswctl vlan set vsw0 21 community 10
	vswctl port set c1 trunk-del 21-30
	vswctl -j vlan stats vsw0
	vswctl -j vlan private vsw0
	vswctl port set i6 access 21
	vswctl port set c1 trunk-add 25-40
	vswctl vlan unset vsw0 21
	vswctl switch set vsw0 vlan-stats off
	vswctl vlan unset vsw0 23
	vswctl vlan unset vsw0 10
}

switches_come_and_go()
{
	vswctl switch add vsw1
	ip link set vsw1 up
	vswctl port add vsw1 vsw0
	vswctl fdb add vsw1 02:00:5e:00:53:55 dev vsw0
	vswctl port add vsw0 vsw1
	vswctl switch del vsw1
}

# Of those that are measured.
links_go_down()
{
	ip link set p4 down
	ip link set p3 name p33
	ip link set p4 up
	ip link set p33 name p3
	ip -n g2 link set eth0 down
	ip -n g2 link set eth0 up
}

switch_goes_down()
{
	ip link set vsw0 down
	ip link set vsw0 up
	sleep 0.3
}

mess()
{
	again ports_come_and_go
	again devices_come_and_go
	again internal_comes_and_goes
	again fdb_grows_and_shrinks
	again all_is_read
	again settings_change
	again vlans_change
	again switches_come_and_go
}

# The module is as it was, but for the counters.
clean_up()
{
	local dev

	for dev in c1 c9 c2 c3; do
		ip -n far link set $dev netns 1
		ip link set $dev nomaster
		ip link set $dev up
	done
	ip link set c9 name c1
	ip link set p33 name p3
	ip link del d4
	ip link del t5
	ip -n far link del eth6
	ip -n far link del i6
	ip link del i6
	ip link set p4 up
	ip -n g2 link set eth0 up
	ip link set vsw0 up
	vswctl switch del vsw1
	vswctl port set p2 role guest quarantine off stp-state forwarding $LIMITS
} 2>/dev/null

# --- what is counted ---------------------------------------------------------

# "in out drops refused" of the four, as the switch counts; "refused" is of the
# drops what a device did not take.
switch_counts()
{
	vsw_get '[.[] | select(.name | test("^p[1-4]$")) | .stats] |
		[(map(."rx-packets") | add), (map(."tx-packets") | add),
		 (map(.drops[]) | add), (map(.drops."egress-queue") | add)] |
		join(" ")' port show switch vsw0
}

# "sent offered ups" of the four, as their devices count: what was sent to the
# switch, what the switch offered, taken or not, and how often they got a carrier.
station_counts()
{
	local i

	for i in 1 2 3 4; do
		ip -n g$i -j -s link show eth0
		ip -j -s link show p$i
	done | jq -rs 'map(.[0]) |
		[(map(select(.ifname == "eth0").stats64.tx.packets) | add),
		 (map(select(.ifname != "eth0").stats64.tx |
			.packets + .dropped) | add)] | join(" ")' | tr '\n' ' '
	cat /sys/class/net/p[1-4]/carrier_up_count | jq -s add
}

# Prints what is wrong with the balance since the counts BEFORE.
balance()
{
	local in out drops refused sent offered ups before

	read -ra before <<<"$1"
	read -r in out drops refused <<<"$(switch_counts)"
	read -r sent offered ups <<<"$(station_counts)"
	in=$((in - before[0])) out=$((out - before[1]))
	drops=$((drops - before[2])) refused=$((refused - before[3]))
	sent=$((sent - before[4])) offered=$((offered - before[5])) ups=$((ups - before[6]))
	echo "sent $sent, came in $in, dropped $drops, of which $refused refused;" \
		"went out $out, offered $offered; $ups times up"
	# What is refused because the device has no queue yet, Linux 6.1 does not
	# count as dropped by the device; and of what it was refused while it got one,
	# the switch may think that it was taken.
	case $(uname -r) in
	6.1.*) [ $((offered + ups)) -ge $out ] && [ $offered -le $((out + refused)) ] ;;
	*) [ $offered = $((out + refused)) ] ;;
	esac && [ $sent = $in ] && [ $in = $((out + drops)) ] && [ $in -gt 300 ]
}

unicast_is_conserved()
{
	local i before said

	before="$(switch_counts) $(station_counts)"
	for i in 1 2 3 4; do
		again frames_send_on "$TMP/unicast$i" eth0@g$i -n 300
	done
	again links_go_down
	again switch_goes_down
	again states_change
	wait_jq 60000 'map(.stats.drops."egress-down") | add > 0' \
		"frames meet a port that is down" port show switch vsw0
	wait_jq 60000 'map(.stats.drops."port-down") | add > 0' \
		"frames meet a switch that is down" port show switch vsw0
	mess
	again taps_come_and_go
	sleep $TIME
	quiet
	clean_up
	said=$(busywait 10000 balance "$before")
	check_err $? "$said"
	log "$said"
}

# Every port that stays gets each flooded frame once.
floods_reach_who_stays()
{
	local before i sent got

	frame $ALL 02:00:5e:00:53:01 >"$TMP/flood"
	before=$(vswctl -j port show switch vsw0)
	again frames_send_on "$TMP/flood" eth0@g1 -n 300
	wait_jq 60000 "map(select(.name == \"p1\"))[0].stats.\"rx-packets\" >
		$(jq 'map(select(.name == "p1"))[0].stats."rx-packets"' <<<"$before")" \
		"frames come" port show switch vsw0
	mess
	again taps_come_and_go
	sleep $TIME
	quiet
	clean_up
	sent=$(($(port_stat p1 rx-packets) - $(jq '.[] | select(.name == "p1").stats."rx-packets"' \
		<<<"$before")))
	log "flooded $sent frames"
	[ $sent -ge 300 ]
	check_err $? "too few frames"
	for i in 2 3 4; do
		got=$(($(port_stat p$i tx-flooded) - $(jq ".[] | select(.name == \"p$i\").stats.\"tx-flooded\"" \
			<<<"$before")))
		check_equal $got $sent "frames flooded to p$i"
	done
}

# Whoever dumps holds the module meanwhile, and here somebody nearly always does.
# On a busy machine with checkers a try takes a second: there must be time for
# many.
unloads()
{
	local end tries=0 held=

	end=$(($(now_ms) + 120000))
	until rmmod vswitch 2>/dev/null; do
		tries=$((tries + 1))
		held+=" $(cat /sys/module/vswitch/refcnt)"
		if [ "$(now_ms)" -ge $end ]; then
			fail "cannot unload, $1: tried $tries times, held$held"
			return
		fi
	done
	log "$1: refused to unload $tries times"
}

# The end of the switch, and of the module, while all of that goes on.
switch_goes_under_all()
{
	local i n

	QUERIER=on
	for i in 1 2 3 4; do
		again frames_send_on "$TMP/unicast$i" eth0@g$i -n 300
	done
	again frames_send_on "$TMP/flood" eth0@g1 -n 300
	mess
	for ((n = 0; n < ENDS; n++)); do
		sleep 1
		vswctl switch del vsw0
		build 2>/dev/null
		unloads "round $n"
		insmod "$(module_file)"
		check_err $? "cannot load again, round $n"
		build 2>/dev/null
	done
	quiet
	clean_up
	ip link del vsw0 2>/dev/null
	build && all_are_up
	assert_jq 'map(.name) == ["vsw0", "p1", "p2", "p3", "p4"]' "it works again" \
		port show switch vsw0
}

run_tests "$@"
