#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# Entries that an administrator makes: adding, replacing, deleting, flushing by
# port, VLAN and type, many at once, all or none, and the limits.
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

ALL_TESTS="add_and_delete replace host_port_entry static_does_not_move
	dynamic_becomes_static vlans_are_apart flush_by_port flush_by_vlan
	flush_by_type bulk_5000 bulk_all_or_none bulk_bad_lines limit_of_switch
	limit_of_port learning_off goes_with_its_port"

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

flush()
{
	vswctl fdb flush vsw0 type static >/dev/null &&
		vswctl fdb flush vsw0 >/dev/null
	check_err $? "cannot flush"
}

say()
{
	frame $ALL "$2" "${@:3}" | frames_send eth0@g$1
}

add_and_delete()
{
	vswctl fdb add vsw0 $A dev p1 static && vswctl fdb add vsw0 $A dev p2 vlan 5
	check_err $? "cannot add"
	assert_jq '.[0] | ."port-name" == "p1" and .type == "static" and
		."switch-name" == "vsw0" and (has("age") | not)' "entry" \
		fdb get vsw0 $A
	assert_jq '.[0] | ."port-name" == "p2" and .vlan == 5' "entry of the VLAN" \
		fdb get vsw0 $A vlan 5
	assert_jq '.[0] | ."fdb-count" == 2 and ."fdb-static" == 2' "counts" \
		switch show vsw0
	assert_jq '.[0]."fdb-count" == 1' "count of a port" port show p1
	check_refused exists vswctl fdb add vsw0 $A dev p1
	check_refused exists vswctl fdb add vsw0 $A dev p2
	vswctl fdb del vsw0 $A
	check_err $? "cannot delete"
	assert_jq 'map(select(.type == "static")) | length == 1 and .[0].vlan == 5' \
		"only that one is gone" fdb show vsw0
	check_refused 'no such' vswctl fdb del vsw0 $A
	vswctl fdb del vsw0 $A vlan 5
	check_err $? "cannot delete that of the VLAN"
	assert_jq '.[0] | ."fdb-count" == 0 and ."fdb-static" == 0' "counts" \
		switch show vsw0
}

replace()
{
	vswctl fdb add vsw0 $A dev p1 && vswctl fdb add vsw0 $A dev p2 replace
	check_err $? "cannot replace"
	assert_jq '.[0]."port-name" == "p2"' "replaced" fdb get vsw0 $A
	assert_jq '.[0]."fdb-count" == 0' "the old port has none" port show p1
	assert_jq '.[0]."fdb-count" == 1' "the new port has one" port show p2
	vswctl fdb add vsw0 $B dev p1 replace
	check_err $? "replace adds what is not there"
	flush
}

# Frames to it go to the host, and to no port.
host_port_entry()
{
	local before

	vswctl fdb add vsw0 $A dev vsw0
	check_err $? "cannot add on the host port"
	assert_jq '.[0]."port-name" == "vsw0" and .[0].type == "static"' "entry" \
		fdb get vsw0 $A
	before=$(port_stat vsw0 tx-packets)
	frame $A $B | frames_send eth0@g1 -n 3
	counted vsw0 tx-packets "$before" 3
	flush
}

static_does_not_move()
{
	local moved learned

	vswctl fdb add vsw0 $A dev p1
	moved=$(port_stat p2 moved)
	learned=$(port_stat p2 learned)
	say 2 $A
	say 2 $B
	counted p2 learned $learned 1
	assert_jq '.[0]."port-name" == "p1" and .[0].type == "static"' \
		"it stays where it is" fdb get vsw0 $A
	counted p2 moved $moved 0
	# A dynamic one does move, and is counted.
	say 1 $B
	wait_jq 5000 '.[0]."port-name" == "p1"' "a dynamic entry moves" \
		fdb get vsw0 $B
	moved=$(port_stat p2 moved)
	say 2 $B
	counted p2 moved $moved 1
	assert_jq '.[0]."port-name" == "p2"' "and back" fdb get vsw0 $B
	flush
}

dynamic_becomes_static()
{
	say 1 $A
	wait_jq 5000 '.[0].type == "dynamic"' "it is learned" fdb get vsw0 $A
	vswctl fdb add vsw0 $A dev p2
	check_err $? "adding needs no word to replace a dynamic entry"
	assert_jq '.[0].type == "static" and .[0]."port-name" == "p2"' \
		"it is static" fdb get vsw0 $A
	assert_jq '.[0] | ."fdb-count" == 1 and ."fdb-static" == 1' "counts" \
		switch show vsw0
	flush
}

vlans_are_apart()
{
	vswctl fdb add vsw0 $A dev p1 vlan 1 && vswctl fdb add vsw0 $A dev p2 vlan 4094
	check_err $? "cannot add"
	check_refused . vswctl fdb add vsw0 $A dev p1 vlan 4095
	capture_start two eth0@g2 -n 1 -t 60000 --prefix $A || return
	{
		frame $A $B --vlan 1
		frame $A $B --vlan 4094
	} | frames_send eth0@g1
	check_equal "$(capture_wait two)" "$(frame $A $B --vlan 4094)" "at g2"
	check_equal "$(vsw_get length fdb show vsw0 vlan 4094)" 2 "those of a VLAN"
	flush
}

# Eight entries: two ports, two VLANs, both types.
some_entries()
{
	local port vlan

	flush
	for port in 1 2; do
		for vlan in 0 7; do
			vswctl fdb add vsw0 02:00:5e:00:53:$port$vlan dev p$port vlan $vlan
			check_err $? "cannot add"
		done
		say $port 02:00:5e:00:54:0$port
		say $port 02:00:5e:00:54:0$port --vlan 7:0
	done
	wait_jq 5000 '.[0]."fdb-count" == 8' "eight entries" switch show vsw0
}

# flushed N LEFT ARGUMENTS...
flushed()
{
	local n=$1 left=$2

	shift 2
	check_equal "$(vsw_get 'if type == "array" then .[0] else . end | .count' \
		fdb flush vsw0 "$@")" $n "flush $*"
	assert_jq ".[0].\"fdb-count\" == $left" "after flush $*" switch show vsw0
}

flush_by_port()
{
	some_entries
	flushed 2 6 port p1
	assert_jq 'all(.type == "static")' "dynamic ones of p1" fdb show vsw0 port p1
	assert_jq 'length == 4' "those of p2" fdb show vsw0 port p2
	flushed 2 4 port p1 type static
	assert_jq 'length == 0' "those of p1" fdb show vsw0 port p1
}

flush_by_vlan()
{
	some_entries
	flushed 2 6 vlan 7
	flushed 2 4 vlan 7 type static
	assert_jq 'length == 0' "VLAN 7" fdb show vsw0 vlan 7
	flushed 1 3 port p1 vlan 0
	flushed 0 3 vlan 9
}

flush_by_type()
{
	some_entries
	flushed 4 4
	assert_jq 'length == 4' "static ones" fdb show vsw0 type static
	assert_jq 'length == 0' "dynamic ones" fdb show vsw0 type dynamic
	flushed 0 4 type dynamic
	flushed 4 0 type static
	check_refused 'local' vswctl fdb flush vsw0 type local
	assert_jq 'length == 1' "the local one" fdb show vsw0 type local
}

# entries N PORT [VLAN]: lines for "fdb add file".
entries()
{
	awk -v n=$1 -v port=$2 -v vlan=${3:-} 'BEGIN {
		for (i = 0; i < n; i++)
			printf "02:00:5f:%02x:%02x:%02x %s %s\n", i / 65536 % 256,
				i / 256 % 256, i % 256, port, vlan }'
}

# More than fit into one request; fdb_million.sh has more still.
bulk_5000()
{
	local begin

	entries 2500 p1 >"$TMP/many"
	entries 2500 p2 9 >>"$TMP/many"
	begin=$(now_ms)
	vswctl fdb add vsw0 file "$TMP/many"
	check_err $? "cannot add 5,000"
	log "5,000 entries added in $(($(now_ms) - begin)) ms"
	assert_jq '.[0] | ."fdb-count" == 5000 and ."fdb-static" == 5000' "counts" \
		switch show vsw0
	begin=$(now_ms)
	vsw_get '.[] | select(.type == "static") |
		"\(.mac) \(."port-name") \(.vlan // "")"' fdb show vsw0 |
		sort >"$TMP/got"
	log "dumped in $(($(now_ms) - begin)) ms"
	check_equal "$(cksum <"$TMP/got")" "$(sort "$TMP/many" | cksum)" \
		"what was dumped"
	assert_jq '.[0]."port-name" == "p2"' "one of them" \
		fdb get vsw0 02:00:5f:00:09:c3 vlan 9
	check_refused exists vswctl fdb add vsw0 file "$TMP/many"
	vswctl fdb add vsw0 file "$TMP/many" replace
	check_err $? "cannot replace 5,000"
	flushed 2500 2500 port p2 type static
	flushed 2500 0 type static
}

bulk_all_or_none()
{
	entries 50 p1 >"$TMP/many"
	vswctl fdb add vsw0 02:00:5f:00:00:20 dev p2
	check_refused 'exists' vswctl fdb add vsw0 file "$TMP/many"
	vswctl fdb add vsw0 file "$TMP/many" 2>&1 | grep -q ':33\b'
	check_err $? "the line is not named"
	vswctl switch set vsw0 fdb-limit 40
	check_refused 'limit' vswctl fdb add vsw0 file <(entries 50 p1 3)
	vswctl switch set vsw0 fdb-limit 65536
	flush
	vswctl fdb add vsw0 file - <"$TMP/many"
	check_err $? "cannot read standard input"
	assert_jq '.[0]."fdb-count" == 50' "their number" switch show vsw0
	flush
}

bulk_bad_lines()
{
	local line

	while read -r line; do
		{
			entries 3 p1
			echo "$line"
		} >"$TMP/bad"
		check_refused . vswctl fdb add vsw0 file "$TMP/bad"
	done <<-END
		02:00:5f:00:01
		02:00:5f:00:01:01
		02:00:5f:00:01:01 nowhere
		02:00:5f:00:01:01 p1 4095
		02:00:5f:00:01:01 p1 1 2
		01:00:5f:00:01:01 p1
		zz:00:5f:00:01:01 p1
		02:00:5f:00:01:01 p1234567890123456
	END
	check_refused 'cannot read' vswctl fdb add vsw0 file "$TMP/nowhere"
}

# many_frames N: broadcast frames from as many addresses.
many_frames()
{
	entries $1 x | awk '{ gsub(":", "", $1)
		printf "ffffffffffff%s88b5%092d\n", $1, 0 }'
}

limit_of_switch()
{
	local refused

	flush
	refused=$(port_stat p1 learn-refused)
	vswctl switch set vsw0 fdb-limit 20
	check_err $? "cannot set"
	many_frames 30 >"$TMP/frames"
	frames_send eth0@g1 <"$TMP/frames"
	# A sixteenth is kept for static ones.
	counted p1 learn-refused $refused 11
	assert_jq '.[0]."fdb-count" == 19' "no more than the limit" switch show vsw0
	vswctl fdb add vsw0 02:00:5f:00:09:09 dev p2
	check_err $? "there is room for a static one"
	check_refused 'limit' vswctl fdb add vsw0 02:00:5f:00:09:0a dev p2
	# What is not learned is forwarded.
	capture_start late eth0@g2 -n 30 -t 60000 || return
	frames_send eth0@g1 <"$TMP/frames"
	check_equal "$(capture_wait late | cksum)" "$(cksum <"$TMP/frames")" "at g2"
	flush
	vswctl switch set vsw0 fdb-limit 65536
}

limit_of_port()
{
	local refused

	flush
	many_frames 30 >"$TMP/frames"
	vswctl port set p1 mac-limit 5
	check_err $? "cannot set"
	refused=$(port_stat p1 learn-refused)
	head -n 12 "$TMP/frames" | frames_send eth0@g1
	counted p1 learn-refused $refused 7
	assert_jq '.[0]."fdb-count" == 5' "no more than the limit" port show p1
	# Static entries do not count, and other ports are not concerned.
	vswctl fdb add vsw0 $A dev p1
	check_err $? "a static entry"
	frames_send eth0@g2 <"$TMP/frames"
	wait_jq 5000 '.[0]."fdb-count" == 30' "p2 learns" port show p2
	vswctl port set p1 mac-limit 0
	frames_send eth0@g1 <"$TMP/frames"
	wait_jq 5000 '.[0]."fdb-count" == 31' "no limit" port show p1
	vswctl port set p1 mac-limit 4096
	flush
}

learning_off()
{
	local rx

	vswctl port set p1 learning off
	check_err $? "cannot set"
	assert_jq '.[0].learning == false' "it is off" port show p1
	rx=$(port_stat p1 rx-packets)
	say 1 $A
	counted p1 rx-packets $rx 1
	check_refused 'no such' vswctl fdb get vsw0 $A
	vswctl port set p1 learning on
	say 1 $A
	wait_jq 5000 '.[0]."port-name" == "p1"' "it is on" fdb get vsw0 $A
	flush
}

goes_with_its_port()
{
	vswctl fdb add vsw0 $A dev p1 && say 1 $B
	wait_jq 5000 '.[0]."fdb-count" == 2' "two entries" port show p1
	vswctl port del p1
	check_err $? "cannot detach"
	assert_jq '.[0] | ."fdb-count" == 0 and ."fdb-static" == 0' "none left" \
		switch show vsw0
	assert_jq 'all(.type == "local")' "none in the dump" fdb show vsw0
	vswctl port add vsw0 p1
	check_err $? "cannot attach"
	assert_jq '.[0]."fdb-count" == 0' "and none comes back" port show p1
}

run_tests "$@"
