#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: smp=2 timeout=900
# What the settings of ports let out: flood, hairpin, isolated, community. A Linux
# bridge with the same settings gets the same frames, as far as it has them, and what
# arrives where must be the same.
#
#	 ns g1     ns g2     ns g3     ns g4         ns h1 to h4
#	+------+  +------+  +------+  +------+      +------+
#	| eth0 |  | eth0 |  | eth0 |  | eth0 |      | eth0 |   ...
#	+--+---+  +--+---+  +--+---+  +--+---+      +--+---+
#	   | veth    |         |         |             | veth
#	+--+---------+---------+---------+--+       +--+-------------+
#	|  p1        p2        p3        p4 |       |  b1 ...    b4  |
#	|               vsw0                |       |      br0       |
#	+-----------------------------------+       +----------------+
# shellcheck disable=SC2016,SC2046,SC2317,SC2086 # run_tests and eval call these; no word
# has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="flood_like_the_bridge hairpin_like_the_bridge isolated_like_the_bridge
	all_like_the_bridge host_floods_as_others communities counted_with_reason
	shown_and_kept refusals by_ip_link taps_flood taps_hairpin taps_confined
	internal_ports"

M=02:00:5e:00:53:0
SECOND=02:00:5e:00:53:1
NOBODYS=02:00:5e:00:53:77
GROUP=01:00:5e:00:53:09
ALL=ff:ff:ff:ff:ff:ff
ENDS="1 2 3 4"
AS_USUAL="flood all hairpin off isolated off"
WITHOUT=
# To the host, from a station of the first end that says nothing else.
MARK=02005e00530002005e005321

setup()
{
	local i

	NO_IPV6=1
	load_module && frames_start || return
	# Frames are received on the CPU that sends them: there they stay in order.
	taskset -p 1 $! >/dev/null || return
	taps_start
	modprobe bridge && modprobe tun || return
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	vswctl switch add vsw0 address ${M}0 && no_ipv6 vsw0 &&
		ip link set vsw0 up || return
	ip link add br0 address ${M}0 type bridge mcast_snooping 0 &&
		no_ipv6 br0 && ip link set br0 up || return
	sysctl -qw net.ipv4.igmp_link_local_mcast_reports=0
	defer ip link del br0
	for i in $ENDS; do
		ns_add g$i h$i && veth_pair p$i eth0 g$i ${M}$i &&
			veth_pair b$i eth0 h$i ${M}$i &&
			vswctl port add vsw0 p$i && ip link set b$i master br0 ||
			return
	done
	ports_up
	busywait 5000 eval '[ $(bridge link | grep -c "master br0 state forwarding") = 4 ]'
	check_err $? "the bridge is not up"
	learn
}

# Every end has two stations, and all of them are known.
learn()
{
	local i at

	for i in $ENDS; do
		for at in g h; do
			echo "say eth0@$at$i $ALL ${SECOND}$i"
			echo "say eth0@$at$i $ALL ${M}$i"
		done
	done | frames_do
	wait_jq 5000 'map(select(.mac | test("^02:00:5e:00:53:0[1-4]$")) | ."port-name" +
		.mac[16:]) | sort == ["p11", "p22", "p33", "p44"]' "all are known" fdb show vsw0
}

# words_of_bridge WORD...: sets WORDS to the settings of a port in those of bridge(8).
words_of_bridge()
{
	local list kind on
	local -A name=([unicast]=flood [multicast]=mcast_flood [broadcast]=bcast_flood)

	WORDS=
	while [ $# -gt 0 ]; do
		if [ $1 = flood ]; then
			list=,${2/all/unicast,multicast,broadcast},
			for kind in "${!name[@]}"; do
				[[ $list = *,$kind,* ]] && on=on || on=off
				WORDS+=" ${name[$kind]} $on"
			done
		else
			WORDS+=" $1 $2"
		fi
		shift 2
	done
}

# set_both "END WORD..."...
set_both()
{
	local one end words

	for one; do
		read -r end words <<<"$one"
		words_of_bridge $words
		echo "port set p$end $words" >&3
		echo "link set dev b$end $WORDS" >&4
	done 3>"$TMP/switch.set" 4>"$TMP/bridge.set"
	vswctl -b "$TMP/switch.set"
	check_err $? "p: $*"
	bridge -b "$TMP/bridge.set"
	check_err $? "b: $*"
}

# Prints the frames of all kinds that a source sends, but for those to itself.
frames_of()
{
	local to

	for to in $NOBODYS $GROUP $ALL ${M}0 ${M}1 ${M}2 ${M}3 ${M}4 ${SECOND}1 \
		${SECOND}2 ${SECOND}3 ${SECOND}4; do
		[ $to = $1 ] || echo "$to $1"
	done | frame_list
}

# The steps that all send all kinds of frames by, and each end gets a mark after them:
# past the switch and the bridge, but at the host, by way of them.
matrix_steps()
{
	local i

	for i in $ENDS; do
		echo "capture g$i eth0@g$i -t 60000 --until $MARK"
		echo "capture h$i eth0@h$i -t 60000 --until $MARK"
	done
	echo "capture ghost vsw0 -t 60000 --until $MARK"
	echo "capture hhost br0 -t 60000 --until $MARK"
	for i in $ENDS; do
		echo "send eth0@g$i -i $TMP/from$i"
		echo "send eth0@h$i -i $TMP/from$i"
	done
	echo "send vsw0 -i $TMP/from0"
	echo "send br0 -i $TMP/from0"
	for i in eth0@g1 eth0@h1 p1 p2 p3 p4 b1 b2 b3 b4; do
		echo "say $i ${M}0 02:00:5e:00:53:21"
	done
	for i in g1 g2 g3 g4 ghost h1 h2 h3 h4 hhost; do
		echo "wait $i"
	done
}

# matrix: what arrives where when all send all kinds, in SWITCH and in BRIDGE, as lines
# of END and "DESTINATION SOURCE". What the host sends to groups is left out: there the
# bridge does not ask for the settings.
matrix()
{
	matrix_steps | frames_do >"$TMP/arrived"
	check_err $? "an end has not seen the mark"
	SWITCH=$(sed -n 's/^g\([^ ]* .\{24\}\).*/\1/p' "$TMP/arrived" | sort)
	BRIDGE=$(sed -n 's/^h\([^ ]* .\{24\}\).*/\1/p' "$TMP/arrived" | sort)
}

# like_the_bridge "END WORD...": with these settings, one an argument, the switch does
# what the bridge does; that is more, or less, than without settings. MANY is set to
# how many frames arrived.
like_the_bridge()
{
	local i

	for i in $ENDS; do
		[ -s "$TMP/from$i" ] || frames_of ${M}$i >"$TMP/from$i"
	done
	[ -s "$TMP/from0" ] || frames_of ${M}0 | grep -vi "^${GROUP//:/}\|^${ALL//:/}" \
		>"$TMP/from0"
	set_both "$@"
	matrix
	MANY=$(grep -c . <<<"$SWITCH")
	check_equal "$SWITCH" "$BRIDGE" "with $*, what arrives"
	echo "# $*: $MANY frames arrive"
	set_both "1 $AS_USUAL" "2 $AS_USUAL" "3 $AS_USUAL" "4 $AS_USUAL"
}

# What arrives without settings.
without()
{
	[ -z "$WITHOUT" ] || return
	like_the_bridge
	WITHOUT=$MANY
}

flood_like_the_bridge()
{
	local list

	without
	for list in none unicast multicast broadcast; do
		like_the_bridge "2 flood $list"
		[ $MANY -lt $WITHOUT ]
		check_err $? "with flood $list as many arrive"
	done
	like_the_bridge "1 flood broadcast" "2 flood unicast" "3 flood none"
	like_the_bridge "1 flood none" "2 flood none" "3 flood none" "4 flood none"
}

hairpin_like_the_bridge()
{
	without
	like_the_bridge "1 hairpin on"
	# Unknown unicast, the two groups, and the second station.
	check_equal $MANY $((WITHOUT + 4)) "frames that arrive"
	like_the_bridge "4 hairpin on"
	like_the_bridge "1 hairpin on" "3 hairpin on flood none"
}

isolated_like_the_bridge()
{
	without
	like_the_bridge "1 isolated on"
	check_equal $MANY $WITHOUT "frames that arrive"
	like_the_bridge "1 isolated on" "2 isolated on"
	# Either way, two stations and three kinds of flooding.
	check_equal $MANY $((WITHOUT - 10)) "frames that arrive"
	like_the_bridge "1 isolated on" "2 isolated on" "3 isolated on" "4 isolated on"
	like_the_bridge "1 isolated on hairpin on" "2 isolated on"
}

# The same settings are met again in each run.
all_like_the_bridge()
{
	local n end words
	local list=(none unicast multicast broadcast "unicast,broadcast" all) on=(off on)

	RANDOM=6
	for n in 1 2 3; do
		words=()
		for end in $ENDS; do
			words+=("$end flood ${list[RANDOM % 6]} hairpin ${on[RANDOM % 2]} isolated ${on[RANDOM % 2]}")
		done
		like_the_bridge "${words[@]}"
	done
}

# Here the bridge lets the host's groups pass; the switch asks for all.
host_floods_as_others()
{
	local before

	vswctl port set p2 flood unicast
	check_err $? "cannot set"
	before=$("$VSWCTL" -j port show)
	printf "say vsw0 %s ${M}0\n" $ALL $GROUP $NOBODYS | frames_do
	stats_grew "$before" p1.tx-flooded=3 p2.tx-flooded=1 p3.tx-flooded=3
	vswctl port set p2 flood all
}

# speaks FROM TO: g1 and so on; what is sent to the station there and to all arrives.
# speaks_not FROM TO: it does not.
speaks()
{
	pair_counts $1 $2 p$2.tx-packets=2 p$1.drops.isolated=0
}

speaks_not()
{
	pair_counts $1 $2 p$2.tx-packets=0 p$1.drops.isolated=1
}

pair_counts()
{
	local before from=$1 to=$2

	shift 2
	before=$("$VSWCTL" -j port show)
	printf "say eth0@g$from %s ${M}$from\n" ${M}$to $ALL | frames_do
	stats_grew "$before" p$from.rx-packets=2 vsw0.tx-packets=1 "$@"
}

communities()
{
	local from to

	vswctl port set p1 community 10 && vswctl port set p2 community 10 &&
		vswctl port set p3 community 65534
	check_err $? "cannot set"
	speaks 1 2
	speaks 2 1
	speaks_not 1 3
	speaks_not 3 2
	for from in 1 2 3; do
		speaks $from 4
		speaks 4 $from
	done
	vswctl port set p3 isolated on
	for to in 1 2; do
		speaks_not 3 $to
		speaks_not $to 3
	done
	speaks 3 4
	vswctl port set p3 community 10
	speaks 3 1
	speaks 2 3
	for to in 1 2 3; do
		vswctl port set p$to community 0
	done
	speaks 1 3
}

# set_each WORD...: of all ends.
set_each()
{
	printf "port set %s $*\n" p1 p2 p3 p4 | vswctl -b -
	check_err $? "cannot set $*"
}

counted_with_reason()
{
	local before

	set_each flood multicast,broadcast
	before=$("$VSWCTL" -j port show)
	frames_do <<<"say eth0@g1 $NOBODYS ${M}1 -n 3"
	stats_grew "$before" p1.drops.flood-off=3 p1.drops.no-egress=0 \
		p2.tx-packets=0 vsw0.tx-packets=0
	vswctl drops show p1 | grep -q flood-off
	check_err $? "not in vswctl drops show"
	ethtool -S vsw0 | grep -q 'drop-flood-off: [1-9]'
	check_err $? "not in ethtool -S"
	set_each flood all isolated on
	before=$("$VSWCTL" -j port show)
	frames_do <<-END
		say eth0@g1 ${M}2 ${M}1 -n 4
		say eth0@g1 $NOBODYS ${M}1 -n 2
	END
	stats_grew "$before" p1.drops.isolated=4 p1.drops.no-egress=2 \
		p2.tx-packets=0 p2.drops.isolated=0
	set_each isolated off
}

shown_and_kept()
{
	assert_jq '.[0] | .flood == "all" and .hairpin == false and .isolated == false
		and .community == 0' "the defaults" port show p1
	vswctl port set p1 flood unicast,broadcast hairpin on community 7
	check_err $? "cannot set"
	vswctl port set p1 role uplink
	assert_jq '.[0] | .flood == "unicast,broadcast" and .hairpin and .community == 7
		and .isolated == false' "as set, also with another role" port show p1
	vswctl port set p1 isolated on
	assert_jq '.[0] | .isolated and .community == 0' "now isolated" port show p1
	vswctl port set p1 isolated off role guest flood all hairpin off
	assert_jq '.[0] | .isolated == false and .community == 0 and .flood == "all"' \
		"as at first" port show p1
	vswctl port del p4 && vswctl port add vsw0 p4 flood none hairpin on community 3
	check_err $? "cannot attach with settings"
	assert_jq '.[0] | .flood == "none" and .hairpin and .community == 3' \
		"set when attached" port show p4
	vswctl port set p4 flood all hairpin off community 0
	learn
}

refusals()
{
	check_refused 'isolated or in a community' vswctl port set p1 isolated on community 5
	check_refused 'isolated or in a community' vswctl port set p1 flood none isolated on \
		community 5
	check_refused 'isolated or in a community' vswctl port add vsw0 d9 type tap \
		isolated on community 5
	check_refused 'host port' vswctl port set vsw0 isolated on
	check_refused 'flood must be' vswctl port set p1 flood unicats
	check_refused '0 to 65534' vswctl port set p1 community 65535
}


by_ip_link()
{
	[ -e "$REPO/ctl/link_vswitch.so" ] || { skip "make iproute2 first"; return; }
	ln -sf "$REPO/ctl/link_vswitch.so" "$TMP/link_vswitch_slave.so"
	IP_LIB_DIR=$TMP ip link set p1 type vswitch_slave flood unicast,multicast hairpin on \
		community 9
	check_err $? "ip cannot set"
	assert_jq '.[0] | .flood == "unicast,multicast" and .hairpin and .community == 9' \
		"as ip has set it" port show p1
	check_refused 'isolated or in a community' env IP_LIB_DIR=$TMP \
		ip link set p1 type vswitch_slave isolated on community 9
	IP_LIB_DIR=$TMP ip link set p1 type vswitch_slave flood all hairpin off community 0
	assert_jq '.[0] | .flood == "all" and (.hairpin | not) and .community == 0' \
		"as ip has set it back" port show p1
}

# Taps of both kinds, for which a frame is made ready once.
taps_make()
{
	local name

	[ ! -e /sys/class/net/d1 ] || return
	for name in d1 d2 d3; do
		taps_are ok "open $name" open $name "$(vswctl port add vsw0 $name type tap)"
	done
	for name in t1 t2; do
		taps_are ok "open $name" open $name /dev/net/tun
		ip link set $name up && vswctl port add vsw0 $name
		check_err $? "cannot attach $name"
	done
	ports_up
}

# taps_get FRAME NAME...: these taps get it, once, and no other tap does.
taps_get()
{
	local frame=$1 name

	shift
	for name; do
		taps_are $frame "what $name gets" read $name 5000
	done
	for name in d1 d2 d3 t1 t2; do
		taps_are - "no more for $name" read $name 0
	done
}

taps_flood()
{
	local frame

	taps_make
	vswctl port set d2 flood multicast,broadcast && vswctl port set t1 flood none
	check_err $? "cannot set"
	frame=$(frame $NOBODYS ${M}1)
	frames_send eth0@g1 <<<"$frame"
	taps_get $frame d1 d3 t2
	frame=$(frame $ALL ${M}1)
	frames_send eth0@g1 <<<"$frame"
	taps_get $frame d1 d2 d3 t2
	vswctl port set d2 flood all && vswctl port set t1 flood all
}

# The guest gets what it has sent itself, whoever else gets it, and if nobody does.
taps_hairpin()
{
	local name before

	taps_make
	for name in d1 d3 t1 t2; do
		vswctl port set $name hairpin on
		frame=$(frame $ALL ${M}a)
		taps_are ok "$name sends" write $name $frame
		taps_get $frame d1 d2 d3 t1 t2
		# Its other station, which is known now.
		frame=$(frame ${M}a ${M}b)
		before=$("$VSWCTL" -j port show)
		taps_are ok "$name sends" write $name $frame
		taps_get $frame $name
		stats_grew "$before" $name.rx-packets=1 $name.tx-packets=1 \
			$name.drops.same-port=0
		frame=$(frame ${M}a ${M}b --len 1514)
		taps_are ok "$name sends a large one" write $name $frame
		taps_get $frame $name
		vswctl port set $name hairpin off
		before=$("$VSWCTL" -j port show)
		taps_are ok "$name sends" write $name $frame
		stats_grew "$before" $name.drops.same-port=1
		taps_get -
	done
}

taps_confined()
{
	local frame

	taps_make
	vswctl port set d1 isolated on && vswctl port set t1 isolated on &&
		vswctl port set d2 community 5 && vswctl port set t2 community 5
	check_err $? "cannot set"
	frame=$(frame $ALL ${M}a)
	taps_are ok "d1 sends" write d1 $frame
	taps_get $frame d3
	taps_are ok "t1 sends" write t1 $frame
	taps_get $frame d3
	taps_are ok "d2 sends" write d2 $frame
	taps_get $frame d3 t2
	taps_are ok "t2 sends" write t2 $frame
	taps_get $frame d2 d3
	taps_are ok "d3 sends" write d3 $frame
	taps_get $frame d1 d2 t1 t2
	frames_send eth0@g1 <<<"$(frame $ALL ${M}1)"
	taps_get $(frame $ALL ${M}1) d1 d2 d3 t1 t2
	vswctl port set d1 isolated off && vswctl port set t1 isolated off &&
		vswctl port set d2 community 0 && vswctl port set t2 community 0
}

internal_ports()
{
	local frame before

	ns_add g5 && vswctl port add vsw0 i5 type internal address ${M}5 isolated on &&
		ip link set i5 netns g5 && in_ns g5 ip link set i5 up
	check_err $? "cannot make it"
	vswctl port set p1 isolated on
	frame=$(frame $ALL ${M}1)
	before=$("$VSWCTL" -j port show)
	frames_send eth0@g1 <<<"$frame"
	stats_grew "$before" p1.rx-packets=1 i5.tx-packets=0 p2.tx-flooded=1
	vswctl port set p1 isolated off
	before=$("$VSWCTL" -j port show)
	frames_send eth0@g1 <<<"$frame"
	stats_grew "$before" i5.tx-packets=1
	vswctl port set i5 isolated off hairpin on
	frame=$(frame $ALL ${M}5)
	capture_start back i5@g5 -n 1 -t 10000 --prefix ${frame:0:24} || return
	frames_send i5@g5 <<<"$frame"
	check_equal "$(capture_wait back)" "$frame" "what comes back to i5"
	vswctl port del i5
}

run_tests "$@"
