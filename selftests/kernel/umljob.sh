#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Inside User-Mode Linux, started by umlinit.c: makes the usual file systems and
# runs the command of uml.sh.  /run/vsw is a directory of the host's.

mount -t proc proc /proc || exit 125
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
[ -c /dev/tty1 ] || mknod /dev/tty1 c 4 1
exec </dev/null >/dev/tty1 2>&1
stty -F /dev/tty1 raw
if [ -d /run/debug/failslab ]; then
	mount --bind /run/debug /sys/kernel/debug
fi

tree='' command=()
# shellcheck disable=SC1091 # uml.sh has written it: tree, command
. /run/vsw/job

# The checkout may be below a place that is hidden.
mkdir /run/tree
mount --bind "$tree" /run/tree
for dir in /tmp /var/tmp /root /mnt; do
	mount -t tmpfs tmpfs $dir
done
mkdir -p "$tree"
mount --bind /run/tree "$tree"
umount /run/tree

hostname uml
ip link set lo up
cd "$tree" && "${command[@]}"
