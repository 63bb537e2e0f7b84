# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2054
# Starts a virtual machine and watches over it. Sourced after common.sh and
# kernel.sh. (SC2054: commas are part of QEMU's arguments.)
#
# Serial ports: ttyS0 is the kernel console (or the prompt of shell.sh),
# ttyS1 what the command prints, ttyS2 the verdict.
# Memory devices, in this order: tools (a private copy, so writable), modules,
# the job as a tar file, what comes back as a tar file.

# The options: run.sh and shell.sh set and read them.
# shellcheck disable=SC2034
VM_TIMEOUT=600
# shellcheck disable=SC2034
VM_OUT=
VM_MEM=1024
VM_SMP=1
VM_ICOUNT=
VM_CPU=max
VM_APPEND=
VM_FORWARD=()
VM_QEMU=()
VM_TOOLS=base
VM_RESULT_MB=256

# Sets the variables above from the arguments, and COMMAND to what follows --.
vm_options()
{
	COMMAND=()
	while [ $# -gt 0 ]; do
		case $1 in
		--icount) VM_ICOUNT=2; shift; continue ;;
		--icount=*) VM_ICOUNT=${1#*=}; shift; continue ;;
		--) shift; COMMAND=("$@"); return ;;
		esac
		[ $# -ge 2 ] || die "what is '$1'? See run.sh --help"
		case $1 in
		--mem) VM_MEM=$2 ;;
		--smp) VM_SMP=$2 ;;
		--cpu) VM_CPU=$2 ;;
		--append) VM_APPEND+=" $2" ;;
		--net-user) VM_FORWARD+=("$2") ;;
		--timeout) VM_TIMEOUT=$2 ;;
		--qemu) VM_QEMU+=("$2") ;;
		--tools) VM_TOOLS=$2 ;;
		--out) VM_OUT=$2 ;;
		*) die "what is '$1'? See run.sh --help" ;;
		esac
		shift 2
	done
}

# Sets TOOLS_IMG to the image of tool set VM_TOOLS, made when the lists, the
# packages of this machine or the builder have changed.
tools_get()
{
	local lists=("$VM_DIR/tools/base") set key tmp

	need python3 ldd mke2fs apt-get dpkg-deb
	for set in ${VM_TOOLS//+/ }; do
		[ -f "$VM_DIR/tools/$set" ] ||
			die "no tool set $set in selftests/vm/tools"
		[ "$set" = base ] || lists+=("$VM_DIR/tools/$set")
	done
	key=$({ cat "${lists[@]}" "$VM_DIR/image.py" "$VM_DIR/kernel.sh"
		dpkg-query -W -f '${Package} ${Version}\n'; } |
		sha256sum | cut -c 1-12)
	TOOLS_IMG=$CACHE_DIR/tools-$VM_TOOLS-$key.img
	cache_lock
	if [ ! -f "$TOOLS_IMG" ]; then
		say "making the image of tool set $VM_TOOLS"
		mkdir -p "$CACHE_DIR/tmp" "$CACHE_DIR/deb"
		tmp=$(mktemp -d "$CACHE_DIR/tmp/tools.XXXXXX")
		/usr/bin/python3 "$VM_DIR/image.py" "$tmp/root" "$CACHE_DIR/deb" \
			"${lists[@]}" || die "cannot collect the tools"
		image_make "$tmp/root" "$tmp/img" 256
		mv "$tmp/img" "$TOOLS_IMG"
		rm -rf "$tmp"
		cache_prune
	fi
	touch -c "$TOOLS_IMG"
	cache_unlock
}

# Says "kvm" or "tcg". KVM counts only when a kernel really comes up under
# it: a device that exists may still hang its guests. Asked once per boot.
accel()
{
	local answer

	answer=$CACHE_DIR/accel-$(cat /proc/sys/kernel/random/boot_id)
	if [ ! -s "$answer" ]; then
		rm -f "$CACHE_DIR"/accel-*
		if accel_probe; then
			echo kvm >"$answer"
		else
			echo tcg >"$answer"
		fi
	fi
	cat "$answer"
}

accel_probe()
{
	[ -w /dev/kvm ] || return 1
	timeout -k 1 10 qemu-system-x86_64 -nodefaults -no-user-config \
		-display none -no-reboot -accel kvm -cpu max -m 512 \
		-kernel "$KERNEL_DIR/vmlinuz" -initrd "$KERNEL_DIR/initramfs" \
		-append "console=ttyS0 loglevel=3 panic=-1 vsw.probe" \
		-serial stdio </dev/null 2>/dev/null | grep -q 'vsw-init: alive'
}

# Writes the tar file $1 with the repository and, as .vsw, the files of
# directory $2. Objects and builds for other kernels stay behind.
job_make()
{
	local tar=$1 job=$2 rel=$3 other skip=() err=0

	for other in "$REPO_DIR"/build/*/vswitch.ko; do
		other=${other%/vswitch.ko}
		[ "${other##*/}" = "$rel" ] || skip+=("--exclude=./build/${other##*/}")
	done
	# Somebody may be building while this reads: that is exit status 1.
	tar -cf "$tar" --owner=0 --group=0 --exclude=./.git --exclude=./build/cov \
		--exclude=./build/bench --exclude='*.o' --exclude='.*.cmd' \
		"${skip[@]}" -C "$REPO_DIR" . \
		--transform 's,^\.vsw-job,.vsw,' -C "$(dirname "$job")" \
		"$(basename "$job")" 2>"$tar.log" || err=$?
	[ "$err" -le 1 ] || {
		cat "$tar.log" >&2
		die "cannot pack the repository"
	}
	# The smallest unit the drivers take; tar would read more padding.
	truncate -s %4M "$tar"
}

# Adds memory device $1 with file $2 to the arguments, $3 being more settings.
add_pmem()
{
	local id=$1 file=$2 more=$3 size

	size=$(stat -L -c %s "$file")
	QEMU_ARGS+=(-object "memory-backend-file,id=$id,mem-path=$file,size=$size,$more"
		-device "nvdimm,id=dev-$id,memdev=$id")
	PMEM_MB=$((PMEM_MB + size / 1048576))
}

add_network()
{
	local rule user=user,id=net0

	[ ${#VM_FORWARD[@]} -gt 0 ] || return 0
	for rule in "${VM_FORWARD[@]}"; do
		[ "$rule" = none ] || user+=",hostfwd=$rule"
	done
	QEMU_ARGS+=(-netdev "$user" -device virtio-net-pci,netdev=net0)
}

# Kernel parameters for the time stamp counter, which is the host's. Left to
# itself on a busy host, the kernel measures its speed so wrongly that the
# clock may run ten times too fast. Linux prints twice its MHz as bogomips.
tsc_words()
{
	awk '/^bogomips/ { khz = int($3 * 500) }
		END {
			if (khz) print "tsc=reliable tsc_early_khz=" khz
			else print "tsc=unstable"
		}' /proc/cpuinfo
}

add_cpu()
{
	if [ -n "$VM_ICOUNT" ]; then
		[ "$VM_SMP" = 1 ] || die "--icount allows one CPU only"
		# The clock of the machine follows its instructions, and jumps
		# ahead when it idles.
		QEMU_ARGS+=(-accel tcg -icount "shift=$VM_ICOUNT,sleep=off"
			-rtc base=utc,clock=vm)
		# To copy with one instruction would count once for each byte.
		[ "$VM_CPU" != max ] || VM_CPU=max,-erms,-fsrm
	elif [ "$(accel)" = kvm ]; then
		QEMU_ARGS+=(-accel kvm)
	else
		QEMU_ARGS+=(-accel tcg,thread=multi)
		VM_APPEND+=" $(tsc_words)"
	fi
	QEMU_ARGS+=(-cpu "$VM_CPU" -smp "$VM_SMP")
}

# Kernel parameters that save an emulated processor work: defences against flaws
# that it does not have, a fifth level of page tables, and memory that is cleared
# where nobody asked for it, which would only hide that somebody should have. What
# it has translated of a program serves the next one that is at the same addresses.
PLAIN_WORDS="mitigations=off no5lvl init_on_alloc=0 norandmaps"

# Sets QEMU_ARGS for the kernel in KERNEL_DIR, console $1, with work
# directory $2. Further arguments are QEMU's serial ports.
qemu_args()
{
	local console=$1 work=$2 port

	shift 2
	QEMU_ARGS=(-nodefaults -no-user-config -display none -no-reboot)
	PMEM_MB=0
	add_cpu
	add_pmem tools "$TOOLS_IMG" share=off
	add_pmem modules "$KERNEL_DIR/modules.img" share=off
	add_pmem job "$work/job.tar" share=off
	add_pmem result "$work/result.tar" share=on
	add_network
	for port; do
		QEMU_ARGS+=(-serial "$port")
	done
	QEMU_ARGS+=(-machine pc,nvdimm=on
		-m "${VM_MEM}M,slots=8,maxmem=$((VM_MEM + PMEM_MB + 4096))M"
		-kernel "$KERNEL_DIR/vmlinuz" -initrd "$KERNEL_DIR/initramfs"
		-append "console=$console loglevel=5 panic_on_warn=1 oops=panic \
panic=-1 $PLAIN_WORDS ${VM_FORWARD:+vsw.net} $VM_APPEND"
		"${VM_QEMU[@]}")
}

# Prepares the images, and in work directory $1 the job of its directory
# .vsw-job and room for the results.
vm_prepare()
{
	local work=$1

	need qemu-system-x86_64 tar truncate timeout
	kernel_find
	kernel_get
	# Checkers keep books on all memory, and take their time.
	if kernel_is_own; then
		VM_MEM=$((VM_MEM * 2))
		VM_TIMEOUT=$((VM_TIMEOUT * 3))
	fi
	tools_get
	job_make "$work/job.tar" "$work/.vsw-job" "$KERNEL_REL"
	truncate -s "${VM_RESULT_MB}M" "$work/result.tar"
}
