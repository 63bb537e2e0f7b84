#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: icount timeout=1200
# Dynamic entries age at the times that are set, tested at their real values in
# virtual time: not before, and not later than 1/32 (at least a second) after.
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

ALL_TESTS="default_300 short_10 one_second zero_is_never static_never_ages
	refreshed_by_traffic one_dies_others_live change_while_waiting
	age_is_shown longest_time"

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

# The address is seen on port 1 between the times BEFORE and AFTER.
seen()
{
	BEFORE=$(now_ms)
	frame $ALL $1 | frames_send eth0@g1
	wait_jq 2000 '.[0].type == "dynamic"' "$1 is learned" fdb get vsw0 $1
	AFTER=$(now_ms)
}

# Nothing to poll for: what is waited for is that nothing happens until then.
sleep_until()
{
	local left=$(($1 - $(now_ms)))

	[ $left -le 0 ] || sleep "$((left / 1000)).$(printf %03d $((left % 1000)))"
}

is_there()
{
	vswctl fdb get vsw0 $1 >/dev/null 2>&1
}

is_gone()
{
	! is_there "$1"
}

# ages MAC SEC: seen just now, it must be there until SEC have passed, and gone
# when the bound has.
ages()
{
	local bound=$(($2 * 1000 / 32))

	[ $bound -ge 1000 ] || bound=1000
	# The last look before the time is over, with 250 ms to look.
	sleep_until $((BEFORE + $2 * 1000 - 250))
	if [ "$(now_ms)" -lt $((BEFORE + $2 * 1000)) ]; then
		is_there $1 || [ "$(now_ms)" -ge $((BEFORE + $2 * 1000)) ] ||
			fail "$1 went before $2 s"
	fi
	sleep_until $((AFTER + $2 * 1000 + bound))
	is_gone $1
	check_err $? "$1 is still there after $2 s and $bound ms"
}

default_300()
{
	assert_jq '.[0].ageing == 300' "the default" switch show vsw0
	seen $A
	sleep_until $((BEFORE + 150000))
	is_there $A
	check_err $? "it went before 150 s"
	ages $A 300
}

short_10()
{
	vswctl switch set vsw0 ageing 10
	check_err $? "cannot set"
	seen $A
	ages $A 10
	vswctl switch set vsw0 ageing 64
	seen $A
	ages $A 64
}

one_second()
{
	vswctl switch set vsw0 ageing 1
	check_err $? "cannot set"
	BEFORE=$(now_ms)
	frame $ALL $A | frames_send eth0@g1
	AFTER=$(now_ms)
	ages $A 1
}

zero_is_never()
{
	vswctl switch set vsw0 ageing 0
	check_err $? "cannot set"
	seen $A
	sleep 3000
	is_there $A
	check_err $? "it went although ageing is off"
	# Turned on, it knows how old the entry is, or begins anew: but it goes.
	vswctl switch set vsw0 ageing 20
	AFTER=$(now_ms)
	sleep_until $((AFTER + 21000))
	is_gone $A
	check_err $? "it stays although ageing is on again"
}

static_never_ages()
{
	vswctl switch set vsw0 ageing 10 && vswctl fdb add vsw0 $A dev p1
	check_err $? "cannot add"
	seen $B
	ages $B 10
	sleep 1000
	assert_jq '.[0].type == "static" and (.[0] | has("age") | not)' \
		"it stays" fdb get vsw0 $A
	vswctl fdb del vsw0 $A
	check_err $? "cannot delete"
}

refreshed_by_traffic()
{
	local i

	vswctl switch set vsw0 ageing 30
	check_err $? "cannot set"
	seen $A
	for i in 1 2 3 4 5 6 7 8; do
		sleep_until $((BEFORE + 25000))
		is_there $A
		check_err $? "it went in round $i, although seen 25 s ago"
		seen $A
	done
	# Frames to it do not keep it, nor do frames that say it from elsewhere
	# in another VLAN.
	sleep_until $((BEFORE + 25000))
	frame $A $B | frames_send eth0@g2
	frame $ALL $A --vlan 7 | frames_send eth0@g2
	ages $A 30
	is_there "$A vlan 7"
	check_err $? "that of the other VLAN is younger"
	vswctl fdb flush vsw0 >/dev/null
}

one_dies_others_live()
{
	vswctl switch set vsw0 ageing 20
	seen $A
	sleep_until $((AFTER + 12000))
	frame $ALL $B | frames_send eth0@g2
	ages $A 20
	is_there $B
	check_err $? "an entry that is 12 s younger went too"
	wait_jq 14000 '.[0]."fdb-count" == 0' "it goes in its turn" switch show vsw0
}

change_while_waiting()
{
	vswctl switch set vsw0 ageing 300
	seen $A
	sleep 100
	vswctl switch set vsw0 ageing 5
	wait_jq 7000 '.[0]."fdb-count" == 0' "a shorter time is heeded" \
		switch show vsw0
	seen $A
	vswctl switch set vsw0 ageing 100
	sleep_until $((BEFORE + 90000))
	is_there $A
	check_err $? "a longer time is not heeded"
	ages $A 100
}

age_is_shown()
{
	vswctl switch set vsw0 ageing 300
	seen $A
	assert_jq '.[0].age <= 2' "age of a new entry" fdb get vsw0 $A
	sleep_until $((BEFORE + 100000))
	assert_jq '.[0].age >= 97 and .[0].age <= 102' "age after 100 s" \
		fdb get vsw0 $A
	seen $A
	wait_jq 3000 '.[0].age <= 2' "age of an entry seen again" fdb get vsw0 $A
	vswctl fdb flush vsw0 >/dev/null
}

longest_time()
{
	vswctl switch set vsw0 ageing 1000000
	check_err $? "cannot set"
	assert_jq '.[0].ageing == 1000000' "the longest time" switch show vsw0
	seen $A
	sleep 5000
	assert_jq '.[0].age > 4000 and .[0].age < 6000' "age" fdb get vsw0 $A
	vswctl switch set vsw0 ageing 300
	check_err $? "cannot set back"
	# To ask takes longer than to wait.
	sleep 299
	wait_jq 20000 '.[0]."fdb-count" == 0' "it goes" switch show vsw0
}

run_tests "$@"
