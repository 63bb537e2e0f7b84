#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Dump, and run a command in the middle of it.

usage: dump.py port-get|fdb-get|bridge-fdb COMMAND...

Exit status: 0 the dump was consistent, 1 the kernel said that it was not, 2 it
was over before the command ran.
"""

import socket
import struct
import subprocess
import sys

OPS = {"port-get": 8, "fdb-get": 14}
NETLINK_ROUTE, NETLINK_GENERIC, RTM_GETNEIGH, AF_BRIDGE = 0, 16, 30, 7
F_REQUEST, F_DUMP, F_DUMP_INTR = 1, 0x300, 0x10
NLMSG_ERROR, NLMSG_DONE = 2, 3


def family(sock):
    name = b"vswitch\0"
    body = struct.pack("=BBH", 3, 1, 0) + struct.pack("=HH", 12, 2) + name
    sock.send(struct.pack("=IHHII", 16 + len(body), 16, F_REQUEST, 1, 0) + body)
    data = sock.recv(1 << 16)[20:]
    while data:
        size, kind = struct.unpack_from("=HH", data)
        if kind == 1:
            return struct.unpack_from("=H", data, 4)[0]
        data = data[(size + 3) & ~3:]
    sys.exit("there is no family vswitch")


def read(sock):
    """One batch of messages: whether it was the last, and was interrupted."""
    data = sock.recv(1 << 18)
    last = interrupted = False
    while len(data) >= 16:
        size, kind, flags = struct.unpack_from("=IHH", data)
        interrupted |= bool(flags & F_DUMP_INTR)
        last |= kind in (NLMSG_ERROR, NLMSG_DONE)
        data = data[(size + 3) & ~3:]
    return last, interrupted


def main():
    bridge = sys.argv[1] == "bridge-fdb"
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                         NETLINK_ROUTE if bridge else NETLINK_GENERIC)
    # The kernel fills the receive buffer ahead: keep it small.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    if bridge:
        number = RTM_GETNEIGH
        body = struct.pack("=BBHiII", AF_BRIDGE, 0, 0, 0, 0, 0)
    else:
        number = family(sock)
        body = struct.pack("=BBH", OPS[sys.argv[1]], 1, 0)
    sock.send(struct.pack("=IHHII", 16 + len(body), number, F_REQUEST | F_DUMP,
                          2, 0) + body)
    last, interrupted = read(sock)
    if last:
        sys.exit(2)
    subprocess.run(sys.argv[2:], check=True, stdout=subprocess.DEVNULL)
    while not last:
        last, more = read(sock)
        interrupted |= more
    sys.exit(1 if interrupted else 0)


main()
