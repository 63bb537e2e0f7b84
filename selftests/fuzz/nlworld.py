# SPDX-License-Identifier: GPL-2.0-only
"""The devices that messages are about."""

import socket
import struct

from nl import (F_ACK, F_CREATE, F_DUMP, F_EXCL, NESTED, RTM_DELLINK,
                RTM_GETLINK, RTM_NEWLINK, attr, parse)
from nlcheck import SKIP_STATS
from nlgen import IFF_UP, IFLA, SWITCHES, ifinfo, text

# More would make the comparison of states slow.
MAX_ENTRIES = 300


def set_up_namespace():
    """No device shall send by itself: what is learned is learned of us."""
    with open("/proc/sys/net/ipv6/conf/default/disable_ipv6", "w",
              encoding="ascii") as knob:
        knob.write("1")


def add(route, name, kind, data=b"", up=True, index=0, more=b""):
    flags = IFF_UP if up else 0
    info = attr(1, kind.encode()) + (attr(2, data, NESTED) if data else b"")
    body = ifinfo(index, flags, flags) + attr(IFLA["ifname"], text(name))
    body += attr(IFLA["linkinfo"], info, NESTED) + more
    return route.ask(RTM_NEWLINK, body, F_ACK | F_CREATE | F_EXCL).errno


def add_veth(route, name, peer, index=0):
    data = attr(1, ifinfo(index and index + 1, IFF_UP, IFF_UP)
                + attr(IFLA["ifname"], text(peer)), NESTED)
    return add(route, name, "veth", data, index=index)


def delete(route, name):
    return route.ask(RTM_DELLINK, ifinfo()
                     + attr(IFLA["ifname"], text(name))).errno


def devices(route):
    """Names and interface indexes."""
    out = {}
    reply = route.ask(RTM_GETLINK, ifinfo() + SKIP_STATS, F_DUMP)
    for message in reply.messages:
        index = struct.unpack_from("=BxHi", message)[2]
        name = dict(parse(message, 16))[IFLA["ifname"]]
        out[name.rstrip(b"\0").decode("latin-1")] = index
    return out


def make_all(world):
    """Those that are missing; they were deleted, or have another name now."""
    route, there = world.ask[1], world.gen.index
    for name in ("d0", "d1", "d2", "d3", "d4"):
        if name not in there:
            add(route, name, "dummy")
    for name, peer in (("v0", "w0"), ("v1", "w1")):
        if name not in there and peer not in there:
            add_veth(route, name, peer)
    for name in SWITCHES[:2]:
        if name not in there:
            add(route, name, "vswitch")
    there = devices(route)
    for name, switch in (("d0", "s0"), ("v0", "s0"), ("d1", "s1"), ("v1", "s1")):
        if name in there and switch in there:
            # Refused if the switch has a limit that is reached, or is none.
            route.ask(RTM_NEWLINK, ifinfo(there[name], IFF_UP, IFF_UP)
                      + attr(IFLA["master"], struct.pack("=i", there[switch])))


def too_many_entries(state):
    return len(state.fixed) + len(state.dynamic) > MAX_ENTRIES


def send_frames(rng):
    """Stations that come in by the far ends of the veth pairs and are learned."""
    for dev in ("w0", "w1", "v0"):
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        try:
            sock.bind((dev, 0))
            for _ in range(3):
                source = bytes((2, 0, 0x5e, 0, 0x54, rng.randrange(30)))
                sock.send(b"\2\0\x5e\0\x53\1" + source + b"\x88\xb5" + bytes(46))
        except OSError:
            pass    # It is gone, down, or a switch by now.
        sock.close()
