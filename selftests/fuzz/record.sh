#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Records the frames from which the frame fuzzer starts: a few that differ, out of
# captures of the demo's ports, and out of what three stations on a switch in
# User-Mode Linux do that the demo does not, with tags and IPv6 above all.  By hand,
# when there is more to be recorded:
#
#   CAPTURE=/tmp/seen make demo
#   record.sh seeds.pcap /tmp/seen/*.pcap
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")

in_netns()
{
	ip netns exec "$@"
}

# A lease of a DHCP server on web, for store.
dhcp()
{
	touch /tmp/leases
	printf '%s\n' "start 192.0.2.100" "end 192.0.2.110" "interface eth0" \
		"lease_file /tmp/leases" "option subnet 255.255.255.0" \
		"option router 192.0.2.1" >/tmp/udhcpd.conf
	in_netns web busybox udhcpd -f /tmp/udhcpd.conf &
	server=$!
	in_netns store busybox udhcpc -q -n -f -i eth0 -s /bin/true -t 5 || :
	kill $server
}

# transfer LISTEN TO: a file by TCP, larger than a segment, and the end of it.
transfer()
{
	in_netns web /usr/bin/python3 -c "
import socket
s = socket.create_server(('$1', 8000), family=socket.AF_INET6 if ':' in '$1' else socket.AF_INET)
c = s.accept()[0]
c.recv(100); c.sendall(bytes(range(256)) * 400); c.close()" &
	sleep 1
	in_netns store /usr/bin/python3 -c "
import socket
s = socket.create_connection(('$1', 8000))
s.sendall(b'GET /catalogue HTTP/1.0\r\n\r\n')
while s.recv(65536): pass"
	wait $!
}

# Datagrams that are answered by "port unreachable", one of them in fragments.
datagrams()
{
	in_netns store /usr/bin/python3 -c "
import socket, time
s = socket.socket(socket.AF_INET6 if ':' in '$1' else socket.AF_INET, socket.SOCK_DGRAM)
for size in 0, 1, 100, 4000:
    try:
        s.sendto(bytes(size), ('$1', 9999))
    except OSError:
        pass
    time.sleep(0.1)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
s.sendto(b'hello', ('192.0.2.255', 9999))
s.sendto(b'hello', ('239.1.1.1', 9999))"
}

# A VLAN in a VLAN.
tagged()
{
	local n

	for n in web store; do
		ip -n $n link add link eth0 name vlan5 type vlan id 5
		ip -n $n link add link vlan5 name vlan7 type vlan id 7
		ip -n $n link add link eth0 name s6 type vlan id 6 proto 802.1ad
		ip -n $n link set vlan5 up
		ip -n $n link set vlan7 up
		ip -n $n link set s6 up
	done
	for n in vlan5 vlan7 s6; do
		ip -n web addr add 198.51.100.1/24 dev $n
		ip -n store addr add 198.51.100.2/24 dev $n
		in_netns store ping -q -c 1 -W 2 198.51.100.1 || :
		ip -n web addr flush dev $n
		ip -n store addr flush dev $n
	done
}

talk()
{
	ip -n web addr add 192.0.2.1/24 dev eth0
	ip -n web addr add 2001:db8::1/64 dev eth0 nodad
	dhcp
	ip -n store addr add 192.0.2.2/24 dev eth0
	ip -n store route add default dev eth0
	ip -n store addr add 2001:db8::2/64 dev eth0
	sleep 3
	in_netns store ping -q -c 2 192.0.2.1
	in_netns store ping -q -c 1 -s 3000 192.0.2.1
	in_netns store ping -q -c 2 2001:db8::1
	in_netns store ping -q -c 1 -s 3000 2001:db8::1
	transfer 192.0.2.1
	transfer 2001:db8::1
	datagrams 192.0.2.1
	datagrams 2001:db8::1
	tagged
}

# In the kernel whose network may be spoiled.
inside()
{
	local n dumps=()

	mkdir -p /run/netns
	ip link add vsw0 type vswitch
	ip link set vsw0 up
	for n in web store third; do
		ip netns add $n
		ip link add ${n}p type veth peer name eth0 netns $n
		ip link set ${n}p master vsw0 up
		tcpdump -q -s 256 -U -i ${n}p -w "$VSW_OUT/$n.pcap" &
		dumps+=($!)
	done
	sleep 1
	n=10
	for station in web store third; do
		ip -n $station link set lo up
		ip -n $station link set eth0 address 52:54:00:00:00:$n up
		n=$((n + 1))
	done
	talk
	sleep 1
	kill "${dumps[@]}"
	wait
}

if [ "${1:-}" = --inside ]; then
	inside
	exit
fi
file=${1:?record.sh FILE [CAPTURE...]}
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$here/../kernel/uml.sh" --timeout 120 --out "$work" -- /bin/bash "$here/record.sh" --inside
"$here/distil.py" "$file" "$@" "$work"/*.pcap
