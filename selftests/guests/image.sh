# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Makes what the QEMU guests of the tests boot: their kernel, and an initramfs with
# nothing but their only program, which their host has as well.  Sourced.

# make_guest_image: in build/guests of the checkout, for that is what the machines
# see.  Everything is renamed into its place: another run may have guests that
# read it.
make_guest_image()
{
	local repo kernel image work file

	repo=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")/../..")
	image=$repo/build/guests
	kernel=$("$repo/selftests/kernel/x86.sh" guest) || return
	mkdir -p "$image" && work=$(mktemp -d "$image/new.XXXXXX") || return
	strip -o "$work/vmlinux" "${kernel#* }/vmlinux" &&
		gcc -static -O2 -Wall -s -o "$work/guest" "$repo/selftests/kernel/guest.c" &&
		ln "$work/guest" "$work/init" &&
		(cd "$work" && echo init | cpio -o -H newc -R 0:0 --quiet) \
			>"$work/initramfs" || return
	for file in vmlinux guest initramfs; do
		mv "$work/$file" "$image/$file" || return
	done
	rm -r "$work"
}
