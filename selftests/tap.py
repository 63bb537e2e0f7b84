#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Two taps, as a hypervisor has them, and what one sends to the other.

usage: tap.py TAP1 TAP2 MAC1 MAC2

A tap is the name of a tun tap, which is made, or the node of a direct tap.
Prints "ready" when they exist, waits for a line on standard
input (until they are ports), then sends through each and compares what the
other gives, virtio-net header included. Prints what is wrong and how much, and
ends with another line.
"""

import struct
import sys

import tap_file
from tap_file import NEEDS_CSUM, checksum

OFFLOADS = 0x1 | 0x2 | 0x4 | 0x8	# checksum, TSO4, TSO6, TSO with ECN
GSO_TCPV4, GSO_TCPV6, GSO_ECN = 1, 4, 0x80


class Tap(tap_file.Tap):
    """One that has negotiated all offloads."""
    def __init__(self, name, mac):
        super().__init__(name)
        self.mac = bytes.fromhex(mac.replace(":", ""))
        self.offload(OFFLOADS)

    def say(self, header, frame):
        self.send((*header, 0), frame)

    def hear(self, start):
        """The next frame that starts so: its header without num_buffers, and it."""
        header, frame = self.receive(lambda frame: frame.startswith(start))
        return header and header[:6], frame


def tcp(payload, pseudo, port):
    """A segment with the checksum of the pseudo header only."""
    head = struct.pack("!HHIIBBHHH", 40000, port, 1, 1, 5 << 4, 0x10, 64, 0, 0)
    total = checksum(pseudo + struct.pack("!HH", 6, len(head + payload)))
    return head[:16] + struct.pack("!H", total) + head[18:] + payload


def ipv4(src, dst, payload, port):
    addrs = bytes((192, 0, 2, src, 192, 0, 2, dst))
    segment = tcp(payload, addrs, port)
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), 7, 0x4000, 64, 6,
                       0) + addrs
    total = ~checksum(head) & 0xffff
    return head[:10] + struct.pack("!H", total) + head[12:] + segment


def ipv6(src, dst, payload, port):
    net = bytes.fromhex("20010db8") + bytes(11)
    addrs = net + bytes((src,)) + net + bytes((dst,))
    segment = tcp(payload, addrs, port)
    return struct.pack("!IHBB", 6 << 28, len(segment), 6, 64) + addrs + segment


def full_checksum(packet, trans):
    """Whether the checksum of an IPv4 packet's TCP segment is complete."""
    pseudo = packet[12:20] + struct.pack("!HH", 6, len(packet) - trans)
    return checksum(pseudo + packet[trans:]) == 0xffff


def cases(one, two):
    """Name, header, frame: sent by one, for two."""
    eth = two.mac + one.mac
    big = bytes(i * 7 % 251 for i in range(60000))
    plain = (0, 0, 0, 0, 0, 0)
    v4 = eth + b"\x08\x00"
    v6 = eth + b"\x86\xdd"
    tag = eth + b"\x81\x00\x00\x07\x08\x00"
    yield "plain", plain, eth + b"\x88\xb5" + big[:100]
    yield "short", plain, eth + b"\x88\xb5"
    yield "full size", plain, eth + b"\x88\xb5" + big[:1500]
    yield "tagged", plain, eth + b"\x81\x00\x20\x07\x88\xb5" + big[:100]
    yield "tagged twice", plain, (eth + b"\x88\xa8\x00\x64\x81\x00\x00\x07\x88\xb5"
                                  + big[:100])
    yield "partial checksum", (NEEDS_CSUM, 0, 0, 0, 34, 16), \
        v4 + ipv4(1, 2, big[:1000], 80)
    yield "partial checksum, IPv6", (NEEDS_CSUM, 0, 0, 0, 54, 16), \
        v6 + ipv6(1, 2, big[:1000], 80)
    yield "GSO, IPv4", (NEEDS_CSUM, GSO_TCPV4, 54, 1448, 34, 16), \
        v4 + ipv4(1, 2, big, 80)
    yield "GSO, IPv4, small segments", (NEEDS_CSUM, GSO_TCPV4, 54, 536, 34, 16), \
        v4 + ipv4(1, 2, big[:9000], 80)
    yield "GSO, IPv6", (NEEDS_CSUM, GSO_TCPV6, 74, 1428, 54, 16), \
        v6 + ipv6(1, 2, big, 80)
    yield "GSO with ECN", (NEEDS_CSUM, GSO_TCPV4 | GSO_ECN, 54, 1448, 34, 16), \
        v4 + ipv4(1, 2, big[:20000], 80)
    yield "GSO, tagged", (NEEDS_CSUM, GSO_TCPV4, 58, 1448, 38, 16), \
        tag + ipv4(1, 2, big[:40000], 80)
    yield "partial checksum, tagged", (NEEDS_CSUM, 0, 0, 0, 38, 16), \
        tag + ipv4(1, 2, big[:900], 80)


def same_header(got, wanted):
    """num_buffers apart; hdr_len is a hint that the kernel computes anew."""
    return (got[0] & 1, got[1]) == wanted[:2] and got[3:] == wanted[3:]


def compare(one, two, what):
    failed = 0
    for name, header, frame in cases(one, two):
        two.drain()
        one.say(header, frame)
        got, data = two.hear(two.mac + one.mac)
        if data is None:
            failed += 1
            print(f"{what}: {name}: nothing came")
        elif data != frame:
            failed += 1
            at = next((i for i, (a, b) in enumerate(zip(data, frame)) if a != b),
                      min(len(data), len(frame)))
            print(f"{what}: {name}: {len(data)} bytes of {len(frame)} came, "
                  f"different from byte {at} on")
        elif not same_header(got, header):
            failed += 1
            print(f"{what}: {name}: header {got}, sent {header}")
    return failed


def segmented(one, poor):
    """A tap without offloads gets segments whose checksums are complete."""
    payload = bytes(i * 7 % 251 for i in range(20000))
    frame = poor.mac + one.mac + b"\x08\x00" + ipv4(1, 2, payload, 80)
    poor.drain()
    one.say((NEEDS_CSUM, GSO_TCPV4, 54, 1448, 34, 16), frame)
    got = b""
    count = 0
    while len(got) < len(payload):
        header, data = poor.hear(poor.mac + one.mac)
        if data is None:
            print(f"segments: {len(got)} bytes of {len(payload)} came")
            return 1
        size = struct.unpack_from("!H", data, 16)[0]
        if header[0] & 1 or header[1] or len(data) > 1514 \
                or not full_checksum(data[14:14 + size], 20):
            print(f"segments: number {count} is wrong: {header}, {len(data)} bytes")
            return 1
        got += data[54:14 + size]
        count += 1
    if got != payload:
        print("segments: the payload is not what was sent")
    return int(got != payload)


def main():
    names, macs = sys.argv[1:3], sys.argv[3:5]
    one, two = Tap(names[0], macs[0]), Tap(names[1], macs[1])
    print("ready", flush=True)
    sys.stdin.readline()
    # Each says something, so that the switch knows both.
    for tap, other in ((one, two), (two, one)):
        tap.say((0, 0, 0, 0, 0, 0), b"\xff" * 6 + tap.mac + b"\x88\xb5" + bytes(46))
        if other.hear(b"\xff" * 6 + tap.mac)[1] is None:
            sys.exit(f"{other.name} does not hear {tap.name}")
    failed = compare(one, two, "there") + compare(two, one, "back")
    two.offload(0)
    failed += segmented(one, two)
    print(f"{failed} failed", flush=True)
    sys.stdin.readline()
    sys.exit(1 if failed else 0)


main()
