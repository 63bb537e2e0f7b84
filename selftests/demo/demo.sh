#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
# Two QEMU guests, a web server on a tun tap and an online store on a direct
# tap, talk to each other, to their host and to the outside through vswitch.ko,
# on a stock Debian kernel in a virtual machine. Nothing on this machine changes
# but installed packages.
#
# usage: [KEEP=1] [CAPTURE=DIR] selftests/demo/demo.sh [--check]
#
#   --check      the same assertions as TAP, and little else
#   KEEP=1       stay up for playing, with a prompt in the host VM
#   CAPTURE=DIR  leave there what each port has seen, its first 256 bytes, as
#                PORT.pcap
#
# host.sh is the part that runs in the VM; guest-init runs in the guests.

DEMO_DIR=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../vm/common.sh
. "$DEMO_DIR/../vm/common.sh"
# shellcheck source=../vm/kernel.sh
. "$VM_DIR/kernel.sh"

CHECK=
PASSED=0 FAILED=0 SKIPPED=0
VM_PID=
declare -A VALUE=()

# --- what the user sees ----------------------------------------------------

text()
{
	[ -n "$CHECK" ] || printf '%s\n' "$*"
}

step()
{
	text "$(printf '[%3d s] %s' $SECONDS "$*")"
}

ok()
{
	PASSED=$((PASSED + 1))
	text "        ok: $*"
	[ -z "$CHECK" ] || echo "ok $((PASSED + FAILED)) $*"
}

# "not_ok NAME: WHY"
not_ok()
{
	FAILED=$((FAILED + 1))
	text "        FAILED: $*"
	[ -z "$CHECK" ] || {
		echo "not ok $((PASSED + FAILED)) ${*%%: *}"
		echo "# ${*#*: }"
	}
}

drawing()
{
	local host=${VALUE[host]} web=${VALUE[web]} store=${VALUE[store]}

	text "
      this machine:  curl http://127.0.0.1:$PORT/
                            |
      user network 10.0.2.0/24, DHCP server 10.0.2.2
                            |
   +-- host VM -------------|----------------------------+
   |                      eth0  (uplink)                 |
   |                        |                            |
   |    +-------------------+-----------------------+    |
   |    |  switch vsw0   $(printf '%-15s' "$host") (host)     |    |
   |    +--------+------------------------+---------+    |
   |             |                        |              |
   |    web0 (tun tap)          store0 (direct tap)      |
   |             |                        |              |
   |    +--------+--------+      +--------+--------+     |
   |    | guest web       |      | guest store     |     |
   |    | $(printf '%-15s' "$web") |      | $(printf '%-15s' "$store") |     |
   |    +-----------------+      +-----------------+     |
   +-----------------------------------------------------+
"
}

# --- before the virtual machine --------------------------------------------

# Runs a command with its output in a log; shows the end of it on failure.
quietly()
{
	local log=$OUT/$1.log

	shift
	"$@" >"$log" 2>&1 || {
		tail -n 20 "$log" >&2
		say "failed: $*"
		exit 1
	}
}

build()
{
	kernel_find
	step "Building vswitch.ko for Linux $KERNEL_REL, and vswctl"
	quietly build-module make -C "$REPO_DIR" modules "KVER=$KERNEL_REL" \
		"KDIR=$KERNEL_TREE"
	quietly build-vswctl make -C "$REPO_DIR" tool
}

# Prints the uncompressed kernel in the bzImage $1: QEMU starts it without
# the seconds that an emulated processor needs to unpack it. The boot
# protocol's header says where the compressed kernel is.
uncompressed()
{
	/usr/bin/python3 - "$1" <<'END' | zstd -dqc
import struct, sys
image = open(sys.argv[1], "rb").read()
start, size = struct.unpack_from("<II", image, 0x248)
start += (image[0x1f1] + 1) * 512
# The last four bytes are the size of the kernel.
sys.stdout.buffer.write(image[start:start + size - 4])
END
}

guest_initramfs()
{
	local rel=$1 root=$WORK/root deb mod name n=0

	deb=$(kernel_deb "$rel")
	mkdir -p "$root"/{bin,dev,etc,proc,sys,modules}
	# Without this file the resolver of a static busybox crashes.
	echo "hosts: files" >"$root/etc/nsswitch.conf"
	cp "$(command -v busybox)" "$root/bin/busybox"
	# The links are made here and not in the guest, which is slow.
	for name in $(busybox --list); do
		[ "$name" = busybox ] || ln -s busybox "$root/bin/$name"
	done
	cp "$DEMO_DIR/guest-init" "$root/init"
	cp "$DEMO_DIR/lease" "$root/lease"
	for mod in net/core/failover drivers/net/net_failover \
		drivers/net/virtio_net; do
		n=$((n + 1))
		dpkg-deb --fsys-tarfile "$deb" |
			tar -xO --wildcards "*/kernel/$mod.ko.xz" |
			xz -dc >"$root/modules/$n.ko"
	done
	(cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet)
}

# Writes guests.tar, which is a disk of the host VM. The cloud flavour has
# fewer drivers to try, and boots in less than two thirds of the time.
guest_image()
{
	local FLAVOUR=cloud-amd64 dir

	kernel_find
	step "Taking the guests' kernel from its package: Linux $KERNEL_REL"
	kernel_get
	dir=$CACHE_DIR/guest-$KERNEL_REL
	if [ ! -s "$dir/vmlinux" ]; then
		mkdir -p "$dir"
		uncompressed "$KERNEL_DIR/vmlinuz" >"$dir/vmlinux.new" ||
			die "cannot unpack the kernel of the guests"
		mv "$dir/vmlinux.new" "$dir/vmlinux"
	fi
	guest_initramfs "$KERNEL_REL" >"$WORK/initramfs" ||
		die "cannot make the guests' initramfs"
	tar -cf "$WORK/guests.tar" -C "$dir" vmlinux -C "$WORK" initramfs ||
		die "cannot pack the guests"
	truncate -s %1M "$WORK/guests.tar"
}

# --- the virtual machine ---------------------------------------------------

# Starts the host VM; its output can be read from descriptor FROM_VM.
start_vm()
{
	local words word args=()

	# shellcheck disable=SC2054 # commas are part of QEMU's arguments
	words=(-netdev user,id=net0
		-device virtio-net-pci,netdev=net0,romfile=
		-drive "file=$WORK/guests.tar,format=raw,if=virtio,readonly=on"
		-monitor "unix:$WORK/monitor,server=on,wait=off"
		-device virtio-serial-pci
		-chardev "socket,id=prompt,path=$WORK/prompt,server=on,wait=off"
		-device virtconsole,chardev=prompt)
	for word in "${words[@]}"; do
		args+=(--qemu "$word")
	done
	mkfifo "$WORK/from-vm"
	# Guests crashed more often while their QEMU used AVX and the like on
	# an emulated processor: it gets a plainer one.
	"$VM_DIR/run.sh" --smp 2 --mem 1280 --tools demo \
		--cpu max,-xsave,-avx,-avx2,-bmi1,-bmi2,-movbe,-abm \
		--timeout "$([ -z "$KEEP" ] && echo 1500 || echo 604800)" \
		--out "$OUT" "${args[@]}" -- selftests/demo/host.sh \
		${CAPTURE:+capture} ${KEEP:+keep} >"$WORK/from-vm" 2>"$OUT/vm.log" &
	VM_PID=$!
	exec {FROM_VM}<"$WORK/from-vm"
}

# Sets PORT: a port of this machine that leads to guest web. The system
# picks a free one, the monitor says which.
forward()
{
	"$DEMO_DIR/console.py" ask "$WORK/monitor" \
		"hostfwd_add net0 tcp:127.0.0.1:0-${VALUE[web]}:80" >"$OUT/forward.log"
	PORT=$("$DEMO_DIR/console.py" ask "$WORK/monitor" "info usernet" |
		awk '/HOST_FORWARD/ && $3 == "127.0.0.1" { print $4 }')
}

outside()
{
	local page

	forward
	if [ -z "$PORT" ]; then
		not_ok "this machine reaches web: no port is forwarded"
		return
	fi
	page=$(curl -sS --noproxy '*' -m 50 \
		"http://127.0.0.1:$PORT/outside.html" 2>&1)
	text "        # curl http://127.0.0.1:$PORT/outside.html"
	text "        $page"
	if [ "$page" = "${VALUE[page]}" ]; then
		ok "this machine reaches web through the uplink"
	else
		not_ok "this machine reaches web: got '$page'"
	fi
	drawing
}

# The prompt of the host VM, until it ends.
keep()
{
	local attach="$DEMO_DIR/console.py attach $WORK/prompt"

	step "Everything stays up. web is http://127.0.0.1:$PORT/ here"
	if [ -t 0 ]; then
		text "Ctrl-] leaves the prompt and keeps the machines running."
		$attach
		! kill -0 $VM_PID 2>/dev/null || text "To return: $attach"
	else
		text "A prompt in the host VM: $attach"
	fi
	text "To stop: exit in the prompt, or kill $$"
}

follow()
{
	local line word name value ended=

	while IFS= read -r line <&"$FROM_VM"; do
		read -r word name value <<<"$line"
		case $word in
		@ok) ok "${line#@ok }" ;;
		@not) not_ok "${line#@not }" ;;
		@step) step "${line#@step }" ;;
		@set) VALUE[$name]=$value ;;
		@outside) outside ;;
		@keep) keep ;;
		@end) ended=yes ;;
		*) text "        $line" ;;
		esac
	done
	[ -n "$ended" ] || not_ok "the demo came to its end: it stopped early"
}

# The status of run.sh covers the log of the kernel.
finish_vm()
{
	local err=0

	wait $VM_PID || err=$?
	VM_PID=
	case $err in
	0) ok "the kernel did not complain" ;;
	126) not_ok "the kernel did not complain: $(tail -n 5 "$OUT/vm.log")" ;;
	*) not_ok "the host VM ran to its end: $(tail -n 5 "$OUT/vm.log")" ;;
	esac
}

# shellcheck disable=SC2317 # the trap calls it
clean_up()
{
	if [ -n "$VM_PID" ]; then
		kill "$VM_PID" 2>/dev/null
		wait "$VM_PID"
	fi
	rm -rf "$WORK"
	[ -z "$DONE" ] || rm -rf "$OUT"
	[ -n "$DONE" ] || [ ! -d "$OUT" ] || echo "The logs are in $OUT"
}

main()
{
	case $1 in
	'') ;;
	--check) CHECK=yes ;;
	*) sed -n '9,14s/^# \{0,1\}//p' "$0"; exit 2 ;;
	esac
	DONE=
	[ "$KEEP" != 0 ] && [ -z "$CHECK" ] || KEEP=
	[ -z "$CHECK" ] || echo "KTAP version 1"
	OUT=$(mktemp -d "${TMPDIR:-/tmp}/vsw-demo-logs.XXXXXX") &&
		WORK=$(mktemp -d "${TMPDIR:-/tmp}/vsw-demo.XXXXXX") || exit 1
	trap clean_up EXIT
	trap 'exit 130' INT TERM
	step "Looking for what is needed"
	quietly deps "$REPO_DIR/selftests/deps.sh" demo
	build
	guest_image
	step "Starting the host VM"
	start_vm
	follow
	finish_vm
	[ -z "$CHECK" ] || echo "1..$((PASSED + FAILED))"
	echo "# demo: $PASSED passed, $FAILED failed, $SKIPPED skipped"
	[ "$FAILED" = 0 ] || exit 1
	[ -z "$CAPTURE" ] || { mkdir -p "$CAPTURE" && cp "$OUT"/*.pcap "$CAPTURE"; } || exit
	DONE=yes
	step "Done. Nothing is left running"
}

main "$@"
exit
