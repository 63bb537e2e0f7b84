#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: smp=2 timeout=900
# Who may speak at a port, and which address may be where: locked ports, sticky
# entries and ports, addresses that move too often, limits that are reached.
# Where the Linux bridge has the same, it gets the same frames: vsw0 and br0 must
# send on the same ones.
#
#	  ns g1            ns g2            ns g3
#	+-----------+    +-----------+    +-----------+
#	| eth0 eth1 |    | eth0 eth1 |    | eth0 eth1 |
#	+--+----+---+    +--+----+---+    +--+----+---+
#	   |    |           |    |           |    |
#	   p1   b1          p2   b2          p3   b3	p: on vsw0, b: on br0
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="locked locked_and_learned locked_and_vlans sticky_entry sticky_by_bridge
	sticky_file sticky_port sticky_port_goes_down
	flapping_is_held hold_ends slow_moves_are_none limits_are_told"

A=02:00:5e:00:53:0a
B=02:00:5e:00:53:0b
C=02:00:5e:00:53:0c
LISTENER=02:00:5e:00:53:02
END=02:00:5e:00:53:03
ALL=ff:ff:ff:ff:ff:ff

setup()
{
	local i

	NO_IPV6=1
	load_module && frames_start || return
	vswctl switch add vsw0 && no_ipv6 vsw0 && ip link set vsw0 up || return
	ip link add br0 type bridge forward_delay 0 mcast_snooping 0 || return
	defer ip link del br0
	no_ipv6 br0 && ip link set br0 up || return
	for i in 1 2 3; do
		ns_add g$i && veth_pair p$i eth0 g$i && veth_pair b$i eth1 g$i &&
			vswctl port add vsw0 p$i && ip link set b$i master br0 || return
	done
	ports_up
	frame $ALL $END >"$TMP/end"
	: >"$TMP/none"
}

# heard DEVS FROM FRAMES WANTED WHY: station FROM sends what is in the file FRAMES by
# each of DEVS. g2 hears what is in WANTED, and then a word of g3, who may always speak.
heard()
{
	local devs=$1 dev lines got

	mapfile -t lines <"$4"
	got=$(for dev in $devs; do
		echo "capture $dev $dev@g2 -n $((${#lines[@]} + 1)) -t 20000"
		echo "send $dev@g$2 -i $3"
		echo "send $dev@g3 -i $TMP/end"
		echo "wait $dev"
	done | frames_do)
	for dev in $devs; do
		check_equal "$(grep ^$dev <<<"$got")" "$(sed "s/^/$dev /" "$4" "$TMP/end")" \
			"$5, by $dev"
	done
}

# both FROM FRAMES WANTED WHY: so it is with vsw0 and with br0.
both()
{
	heard "eth0 eth1" "$@"
}

# From everybody a frame for the listener, and one for all.
some_frames()
{
	local i

	[ ! -s "$TMP/sent" ] || return 0
	for i in $A $B $C; do
		echo $LISTENER $i
		echo $ALL $i
	done | frame_list >"$TMP/sent"
}

# sent_by ADDRESS...: of these, those with one of the sources.
sent_by()
{
	local i

	for i; do
		grep "^.\{12\}${i//:/}" "$TMP/sent"
	done >"$TMP/wanted"
}

forget()
{
	local i dev

	printf 'fdb flush vsw0 type %s\n' dynamic static sticky >"$TMP/switch.set"
	printf 'port set %s locked off learning on sticky off mac-limit 4096\n' p1 p2 p3 \
		>>"$TMP/switch.set"
	vswctl -b "$TMP/switch.set" >/dev/null
	check_err $? "cannot forget"
	ip link set br0 type bridge fdb_flush
	for dev in b1 b2 b3; do
		printf "fdb del %s dev $dev master\n" $A $B $C $LISTENER
		echo "link set dev $dev locked off learning on"
	done >"$TMP/bridge.set"
	bridge -force -b "$TMP/bridge.set" 2>/dev/null
}

locked()
{
	local before

	some_frames
	vswctl fdb add vsw0 $A dev p1 && vswctl fdb add vsw0 $C dev p3 &&
		vswctl fdb add vsw0 $LISTENER dev p2
	bridge fdb add $A dev b1 master static && bridge fdb add $C dev b3 master static &&
		bridge fdb add $LISTENER dev b2 master static
	check_err $? "cannot add"
	vswctl port set p1 locked on && bridge link set dev b1 locked on learning off
	check_err $? "cannot lock"
	assert_jq '.[0].locked == true and .[0].learning == true' "it is" port show p1
	before=$(port_stat p1 drops.locked)
	sent_by $A
	both 1 "$TMP/sent" "$TMP/wanted" "its own station alone"
	counted p1 drops.locked $before 4
	check_refused 'no such' vswctl fdb get vsw0 $B
	assert_jq '.[0]."port-name" == "p3"' "it stays where it is" fdb get vsw0 $C

	vswctl fdb add vsw0 $B dev p1 && bridge fdb add $B dev b1 master static
	check_err $? "cannot let in"
	sent_by $A $B
	both 1 "$TMP/sent" "$TMP/wanted" "one that was let in"
	vswctl fdb del vsw0 $A && bridge fdb del $A dev b1 master
	check_err $? "cannot shut out"
	sent_by $B
	both 1 "$TMP/sent" "$TMP/wanted" "one that was shut out"

	vswctl port set p1 locked off && bridge link set dev b1 locked off learning on
	both 1 "$TMP/sent" "$TMP/sent" "all of them"
	forget
}

# What was learned before it was locked is in, until it is seen at another port.
locked_and_learned()
{
	some_frames
	frame $ALL $A >"$TMP/a"
	both 1 "$TMP/a" "$TMP/a" "it is learned"
	vswctl port set p1 locked on && bridge link set dev b1 locked on
	sent_by $A
	both 1 "$TMP/sent" "$TMP/wanted" "the one that was learned"
	both 3 "$TMP/a" "$TMP/a" "it goes"
	both 1 "$TMP/sent" "$TMP/none" "no one"
	# And nothing is learned after that is said to have ended.
	vswctl fdb flush vsw0 >/dev/null
	both 1 "$TMP/sent" "$TMP/none" "still no one"
	assert_jq '.[0]."fdb-count" == 0' "no entries" port show p1
	forget
}

locked_and_vlans()
{
	printf "$ALL $A --vlan %s\n" 0 5 6 | frame_list >"$TMP/vlans"
	vswctl fdb add vsw0 $A dev p1 vlan 5 && vswctl port set p1 locked on
	check_err $? "cannot add and lock"
	sed -n 2p "$TMP/vlans" >"$TMP/wanted"
	heard eth0 1 "$TMP/vlans" "$TMP/wanted" "that of its VLAN"
	check_refused . vswctl port set vsw0 locked on
	ip link set p1 type vswitch_slave locked off 2>/dev/null ||
		vswctl port set p1 locked off
	assert_jq '.[0].locked == false' "it is not" port show p1
	forget
}

# reaches DEV WHO OTHER WHY: what g2 sends to A comes to gWHO and not to gOTHER.
reaches()
{
	local got to last

	{
		read -r to
		read -r last
	} < <(printf "%s $LISTENER\n" $A $ALL | frame_list)
	got=$(frames_do <<-END
		capture who $1@g$2 -n 2 -t 20000
		capture other $1@g$3 -n 1 -t 20000
		say $1@g2 $A $LISTENER
		say $1@g2 $ALL $LISTENER
		wait who
		wait other
	END
	)
	check_equal "$got" "who $to"$'\n'"who $last"$'\n'"other $last" "$4 alone, by $1"
}

# An entry that is sticky on the bridge is one whose station is not moved; that it
# does not age there is another word.
sticky_entry()
{
	frame $ALL $A >"$TMP/a"
	vswctl fdb add vsw0 $A dev p1 sticky
	bridge fdb add $A dev b1 master static sticky
	check_err $? "cannot add"
	assert_jq '.[0] | .type == "sticky" and (has("age") | not)' "entry" fdb get vsw0 $A
	both 3 "$TMP/a" "$TMP/a" "what is said elsewhere is heard"
	assert_jq '.[0] | ."port-name" == "p1" and .type == "sticky"' "it stays" \
		fdb get vsw0 $A
	check_json 'any(.[]; .mac == "'$A'" and .ifname == "b1")' "on the bridge" \
		bridge -j fdb show br br0
	reaches eth0 1 3 "to the one it sticks to"
	reaches eth1 1 3 "to the one it sticks to"
	check_refused exists vswctl fdb add vsw0 $A dev p3 sticky
	check_refused exists vswctl fdb add vsw0 $A dev p3
	vswctl fdb add vsw0 $A dev p3 sticky replace
	check_err $? "cannot replace"
	assert_jq 'length == 1 and .[0]."port-name" == "p3"' "by its type" \
		fdb show vsw0 type sticky
	vswctl fdb flush vsw0 >/dev/null
	check_equal "$(vswctl fdb flush vsw0 type static)" 0 "no static one"
	check_equal "$(vswctl fdb flush vsw0 type sticky)" 1 "a sticky one"
	forget
}

sticky_by_bridge()
{
	bridge fdb add $A dev vsw0 via p1 self sticky static
	check_err $? "cannot add"
	assert_jq '.[0] | ."port-name" == "p1" and .type == "sticky"' "entry" \
		fdb get vsw0 $A
	check_json 'any(.[]; .mac == "'$A'" and .state == "static" and
		(.flags | index("sticky") != null))' "bridge shows" bridge -j fdb show dev vsw0
	check_refused 'only static and sticky' bridge fdb add $B dev vsw0 via p1 self \
		sticky dynamic
	check_refused 'no flag but sticky' bridge fdb add $B dev vsw0 via p1 self \
		extern_learn
	bridge fdb del $A dev vsw0 self
	check_err $? "cannot delete"
	forget
}

# What is shown can be made a file of, which makes the same.
sticky_file()
{
	local shown

	cat >"$TMP/file" <<-END
		$A p1 5 sticky
		$B p2 static
		$C p3 sticky	# in no VLAN
	END
	vswctl fdb add vsw0 file "$TMP/file"
	check_err $? "cannot add"
	shown=$(vsw_get '.[] | select(.type != "local") |
		"\(.mac) \(."port-name") \(.vlan // 0) \(.type)"' fdb show vsw0 | sort)
	check_equal "$shown" "$(printf '%s\n' "$A p1 5 sticky" "$B p2 0 static" \
		"$C p3 0 sticky" | sort)" "what was added"
	forget
	vswctl fdb add vsw0 file - <<<"$shown"
	check_err $? "cannot add what was shown"
	check_equal "$(vsw_get '.[] | select(.type != "local") |
		"\(.mac) \(."port-name") \(.vlan // 0) \(.type)"' fdb show vsw0 | sort)" \
		"$shown" "it is the same"
	check_refused 'unknown word|twice|VLAN' vswctl fdb add vsw0 file - <<<"$A p1 sticky 5"
	forget
}

sticky_port()
{
	local refused

	some_frames
	vswctl port set p1 sticky on mac-limit 2
	check_err $? "cannot set"
	assert_jq '.[0].sticky == true' "it is" port show p1
	refused=$(port_stat p1 learn-refused)
	heard eth0 1 "$TMP/sent" "$TMP/sent" "all of them"
	counted p1 learn-refused $refused 2
	assert_jq 'map(.mac) | sort == ["'$A'", "'$B'"]' "the first two" \
		fdb show vsw0 port p1 type sticky
	frame $ALL $A >"$TMP/a"
	heard eth0 3 "$TMP/a" "$TMP/a" "what is said elsewhere is heard"
	assert_jq '.[0]."port-name" == "p1"' "it stays" fdb get vsw0 $A
	# Together with a lock, they and no others.
	vswctl port set p1 locked on
	sent_by $A $B
	heard eth0 1 "$TMP/sent" "$TMP/wanted" "the first two"
	vswctl fdb del vsw0 $A
	sent_by $B
	heard eth0 1 "$TMP/sent" "$TMP/wanted" "the one that is left"
	forget
}

sticky_port_goes_down()
{
	frame $ALL $A >"$TMP/a"
	vswctl port set p1 sticky on
	heard eth0 1 "$TMP/a" "$TMP/a" "it is learned"
	ip link set p1 down && ip link set p1 up
	wait_jq 5000 '.[0].state == "forwarding"' "p1 is up" port show p1
	assert_jq '.[0].type == "sticky"' "it stays" fdb get vsw0 $A
	vswctl port del p1 && vswctl port add vsw0 p1 sticky on
	check_err $? "cannot attach anew"
	assert_jq '.[0].sticky == true and .[0]."fdb-count" == 0' "and goes with its port" \
		port show p1
	wait_jq 5000 '.[0].state == "forwarding"' "p1 is up" port show p1
	forget
}

# flap N [ADDRESS]: it says so often something at g1, and then at g3.
flap()
{
	local i

	for ((i = 0; i < $1; i++)); do
		echo "say eth0@g1 $ALL ${2:-$A}"
		echo "say eth0@g3 $ALL ${2:-$A}"
	done >"$TMP/flap"
	frames_do <"$TMP/flap"
}

# monitor_start: events go to a file from now on.
monitor_start()
{
	vswctl -j monitor fdb >"$TMP/events" &
	MONITOR=$!
	defer kill $MONITOR
	# It listens when it tells of this one.
	busywait 10000 eval "vswctl fdb add vsw0 02:00:5e:00:53:ff dev vsw0 replace
		sleep 0.1
		[ -s '$TMP/events' ]"
	check_err $? "the monitor tells nothing"
}

# monitor_wait FILTER WHY: it becomes true of all of them.
monitor_wait()
{
	busywait 5000 eval "jq -e -s '$1' '$TMP/events'" >/dev/null
	check_err $? "$2"
	[ $RET = 0 ] || log "$(tail -n 20 "$TMP/events")"
	kill $MONITOR
	wait $MONITOR 2>/dev/null
}

# Home is p1: it is held there, though p3 was the last to say something.
flapping_is_held()
{
	local held1 held3 moved3

	assert_jq '.[0] | ."move-limit" == 5 and ."move-window" == 10 and
		."move-hold" == 10' "as usual" switch show vsw0
	# What the tests before have moved does not count.
	vswctl switch set vsw0 move-limit 0 && vswctl switch set vsw0 move-limit 5
	monitor_start
	held1=$(port_stat p1 move-held) held3=$(port_stat p3 move-held)
	moved3=$(port_stat p3 moved)
	capture_start flood eth0@g2 -n 20 -t 20000 --prefix ${ALL//:/}${A//:/} || return
	flap 10
	check_equal "$(capture_wait flood | wc -l)" 20 "all of it is forwarded"
	counted p3 move-held $held3 7
	counted p3 moved $moved3 3
	counted p1 move-held $held1 0
	assert_jq '.[0] | ."port-name" == "p1" and .type == "dynamic"' "held" \
		fdb get vsw0 $A
	reaches eth0 1 3 "home"
	monitor_wait 'map(select(.event == "held")) | length == 1 and (.[0] |
		.mac == "'$A'" and ."port-name" == "p1" and ."from-port-name" == "p3" and
		."from-port-ifindex" == '"$(cat /sys/class/net/p3/ifindex)"')' \
		"one event, with both ports"
	# Who knows better deletes it.
	vswctl fdb del vsw0 $A
	frames_do <<<"say eth0@g3 $ALL $A"
	wait_jq 5000 '.[0]."port-name" == "p3"' "it is let go" fdb get vsw0 $A
	vswctl switch set vsw0 move-limit 0
	flap 10
	assert_jq '.[0]."port-name" == "p3"' "it moves as it likes" fdb get vsw0 $A
	counted p3 move-held $held3 7
	vswctl switch set vsw0 move-limit 5
	forget
}

hold_ends()
{
	vswctl switch set vsw0 move-limit 2 move-hold 5
	check_err $? "cannot set"
	# No more than it takes: a slow machine must not see the end of the hold.
	flap 2 $B
	assert_jq '.[0]."port-name" == "p1"' "held" fdb get vsw0 $B
	sleep 5.2
	frames_do <<<"say eth0@g3 $ALL $B"
	wait_jq 5000 '.[0]."port-name" == "p3"' "it moves again" fdb get vsw0 $B
	check_refused 'move-hold' vswctl switch set vsw0 move-hold 0
	check_refused . ip link set vsw0 type vswitch move-hold 3601
	vswctl switch set vsw0 move-limit 5 move-hold 10
	forget
}

# A standby that takes over, and the first one again, each in its time.
slow_moves_are_none()
{
	local i held

	held=$(port_stat p3 move-held)
	vswctl switch set vsw0 move-limit 1 move-window 1
	for i in 1 2 3; do
		flap 1 $C
		sleep 1.1
		frames_do <<<"say eth0@g1 $ALL $C"
		sleep 1.1
	done
	assert_jq '.[0]."port-name" == "p1"' "it is back" fdb get vsw0 $C
	counted p3 move-held $held 0
	vswctl switch set vsw0 move-limit 5 move-window 10
	forget
}

# many N: broadcast frames of as many addresses.
many()
{
	local i

	for ((i = 0; i < $1; i++)); do
		printf "$ALL 02:00:5f:00:00:%02x\n" $i
	done | frame_list
}

limits_are_told()
{
	monitor_start
	vswctl port set p1 mac-limit 4
	many 20 >"$TMP/many"
	frames_send eth0@g1 -n 5 <"$TMP/many"
	vswctl fdb flush vsw0 port p1 >/dev/null
	frames_send eth0@g1 <"$TMP/many"
	monitor_wait 'map(select(.event == "limit")) | length == 2 and all(
		.limit == "mac-limit" and ."port-name" == "p1" and
		.mac == "02:00:5f:00:00:04")' "one event for each time"
	vswctl port set p1 mac-limit 0
	vswctl fdb flush vsw0 >/dev/null
	vswctl switch set vsw0 fdb-limit 10
	check_err $? "cannot set"
	monitor_start
	frames_send eth0@g1 -n 5 <"$TMP/many"
	frames_send eth0@g3 <"$TMP/end"
	monitor_wait 'map(select(.event == "limit")) | length == 1 and
		.[0].limit == "fdb-limit" and .[0]."port-name" == "p1"' "one of the switch"
	vswctl switch set vsw0 fdb-limit 65536
	forget
}

run_tests "$@"
