#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Writes an RTM_NEWLINK of a switch, a vport, a port or a trunk, for "ip monitor file"."""
import struct
import sys


def attr(kind, payload):
    return struct.pack("=HH", len(payload) + 4, kind) + payload + b"\0" * (-len(payload) % 4)


def u32(kind, value):
    return attr(kind, struct.pack("=I", value))


def vlans(kind, *numbers):
    bits = bytearray(512)
    for n in numbers:
        bits[n // 8] |= 1 << n % 8
    return attr(kind, bytes(bits))


def trunk():
    # vlan-mode, vlan, trunk, a malformed service, translate, vlan-aware
    pairs = struct.pack("=4H", 100, 20, 101, 21).ljust(256, b"\0")
    return (u32(25, 2) + attr(26, struct.pack("=H", 5)) + vlans(27, 20, 21, 22, 4094) +
            attr(28, b"x") + attr(29, pairs) + attr(30, b"\0"))


IFLA_IFNAME, IFLA_LINKINFO = 3, 18
INFO_KIND, INFO_DATA, INFO_SLAVE_KIND, INFO_SLAVE_DATA = 1, 2, 4, 5

if sys.argv[1] == "switch":
    # ageing, fdb-limit, a malformed port-limit, fdb-count, vlan-aware
    data = u32(5, 100) + u32(6, 70000) + attr(10, b"x") + u32(7, 3) + attr(13, b"\1")
    info = attr(INFO_KIND, b"vswitch\0") + attr(INFO_DATA, data)
elif sys.argv[1] == "vport":
    # type, queues, owner, node
    data = u32(16, 1) + u32(17, 4) + u32(18, 0) + attr(21, b"/dev/tap9\0")
    info = attr(INFO_KIND, b"vport\0") + attr(INFO_DATA, data)
else:
    # role, state, learning, group-forward, flood, community, guard: bpdu-guard, ?, storm-unicast
    data = u32(7, 2) + u32(8, 1) + attr(10, b"\1") + attr(13, struct.pack("=H", 0x4001))
    if sys.argv[1] == "trunk":
        data += trunk()
    else:
        data += attr(31, b"\5") + attr(34, struct.pack("=H", 10))
        data += attr(0x8000 | 37, u32(1, 2) + u32(99, 7) + u32(2, 500))
    info = attr(INFO_SLAVE_KIND, b"vswitch\0") + attr(INFO_SLAVE_DATA, data)
body = struct.pack("=BxHiII", 0, 1, 9, 0, 0) + attr(IFLA_IFNAME, b"vsw0\0") + attr(IFLA_LINKINFO, info)
# A record of rtmon(8): a message with the time, then the message.
stamp = struct.pack("=IHHII", 24, 15, 0, 0, 0) + struct.pack("=II", 0, 0)
sys.stdout.buffer.write(stamp + struct.pack("=IHHII", 16 + len(body), 16, 0, 0, 0) + body)
