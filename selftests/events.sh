#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: timeout=900
# "vswctl -j monitor" tells what happens to switches, ports and entries, in
# order, and says so when it could not tell all.
#
#	 ns g1                ns g2
#	+------+             +------+
#	| eth0 |             | eth0 |
#	+--+---+             +--+---+
#	   | veth               | veth
#	+--+--------------------+--+
#	|  p1        vsw0       p2 |
#	+--------------------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="switch_events port_events fdb_events_in_order fdb_aged
	fdb_flushed_and_left bulk_is_complete groups_are_chosen
	overrun_is_told other_namespace_is_silent"

A=02:00:5e:00:53:0a
B=02:00:5e:00:53:0b
ALL=ff:ff:ff:ff:ff:ff

setup()
{
	local i

	NO_IPV6=1
	load_module && frames_start || return
	vswctl switch add vsw0 && no_ipv6 vsw0 && ip link set vsw0 up || return
	for i in 1 2; do
		ns_add g$i && veth_pair p$i eth0 g$i && vswctl port add vsw0 p$i ||
			return
	done
	wait_jq 5000 '.[0].state == "forwarding"' "p1 is up" port show p1
	wait_jq 5000 '.[0].state == "forwarding"' "p2 is up" port show p2
}

# Listens when the events of a probe come through.
monitor_start()
{
	: >"$TMP/events"
	vswctl -j monitor "$@" >"$TMP/events" 2>"$TMP/events.err" &
	MONITOR=$!
	busywait 20000 monitor_probe "$1"
	check_err $? "the monitor hears nothing: $(cat "$TMP/events.err")"
}

monitor_probe()
{
	case $1 in
	fdb)
		vswctl fdb add vsw0 02:00:5e:00:53:ff dev p1 replace
		vswctl fdb del vsw0 02:00:5e:00:53:ff
		busywait 1000 grep -q '53:ff.*deleted' "$TMP/events" ;;
	*)
		vswctl port set p2 learning on && vswctl switch set vsw0 ageing 300
		busywait 1000 test -s "$TMP/events" ;;
	esac
}

monitor_stop()
{
	kill $MONITOR
	wait $MONITOR 2>/dev/null
}

heard()
{
	jq -es "map(select($1)) | length >= ${2:-1}" "$TMP/events" >/dev/null 2>&1
}

# hears FILTER WHY [COUNT]: such an event comes.
hears()
{
	busywait 15000 heard "$1" "${3:-1}" || {
		fail "not told: $2"
		log "$(tail -n 20 "$TMP/events")"
	}
}

switch_events()
{
	monitor_start switch
	vswctl switch add vsw1
	hears '.cmd == "switch-ntf" and .name == "vsw1"' "a new switch"
	vswctl switch set vsw1 ageing 42
	hears '.cmd == "switch-ntf" and .name == "vsw1" and .ageing == 42' "a setting"
	ip link set vsw1 mtu 1400
	hears '.cmd == "switch-ntf" and .name == "vsw1" and .mtu == 1400' "its MTU"
	ip link set vsw1 name vsw2
	hears '.cmd == "switch-ntf" and .name == "vsw2"' "its name"
	vswctl switch del vsw2
	hears '.cmd == "switch-del-ntf" and .name == "vsw2"' "its end"
	monitor_stop
	check_equal "$(jq -s 'map(.cmd | startswith("switch")) | all' "$TMP/events")" \
		true "other groups are silent"
}

port_events()
{
	ip link add d0 type dummy
	monitor_start port
	vswctl port add vsw0 d0
	hears '.cmd == "port-ntf" and .name == "d0" and ."switch-name" == "vsw0" and
		.state == "down"' "attached"
	ip link set d0 up
	hears '.cmd == "port-ntf" and .name == "d0" and .state == "forwarding"' "up"
	ip link set vsw0 down
	hears '.cmd == "port-ntf" and .name == "d0" and .state == "down"' "its switch is down"
	hears '.cmd == "port-ntf" and .name == "vsw0" and .state == "down"' "and the host port"
	ip link set vsw0 up
	hears '.cmd == "port-ntf" and .name == "d0" and .state == "forwarding"' "up again" 2
	vswctl port set d0 mac-limit 17 role uplink
	hears '.name == "d0" and ."mac-limit" == 17 and .role == "uplink"' "settings"
	ip link set d0 mtu 1300
	hears '.name == "d0" and .mtu == 1300' "MTU"
	ip link set d0 down
	hears '.name == "d0" and .state == "down" and .mtu == 1300' "down"
	ip link set d0 name d1
	hears '.cmd == "port-ntf" and .name == "d1"' "renamed"
	vswctl port del d1
	hears '.cmd == "port-del-ntf" and .name == "d1"' "detached"
	ip link set d1 master vsw0 2>/dev/null
	hears '.cmd == "port-ntf" and .name == "d1"' "attached by ip link" 2
	ip link del d1
	hears '.cmd == "port-del-ntf" and .name == "d1"' "deleted" 2
	monitor_stop
	check_equal "$(jq -rs 'map(select(.name == "d0" or .name == "d1") | .cmd) |
		[.[0], .[-1]] | join(" ")' "$TMP/events")" "port-ntf port-del-ntf" \
		"the first and the last"
}

say()
{
	frame $ALL $2 | frames_send eth0@g$1
}

fdb_events_in_order()
{
	monitor_start fdb
	say 1 $A
	wait_jq 5000 '.[0]."port-name" == "p1"' "learned" fdb get vsw0 $A
	say 2 $A
	wait_jq 5000 '.[0]."port-name" == "p2"' "moved" fdb get vsw0 $A
	vswctl fdb add vsw0 $A dev p1
	vswctl fdb del vsw0 $A
	say 2 $A
	hears ".mac == \"$A\" and .event == \"learned\"" "learned again" 2
	monitor_stop
	check_equal "$(jq -rs "map(select(.mac == \"$A\") | \"\\(.event) \\(.\"port-name\")\") |
		join(\", \")" "$TMP/events")" \
		"learned p1, moved p2, added p1, deleted p1, learned p2" "events"
	check_equal "$(jq -s "map(select(.mac == \"$A\") | .\"switch-name\" == \"vsw0\" and
		.cmd == \"fdb-ntf\") | all" "$TMP/events")" true "each names its switch"
}

fdb_aged()
{
	monitor_start fdb
	vswctl switch set vsw0 ageing 1
	say 1 $B
	hears ".mac == \"$B\" and .event == \"aged\" and .\"port-name\" == \"p1\"" "aged"
	vswctl switch set vsw0 ageing 300
	monitor_stop
}

fdb_flushed_and_left()
{
	monitor_start fdb
	say 1 $B
	hears ".mac == \"$B\" and .event == \"learned\"" "learned"
	vswctl fdb flush vsw0 >/dev/null
	hears ".mac == \"$B\" and .event == \"deleted\"" "flushed"
	say 1 $B
	hears ".mac == \"$B\" and .event == \"learned\"" "learned again" 2
	vswctl port del p1
	hears ".mac == \"$B\" and .event == \"deleted\"" "its port left" 2
	monitor_stop
	vswctl port add vsw0 p1
	wait_jq 5000 '.[0].state == "forwarding"' "p1 is up" port show p1
}

# entries FIRST N: lines for "fdb add file".
entries()
{
	awk -v first=$1 -v n=$2 'BEGIN { for (i = first; i < first + n; i++)
		printf "02:00:5f:%02x:%02x:%02x p1\n", i / 65536 % 256,
			i / 256 % 256, i % 256 }'
}

# A reader that keeps up is told everything, or what it was not told.
bulk_is_complete()
{
	local got lost

	monitor_start fdb
	entries 0 1000 >"$TMP/many"
	vswctl fdb add vsw0 file "$TMP/many"
	vswctl fdb add vsw0 02:00:5e:00:53:ee dev p1
	hears '.mac == "02:00:5e:00:53:ee"' "what came last"
	monitor_stop
	got=$(jq -s 'map(select((.mac // "") | startswith("02:00:5f"))) | length' \
		"$TMP/events")
	lost=$(jq -s 'map(.overrun // 0) | add' "$TMP/events")
	log "told $got, lost $lost of 1000"
	check_equal $((got + lost)) 1000 "told and lost"
	check_equal "$(jq -rs 'map(select((.mac // "") | startswith("02:00:5f")) | .mac) |
		. == sort and . == unique' "$TMP/events")" true "in order, once"
	vswctl fdb flush vsw0 type static >/dev/null
}

groups_are_chosen()
{
	monitor_start port
	vswctl fdb add vsw0 $A dev p2 && vswctl fdb del vsw0 $A
	vswctl switch set vsw0 ageing 299 && vswctl switch set vsw0 ageing 300
	vswctl port set p1 mac-limit 77
	hears '.cmd == "port-ntf" and ."mac-limit" == 77' "the port's"
	monitor_stop
	vswctl port set p1 mac-limit 4096
	check_equal "$(jq -rs 'map(.cmd) | unique | join(" ")' "$TMP/events")" \
		port-ntf "only those of ports"
}

# The reader stands still while far more happens than its socket holds.
overrun_is_told()
{
	local told

	monitor_start fdb
	kill -STOP $MONITOR
	entries 0 20000 >"$TMP/many"
	vswctl fdb add vsw0 file "$TMP/many" && vswctl fdb flush vsw0 type static \
		>/dev/null && vswctl fdb add vsw0 file "$TMP/many"
	check_err $? "changes do not wait for readers"
	kill -CONT $MONITOR
	hears '.cmd == "overrun" or .overrun > 0' "that events were lost"
	# And it goes on afterwards.
	vswctl fdb add vsw0 02:00:5e:00:53:ab dev p1
	hears '.mac == "02:00:5e:00:53:ab" and .event == "added"' "what comes after"
	monitor_stop
	told=$(jq -s 'map(select(.mac)) | length' "$TMP/events")
	log "told $told of 60,000"
	[ $told -lt 60000 ]
	check_err $? "nothing was lost, so this tests nothing"
	vswctl fdb flush vsw0 type static >/dev/null
}

other_namespace_is_silent()
{
	ns_add other
	monitor_start switch port fdb
	vswctl -n other switch add vsw9
	ip -n other link add d9 type dummy && vswctl -n other port add vsw9 d9 &&
		vswctl -n other fdb add vsw9 $A dev d9
	check_err $? "cannot work in the other namespace"
	vswctl port set p1 mac-limit 78
	hears '.cmd == "port-ntf" and ."mac-limit" == 78' "what happens here"
	monitor_stop
	vswctl port set p1 mac-limit 4096
	# By whole strings: d9 is also a part of one random address in twenty.
	check_equal "$(jq -s '[.. | strings] | any(IN("vsw9", "d9"))' "$TMP/events")" \
		false "another namespace's events are told"
	ns_del other
}

run_tests "$@"
