#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# The virtual machine and the test library themselves.
#
#	+-------+        +-------+
#	| vsa0  |--veth--| eth0  |  namespace vsa, 192.0.2.1/24
#	+-------+        +-------+
# shellcheck source-path=SCRIPTDIR disable=SC2317 # run_tests calls the functions

. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="kernel_loads_modules repo_is_here frames_pass_unchanged
	big_frames_pass capture_reports_silence busywait_gives_up"

PEER=02:00:00:00:00:0a
HOST=02:00:00:00:00:0b

setup()
{
	NO_IPV6=1
	frames_start && ns_add vsa && veth_pair vsa0 eth0 vsa "$PEER" 192.0.2.1/24
}

# Not by modprobe from here: the kernel calls it, in its own root directory.
kernel_loads_modules()
{
	local kind

	for kind in dummy vxlan macvlan; do
		defer ip link del "vst_$kind"
	done
	ip link add vst_dummy type dummy
	check_err $? "dummy is not loaded on demand"
	ip link add vst_vxlan type vxlan dstport 4789 external
	check_err $? "vxlan is not loaded on demand"
	ip link add vst_macvlan link vst_dummy type macvlan
	check_err $? "macvlan is not loaded on demand"
	check_equal "$(tr -d '\0' </proc/sys/kernel/modprobe)" /sbin/modprobe \
		"who loads modules"
}

repo_is_here()
{
	[ -f "$REPO/selftests/lib.sh" ]
	check_err $? "the work tree is missing"
	touch "$REPO/selftests/.written" && rm "$REPO/selftests/.written"
	check_err $? "the work tree cannot be written"
	[ ! -e "$REPO/.git" ] || [ -z "$VSW_VM" ]
	check_err $? "the repository's history is in the way"
}

# Untagged, tagged, double-tagged and the smallest: all must arrive as sent.
frames_pass_unchanged()
{
	local sent

	sent=$(frame "$HOST" "$PEER"
		frame "$HOST" "$PEER" --vlan 7:3 --payload cafe
		frame "$HOST" "$PEER" --vlan 100::88a8 --vlan 7
		frame "$HOST" "$PEER" --len 14)
	capture_start host vsa0 -n 4 -t 10000 || return
	frames_send eth0@vsa <<<"$sent"
	check_err $? "cannot send"
	check_equal "$(capture_wait host)" "$sent" "captured frames"
}

big_frames_pass()
{
	local sent

	ip link set vsa0 mtu 65535 && ip -n vsa link set eth0 mtu 65535
	check_err $? "cannot set the MTU"
	sent=$(frame "$HOST" "$PEER" --len 65549)
	capture_start host vsa0 -n 1 -t 10000 || return
	frames_send eth0@vsa <<<"$sent"
	check_err $? "cannot send"
	[ "$(capture_wait host)" = "$sent" ]
	check_err $? "the frame did not arrive as sent"
}

capture_reports_silence()
{
	capture_start host vsa0 -n 1 -t 300 || return
	capture_wait host >/dev/null
	check_fail $? "a frame came from nowhere"
}

busywait_gives_up()
{
	local begin took

	begin=$(now_ms)
	busywait 300 false
	check_fail $? "false became true"
	took=$(($(now_ms) - begin))
	[ "$took" -ge 300 ]
	check_err $? "gave up after $took ms"
	busywait 300 true
	check_err $? "true became false"
}

run_tests "$@"
