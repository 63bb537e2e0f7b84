#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Writes everything that comes from Documentation/netlink/specs/vswitch.yaml:
# the uapi header, the kernel's policies and the tool's name tables.
#
#   regen.sh            write the files
#   regen.sh --check    compare them with what the spec says; 1 if they differ
#
# The kernel's own generator is used, as Debian's linux-source-6.12 has it.  It
# wants its schemas beside the spec's folder and a MAINTAINERS file above, so it
# runs on a copy.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
cache=${VSW_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vswitch}
tarball=/usr/src/linux-source-6.12.tar.xz
spec=Documentation/netlink/specs/vswitch.yaml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Unpacks the generator from the kernel source, once per source version.
generator() {
	local version dir
	version=$(dpkg-query -W -f '${Version}' linux-source-6.12)
	dir=$cache/ynl-$version
	if [ ! -e "$dir/tools/net/ynl/ynl-gen-c.py" ]; then
		mkdir -p "$dir.$$"
		tar -xJf "$tarball" -C "$dir.$$" --strip-components=1 \
			linux-source-6.12/tools/net/ynl linux-source-6.12/Documentation/netlink
		rm -rf "$dir"
		mv "$dir.$$" "$dir"
	fi
	echo "$dir"
}

# The interpreter that has the generator's modules: Debian's packages belong to
# /usr/bin/python3, which need not be the first one in PATH.
python=/usr/bin/python3

gen() {
	(cd "$work" && "$python" "$ynl/tools/net/ynl/ynl-gen-c.py" --spec "$spec" "$@")
}

ynl=$(generator)
mkdir -p "$work/Documentation/netlink/specs" "$work/uapi/linux" "$work/kmod/ctrl" "$work/ctl"
cp "$ynl"/Documentation/netlink/*.yaml "$work/Documentation/netlink/"
cp "$top/$spec" "$work/$spec"
touch "$work/MAINTAINERS"

gen --mode uapi --header -o uapi/linux/vswitch.h
gen --mode kernel --header -o kmod/ctrl/vswitch_nl.h
gen --mode kernel --source -o kmod/ctrl/vswitch_nl.c
# The generator names symbols after the family; the module's start with vsw_.
sed -i 's/\bvswitch_/vsw_/g; s/"vsw_nl\.h"/"vswitch_nl.h"/; s/\(include "\).*vswitch_nl/\1vswitch_nl/' \
	"$work"/kmod/ctrl/vswitch_nl.[ch]
"$python" "$top/ctl/gen_names.py" "$work/$spec" "$work/ctl"

status=0
for f in uapi/linux/vswitch.h kmod/ctrl/vswitch_nl.h kmod/ctrl/vswitch_nl.c ctl/nl_names.h ctl/nl_names.c; do
	if [ "${1:-}" != --check ]; then
		cp "$work/$f" "$top/$f"
	elif ! diff -u "$top/$f" "$work/$f"; then
		echo "$f is not what $spec says: run 'make regen'" >&2
		status=1
	fi
done
exit $status
