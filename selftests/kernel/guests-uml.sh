#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The part of guests.sh in User-Mode Linux: a switch with two QEMU guests on taps
# with vhost-net, which send each other and their host what only real guests
# send, large frames with open checksums above all; and what befalls guests.
# ZERO_COPY=1 in the environment says that the kernel was told so; DIRECT="b" that
# guest b is on a direct tap.
#
#	QEMU, 192.0.2.1       QEMU, 192.0.2.2
#	+-----------+         +-----------+
#	| guest.c   |         | guest.c   |
#	+-----+-----+         +-----+-----+
#	      | vhost               | vhost
#	   +--+---------------------+--+
#	   |  a0                   b0  |  taps
#	   |     vsw0  192.0.2.254     |  and guest.c as a program of the host
#	   +---------------------------+
# shellcheck source-path=SCRIPTDIR
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/../lib.sh"
. "$(dirname -- "$0")/../guests/lib.sh"

ALL_TESTS="guests_ping fragments_pass host_pings broadcast_reaches_all
	arp_is_flooded guests_stream host_streams addresses_are_learned
	vhost_carries nothing_was_dropped port_leaves_and_returns
	guest_is_killed tap_is_deleted switch_leaves guests_end
	nothing_is_left"

HOST=192.0.2.254
IP=([a]=192.0.2.1 [b]=192.0.2.2)
declare -A MAC=([a]=02:00:5e:00:53:01 [b]=02:00:5e:00:53:02)
declare -A NODE=()

# --- guests ----------------------------------------------------------------

# start GUEST: a tun tap is opened by its name, a direct tap is given to it.
start()
{
	local netdev=ifname=${1}0,script=no,downscript=no

	[ -z "${NODE[$1]:-}" ] || netdev=fd=9
	guest_start $1 -netdev "tap,id=n,vhost=on,$netdev" \
		-device "virtio-net-pci,netdev=n,mac=${MAC[$1]},romfile=" \
		9<>"${NODE[$1]:-/dev/null}"
}

tap_add()
{
	if [[ " ${DIRECT:-} " == *" $1 "* ]]; then
		NODE[$1]=$(vswctl port add vsw0 "${1}0" type tap address ${MAC[$1]})
		return
	fi
	ip tuntap add "${1}0" mode tap vnet_hdr && no_ipv6 "${1}0" &&
		ip link set "${1}0" up && vswctl port add vsw0 "${1}0"
}

setup()
{
	local guest

	PATH=$PATH:/usr/sbin:/sbin
	NO_IPV6=1
	NETDEVS=$(ls /sys/class/net)
	check_equal "$(cat /sys/module/vhost_net/parameters/experimental_zcopytx)" \
		"${ZERO_COPY:-0}" "zero-copy of vhost"
	vswctl switch add vsw0 && no_ipv6 vsw0 &&
		ip addr add $HOST/24 broadcast + dev vsw0 &&
		ip link set vsw0 up || return
	"$IMAGE/guest" echo &
	for guest in a b; do
		tap_add $guest && guest_pipes $guest || return
		start $guest
	done
	for guest in a b; do
		hear $guest ready || fail "guest $guest said$ANSWER"
	done
	BEFORE_ALL=$(vswctl -j port show)
}

# --- guests that talk ------------------------------------------------------

guests_ping()
{
	ask a ping ${IP[b]} 64
	ask b ping ${IP[a]} 1472
}

# Datagrams that do not fit the wire.
fragments_pass()
{
	ask a ping ${IP[b]} 5000
	ask b ping ${IP[a]} 20001
	ask b ping $HOST 20001
}

host_pings()
{
	local guest

	for guest in a b; do
		host_ask ping ${IP[$guest]} 64
		ask $guest ping $HOST 1472
	done
}

# Each of the others gets it once.
broadcast_reaches_all()
{
	snapshot
	ask a broadcast 192.0.2.255 2
	check_equal "$(tr ' ' '\n' <<<"${ANSWER#* answers: }" | sort | xargs)" \
		"${IP[b]} $HOST" "who answered a"
	# What a host sends to all it hears, too.
	host_ask broadcast 192.0.2.255 3
	check_equal "$(tr ' ' '\n' <<<"${ANSWER#answers: }" | sort | xargs)" \
		"${IP[a]} ${IP[b]} $HOST" "who answered the host"
	at_least b0 tx-flooded 2
	at_least a0 tx-flooded 1
	at_least vsw0 tx-flooded 1
}

# Who is asked for an address is one guest; both get the question.
arp_is_flooded()
{
	ip neigh flush dev vsw0
	snapshot
	host_ask ping ${IP[a]} 64
	at_least a0 tx-flooded 1
	at_least b0 tx-flooded 1
	at_least vsw0 rx-broadcast 1
}

# Both ways at once, compared byte by byte, in frames of up to 64 KiB, which
# nobody else gets.
guests_stream()
{
	local port

	snapshot
	ask a stream ${IP[b]} $MIB
	ask b stream ${IP[a]} $MIB
	for port in a0 b0; do
		whole $port rx
		whole $port tx
		at_most $port tx-flooded 4
	done
	at_most vsw0 tx-packets 50
}

host_streams()
{
	local guest

	snapshot
	for guest in a b; do
		host_ask stream ${IP[$guest]} $MIB
		ask $guest stream $HOST $MIB
		whole ${guest}0 rx
		whole ${guest}0 tx
	done
	whole vsw0 rx
	whole vsw0 tx
	snapshot
	ask a stream $HOST 1
	at_most b0 tx-packets 50
}

addresses_are_learned()
{
	local guest

	for guest in a b; do
		assert_jq "map(select(.mac == \"${MAC[$guest]}\")) | length == 1 and
			(.[0] | .\"port-name\" == \"${guest}0\" and
			.type == \"dynamic\")" "guest $guest in the FDB" fdb show vsw0
	done
}

# The kernel's thread has done the work; QEMU would do without it and say nothing.
vhost_carries()
{
	local guest task ticks

	for guest in a b; do
		task=$(grep -ls "^vhost-" /proc/${PID[$guest]}/task/*/comm)
		[ -n "$task" ] || {
			fail "QEMU of $guest has no thread of vhost"
			continue
		}
		ticks=$(awk '{ print $14 + $15 }' "${task%comm}stat")
		[ "$ticks" -gt 0 ] || fail "the thread for $guest has not run"
	done
}

# Up to here, nothing was done to make it.
nothing_was_dropped()
{
	check_equal "$(dropped_since "$BEFORE_ALL")" "[]" "dropped"
}

# --- what befalls them -----------------------------------------------------

# stream_begin ADDRESS MIB: a stream of a that is not waited for; STREAM is its
# number.
stream_begin()
{
	snapshot
	tell a stream "$@"
	STREAM=$ORDER
	at_least a0 rx-bytes 500000
}

# The stream stands still meanwhile, and then goes on: nothing is lost.
port_leaves_and_returns()
{
	local round

	stream_begin ${IP[b]} 100
	for round in 1 2 3; do
		vswctl port del a0
		check_err $? "cannot delete, round $round"
		vswctl port add vsw0 a0
		check_err $? "cannot add, round $round"
		# A port that is new counts from zero.
		snapshot
		at_least a0 rx-bytes 500000
		at_least b0 rx-bytes 500000
	done
	hear a $STREAM
	[[ $ANSWER == " ok"* ]] || fail "the stream:$ANSWER"
	addresses_are_learned
}

# In the middle of a stream; it comes back with the same address, and a hears
# from it that nobody knows of that stream.
guest_is_killed()
{
	stream_begin ${IP[b]} 2000
	guest_kill b
	wait_jq 5000 '.[0].state == "down"' "the port of the dead" port show b0
	host_ask ping ${IP[a]} 64
	start b
	hear b ready || fail "b again: $ANSWER"
	wait_jq 5000 '.[0].state == "forwarding"' "its port again" port show b0
	hear a $STREAM
	[[ $ANSWER == " failed"* ]] || fail "the stream to the dead:$ANSWER"
	ask b ping ${IP[a]} 64
	ask a ping ${IP[b]} 64
	ask a stream ${IP[b]} 2
	addresses_are_learned
}

# netdev_gone DEV: deletes it; a reference that is not put makes that wait for
# ever, and us not.
netdev_gone()
{
	ip link del "$1" &
	busywait 5000 eval "! kill -0 $!" >/dev/null ||
		fail "$1: cannot be deleted within 5 s"
	[ ! -e "/sys/class/net/$1" ] || fail "$1 is still there"
}

# Below a guest that sends, and that then has nothing to live for.
tap_is_deleted()
{
	stream_begin ${IP[b]} 2000
	netdev_gone b0
	assert_jq 'map(.name) == ["vsw0", "a0"]' "the ports left" port show
	host_ask ping ${IP[a]} 64
	guest_kill b
}

# Below guests that send; they lose their network and nothing else.
switch_leaves()
{
	local guest

	stream_begin $HOST 2000
	vswctl switch del vsw0
	check_err $? "cannot delete the switch"
	[ ! -e /sys/class/net/vsw0 ] || fail "vsw0 is still there"
	assert_jq '. == []' "no port" port show
	for guest in "${!PID[@]}"; do
		[ ! -e /sys/class/net/${guest}0/master ] ||
			fail "${guest}0 has a master"
		tell $guest nothing
		hear $guest $ORDER || fail "$guest is not alive: $ANSWER"
	done
}

guests_end()
{
	guests_off
}

nothing_is_left()
{
	local dev

	for dev in a0 b0; do
		[ ! -e /sys/class/net/$dev ] || netdev_gone $dev
	done
	check_equal "$(ls /sys/class/net)" "$NETDEVS" "netdevs"
	check_equal "$(cat /proc/[0-9]*/comm 2>/dev/null | grep -E '^(qemu|vhost)')" \
		"" "processes"
}

run_tests "$@"
