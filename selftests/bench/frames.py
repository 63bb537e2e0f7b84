# SPDX-License-Identifier: GPL-2.0-only
"""Frames to measure with, from the first guest to others.

Each has a virtio_net header of 12 bytes in front, and may carry a number in its
last four bytes: nothing is summed up there.
"""

import struct

BROADCAST = b"\xff" * 6
NEEDS_CSUM, GSO_TCPV4 = 1, 1
HDR = "<BBHHHHH"		# the last is num_buffers
NO_HDR = bytes(12)


def mac_of(number):
    """Of the guest at the first tap, 0, or another one."""
    return bytes.fromhex("02005e0053") + bytes([number + 1])


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


def ipv4(protocol, size):
    """Header of a packet of this size."""
    head = struct.pack("!BBHHHBBH8B", 0x45, 0, size, 7, 0x4000, 64, protocol, 0,
                       192, 0, 2, 1, 192, 0, 2, 2)
    return head[:10] + struct.pack("!H", ~checksum(head) & 0xffff) + head[12:]


def filling(size):
    return bytes(i * 7 % 251 for i in range(size))


def hello(mac):
    return BROADCAST + mac + b"\x88\xb5" + filling(46)


def tagged(frame, vid, at=len(NO_HDR)):
    """With the tag of a VLAN in its Ethernet header, which begins there."""
    return frame[:at + 12] + struct.pack("!HH", 0x8100, vid) + frame[at + 12:]


def udp_frame(size, dst=mac_of(1)):
    """A datagram without a checksum, in a frame of this size."""
    length = size - 14
    return NO_HDR + dst + mac_of(0) + b"\x08\x00" + ipv4(17, length) + \
        struct.pack("!HHHH", 4000, 5000, length - 20, 0) + filling(length - 28)


def gso_frame(segments):
    """A TCP segment that is to become so many, its checksum open."""
    payload = filling(segments * 1448)
    length = 20 + len(payload)
    pseudo = bytes((192, 0, 2, 1, 192, 0, 2, 2)) + struct.pack("!HH", 6, length)
    tcp = struct.pack("!HHIIBBHHH", 4000, 5000, 1, 1, 5 << 4, 0x10, 64,
                      checksum(pseudo), 0)
    return struct.pack(HDR, NEEDS_CSUM, GSO_TCPV4, 54, 1448, 34, 16, 0) + \
        mac_of(1) + mac_of(0) + b"\x08\x00" + ipv4(6, length + 20) + tcp + payload
