# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Shared by the scripts of this directory: where things are, which kernel is
# meant, and the cached parts of a virtual machine. Sourced, never run.

VM_DIR=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034 # used by the scripts that source this file
REPO_DIR=$(cd -- "$VM_DIR/../.." && pwd)
CACHE_DIR=${VSW_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vswitch}
KERNEL=${KERNEL:-6.12}
FLAVOUR=${FLAVOUR:-amd64}

# mke2fs and friends live in sbin; python3 must be the distribution's, since
# the image is made from the distribution's files.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH

say()
{
	echo "vm: $*" >&2
}

die()
{
	say "$*"
	exit 125
}

need()
{
	local tool

	for tool; do
		command -v "$tool" >/dev/null ||
			die "$tool is missing: run selftests/deps.sh check"
	done
}

# Runs the rest of the caller while no other build writes to the cache.
cache_lock()
{
	mkdir -p "$CACHE_DIR" || die "cannot create the cache $CACHE_DIR"
	exec {CACHE_FD}>"$CACHE_DIR/lock"
	flock "$CACHE_FD"
}

cache_unlock()
{
	exec {CACHE_FD}>&-
}

# What nobody has used for two weeks was made for packages long replaced.
cache_prune()
{
	find "$CACHE_DIR" -maxdepth 1 \( -name 'tools-*.img' -o -name 'kernel-*' \) \
		-mtime +14 -exec rm -rf {} +
	find "$CACHE_DIR/deb" -name '*.deb' -atime +14 -ctime +14 -delete
}

# Whether the kernel is one of selftests/kernel, with checkers, and not Debian's.
kernel_is_own()
{
	case $FLAVOUR in
	amd64|cloud-amd64) return 1 ;;
	debug|kcsan) ;;
	*) die "FLAVOUR is amd64, cloud-amd64, debug or kcsan, not '$FLAVOUR'" ;;
	esac
	[ "$KERNEL" = 6.12 ] || die "there is no Linux $KERNEL with $FLAVOUR"
}

# Sets KERNEL_REL to the release of the kernel, and KERNEL_TREE to what the
# module is built against. Of Debian's, it is the newest installed headers: the
# module is built against those, so exactly that kernel has to boot. Our own one
# is built if need be, and the module for it.
kernel_find()
{
	local found

	if kernel_is_own; then
		found=$("$REPO_DIR/selftests/kernel/x86.sh" "$FLAVOUR") ||
			die "cannot build the kernel"
		read -r KERNEL_REL KERNEL_TREE <<<"$found"
		make -s -C "$REPO_DIR" modules KVER="$KERNEL_REL" \
			KDIR="$KERNEL_TREE" >&2 || die "cannot build the module"
		return
	fi
	KERNEL_REL=$(kernel_headers) || exit
	KERNEL_TREE=/usr/src/linux-headers-$KERNEL_REL
}

kernel_headers()
{
	local pattern="^${KERNEL//./\\.}\\.[0-9][0-9a-z.+~]*(-[0-9]+)?-$FLAVOUR\$"
	local rel

	rel=$(find /usr/src -maxdepth 1 -name 'linux-headers-*' -printf '%f\n' |
		sed 's/^linux-headers-//' | grep -E "$pattern" | sort -V | tail -n 1)
	[ -n "$rel" ] || die "no headers of Linux $KERNEL $FLAVOUR in /usr/src:" \
		"run selftests/deps.sh build"
	echo "$rel"
}
