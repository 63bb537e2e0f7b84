#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The first process of the virtual machine once its root file system is in
# place: prepares what a booted system has, runs the job, powers off.

JOB=/repo/.vsw

mounts()
{
	mkdir -p /dev/pts /dev/shm
	mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
	mount -t tmpfs -o mode=1777 tmpfs /dev/shm
	mount -t tmpfs -o mode=1777,size=75% tmpfs /tmp
	mount -t tmpfs -o mode=755,size=75% tmpfs /out
	mount -t debugfs debugfs /sys/kernel/debug
	mount -t tracefs tracefs /sys/kernel/tracing
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	mount -t bpf bpf /sys/fs/bpf
	mkdir -p /run/netns /run/lock
	ln -sfn /proc/self/fd /dev/fd
	ln -sfn /proc/self/fd/0 /dev/stdin
	ln -sfn /proc/self/fd/1 /dev/stdout
	ln -sfn /proc/self/fd/2 /dev/stderr
}

# Nodes such as /dev/net/tun, which load their module when they are opened.
device_nodes()
{
	local module node kind number

	while read -r module node kind; do
		if [ "$module" = "#" ] || [ -e "/dev/$node" ]; then
			continue
		fi
		mkdir -p "$(dirname "/dev/$node")"
		number=${kind#?}
		mknod -m 600 "/dev/$node" "${kind%"$number"}" \
			"${number%:*}" "${number#*:}"
	done <"/lib/modules/$(uname -r)/modules.devname"
	[ ! -e /dev/net/tun ] || chmod 666 /dev/net/tun
}

environment()
{
	export PATH=/repo/ctl:/repo:/usr/sbin:/usr/bin:/sbin:/bin
	export LC_ALL=C HOME=/root TERM=${TERM:-linux} USER=root VSW_VM=1
	[ ! -e $JOB/cov ] || export GCOV_PREFIX=/out/cov
	umask 022
	hostname vsw-vm
	date -s "@$(cat $JOB/date)" >/dev/null
	ip link set lo up
	echo /sbin/modprobe >/proc/sys/kernel/modprobe
	cd /repo || poweroff -f
}

# Every ping that starts or ends would have the kernel patch its code, to take
# time stamps or not, which emulated CPUs do not bear well (see run.sh). While
# this one lives, and hardly ever sends, the code stays.
code_stays()
{
	[ "$(nproc)" = 1 ] || ping -q -i 10000 127.0.0.1 >/dev/null 2>&1 &
}

# The card of --net-user, with the addresses QEMU's user-mode network expects.
network()
{
	local dev

	grep -q vsw.net /proc/cmdline || return 0
	modprobe virtio_net
	dev=$(basename /sys/bus/virtio/drivers/virtio_net/virtio*/net/*)
	ip addr add 10.0.2.15/24 dev "$dev"
	ip link set "$dev" up
	ip route add default via 10.0.2.2
}

serial()
{
	stty -F "$1" raw -echo 115200
}

# Runs the command; its output goes through a pipe, so that it does not take
# the serial port for a terminal.
job()
{
	local status out

	serial /dev/ttyS1
	serial /dev/ttyS2
	mkfifo /run/output
	cat </run/output >/dev/ttyS1 &
	out=$!
	# From here on the console shows all that the kernel says.
	dmesg -n 8
	echo start >/dev/ttyS2
	setsid bash $JOB/command </dev/null >/run/output 2>&1
	status=$?
	# A process left behind may hold the pipe: do not wait for it forever.
	timeout 2 tail --pid=$out -f /dev/null
	echo "exit $status" >/dev/ttyS2
}

# For selftests/cov: which lines of the module were reached, by object file, as
# programs that count do by themselves in GCOV_PREFIX.
coverage()
{
	local file

	cd /sys/kernel/debug/gcov || return
	find . -name '*.gcda' | while read -r file; do
		mkdir -p "/out/cov/${file%/*}"
		cat "$file" >"/out/cov/$file"
	done
	cd /
}

# What nobody in the kernel points at any more, after all, is a complaint of it.
# An object is reported when it is 5 s old and two scans have missed it.
leaks()
{
	local file=/sys/kernel/debug/kmemleak

	[ -e $file ] || return 0
	sleep 6
	if ! { echo scan && sleep 1 && echo scan; } >$file; then
		echo "BUG: kmemleak has given up" >/dev/kmsg
	elif cat $file >/out/leaks && [ -s /out/leaks ]; then
		echo "BUG: memory leaked" >/dev/kmsg
		head -n 40 /out/leaks | sed -u "s/^/# /" >/dev/kmsg
	fi
}

# All that the command left in /out returns to the host.
results()
{
	leaks
	[ ! -e $JOB/cov ] || coverage
	dmesg >/out/dmesg.log
	tar -cf /dev/vsw-result -C /out . 2>/dev/null
}

prompt()
{
	local tty=/dev/ttyS0 rows columns

	read -r rows columns <$JOB/size
	stty -F $tty sane rows "$rows" cols "$columns"
	# shellcheck disable=SC2094 # a terminal is read and written
	TERM=$(cat $JOB/term) setsid -c bash --rcfile selftests/vm/shellrc -i \
		<$tty >$tty 2>&1
}

mounts
device_nodes
environment
code_stays
network
if [ -e $JOB/shell ]; then
	prompt
else
	job
	results
fi
sync
busybox poweroff -f
