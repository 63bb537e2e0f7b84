# SPDX-License-Identifier: GPL-2.0-only
"""What can be between taps: this switch, and its peers."""

import contextlib
import fcntl
import json
import os
import struct
import sys
import tempfile

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
# pylint: disable=wrong-import-position
from frames import BROADCAST, mac_of
from neigh import add_neighbours
from ovs import Datapath
from taps import Tap, index_of, introduce, sh, write
from workloads import KINDS, entries

# See kmod/uapi.h.
FLOOR = "<II"
BENCH_FLOOR = 1 << 30 | struct.calcsize(FLOOR) << 16 | 0x5602

# Entries of the forwarding database, in all workloads with many of them.
FDB_LIMIT = 2000000


class Way:
    """What connects the first tap to others; a subclass has connect()."""
    def __init__(self, device, load, netfilter=False):
        self.device = device
        self.load = load
        self.netfilter = netfilter
        self.links = []
        self.taps = []

    @property
    def numbers(self):
        """Of the ports, from 1."""
        return range(1, self.load.receivers + 2)

    def link(self, name, words):
        sh(f"ip link add name {name} {words}")
        self.links.insert(0, name)

    def up(self, name, qdisc):
        sh(f"ip link set {name} up")
        if qdisc == "noqueue":
            sh(f"tc qdisc replace dev {name} root noqueue")

    def tun(self, name, qdisc):
        self.taps.append(Tap(name))
        self.up(name, qdisc)

    def node(self, path):
        self.taps.append(Tap(path))

    def filter_bridges(self):
        """Netfilter sees what any bridge forwards, and there is one."""
        sh("modprobe br_netfilter")
        self.link("other0", "type bridge")
        sh("ip link set other0 up")

    def add_entries(self, number):
        """So many addresses that the second port has."""
        raise NotImplementedError

    def known(self):
        """How many addresses are known."""
        raise NotImplementedError

    def disconnect(self):
        for tap in self.taps:
            tap.close()
        for link in self.links:
            sh(f"ip link del {link}")
        if self.netfilter:
            sh("modprobe -r br_netfilter")


class Vswitch(Way):
    def connect(self, kinds, qdisc="noqueue"):
        many = self.load.kind in ("new-source", "random-dst")
        sh("vswctl switch add vsw0" + many * f" fdb-limit {FDB_LIMIT}")
        self.links.append("vsw0")
        sh("ip link set vsw0 up")
        sender, receiver = kinds.split("-")
        for i in self.numbers:
            if (receiver if i > 1 else sender) == "direct":
                self.node(sh(f"vswctl port add vsw0 t{i} type tap"))
            else:
                self.tun(f"t{i}", qdisc)
                sh(f"vswctl port add vsw0 t{i}")
            if many:
                sh(f"vswctl port set t{i} mac-limit 0")

    def add_entries(self, number):
        with tempfile.NamedTemporaryFile("w", encoding="ascii") as file:
            for addresses in entries(number):
                file.writelines(f"{one.hex(':')} t2\n" for one in addresses)
            file.flush()
            sh(f"vswctl fdb add vsw0 file {file.name}")

    def known(self):
        return json.loads(sh("vswctl -j switch show vsw0"))[0]["fdb-count"]


class Bridge(Way):
    def connect(self, qdisc, vlan=False):
        self.link("br0", "type bridge" + vlan * " vlan_filtering 1")
        sh("ip link set br0 up")
        for i in self.numbers:
            self.tun(f"t{i}", qdisc)
            sh(f"ip link set t{i} master br0")

    def add_entries(self, number):
        add_neighbours(index_of("t2"), entries(number))

    def known(self):
        return len(sh("bridge fdb show br br0 dynamic").splitlines())


class OpenVswitch(Way):
    """Without its daemon: the flows that it would make are there."""
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.datapath = None

    def connect(self, qdisc):
        sh("modprobe openvswitch")
        self.datapath = Datapath("ovs0")
        sh("ip link set ovs0 up")
        for i in self.numbers:
            self.tun(f"t{i}", qdisc)
            self.datapath.add_port(i, f"t{i}")
        everyone = [i for i in (0, *self.numbers) if i != 1]
        self.datapath.add_flow(1, mac_of(0), BROADCAST, everyone)
        if self.load.dst != BROADCAST:
            self.datapath.add_flow(1, mac_of(0), self.load.dst, self.numbers[1:])
        for i in self.numbers[1:]:
            self.datapath.add_flow(i, mac_of(i - 1), BROADCAST, [1])

    def disconnect(self):
        if self.datapath:
            self.datapath.delete()
        super().disconnect()


class Macvtap(Way):
    def connect(self, qdisc):
        self.link("lower0", "type dummy")
        sh("ip link set lower0 up")
        for i in self.numbers:
            self.link(f"mv{i}", f"link lower0 address {mac_of(i - 1).hex(':')} "
                      "type macvtap mode bridge")
            self.up(f"mv{i}", qdisc)
            self.node(f"/dev/tap{index_of(f'mv{i}')}")


class Mirred(Way):
    """What a tun tap sends, tc redirects to another."""
    def connect(self, qdisc):
        for i in self.numbers:
            self.tun(f"t{i}", qdisc)
            sh(f"tc qdisc add dev t{i} clsact")
        for one, other in ("t1", "t2"), ("t2", "t1"):
            sh(f"tc filter add dev {one} ingress matchall "
               f"action mirred egress redirect dev {other}")


class Floor(Way):
    """What a tun tap sends, another gets: see kmod/floor.c."""
    def connect(self):
        for name in "t1", "t2":
            self.tun(name, "noqueue")
        fcntl.ioctl(self.device, BENCH_FLOOR,
                    struct.pack(FLOOR, index_of("t1"), index_of("t2")))

    def disconnect(self):
        fcntl.ioctl(self.device, BENCH_FLOOR, struct.pack(FLOOR, 0, 0))
        super().disconnect()


UNICAST = ("unicast",)
FLOODS = UNICAST + ("flood-bcast", "flood-unknown")

# The class, the workloads that are for it, and what its connect() gets.  The default
# queueing discipline is Debian's, fq_codel.  Direct taps have none.
WAYS = {
    "floor": (Floor, UNICAST, {}),
    "vswitch-direct-direct": (Vswitch, KINDS, {"kinds": "direct-direct"}),
    "vswitch-direct-tun": (Vswitch, UNICAST, {"kinds": "direct-tun"}),
    "vswitch-tun-direct": (Vswitch, UNICAST, {"kinds": "tun-direct"}),
    "vswitch-tun-tun": (Vswitch, KINDS, {"kinds": "tun-tun", "qdisc": "fq_codel"}),
    "vswitch-tun-tun-noqueue": (Vswitch, KINDS, {"kinds": "tun-tun"}),
    "macvtap": (Macvtap, UNICAST, {"qdisc": "fq_codel"}),
    "macvtap-noqueue": (Macvtap, UNICAST, {"qdisc": "noqueue"}),
    "bridge": (Bridge, KINDS, {"qdisc": "fq_codel"}),
    "bridge-noqueue": (Bridge, KINDS, {"qdisc": "noqueue"}),
    "bridge-vlan": (Bridge, UNICAST, {"qdisc": "fq_codel", "vlan": True}),
    "bridge-vlan-noqueue": (Bridge, UNICAST, {"qdisc": "noqueue", "vlan": True}),
    "openvswitch": (OpenVswitch, FLOODS, {"qdisc": "fq_codel"}),
    "openvswitch-noqueue": (OpenVswitch, FLOODS, {"qdisc": "noqueue"}),
    "mirred": (Mirred, UNICAST, {"qdisc": "fq_codel"}),
    "mirred-noqueue": (Mirred, UNICAST, {"qdisc": "noqueue"}),
}
# Once more, with br_netfilter.
WAYS |= {f"{way}-netfilter": (WAYS[way][0], UNICAST, WAYS[way][2] | {"netfilter": True})
         for way in ("vswitch-direct-direct", "vswitch-tun-tun",
                     "vswitch-tun-tun-noqueue", "bridge", "bridge-noqueue")}


def silence():
    """Nobody speaks between the frames; new devices get Debian's default queue."""
    write("/proc/sys/net/core/default_qdisc", "fq_codel")
    write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1")
    # A bridge joins a group of IPv4 even without an address.
    write("/proc/sys/net/ipv4/igmp_link_local_mcast_reports", "0")


@contextlib.contextmanager
def way_of(name, device, load):
    """Taps that know each other, by way of this; taken down afterwards."""
    kind, _, settings = WAYS[name]
    settings = dict(settings)
    way = kind(device, load, settings.pop("netfilter", False))
    try:
        if way.netfilter:
            way.filter_bridges()
        way.connect(**settings)
        introduce(way.taps)
        if load.entries:
            way.add_entries(load.entries)
        yield way
    finally:
        way.disconnect()
