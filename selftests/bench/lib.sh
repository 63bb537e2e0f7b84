# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Loads what measures. Sourced after selftests/lib.sh.

bench_load()
{
	local ko

	load_module && modprobe -a tun tap vhost_net || return
	ko=$(dirname -- "$(module_file)")/bench/vsw_bench.ko
	insmod "$ko" || {
		fail "cannot load $ko: make modules-all builds it"
		return 1
	}
	defer rmmod vsw_bench
}
