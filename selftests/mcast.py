#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Say who gets packets to multicast groups.

usage: mcast.py GROUPS FROM END=DEV[@NS]...

From each end of FROM, sends a packet to each of the groups, IPv4 or IPv6, and prints a
line for each: the end, the group, and the ends that got it. Lists have blanks between.
"""

import ipaddress
import select
import struct
import sys
import time

from frame import PACKET_OUTGOING, open_socket

# As long as nothing has come for so many seconds, there may be more.
QUIET = 0.7
MARK = b"mcst"


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def packet(group, number, source):
    group = ipaddress.ip_address(group)
    raw = group.packed
    body = struct.pack("!HHHH", 7, 7, 8 + 28, 0) + MARK + struct.pack("!I", number) + bytes(20)
    if group.version == 4:
        mac = b"\x01\x00\x5e" + bytes((raw[1] & 0x7f,)) + raw[2:]
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 0, 0, 1, 17, 0,
                           bytes((192, 0, 2, 200 + source)), raw)
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        kind = 0x0800
    else:
        mac = b"\x33\x33" + raw[12:]
        own = ipaddress.ip_address(f"fe80::{source + 1}").packed
        head = struct.pack("!IHBB16s16s", 6 << 28, len(body), 17, 1, own, raw)
        kind = 0x86dd
    return mac + bytes((2, 0, 0x5e, 0, 0x53, 0x80 + source)) + struct.pack("!H", kind) \
        + head + body


def receive(ends, got):
    by_fd = {sock.fileno(): (name, sock) for name, sock in ends.items()}
    last = time.monotonic()
    while (left := last + QUIET - time.monotonic()) > 0:
        for fd in select.select(list(by_fd), [], [], left)[0]:
            name, sock = by_fd[fd]
            data, address = sock.recvfrom(1 << 16)
            at = data.find(MARK)
            if address[2] != PACKET_OUTGOING and at > 0:
                got.append((struct.unpack_from("!I", data, at + 4)[0], name))
                last = time.monotonic()


def main(groups, senders, *ends):
    ends = {name: open_socket(where, 3) for name, where in (e.split("=", 1) for e in ends)}
    asked, got = [], []
    for source, name in enumerate(senders.split()):
        for group in groups.split():
            ends[name].send(packet(group, len(asked), source))
            asked.append((name, group))
        receive(ends, got)
    for number, (name, group) in enumerate(asked):
        print(name, group, *sorted(at for n, at in got if n == number))


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
