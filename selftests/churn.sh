#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: smp=2 timeout=3000
# Ports come and go by the thousand, ten thousand with FULL=1, under traffic, and
# leave nothing behind: memory before and after is compared, after a first round
# that fills what caches.
#
#	 ns g1                    ns g2
#	+------+                 +------+
#	| eth0 |--- broadcasts ->| eth0 |
#	+--+---+                 +--+---+
#	   | veth                   | veth
#	+--+------------------------+--+
#	|  p1        vsw0           p2 |--- d0 ... d99 (dummies): attached and
#	+------------------------------+    detached, 100 at a time
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

CHANGES=$(full_or 10000 2000)
DEVS=100
ALL_TESTS="attach_and_detach devices_made_and_deleted switches_made_and_deleted
	module_goes"

setup()
{
	local i

	NO_IPV6=1
	load_module || return
	vswctl switch add vsw0 && no_ipv6 vsw0 && ip link set vsw0 up || return
	for i in 1 2; do
		ns_add g$i && veth_pair p$i eth0 g$i && vswctl port add vsw0 p$i ||
			return
	done
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	# Other scripts follow in this machine.
	defer sysctl -qw net.ipv6.conf.default.disable_ipv6=0
	wait_jq 10000 '.[0].state == "forwarding"' "p2 is up" port show p2
	awk 'BEGIN { for (i = 0; i < 100; i++)
		printf "%s02006200%04x88b5%092d\n", i % 2 ? "ffffffffffff" : "020063000001",
			i, 0 }' >"$TMP/frames"
	(while frames_send_on "$TMP/frames" eth0@g1 -n 1000 --gap 0.2; do :; done) \
		>/dev/null 2>&1 &
	TRAFFIC=$!
	defer stop_traffic
}

stop_traffic()
{
	kill $TRAFFIC $(pgrep -P $TRAFFIC)
	wait $TRAFFIC
}

# KiB that are not free, can not be had back, and are no page cache.
memory_used()
{
	local n

	for n in 1 2 3; do
		echo 3 >/proc/sys/vm/drop_caches
		sleep 0.3
	done
	awk '/^(SUnreclaim|Percpu|KernelStack|VmallocUsed|PageTables):/ {
			sum += $2; n++
		}
		END { if (n == 5) print sum }' /proc/meminfo
}

# Checkers keep much of what was freed; with them, kmemleak looks at the end.
memory_came_back()
{
	local what=$1 before=$2 after

	[ ! -e /sys/kernel/debug/kmemleak ] || return 0
	# What RCU and work queues still hold goes within seconds.
	busywait 20000 eval "[ \$(memory_used) -le $((before + 600)) ]"
	after=$(memory_used)
	log "$what: $before KiB before, $after after"
	[ -n "$before" ] && [ -n "$after" ] && [ $((after - before)) -le 1500 ]
	check_err $? "$what: $((after - before)) KiB more than before"
}

# churn WHAT TIMES BATCH-COMMAND: before the first measure there is one round in
# ten.
churn()
{
	local what=$1 times=$2 before begin n

	shift 2
	for ((n = 0; n < times / 10 + 1; n++)); do
		"$@" || break
	done
	before=$(memory_used)
	begin=$(now_ms)
	for ((n = 0; n < times; n++)); do
		"$@" || {
			fail "$what: round $n"
			break
		}
	done
	log "$what: $times rounds in $(($(now_ms) - begin)) ms"
	memory_came_back "$what" "$before"
	assert_jq 'map(.name) == ["vsw0", "p1", "p2"]' "$what: ports left" port show
	assert_jq 'all(."port-name" | test("^(p1|p2|vsw0)$"))' \
		"$what: entries left" fdb show
}

run_batch()
{
	vswctl -b "$TMP/add" && vswctl -b "$TMP/del"
}

attach_and_detach()
{
	local before

	seq 0 $((DEVS - 1)) | sed 's/.*/link add d& group 77 type dummy/' | ip -batch -
	ip link set group 77 up
	seq 0 $((DEVS - 1)) | sed 's/.*/port add vsw0 d&/' >"$TMP/add"
	seq 0 $((DEVS - 1)) | sed 's/.*/port del d&/' >"$TMP/del"
	before=$(port_stat p1 rx-packets)
	churn "attach and detach" $((CHANGES / DEVS)) run_batch
	[ "$(port_stat p1 rx-packets)" -gt "$before" ]
	check_err $? "there was no traffic"
	check_json 'map(select(.ifname)) | length == 100 and
		all(.master == null and .promiscuity == 0)' \
		"devices are free" ip -d -j link show group 77
	ip link del group 77
}

# The devices come and go themselves, with entries on them.
with_devices()
{
	ip -batch "$TMP/links" && vswctl -b "$TMP/add" && ip link del group 77
}

devices_made_and_deleted()
{
	seq 0 49 | sed 's/.*/link add d& up group 77 type dummy/' >"$TMP/links"
	{
		seq 0 49 | sed 's/.*/port add vsw0 d&/'
		seq 10 49 | sed 's/.*/fdb add vsw0 02:00:64:00:00:& dev d&/'
	} >"$TMP/add"
	churn "devices made and deleted" $((CHANGES / 1000)) with_devices
}

with_switches()
{
	vswctl -b "$TMP/add" && vswctl -b "$TMP/del"
}

switches_made_and_deleted()
{
	ip link add d0 type dummy
	seq 20 | sed 's/.*/switch add s&\nport add s& d0\nfdb add s& 02:00:64:00:00:01 dev d0\nport del d0/' \
		>"$TMP/add"
	seq 20 | sed 's/.*/switch del s&/' >"$TMP/del"
	churn "switches made and deleted" 10 with_switches
	ip link del d0
}

module_goes()
{
	stop_traffic
	check_equal "$(cat /sys/module/vswitch/refcnt)" 0 "references to the module"
	rmmod vswitch
	check_err $? "cannot remove the module"
	! grep -q vsw /proc/slabinfo
	check_err $? "a slab cache is left: $(grep vsw /proc/slabinfo)"
}

run_tests "$@"
