# SPDX-License-Identifier: GPL-2.0-only
"""What can be between taps, or NICs: this switch, and its peers."""

import contextlib
import json
import os
import sys
import tempfile

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
# pylint: disable=wrong-import-position
from device import Device
from frames import BROADCAST, mac_of
from neigh import add_neighbours, learned
from ovs import Datapath
from taps import Nic, Tap, index_of, introduce, introduce_nics, sh, write
from workloads import KINDS, VID, entries, entry

# Entries of the forwarding database, in all workloads with many of them.
FDB_LIMIT = 2000000


class Way:
    """What connects the first tap to others; a subclass has connect()."""
    def __init__(self, load, netfilter=False):
        self.load = load
        self.netfilter = netfilter
        self.links = []
        self.taps = []
        self.floors = []

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

    def floor(self, one, other):
        self.floors.append(Device())
        self.floors[-1].connect(index_of(one), index_of(other))

    def netdev(self, number, kind, qdisc):
        """Its name; what is behind it is one of the taps."""
        name = f"t{number}"
        if kind == "tun":
            self.taps.append(Tap(name))
        else:
            self.link(f"n{number}", "type vsw_bench")
            self.taps.append(Nic(f"n{number}"))
            name = self.taps[-1].name
        self.up(self.taps[-1].name, qdisc)
        if kind == "veth":
            name = f"v{number}"
            self.link(name, f"type veth peer name w{number}")
            for end in name, f"w{number}":
                self.up(end, None)
            self.floor(f"n{number}", f"w{number}")
        return name

    def node(self, path):
        self.taps.append(Tap(path))

    def filter_bridges(self):
        """Netfilter sees what any bridge forwards, and there is one."""
        sh("modprobe br_netfilter")
        self.link("other0", "type bridge")
        sh("ip link set other0 up")

    def add_entries(self, number, at_once=256):
        """So many addresses that the second port has; some of them in one request,
        where that is up to us."""
        raise NotImplementedError

    def has_entries(self, number):
        """Whether they are there."""
        raise NotImplementedError

    def known(self):
        """How many addresses are known."""
        raise NotImplementedError

    def set_ageing(self, seconds):
        """After which an address is forgotten."""
        raise NotImplementedError

    def disconnect(self):
        for one in self.floors + self.taps:
            one.close()
        for link in self.links:
            sh(f"ip link del {link}")
        if self.netfilter:
            sh("modprobe -r br_netfilter")


class Vswitch(Way):
    # Settings of the ports of a VLAN-aware switch, by the kind of workload.
    VLANS = {"trunk": f"trunk {VID},20", "translated": f"trunk 20 translate {VID}:20"}

    # Limits that are looked at as the usual ones are, and not reached.
    STORMS = " ".join(f"storm-{kind} 100000000" for kind in ("unicast", "multicast", "broadcast"))

    def connect(self, kinds, qdisc="noqueue", vlan=False):
        many = self.load.many
        sh("vswctl switch add vsw0" + many * f" fdb-limit {FDB_LIMIT}" +
           vlan * " vlan-aware on")
        self.links.append("vsw0")
        sh("ip link set vsw0 up")
        sender, receiver = kinds.split("-")
        for i in self.numbers:
            kind, name = receiver if i > 1 else sender, f"t{i}"
            if kind == "direct":
                self.node(sh(f"vswctl port add vsw0 {name} type tap"))
            else:
                name = self.netdev(i, kind, qdisc)
                sh(f"vswctl port add vsw0 {name}")
            sh(f"vswctl port set {name} {self.STORMS}")
            if many:
                sh(f"vswctl port set {name} mac-limit 0")
            if vlan:
                vlans = self.VLANS.get(self.load.kind, f"access {VID}")
                sh(f"vswctl port set {name} {vlans}")

    def add_entries(self, number, at_once=256):
        with tempfile.NamedTemporaryFile("w", encoding="ascii") as file:
            for addresses in entries(number):
                file.writelines(f"{one.hex(':')} t2\n" for one in addresses)
            file.flush()
            sh(f"vswctl fdb add vsw0 file {file.name}")

    def has_entries(self, number):
        return self.known() >= number

    def known(self):
        return json.loads(sh("vswctl -j switch show vsw0"))[0]["fdb-count"]

    def set_ageing(self, seconds):
        sh(f"vswctl switch set vsw0 ageing {seconds}")


class Bridge(Way):
    def connect(self, qdisc, vlan=False, kind="tun"):
        self.link("br0", "type bridge" + vlan * " vlan_filtering 1")
        sh("ip link set br0 up")
        for i in self.numbers:
            name = self.netdev(i, kind, qdisc)
            sh(f"ip link set {name} master br0")
            if self.load.vid:
                sh(f"bridge vlan add dev {name} vid {self.load.vid}")

    def add_entries(self, number, at_once=256):
        add_neighbours(index_of("t2"), entries(number, at_once))

    def has_entries(self, number):
        """It does not count those that are static."""
        some = [entry(i) for i in range(0, number, number // 20 or 1)]
        return all("dev t2" in sh(f"bridge fdb get {one.hex(':')} br br0")
                   for one in (*some, entry(number - 1)))

    def known(self):
        number = learned(index_of("br0"))
        if number is None:
            number = len(sh("bridge fdb show br br0 dynamic").splitlines())
        return number

    def set_ageing(self, seconds):
        sh(f"ip link set br0 type bridge ageing_time {100 * seconds}")


class OpenVswitch(Way):
    """Without its daemon: the flows that it would make are there."""
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.datapath = None

    def connect(self, qdisc, kind="tun"):
        # User-Mode Linux has no modules, and this built in.
        if os.path.exists("/proc/modules"):
            sh("modprobe openvswitch")
        self.datapath = Datapath("ovs0")
        sh("ip link set ovs0 up")
        for i in self.numbers:
            self.datapath.add_port(i, self.netdev(i, kind, qdisc))
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
            sh(f"tc qdisc add dev {self.netdev(i, 'tun', qdisc)} clsact")
        for one, other in ("t1", "t2"), ("t2", "t1"):
            sh(f"tc filter add dev {one} ingress matchall "
               f"action mirred egress redirect dev {other}")


class Floor(Way):
    """What one netdev receives, another sends: see kmod/floor.c."""
    def connect(self, kind="tun"):
        self.floor(*(self.netdev(i, kind, "noqueue") for i in self.numbers))


UNICAST = ("unicast",)
NIC = ("nic",)
TAGGED = ("trunk", "translated")
TAPS = tuple(kind for kind in KINDS if kind not in NIC + TAGGED)
FLOODS = UNICAST + ("flood-bcast", "flood-unknown")

# The class, the workloads that are for it, and what its connect() gets.  The default
# queueing discipline is Debian's, fq_codel.  Direct taps have none.
WAYS = {
    "floor": (Floor, UNICAST + TAGGED, {}),
    "vswitch-direct-direct": (Vswitch, TAPS, {"kinds": "direct-direct"}),
    "vswitch-direct-tun": (Vswitch, UNICAST, {"kinds": "direct-tun"}),
    "vswitch-tun-direct": (Vswitch, UNICAST, {"kinds": "tun-direct"}),
    "vswitch-tun-tun": (Vswitch, TAPS, {"kinds": "tun-tun", "qdisc": "fq_codel"}),
    "vswitch-tun-tun-noqueue": (Vswitch, TAPS, {"kinds": "tun-tun"}),
    "vswitch-vlan-direct-direct": (Vswitch, UNICAST + TAGGED,
                                   {"kinds": "direct-direct", "vlan": True}),
    "vswitch-vlan-tun-tun": (Vswitch, UNICAST + TAGGED,
                             {"kinds": "tun-tun", "qdisc": "fq_codel", "vlan": True}),
    "vswitch-vlan-tun-tun-noqueue": (Vswitch, UNICAST + TAGGED,
                                     {"kinds": "tun-tun", "vlan": True}),
    "macvtap": (Macvtap, UNICAST, {"qdisc": "fq_codel"}),
    "macvtap-noqueue": (Macvtap, UNICAST, {"qdisc": "noqueue"}),
    "bridge": (Bridge, TAPS, {"qdisc": "fq_codel"}),
    "bridge-noqueue": (Bridge, TAPS, {"qdisc": "noqueue"}),
    "bridge-vlan": (Bridge, UNICAST + ("trunk",), {"qdisc": "fq_codel", "vlan": True}),
    "bridge-vlan-noqueue": (Bridge, UNICAST + ("trunk",),
                            {"qdisc": "noqueue", "vlan": True}),
    "openvswitch": (OpenVswitch, FLOODS, {"qdisc": "fq_codel"}),
    "openvswitch-noqueue": (OpenVswitch, FLOODS, {"qdisc": "noqueue"}),
    "mirred": (Mirred, UNICAST, {"qdisc": "fq_codel"}),
    "mirred-noqueue": (Mirred, UNICAST, {"qdisc": "noqueue"}),
}
# Between NICs and between veths.
for netdev in "nic", "veth":
    WAYS |= {
        f"floor-{netdev}": (Floor, NIC, {"kind": netdev}),
        f"vswitch-{netdev}": (Vswitch, NIC, {"kinds": f"{netdev}-{netdev}",
                                             "qdisc": "fq_codel"}),
        f"bridge-{netdev}": (Bridge, NIC, {"kind": netdev, "qdisc": "fq_codel"}),
        f"openvswitch-{netdev}": (OpenVswitch, NIC, {"kind": netdev,
                                                     "qdisc": "fq_codel"}),
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
def way_of(name, load):
    """Taps that know each other, by way of this; taken down afterwards."""
    kind, _, settings = WAYS[name]
    settings = dict(settings)
    way = kind(load, settings.pop("netfilter", False))
    try:
        if way.netfilter:
            way.filter_bridges()
        way.connect(**settings)
        if load.kind == "nic":
            introduce_nics(way.taps)
        else:
            introduce(way.taps, load.vid)
        if load.entries:
            way.add_entries(load.entries)
            if not way.has_entries(load.entries):
                raise RuntimeError(f"not all of {load.entries} entries are there")
        yield way
    finally:
        way.disconnect()
