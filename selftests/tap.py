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

import fcntl
import os
import select
import struct
import sys
import time

TUNSETIFF, TUNSETOFFLOAD, TUNSETVNETHDRSZ = 0x400454ca, 0x400454d0, 0x400454d8
IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x0002, 0x1000, 0x4000
OFFLOADS = 0x1 | 0x2 | 0x4 | 0x8	# checksum, TSO4, TSO6, TSO with ECN
NEEDS_CSUM, GSO_TCPV4, GSO_TCPV6, GSO_ECN = 1, 1, 4, 0x80
HDR = "<BBHHHHH"		# 12 bytes, the last is num_buffers


class Tap:
    """One tap, with a virtio-net header of 12 bytes before each frame."""
    def __init__(self, name, mac, offloads=OFFLOADS):
        self.name = name
        self.mac = bytes.fromhex(mac.replace(":", ""))
        path = name if name.startswith("/") else "/dev/net/tun"
        self.fd = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        # A direct tap does not look at the name.
        fcntl.ioctl(self.fd, TUNSETIFF, struct.pack(
            "16sH22x", os.path.basename(name).encode(),
            IFF_TAP | IFF_NO_PI | IFF_VNET_HDR))
        fcntl.ioctl(self.fd, TUNSETVNETHDRSZ, struct.pack("i", 12))
        fcntl.ioctl(self.fd, TUNSETOFFLOAD, offloads)

    def send(self, header, frame):
        os.write(self.fd, struct.pack(HDR, *header, 0) + frame)

    def drain(self):
        """Throw away what is left of an earlier frame."""
        while select.select([self.fd], [], [], 0)[0]:
            os.read(self.fd, 1 << 17)

    def receive(self, wanted, seconds=20):
        """The next frame that starts as wanted: its header, and the frame."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not select.select([self.fd], [], [], end - time.monotonic())[0]:
                break
            data = os.read(self.fd, 1 << 17)
            if data[12:].startswith(wanted):
                return struct.unpack_from(HDR, data)[:6], data[12:]
        return None, None


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


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
        one.send(header, frame)
        got, data = two.receive(two.mac + one.mac)
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
    one.send((NEEDS_CSUM, GSO_TCPV4, 54, 1448, 34, 16), frame)
    got = b""
    count = 0
    while len(got) < len(payload):
        header, data = poor.receive(poor.mac + one.mac)
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
        tap.send((0, 0, 0, 0, 0, 0), b"\xff" * 6 + tap.mac + b"\x88\xb5" + bytes(46))
        if other.receive(b"\xff" * 6 + tap.mac)[1] is None:
            sys.exit(f"{other.name} does not hear {tap.name}")
    failed = compare(one, two, "there") + compare(two, one, "back")
    fcntl.ioctl(two.fd, TUNSETOFFLOAD, 0)
    failed += segmented(one, two)
    print(f"{failed} failed", flush=True)
    sys.stdin.readline()
    sys.exit(1 if failed else 0)


main()
