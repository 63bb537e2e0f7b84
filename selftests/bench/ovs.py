# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's part of Open vSwitch, without its daemon: flows are put in by hand."""

import os
import struct
import sys

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
# pylint: disable=wrong-import-position
from nl import NETLINK_GENERIC, NESTED, Link, attr, find_family, parse
from taps import index_of

# linux/openvswitch.h
VERSIONS = {"ovs_datapath": 2, "ovs_vport": 1, "ovs_flow": 1}
NEW, DEL, GET = 1, 2, 3
DP_NAME, DP_UPCALL_PID, DP_STATS = 1, 2, 3
VPORT_NO, VPORT_TYPE, VPORT_NAME, VPORT_UPCALL_PID = 1, 2, 3, 5
VPORT_TYPE_NETDEV = 1
FLOW_KEY, FLOW_ACTIONS, FLOW_MASK = 1, 2, 7
KEY_IN_PORT, KEY_ETHERNET = 3, 4
ACTION_OUTPUT = 1


def u32(kind, value):
    return attr(kind, struct.pack("=I", value))


def text(kind, value):
    return attr(kind, value.encode() + b"\0")


class Datapath:
    """A switch; its own netdev is port 0."""
    def __init__(self, name):
        self.link = Link(NETLINK_GENERIC)
        self.families = {family: find_family(self.link, family.encode())
                         for family in VERSIONS}
        self.ifindex = 0
        self.ask("ovs_datapath", NEW, text(DP_NAME, name), u32(DP_UPCALL_PID, 0))
        self.ifindex = index_of(name)

    def ask(self, family, command, *attrs):
        head = struct.pack("=BBHi", command, VERSIONS[family], 0, self.ifindex)
        reply = self.link.ask(self.families[family], head + b"".join(attrs))
        if reply.errno:
            raise OSError(reply.errno, f"{family}: {os.strerror(reply.errno)} {reply.msg}")
        return reply

    def add_port(self, number, name):
        self.ask("ovs_vport", NEW, u32(VPORT_NO, number),
                 u32(VPORT_TYPE, VPORT_TYPE_NETDEV), text(VPORT_NAME, name),
                 u32(VPORT_UPCALL_PID, 0))

    def add_flow(self, port, src, dst, outputs):
        """Frames from a port and between these addresses go to all those ports."""
        def key(number, addresses):
            return u32(KEY_IN_PORT, number) + attr(KEY_ETHERNET, addresses)
        self.ask("ovs_flow", NEW, attr(FLOW_KEY, key(port, src + dst), NESTED),
                 attr(FLOW_MASK, key(0xffffffff, b"\xff" * 12), NESTED),
                 attr(FLOW_ACTIONS, b"".join(u32(ACTION_OUTPUT, number)
                                             for number in outputs), NESTED))

    def flows(self):
        """How many there are: the last of four counts."""
        message = self.ask("ovs_datapath", GET).messages[0]
        return struct.unpack_from("=4Q", dict(parse(message[8:]))[DP_STATS])[3]

    def delete(self):
        self.ask("ovs_datapath", DEL)
        self.link.sock.close()
