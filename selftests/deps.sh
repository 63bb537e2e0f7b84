#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Installs the Debian packages that building and testing need.
#
# usage: selftests/deps.sh [--check] [build|check|demo|cov|bench|all]
#
#   build    the module for all kernels, and vswctl
#   check    build, and all tests
#   demo     build, and real guests in a virtual machine
#   cov      check, and the report of what was reached
#   bench    check, and plots of what frames cost
#   all      build, check and demo (default)
#   --check  only say what is missing; exit status 1 when something is

BUILD=(
	gcc make libc6-dev dpkg-dev pkg-config git xz-utils
	linux-headers-amd64 linux-headers-cloud-amd64
	linux-headers-6.12-amd64 linux-headers-6.12-cloud-amd64
	libnl-3-dev libnl-genl-3-dev libnl-route-3-dev libjson-c-dev
	kmod
)

# The virtual machines copy their tools from this system, and the kernel for
# KUnit is built from Debian's source.
CHECK=(
	linux-source-6.12 flex bison bc libelf-dev libssl-dev rsync
	sparse shellcheck codespell yamllint mandoc
	perl python3 python3-yaml python3-jsonschema libasan8 libubsan1 libpcap-dev
	qemu-system-x86 seabios busybox-static cpio e2fsprogs util-linux
	iproute2 ethtool tcpdump iputils-ping iputils-arping
	curl ca-certificates jq netbase procps hostname mawk
)

DEMO=(
	qemu-system-x86 qemu-utils seabios busybox-static cpio e2fsprogs zstd
	util-linux python3 python3-yaml iproute2 ethtool tcpdump iputils-ping
	iputils-arping curl ca-certificates jq netbase procps hostname mawk
)

# In Debian 12, kernel 6.12 is not the default one and its packages come
# from an archive section that not every image has enabled.
HINT="the packages of Linux 6.12 for Debian 12 come with bookworm-security \
or bookworm-backports: enable one of these in the APT sources"

usage()
{
	sed -n '3,13s/^# \{0,1\}//p' "$0"
}

# Prints the names among the arguments that are not installed.
missing()
{
	local package state

	for package; do
		state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)
		[ "$state" = installed ] || echo "$package"
	done
}

as_root()
{
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		echo "deps.sh: not root, and there is no sudo; as root, run:" >&2
		echo "  apt-get install --no-install-recommends ${absent[*]}" >&2
		exit 1
	fi
}

apt()
{
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@"
}

install_packages()
{
	echo "deps.sh: installing $*"
	apt update || echo "deps.sh: apt-get update failed, trying anyway" >&2
	apt -o Dpkg::Use-Pty=0 install --no-install-recommends -y "$@" \
		>/dev/null || {
		echo "deps.sh: cannot install: $*" >&2
		echo "deps.sh: $HINT" >&2
		exit 1
	}
}

check_only=
if [ "$1" = --check ]; then
	check_only=yes
	shift
fi
case ${1:-all} in
build) wanted=("${BUILD[@]}") ;;
check) wanted=("${BUILD[@]}" "${CHECK[@]}") ;;
cov) wanted=("${BUILD[@]}" "${CHECK[@]}" lcov) ;;
bench) wanted=("${BUILD[@]}" "${CHECK[@]}" gnuplot-nox) ;;
demo) wanted=("${BUILD[@]}" "${DEMO[@]}") ;;
all) wanted=("${BUILD[@]}" "${CHECK[@]}" "${DEMO[@]}") ;;
*) usage >&2; exit 2 ;;
esac

command -v dpkg-query >/dev/null || {
	echo "deps.sh: this is not a Debian system; needed are the equivalents" \
		"of: ${wanted[*]}" >&2
	exit 1
}
mapfile -t absent < <(missing "${wanted[@]}" | sort -u)
[ ${#absent[@]} -gt 0 ] || exit 0
if [ -n "$check_only" ]; then
	echo "deps.sh: missing: ${absent[*]}"
	exit 1
fi
install_packages "${absent[@]}"
