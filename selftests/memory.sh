#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: stock timeout=900
# The memory of a switch is that of the cgroup it was made in, also what its FDB
# grows by because of its guests. A limit there keeps the FDB from growing, and
# nothing else. (Stock kernels: ours have no memory cgroups.)
#
#	 ns g1                ns g2
#	+------+             +------+
#	| eth0 |             | eth0 |
#	+--+---+             +--+---+
#	   | veth               | veth
#	+--+--------------------+--+
#	|  p1        vsw0       p2 |    made in cgroup vsw
#	+--------------------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

CGROUP=/sys/fs/cgroup/vsw
N=20000
ALL_TESTS="growth_is_charged limit_holds growth_goes_on all_is_given_back"

setup()
{
	local i

	NO_IPV6=1
	load_module && frames_start || return
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control && mkdir $CGROUP || return
	defer rmdir $CGROUP
	(echo $BASHPID >$CGROUP/cgroup.procs && exec vswctl switch add vsw0) &&
		no_ipv6 vsw0 && ip link set vsw0 up || return
	for i in 1 2; do
		ns_add g$i && veth_pair p$i eth0 g$i 02:00:5e:00:53:0$i 192.0.2.$i/24 &&
			vswctl port add vsw0 p$i mac-limit 0 || return
	done
	wait_jq 10000 '.[0].state == "forwarding"' "p1 is up" port show p1
	wait_jq 10000 '.[0].state == "forwarding"' "p2 is up" port show p2
}

charged_kib()
{
	awk '$1 == "kernel" { print int($2 / 1024) }' $CGROUP/memory.stat
}

fdb_kib()
{
	vsw_get '.[0]."fdb-memory"' switch show vsw0
}

fdb_count()
{
	vsw_get '.[0]."fdb-count"' switch show vsw0
}

# talk BYTE: N frames from as many addresses. What finds no place while the table
# grows is taught by the next frame.
talk()
{
	local i

	awk -v n=$N -v byte=$1 'BEGIN { for (i = 0; i < n; i++)
		printf "0200630000010200%s%06x88b5%092d\n", byte, i, 0 }' >"$TMP/frames"
	for i in 1 2 3 4; do
		frames_send eth0@g2 <"$TMP/frames"
		! busywait 3000 learned $2 || return 0
	done
	return 1
}

learned()
{
	[ "$(fdb_count)" -ge $1 ]
}

growth_is_charged()
{
	local charged fdb

	charged=$(charged_kib) fdb=$(fdb_kib)
	talk 0a $N
	check_err $? "only $(fdb_count) are learned"
	charged=$(($(charged_kib) - charged))
	fdb=$(($(fdb_kib) - fdb))
	log "the FDB grew by $fdb KiB, the cgroup by $charged KiB"
	[ $fdb -ge 256 ] && [ $charged -ge $((fdb * 9 / 10)) ]
	check_err $? "not charged"
}

limit_holds()
{
	local before

	before=$(fdb_kib)
	echo $(($(<$CGROUP/memory.current) + 65536)) >$CGROUP/memory.max
	talk 0b $((2 * N))
	check_fail $? "all are learned although there is no memory"
	check_equal "$(fdb_kib)" "$before" "memory"
	assert_jq '.[0].stats."learn-refused" > 0' "refusals are counted" port show p2
	in_ns g1 ping -c 3 -i 0.2 -W 5 -q 192.0.2.2 >/dev/null
	check_err $? "ping"
	check_equal "$(awk '$1 == "oom_kill" { print $2 }' $CGROUP/memory.events)" 0 \
		"processes killed"
}

growth_goes_on()
{
	echo max >$CGROUP/memory.max
	talk 0b $((2 * N))
	check_err $? "only $(fdb_count) are learned"
}

all_is_given_back()
{
	vswctl switch del vsw0
	busywait 20000 given_back
	check_err $? "$(charged_kib) KiB are still charged"
}

given_back()
{
	[ "$(charged_kib)" -lt 100 ]
}

run_tests "$@"
