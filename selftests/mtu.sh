#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: smp=2 timeout=900
# MTUs: frames that are too big for a port of any kind are counted there; setting
# them for ports and switches, with what is refused, undone and warned of.
#
#	 ns g1      ns g2     taps.py         ns g4
#	+------+   +------+  +----------+    +------+
#	| eth0 |   | eth0 |  | d2    t2 |    |  i4  |
#	+--+---+   +--+---+  +-+-----+--+    +--+---+
#	   | veth     | veth   |     |          |
#	+--+----------+--------+-----+----------+--+
#	|  p1         p2       d2    t2         i4 |
#	|                   vsw0                   |
#	+------------------------------------------+
# shellcheck disable=SC2046,SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="too_big_for_each_kind tagged ipv6 gso flooded set_port set_with_others
	refused_by_device attach_with_mtu made_with_mtu set_switch warned"

M=02:00:5e:00:53:0
ALL=ff:ff:ff:ff:ff:ff
# Each with the last digit of its station's address.
KINDS="p2:2 d2:3 t2:4 i4:5 vsw0:0"

setup()
{
	local one

	NO_IPV6=1
	load_module && frames_start || return
	taps_start
	modprobe tun && modprobe dummy && modprobe 8021q || return
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	vswctl switch add vsw0 address ${M}0 && no_ipv6 vsw0 && ip link set vsw0 up || return
	ns_add g1 && veth_pair p1 eth0 g1 ${M}1 && vswctl port add vsw0 p1 || return
	ns_add g2 && veth_pair p2 eth0 g2 ${M}2 && vswctl port add vsw0 p2 || return
	taps_are ok "open d2" open d2 "$(vswctl port add vsw0 d2 type tap)"
	taps_are ok "open t2" open t2 /dev/net/tun
	ip link set t2 up && vswctl port add vsw0 t2 || return
	ns_add g4 && vswctl port add vsw0 i4 type internal &&
		ip link set i4 netns g4 && in_ns g4 ip link set i4 up || return
	for one in p2:2 d2:3 t2:4 i4:5; do
		echo "fdb add vsw0 ${M}${one#*:} dev ${one%:*}"
		echo "fdb add vsw0 ${M}${one#*:} dev ${one%:*} vlan 6"
	done | vswctl -b - || return
	ports_up
	vswctl port set p1 mtu 9000 2>/dev/null && ip -n g1 link set eth0 mtu 9000
	all_mtu 1000
}

# all_mtu N: of all but the sender's.
all_mtu()
{
	{
		printf "port set %s mtu $1\n" p2 d2 t2 i4
		echo "switch set vsw0 mtu $1"
	} | vswctl -b - 2>/dev/null
	check_err $? "MTU of all"
}

# each_counts REFUSED WORD...: a frame with these words of "frame" for the station at
# each port is refused so many times there, 0 or 1, and else sent; nothing else is.
each_counts()
{
	local refused=$1 one name before wanted=() in=0

	shift
	before=$("$VSWCTL" -j port show)
	for one in $KINDS; do
		name=${one%:*} in=$((in + 1))
		echo "say eth0@g1 ${M}${one#*:} ${M}1 $*"
		wanted+=("$name.drops.egress-mtu=$refused" "$name.tx-packets=$((1 - refused))")
	done >"$TMP/each"
	frames_do <"$TMP/each"
	check_err $? "cannot send: $*"
	stats_grew "$before" p1.rx-packets=$in "${wanted[@]}"
}

too_big_for_each_kind()
{
	each_counts 0 --len 1014
	each_counts 1 --len 1015
	each_counts 1 --len 9014
}

tagged()
{
	each_counts 0 --vlan 6 --len 1018
	each_counts 1 --vlan 6 --len 1019
	each_counts 0 --vlan 6 --vlan 7 --len 1022
	each_counts 1 --vlan 6 --vlan 7 --len 1023
}

# No switch tells an IPv6 sender of a smaller MTU: it is counted like any other.
ipv6()
{
	each_counts 0 --type 86dd --len 1014
	each_counts 1 --type 86dd --len 1015
}

# Of a large frame, the size of its segments counts.
gso()
{
	local head tcp=00090009000000000000000050100000

	# 20 bytes of IPv4, 20 of TCP, 54 with the Ethernet header.
	head=45000fc80000400040060000c0000201c0000202${tcp}00000000
	each_counts 0 --gso tcp4:960 --type 0800 --payload $head --len 4054
	each_counts 1 --gso tcp4:961 --type 0800 --payload $head --len 4054
}

flooded()
{
	local before one

	before=$("$VSWCTL" -j port show)
	frames_do <<<"say eth0@g1 $ALL ${M}1 --len 1015 -n 3"
	stats_grew "$before" p1.rx-packets=3 p1.drops.no-egress=0 \
		$(for one in $KINDS; do
			echo ${one%:*}.drops.egress-mtu=3 ${one%:*}.tx-packets=0
		done)
	vswctl port set d2 mtu 1001 2>/dev/null
	before=$("$VSWCTL" -j port show)
	frames_do <<<"say eth0@g1 $ALL ${M}1 --len 1015"
	stats_grew "$before" d2.tx-flooded=1 p2.drops.egress-mtu=1 \
		t2.drops.egress-mtu=1 i4.drops.egress-mtu=1 vsw0.drops.egress-mtu=1
	all_mtu 1000
}

set_port()
{
	vswctl port set p2 mtu 1400 2>/dev/null
	check_err $? "cannot set"
	check_equal "$(cat /sys/class/net/p2/mtu)" 1400 "MTU of the device"
	assert_jq '.[0].mtu == 1400' "MTU of the port" port show p2
	# Of one that is elsewhere by now.
	vswctl port set i4 mtu 1401 2>/dev/null
	check_err $? "cannot set that of a port that is away"
	check_equal "$(in_ns g4 cat /sys/class/net/i4/mtu)" 1401 "MTU there"
	check_refused '68 to 65535' vswctl port set p2 mtu 67
	check_refused '68 to 65535' vswctl port set p2 mtu 65536
	check_refused 'larger' vswctl port set t2 mtu 65535
	check_refused 'host port' vswctl port set vsw0 mtu 1400
	all_mtu 1000
}

# All or none.
set_with_others()
{
	vswctl port set p2 mtu 1300 learning off flood none 2>/dev/null
	check_err $? "cannot set"
	assert_jq '.[0] | .mtu == 1300 and .learning == false and .flood == "none"' \
		"all of it" port show p2
	check_refused 'larger' vswctl port set t2 mtu 65535 learning off flood none
	check_refused 'isolated' vswctl port set p2 mtu 1400 isolated on community 4
	check_refused 'more ports' vswctl switch set vsw0 mtu 1400 port-limit 1
	check_refused 'more entries' vswctl switch set vsw0 mtu 1400 fdb-limit 2 ageing 9
	vswctl port set p2 mtu 1000 learning on flood all
}

# A VLAN device takes no more than the one below.
refused_by_device()
{
	ip link add dm0 type dummy && ip link add link dm0 name dm0.5 type vlan id 5
	check_err $? "cannot make the devices"
	check_refused 'the device refused the MTU' vswctl port add vsw0 dm0.5 mtu 9000
	[ ! -e /sys/class/net/dm0.5/master ]
	check_err $? "it was attached"
	vswctl port add vsw0 dm0.5 2>/dev/null
	check_err $? "cannot attach"
	check_refused 'the device refused the MTU' vswctl port set dm0.5 mtu 9000 \
		learning off role uplink
	vswctl port del dm0.5
	ip link del dm0
}

attach_with_mtu()
{
	vswctl port del p2 && vswctl port add vsw0 p2 mtu 1234 2>/dev/null
	check_err $? "cannot attach"
	assert_jq '.[0].mtu == 1234' "MTU" port show p2
	vswctl port del p2
	check_equal "$(cat /sys/class/net/p2/mtu)" 1234 "MTU afterwards"
	# Whatever it is refused for, the device is as before.
	check_refused 'isolated' vswctl port add vsw0 p2 mtu 1235 isolated on community 4
	check_refused 'port limit' eval "vswctl switch set vsw0 port-limit 4 &&
		! vswctl port add vsw0 p2 mtu 1235; s=\$?;
		vswctl switch set vsw0 port-limit 1024; exit \$((! s))"
	check_equal "$(cat /sys/class/net/p2/mtu)" 1234 "MTU after refusals"
	vswctl port add vsw0 p2 mtu 1000 && vswctl fdb add vsw0 ${M}2 dev p2
	check_err $? "cannot attach again"
}

made_with_mtu()
{
	local type

	for type in tap internal; do
		vswctl port add vsw0 m0 type $type >/dev/null
		assert_jq '.[0].mtu == 1000' "that of the switch" port show m0
		vswctl port del m0
		vswctl port add vsw0 m0 type $type mtu 1700 >/dev/null 2>&1
		check_err $? "cannot make it"
		assert_jq '.[0].mtu == 1700' "its own" port show m0
		vswctl port del m0
		check_refused 'MTU' vswctl port add vsw0 m0 type $type mtu 66000
	done
}

set_switch()
{
	vswctl switch set vsw0 mtu 1400 ageing 77 2>/dev/null
	check_err $? "cannot set"
	check_equal "$(cat /sys/class/net/vsw0/mtu)" 1400 "MTU of the device"
	assert_jq '.[0] | .mtu == 1400 and .ageing == 77' "both" switch show vsw0
	vswctl switch set vsw0 mtu 1000 ageing 300 2>/dev/null
}

# says REGEX COMMAND...: it does its work, with this warning; says_nothing COMMAND...
says()
{
	local want=$1 out

	shift
	out=$("$@" 2>&1 >/dev/null)
	check_err $? "$*"
	grep -q "warning: .*$want" <<<"$out" || fail "$*: says '$out', not '$want'"
}

says_nothing()
{
	check_equal "$("$@" 2>&1 >/dev/null)" "" "what $* says"
}

warned()
{
	vswctl port set p1 mtu 1000
	says_nothing vswctl port set p2 mtu 1000
	says 'MTU of the port and that of the switch differ' vswctl port set p2 mtu 1001
	says_nothing vswctl port set p2 learning on
	says 'MTU of the switch and that of a port differ' vswctl switch set vsw0 mtu 1001
	says_nothing vswctl port set p2 mtu 1001
	says_nothing vswctl switch set vsw0 ageing 300
	vswctl port del p2
	says 'MTU of the port and that of the switch differ' vswctl port add vsw0 p2 mtu 1500
	says_nothing vswctl port set p2 mtu 1001
	says 'MTU of the switch and that of a port differ' vswctl switch set vsw0 mtu 1002
	vswctl port set p2 mtu 1000 2>/dev/null
	says_nothing vswctl switch set vsw0 mtu 1000
}

run_tests "$@"
