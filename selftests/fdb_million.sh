#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: mem=3072 smp=2 timeout=2400
# A million entries with FULL=1, else a part of that: loaded, counted, dumped and
# flushed, with times and memory; and a large table of learned entries ages out
# while a ping runs.
#
#	 ns g1                    ns g2
#	+-----------+            +-----------+
#	| eth0      |            | eth0      |
#	| 192.0.2.1 |<-- ping -->| 192.0.2.2 |
#	+-----+-----+            +-----+-----+
#	      | veth                   | veth
#	   +--+------------------------+--+
#	   |  p1         vsw0          p2 |
#	   +------------------------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

N=$(full_or 1000000 200000)
LEARN=$(full_or 50000 10000)
# Milliseconds that a ping may take while the machine is emulated and busy: the
# softirq's own milliseconds are measured on real processors.
STALL=${STALL:-1000}
ALL_TESTS="load count_and_find dump flush_while_pinging age_while_pinging
	memory_returns"

setup()
{
	local i

	NO_IPV6=1
	load_module && frames_start || return
	vswctl switch add vsw0 fdb-limit 2000000 && no_ipv6 vsw0 &&
		ip link set vsw0 up || return
	for i in 1 2; do
		ns_add g$i && veth_pair p$i eth0 g$i 02:00:5e:00:53:0$i 192.0.2.$i/24 &&
			vswctl port add vsw0 p$i mac-limit 0 || return
	done
	wait_jq 10000 '.[0].state == "forwarding"' "p1 is up" port show p1
	wait_jq 10000 '.[0].state == "forwarding"' "p2 is up" port show p2
	awk -v n=$N 'BEGIN { for (i = 0; i < n; i++)
		printf "02:0a:%02x:%02x:%02x:00 p1\n", i / 65536, i / 256 % 256,
			i % 256 }' >"$TMP/entries"
}

free_kib()
{
	awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo
}

fdb_kib()
{
	vsw_get '.[0]."fdb-memory"' switch show vsw0
}

timed()
{
	local begin

	begin=$(now_ms)
	"$@"
	check_err $? "$*"
	MS=$(($(now_ms) - begin))
}

load()
{
	local before

	before=$(free_kib)
	FDB0=$(fdb_kib)
	timed vswctl fdb add vsw0 file "$TMP/entries"
	log "loaded $N entries in $MS ms"
	log "memory: $(($(fdb_kib) * 1024 / N)) bytes per entry by fdb-memory," \
		"$(((before - $(free_kib)) * 1024 / N)) by MemAvailable"
	[ $(($(fdb_kib) * 1024 / N)) -le 64 ]
	check_err $? "an entry takes more than 64 bytes"
}

count_and_find()
{
	assert_jq ".[0].\"fdb-count\" == $N and .[0].\"fdb-static\" == $N" "counts" \
		switch show vsw0
	assert_jq ".[0].\"fdb-count\" == $N" "count of the port" port show p1
	assert_jq '.[0]."port-name" == "p1"' "the first" \
		fdb get vsw0 02:0a:00:00:00:00
	assert_jq '.[0]."port-name" == "p1"' "one of them" \
		fdb get vsw0 02:0a:01:23:45:00
	vswctl fdb get vsw0 02:0a:ff:ff:ff:01 >/dev/null 2>&1
	check_fail $? "found what was never added"
}

dump()
{
	timed vswctl -j fdb show vsw0 type static >"$TMP/dump"
	log "dumped in $MS ms"
	check_equal "$(grep -o '"mac":"[0-9a-f:]*"' "$TMP/dump" | sort -u | wc -l)" \
		$N "different addresses in the dump"
	check_equal "$(grep -o '"mac":' "$TMP/dump" | wc -l)" $N "entries in the dump"
	rm "$TMP/dump"
}

ping_start()
{
	in_ns g1 ping -c 1 -W 10 192.0.2.2 >/dev/null
	check_err $? "cannot ping"
	# No function, lest a shell is between us and the signal for it.
	ip netns exec g1 ping -i 0.02 192.0.2.2 >"$TMP/ping" 2>&1 &
	PING=$!
}

ping_stop()
{
	local worst

	kill -INT $PING
	wait $PING
	worst=$(sed -n 's/.*time=\([0-9]*\).*/\1/p' "$TMP/ping" | sort -n | tail -n 1)
	log "$1: $(grep -c time= "$TMP/ping") pings, the slowest took $worst ms"
	grep -q ' 0% packet loss' "$TMP/ping"
	check_err $? "$1: $(grep loss "$TMP/ping")"
	[ "${worst:-999999}" -le $STALL ]
	check_err $? "$1: a ping took $worst ms"
}

flush_while_pinging()
{
	ping_start
	timed vswctl fdb flush vsw0 type static >/dev/null
	log "flushed in $MS ms"
	ping_stop flush
	assert_jq '.[0]."fdb-static" == 0 and .[0]."fdb-count" <= 4' "counts" \
		switch show vsw0
}

age_while_pinging()
{
	local begin end i

	awk -v n=$LEARN 'BEGIN { for (i = 0; i < n; i++)
		printf "020063000001020b%06x0088b5%092d\n", i, 0 }' >"$TMP/frames"
	begin=$(now_ms)
	# A table that grows too slowly refuses some: the next frame teaches them.
	for i in 1 2 3 4; do
		frames_send eth0@g2 <"$TMP/frames"
		! busywait 3000 jq_is_true ".[0].\"fdb-count\" >= $LEARN" \
			port show p2 >/dev/null || break
	done
	wait_jq 20000 ".[0].\"fdb-count\" >= $LEARN" "all are learned" port show p2
	log "learned $LEARN in $(($(now_ms) - begin)) ms"
	ping_start
	vswctl switch set vsw0 ageing 10
	begin=$(now_ms)
	wait_jq 30000 '.[0]."fdb-count" <= 4' "they age out" switch show vsw0
	end=$(now_ms)
	log "aged out in $((end - begin)) ms"
	ping_stop ageing
	assert_jq '.[0]."port-name" == "p1"' "what is in use stays" \
		fdb get vsw0 02:00:5e:00:53:01
	vswctl switch set vsw0 ageing 300
}

# The table shrinks with its entries.
memory_returns()
{
	busywait 30000 eval "[ \$(fdb_kib) -le $((FDB0 + 2048)) ]"
	check_err $? "$(fdb_kib) KiB are left of a table that began with $FDB0"
}

run_tests "$@"
