#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: smp=2 timeout=600
# Private VLANs on two hosts: who reaches whom, and with which tags on the trunk.
#
#	  p0   i0  j0   c0  d0   e0           p1   i1  j1   c1  d1   e1   namespaces
#	+------------------------------+    +------------------------------+
#	| 100  200 200  201 201  202   |    | 100  200 200  201 201  202   | access
#	|            vsw0           t0 +----+ t1           vsw1            |
#	+------------------------------+    +------------------------------+
#	                       trunk 100,200-202
#	100 is primary; 200 is isolated, 201 and 202 are communities.
# shellcheck disable=SC2016,SC2317,SC2086 # run_tests and others call these; no word
# has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="shown reached reached_without_arp tagged learned_in_primary refused
	host_and_internal customers many_in_one gone under_load"

KINDS="p i j c d e"
declare -A VLAN=([p]=100 [i]=200 [j]=200 [c]=201 [d]=201 [e]=202)
declare -A NUMBER=([p]=1 [i]=2 [j]=3 [c]=4 [d]=5 [e]=6)

mac()
{
	echo 02:00:5e:00:53:${1: -1}${NUMBER[${1%?}]}
}

addr()
{
	echo 192.0.2.${1: -1}${NUMBER[${1%?}]}
}

private()
{
	vswctl vlan set $1 100 primary && vswctl vlan set $1 200 isolated 100 &&
		vswctl vlan set $1 201 community 100 && vswctl vlan set $1 202 community 100
}

setup()
{
	local s k

	NO_IPV6=1
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	defer sysctl -qw net.ipv6.conf.default.disable_ipv6=0
	load_module || return
	ip link add t0 type veth peer name t1 && ip link set t0 up && ip link set t1 up || return
	defer ip link del t0
	for s in 0 1; do
		vswctl switch add vsw$s vlan-aware on && ip link set vsw$s up || return
		vswctl port add vsw$s t$s role uplink trunk 100,200-202 || return
		for k in $KINDS; do
			ns_add $k$s && veth_pair port$k$s eth0 $k$s "$(mac $k$s)" "$(addr $k$s)/24" &&
				vswctl port add vsw$s port$k$s access ${VLAN[$k]} || return
		done
		private vsw$s || return
	done
	for k in $KINDS; do
		wait_jq 10000 '.[0].state == "forwarding"' "port${k}1 is up" port show port${k}1
	done
}

ends()
{
	local s k

	for s in 0 1; do
		for k in $KINDS; do
			echo $k$s
		done
	done
}

# may FROM TO
may()
{
	local a=${VLAN[${1%?}]} b=${VLAN[${2%?}]}

	[ $a = 100 ] || [ $b = 100 ] || { [ $a = $b ] && [ $a != 200 ]; }
}

# who_reaches FROM: all others are asked at a time.
who_reaches()
{
	local to pids=()

	for to in $(ends); do
		[ $to != $1 ] || continue
		in_ns $1 ping -q -c 1 -W 2 "$(addr $to)" >/dev/null 2>&1 && echo $1 $to &
		pids+=($!)
	done
	wait "${pids[@]}"
}

matrix()
{
	local from to want

	want=$(for from in $(ends); do
		for to in $(ends); do
			[ $from = $to ] || ! may $from $to || echo $from $to
		done
	done | sort)
	check_equal "$(for from in $(ends); do who_reaches $from; done | sort)" "$want" "$1"
}

shown()
{
	check_equal "$(vsw_get 'map("\(.vlan) \(.private) \(.primary)") | join(";")' vlan private vsw0)" \
		"100 primary null;200 isolated 100;201 community 100;202 community 100" "the list"
	assert_jq '.[0] | .private == "isolated" and .primary == 100' "an isolated port" \
		vlan show port porti0
	assert_jq '.[0] | .private == "primary" and (has("primary") | not)' "a promiscuous port" \
		vlan show port portp0
	assert_jq '.[0] | has("private") | not' "a trunk" vlan show port t0
	vswctl vlan show | grep -q '^portc0 .*community *100$'
	check_err $? "vlan show: $(vswctl vlan show)"
	vswctl vlan private | grep -q '^vsw1 *200 isolated *100$'
	check_err $? "vlan private: $(vswctl vlan private)"
}

reached()
{
	matrix "who reaches whom, by ARP"
	matrix "who reaches whom, all of them known"
}

# Who knows the address of a station does not get there, known to the switch or not.
reached_without_arp()
{
	local from to before

	for from in $(ends); do
		for to in $(ends); do
			[ $from = $to ] || echo "neigh replace $(addr $to) lladdr $(mac $to) dev eth0"
		done | ip -n $from -b -
	done
	before=$(vswctl -j port show)
	matrix "who reaches whom, without ARP"
	# Those of his own host that are not for him; others are stopped at theirs.
	stats_grew "$before" porti0.drops.isolated=4
	vswctl fdb flush vsw0 >/dev/null
	vswctl fdb flush vsw1 >/dev/null
	matrix "who reaches whom, without ARP, and nobody known"
	for from in $(ends); do
		ip -n $from neigh flush all nud permanent
	done
}

# Those of RFC 5517: what isolated and community ports send has the tag of their VLAN,
# what promiscuous ones send that of the primary one.
tagged()
{
	local s k

	timeout 120 tcpdump -nn -e -l -i t0 arp >"$TMP/dump" 2>"$TMP/dump.err" &
	busywait 20000 grep -q listening "$TMP/dump.err"
	for k in $(ends); do
		ip -n $k neigh flush all
	done
	matrix "who reaches whom, while somebody listens"
	sleep 1
	kill $!
	wait $!
	check_equal "$(sed -n 's/^[^ ]* \([^ ]*\) > .* vlan \([0-9]*\), p 0,.*/\1 \2/p' "$TMP/dump" |
		sort -u)" "$(for s in 0 1; do
			for k in $KINDS; do
				echo "$(mac $k$s) ${VLAN[$k]}"
			done
		done | sort)" "addresses and tags on the trunk"
}

learned_in_primary()
{
	check_equal "$(vsw_get 'map(select(.type == "dynamic").vlan) | unique | join(" ")' fdb show vsw0)" \
		100 "VLANs that have entries"
	wait_jq 5000 'map(select(.type == "dynamic")) | length == 12' "all stations" fdb show vsw0
	vswctl fdb add vsw0 02:00:5e:00:53:99 dev porti0
	check_err $? "the port's own VLAN has them in the primary one"
	assert_jq '.[0].vlan == 100' "a static entry" fdb get vsw0 02:00:5e:00:53:99 vlan 100
	vswctl fdb del vsw0 02:00:5e:00:53:99 vlan 100
	vswctl fdb add vsw0 02:00:5e:00:53:99 dev porti0 vlan 100 &&
		vswctl fdb del vsw0 02:00:5e:00:53:99 vlan 100
	check_err $? "the primary VLAN"
	check_refused "secondary VLAN has no entries" \
		vswctl fdb add vsw0 02:00:5e:00:53:99 dev porti0 vlan 200
}

# private_refused REGEX WORDS...: of "vlan set vsw0".
private_refused()
{
	local want=$1 before

	shift
	before=$(vswctl -j vlan private)
	check_refused "$want" vswctl vlan "$1" vsw0 "${@:2}"
	check_equal "$(vswctl -j vlan private)" "$before" "private VLANs after $*"
}

refused()
{
	private_refused "isolated VLAN already" set 203 isolated 100
	private_refused "is no primary VLAN" set 203 community 101
	private_refused "is no primary VLAN" set 203 community 201
	private_refused "own primary" set 203 community 203
	private_refused "secondary VLANs, which must be unset" unset 100
	private_refused "that has secondary ones" set 100 community 101
	private_refused "isolated or community is missing" set 203
	private_refused "does not go with" set 203 primary isolated 100
	private_refused "from 1 to 4094" set 4095 primary
	private_refused "from 1 to 4094" set 203 isolated 0
	check_refused "cannot be the native VLAN" vswctl port set portp0 trunk 10 native 100
	check_refused "cannot be the native VLAN" vswctl port set porti0 trunk 10 native 200
	ip link add x1 type dummy
	check_refused "cannot be the native VLAN" vswctl port add vsw0 x1 trunk 10 native 201
	vswctl port add vsw0 x1 trunk 10 native 300
	private_refused "cannot be the native VLAN" set 300 primary
	ip link del x1
}

# The host and internal ports are promiscuous where they are in the primary VLAN.
host_and_internal()
{
	local k

	vswctl port set vsw0 access 100
	ip addr add 192.0.2.100/24 dev vsw0
	ns_add n
	vswctl port add vsw0 in0 type internal access 200 && ip link set in0 netns n &&
		ip -n n link set in0 up && ip -n n addr add 192.0.2.101/24 dev in0
	check_err $? "an internal port"
	assert_jq '.[0].vlan == 100' "its address is in the primary VLAN" fdb get vsw0 \
		"$(ip -n n -j link show in0 | jq -r '.[0].address')" vlan 100
	for k in i0 c0 e0 p0 i1 n; do
		in_ns $k ping -q -c 1 -W 5 192.0.2.100 >/dev/null
		check_err $? "the host from $k"
	done
	in_ns n ping -q -c 1 -W 5 "$(addr p1)" >/dev/null
	check_err $? "a promiscuous port of the other host"
	for k in i0 c0 j1; do
		in_ns n ping -q -c 1 -W 1 "$(addr $k)" >/dev/null
		check_fail $? "$k from an isolated internal port"
	done
	vswctl port set vsw0 access 200
	ping -q -c 1 -W 1 "$(addr i0)" >/dev/null
	check_fail $? "an isolated port from an isolated host"
	ping -q -c 1 -W 5 "$(addr p1)" >/dev/null
	check_err $? "a promiscuous one from there"
	vswctl port del in0
	vswctl port set vsw0 no-vlan
	ip addr del 192.0.2.100/24 dev vsw0
}

# Tunnels of customers are private as other ports are, their tags included.
customers()
{
	local k

	for k in i0 j0 p1; do
		vswctl port set port$k dot1q-tunnel ${VLAN[${k%?}]}
		in_ns $k ip link add link eth0 name q type vlan id 7
		in_ns $k ip addr add 198.51.100.${NUMBER[${k%?}]}/24 dev q
		in_ns $k ip link set q up
	done
	in_ns i0 ping -q -c 1 -W 5 198.51.100.1 >/dev/null
	check_err $? "the promiscuous tunnel"
	in_ns i0 ping -q -c 1 -W 1 198.51.100.3 >/dev/null
	check_fail $? "another isolated one"
	for k in i0 j0 p1; do
		in_ns $k ip link del q
		vswctl port set port$k access ${VLAN[${k%?}]}
	done
}

# All VLANs, one after the other, in one go.
many_in_one()
{
	local v

	vswctl switch add vsw2 vlan-aware on
	{
		echo "vlan set vsw2 1 primary"
		for v in {2..400}; do
			echo "vlan set vsw2 $v community 1"
		done
	} | vswctl -b -
	check_err $? "399 communities"
	check_equal "$(vsw_get length vlan private vsw2)" 400 "shown"
	check_equal "$(vsw_get length vlan private)" 408 "of all switches"
	vswctl switch del vsw2
}

gone()
{
	local k

	for k in 200 201 202 100; do
		vswctl vlan unset vsw0 $k
		check_err $? "vlan unset $k"
	done
	check_equal "$(vsw_get length vlan private vsw0)" 0 "nothing is private"
	in_ns i0 ping -q -c 1 -W 5 "$(addr j0)" >/dev/null
	check_err $? "an ordinary VLAN"
	in_ns i0 ping -q -c 1 -W 1 "$(addr p0)" >/dev/null
	check_fail $? "another VLAN"
	check_equal "$(vsw_get 'map(select(.type == "dynamic" and .vlan == 200)) | length > 0' fdb show vsw0)" \
		true "entries of its own"
	private vsw0
	check_equal "$(vsw_get 'map(select(.type == "dynamic" and .vlan == 200)) | length' fdb show vsw0)" \
		0 "entries of its own, in a secondary VLAN"
	matrix "who reaches whom, again"
}

# Private or not, from one moment to the next: who may speak at all times does not
# notice, but for what is on its way.
under_load()
{
	local pid end

	in_ns p0 ping -q -f -w 5 "$(addr p1)" >"$TMP/flood" &
	pid=$!
	end=$(($(now_ms) + 4000))
	while [ "$(now_ms)" -lt $end ]; do
		vswctl vlan unset vsw0 200
		vswctl vlan set vsw0 200 community 100
		vswctl switch set vsw0 vlan-aware off
		vswctl switch set vsw0 vlan-aware on
		vswctl vlan set vsw0 200 isolated 100
		vswctl port set porti0 trunk 200
		vswctl port set porti0 access 200
	done
	wait $pid
	check_err $? "ping: $(cat "$TMP/flood")"
	matrix "who reaches whom, after that"
}

run_tests "$@"
