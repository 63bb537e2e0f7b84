#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# What a switch is for: stations on three ports and the host talk, each frame
# goes where its station is, and the usual tools show it.
#
#	 ns g1               ns g2               ns g3
#	+-----------+       +-----------+       +-----------+
#	| eth0      |       | eth0      |       | eth0      |
#	| 192.0.2.1 |       | 192.0.2.2 |       | 192.0.2.3 |
#	+-----+-----+       +-----+-----+       +-----+-----+
#	      | veth              | veth              | veth
#	   +--+-------------------+-------------------+--+
#	   |  p1                  p2                  p3 |
#	   |               vsw0  192.0.2.254             |
#	   +---------------------------------------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="switch_comes_and_goes counters_are_exact unknown_is_flooded
	known_goes_to_its_port all_ping host_pings addresses_are_learned
	ip_link_attaches ip_link_shows bridge_fdb ethtool_statistics
	two_switches_are_apart"

MAC=(02:00:5e:00:53:00 02:00:5e:00:53:01 02:00:5e:00:53:02 02:00:5e:00:53:03)
ALL=ff:ff:ff:ff:ff:ff

setup()
{
	local i

	# Without IPv6 nobody says anything unasked, so frames can be counted.
	NO_IPV6=1
	load_module && frames_start || return
	vswctl switch add vsw0 address "${MAC[0]}" && no_ipv6 vsw0 &&
		ip addr add 192.0.2.254/24 dev vsw0 && ip link set vsw0 up || return
	for i in 1 2 3; do
		ns_add g$i && veth_pair p$i eth0 g$i "${MAC[i]}" 192.0.2.$i/24 &&
			vswctl port add vsw0 p$i || return
	done
	for i in 1 2 3; do
		wait_jq 5000 '.[0].state == "forwarding"' "p$i is up" port show p$i
	done
}

switch_comes_and_goes()
{
	local out

	vswctl switch add vsw1 mtu 1400 ageing 60 fdb-limit 100 port-limit 5 \
		address 02:00:5e:00:53:10
	check_err $? "cannot add a switch"
	assert_jq 'length == 1 and (.[0] | .name == "vsw1" and .mtu == 1400 and
		.ageing == 60 and ."fdb-limit" == 100 and ."port-limit" == 5 and
		.address == "02:00:5e:00:53:10" and ."port-count" == 0 and
		."fdb-count" == 0 and ."fdb-static" == 0 and .ifindex > 0)' \
		"the new switch" switch show vsw1
	assert_jq 'map(.name) == ["vsw0", "vsw1"]' "two switches" switch show
	vswctl switch set vsw1 ageing 61 mtu 1401
	check_err $? "cannot set"
	assert_jq '.[0] | .ageing == 61 and .mtu == 1401 and ."fdb-limit" == 100' \
		"settings after set" switch show vsw1
	check_refused 'exist' vswctl switch add vsw1
	vswctl switch del vsw1
	check_err $? "cannot delete a switch"
	out=$(vswctl switch show vsw1 2>&1)
	check_equal "$?" 1 "status of show of what is gone"
	grep -q "no such" <<<"$out" || fail "show of what is gone says '$out'"
	[ ! -e /sys/class/net/vsw1 ]
	check_err $? "the netdev is still there"
	ip link add vsw1 type vswitch && ip link del vsw1
	check_err $? "ip link cannot add and delete"
	assert_jq '.[0] | .ageing == 300 and ."fdb-limit" == 65536 and
		."port-limit" == 1024 and ."port-count" == 3 and .mtu == 1500' \
		"defaults" switch show vsw0
}

# count_flow DST KIND FLOODED: 40 frames of 100 bytes from g1.
count_flow()
{
	local before flood=$((40 * $3)) group=0

	[ "$2" = unicast ] || group=40
	before=$(vswctl -j port show)
	frame "$1" "${MAC[1]}" --len 100 | frames_send eth0@g1 -n 40
	stats_grew "$before" p1.rx-packets=40 p1.rx-bytes=4000 \
		p1.rx-multicast="$([ "$2" != multicast ] && echo 0 || echo 40)" \
		p1.rx-broadcast="$([ "$2" != broadcast ] && echo 0 || echo 40)" \
		p1.tx-packets=0 p2.tx-packets=40 p2.tx-bytes=4000 \
		p2.tx-flooded=$flood p3.tx-packets=$flood p3.tx-flooded=$flood \
		vsw0.tx-packets=$group p2.rx-packets=0 p1.drops.no-egress=0
}

counters_are_exact()
{
	local moved

	vswctl fdb flush vsw0 >/dev/null
	moved=$(port_stat p2 learned)
	frame "$ALL" "${MAC[2]}" | frames_send eth0@g2
	counted p2 learned "$moved" 1
	count_flow "${MAC[2]}" unicast 0
	count_flow 02:00:5e:00:53:77 unicast 1
	count_flow 01:00:5e:00:00:77 multicast 1
	count_flow "$ALL" broadcast 1
	assert_jq '.[0].stats | ."rx-packets" >= 160 and (.drops | length >= 12)' "sums of the switch" switch show vsw0
}

# A frame that only promiscuous hosts take: ports get it, the host does not.
unknown_is_flooded()
{
	local one marker

	one=$(frame 02:00:5e:00:53:78 "${MAC[1]}" --payload 01)
	marker=$(frame "$ALL" "${MAC[1]}" --payload 02)
	capture_start c2 eth0@g2 -n 2 -t 60000 && capture_start c3 eth0@g3 -n 2 -t 60000 &&
		capture_start host vsw0 -n 1 -t 60000 || return
	printf '%s\n' "$one" "$marker" | frames_send eth0@g1
	check_equal "$(capture_wait c2)" "$one"$'\n'"$marker" "what g2 got"
	check_equal "$(capture_wait c3)" "$one"$'\n'"$marker" "what g3 got"
	check_equal "$(capture_wait host)" "$marker" "what the host got"
}

known_goes_to_its_port()
{
	local one marker

	frame "$ALL" "${MAC[2]}" | frames_send eth0@g2
	wait_jq 5000 'any(.mac == "02:00:5e:00:53:02" and ."port-name" == "p2" and
		.type == "dynamic")' "the address of g2 is known" fdb show vsw0
	one=$(frame "${MAC[2]}" "${MAC[1]}" --payload 01)
	marker=$(frame "$ALL" "${MAC[1]}" --payload 02)
	capture_start c2 eth0@g2 -n 2 -t 60000 && capture_start c3 eth0@g3 -n 1 -t 60000 &&
		capture_start host vsw0 -n 1 -t 60000 || return
	printf '%s\n' "$one" "$marker" | frames_send eth0@g1
	check_equal "$(capture_wait c2)" "$one"$'\n'"$marker" "what g2 got"
	check_equal "$(capture_wait c3)" "$marker" "what g3 got"
	check_equal "$(capture_wait host)" "$marker" "what the host got"
}

all_ping()
{
	local a b

	for a in 1 2 3; do
		for b in 1 2 3; do
			[ $a != $b ] || continue
			in_ns g$a ping -q -c 3 -i 0.05 -W 5 192.0.2.$b >/dev/null
			check_err $? "g$a cannot ping g$b"
		done
	done
}

host_pings()
{
	local i

	for i in 1 2 3; do
		ping -q -c 3 -i 0.05 -W 5 192.0.2.$i >/dev/null
		check_err $? "the host cannot ping g$i"
		in_ns g$i ping -q -c 3 -i 0.05 -W 5 192.0.2.254 >/dev/null
		check_err $? "g$i cannot ping the host"
	done
}

addresses_are_learned()
{
	local i

	vswctl fdb flush vsw0 >/dev/null
	for i in 1 2 3; do
		frame "$ALL" "${MAC[i]}" | frames_send eth0@g$i
		wait_jq 5000 ".[0].\"port-name\" == \"p$i\" and .[0].type == \"dynamic\"
			and .[0].age < 60" "the address of g$i" fdb get vsw0 "${MAC[i]}"
	done
	assert_jq 'map(select(.type == "dynamic")) | length == 3' "three addresses" \
		fdb show vsw0
	assert_jq '.[0].type == "local" and .[0]."port-name" == "vsw0"' \
		"the switch's own address" fdb get vsw0 02:00:5e:00:53:00
	assert_jq 'map(select(.type == "local")) | length == 1 and
		.[0].mac == "02:00:5e:00:53:00" and .[0]."port-name" == "vsw0"' \
		"the address of the host" fdb show vsw0
	assert_jq 'length == 1 and .[0].mac == "02:00:5e:00:53:02"' \
		"only those of a port" fdb show vsw0 port p2
	assert_jq '.[0]."fdb-count" == 3' "their number" switch show vsw0
	assert_jq '.[0]."fdb-count" == 1' "their number at p1" port show p1
	# A station that moves; one that says nothing by itself meanwhile.
	for i in 1 3 1; do
		frame "$ALL" 02:00:5e:00:53:71 | frames_send eth0@g$i
		wait_jq 5000 ".[0].\"port-name\" == \"p$i\"" "the address has moved" \
			fdb get vsw0 02:00:5e:00:53:71
	done
}

ip_link_attaches()
{
	ip link set p3 nomaster
	check_err $? "nomaster"
	assert_jq 'map(.name) == ["vsw0", "p1", "p2"]' "ports without p3" \
		port show switch vsw0
	assert_jq 'all(."port-name" != "p3")' "no entries of p3" fdb show vsw0
	in_ns g3 ping -q -c 1 -W 1 192.0.2.254 >/dev/null
	check_fail $? "a detached port reaches the host"
	ip link set p3 master vsw0
	check_err $? "master"
	assert_jq '.[0]."switch-name" == "vsw0" and .[0].role == "guest"' \
		"attached by ip link" port show p3
	in_ns g3 ping -q -c 1 -W 5 192.0.2.254 >/dev/null
	check_err $? "an attached port does not reach the host"
	vswctl port del p3 && vswctl port add vsw0 p3 role uplink
	check_err $? "vswctl port del and add"
	assert_jq '.[0].role == "uplink" and .[0]."mac-limit" == 0' "role" port show p3
	vswctl port set p3 role guest
	check_err $? "port set"
	assert_jq '.[0].role == "guest" and .[0]."mac-limit" == 4096' "role" port show p3
}

# What the host sends and gets is what the netdev counts.
host_counters_agree()
{
	ip -s -j link show vsw0 | jq -e --argjson sent "$(port_stat vsw0 rx-packets)" \
		--argjson got "$(port_stat vsw0 tx-packets)" '.[0].stats64 |
		.tx.packets == $sent and .rx.packets == $got and $sent > 0 and $got > 0'
}

ip_link_shows()
{
	local out

	check_json '.[0].linkinfo.info_kind == "vswitch" and
		.[0].stats64.rx.packets >= 0' "the switch" \
		ip -d -s -j link show vsw0
	check_json '.[0].master == "vsw0" and
		.[0].linkinfo.info_slave_kind == "vswitch" and
		.[0].promiscuity >= 1' "a port" ip -d -j link show p1
	out=$(ip -d link show master vsw0 | grep -c 'vswitch_slave\|vswitch')
	[ "$out" -ge 3 ]
	check_err $? "ip link show master finds $out lines"
	# Again if a station that is asked for once more came in between.
	out=$(busywait 10000 host_counters_agree)
	check_err $? "counters of the host: $out, $(ip -s -j link show vsw0)"
}

bridge_fdb()
{
	bridge fdb add 02:00:5e:00:53:44 dev vsw0 self static via p2
	check_err $? "cannot add"
	assert_jq '.[0].type == "static" and .[0]."port-name" == "p2"' \
		"added by bridge" fdb get vsw0 02:00:5e:00:53:44
	bridge fdb add 02:00:5e:00:53:45 dev vsw0 self via p3 vlan 7
	check_err $? "cannot add with a VLAN"
	assert_jq '.[0].vlan == 7 and .[0]."port-name" == "p3"' "with its VLAN" \
		fdb get vsw0 02:00:5e:00:53:45 vlan 7
	check_refused 'exists' bridge fdb add 02:00:5e:00:53:44 dev vsw0 self static \
		via p3
	bridge fdb replace 02:00:5e:00:53:44 dev vsw0 self static via p1
	check_err $? "cannot replace"
	assert_jq '.[0]."port-name" == "p1"' "replaced" fdb get vsw0 02:00:5e:00:53:44
	check_json 'any(.mac == "02:00:5e:00:53:44") and
		any(.mac == "02:00:5e:00:53:45" and .vlan == 7) and
		any(.mac == "02:00:5e:00:53:00" and .state == "permanent") and
		all(.flags | index("self") != null)' \
		"bridge shows" bridge -j fdb show dev vsw0
	check_refused 'port of the switch' bridge fdb add 02:00:5e:00:53:46 dev vsw0 \
		self static via lo
	check_refused 'unicast|invalid' bridge fdb add 01:00:5e:00:00:01 dev vsw0 \
		self static via p1
	bridge fdb del 02:00:5e:00:53:44 dev vsw0 self &&
		bridge fdb del 02:00:5e:00:53:45 dev vsw0 self vlan 7
	check_err $? "cannot delete"
	check_refused 'no such' bridge fdb del 02:00:5e:00:53:44 dev vsw0 self
	assert_jq 'all(.type != "static")' "nothing left" fdb show vsw0
}

ethtool_statistics()
{
	local name value

	for name in rx-packets tx-packets rx-bytes learned; do
		value=$(ethtool -S vsw0 | awk -v n="$name:" '$1 == n { print $2 }')
		check_equal "$value" "$(vsw_get ".[0].stats.\"$name\"" switch show vsw0)" \
			"ethtool -S: $name"
	done
	for name in runt bad-source egress-mtu no-egress; do
		value=$(ethtool -S vsw0 | awk -v n="drop-$name:" '$1 == n { print $2 }')
		check_equal "$value" \
			"$(vsw_get ".[0].stats.drops.\"$name\"" switch show vsw0)" \
			"ethtool -S: drop-$name"
	done
	check_equal "$(ethtool -i vsw0 | awk '$1 == "driver:" { print $2 }')" vswitch \
		"ethtool -i"
}

two_switches_are_apart()
{
	local marker

	vswctl switch add vsw1 address 02:00:5e:00:53:10 && no_ipv6 vsw1 && ip link set vsw1 up &&
		ip link set p3 nomaster && vswctl port add vsw1 p3
	check_err $? "cannot move p3 to another switch"
	capture_start c3 eth0@g3 -n 1 -t 60000 && capture_start c2 eth0@g2 -n 1 -t 60000 ||
		return
	marker=$(frame "$ALL" "${MAC[1]}")
	frames_send eth0@g1 <<<"$marker"
	check_equal "$(capture_wait c2)" "$marker" "what g2 got"
	check_equal "$(vsw_get length fdb show vsw1)" 1 "entries of vsw1"
	marker=$(frame "$ALL" 02:00:5e:00:53:10 --payload 6d)
	frames_send vsw1 <<<"$marker"
	check_equal "$(capture_wait c3)" "$marker" "what g3 got on another switch"
	vswctl switch del vsw1
	check_err $? "cannot delete a switch with a port"
	check_json '.[0].master == null' "p3 is free again" ip -j link show p3
	vswctl port add vsw0 p3
	check_err $? "cannot attach p3 again"
}

run_tests "$@"
