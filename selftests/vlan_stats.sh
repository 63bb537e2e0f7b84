#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: smp=2 timeout=300
# Counters by VLAN, as an administrator sees them.
#
#	  ns a         ns b         ns t
#	+------+     +------+     +------+
#	| eth0 |     | eth0 |     | eth0 |
#	+--+---+     +--+---+     +--+---+
#	+--+------------+------------+---+
#	|  pa           pb           pt  |
#	|  access 10    access 10    trunk 10,20
#	+--------------------------------+  vsw0
# shellcheck disable=SC2016,SC2317,SC2086 # run_tests and others call these; no word
# has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="off_at_first counted sums_up left_and_back filtered many under_load"

setup()
{
	local ns

	NO_IPV6=1
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	defer sysctl -qw net.ipv6.conf.default.disable_ipv6=0
	load_module && vswctl switch add vsw0 vlan-aware on && ip link set vsw0 up || return
	for ns in a b t; do
		ns_add $ns && veth_pair p$ns eth0 $ns || return
	done
	ip -n a addr add 192.0.2.1/24 dev eth0
	ip -n b addr add 192.0.2.2/24 dev eth0
	vswctl port add vsw0 pa access 10 && vswctl port add vsw0 pb access 10 &&
		vswctl port add vsw0 pt trunk 10,20
}

off_at_first()
{
	check_equal "$(vsw_get length vlan stats)" 0 "nothing is counted"
	assert_jq '.[0]."vlan-stats" == false' "off" switch show vsw0
	vswctl switch set vsw0 vlan-stats on
	check_err $? "vlan-stats on"
	assert_jq '.[0]."vlan-stats"' "on" switch show vsw0
	check_equal "$(vsw_get 'map("\(."port-name") \(.vlan) \(."rx-packets")") | join(";")' vlan stats)" \
		"pa 10 0;pb 10 0;pt 10 0;pt 20 0" "VLANs of ports"
}

counted()
{
	in_ns a ping -q -c 3 -i 0.1 -W 5 192.0.2.2 >/dev/null
	check_err $? "ping"
	wait_jq 5000 '.[0] | ."rx-packets" >= 4 and ."tx-packets" >= 4' "the sender" vlan stats port pa
	assert_jq '.[0]."tx-packets" >= 1 and .[1]."tx-packets" == 0 and .[1]."rx-packets" == 0' \
		"the trunk, by VLAN" vlan stats port pt
	vswctl vlan stats | grep -q '^pt *20 *0 *0 *0 *0 vsw0$'
	check_err $? "vlan stats: $(vswctl vlan stats)"
}

# With one VLAN, those of the port, but for what the port had before.
sums_up()
{
	local before

	vswctl switch set vsw0 vlan-stats off && vswctl switch set vsw0 vlan-stats on
	before=$(vsw_get '.[0].stats | "\(."rx-packets") \(."rx-bytes") \(."tx-packets") \(."tx-bytes")"' \
		port show pa)
	in_ns a ping -q -c 3 -i 0.1 -W 5 192.0.2.2 >/dev/null
	sleep 1
	# shellcheck disable=SC2046 # eight words
	set -- $before $(vsw_get '.[0].stats | "\(."rx-packets") \(."rx-bytes") \(."tx-packets") \(."tx-bytes")"' \
		port show pa)
	check_equal "$(vsw_get '.[0] | "\(."rx-packets") \(."rx-bytes") \(."tx-packets") \(."tx-bytes")"' \
		vlan stats port pa)" "$(($5 - $1)) $(($6 - $2)) $(($7 - $3)) $(($8 - $4))" \
		"by VLAN, and of the port"
}

left_and_back()
{
	# What is flooded, the trunk gets as well.
	ip -n a neigh flush all
	in_ns a ping -q -c 1 -W 5 192.0.2.2 >/dev/null
	vswctl port set pt trunk-add 30-40
	assert_jq 'length == 13 and .[0].vlan == 10 and .[0]."tx-packets" > 0' "10 goes on" \
		vlan stats port pt
	vswctl port set pt trunk-del 10 && vswctl port set pt trunk-add 10
	assert_jq '.[0].vlan == 10 and .[0]."tx-packets" == 0' "10 begins anew" vlan stats port pt
	vswctl port set pt trunk 10,20
}

filtered()
{
	assert_jq 'map(."port-name") | sort == ["pa", "pb", "pt"]' "by VLAN" vlan stats vlan 10
	assert_jq 'map(."port-name") == ["pt"]' "by VLAN and switch" vlan stats vsw0 vlan 20
	assert_jq 'length == 0' "not in the VLAN" vlan stats port pa vlan 20
	check_refused "no such network device" vswctl vlan stats port nowhere
	check_refused "from 1 to 4094" vswctl vlan stats vlan 0
	vswctl switch add vsw1 vlan-stats on
	assert_jq 'length == 4' "another switch has no ports" vlan stats
	vswctl switch del vsw1
}

# All VLANs of a trunk, in many parts.
many()
{
	vswctl port set pt trunk all
	check_equal "$(vsw_get 'map(.vlan) | unique | length' vlan stats port pt)" 4094 "all VLANs"
	vswctl port set pt trunk 10,20
}

under_load()
{
	local pid i

	in_ns a ping -q -f -w 4 192.0.2.2 >/dev/null &
	pid=$!
	for i in {1..10}; do
		vswctl switch set vsw0 vlan-stats off
		vswctl port set pt trunk 10,100-300
		vswctl switch set vsw0 vlan-stats on
		vswctl port set pt trunk all
		vswctl vlan stats vlan 10 >/dev/null
		vswctl port set pb access 20
		vswctl port set pb access 10
	done
	wait $pid
	check_err $? "ping"
	vswctl port set pt trunk 10,20
	check_equal "$(vsw_get length vlan stats)" 4 "VLANs of ports"
}

run_tests "$@"
