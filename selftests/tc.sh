#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: stock timeout=600
# tc and XDP on a port's device do there what they do on any device. (Stock
# kernels: ours have no classifiers.)
#
#	+--------- taps.py --------+
#	|  /dev/tapN  /dev/net/tun |     ns g2
#	+------+----------+--------+    +------+
#	       |          |             | eth0 |
#	   +---+----------+------+------+------+
#	   |  d1   vsw0   t3    p2  | veth
#	   +------------------------+
# shellcheck disable=SC2016,SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="ingress_of_attached ingress_of_direct_tap egress_of_direct_tap
	egress_of_attached short_way_of_tun_tap egress_of_tun_tap qdisc_of_tun_tap
	capture_of_tun_tap queues_of_tun_tap container_chooses_no_class
	xdp_does_not_run_in_circles"

M1=02:00:5e:00:53:01
M2=02:00:5e:00:53:02
M3=02:00:5e:00:53:03

setup()
{
	NO_IPV6=1
	load_module && frames_start || return
	taps_start
	vswctl switch add vsw0 && no_ipv6 vsw0 && ip link set vsw0 up || return
	D1=$(vswctl port add vsw0 d1 type tap address $M1) || return
	ns_add g2 && veth_pair p2 eth0 g2 $M2 && vswctl port add vsw0 p2 || return
	taps_are ok "open d1" open one $D1
	wait_jq 10000 '.[0].state == "forwarding"' "d1 is up" port show d1
	wait_jq 10000 '.[0].state == "forwarding"' "p2 is up" port show p2
	sysctl -qw net.core.default_qdisc=fq_codel && modprobe tun &&
		ip tuntap add t3 mode tap vnet_hdr && defer ip link del t3 &&
		no_ipv6 t3 && ip link set t3 up &&
		vswctl port add vsw0 t3 || return
	taps_are ok "open t3" open t3 /dev/net/tun
	wait_jq 10000 '.[0].state == "forwarding"' "t3 is up" port show t3
	# Not the one that throws everything away, which it has had at first.
	busywait 10000 eval 'tc qdisc show dev t3 | grep -q fq_codel'
	check_err $? "t3: $(tc qdisc show dev t3)"
	vswctl fdb add vsw0 $M3 dev t3 static || return
	TO3=$(frame $M3 $M2)
	TO1=$(frame $M1 $M2)
	TO2=$(frame $M2 $M1)
}

# p2_gets COUNT WHY: of one frame that d1 sends.
p2_gets()
{
	local got

	capture_start c eth0@g2 -n 1 -t 1500 --prefix ${M2//:/}
	taps_are ok "d1 sends" write one $TO2
	got=$(capture_wait c)
	check_equal "$(grep -c . <<<"$got")" $1 "$2"
}

# d1_gets ANSWER WHY: of one frame that p2 sends.
d1_gets()
{
	echo $TO1 | frames_send eth0@g2
	taps_are $1 "$2" read one 1000
}

# filter DEV DIRECTION: everything is dropped there.
filter()
{
	tc qdisc add dev $1 clsact &&
		tc filter add dev $1 $2 protocol all matchall action drop
	check_err $? "tc"
}

# What comes in from g2 never reaches the switch.
ingress_of_attached()
{
	local before

	d1_gets $TO1 "without a filter"
	filter p2 ingress
	before=$(port_stat p2 rx-packets)
	d1_gets - "with it"
	check_equal "$(port_stat p2 rx-packets)" $before "the switch has seen it"
	tc qdisc del dev p2 clsact
	d1_gets $TO1 "without it again"
}

# A direct tap receives what its guest gets.
ingress_of_direct_tap()
{
	filter d1 ingress
	d1_gets - "with a filter"
	tc qdisc del dev d1 clsact
	d1_gets $TO1 "without it again"
}

# And sends what its guest sends.
egress_of_direct_tap()
{
	p2_gets 1 "without a filter"
	filter d1 egress
	p2_gets 0 "with it"
	tc qdisc del dev d1 clsact
	p2_gets 1 "without it again"
}

egress_of_attached()
{
	filter p2 egress
	p2_gets 0 "with a filter"
	tc qdisc del dev p2 clsact
	p2_gets 1 "without it again"
}

# t3_gets ANSWER WHY: of one frame that p2 sends.
t3_gets()
{
	taps drain t3 >/dev/null
	echo $TO3 | frames_send eth0@g2
	taps_are $1 "$2" read t3 1000
}

# qdisc_frames: frames that went through the queueing discipline of t3.
qdisc_frames()
{
	tc -s qdisc show dev t3 | awk '/Sent/ { print $4; exit }'
}

# The default queueing discipline, which nobody has asked for, is not asked.
short_way_of_tun_tap()
{
	local before

	before=$(qdisc_frames)
	t3_gets $TO3 "by the short way"
	check_equal "$(qdisc_frames)" $before "frames in the default discipline"
}

egress_of_tun_tap()
{
	filter t3 egress
	t3_gets - "with a filter"
	tc qdisc del dev t3 clsact
	t3_gets $TO3 "without it again"
}

# One that somebody has asked for is, even if it is of the same kind.
qdisc_of_tun_tap()
{
	local kind

	for kind in fq_codel pfifo "tbf rate 1gbit burst 100k latency 1s"; do
		tc qdisc replace dev t3 root $kind
		check_err $? "tc $kind"
		t3_gets $TO3 "through $kind"
		check_equal "$(qdisc_frames)" 1 "frames in $kind"
		tc qdisc del dev t3 root
	done
	tc qdisc replace dev t3 root netem loss 100%
	t3_gets - "through one that loses everything"
	tc qdisc replace dev t3 root noqueue
	t3_gets $TO3 "with none"
	tc qdisc del dev t3 root
	short_way_of_tun_tap
}

# Who looks at the device sees what it sends.
capture_of_tun_tap()
{
	capture_start c t3 --dir out -n 1 -t 1500 --prefix ${M3//:/}
	t3_gets $TO3 "while somebody looks"
	check_equal "$(capture_wait c | grep -c .)" 1 "frames seen"
	short_way_of_tun_tap
}

# A tap with several queues has a discipline for each of them, and the driver a queue
# for each flow: dev_queue_xmit() sees to both.
queues_of_tun_tap()
{
	local mac=02:00:5e:00:53:04 before i

	ip tuntap add t4 mode tap vnet_hdr multi_queue && no_ipv6 t4 && ip link set t4 up
	check_err $? "t4"
	ip link set t4 txqueuelen 100
	vswctl port add vsw0 t4
	taps_are ok "open its first queue" open t4 /dev/net/tun multi
	wait_jq 10000 '.[0].state == "forwarding"' "t4 is up" port show t4
	busywait 10000 eval 'tc qdisc show dev t4 | grep -q fq_codel'
	check_err $? "t4: $(tc qdisc show dev t4)"
	vswctl fdb add vsw0 $mac dev t4 static
	before=$(tc -s qdisc show dev t4 | awk '/Sent/ { print $4; exit }')
	for i in 1 2 3; do
		frame $mac $M2
	done | frames_send eth0@g2
	taps_are "3 ordered" "what it gets" drain t4
	check_equal "$(tc -s qdisc show dev t4 | awk '/Sent/ { print $4; exit }')" \
		$((before + 3)) "frames in its disciplines"
	taps_are ok "close" close t4
	ip link del t4
}

# A container on an internal port asks for a class of the qdisc that its frames pass
# on their way out of another port: it is not for it to choose.
container_chooses_no_class()
{
	ns_add c1
	vswctl port add vsw0 in1 type internal && ip link set in1 netns c1 &&
		in_ns c1 ip link set in1 up &&
		in_ns c1 ip addr add 192.0.2.2/24 dev in1 &&
		in_ns c1 ip neigh add 192.0.2.1 lladdr $M2 dev in1
	check_err $? "no internal port"
	tc qdisc replace dev p2 root handle 1: prio bands 3
	check_err $? "no qdisc"
	in_ns c1 /usr/bin/python3 - <<-'END'
		import socket
		sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		sock.setsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY, 0x10001)
		for _ in range(50):
		    sock.sendto(b"x", ("192.0.2.1", 9))
	END
	check_err $? "cannot send"
	# The class of what has no priority, and that which was asked for.
	busywait 10000 eval '[ "$(class_frames 2)" -ge 50 ]'
	check_err $? "$(class_frames 2) frames in their own class"
	check_equal "$(class_frames 1)" 0 "frames in the class asked for"
	tc qdisc del dev p2 root
	vswctl port del in1
	ns_del c1
}

# class_frames N: frames that class 1:N of p2 has sent.
class_frames()
{
	tc -s class show dev p2 | awk -v class="1:$1" '$3 == class { getline; print $4 }'
}

# What d1's guest says to a daemon of the host is sent back by a program there, so
# that it is said again, and so on: it ends, and all are well.
xdp_does_not_run_in_circles()
{
	local before

	/usr/bin/python3 "$SELFTESTS/xdp_tx.py" /sys/fs/bpf/vsw_xdp_tx &&
		ip link set dev d1 xdpgeneric pinned /sys/fs/bpf/vsw_xdp_tx
	check_err $? "XDP"
	before=$(port_stat d1 rx-packets)
	taps_are ok "d1 says LLDP" write one "$(frame 01:80:c2:00:00:0e $M1 --type 88cc)"
	check_equal $(($(port_stat d1 rx-packets) - before)) 5 "so often it came in"
	ip link set dev d1 xdpgeneric off
	rm /sys/fs/bpf/vsw_xdp_tx
	d1_gets $TO1 "without it"
}

run_tests "$@"
