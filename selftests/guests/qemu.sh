#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Three real QEMU guests on a stock kernel, on direct and on tun taps, with vhost-net
# and without, with one queue and with two; and what befalls them, their taps and
# the module meanwhile. run.sh boots the machine for this.
#
#	     guest a            guest b            guest c
#	  eth0    eth1       eth0    eth1       eth0    eth1
#	   |       |          |       |          |       |
#	   a0      a1         b0      b1         c0      c1
#	 direct   tun        tun    direct     direct   tun
#	 vhost     -        vhost     -        vhost   vhost
#	                                      2 queues 2 queues
#
#	vsw0 has a0, b0 and c0, and is 192.0.2.254;
#	vsw1 has a1, b1 and c1, and is 198.51.100.254.
# shellcheck source-path=SCRIPTDIR
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/../lib.sh"
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="arguments_are_known guests_ping host_pings guests_stream vhost_carries queues_carry
	offloads_are_told nothing_was_dropped port_is_renamed guest_is_saved
	guests_are_killed ports_are_deleted module_is_held guests_end
	module_comes_and_goes nothing_is_left"

NETS=(192.0.2 198.51.100)
declare -A NUMBER=([a]=1 [b]=2 [c]=3)
# What each tap is: direct or tun, its queues, and whether vhost-net carries it.
declare -A TAP=([a0]="direct 1 on" [a1]="tun 1 off" [b0]="tun 1 on"
	[b1]="direct 1 off" [c0]="direct 2 on" [c1]="tun 2 on"
	[d0]="tun 1 on" [d1]="tun 1 off")
declare -A NODE=()
PAIRS="a:b b:c c:a"
VSW_OUT=/out
# On an emulated processor, everything takes its time, and a guest seldom has much
# to send at once.
PATIENCE=150 MIB=2 WHOLE=1514
ACCEL=tcg,thread=multi,tb-size=64

# ip_of GUEST CARD, mac_of GUEST CARD
ip_of()
{
	echo "${NETS[$2]}.${NUMBER[$1]}"
}

mac_of()
{
	echo "02:00:5e:00:53:$2${NUMBER[$1]}"
}

# --- taps and guests -------------------------------------------------------

# tap_add DEV: makes the tap and its port.
tap_add()
{
	local dev=$1 kind queues more=

	read -r kind queues _ <<<"${TAP[$dev]}"
	if [ $kind = direct ]; then
		NODE[$dev]=$(vswctl port add vsw${dev#?} $dev type tap queues $queues)
		return
	fi
	[ $queues = 1 ] || more=multi_queue
	ip tuntap add $dev mode tap vnet_hdr $more && no_ipv6 $dev &&
		ip link set $dev up && vswctl port add vsw${dev#?} $dev
}

# card DEV: adds to WORDS a card on that tap, and to FDS the descriptors of a direct
# one, whose node is opened once for each queue.
card()
{
	local dev=$1 kind queues vhost i fd fds='' netdev mq=''

	read -r kind queues vhost <<<"${TAP[$dev]}"
	if [ $kind = tun ]; then
		netdev=ifname=$dev,script=no,downscript=no,queues=$queues
	else
		for ((i = 0; i < queues; i++)); do
			exec {fd}<>"${NODE[$dev]}" || return
			FDS+=("$fd") fds+=:$fd
		done
		netdev=fds=${fds#:}
		[ $queues != 1 ] || netdev=fd=$fd
	fi
	[ $queues = 1 ] || mq=,mq=on
	WORDS+=(-netdev "tap,id=$dev,vhost=$vhost,$netdev" -device
		"virtio-net-pci,netdev=$dev,mac=$(mac_of ${dev%?} ${dev#?}),romfile=$mq")
}

# descriptors_close: those of FDS, which QEMU has got.
descriptors_close()
{
	local fd

	for fd in "${FDS[@]}"; do
		exec {fd}<&-
	done
}

# start GUEST WORD...: with both cards.
start()
{
	local guest=$1 WORDS=() FDS=()

	shift
	card ${guest}0 && card ${guest}1 &&
		guest_start $guest "${WORDS[@]}" "$@"
	descriptors_close
}

hear_ready()
{
	local guest

	for guest; do
		hear $guest ready || fail "guest $guest said$ANSWER"
	done
}

# switches_add: with all taps.
switches_add()
{
	local net guest

	for net in 0 1; do
		vswctl switch add vsw$net && no_ipv6 vsw$net &&
			ip addr add ${NETS[net]}.254/24 broadcast + dev vsw$net &&
			ip link set vsw$net up || return
		for guest in a b c; do
			tap_add $guest$net || return
		done
	done
}

setup()
{
	local guest said

	PATH=$PATH:/usr/sbin:/sbin
	accel_find
	load_module && modprobe tun && modprobe vhost_net || return
	NETDEVS=$(ls /sys/class/net)
	switches_add || return
	"$IMAGE/guest" echo &
	for guest in a b c; do
		IP[$guest]=$(ip_of $guest 0),$(ip_of $guest 1)
		guest_pipes $guest || return
	done
	mkfifo "$TMP/monitor.in" "$TMP/monitor.out"
	# shellcheck disable=SC2034 # somebody has to have it open
	exec {MONITOR}<>"$TMP/monitor.in" {said}<>"$TMP/monitor.out"
	start a -monitor "pipe:$TMP/monitor" && start b && start c || return
	hear_ready a b c
	log "$(qemu-system-x86_64 --version | head -n 1), ${ACCEL%%,*}," \
		"Linux $(uname -r): three guests have booted in $SECONDS s"
	BEFORE_ALL=$(vswctl -j port show)
}

# --- guests that talk ------------------------------------------------------

# What vswctl says of a port is what the guests here have been started with, but for
# what only it knows.
arguments_are_known()
{
	local dev said kind queues vhost

	for dev in a0 a1 c0 c1; do
		read -r kind queues vhost <<<"${TAP[$dev]}"
		said=$(vswctl qemu-args $dev queues $queues vhost $vhost fd 20)
		case $kind$queues in
		direct1) [[ $said == "-netdev tap,id=net-$dev,fd=20,vhost=$vhost "* &&
			$said == *" 20<>${NODE[$dev]}" ]] ;;
		direct2) [[ $said == "-netdev tap,id=net-$dev,fds=20:21,vhost=$vhost "* &&
			$said == *,mq=on,*" 20<>${NODE[$dev]} 21<>${NODE[$dev]}" ]] ;;
		*) [[ $said == "-netdev tap,id=net-$dev,ifname=$dev,"*",vhost=$vhost "* ]] ;;
		esac
		check_err $? "$dev: $said"
	done
	said=$(vswctl qemu-args c1 2>&1)
	[[ $said == *"made with multi_queue: say queues 2 or more" ]]
	check_err $? "c1 with one queue: $said"
}

# Datagrams that fit the wire, and that do not.
guests_ping()
{
	local pair net

	for pair in $PAIRS; do
		for net in 0 1; do
			ask ${pair%:*} ping "$(ip_of ${pair#*:} $net)" 64
			ask ${pair#*:} ping "$(ip_of ${pair%:*} $net)" 5000
		done
	done
}

host_pings()
{
	local guest net

	for guest in a b c; do
		for net in 0 1; do
			host_ask ping "$(ip_of $guest $net)" 64
			ask $guest ping ${NETS[net]}.254 1472
		done
	done
}

# In frames of up to 64 KiB, with open checksums, whatever the taps are.
guests_stream()
{
	local pair net

	snapshot
	for net in 0 1; do
		for pair in $PAIRS; do
			ask ${pair%:*} stream "$(ip_of ${pair#*:} $net)" $MIB
			log "$pair, vsw$net:$ANSWER"
		done
	done
	for net in 0 1; do
		for pair in $PAIRS; do
			whole ${pair%:*}$net rx
			whole ${pair%:*}$net tx
		done
	done
}

# One for each queue of each tap that has it, and none else.
vhost_carries()
{
	check_equal "$(threads a | wc -l)" 1 "threads for a"
	check_equal "$(threads b | wc -l)" 1 "threads for b"
	check_equal "$(threads c | wc -l)" 4 "threads for c"
	check_equal "$({ threads a; threads b; } | grep -cx 0)" 0 "threads that did not run"
}

# The queue is chosen by the ports of a flow: some of a few flows take the second.
queues_carry()
{
	local try

	# One processor does not ask for both by itself.
	ask c queues eth0 2
	ask c queues eth1 2
	assert_jq '.[0].guest | .open == 2 and .active == 2' "both are used" port show c0
	for ((try = 0; try < 12; try++)); do
		threads c | grep -qx 0 || return
		ask c stream "$(ip_of a 0)" 1
		ask c stream "$(ip_of b 1)" 1
	done
	fail "ticks of the threads for c: $(threads c | xargs)"
}

offloads_are_told()
{
	local dev

	for dev in a0 b1 c0; do
		assert_jq '.[0] | .state == "forwarding" and .type == "tap" and
			(.guest | .open == .active and ."vnet-header" == 12 and
			.csum and .tso4 and .tso6)' "what QEMU asked for" port show $dev
	done
}

# Up to here, nothing was done to make it.
nothing_was_dropped()
{
	check_equal "$(dropped_since "$BEFORE_ALL")" "[]" "dropped"
}

# --- what befalls them -----------------------------------------------------

# rename DEV NAME: Linux 6.1 wants it down for that.
rename()
{
	ip link set $1 name $2 2>/dev/null && return
	ip link set $1 down && ip link set $1 name $2 && ip link set $2 up
}

# In the middle of a stream, which goes on; the node stays what it was.
port_is_renamed()
{
	snapshot
	tell c stream "$(ip_of a 0)" 12
	at_least c0 rx-bytes 500000
	rename c0 web0 && rename a0 store0
	check_err $? "rename"
	assert_jq ".[0] | .state == \"forwarding\" and .node == \"${NODE[c0]}\" and
		.guest.open == 2" "it is the same" port show web0
	hear c $ORDER
	[[ $ANSWER == " ok"* ]] || fail "the stream:$ANSWER"
	rename web0 c0 && rename store0 a0
	check_err $? "rename it back"
	ask c ping "$(ip_of b 0)" 64
	ask a ping "$(ip_of b 0)" 64
}

# In the middle of a stream, it is saved to a file, and its QEMU ends; another QEMU
# reads the file and opens the taps again, and the stream goes on.
guest_is_saved()
{
	tell a stream "$(ip_of b 0)" 12
	snapshot
	at_least a0 rx-bytes 500000
	printf '%s\n' "migrate \"exec:cat >$TMP/state\"" quit >&$MONITOR
	wait ${PID[a]}
	check_err $? "QEMU of a"
	wait_jq 10000 '.[0] | .state == "down" and .guest.open == 0' "a has gone" port show a0
	start a -incoming "exec:cat $TMP/state"
	hear a $ORDER
	[[ $ANSWER == " ok"* ]] || fail "the stream:$ANSWER"
	# Once, the first order after that was never answered, and all later ones were:
	# on an emulated processor a guest may miss what its console says.
	tell a ping "$(ip_of c 1)" 64
	PATIENCE=40 hear a $ORDER || log "$ANSWER: once more"
	ask a ping "$(ip_of c 1)" 64
}

# all_down DEV...
all_down()
{
	local dev

	for dev; do
		wait_jq 10000 '.[0].state == "down"' "the port of the dead" port show $dev
	done
}

# Both in the middle of streams on both cards; they come back with the same
# addresses, and open the same nodes again.
guests_are_killed()
{
	local net

	snapshot
	for net in 0 1; do
		tell b stream "$(ip_of a $net)" 2000
		tell c stream "$(ip_of b $net)" 2000
	done
	for net in 0 1; do
		at_least b$net rx-bytes 100000
		at_least c$net rx-bytes 100000
	done
	guest_kill b
	guest_kill c
	all_down b0 b1 c0 c1
	assert_jq 'map(select(.node) | .guest.open) == [1, 0, 0]' "open" port show
	host_ask ping "$(ip_of a 0)" 64
	start b && start c
	check_err $? "start them again"
	hear_ready b c
	guests_ping
}

# deletes COMMAND...: a reference that is not put makes that wait for ever, and us
# not.
deletes()
{
	"$@" &
	busywait 10000 eval "! kill -0 $!" >/dev/null
	check_err $? "$*: not done within 10 s"
}

# Below a that sends on both cards: a loses a network, and nothing else. A new port
# of that name has no guest.
ports_are_deleted()
{
	local node

	snapshot
	tell a stream "$(ip_of b 0)" 2000
	at_least a0 rx-bytes 100000
	deletes vswctl port del a0
	[ ! -e /sys/class/net/a0 ]
	check_err $? "a0 is still there"
	kill -0 ${PID[a]}
	check_err $? "QEMU of a has ended"
	ask a ping "$(ip_of c 1)" 64
	node=$(vswctl port add vsw0 a0 type tap)
	assert_jq '.[0] | .state == "down" and .guest.open == 0' "a new one" port show a0
	[ "$node" != "${NODE[a0]}" ]
	check_err $? "the new one has the old node"
	vswctl port del a0
	deletes vswctl switch del vsw1
	tell a nothing
	hear a $ORDER || fail "a is not alive: $ANSWER"
	ask b ping "$(ip_of c 0)" 64
}

module_is_in_use()
{
	local out

	out=$(rmmod vswitch 2>&1)
	check_fail $? "rmmod while a node is open"
	[[ $out == *"in use"* ]] || fail "rmmod says $out"
}

module_is_held()
{
	deletes vswctl switch del vsw0
	module_is_in_use
	assert_jq '. == []' "no port" port show
}

guests_end()
{
	guests_off
	busywait 10000 rmmod vswitch
	check_err $? "the module cannot be removed"
}

# Guest d, which is a as it was saved, on tun taps: it comes and goes by itself.
d_comes_and_goes()
{
	trap 'guest_kill d; exit' TERM
	while :; do
		start d -incoming "exec:cat $TMP/state"
		sleep 4.$((RANDOM % 10)) &
		wait $!
		guest_kill d
	done
}

# a_comes_and_goes ROUND: it sends where it was saved. Every second time it has to
# see its port go.
a_comes_and_goes()
{
	snapshot
	start a -incoming "exec:cat $TMP/state" || fail "cannot start a, round $1"
	busywait 60000 has_grown a0 rx-packets 1 >/dev/null
	check_err $? "a is silent, round $1"
	[ $(($1 % 2)) = 0 ] || {
		deletes vswctl switch del vsw0
		module_is_in_use
	}
	guest_kill a
}

# d runs on, or begins or ends, while the module goes and returns.
module_comes_and_goes()
{
	local dev round coming heard=0

	for dev in d0 d1; do
		ip tuntap add $dev mode tap vnet_hdr && no_ipv6 $dev && ip link set $dev up
	done
	guest_pipes d
	IP[d]=${IP[a]} NUMBER[d]=4
	d_comes_and_goes &
	coming=$!
	for round in 1 2 3 4 5 6; do
		load_module && vswctl switch add vsw0 && vswctl switch add vsw2 &&
			ip link set vsw0 up && ip link set vsw2 up &&
			tap_add a0 && vswctl port add vsw0 a1 &&
			vswctl port add vsw2 d0 && vswctl port add vsw2 d1
		check_err $? "load it again, round $round"
		a_comes_and_goes $round
		heard=$((heard + $(port_stat d0 rx-packets)))
		busywait 20000 rmmod vswitch >/dev/null
		check_err $? "rmmod, round $round"
	done
	kill $coming
	wait $coming
	[ $heard -gt 0 ] || fail "d has sent nothing"
}

nothing_is_left()
{
	local dev

	for dev in a1 b0 c1 d0 d1; do
		deletes ip link del $dev
	done
	check_equal "$(ls /sys/class/net)" "$NETDEVS" "netdevs"
	check_equal "$(cat /proc/[0-9]*/comm 2>/dev/null | grep -E '^(qemu-system|vhost-)')" \
		"" "processes"
	[ ! -e /sys/module/vswitch ]
	check_err $? "the module is still there"
}

run_tests "$@"
