#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: smp=2 timeout=600
# VLANs: ports of all kinds and modes, and what an administrator sees of them.
#
#	 ns a       ns t       ns c       ns u       ns i     guests
#	+-------+  +-------+  +-------+  +-------+  +-----+  +---------+
#	| eth0  |  | eth0  |  | eth0  |  | eth0  |  | in1 |  | d1   t1 |
#	+---+---+  +---+---+  +---+---+  +---+---+  +--+--+  +-+----+--+
#	    | veth     |          |          |         :       |    |
#	+---+----------+----------+----------+---------+-------+----+---+
#	|  pa         pt         pc         pu        in1     d1   t1   |
#	|  access 10  trunk      dot1q-     service 100, trunk 10, 20   |
#	|             10,20      tunnel     as 1010, 1020               |
#	|             native 30  100                  access  acc. trunk|
#	|  vsw0: access 10                            20      10   10   |
#	+---------------------------------------------------------------+
# shellcheck disable=SC2016,SC2317,SC2086 # run_tests and others call these; no word
# has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="carried shown refused host_of_an_inner_switch list_changed two_change_a_list flushed claim_moves tcp host_with_vlan_devices
	through_tunnel toggled counted_as_on_the_wire changed_under_load many"

IN1=02:00:5e:00:53:20

setup()
{
	local ns

	NO_IPV6=1
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	defer sysctl -qw net.ipv6.conf.default.disable_ipv6=0
	load_module && modprobe tun && modprobe 8021q || return
	vswctl switch add vsw0 vlan-aware on && ip link set vsw0 up || return
	for ns in a t c u; do
		ns_add $ns && veth_pair p$ns eth0 $ns || return
	done
	ns_add i || return
	vswctl port add vsw0 in1 type internal address $IN1 access 20 &&
		ip link set in1 netns i && ip -n i link set in1 up || return
	NODE=$(vswctl port add vsw0 d1 type tap access 10) || return
	ip tuntap add dev t1 mode tap vnet_hdr && ip link set t1 up &&
		vswctl port add vsw0 t1 trunk 10 || return
	defer ip link del t1
	vswctl port add vsw0 pa access 10 && vswctl port add vsw0 pt trunk 10,20 native 30 &&
		vswctl port add vsw0 pc dot1q-tunnel 100 &&
		vswctl port add vsw0 pu role uplink trunk 10,20 service 100 \
			translate 1010:10,1020:20 &&
		vswctl port set vsw0 access 10 || return
	busywait 10000 eval '[ $(vswctl port show | grep -c "^p.* forwarding") = 4 ]'
	check_err $? "the ports are not up"
}

# rows FRAMES: what becomes of frames to all, from each end.
rows()
{
	/usr/bin/python3 "$SELFTESTS/vlans.py" run "$1" h=vsw0 a=eth0@a t=eth0@t c=eth0@c \
		u=eth0@u i=in1@i d=tap:$NODE n=tun:t1 | awk '$2 == "all"'
}

carried()
{
	local got

	got=$(rows "- c10p3 c20 c1010 c1020 s100 s100p2,c7 c7p6 c0p1 c30")
	check_equal "$(sort <<<"$got")" "$(sed 's/^\t\t//' <<-EOF | sort
		h all - a=- d=- n=c10 t=c10 u=c1010
		h all c10p3
		h all c20
		h all c1010
		h all c1020
		h all s100
		h all s100p2,c7
		h all c7p6
		h all c0p1 a=- d=- n=c10p1 t=c10p1 u=c1010p1
		h all c30
		a all - d=- h=- n=c10 t=c10 u=c1010
		a all c10p3
		a all c20
		a all c1010
		a all c1020
		a all s100
		a all s100p2,c7
		a all c7p6
		a all c0p1 d=- h=- n=c10p1 t=c10p1 u=c1010p1
		a all c30
		d all - a=- h=- n=c10 t=c10 u=c1010
		d all c10p3
		d all c20
		d all c1010
		d all c1020
		d all s100
		d all s100p2,c7
		d all c7p6
		d all c0p1 a=- h=- n=c10p1 t=c10p1 u=c1010p1
		d all c30
		t all -
		t all c10p3 a=- d=- h=- n=c10p3 u=c1010p3
		t all c20 i=- u=c1020
		t all c1010
		t all c1020
		t all s100
		t all s100p2,c7
		t all c7p6
		t all c0p1
		t all c30
		n all -
		n all c10p3 a=- d=- h=- t=c10p3 u=c1010p3
		n all c20
		n all c1010
		n all c1020
		n all s100
		n all s100p2,c7
		n all c7p6
		n all c0p1
		n all c30
		c all - u=s100
		c all c10p3 u=s100p3,c10p3
		c all c20 u=s100,c20
		c all c1010 u=s100,c1010
		c all c1020 u=s100,c1020
		c all s100
		c all s100p2,c7
		c all c7p6 u=s100p6,c7p6
		c all c0p1 u=s100p1,c0p1
		c all c30 u=s100,c30
		u all -
		u all c10p3
		u all c20
		u all c1010 a=- d=- h=- n=c10 t=c10
		u all c1020 i=- t=c20
		u all s100 c=-
		u all s100p2,c7 c=c7
		u all c7p6
		u all c0p1
		u all c30
		i all - t=c20 u=c1020
		i all c10p3
		i all c20
		i all c1010
		i all c1020
		i all s100
		i all s100p2,c7
		i all c7p6
		i all c0p1 t=c20p1 u=c1020p1
		i all c30
	EOF
	)" "what is carried"
}

shown()
{
	assert_jq '.[0] | ."vlan-mode" == "trunk" and .trunk == "10,20" and .service == "100" and
		.translate == "1010:10,1020:20" and (has("vlan") | not) and ."vlan-aware"' \
		"an uplink" port show pu
	assert_jq '.[0] | ."vlan-mode" == "trunk" and .vlan == 30' "a trunk" port show pt
	assert_jq '.[0] | ."vlan-mode" == "access" and .vlan == 10' "the host" port show vsw0
	ip link add x1 type dummy && vswctl port add vsw0 x1 2>"$TMP/said"
	grep -q "it carries nothing" "$TMP/said"
	check_err $? "nothing is said of a port in no VLAN: $(cat "$TMP/said")"
	vswctl port show | grep -q 'x1 .*carries nothing'
	check_err $? "port show does not say that x1 carries nothing"
	vswctl port set x1 learning off && vswctl port set x1 access 4094 &&
		vswctl port set x1 learning on
	check_err $? "cannot set x1"
	assert_jq '.[0] | .vlan == 4094 and .learning' "both settings" port show x1
	check_json '.[0].linkinfo.info_slave_kind == "vswitch"' "for ip" ip -j -d link show x1
	ip link del x1
}

refused()
{
	check_refused "does not go with" vswctl port set pa access 10 native 10
	check_refused "needs the trunk" vswctl port set pa native 10
	check_refused "needs the trunk" vswctl port set pt translate 5:10
	check_refused "native VLAN has no tag" vswctl port set pt trunk 10 native 10 translate 5:10
	check_refused "one of the trunk" vswctl port set pt trunk 10 translate 5:11
	check_refused "translated twice" vswctl port set pt trunk 10 translate 5:10,6:10
	check_refused "same number" vswctl port set pt trunk 10,11 translate 11:10
	check_refused "in both lists" vswctl port set pt trunk 10-20 service 20-30
	check_refused "only VLANs can be set" vswctl port set vsw0 learning off
	check_refused "only VLANs can be set" vswctl port set vsw0 access 20 learning off
	check_refused "cannot be detached" vswctl port del vsw0
	check_refused "from 1 to 4094|1 to 4094" vswctl port set pa access 4095
	check_refused "from 1 to 4094" vswctl port set pt trunk 0-5
}

# What is said is added or taken away, and all else stays.
list_changed()
{
	vswctl port set pu trunk-add 30-40,10
	check_err $? "trunk-add"
	assert_jq '.[0] | .trunk == "10,20,30-40" and .service == "100" and
		.translate == "1010:10,1020:20" and (has("vlan") | not)' "added" port show pu
	vswctl port set pu trunk-del 30,32-40,20 trunk-add 20
	check_fail $? "the same VLAN added and taken away"
	vswctl port set pu trunk-del 20,30,32-40 trunk-add 50
	check_err $? "trunk-del and trunk-add"
	assert_jq '.[0] | .trunk == "10,31,50" and .service == "100" and .translate == "1010:10"' \
		"taken away, with a translation" port show pu
	check_refused "not in the list" vswctl port set pu trunk-del 10,20
	check_refused "has service tags" vswctl port set pu trunk-add 100
	check_refused "has service tags" vswctl port set pu trunk-del 100
	check_refused "same number" vswctl port set pu trunk-add 1010
	check_refused "is not a trunk" vswctl port set pa trunk-add 10
	check_refused "none would be left" vswctl port set t1 trunk-del 10
	check_refused "does not go with" vswctl port set pt trunk-add 10 native 5
	vswctl port set pt trunk-add all && vswctl port set pt trunk-del 40-4094
	assert_jq '.[0] | .trunk == "1-39" and .vlan == 30' "the native VLAN stays" port show pt
	vswctl port set pt trunk 10,20 native 30
	vswctl port set pu trunk 10,20 service 100 translate 1010:10,1020:20
}

# Neither undoes what the other does.
two_change_a_list()
{
	local i

	seq 1001 1100 | sed 's/^/port set pt trunk-add /' | vswctl -b - &
	seq 2001 2100 | sed 's/^/port set pt trunk-add /' | vswctl -b -
	wait $!
	assert_jq '.[0].trunk == "10,20,1001-1100,2001-2100"' "added by two" port show pt
	for i in 1001-1100 2001-2100; do
		seq ${i%-*} ${i#*-} | sed 's/^/port set pt trunk-del /' | vswctl -b - &
	done
	wait %% %-
	wait_jq 10000 '.[0].trunk == "10,20"' "taken away by two" port show pt
}

# A switch that is a port of another one is that port, and its own host port.
host_of_an_inner_switch()
{
	vswctl switch add vsw1 vlan-aware on && vswctl port add vsw0 vsw1 access 10
	check_err $? "cannot make it"
	vswctl port set vsw1 switch vsw1 access 30
	check_err $? "cannot set the host port"
	vswctl port set vsw1 access 20
	check_err $? "cannot set the port"
	assert_jq '.[0].vlan == 30' "the host port" port show switch vsw1
	assert_jq '.[0] | .vlan == 20 and ."switch-name" == "vsw0"' "the port" port show vsw1
	vswctl port set vsw1 switch vsw0 learning off
	check_err $? "cannot set the port by its switch"
	assert_jq '.[0].learning == false' "its learning" port show vsw1
	check_refused "only VLANs can be set" vswctl port set vsw1 switch vsw1 learning off
	check_refused "another switch" vswctl port set pa switch vsw1 access 20
	check_refused "not a vswitch" vswctl port set pa switch pa access 20
	vswctl switch del vsw1
}

# entries FILTER: VLANs of the entries of which this is true.
entries()
{
	vsw_get "map(select($1) | \"\\(.\"port-name\") \\(.vlan // 0)\") | sort | join(\" \")" \
		fdb show vsw0
}

# Of the port, in the VLANs that it leaves, and nothing else.
flushed()
{
	local vlan

	{
		for vlan in 10 20 30; do
			echo "fdb add vsw0 02:00:5e:00:66:$vlan vlan $vlan dev pt"
		done
		echo "fdb add vsw0 02:00:5e:00:66:01 vlan 10 dev pa"
	} | vswctl -b -
	check_err $? "fdb add"
	vswctl port set pt trunk 10 native 30
	check_equal "$(entries '.mac | startswith("02:00:5e:00:66")')" "pa 10 pt 10 pt 30" \
		"VLAN 20 has been left"
	vswctl port set pt trunk 10,20,30
	check_equal "$(entries '.mac | startswith("02:00:5e:00:66")')" "pa 10 pt 10 pt 30" \
		"none has been left"
	vswctl port set pt no-vlan
	check_equal "$(entries '.mac | startswith("02:00:5e:00:66")')" "pa 10" "all have been left"
	vswctl port set pt trunk 10,20 native 30
	check_refused "its VLAN must be named" vswctl fdb del vsw0 02:00:5e:00:66:01
	check_refused "no such entry in this VLAN" vswctl fdb get vsw0 02:00:5e:00:66:01 vlan 20
	vswctl fdb del vsw0 02:00:5e:00:66:01 vlan 10
}

# The address of an internal port is known where its untagged frames are.
claim_moves()
{
	local in2=02:00:5e:00:53:21

	vswctl port add vsw0 in2 type internal address $in2 access 10
	check_equal "$(entries ".mac == \"$in2\"")" "in2 10" "an access port"
	vswctl port set in2 trunk 10 native 20
	check_equal "$(entries ".mac == \"$in2\"")" "in2 20" "a trunk"
	vswctl port set in2 trunk 10
	check_equal "$(entries ".mac == \"$in2\"")" "" "no VLAN of untagged frames"
	vswctl port set in2 access 20
	vswctl fdb del vsw0 $in2 vlan 20
	check_err $? "the administrator takes it away"
	vswctl port set in2 learning off
	check_equal "$(entries ".mac == \"$in2\"")" "" "another setting"
	vswctl port set in2 access 30
	check_refused "not in this VLAN" vswctl fdb add vsw0 $in2 vlan 40 dev pa
	check_refused "must name a VLAN" vswctl fdb add vsw0 $in2 dev t1
	# Without a VLAN, it is that of the port's untagged frames.
	vswctl fdb add vsw0 $in2 dev pa
	check_refused "static at another port" vswctl port set in2 access 10
	check_equal "$(entries ".mac == \"$in2\" and .\"port-name\" == \"in2\"")" "in2 30" \
		"where it was"
	vswctl fdb del vsw0 $in2 vlan 10
	# An address may be in two VLANs, but not where there are none.
	vswctl port add vsw0 in3 type internal address $in2 access 31
	check_err $? "the same address in another VLAN"
	check_refused "static at another port" vswctl switch set vsw0 vlan-aware off
	check_refused "is the switch's|has it|static" ip link set vsw0 address $in2
	vswctl port del in3
	vswctl switch set vsw0 vlan-aware off
	check_equal "$(entries ".mac == \"$in2\"")" "in2 0" "a switch without VLANs"
	vswctl switch set vsw0 vlan-aware on
	check_equal "$(entries ".mac == \"$in2\"")" "in2 30" "and with them again"
	vswctl port del in2
	check_equal "$(entries ".mac == \"$in2\"")" "" "gone with its port"
}

# bulk "FROM TO ADDRESS [BYTES]"...: TCP, both ends say the same of what went over.
bulk()
{
	local said

	said=$(printf '%s 5000000\n' "$@" | cut -d' ' -f1-4 |
		timeout 200 /usr/bin/python3 "$SELFTESTS/bulk.py" pairs)
	check_err $? "what went over: $said"
}

# vlan_dev NS LINK VID ADDRESS [PROTOCOL]
vlan_dev()
{
	in_ns $1 ip link add link $2 name $2.$3 type vlan id $3 ${5:+protocol $5} &&
		in_ns $1 ip addr add $4/24 dev $2.$3 && in_ns $1 ip link set $2.$3 up
	check_err $? "cannot make $2.$3 in $1"
}

# Frames of 64 KiB, their checksums not made yet, from one without a tag to one with.
tcp()
{
	ip -n a addr add 192.0.2.1/24 dev eth0
	vlan_dev t eth0 10 192.0.2.2
	vlan_dev u eth0 1010 192.0.2.3
	bulk "a t 192.0.2.2" "t a 192.0.2.1" "a u 192.0.2.3" "u t 192.0.2.2"
	assert_jq '.[0].stats | ."rx-bytes" / ."rx-packets" > 1600' "large frames" port show pa
	# What the device of a port cannot do, the core does.
	ethtool -K pt tso off gso off tx-vlan-offload off tx off >/dev/null
	bulk "a t 192.0.2.2"
	ethtool -K pt tso on gso on tx-vlan-offload on tx on >/dev/null
	ip addr add 192.0.2.254/24 dev vsw0
	vlan_dev t eth0 20 192.0.3.2
	ip -n i addr add 192.0.3.1/24 dev in1
	bulk "- t 192.0.2.2" "t - 192.0.2.254" "a - 192.0.2.254" "i t 192.0.3.2" \
		"t i 192.0.3.1"
	ip addr del 192.0.2.254/24 dev vsw0
}

# The host as a trunk: its VLAN devices are on the switch's own.
host_with_vlan_devices()
{
	vswctl port set vsw0 trunk 10 service 20
	vlan_dev - vsw0 10 192.0.2.254
	vlan_dev - vsw0 20 192.0.3.254 802.1ad
	bulk "- t 192.0.2.2" "a - 192.0.2.254" "- i 192.0.3.1" "t - 192.0.3.254"
	ip link del vsw0.10
	ip link del vsw0.20
	vswctl port set vsw0 access 10
}

# A customer's full-size frames, with his own tag and without.
through_tunnel()
{
	vlan_dev u eth0 100 198.51.100.2 802.1ad
	in_ns u ip link add link eth0.100 name q7 type vlan id 7
	in_ns u ip addr add 203.0.113.2/24 dev q7
	in_ns u ip link set q7 up
	ip -n c addr add 198.51.100.1/24 dev eth0
	vlan_dev c eth0 7 203.0.113.1
	in_ns c ping -q -c 2 -i 0.1 -W 5 -M "do" -s 1472 198.51.100.2 >/dev/null
	check_err $? "1500 bytes, untagged"
	in_ns c ping -q -c 2 -i 0.1 -W 5 -M "do" -s 1472 203.0.113.2 >/dev/null
	check_err $? "1500 bytes, tagged"
	bulk "c u 198.51.100.2" "u c 198.51.100.1" "c u 203.0.113.2" "u c 203.0.113.1"
	# As others see it, on the wire.
	in_ns u timeout 20 tcpdump -nn -e -c 1 -i eth0 'ether[12:2] = 0x88a8 or vlan' \
		>"$TMP/dump" 2>/dev/null &
	busywait 10000 eval 'in_ns c ping -q -c 1 -W 1 203.0.113.2 >/dev/null; [ -s "$TMP/dump" ]'
	wait $!
	grep -q '802.1Q-QinQ (0x88a8).*vlan 100,.*802.1Q (0x8100)\|vlan 100, p 0.*vlan 7' "$TMP/dump"
	check_err $? "not 802.1ad 100 and then 802.1Q 7: $(cat "$TMP/dump")"
	in_ns u ip link del q7
}

toggled()
{
	vswctl switch set vsw0 vlan-aware off
	check_err $? "vlan-aware off"
	check_equal "$(entries '.type == "dynamic"')" "" "what was learned in VLANs"
	check_equal "$(rows c7 | sed 's/ all c7//; s/=c7//g' | sort | tr '\n' ';')" \
		"a c d h i n t u;c a d h i n t u;d a c h i n t u;h a c d i n t u;i a c d h n t u;n a c d h i t u;t a c d h i n u;u a c d h i n t;" \
		"all get all, with their tags"
	vswctl switch set vsw0 vlan-aware on
	check_equal "$(entries '.type == "dynamic"')" "" "what was learned outside of them"
	carried
}

# counter NAME PORT
counter()
{
	vsw_get ".[0].stats.\"$1\"" port show $2
}

counted_as_on_the_wire()
{
	local a t drops

	a=$(counter rx-bytes pa) t=$(counter tx-bytes pt)
	drops=$(vsw_get '.[0].stats.drops."vlan-tagged"' port show pa)
	/usr/bin/python3 "$SELFTESTS/vlans.py" run "- c10" a=eth0@a >/dev/null
	# 14 bytes of header and 58 of data, to all and to one.
	check_equal $(($(counter rx-bytes pa) - a)) $((4 * 72 + 2 * 4)) "bytes in"
	check_equal $(($(counter tx-bytes pt) - t)) $((2 * 76)) "bytes out"
	check_equal $(($(vsw_get '.[0].stats.drops."vlan-tagged"' port show pa) - drops)) 2 \
		"tagged ones dropped"
}

# Other VLANs come and go on the ports of a connection, which does not notice.
changed_under_load()
{
	local pid

	(while :; do
		vswctl port set pt trunk 10,20,40-4000 native 30
		vswctl port set pa access 10
		vswctl port set pt trunk 10,20 service 40-4000
		vswctl port set pa trunk 11 native 10
	done) >/dev/null 2>&1 &
	pid=$!
	bulk "a t 192.0.2.2 20000000" "t a 192.0.2.1 20000000"
	kill $pid
	wait $pid
	vswctl port set pt trunk 10,20 native 30
	vswctl port set pa access 10
}

# All VLANs on 256 ports, twice, and the rows of all of them.
many()
{
	local i ms

	for i in {1..256}; do
		echo "link add m$i type dummy"
	done | ip -b - || fail "no dummies"
	vswctl switch add vsw1 vlan-aware on
	for i in {1..256}; do
		echo "port add vsw1 m$i"
	done | vswctl -b - 2>/dev/null || fail "no ports"
	for i in {1..256}; do
		echo "port set m$i trunk all"
	done >"$TMP/many"
	ms=$( { TIMEFORMAT='%3U %3S'; time vswctl -b "$TMP/many"; } 2>&1)
	log "4,094 VLANs on 256 ports: user and system seconds: $ms"
	if uname -r | grep -q debug; then
		log "not judged on a debug kernel"
	else
		awk '{ exit !($1 + $2 < 1) }' <<<"$ms"
		check_err $? "user and system seconds: $ms"
	fi
	check_equal "$(vsw_get 'map(select(.trunk == "1-4094")) | length' port show)" 256 "set"
	sed -i 's/all/2-4094 native 1/' "$TMP/many"
	vswctl -b "$TMP/many"
	check_err $? "again"
	vswctl switch del vsw1
	for i in {1..256}; do
		echo "link del m$i"
	done | ip -b -
}

run_tests "$@"
