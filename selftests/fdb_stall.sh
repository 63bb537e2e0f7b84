#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: stock icount mem=2048 timeout=1800
# Whatever goes through a large table of learned entries (a million with FULL=1)
# holds the lock of the FDB for less than a millisecond at a time. A frame that
# waits to teach an address waits in softirq, no longer than that.
#
# The clock counts instructions, 4 ns each, so no other load of the machine shows
# in the figures. They are taken by the kernel's function tracer.
#
#	   +---------------+
#	   |     vsw0      |
#	   |  d1       d2  |<-- pktgen: received on d2, each from another address
#	   +---------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

N=$(full_or 1000000 100000)
MOST_US=1000
TRACE=/sys/kernel/tracing
PKTGEN=/proc/net/pktgen
ALL_TESTS="learning_and_growing adding changing_the_time ageing_and_shrinking flushing"

setup()
{
	local i

	NO_IPV6=1
	load_module || return
	modprobe pktgen || return
	defer rmmod pktgen
	vswctl switch add vsw0 fdb-limit 2000000 && no_ipv6 vsw0 &&
		ip link set vsw0 up || return
	for i in 1 2; do
		ip link add d$i type dummy && no_ipv6 d$i && ip link set d$i up &&
			vswctl port add vsw0 d$i mac-limit 0 || return
		defer ip link del d$i
	done
	vswctl fdb add vsw0 02:00:5e:00:53:01 dev d1 || return
	printf '%s\n' _raw_spin_lock_bh _raw_spin_unlock_bh >$TRACE/set_ftrace_filter &&
		echo 65536 >$TRACE/buffer_size_kb
}

# learn COUNT: as many frames, each from an address of its own.
learn()
{
	local thread=$PKTGEN/kpktgend_0 word

	echo rem_device_all >$thread
	echo "add_device d2" >$thread
	for word in "count $1" "delay 0" "pkt_size 60" "xmit_mode netif_receive" \
		"dst_mac 02:00:5e:00:53:01" "src_mac 02:0a:00:00:00:00" \
		"src_mac_count $1"; do
		echo "$word" >$PKTGEN/d2 || return
	done
	echo start >$PKTGEN/pgctrl
	echo rem_device_all >$thread
}

# traced COMMAND...: with the tracer on.
traced()
{
	: >$TRACE/trace
	echo function >$TRACE/current_tracer
	"$@"
	check_err $? "$*"
	echo 0 >$TRACE/tracing_on
	cat $TRACE/trace >"$TMP/trace"
	echo nop >$TRACE/current_tracer
	echo 1 >$TRACE/tracing_on
}

# Prints how often the module held a lock, and for how many microseconds at
# most. What ends a function may look as if its caller had done it, so an unlock
# belongs to the last lock of the same task.
holds()
{
	awk '{
		for (i = 1; i <= NF && $i !~ /^[0-9]+\.[0-9]+:$/; i++)
			;
		if (i > NF)
			next
		who = $1; us = $i * 1e6; what = $(i + 1)
		if (what ~ /unlock/) {
			if (who in since) {
				n++
				if (us - since[who] > most)
					most = us - since[who]
				delete since[who]
			}
		} else if ($(i + 2) ~ /^<-vsw_fdb/) {
			since[who] = us
		}
	}
	END { printf "%d %d\n", n, most }' "$TMP/trace"
}

# short WHAT AT-LEAST: the lock was held so many times, and never for long.
short()
{
	local times most

	read -r times most <<<"$(holds)"
	log "$1: the lock was held $times times, $most microseconds at most"
	[ "$times" -ge "$2" ]
	check_err $? "$1: the tracer saw the lock held $times times only"
	[ "$most" -lt $MOST_US ]
	check_err $? "$1: the lock was held for $most microseconds"
}

# A table that grows too slowly refuses some: the next frame teaches them.
learn_all()
{
	local i

	for i in 1 2 3 4; do
		learn $N || return
		! busywait 5000 jq_is_true ".[0].\"fdb-count\" == $N" port show d2 \
			>/dev/null || return 0
	done
}

learning_and_growing()
{
	traced learn_all
	wait_jq 60000 ".[0].\"fdb-count\" == $N" "all are learned" port show d2
	short "growing to $N" $((N / 500))
}

adding()
{
	awk 'BEGIN { for (i = 0; i < 20000; i++)
		printf "02:0b:00:00:%02x:%02x d1\n", i / 256, i % 256 }' >"$TMP/add"
	traced vswctl fdb add vsw0 file "$TMP/add"
	short "adding 20000" 10
	traced vswctl fdb flush vsw0 port d1 type static
	short "flushing these" $((N / 500))
}

changing_the_time()
{
	# Long enough for other ticks, so that all stamps are made anew.
	traced vswctl switch set vsw0 ageing 100000
	short "another tick" $((N / 500))
	vswctl switch set vsw0 ageing 300
	check_err $? "cannot set it back"
}

age_out()
{
	# To ask takes longer than to wait.
	sleep 295
	wait_jq 400000 '.[0]."fdb-count" == 0' "they age out" port show d2
}

ageing_and_shrinking()
{
	traced age_out
	short "ageing $N" $((N / 500))
	busywait 30000 eval "[ \$(vsw_get '.[0].\"fdb-memory\"' switch show vsw0) -le 1024 ]"
	check_err $? "the table did not shrink"
}

flushing()
{
	learn_all
	wait_jq 60000 ".[0].\"fdb-count\" == $N" "all are learned" port show d2
	traced vswctl fdb flush vsw0
	short "flushing $N" $((N / 500))
	assert_jq '.[0]."fdb-count" == 0' "all are gone" port show d2
}

run_tests "$@"
