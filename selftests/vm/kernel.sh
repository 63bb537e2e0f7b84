# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A Debian kernel from its package, or one of our own, taken apart for QEMU and
# never installed: the kernel itself, an initramfs and a disk image with all of
# its modules.
# Sourced after common.sh.

# What the initramfs needs before it can reach the root file system. Images
# are persistent memory: reading them never waits, which keeps the virtual
# clock of --icount honest, and all kernels have the drivers.
BOOT_MODULES="nfit nd_pmem ext4"

# Downloads the package of kernel $1 to the current directory. The exact
# version of the headers comes first; a mirror may have only a later one.
kernel_download()
{
	local rel=$1 version

	version=$(dpkg-query -W -f '${Version}' "linux-headers-$rel" 2>/dev/null)
	say "downloading linux-image-$rel"
	apt-get -q -o APT::Sandbox::User=root download \
		"linux-image-$rel${version:+=$version}" >apt.log 2>&1 ||
	apt-get -q -o APT::Sandbox::User=root download \
		"linux-image-$rel" >>apt.log 2>&1 || {
		cat apt.log >&2
		die "cannot download linux-image-$rel: run apt-get update," \
			"then selftests/deps.sh check for matching headers"
	}
}

# An image of directory $1 for use as persistent memory, written to $2 with
# $3 MiB to spare. No journal: what is written is thrown away.
image_make()
{
	local dir=$1 img=$2 spare=$3 size inodes

	size=$(du -sm --apparent-size "$dir" | cut -f 1)
	inodes=$(find "$dir" | wc -l)
	# Small files fill whole blocks, hence the part per inode. Memory
	# devices come in multiples of 128 MiB.
	size=$(((size * 105 / 100 + inodes / 256 + spare + 127) / 128 * 128))
	truncate -s 0 "$img"
	mke2fs -q -t ext4 -O ^has_journal,^metadata_csum,^resize_inode \
		-E root_owner=0:0,lazy_itable_init=1 -m 0 -b 4096 \
		-N $((inodes + 8192)) -d "$dir" "$img" "${size}M" ||
		die "mke2fs could not make $img"
}

# Lists the module files that must be loaded for BOOT_MODULES, in order.
boot_modules()
{
	local tree=$1 rel=$2 mod

	for mod in $BOOT_MODULES; do
		modprobe -d "$tree" -S "$rel" --show-depends "$mod" ||
			die "kernel $rel has no module $mod"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# An initramfs of busybox, the modules above and our init, written to $3.
initramfs_make()
{
	local tree=$1 rel=$2 out=$3 work=$1/initramfs n=0 file

	mkdir -p "$work"/{bin,dev,proc,sys,new,modules}
	cp "$(command -v busybox)" "$work/bin/busybox"
	cp "$VM_DIR/init" "$work/init"
	while read -r file; do
		n=$((n + 1))
		# busybox insmod takes no xz
		case $file in
		*.xz) xz -dc "$file" ;;
		*) cat "$file" ;;
		esac >"$work/modules/$(printf %02d $n).ko"
	done < <(boot_modules "$tree" "$rel")
	(cd "$work" && find . | cpio -o -H newc -R 0:0 --quiet) >"$out" ||
		die "cannot make the initramfs"
	rm -rf "$work"
}

# Unpacks package $1 of kernel $2 into directory $3.
kernel_unpack()
{
	local deb=$1 rel=$2 dir=$3 tree=$3/tree

	dpkg-deb -x "$deb" "$tree" || die "cannot unpack $deb"
	[ -e "$tree/lib" ] || ln -s usr/lib "$tree/lib"
	depmod -b "$tree" "$rel" || die "depmod failed for $rel"
	mv "$tree/boot/vmlinuz-$rel" "$dir/vmlinuz"
	kernel_images "$tree" "$rel" "$dir"
}

# Takes the kernel of build tree $1, release $2, to directory $3. All of its
# parts are built in, which depmod and modprobe are told.
kernel_take()
{
	local build=$1 rel=$2 dir=$3 tree=$3/tree

	mkdir -p "$tree/lib/modules/$rel"
	cp "$build"/modules.{order,builtin,builtin.modinfo} "$tree/lib/modules/$rel"
	depmod -b "$tree" "$rel" || die "depmod failed for $rel"
	cp "$build/arch/x86/boot/bzImage" "$dir/vmlinuz"
	kernel_images "$tree" "$rel" "$dir"
}

kernel_images()
{
	local tree=$1 rel=$2 dir=$3

	initramfs_make "$tree" "$rel" "$dir/initramfs"
	image_make "$tree/lib/modules" "$dir/modules.img" 8
	rm -rf "$tree"
}

# Puts the kernel into directory $1.
kernel_make()
{
	local dir=$1 rel=$KERNEL_REL

	if kernel_is_own; then
		kernel_take "$KERNEL_TREE" "$rel" "$dir"
		return
	fi
	mkdir -p "$CACHE_DIR/deb"
	compgen -G "$CACHE_DIR/deb/linux-image-${rel}_*.deb" >/dev/null ||
		(cd "$CACHE_DIR/deb" && kernel_download "$rel") || exit
	kernel_unpack "$(kernel_deb "$rel")" "$rel" "$dir"
}

# Sets KERNEL_DIR to the directory with vmlinuz, initramfs and modules.img of
# the kernel that kernel_find has found, made when it is not in the cache.
kernel_get()
{
	local key tmp

	need apt-get dpkg-deb depmod modprobe mke2fs cpio xz busybox flock
	# The path of our own kernel's tree has the hash of its configuration.
	key=$({ cat "$VM_DIR/init" "$VM_DIR/kernel.sh"; echo "$KERNEL_TREE"; } |
		sha256sum | cut -c 1-12)
	KERNEL_DIR=$CACHE_DIR/kernel-$KERNEL_REL-$key
	cache_lock
	if [ ! -d "$KERNEL_DIR" ]; then
		mkdir -p "$CACHE_DIR/tmp"
		tmp=$(mktemp -d "$CACHE_DIR/tmp/kernel.XXXXXX")
		kernel_make "$tmp"
		rm -rf "$CACHE_DIR/kernel-$KERNEL_REL"-*
		mv "$tmp" "$KERNEL_DIR"
	fi
	touch "$KERNEL_DIR"
	cache_unlock
}

kernel_deb()
{
	find "$CACHE_DIR/deb" -name "linux-image-$1_*.deb" | sort -V | tail -n 1
}
