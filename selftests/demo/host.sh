#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
# The demo's part inside the host virtual machine, started by demo.sh: makes
# the switch, starts the guests on it, and looks at what happens. demo.sh
# reads our output: it shows text as it is, and understands these lines:
#
#	@ok NAME		an assertion that holds
#	@not NAME: WHY		one that does not
#	@step TEXT		what comes next
#	@set NAME VALUE		an address, say
#	@outside		time to fetch /outside.html through the uplink
#	@keep			a prompt waits on the console
#
# usage: host.sh [capture] [keep]

# shellcheck source=../lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

DEMO=$REPO/selftests/demo
RUN=/run/demo
UPLINK=eth0
# The time one guest may take to start, two levels of emulation deep.
PATIENCE=600
# Frames that nobody needs to miss: none.
EXPECTED_DROPS='[]'

declare -A MAC=([web]=52:54:00:00:00:0a [store]=52:54:00:00:00:0b)
declare -A PID=() CRASHED=()

step()
{
	echo "@step $*"
}

# check NAME STATUS WHY
check()
{
	if [ "$2" = 0 ]; then
		echo "@ok $1"
	else
		echo "@not $1: $3"
	fi
}

give_up()
{
	echo "@not $1: $2"
	exit 1
}

# A command that has to work.
run()
{
	local out

	out=$("$@" 2>&1) || give_up "$*" "$out"
}

# equal NAME GOT WANTED; nothing at all is never right.
equal()
{
	[ -n "$2" ] && [ "$2" = "$3" ]
	check "$1" $? "got '$2', wanted '$3'"
}

# --- the switch ------------------------------------------------------------

prepare()
{
	local mod

	for mod in virtio_net virtio_blk tun vhost_net; do
		run modprobe "$mod"
	done
	mkdir -p $RUN
	run busywait 10000 test -b /dev/vda
	run tar -xf /dev/vda -C $RUN
	run busywait 10000 test -d /sys/class/net/$UPLINK
}

# record DEV: from now on, in DEV.pcap, where that was asked for.
record()
{
	[[ " $WORDS " != *" capture "* ]] ||
		tcpdump -Z root -q -s 256 -U -i "$1" -w "/out/$1.pcap" \
			2>/dev/null &
}

make_switch()
{
	load_module || give_up "the module loads" "see the log of the kernel"
	run vswctl switch add vsw0
	run vswctl port add vsw0 $UPLINK role uplink
	run ip link set $UPLINK up
	run ip link set vsw0 up
	record $UPLINK
	record vsw0
	check "vswitch.ko is loaded, vsw0 has $UPLINK as its uplink" 0
}

host_address()
{
	busybox udhcpc -q -n -f -i vsw0 -s "$DEMO/lease" -t 20 -T 2 \
		>/out/udhcpc.log 2>&1
	HOST=$(cat /address 2>/dev/null)
	[ -n "$HOST" ]
	check "the host has an address on vsw0 by DHCP" $? "no lease"
	echo "@set host $HOST"
}

# --- guests ----------------------------------------------------------------

# The kernel command line of guest $1. Without ACPI and a few other things the
# guest boots sooner, and a clock of ticks is slow at worst, where one that was
# calibrated on a busy machine runs too fast for every timeout.
guest_cmdline()
{
	echo "console=ttyS0 quiet panic=-1 guest=$1 acpi=off nosmp mitigations=off" \
		"lsm= init_on_alloc=0 tsc=unstable no_timer_check"
}

# web has a tun tap, which is made and attached; store has a direct one, which the
# switch makes.
add_tap()
{
	if [ "$1" = store ]; then
		run vswctl port add vsw0 store0 type tap address "${MAC[store]}"
		return
	fi
	run ip tuntap add "${1}0" mode tap vnet_hdr
	run vswctl port add vsw0 "${1}0"
	run ip link set "${1}0" up
}

add_guest()
{
	local name=$1

	add_tap "$name"
	record "${name}0"
	mkfifo "$RUN/$name.in" "$RUN/$name.out"
	start_guest "$name"
}

start_guest()
{
	local name=$1 net

	net=$(vswctl qemu-args "${name}0") || give_up "$name starts" "no qemu-args"
	set -- -name "$name" -nodefaults -no-user-config \
		-display none -no-reboot -accel tcg,thread=single,tb-size=128 \
		-machine pc,usb=off,vmport=off -cpu qemu64 -m 128 \
		-kernel $RUN/vmlinux -initrd $RUN/initramfs \
		-append "$(guest_cmdline "$name")" \
		-chardev "socket,id=con,path=$RUN/$name.console,server=on,wait=off,logfile=/out/$name.log" \
		-serial chardev:con -serial "pipe:$RUN/$name" \
		-global virtio-net-pci.romfile= \
		-global "virtio-net-pci.mac=${MAC[$name]}"
	# The words end with a redirection that opens the node of a direct tap.
	eval "exec qemu-system-x86_64 \"\$@\" $net" \
		</dev/null >"/out/$name-qemu.log" 2>&1 &
	PID[$name]=$!
}

# told NAME WORD: prints what guest NAME told about WORD, last time.
told()
{
	tr -d '\r' <"/out/$1.log" 2>/dev/null |
		grep -a "^demo: $2\( \|\$\)" | tail -n 1 | cut -d ' ' -f 3-
}

has_told()
{
	grep -qa "^demo: $2" "/out/$1.log" 2>/dev/null
}

# A kernel that is emulated on an emulated processor crashes at times while it
# boots (two of some forty boots did). It has not met the switch then, and gets
# two more chances. Fails when there is none left.
restart_guest()
{
	local name=$1

	CRASHED[$name]=$((CRASHED[$name] + 1))
	[ "${CRASHED[$name]}" -le 2 ] && ! has_told "$name" booted || return
	mv "/out/$name.log" "/out/$name-crashed-${CRASHED[$name]}.log"
	echo "... $name: its kernel crashed while it booted; starting it again"
	start_guest "$name"
}

# wait_told NAME WORD WHAT: until the guest tells, with signs of life.
wait_told()
{
	local begin=$SECONDS shown=0 took

	until has_told "$1" "$2"; do
		took=$((SECONDS - begin))
		kill -0 "${PID[$1]}" 2>/dev/null || restart_guest "$1" ||
			give_up "$3" "QEMU of $1 has ended, see $1.log"
		! has_told "$1" failed ||
			give_up "$3" "$1 failed $(told "$1" failed)"
		[ $took -lt $PATIENCE ] ||
			give_up "$3" "$1 did not come so far in $PATIENCE s"
		if [ $((took / 10)) -gt $shown ]; then
			shown=$((took / 10))
			echo "... $1: $took s"
		fi
		# The guests need the processors more than this does.
		sleep 1
	done
}

# Runs the guests' first minute, in which they get their addresses.
guests_up()
{
	local name

	for name in web store; do
		wait_told $name booted "$name boots"
	done
	for name in web store; do
		wait_told $name ready "$name gets ready"
		read -r IP MACS <<<"$(told $name address)"
		[[ $IP == 10.0.2.* ]] && [ "$MACS" = "${MAC[$name]}" ]
		check "guest $name has an address by DHCP through the switch" \
			$? "got '$IP' for '$MACS'"
		echo "@set $name $IP"
	done
	WEB=$(told web address)
	WEB=${WEB%% *}
}

vhost_works()
{
	local name

	for name in web store; do
		grep -qs vhost /proc/"${PID[$name]}"/task/*/comm ||
		pgrep "vhost-${PID[$name]}" >/dev/null
		check "vhost-net carries the frames of $name" $? "no such thread"
	done
}

uplink_bytes()
{
	vswctl -j stats show $UPLINK | jq '[.. | ."tx-bytes"? // empty] | add'
}

store_fetches()
{
	local before after size

	before=$(uplink_bytes)
	echo "fetch $WEB" >$RUN/store.in
	wait_told store fetched "store fetches"
	after=$(uplink_bytes)
	equal "store got the page of web" "$(told store page)" "$(told web page)"
	equal "store got the file of web, same sha256" \
		"$(told store sha256)" "$(told web sha256)"
	size=$(told web size)
	[ -n "$before" ] && [ $((after - before)) -lt $((size / 10)) ]
	check "the ${size}-byte file did not leave through the uplink" $? \
		"the uplink sent $before bytes before, $after after"
}

host_fetches()
{
	equal "the host got the page through vsw0" \
		"$(curl -sS -m 30 "http://$WEB/")" "$(told web page)"
	equal "the host got the file through vsw0, same sha256" \
		"$(curl -sS -m 60 "http://$WEB/catalogue.bin" | sha256sum |
			cut -d ' ' -f 1)" "$(told web sha256)"
}

outside_fetches()
{
	echo "@set page $(told web page)"
	echo "@outside"
	busywait 60000 grep -qa 'url:/outside.html' /out/web.log
	check "web saw the request from outside" $? "not within 60 s"
}

# --- what the switch says --------------------------------------------------

# Prints a command and what it says.
show()
{
	echo
	echo "  # $*"
	"$@" 2>&1 | sed 's/^/  /'
}

show_all()
{
	show vswctl port show switch vsw0
	show vswctl fdb show vsw0
	show vswctl stats show switch vsw0
	show vswctl drops show switch vsw0
	echo
}

fdb_knows()
{
	local name

	for name in web store; do
		vswctl -j fdb show vsw0 | jq -e --arg mac "${MAC[$name]}" \
			--arg port "${name}0" '[.. | objects | select(.mac == $mac)] |
			length == 1 and .[0]."port-name" == $port and
			.[0].type == "dynamic"' >/dev/null
		check "the FDB learned $name on ${name}0" $? \
			"$(vswctl -j fdb show vsw0 | tr -d '\n')"
	done
}

no_drops()
{
	local drops

	drops=$(vswctl -j drops show switch vsw0 |
		jq -c --argjson fine "$EXPECTED_DROPS" '[.. | objects |
		select(.stats) | .name as $port | .stats.drops // {} |
		to_entries[] | select(.value > 0) |
		select(.key as $key | $fine | index($key) | not) |
		"\($port) \(.key) \(.value)"]')
	equal "the switch dropped nothing" "$drops" "[]"
}

# --- the end ---------------------------------------------------------------

keep()
{
	echo "@keep"
	# shellcheck disable=SC2094 # a terminal is read and written
	setsid -c bash --rcfile "$DEMO/promptrc" -i </dev/hvc0 >/dev/hvc0 2>&1
	echo "The demo ends." >/dev/hvc0
}

# The guest of a direct tap has a file of the module open.
module_stays()
{
	local out

	out=$(rmmod vswitch 2>&1)
	[[ $? != 0 && $out = *"in use"* ]]
	check "rmmod is refused while store has its direct tap open" $? "$out"
}

# Under the guest of a tun tap: it loses its network and nothing else.
module_leaves()
{
	local out

	out=$(rmmod vswitch 2>&1)
	check "rmmod works while web runs on its tun tap" $? "$out"
	[ ! -e /sys/class/net/vsw0 ] && kill -0 "${PID[web]}"
	check "web is still alive" $? "it is gone"
}

guest_ended()
{
	! kill -0 "${PID[$1]}" 2>/dev/null
}

guest_down()
{
	local err=1

	echo stop >"$RUN/$1.in"
	! busywait 60000 guest_ended "$1" || {
		wait "${PID[$1]}"
		err=$?
	}
	check "$1 shut down cleanly" $err "status $err"
}

main()
{
	WORDS=$*
	step "The host VM runs Linux $(uname -r)"
	prepare
	make_switch
	host_address
	step "Starting two QEMU guests with vhost-net: web on a tun tap, store on a" \
		"direct tap; this takes a while"
	add_guest web
	add_guest store
	guests_up
	vhost_works
	step "store fetches a page and a file from web"
	store_fetches
	host_fetches
	outside_fetches
	fdb_knows
	no_drops
	show_all
	[[ " $WORDS " != *" keep "* ]] || keep
	step "Taking it down"
	module_stays
	guest_down store
	module_leaves
	guest_down web
	ip link del web0
	echo "@end"
}

main "$@"
