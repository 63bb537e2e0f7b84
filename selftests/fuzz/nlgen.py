# SPDX-License-Identifier: GPL-2.0-only
"""Requests that may well be obeyed, made at random from the spec."""

import struct

from nl import (F_ACK, F_CREATE, F_DUMP, F_EXCL, F_REPLACE, RTM_DELLINK,
                RTM_DELNEIGH, RTM_GETLINK, RTM_GETNEIGH, RTM_NEWLINK,
                RTM_NEWNEIGH, RTM_SETLINK, SIZES)
from nlmsg import Msg, Node

IFLA = {"address": 1, "ifname": 3, "mtu": 4, "link": 5, "master": 10,
        "linkinfo": 18, "ext-mask": 29, "alt-ifname": 53}
INFO_KIND, INFO_DATA, INFO_SLAVE_KIND, INFO_SLAVE_DATA = 1, 2, 4, 5
NDA_LLADDR, NDA_VLAN, NDA_IFINDEX = 2, 5, 8
NUD_REACHABLE, NUD_NOARP, NUD_PERMANENT = 2, 0x40, 0x80
AF_BRIDGE, NTF_SELF, NTF_MASTER, IFF_UP = 7, 2, 4, 1

# Names of the devices that are made and deleted again; the last ones never are.
SWITCHES = ("s0", "s1", "s2", "s3")
DEVICES = ("d0", "d1", "d2", "d3", "d4", "v0", "w0", "v1", "w1")
# Settings of a port that are in nests.
NESTS = ("guard", "mcast")
NEVER = ("nowhere", "", "a/b", "x" * 15)
GROUPS = [bytes(10) + b"\xff\xff" + bytes((239, 1, 1, n)) for n in range(4)] + [
    b"\xff\x05" + bytes(13) + bytes((n,)) for n in range(4)] + [
    bytes(16), b"\xff\x02" + bytes(13) + b"\1", bytes(10) + b"\xff\xff\xe0\0\0\1"]
MACS = [bytes((2, 0, 0x5e, 0, 0x53, n)) for n in range(12)]


def ifinfo(index=0, flags=0, change=0):
    return struct.pack("=BxHiII", 0, 0, index, flags, change)


def text(value):
    return value.encode("latin-1") + b"\0"


class Generator:
    """Requests; what there is, as far as it is known, is told by the caller:
    index is name to interface index, ports is those of each switch, by name."""
    def __init__(self, rng, spec, family):
        self.rng, self.spec, self.family = rng, spec, family
        self.index, self.ports, self.stale = {}, {}, []
        self.ops = [op for op in spec.ops.values() if "do" in op]

    def chance(self, share):
        return self.rng.random() < share

    def make(self):
        kinds = (self.make_genl,) * 7 + (self.make_link, self.make_link,
                                         self.make_neigh)
        return self.rng.choice(kinds)()

    # What things are called

    def name(self, names):
        return self.rng.choice(NEVER if self.chance(0.02) else names)

    def live(self, names, there):
        """Mostly one that is there."""
        there = [name for name in names if name in there]
        return self.rng.choice(there) if there and self.chance(0.9) \
            else self.name(names)

    def ifindex(self, name):
        if self.chance(0.03):
            return self.rng.choice([0, 1, -1, 0x7ffffff0] + self.stale[-20:])
        return self.index.get(name, 0x7fffff00)

    def switch_or_not(self):
        """Mostly a switch, sometimes something else."""
        if self.chance(0.05):
            return self.name(DEVICES + ("lo",))
        return self.live(sorted(self.ports) or SWITCHES, self.ports)

    def device(self):
        if self.chance(0.1):
            return self.name(SWITCHES + ("lo",))
        return self.live(DEVICES, self.index)

    def port_of(self, switch):
        """Mostly a port of this switch, sometimes its host port."""
        if self.chance(0.15):
            return switch
        return self.live(DEVICES, self.ports.get(switch, ()))

    def any_port(self):
        return self.port_of(self.switch_or_not())

    def named(self, set_name, prefix, name, none=0.03):
        """Attributes that name a device: by index, by name, both or neither."""
        how = self.rng.random()
        out = []
        if how < none:
            return out
        if how < 0.5 or how > 0.9:
            out.append(self.leaf(set_name, prefix + "name", name))
        if how >= 0.5:
            out.append(self.leaf(set_name, prefix + "ifindex",
                                 self.ifindex(name) & 0xffffffff))
        return out

    # Attributes

    def leaf(self, set_name, name, value):
        desc = self.spec.sets[set_name][name]
        data = self.spec.encode(desc, value)
        return Node(desc["number"], data, name=name)

    def number(self, set_name, name):
        desc = self.spec.sets[set_name][name]
        low = self.spec.check(desc, "min") or 0
        high = self.spec.check(desc, "max")
        if high is None:
            high = self.spec.enum_max(desc)
        if high is None:
            high = (1 << 8 * SIZES[desc["type"]]) - 1
        value = self.rng.choice((low, high, self.rng.randint(low, high),
                                 min(low + self.rng.randrange(9), high)))
        return self.leaf(set_name, name, value)

    def settings(self, set_name, names):
        return [self.number(set_name, n) for n in names if self.chance(0.3)]

    def nests(self, set_name, names):
        """Of settings that are in nests, some."""
        out = []
        for name in names:
            desc = self.spec.sets[set_name][name]
            if not self.chance(0.2):
                continue
            inner = desc["nested-attributes"]
            # Probes find the loops that there are here, and states change by themselves.
            kids = self.settings(inner, [n for n, d in self.spec.sets[inner].items()
                                         if d["type"] in SIZES and n != "loop-detect"])
            out.append(Node(desc["number"], kids=kids, name=name))
        return out

    # VLANs: numbers that say something else, or nothing, now and then

    def vlan_list(self):
        """Few, or many; 0 and 4095 are none."""
        bits = 0
        for _ in range(self.rng.choice((0, 1, 1, 2, 3))):
            low = self.rng.choice((1, 2, 3, 10, 4094, self.rng.randrange(4096)))
            high = low + self.rng.choice((0, 0, 1, 9, 4094 - low if low < 4094 else 0))
            bits |= ((1 << min(high, 4094) + 1) - 1) >> low << low
        if self.chance(0.05):
            bits |= self.rng.choice((1, 1 << 4095))
        return bits.to_bytes(512, "little")

    def translations(self):
        pairs = [(0, 0)] * 64
        for at in self.rng.sample(range(64), self.rng.choice((0, 1, 1, 2, 64))):
            pairs[at] = (self.rng.choice((1, 2, 3, 100 + at, 4094)),
                         self.rng.choice((1, 2, 3, 10 + at, 4094)))
        if self.chance(0.05):
            pairs[self.rng.randrange(64)] = self.rng.choice(((0, 1), (1, 0), (4095, 1)))
        return b"".join(struct.pack("=HH", *pair) for pair in pairs)

    def vlans(self, set_name):
        """The mode and what goes with it, mostly."""
        mode = self.rng.randrange(4)
        want = {"vlan-mode": 0.97, "vlan": (0, 1, 0.4, 1)[mode]}
        if mode == 2:
            want.update({"trunk": 0.9, "service": 0.4, "translate": 0.4})
        out = []
        for name in ("vlan-mode", "vlan", "trunk", "service", "translate"):
            if self.chance(0.03) == self.chance(want.get(name, 0)):
                continue
            value = {"vlan-mode": lambda: mode, "vlan": lambda: self.rng.choice(
                         (1, 2, 3, 10, 4094)), "translate": self.translations}.get(
                             name, self.vlan_list)()
            out.append(self.leaf(set_name, name, value))
        return out

    def trunk_change(self):
        kids = [self.leaf("trunk-change", name, self.vlan_list())
                for name in ("add", "del") if self.chance(0.6)]
        return Node(self.spec.sets["port"]["trunk-change"]["number"], kids=kids,
                    name="trunk-change")

    def entry(self, op, switch):
        kids = []
        if not self.chance(0.02):
            kids.append(self.leaf("fdb-entry", "mac", self.rng.choice(MACS)))
        if self.chance(0.3):
            vlan = self.rng.choice((0, 1, 2, 4094))
            kids.append(self.leaf("fdb-entry", "vlan", vlan))
        if op != "fdb-get":
            if op == "fdb-add" or self.chance(0.2):
                kids += self.named("fdb-entry", "port-", self.port_of(switch))
        if op == "fdb-add" and self.chance(0.2):
            kids.append(self.leaf("fdb-entry", "type", 1))
        number = self.spec.sets["fdb"]["entry"]["number"]
        return Node(number, kids=kids, name="entry")

    def private_vlan(self, op):
        """Few VLANs, so that they belong to each other now and then."""
        kids = [self.leaf("vlan-entry", "vlan", self.rng.choice((1, 2, 3, 10, 4094)))]
        if op == "vlan-set":
            private = self.rng.choice((0, 1, 1, 2, 3))
            kids.append(self.leaf("vlan-entry", "private", private))
            if self.chance(0.97) == (private > 1):
                kids.append(self.leaf("vlan-entry", "primary",
                                      self.rng.choice((1, 1, 2, 10))))
        return Node(self.spec.sets["vlan"]["entry"]["number"], kids=kids, name="entry")

    def member(self, switch):
        kids = []
        if not self.chance(0.02):
            kids.append(self.leaf("mdb-entry", "group", self.rng.choice(GROUPS)))
        if self.chance(0.2):
            kids.append(self.leaf("mdb-entry", "vlan", self.rng.choice((0, 1, 2, 4094))))
        kids += self.named("mdb-entry", "port-", self.port_of(switch))
        number = self.spec.sets["mdb"]["entry"]["number"]
        return Node(number, kids=kids, name="entry")

    def entries(self, op, switch):
        if op == "vlan-get":
            return [self.private_vlan(op)]
        if op == "vlan-set":
            many = self.rng.choice((1,) * 6 + (2, 3, 5))
            return [self.private_vlan(op) for _ in range(many)]
        if op.startswith("mdb"):
            return [self.member(switch) for _ in range(2 if self.chance(0.02) else 1)]
        if op == "fdb-get":
            return [self.entry(op, switch)]
        many = self.rng.choice((1,) * 12 + (2, 3, 4, 8))
        if self.chance(0.002):
            many = self.rng.choice((100, 2048, 2049))
        return [self.entry(op, switch) for _ in range(many)]

    # Generic netlink

    def make_genl(self):
        op = self.rng.choice(self.ops)
        dump = "dump" in op and self.chance(0.25)
        nodes = self.genl_nodes(op, dump)
        if self.chance(0.3):
            self.rng.shuffle(nodes)
        head = struct.pack("=BBH", op["number"], 1, 0)
        flags = F_DUMP if dump else F_ACK
        msg = Msg(op["name"] + (" dump" if dump else ""), self.family, head,
                  nodes, flags)
        msg.protocol = "genl"
        return msg

    def genl_nodes(self, op, dump):
        name, set_name = op["name"], op["attribute-set"]
        allowed = op["do"]["request"]["attributes"]
        switch = self.switch_or_not()
        out = []
        if "switch-ifindex" in allowed:
            none = 0.6 if dump or name == "port-get" else 0.03
            out += self.named(set_name, "switch-", switch, none)
        if "ifindex" in allowed:
            device = self.device() if name == "port-new" else (
                switch if set_name == "switch" else self.port_of(switch))
            out += self.named(set_name, "", device, 0.9 if dump else 0.03)
        if "port-ifindex" in allowed:
            out += self.named(set_name, "port-", self.port_of(switch),
                              0.95 if name == "fdb-get" and not dump else 0.7)
        if "entry" in allowed and not (dump and not self.chance(0.02)):
            out += self.entries(name, switch)
        if "replace" in allowed and self.chance(0.4):
            out.append(self.leaf(set_name, "replace", 0))
        if name != "fdb-get" or dump:
            out += self.settings(set_name, [
                a for a in allowed if "name" not in a and "ifindex" not in a
                and (a not in ("vlan-mode", "vlan") or set_name != "port")
                and self.spec.sets[set_name][a]["type"] in SIZES])
        if "vlan-mode" in allowed and self.chance(0.4):
            out += self.vlans(set_name)
        out += self.nests(set_name, [a for a in NESTS if a in allowed])
        if "trunk-change" in allowed and self.chance(0.2):
            out.append(self.trunk_change())
        return out

    # rtnetlink

    def linkinfo(self, which, set_name, settable):
        kind, data = INFO_KIND, INFO_DATA
        if which == "slave":
            kind, data = INFO_SLAVE_KIND, INFO_SLAVE_DATA
        kids = [Node(kind, b"vswitch\0", name="kind")]
        if self.chance(0.8):
            nodes = self.settings(set_name, settable)
            if which == "slave":
                nodes += self.nests(set_name, NESTS)
            if which == "slave" and self.chance(0.4):
                nodes += self.vlans(set_name)
            kids.append(Node(data, kids=nodes, name="data"))
        return Node(IFLA["linkinfo"], kids=kids, name="linkinfo")

    def switch_info(self):
        return self.linkinfo("master", "switch",
                             ("ageing", "fdb-limit", "port-limit", "vlan-aware",
                              "move-limit", "move-window", "move-hold",
                              "quarantine-time", "loop-interval", "vlan-stats",
                              "mcast-snooping", "mcast-querier",
                              "mcast-query-interval"))

    def port_info(self):
        return self.linkinfo("slave", "port", ("role", "learning", "mac-limit",
                                               "group-forward", "group-host",
                                               "flood", "hairpin", "isolated",
                                               "community", "locked", "sticky"))

    def make_link(self):
        kinds = (self.link_add,) + (self.link_change,) * 6 + (self.link_get,)
        if self.chance(0.05):
            kinds = (self.link_del,)
        msg = self.rng.choice(kinds)()
        msg.protocol = "route"
        return msg

    def link_add(self):
        new = [name for name in SWITCHES if name not in self.index]
        name = self.name(new or SWITCHES)
        nodes = [Node(IFLA["ifname"], text(name), name="ifname"),
                 self.switch_info()]
        if self.chance(0.2):
            nodes.append(Node(IFLA["address"], self.rng.choice(MACS),
                              name="address"))
        if self.chance(0.1):
            nodes.append(self.master())
        return Msg("link add", RTM_NEWLINK, ifinfo(), nodes,
                   F_ACK | F_CREATE | F_EXCL)

    def master(self):
        index = 0
        if self.chance(0.7):
            index = self.ifindex(self.switch_or_not())
        return Node(IFLA["master"], struct.pack("=i", index), name="master")

    def link_change(self):
        """One change: of several, some might be done when another fails."""
        what = self.rng.choice(("master", "master", "slave", "switch", "up",
                                "mtu", "name", "address"))
        name = self.switch_or_not() if self.chance(0.3) else self.device()
        flags = change = 0
        if what == "master":
            node = self.master()
        elif what == "slave":
            node, name = self.port_info(), self.any_port()
        elif what == "switch":
            node, name = self.switch_info(), self.switch_or_not()
        elif what == "mtu":
            mtu = self.rng.choice((0, 67, 68, 1400, 1500, 9000, 65535, 65536))
            node = Node(IFLA["mtu"], struct.pack("=I", mtu), name="mtu")
        elif what == "address":
            mac = self.rng.choice(MACS + [bytes(6), b"\xff" * 6])
            node = Node(IFLA["address"], mac, name="address")
        elif what == "name":
            node = Node(IFLA["ifname"],
                        text(self.name(SWITCHES + DEVICES)), name="ifname")
        else:
            node, change, flags = None, IFF_UP, self.rng.choice((0, 1, 1))
        index = self.ifindex(name)
        nodes = [node] if node else []
        if what != "name" and self.chance(0.3):
            nodes.append(Node(IFLA["ifname"], text(name), name="ifname"))
            index = 0
        kind = self.rng.choice((RTM_NEWLINK, RTM_SETLINK))
        return Msg("link set " + what, kind, ifinfo(index, flags, change), nodes)

    def link_del(self):
        name = self.device() if self.chance(0.3) else self.switch_or_not()
        if self.chance(0.5):
            nodes = [Node(IFLA["ifname"], text(name), name="ifname")]
            return Msg("link del", RTM_DELLINK, ifinfo(), nodes)
        return Msg("link del", RTM_DELLINK, ifinfo(self.ifindex(name)), [])

    def link_get(self):
        if self.chance(0.3):
            return Msg("link dump", RTM_GETLINK, ifinfo(), [], F_DUMP)
        name = self.switch_or_not() if self.chance(0.5) else self.device()
        return Msg("link get", RTM_GETLINK, ifinfo(self.ifindex(name)), [])

    def ndmsg(self, index, state, flags):
        return struct.pack("=BBHiHBB", AF_BRIDGE, 0, 0, index, state, flags, 0)

    def make_neigh(self):
        msg = self.rng.choice((self.neigh_change, self.neigh_change,
                               self.neigh_dump))()
        msg.protocol = "route"
        return msg

    def neigh_change(self):
        kind = self.rng.choice((RTM_NEWNEIGH, RTM_NEWNEIGH, RTM_DELNEIGH))
        state = self.rng.choice((NUD_NOARP | NUD_REACHABLE, NUD_PERMANENT,
                                 NUD_REACHABLE))
        switch = self.switch_or_not()
        head = self.ndmsg(self.ifindex(switch), state,
                          self.rng.choice((NTF_SELF,) * 6 + (NTF_MASTER, 0)))
        nodes = [Node(NDA_LLADDR, self.rng.choice(MACS), name="lladdr")]
        if self.chance(0.3):
            vlan = self.rng.choice((1, 2, 4094))
            nodes.append(Node(NDA_VLAN, struct.pack("=H", vlan), name="vlan"))
        if self.chance(0.8):
            index = self.ifindex(self.port_of(switch))
            nodes.append(Node(NDA_IFINDEX, struct.pack("=i", index),
                              name="ifindex"))
        flags = F_ACK
        if kind == RTM_NEWNEIGH:
            flags |= self.rng.choice((F_CREATE, F_CREATE | F_EXCL, F_REPLACE,
                                      F_CREATE | F_REPLACE, 0x800, 0))
        what = "fdb append" if kind == RTM_NEWNEIGH else "fdb del"
        return Msg(what, kind, head, nodes, flags)

    def neigh_dump(self):
        index = self.ifindex(self.switch_or_not()) if self.chance(0.6) else 0
        nodes = []
        if self.chance(0.3):
            index = self.ifindex(self.switch_or_not())
            nodes.append(Node(9, struct.pack("=i", index), name="master"))
        return Msg("neigh dump", RTM_GETNEIGH, self.ndmsg(index, 0, 0), nodes,
                   F_DUMP)
