#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: smp=2 mem=2048 timeout=900
# Taps as vhost-net uses them, with rings that a program fills instead of a
# guest (vhost/player.c): whatever a guest may do with its rings and headers,
# the switch stays whole and counts what it does not deliver.
#
#	+----------------------- player ------------------------+
#	|  virtqueues   virtqueues     virtqueues   virtqueues  |
#	+------+------------+--------------+------------+-------+
#	   vhost-net    vhost-net      vhost-net    vhost-net
#	       |            |              |            |
#	   /dev/tapN    /dev/tapM      tun tap      tun tap
#	   +---+------------+--------------+------------+---+
#	   |  d1           d2    vsw0     t1           t2   |
#	   +------------------------------------------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="direct_to_direct direct_to_tun tun_to_tun large_is_one_frame queues_share
	stream_is_whole pieces_of_all_kinds small_receive_buffers bad_rings
	awkward_headers awkward_headers_in_batches short_frames
	vhost_alone_keeps_it_open deleted_under_vhost killed_player
	ring_is_resized_meanwhile starts_again_on_its_node many module_goes"

declare -A NODE
PROGRAM=$REPO/build/vhost/player

setup()
{
	NO_IPV6=1
	[ -x "$PROGRAM" ] || make -s -C "$SELFTESTS/vhost" || {
		fail "there is no $PROGRAM: make -C selftests/vhost"
		return 1
	}
	load_module || return
	modprobe -a tun vhost_net || fail "no vhost-net"
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	player_start
	vswctl switch add vsw0 && no_ipv6 vsw0 && ip link set vsw0 up || return
	NODE[d1]=$(vswctl port add vsw0 d1 type tap queues 2) &&
		NODE[d2]=$(vswctl port add vsw0 d2 type tap)
}

# --- the player ------------------------------------------------------------

player_start()
{
	coproc PLAYER { exec "$PROGRAM" 2>&1; }
	# Those of a coprocess are closed in jobs in the background.
	exec {PLAYER_OUT}<&"${PLAYER[0]}" {PLAYER_IN}>&"${PLAYER[1]}"
}

# player COMMAND...: prints its answer.
player()
{
	local answer

	echo "$*" >&"$PLAYER_IN"
	read -r -t 120 answer <&"$PLAYER_OUT" || answer="the player does not answer"
	echo "$answer"
}

# player_says ANSWER COMMAND...
player_says()
{
	local wanted=$1

	shift
	check_equal "$(player "$@")" "$wanted" "$*"
}

# ask ANSWER COMMAND...: one of the many that "asked" has answered at once.
ask()
{
	printf '%s\n' "$1" >>"$TMP/wanted"
	shift
	printf '%s\n' "$*" >>"$TMP/commands"
}

asked()
{
	cat "$TMP/commands" >&"$PLAYER_IN" &
	timeout 300 head -n "$(wc -l <"$TMP/commands")" <&"$PLAYER_OUT" >"$TMP/got"
	wait $!
	if ! cmp -s "$TMP/wanted" "$TMP/got"; then
		fail "answers (wanted, got, command):"
		log "$(paste -d '|' "$TMP/wanted" "$TMP/got" "$TMP/commands" |
			awk -F '|' '$1 != $2' | head -n 10)"
	fi
	rm "$TMP/wanted" "$TMP/commands"
}

# plug NAME MAC PORT [OPTION...]: a guest on a direct tap, or on a tun tap that is
# made and attached.
plug()
{
	local name=$1 mac=$2 port=$3

	shift 3
	case $port in
	t*)
		player_says ok open $name $mac $port "$@"
		ip link set $port up && vswctl port add vsw0 $port
		check_err $? "cannot attach $port" ;;
	*) player_says ok open $name $mac "${NODE[$port]}" "$@" ;;
	esac
	wait_jq 10000 '.[0].state == "forwarding"' "$port is up" port show $port
}

A=02:00:5e:00:53:0a
B=02:00:5e:00:53:0b

# pair PORT PORT [OPTION...]: guests a and b, who know each other's place.
pair()
{
	local a=$1 b=$2

	shift 2
	plug a $A $a "$@"
	plug b $B $b "$@"
	player_says ok frame eth all a 60
	player_says ok send a
	player_says whole expect b
	player_says ok frame eth all b 60
	player_says ok send b
	player_says whole expect a
}

unplug()
{
	local name

	for name; do
		player_says ok close $name
	done
}

pair_end()
{
	unplug a b
	busywait 20000 eval '! ip -br link show type tun | grep -q .'
	check_err $? "a tun tap is left"
	ports_down
}

# Those that nobody has open: only then can one wait for them to be up.
ports_down()
{
	wait_jq 10000 'map(select(.type == "tap") | .state == "down" and .guest.open == 0 and
		."fdb-count" == 0) | all' "the ports are down, and nobody is there" port show
}

# Whatever happened before, and is on its way still: a and b hear each other.
still_pass()
{
	player_says ok frame eth b a 100
	player_says ok send a
	player_says whole find b
	player_says ok frame eth a b 1514
	player_says ok send b
	player_says whole find a
}

# --- what every guest does -------------------------------------------------

# ordinary PORT PORT: both ways, and counted.
ordinary()
{
	local len before from to

	pair $1 $2
	player_says ok offload b 1
	player_says ok offload a 1
	before=$("$VSWCTL" -j port show)
	for len in 60 1514; do
		player_says ok frame eth b a $len
		player_says ok send a
		player_says whole expect b
		player_says ok frame eth a b $len
		player_says ok send b
		player_says whole expect a
	done
	for from in a b; do
		to=$(tr ab ba <<<$from)
		player_says ok frame tcp6 $to $from 1200 vlan=7
		player_says ok send $from
		player_says whole expect $to
	done
	stats_grew "$before" $1.rx-packets=3 $1.tx-packets=3 $2.rx-packets=3 \
		$1.rx-bytes=$((60 + 1514 + 1278)) $2.tx-bytes=$((60 + 1514 + 1278))
	assert_jq 'map(.stats.drops | add) | add == 0' "drops" port show
	pair_end
}

direct_to_direct() { ordinary d1 d2; }
direct_to_tun() { ordinary d1 t1; }
tun_to_tun() { ordinary t1 t2; }

# large FROM TO KIND BYTES: one frame for the switch; what comes out of it is up to
# what the receiver has negotiated. BYTES are those of the headers.
large()
{
	local from=$1 to=$2 kind=$3 head=$4 tso before bytes offload

	bytes=$((60000 + head))
	tso=$([ $kind = tcp4 ] && echo 2 || echo 4)
	player_says ok frame $kind b a 60000 mss=1400
	before=$("$VSWCTL" -j port show)
	# Nothing; checksums; and large ones of the other kind.
	for offload in 0 1 $((1 | (6 ^ tso))); do
		ask ok offload b $offload
		ask ok send a
		ask "43 segments" expect b
	done
	ask ok offload b $((1 | tso))
	ask ok send a times=3
	ask whole expect b
	ask whole expect b
	ask whole expect b
	asked
	stats_grew "$before" $from.rx-packets=6 $from.rx-bytes=$((6 * bytes)) \
		$to.tx-packets=6 $to.tx-bytes=$((6 * bytes))
}

large_is_one_frame()
{
	local ports

	for ports in "d1 d2" "d1 t1" "t1 d1" "t1 t2"; do
		pair $ports
		large $ports tcp4 54
		large $ports tcp6 74
		pair_end
	done
	assert_jq 'map(.stats.drops | add) | add == 0' "drops" port show
}

# Sets one and two, the frames of both queues of a, when there are 60.
count_both()
{
	local end

	end=$(($(now_ms) + 20000))
	one=0 two=0
	until [ $((one + two)) -ge 60 ] || [ "$(now_ms)" -gt $end ]; do
		one=$((one + $(player count a 200)))
		two=$((two + $(player count a2 200)))
	done
}

# One guest with a direct tap of two queues, then one with a tun tap: flows of the
# other one are spread over them, and none is lost.
queues_share()
{
	local port options one two i

	for port in d1 t1; do
		options=$([ $port = t1 ] && echo mq)
		plug a $A $port $options
		if [ $port = t1 ]; then
			player_says ok open a2 $A $port mq
		else
			player_says ok open a2 $A ${NODE[d1]}
		fi
		plug b $B d2
		for i in a a2; do
			player_says ok frame eth all $i 60
			player_says ok send $i
			player_says whole expect b
		done
		player_says ok offload a 7
		for ((i = 0; i < 60; i++)); do
			ask ok frame tcp4 a b 10 port=$((4000 + i))
			ask ok send b
		done
		asked
		count_both
		log "$port: $one and $two"
		check_equal $((one + two)) 60 "frames in both queues of $port"
		[ "$one" -gt 0 ] && [ "$two" -gt 0 ]
		check_err $? "one queue of $port gets everything"
		unplug a2
		pair_end
	done
}

stream_is_whole()
{
	local n

	n=$(full_or 200000 10000)
	pair d1 d2
	player_says "$n ordered" stream a b $n 60
	player_says "$n ordered" stream b a $n 1514
	assert_jq 'map(.stats.drops | add) | add == 0' "drops" port show
	pair_end
}

# --- what a guest may do with its rings ------------------------------------

# The socket's buffer with which vhost sends in batches.
BATCHES=2147483647
ONES=1$(printf ',1%.0s' {1..62})

pieces_of_all_kinds()
{
	local cut mode frame

	pair d1 d2 offload=7
	for mode in $BATCHES 1000000; do
		ask ok sndbuf a $mode
		for frame in "eth b a 60" "eth b a 1514" "tcp4 b a 60000 mss=1400"; do
			ask ok frame $frame
			# The header alone; none; in pieces; the Ethernet header,
			# too; empty ones in between; all that fit.
			for cut in 12 0 0,0,12,0,14 5,7 1,3,8,5,0,1 12,14 26,20,20 11 13 $ONES; do
				ask ok send a cut=$cut
				ask whole expect b
				ask ok send a cut=$cut indirect
				ask whole expect b
			done
		done
	done
	asked
	pair_end
	assert_jq 'map(.stats.drops | add) | add == 0' "drops" port show
}

# Buffers of less than a header, of a prime number, and such that a frame of 64 KiB
# needs nearly all; and a guest that takes one for each frame, which is too small.
small_receive_buffers()
{
	local buf

	plug a $A d1
	for buf in 7 1000; do
		plug b $B d2 buf=$buf num=1024 offload=7
		player_says ok frame eth b a 1514
		player_says ok send a times=3
		for _ in 1 2 3; do
			player_says whole expect b
		done
		player_says ok frame tcp4 b a $((buf * 900 < 60000 ? buf * 900 : 60000)) mss=1400
		player_says ok send a
		player_says whole expect b
		unplug b
		wait_jq 10000 '.[0].state == "down"' "d2 is down" port show d2
	done
	plug b $B d2 nomrg buf=1600 offload=7
	player_says ok frame tcp4 b a 60000 mss=1400
	player_says ok send a
	player_says ok frame eth b a 1514
	player_says ok send a
	player_says whole expect b
	pair_end
}

# Rings that vhost refuses, and goes on with when the guest starts anew.
bad_rings()
{
	local fault before

	pair d1 d2
	before=$(port_stat d1 rx-packets)
	for fault in 1 2 3 4 5 6; do
		player_says ok frame eth b a 60
		player_says stuck send a fault=$fault ms=200
		player_says ok stop a
		player_says ok start a
	done
	player_says stuck send a fault=5 indirect ms=200
	player_says ok stop a
	player_says ok start a
	check_equal "$(port_stat d1 rx-packets)" "$before" "frames of bad rings"
	player_says ok nothing b 100
	still_pass
	pair_end
}

# --- what a guest may write before a frame ---------------------------------

# header_hex FLAGS-AND-TYPE HDR_LEN GSO_SIZE CSUM_START CSUM_OFFSET: in HEX.
header_hex()
{
	local n word

	HEX=$1
	shift
	for n; do
		printf -v word '%02x%02x' $((n & 255)) $((n >> 8))
		HEX+=$word
	done
	HEX+=0000
}

# Lines with the numbers of headers, each awkward.
headers()
{
	local n

	# A checksum behind the frame, at its very end, before the IP header, and one
	# that is no place in TCP; sums that are more than 16 bits.
	for n in "65535 16" "65535 65535" "54 3000" "34 65535" "1053 0" "1054 0" "1052 0" \
		"0 0" "13 0" "14 16" "34 3" "34 0" "1 1"; do
		echo "0100 0 0 $n"
		echo "0101 54 100 $n"
		echo "0104 74 100 $n"
		echo "0105 42 100 $n"
		echo "0103 42 100 $n"
	done
	# Types: none that there is, ECN alone, all bits; sizes: none, one byte, all;
	# with a checksum and without.
	for n in 01 02 03 04 05 06 40 7f 80 81 83 84 85 ff; do
		echo "01$n 54 0 34 16"
		echo "01$n 54 1 34 16"
		echo "01$n 54 65535 34 16"
		echo "00$n 54 100 0 0"
		echo "00$n 0 0 0 0"
	done
	# Lengths of the header, flags.
	for n in 0 1 13 14 1054 1055 65535; do
		echo "0000 $n 0 0 0"
		echo "0101 $n 100 34 16"
	done
	for n in 02 04 08 80 fe ff; do
		echo "${n}00 0 0 34 16"
		echo "${n}01 54 100 34 16"
	done
}

# What vhost itself does not take, when it sends in batches, it tries again and
# again until the guest starts anew.
vhost_refuses()
{
	local flags=$((16#$1 >> 8)) header=$2 end=$(($4 + $5 + 2)) len=$6

	[ $((flags & 1)) = 1 ] && [ $end -gt $header ] && [ $((end & 65535)) -gt $len ]
}

# ask_awkward [OPTION]: what guest a is to do. Prints how many frames these are.
ask_awkward()
{
	local header frame len num=0

	while read -r header; do
		for frame in "tcp4 b a 1000" "tcp6 b a 1000 vlan=5" "eth b a 60"; do
			case $frame in
			tcp4*) len=1066 ;;
			tcp6*) len=1090 ;;
			*) len=72 ;;
			esac
			[ -n "$1" ] || ! vhost_refuses $header $len || continue
			header_hex $header
			ask ok frame $frame
			ask ok header $HEX
			ask ok send a
			num=$((num + 1))
		done
	done < <(headers)
	echo $num
}

# Prints how many frames of a guest the netdev has counted, taken or dropped. The
# core drops some that claim to be large before the switch sees them.
known_to_netdev()
{
	ip -s -j link show $1 | jq '.[0].stats64.tx | .packets + .dropped'
}

# awkward FROM TO [OPTION]: guest a sends all of these.
awkward()
{
	local before sent refused

	pair $1 $2 $3
	player_says ok offload b 7
	sent=$(ask_awkward $3)
	before=$(known_to_netdev $1)
	refused=$(port_stat $1 drops.bad-header)
	asked
	# Its ring is to have room again.
	player count b 1000 >/dev/null
	if [[ $1 = d* ]]; then
		check_equal $(($(known_to_netdev $1) - before)) $sent "counted"
		refused=$(($(port_stat $1 drops.bad-header) - refused))
		log "$refused of $sent are bad headers"
		[ $refused -gt 50 ]
		check_err $? "bad headers: $refused"
	fi
	still_pass
	pair_end
}

awkward_headers()
{
	awkward d1 d2 sndbuf=1000000
	awkward t1 d2 sndbuf=1000000
	awkward d1 t1 sndbuf=1000000
}

awkward_headers_in_batches()
{
	awkward d1 d2
	awkward t1 t2
	# One that vhost does not take.
	pair d1 d2
	player_says ok frame tcp4 b a 1000
	player_says ok header 010000000000ff0f00000000
	player_says stuck send a ms=200
	player_says ok stop a
	player_says ok start a
	still_pass
	pair_end
}

# Less than an Ethernet header, then less than a virtio_net header.
short_frames()
{
	local mode n before bytes=00112233445566778899aabbccdd

	pair d1 d2
	for mode in $BATCHES 1000000; do
		player_says ok sndbuf a $mode
		before=$(port_stat d1 drops.bad-header)
		for ((n = 1; n < 14; n++)); do
			ask ok hex ${bytes:0:n * 2}
			ask ok send a
		done
		asked
		counted d1 drops.bad-header $before 13
		# The shortest one that is a frame.
		player_says ok frame eth b a 14
		player_says ok send a
		player_says whole expect b
		still_pass
	done
	# In batches, vhost itself does not take these.
	before=$(port_stat d1 drops.bad-header)
	ask ok hex 00
	for ((n = 0; n < 11; n++)); do
		ask ok header ${bytes:0:n * 2}
		ask ok send a
	done
	asked
	counted d1 drops.bad-header $before 11
	still_pass
	pair_end
}

# --- guests and ports that come and go -------------------------------------

# The node is closed by the guest, not by vhost.
vhost_alone_keeps_it_open()
{
	pair d1 d2
	player_says ok drop-tap a
	assert_jq '.[0].guest.open == 1' "open" port show d1
	still_pass
	pair_end
}

deleted_under_vhost()
{
	local mode

	for mode in "" sndbuf=1000000; do
		vswctl switch add vsw1 && ip link set vsw1 up
		NODE[d4]=$(vswctl port add vsw1 d4 type tap)
		NODE[d5]=$(vswctl port add vsw1 d5 type tap)
		pair d4 d5 $mode
		vswctl port del d4
		check_err $? "cannot delete a port that vhost sends through"
		player_says ok frame eth b a 60
		player_says ok send a times=100
		player_says ok nothing b 200
		# The next one of this name is another one.
		vswctl port add vsw1 d4 type tap >/dev/null
		player_says ok send a times=100
		check_equal "$(port_stat d4 rx-packets)" 0 "frames of the deleted one"
		player_says ok stop a
		player_says ok start a
		player_says ok send a
		vswctl switch del vsw1
		check_err $? "cannot delete the switch"
		check_refused 'in use' rmmod vswitch
		unplug b
		check_refused 'in use' rmmod vswitch
		unplug a
		busywait 10000 grep -qx 0 /sys/module/vswitch/refcnt
		check_err $? "the module is held still"
	done
}

# It sends for ever, until it is killed.
killed_player()
{
	local pid i sent

	plug b $B d2 num=64
	for i in 1 2; do
		printf '%s\n' "open k $A ${NODE[d1]} sndbuf=$((i * 1000000))" "frame eth $B k 1514" \
			"send k times=2000000000" >"$TMP/killed"
		"$PROGRAM" <"$TMP/killed" >"$TMP/killed.out" &
		pid=$!
		sent=$(port_stat d1 rx-packets)
		busywait 20000 eval "[ \$(port_stat d1 rx-packets) -gt $((sent + 2000)) ]"
		check_err $? "it does not send"
		kill -9 $pid
		wait $pid 2>/dev/null
		wait_jq 20000 '.[0] | .state == "down" and .guest.open == 0' "d1 is down" \
			port show d1
	done
	unplug b
	ports_down
	pair d1 d2
	still_pass
	pair_end
}

# While frames are on their way: what fits of them comes, in order.
ring_is_resized_meanwhile()
{
	local resizer said came n dropped

	n=$(full_or 100000 10000)
	pair d1 d2
	(while [ -e "$TMP" ] && [ ! -e "$TMP/still" ]; do
		for len in 1 100 0 1000 3 500; do
			ip link set d2 txqueuelen $len
		done
	done) &
	resizer=$!
	dropped=$(port_stat d2 drops.egress-queue)
	said=$(player stream a b $n 100 free)
	touch "$TMP/still"
	wait $resizer
	came=${said% *}
	dropped=$(($(port_stat d2 drops.egress-queue) - dropped))
	log "$said of $n, $dropped found no room"
	[[ $said = *" ordered" ]]
	check_err $? "what came: $said"
	# A ring that becomes smaller throws away what it has, and tells nobody.
	[ $((came + dropped)) -le $n ] && [ $came -gt 0 ]
	check_err $? "$came came and $dropped were dropped of $n"
	ip link set d2 txqueuelen 500
	still_pass
	player_says "1000 ordered" stream a b 1000 100
	pair_end
}

starts_again_on_its_node()
{
	local i

	for i in 1 2 3; do
		pair d1 d2 offload=7
		player_says ok frame tcp4 b a 30000 mss=1400
		player_says ok send a
		player_says whole expect b
		player_says ok stop b
		# Nobody takes them; b gets them when it is back.
		player_says ok send a times=2
		player_says ok start b
		player_says whole expect b
		player_says whole expect b
		pair_end
	done
}

many()
{
	local n i begin

	n=$(full_or 4000 300)
	begin=$(now_ms)
	vswctl switch add vsw1 fdb-limit 100000 && ip link set vsw1 up
	seq $n | sed 's/.*/port add vsw1 m& type tap/' >"$TMP/batch"
	vswctl -b "$TMP/batch" >"$TMP/nodes"
	check_err $? "cannot add $n"
	log "$n ports in $(($(now_ms) - begin)) ms"
	begin=$(now_ms)
	i=0
	while read -r node; do
		i=$((i + 1))
		ask ok open m$i 02:00:5e:01:$((i / 100)):$((i % 100)) $node num=32 buf=2048
	done <"$TMP/nodes"
	asked
	log "$n guests in $(($(now_ms) - begin)) ms"
	wait_jq 60000 'map(select(.type == "tap" and .state == "forwarding")) | length == '$n "they are up" \
		port show switch vsw1
	begin=$(now_ms)
	player_says ok flood m1 m 1 $n
	player_says ok flood m$n m 1 $n
	# Twice: an address that comes while the table grows may have to come again.
	player_says ok gather m1 m 1 $n
	player_says ok gather m1 m 1 $n
	log "$(vsw_get 'map(.stats."learn-refused") | add' port show switch vsw1) not learned at once"
	player_says ok chain m 1 $n
	log "two floods, and three frames of each, in $(($(now_ms) - begin)) ms"
	check_json "length == $n"' and all(.stats | ."rx-packets" >= 2 and .drops == {})' \
		"frames" many_ports
	begin=$(now_ms)
	# The switch goes with all of them open, then they close.
	vswctl switch del vsw1
	check_err $? "cannot delete the switch"
	log "deleted in $(($(now_ms) - begin)) ms"
	begin=$(now_ms)
	player_says ok close-all m 1 $n
	log "closed in $(($(now_ms) - begin)) ms"
}

# The direct taps of vsw1, without the counters that are 0.
many_ports()
{
	vsw_get 'map(select(.type == "tap") | .stats.drops |= map_values(select(. > 0)))' \
		port show switch vsw1
}

# The player has had the nodes open, and vhost, and the module goes.
module_goes()
{
	pair d1 d2
	check_refused 'in use' rmmod vswitch
	pair_end
	busywait 20000 rmmod vswitch
	check_err $? "the module stays"
	[ ! -e /sys/class/net/vsw0 ]
	check_err $? "vsw0 is left"
}

run_tests "$@"
