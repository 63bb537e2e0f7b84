#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Send bad requests made from the spec to the kernel.

usage: nl_errors.py SPEC PART SWITCH PORT FREE

PART is an operation of the spec, or one of "header", "unprivileged", "link".
Every request is one that would be obeyed, but for one fault. It must be refused
with the right errno, with a message, pointing at the attribute that is wrong,
and all dumps must be the same as before. Prints what is not so; exit status 1.
"""

import errno
import os
import socket
import struct
import sys

from nl import (F_ACK, F_CREATE, F_DUMP, F_EXCL, F_REPLACE, IFLA_ADDRESS,
                IFLA_IFNAME, IFLA_LINKINFO, IFLA_MASTER, IFLA_MTU, NESTED,
                NETLINK_GENERIC, NETLINK_ROUTE, RTM_NEWLINK, SIZES, Link, Spec,
                attr, find_family, parse)

NO_DEVICE = 0x7ffffff0
MAC = bytes.fromhex("02005e005377")
KNOWN_MAC = bytes.fromhex("02005e005301")
GROUP = bytes(10) + b"\xff\xff" + bytes((239, 1, 1, 2))
KNOWN_GROUP = GROUP[:-1] + b"\1"


class Walk:
    """Bad requests, one after the other."""
    def __init__(self, spec, switch, port, free):
        self.spec = spec
        self.genl = Link(NETLINK_GENERIC)
        self.failed = self.done = 0
        self.family = find_family(self.genl)
        entry = {"mac": KNOWN_MAC}
        new = {"mac": MAC, "port-name": port}
        # What each operation would obey. An operation that the spec gains
        # must gain a line here.
        self.good = {
            ("switch-get", 0): {"name": switch},
            ("switch-get", F_DUMP): {},
            ("switch-set", 0): {"name": switch, "ageing": 77},
            ("port-new", 0): {"name": free, "switch-name": switch},
            ("port-set", 0): {"name": port, "mac-limit": 5, "learning": 0},
            ("port-del", 0): {"name": port},
            ("port-get", 0): {"name": port},
            ("port-get", F_DUMP): {"switch-name": switch},
            ("fdb-add", 0): {"switch-name": switch, "entry": new,
                             "replace": True},
            ("fdb-del", 0): {"switch-name": switch, "entry": entry},
            ("fdb-flush", 0): {"switch-name": switch, "type": 1},
            ("fdb-get", 0): {"switch-name": switch, "entry": entry},
            ("fdb-get", F_DUMP): {"switch-name": switch},
            ("vlan-set", 0): {"switch-name": switch,
                              "entry": {"vlan": 200, "private": 1}},
            ("vlan-get", 0): {"switch-name": switch, "entry": {"vlan": 200}},
            ("vlan-get", F_DUMP): {"switch-name": switch},
            ("mdb-add", 0): {"switch-name": switch,
                             "entry": {"group": GROUP, "port-name": port}},
            ("mdb-del", 0): {"switch-name": switch,
                             "entry": {"group": KNOWN_GROUP, "port-name": port}},
            ("mdb-get", 0): {"switch-name": switch,
                             "entry": {"group": KNOWN_GROUP, "port-name": port}},
            ("mdb-get", F_DUMP): {"switch-name": switch},
            ("vlan-stats-get", 0): {"port-name": port, "vlan": 100},
            ("vlan-stats-get", F_DUMP): {"switch-name": switch},
        }
        self.switch, self.port, self.free = switch, port, free
        self.before = self.dumps()

    def dumps(self):
        """All state but counters and ages, which change by themselves."""
        out = []
        for op, skip in (("switch-get", (9, 12)), ("port-get", (15,)),
                         ("fdb-get", ()), ("vlan-get", ()), ("mdb-get", ())):
            number = self.spec.ops[op]["number"]
            reply = self.genl.ask(self.family, struct.pack("=BBH", number, 1, 0),
                                  F_DUMP)
            for message in reply.messages:
                for kind, value in parse(message[4:]):
                    if op == "fdb-get" and kind == 3:
                        value = [a for a in parse(value) if a[0] != 6]
                    if kind not in skip:
                        out.append((op, kind, value))
        return out

    def complain(self, what, text):
        self.failed += 1
        print(f"{what}: {text}")

    def unchanged(self, what):
        now = self.dumps()
        if now != self.before:
            lost = [x for x in self.before if x not in now]
            came = [x for x in now if x not in self.before]
            self.complain(what, f"state changed: {lost} -> {came}")
            self.before = now

    def judge(self, what, reply, wanted, bad_at=None, message=True):
        """bad_at: where the bad attribute lies, from the message's header."""
        self.done += 1
        if reply.errno not in wanted:
            names = "/".join(errno.errorcode.get(e, "0") for e in wanted)
            self.complain(what, f"errno {errno.errorcode.get(reply.errno, 0)}"
                          f" ({reply.msg!r}), wanted {names}")
        elif message and not reply.msg:
            self.complain(what, "no message with "
                          + errno.errorcode[reply.errno])
        elif reply.in_dump and reply.offset is None:
            pass  # Linux 6.1 has only the message there.
        elif bad_at is not None and reply.offset not in bad_at:
            self.complain(what, f"points at {reply.offset}, wanted {bad_at}"
                          f" ({reply.msg!r})")
        self.unchanged(what)

    def send(self, op, dump, attrs):
        head = struct.pack("=BBH", self.spec.ops[op]["number"], 1, 0)
        return self.genl.ask(self.family, head + attrs, dump or F_ACK)

    def without(self, op, dump, *names):
        set_name = self.spec.ops[op]["attribute-set"]
        return b"".join(self.spec.put(set_name, k, v)
                        for k, v in self.good[op, dump].items()
                        if k not in names)

    def try_attr(self, op, dump, name, fault, raw, wanted=(errno.EINVAL,),
                 point=True):
        """The good request with one attribute in a bad form, which is last."""
        rest = self.without(op, dump, name)
        at = (20 + len(rest),) if point else None
        kind = " dump" if dump else ""
        self.judge(f"{op}{kind}: {name}: {fault}",
                   self.send(op, dump, rest + raw), wanted, at)

    def lengths(self, desc):
        kind = desc["type"]
        if kind in SIZES:
            return (0, SIZES[kind] - 1, SIZES[kind] + 1, SIZES[kind] + 4)
        if kind == "binary":
            size = self.spec.check(desc, "exact-len")
            return (0, size - 1, size + 1)
        if kind == "flag":
            return (1, 4)
        return ()

    def out_of_range(self, desc):
        kind = desc["type"]
        if kind == "string":
            size = self.spec.check(desc, "max-len")
            yield "too long", b"x" * (size + 1) + b"\0"
            yield "not ended", b"x" * (size + 1)
            return
        if kind not in SIZES:
            return
        low, high = self.spec.check(desc, "min"), self.spec.check(desc, "max")
        if "enum" in desc:
            high = self.spec.enums[desc["enum"]] - 1
        if low:
            yield "too small", low - 1
        if high is not None:
            yield "too large", high + 1
            yield "far too large", (1 << 8 * SIZES[kind]) - 1

    def walk_attr(self, op, dump, desc, allowed):
        name, number = desc["name"], desc["number"]
        bad = (errno.EINVAL, errno.ERANGE, errno.EOPNOTSUPP)
        if not allowed:
            data = b"\0" * SIZES.get(desc["type"], 8)
            flags = NESTED if desc["type"] == "nest" else 0
            self.try_attr(op, dump, name, "not of this operation",
                          attr(number, data, flags), bad)
            return
        for size in self.lengths(desc):
            self.try_attr(op, dump, name, f"{size} bytes",
                          attr(number, b"\1" * size), bad)
        for fault, value in self.out_of_range(desc):
            self.try_attr(op, dump, name, fault,
                          attr(number, self.spec.encode(desc, value)), bad)
        if desc["type"] == "nest":
            return
        size = SIZES.get(desc["type"], 6)
        self.try_attr(op, dump, name, "said to be a nest",
                      attr(number, b"\1" * size, NESTED), bad)
        self.try_attr(op, dump, name, "truncated",
                      attr(number, b"\1" * size, length=size + 44), point=False)
        self.duplicate(op, dump, desc)

    def duplicate(self, op, dump, desc):
        """Twice, with the good value last; each alone would be obeyed."""
        set_name = self.spec.ops[op]["attribute-set"]
        name = desc["name"]
        value = self.good[op, dump].get(name)
        if value is None:
            return
        one = self.spec.put(set_name, name, value)
        rest = self.without(op, dump, name)
        kind = " dump" if dump else ""
        self.judge(f"{op}{kind}: {name}: twice",
                   self.send(op, dump, rest + one + one), (errno.EINVAL,))

    def walk_entry(self, op):
        """Faults inside the nest of an entry, of the FDB, of VLANs or of groups."""
        good = self.good[op, 0]["entry"]
        which = self.spec.ops[op]["attribute-set"]
        entry = self.spec.sets[which]["entry"]
        number = entry["number"]
        inner_set = which + "-entry"
        bad = (errno.EINVAL, errno.ERANGE, errno.EOPNOTSUPP)
        rest = self.without(op, 0, "entry")
        start = 20 + len(rest)

        def one(fault, inner, at=None, flags=NESTED, wanted=bad):
            self.judge(f"{op}: entry: {fault}",
                       self.send(op, 0, rest + attr(number, inner, flags)),
                       wanted, at)

        def without(name):
            return b"".join(self.spec.put(inner_set, k, v)
                            for k, v in good.items() if k != name)

        full = without("")
        one("not marked as a nest", full, (start,), flags=0)
        one("empty", b"")
        one("garbage", b"\xff" * 16)
        one("one byte", b"\1")
        for name, desc in self.spec.sets[inner_set].items():
            inner = without(name)
            at = (start + 4 + len(inner),)
            for size in self.lengths(desc):
                one(f"{name}: {size} bytes",
                    inner + attr(desc["number"], b"\2" * size), at)
            for fault, value in self.out_of_range(desc):
                one(f"{name}: {fault}", inner + attr(desc["number"],
                    self.spec.encode(desc, value)), at)
            one(f"{name}: said to be a nest",
                inner + attr(desc["number"], b"\2" * 8, NESTED), at)
            one(f"{name}: truncated",
                inner + attr(desc["number"], b"\2" * 4, length=60))
            if name in good:
                twice = self.spec.put(inner_set, name, good[name])
                one(f"{name}: twice", inner + twice + twice)
        one("unknown attribute", full + attr(99, b"\0" * 4),
            (start + 4 + len(full),))
        if which == "vlan":
            return
        one("no address", without("mac" if which == "fdb" else "group"))
        kind = self.spec.sets[inner_set]["type"]["number"]
        one("of type local, or router", full + attr(kind, struct.pack("=I", 2)),
            (start + 4 + len(full),))

    def walk_member_meaning(self, op):
        """Members that are well formed and yet wrong."""
        good = self.good[op, 0]["entry"]

        def one(fault, wanted, **changes):
            entry = {k.replace("_", "-"): v for k, v in changes.items()}
            entry = {k: v for k, v in dict(good, **entry).items()
                     if v is not None}
            attrs = self.without(op, 0, "entry")
            attrs += self.spec.put("mdb", "entry", entry)
            self.judge(f"{op}: entry: {fault}", self.send(op, 0, attrs), wanted)

        one("no group", (errno.EINVAL,), group=bytes(16))
        one("local to the link", (errno.EINVAL,), group=GROUP[:12] + b"\xe0\0\0\1")
        one("port is no port", (errno.ENOENT,), port_name=self.free)
        one("no such port", (errno.ENODEV,), port_name="nowhere")
        one("no port", (errno.EINVAL,), port_name=None)
        # One of before the switch ceased to be VLAN-aware can be named.
        one("a VLAN", (errno.EINVAL if op == "mdb-add" else errno.ENOENT,), vlan=5)
        if op == "mdb-add":
            one("exists", (errno.EEXIST,), group=KNOWN_GROUP)
        else:
            one("does not exist", (errno.ENOENT,), group=GROUP)
            one("on another port", (errno.ENOENT,), port_name=self.switch)
        attrs = self.without(op, 0, "entry")
        entry = self.spec.put("mdb", "entry", good)
        self.judge(f"{op}: two entries", self.send(op, 0, attrs + entry + entry),
                   (errno.EINVAL,))
        if op == "mdb-get":
            self.judge(f"{op}: a dump of one entry",
                       self.send(op, F_DUMP, attrs + entry), (errno.EINVAL,),
                       (20 + len(attrs),))

    def walk_entry_meaning(self, op):
        """Entries that are well formed and yet wrong."""
        good = self.good[op, 0]["entry"]

        def one(fault, wanted, **changes):
            entry = {k.replace("_", "-"): v for k, v in changes.items()}
            entry = {k: v for k, v in dict(good, **entry).items()
                     if v is not None}
            attrs = self.without(op, 0, "entry", "replace")
            attrs += self.spec.put("fdb", "entry", entry)
            self.judge(f"{op}: entry: {fault}", self.send(op, 0, attrs), wanted)

        if op != "fdb-get":
            one("of a group", (errno.EINVAL,), mac=b"\1" + MAC[1:])
            one("all zero", (errno.EINVAL,), mac=bytes(6))
            one("port is no port", (errno.ENOENT,), port_name=self.free)
            one("no such port", (errno.ENODEV,), port_name="nowhere")
            one("no such index", (errno.ENODEV,), port_name=None,
                port_ifindex=NO_DEVICE)
            one("index and name differ", (errno.EINVAL, errno.ENODEV),
                port_ifindex=1, port_name=self.port)
            first = self.spec.put("fdb", "entry", good)
            zero = self.spec.put("fdb", "entry", dict(good, mac=bytes(6)))
            attrs = self.without(op, 0, "entry") + first + zero
            self.judge(f"{op}: the second entry is bad",
                       self.send(op, 0, attrs), (errno.EINVAL,))
            one("has an age", (errno.EINVAL,), age=5)
            attrs = self.without(op, 0, "entry") + first * 2049
            self.judge(f"{op}: one entry too many", self.send(op, 0, attrs),
                       (errno.E2BIG,))
        if op == "fdb-add":
            one("no port", (errno.EINVAL,), port_name=None)
            one("exists", (errno.EEXIST,), mac=KNOWN_MAC)
        else:
            one("does not exist", (errno.ENOENT,), mac=MAC)
        if op == "fdb-del":
            one("on another port", (errno.ENOENT,), port_name=self.switch)
        if op == "fdb-get":
            entry = self.spec.put("fdb", "entry", good)
            attrs = self.without(op, 0, "entry")
            self.judge(f"{op}: two entries",
                       self.send(op, 0, attrs + entry + entry), (errno.EINVAL,),
                       (20 + len(attrs),))
            self.judge(f"{op}: a dump of one entry",
                       self.send(op, F_DUMP, attrs + entry), (errno.EINVAL,),
                       (20 + len(attrs),))

    def walk_vlan_meaning(self, op):
        """VLANs that are well formed and cannot be."""
        def put(*entries):
            return self.without(op, 0, "entry") + b"".join(
                self.spec.put("vlan", "entry", e) for e in entries)

        def one(fault, wanted, *entries):
            self.judge(f"{op}: {fault}", self.send(op, 0, put(*entries)),
                       (wanted,))

        if op == "vlan-get":
            one("two entries", errno.EINVAL, {"vlan": 1}, {"vlan": 2})
            one("no number", errno.EINVAL, {"private": 1})
            one("more than a number", errno.EINVAL, {"vlan": 1, "private": 1})
            self.judge(f"{op}: a dump of one entry",
                       self.send(op, F_DUMP, put({"vlan": 1})), (errno.EINVAL,))
            return
        one("no number", errno.EINVAL, {"private": 1})
        one("not said what", errno.EINVAL, {"vlan": 200})
        one("a primary VLAN of another", errno.EINVAL,
            {"vlan": 200, "private": 1, "primary": 100})
        one("no primary VLAN", errno.EINVAL, {"vlan": 200, "private": 2})
        one("its own", errno.EINVAL, {"vlan": 200, "private": 3, "primary": 200})
        one("not a primary VLAN", errno.EINVAL,
            {"vlan": 200, "private": 3, "primary": 300})
        one("the second is bad", errno.EINVAL, {"vlan": 200, "private": 1},
            {"vlan": 201, "private": 3, "primary": 300})
        one("two isolated ones", errno.EEXIST,
            {"vlan": 200, "private": 2, "primary": 100},
            {"vlan": 201, "private": 2, "primary": 100})
        one("one too many", errno.E2BIG, *[{"vlan": 1, "private": 1}] * 4095)

    def walk_names(self, op, dump):
        """Devices that are not, or are no switch or port."""
        set_name = self.spec.ops[op]["attribute-set"]
        allowed = self.spec.ops[op]["do"]["request"]["attributes"]
        gone = (errno.ENODEV,)
        wrong = (errno.EINVAL, errno.ENOENT, errno.ENODEV)
        for name in allowed:
            if dump and name in ("ifindex", "name"):
                continue
            desc = self.spec.sets[set_name][name]
            if name.endswith("ifindex"):
                other = name.replace("ifindex", "name")
                rest = self.without(op, dump, name, other)
                for fault, index, why in (("nowhere", NO_DEVICE, gone),
                                          ("loopback", 1, wrong)):
                    raw = attr(desc["number"], struct.pack("=I", index))
                    at = (20 + len(rest),)
                    if op == "port-new" and fault == "loopback":
                        at = None
                    if op in ("fdb-get", "vlan-stats-get") and name == "port-ifindex":
                        why = wrong
                    self.judge(f"{op}: {name}: {fault}",
                               self.send(op, dump, rest + raw), why, at)
            elif name.endswith("name"):
                other = name.replace("name", "ifindex")
                rest = self.without(op, dump, name, other)
                for text in ("nowhere", "", "a/b", "x" * 15):
                    raw = attr(desc["number"], text.encode() + b"\0")
                    self.judge(f"{op}: {name}: {text!r}",
                               self.send(op, dump, rest + raw), gone + wrong,
                               (20 + len(rest),))

    def walk_missing(self, op, dump):
        """Without each attribute of the good request that it needs."""
        needed = {"switch-get": ["name"], "switch-set": ["name"],
                  "port-new": ["name", "switch-name"], "port-set": ["name"],
                  "port-del": ["name"], "port-get": ["name"],
                  "fdb-add": ["switch-name", "entry"],
                  "fdb-del": ["switch-name", "entry"],
                  "fdb-flush": ["switch-name"],
                  "fdb-get": ["switch-name", "entry"],
                  "vlan-set": ["switch-name", "entry"],
                  "vlan-get": ["switch-name", "entry"],
                  "mdb-add": ["switch-name", "entry"],
                  "mdb-del": ["switch-name", "entry"],
                  "mdb-get": ["switch-name", "entry"],
                  "vlan-stats-get": ["port-name", "vlan"]}
        for name in needed[op] if not dump else []:
            reply = self.send(op, dump, self.without(op, dump, name))
            self.judge(f"{op}: {name} is missing", reply, (errno.EINVAL,))
            if reply.miss is None:
                self.complain(f"{op}: {name} is missing", "does not say which")

    def walk_op(self, op):
        desc = self.spec.ops[op]
        set_name = desc["attribute-set"]
        for dump in (0, F_DUMP):
            if (op, dump) not in self.good:
                if ("dump" if dump else "do") in desc:
                    self.complain(op, "the test does not know this operation")
                continue
            allowed = desc["do"]["request"]["attributes"]
            # The requests themselves must be good, or nothing is proved.
            if op.endswith("-get"):
                reply = self.send(op, dump, self.without(op, dump))
                if reply.errno or not reply.messages:
                    self.complain(op, f"a good request: {reply.msg}")
            for one in self.spec.sets[set_name].values():
                self.walk_attr(op, dump, one, one["name"] in allowed)
            self.try_attr(op, dump, "-", "unknown attribute",
                          attr(200, b"\0" * 4))
            self.try_attr(op, dump, "-", "attribute 0", attr(0, b"\0" * 4),
                          point=False)
            self.try_attr(op, dump, "-", "trailing bytes", b"\1\2\3",
                          point=False)
            self.try_attr(op, dump, "-", "attribute of length 2",
                          struct.pack("=HHI", 2, 1, 0), point=False)
            self.walk_missing(op, dump)
            self.walk_names(op, dump)
        if "entry" in desc["do"]["request"]["attributes"]:
            self.walk_entry(op)
            if set_name == "vlan":
                self.walk_vlan_meaning(op)
            elif set_name == "mdb":
                self.walk_member_meaning(op)
            else:
                self.walk_entry_meaning(op)

    def walk_header(self):
        """What the kernel's core refuses, mostly with an errno and no words."""
        last = max(op["number"] for op in self.spec.ops.values())
        for number in (0, last + 1, 77, 255):
            for flags in (F_ACK, F_DUMP):
                reply = self.genl.ask(self.family,
                                      struct.pack("=BBH", number, 1, 0), flags)
                self.judge(f"command {number}", reply, (errno.EOPNOTSUPP,),
                           message=False)
        for op, desc in self.spec.ops.items():
            head = struct.pack("=BBH", desc["number"], 1, 0)
            if "do" not in desc:
                reply = self.genl.ask(self.family, head)
                self.judge(f"{op} sent", reply, (errno.EOPNOTSUPP,),
                           message=False)
                continue
            if "dump" not in desc:
                reply = self.genl.ask(self.family, head, F_DUMP)
                self.judge(f"{op} dump", reply, (errno.EOPNOTSUPP,),
                           message=False)
            good = head + self.without(op, 0)
            reply = self.genl.ask(self.family, good, F_ACK | F_REPLACE)
            self.judge(f"{op} with a flag of no use", reply, (errno.EINVAL,))
            reply = self.genl.ask(self.family, good[:2] + b"\1\0" + good[4:])
            self.judge(f"{op} with a reserved byte", reply, (errno.EINVAL,))
        reply = self.genl.ask(self.family, b"\1\0\0\0", F_ACK, 18)
        self.judge("short header", reply, (errno.EINVAL,), message=False)

    def walk_unprivileged(self):
        """Without CAP_NET_ADMIN: reads work, changes do not."""
        for (op, dump) in self.good:
            reply = self.send(op, dump, self.without(op, dump))
            if "uns-admin-perm" in self.spec.ops[op].get("flags", []):
                self.judge(op, reply, (errno.EPERM,), message=False)
            elif reply.errno or not reply.messages:
                self.complain(op, f"cannot be read: {reply.errno} {reply.msg}")
            else:
                self.done += 1

    def walk_link(self):
        """The attributes of the switch inside IFLA_INFO_DATA."""
        route = Link(NETLINK_ROUTE)
        settable = self.spec.ops["switch-set"]["do"]["request"]["attributes"]
        bad = (errno.EINVAL, errno.ERANGE, errno.EOPNOTSUPP)

        def ask(what, data, name, flags, wanted=bad):
            info = attr(1, b"vswitch\0") + attr(2, data, NESTED)
            body = struct.pack("=BxHiII", 0, 0, 0, 0, 0)
            body += attr(IFLA_IFNAME, name.encode() + b"\0")
            body += attr(IFLA_LINKINFO, info, NESTED)
            reply = route.ask(RTM_NEWLINK, body, F_ACK | flags)
            self.judge(f"ip link: {what}", reply, wanted)

        for desc in self.spec.sets["switch"].values():
            name, number = desc["name"], desc["number"]
            raw = b"\1" * SIZES.get(desc["type"], 6)
            faults = [(fault, attr(number, self.spec.encode(desc, value)))
                      for fault, value in self.out_of_range(desc)]
            if name not in settable or name in ("ifindex", "name"):
                faults = [("cannot be set", attr(number, raw))]
            else:
                faults.append(("short", attr(number, raw[1:])))
            for fault, data in faults:
                ask(f"add: {name}: {fault}", data, "vsw9", F_CREATE | F_EXCL)
                ask(f"set: {name}: {fault}", data, self.switch, 0)

    def walk_vport(self):
        """A vport by rtnetlink: each attribute wrong, and the master."""
        route = Link(NETLINK_ROUTE)
        settable = ("role", "learning", "mac-limit", "group-forward", "group-host", "locked",
                    "sticky", "flood", "hairpin", "isolated", "community", "guard", "mcast", "type", "queues",
                    "owner", "group")
        bad = (errno.EINVAL, errno.ERANGE)
        index = socket.if_nametoindex

        def ask(data=b"", name="v9", master=index(self.switch), more=b"", add=True):
            info = attr(1, b"vport\0") + attr(2, data, NESTED)
            body = struct.pack("=BxHiII", 0, 0, 0, 0, 0)
            body += attr(IFLA_IFNAME, name.encode() + b"\0")
            if master is not None:
                body += attr(IFLA_MASTER, struct.pack("=I", master))
            body += more + attr(IFLA_LINKINFO, info, NESTED)
            return route.ask(RTM_NEWLINK, body,
                             F_ACK | (F_CREATE | F_EXCL if add else 0))

        if ask(name="v8").errno:
            self.complain("vport", "cannot be made")
        self.before = self.dumps()
        for desc in self.spec.sets["port"].values():
            name, number = desc["name"], desc["number"]
            raw = b"\1" * SIZES.get(desc["type"], 6)
            faults = [("cannot be set", attr(number, raw))]
            if name in settable:
                faults = [(fault, attr(number, self.spec.encode(desc, value)))
                          for fault, value in self.out_of_range(desc)]
                faults += [(f"{n} bytes", attr(number, raw[:n])) for n in range(len(raw))]
            for fault, data in faults:
                self.judge(f"vport: {name}: {fault}", ask(data), bad)
            self.judge(f"vport: {name} of one that is there",
                       ask(attr(number, raw), "v8", add=False),
                       bad + (errno.EOPNOTSUPP,), message=False)
        numbers = {d["name"]: d["number"] for d in self.spec.sets["port"].values()}
        for name, value in (("type", 0), ("queues", 0), ("queues", 17),
                            ("owner", 2 ** 32 - 1), ("group", 2 ** 32 - 1)):
            data = attr(numbers[name], struct.pack("=I", value))
            self.judge(f"vport: {name} {value}", ask(data), bad)
        for master in (None, 0, index(self.port), index(self.free), NO_DEVICE):
            self.judge(f"vport: master {master}", ask(master=master), bad)
        for what, more in (("no address", attr(IFLA_ADDRESS, bytes(6))),
                           ("a group", attr(IFLA_ADDRESS, b"\1" * 6)),
                           ("half an address", attr(IFLA_ADDRESS, b"\2" * 3)),
                           ("MTU 67", attr(IFLA_MTU, struct.pack("=I", 67))),
                           ("MTU 65536", attr(IFLA_MTU, struct.pack("=I", 65536)))):
            self.judge(f"vport: {what}", ask(more=more),
                       bad + (errno.EADDRNOTAVAIL,), message=False)
        self.judge("vport: a name that is taken", ask(name=self.port), (errno.EEXIST,),
                   message=False)


def main():
    path, part, switch, port, free = sys.argv[1:]
    walk = Walk(Spec(path), switch, port, free)
    if part == "unprivileged":
        # Into a user that is nobody: all capabilities go.
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
    if part in walk.spec.ops:
        walk.walk_op(part)
    else:
        getattr(walk, "walk_" + part)()
    print(f"{part}: {walk.done} requests, {walk.failed} complaints")
    sys.exit(1 if walk.failed or not walk.done else 0)


main()
