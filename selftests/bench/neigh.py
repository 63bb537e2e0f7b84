# SPDX-License-Identifier: GPL-2.0-only
"""Many static entries for a Linux bridge, faster than bridge(8) adds them, and how many
it has learned, faster than bridge(8) lists them."""

import contextlib
import socket
import struct

from nl import F_CREATE, F_REQUEST, IFLA_LINKINFO, NETLINK_ROUTE, RTM_GETLINK, \
    RTM_NEWNEIGH, Link, attr, parse

NUD_NOARP, NTF_MASTER, NDA_LLADDR = 0x40, 0x04, 2
IFLA_INFO_DATA, IFLA_BR_FDB_N_LEARNED = 2, 48		# the last one since v6.7


def request(ifindex, address):
    """No answer is wanted unless it fails."""
    body = struct.pack("=BxxxiHBB", socket.AF_BRIDGE, ifindex, NUD_NOARP, NTF_MASTER,
                       0) + attr(NDA_LLADDR, address)
    return struct.pack("=IHHII", 16 + len(body), RTM_NEWNEIGH, F_REQUEST | F_CREATE,
                       0, 0) + body


def add_neighbours(ifindex, chunks):
    """Lists of addresses, each of which is one message to the kernel."""
    sock = Link(NETLINK_ROUTE).sock
    sock.setblocking(False)	# the kernel has done all of it when send() returns
    head, tail = request(ifindex, b"\0" * 6)[:-8], b"\0\0"
    for addresses in chunks:
        sock.send(b"".join([head + address + tail for address in addresses]))
        with contextlib.suppress(BlockingIOError):
            refusal = sock.recv(4096)
            raise OSError(f"refused: {refusal.hex()}")
    sock.close()


def learned(ifindex):
    """None if this kernel does not count them."""
    link = Link(NETLINK_ROUTE)
    reply = link.ask(RTM_GETLINK, struct.pack("=BxHiII", 0, 0, ifindex, 0, 0))
    link.sock.close()
    info = dict(parse(dict(parse(reply.messages[0], 16))[IFLA_LINKINFO]))
    number = dict(parse(info[IFLA_INFO_DATA])).get(IFLA_BR_FDB_N_LEARNED)
    return number and int.from_bytes(number, "little")
