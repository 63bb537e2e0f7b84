# SPDX-License-Identifier: GPL-2.0-only
"""Many ports: what it takes to attach one more, to detach it, and to delete all."""

import contextlib
import json
import os
import struct
import tempfile
import time

from memory import grown, memory
from nl import IFLA_MASTER, NETLINK_ROUTE, RTM_DELLINK, RTM_SETLINK, Link, attr
from taps import index_of, sh

# The most that each takes, and how it is made.
MOST = {"vswitch": (4000, "vswctl switch add {} port-limit 4000"),
        "bridge": (1023, "ip link add name {} type bridge")}
MASTER = "many0"
# Figures are means of so many ports that follow each other.
GROUP = 31


def batch(lines):
    """One ip(8) for all of them."""
    with tempfile.NamedTemporaryFile("w", encoding="ascii") as file:
        file.write("\n".join(lines))
        file.flush()
        sh(f"ip -batch {file.name}")


@contextlib.contextmanager
def dummies(number):
    """Netdevs that are up, by index, in order; nobody speaks on them."""
    batch(f"link add name d{i} up group 77 type dummy" for i in range(number))
    try:
        yield [index_of(f"d{i}") for i in range(number)]
    finally:
        sh("ip link del group 77")


class Switch:
    """One that is up, and asked in the same words whichever it is."""
    def __init__(self, way):
        sh(MOST[way][1].format(MASTER))
        sh(f"ip link set {MASTER} up")
        self.index = index_of(MASTER)
        self.link = Link(NETLINK_ROUTE)

    def ask(self, kind, ifindex, *attrs):
        """Microseconds."""
        body = struct.pack("=BxHiII", 0, 0, ifindex, 0, 0) + b"".join(attrs)
        begin = time.perf_counter()
        reply = self.link.ask(kind, body)
        took = time.perf_counter() - begin
        if reply.errno:
            raise OSError(reply.errno, f"{os.strerror(reply.errno)} {reply.msg}")
        return took * 1e6

    def set_master(self, ports, master):
        return [self.ask(RTM_SETLINK, port, attr(IFLA_MASTER, struct.pack("=I", master)))
                for port in ports]

    def attach(self, ports):
        took = self.set_master(ports, self.index)
        self.count(len(ports))
        return took

    def detach(self, ports):
        took = self.set_master(ports, 0)
        self.count(0)
        return took

    def delete(self):
        took = self.ask(RTM_DELLINK, self.index)
        if os.path.exists(f"/sys/class/net/{MASTER}"):
            raise RuntimeError(f"{MASTER} is still there")
        return took

    def count(self, wanted):
        """So many netdevs say that they are ports of it."""
        shown = json.loads(sh(f"ip -j link show master {MASTER}"))
        found = sum(1 for one in shown if one.get("ifname"))
        if found != wanted:
            raise RuntimeError(f"there are {found} ports, not {wanted}")


def groups(took):
    """Number of the last port of each group, and mean microseconds."""
    for end in range(GROUP, len(took) + 1, GROUP):
        yield end, round(sum(took[end - GROUP:end]) / GROUP, 1)


def results():
    for way, (most, _) in MOST.items():
        with dummies(most) as ports:
            switch = Switch(way)
            empty = memory()
            attached = switch.attach(ports)
            accounted, missed = grown(empty)
            detached = switch.detach(ports)
            switch.attach(ports)
            deleted = switch.delete()
        for subject, took in ("attach", attached), ("detach", detached[::-1]):
            yield from ({"subject": subject, "way": way, "count": end, "us": us}
                        for end, us in groups(took))
        yield {"subject": "delete", "way": way, "count": most,
               "us": round(deleted / most, 1)}
        yield {"subject": "port memory", "way": way, "count": most,
               "accounted": round(accounted / most), "missed": round(missed / most)}
