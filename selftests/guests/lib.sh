# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2086 # no word has blanks
# For tests with real QEMU guests, after selftests/lib.sh: guests whose only program
# is guest.c, what they are told and answer, and how counters of ports grow.
# The script sets IP, and VSW_OUT to the directory for the consoles.

IMAGE=$REPO/build/guests
declare -A IP=() IN=() OUT=() PID=()
# The number of the last order, and the last answer.
ORDER=0 ANSWER=
# Seconds for anything a guest does, and MiB of a stream that has to end.
PATIENCE=40 MIB=8
# Bytes that frames have on average at least, both ways, if some come whole.
WHOLE=3028
# How QEMU emulates a guest's processor.
ACCEL=tcg,thread=single,tb-size=32

# --- guests ----------------------------------------------------------------

# accel_find: KVM, where the machine has it. An emulated processor has, too: guests
# then run no slower than their host.  But not with nested paging: as QEMU 7.2
# emulates it, a guest now and then goes on with the registers of its host.
accel_find()
{
	if modprobe -q kvm_amd npt=0 || modprobe -q kvm_intel; then
		ACCEL=kvm
	fi
}

# Words for the kernel of guest $1: what would try out timers on a machine that
# has other things to do is left out.
guest_words()
{
	echo "console=ttyS0 quiet panic=-1 guest_ip=${IP[$1]} lpj=1000000" \
		"noapic nolapic no_timer_check"
}

# The pipes are ours to read and write, so neither side waits for the other.
guest_pipes()
{
	local in out

	mkfifo "$TMP/$1.in" "$TMP/$1.out" || return
	exec {in}<>"$TMP/$1.in" {out}<>"$TMP/$1.out"
	IN[$1]=$in OUT[$1]=$out
}

# guest_start GUEST WORD...: its QEMU; the words are those of its network cards,
# and what else it is to have.
guest_start()
{
	local guest=$1

	shift
	qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot \
		-accel $ACCEL -m 48 -machine pc,usb=off,vmport=off -cpu qemu64 \
		-kernel "$IMAGE/vmlinux" -initrd "$IMAGE/initramfs" \
		-append "$(guest_words "$guest")" -serial "pipe:$TMP/$guest" \
		"$@" </dev/null >>"$VSW_OUT/$guest-qemu.log" 2>&1 &
	PID[$guest]=$!
}

# hear GUEST WORD: reads its console up to the line "guest: WORD ...", and leaves
# the rest of that in ANSWER.  Without polling: there is one processor for all.
hear()
{
	local line end=$((SECONDS + PATIENCE))

	while IFS= read -r -t $((end - SECONDS + 1)) line <&"${OUT[$1]}"; do
		line=${line%$'\r'}
		echo "$line" >>"$VSW_OUT/$1.log"
		if [[ "$line " == "guest: $2 "* ]]; then
			ANSWER=${line#"guest: $2"}
			return
		fi
	done
	ANSWER="nothing within $PATIENCE s"
	return 1
}

# tell GUEST WORD...: gives an order, without waiting for what becomes of it.
tell()
{
	local guest=$1

	shift
	ORDER=$((ORDER + 1))
	echo "$ORDER $*" >&"${IN[$guest]}"
}

# ask GUEST WORD...: an order that has to be carried out.
ask()
{
	tell "$@"
	hear "$1" $ORDER
	[[ $ANSWER == " ok"* ]] || fail "guest $*:$ANSWER"
}

# The host does the same.
host_ask()
{
	ANSWER=$("$IMAGE/guest" "$@") || fail "host $*: $ANSWER"
}

guest_kill()
{
	kill -9 ${PID[$1]}
	wait ${PID[$1]} 2>/dev/null
	unset "PID[$1]"
}

# Those that run are told to end, and QEMU with them.
guests_off()
{
	local guest

	for guest in "${!PID[@]}"; do
		tell $guest off
		busywait ${PATIENCE}000 eval "! kill -0 ${PID[$guest]}" >/dev/null
		check_err $? "QEMU of $guest runs on"
		wait ${PID[$guest]}
		check_err $? "QEMU of $guest"
		unset "PID[$guest]"
	done
}

# threads GUEST: prints a line for each thread of vhost-net that works for it, with
# the ticks it has run. Linux 6.1 has threads of the kernel for that.
threads()
{
	local comm

	grep -lsx "vhost-${PID[$1]}" /proc/[0-9]*/comm /proc/${PID[$1]}/task/*/comm |
		while read -r comm; do
			awk '{ print $14 + $15 }' "${comm%comm}stat"
		done
}

# --- what the switch says --------------------------------------------------

snapshot()
{
	BEFORE=$(vswctl -j port show)
}

# grown DEV COUNTER: prints how much since the snapshot.
grown()
{
	vswctl -j port show "$1" | jq --argjson before "$BEFORE" --arg key "$2" '
		.[0] | .name as $dev | .stats[$key] -
		($before[] | select(.name == $dev).stats[$key])'
}

has_grown()
{
	[ "$(grown "$1" "$2")" -ge "$3" ]
}

# at_least DEV COUNTER N: it has grown by so much, or does so soon.
at_least()
{
	busywait 10000 has_grown "$@" >/dev/null ||
		fail "$2 of $1 grew by $(grown "$1" "$2"), not $3 or more"
}

# at_most DEV COUNTER N
at_most()
{
	local got

	got=$(grown "$1" "$2")
	[ "$got" -le "$3" ] || fail "$2 of $1 grew by $got, more than $3"
}

# whole DEV rx|tx: since the snapshot its frames had on average more bytes than
# fit the wire, so some came in one piece that did not.
whole()
{
	local bytes packets

	bytes=$(grown "$1" "$2-bytes")
	packets=$(grown "$1" "$2-packets")
	[[ $bytes -gt $((MIB << 20)) && $((bytes / packets)) -gt $WHOLE ]] ||
		fail "$1: $2 had $bytes bytes in $packets frames"
}

# dropped_since JSON: what "vswctl -j port show" printed; prints a list of what was
# dropped since, which is [] for nothing.
dropped_since()
{
	vswctl -j port show | jq -c --argjson before "$1" '
		[.[] | .name as $dev | .stats.drops | to_entries[] | .key as $key |
		.value -= ($before[] | select(.name == $dev).stats.drops[$key]) |
		select(.value != 0) | "\($dev) \($key) \(.value)"]' 2>&1
}
