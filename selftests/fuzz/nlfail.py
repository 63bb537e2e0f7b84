# SPDX-License-Identifier: GPL-2.0-only
"""Each command again and again, each time with another allocation failing.

Whatever the command answers: after a failure the state is as before, without
the fault the command succeeds, and undone it leaves what was there.
"""

import errno
import os
import struct
import time

from nl import (F_ACK, F_CREATE, F_DUMP, F_EXCL, F_REQUEST, NESTED,
                NETLINK_GENERIC, NETLINK_ROUTE, RTM_DELLINK, RTM_DELNEIGH,
                RTM_GETLINK, RTM_GETNEIGH, RTM_NEWLINK, RTM_NEWNEIGH,
                RTM_SETLINK, Link, attr, find_family, parse)
from nlcheck import Failure, Replies, State, collect
from nlgen import AF_BRIDGE, IFLA, NTF_SELF, NUD_NOARP, ifinfo, text
from nlworld import add, delete, set_up_namespace

DEBUG = "/sys/kernel/debug"
# Allocations; a command that needs more goes round in circles.
MOST = 5000
# Indexes and addresses that are given, so that what is made anew is the same.
S0, S1, D0, D1, NEW = 100, 101, 102, 103, 104
MAC = bytes.fromhex("02005e0053a0")
GROUP_NAME, GROUP_ID, MCAST_GROUPS = 1, 2, 7


def groups_of(message):
    """Numbers of the multicast groups of a family."""
    groups = dict(parse(message[4:]))[MCAST_GROUPS]
    return [struct.unpack("=I", dict(parse(one))[GROUP_ID])[0]
            for _, one in parse(groups)]


def begin_dump(link, family, number):
    """Asks, and leaves the answers where they are."""
    link.seq += 1
    link.sock.send(struct.pack("=IHHIIBBH", 20, family, F_DUMP | F_REQUEST,
                               link.seq, 0, number, 1, 0))


class FailNth:
    """The knobs of the kernel for failing the n-th allocation of this thread."""
    def __init__(self):
        for knob, value in (("failslab/ignore-gfp-wait", "N"),
                            ("fail_page_alloc/ignore-gfp-wait", "N"),
                            ("fail_page_alloc/min-order", "0"),
                            ("failslab/verbose", "0"),
                            ("fail_page_alloc/verbose", "0")):
            with open(f"{DEBUG}/{knob}", "w", encoding="ascii") as file:
                file.write(value)
        self.fd = os.open("/proc/thread-self/fail-nth", os.O_RDWR)

    def arm(self, nth):
        os.pwrite(self.fd, b"%d" % nth, 0)

    def disarm(self):
        """Whether an allocation has failed since."""
        left = int(os.pread(self.fd, 20, 0).split(b"\0")[0])
        os.pwrite(self.fd, b"0", 0)
        return left == 0


class Command:
    """A request, what must be done before each, and what undoes it. If it may
    be done in part, undo takes that back, too."""
    def __init__(self, name, request, undo=(), before=(), partial=False):
        self.name, self.request = name, request
        self.undo, self.before = undo, before
        self.partial = partial


class Commands:
    """Every operation of the family, and of rtnetlink what concerns it."""
    def __init__(self, spec, family):
        self.spec, self.family = spec, family

    def genl(self, op, flags=F_ACK, **values):
        op = self.spec.ops[op]
        values = {k.replace("_", "-"): v for k, v in values.items()}
        body = struct.pack("=BBH", op["number"], 1, 0) + b"".join(
            self.spec.put(op["attribute-set"], k, v) for k, v in values.items())
        return "genl", self.family, body, flags

    @staticmethod
    def link(kind, index, *attrs, flags=F_ACK):
        return "route", kind, ifinfo(index) + b"".join(attrs), flags

    @staticmethod
    def master(index):
        return attr(IFLA["master"], struct.pack("=i", index))

    @staticmethod
    def neigh(kind, mac, state=NUD_NOARP):
        body = struct.pack("=BBHiHBB", AF_BRIDGE, 0, 0, S0, state, NTF_SELF, 0)
        body += attr(2, mac) + attr(8, struct.pack("=i", D0))
        return "route", kind, body, F_ACK | F_CREATE

    def new_switch(self, index, name, data=b""):
        info = attr(1, b"vswitch") + attr(2, data, NESTED)
        return self.link(RTM_NEWLINK, index, attr(IFLA["ifname"], text(name)),
                         attr(IFLA["address"], b"\2\0\x5e\0\x53" + bytes((index,))),
                         attr(IFLA["linkinfo"], info, NESTED),
                         flags=F_ACK | F_CREATE | F_EXCL)

    @staticmethod
    def address(number):
        return attr(IFLA["address"], MAC[:5] + bytes((MAC[5] ^ number,)))

    def new_vport(self, index, switch, below="master"):
        return self.link(RTM_NEWLINK, index, attr(IFLA["ifname"], text("t0")),
                         self.address(0),
                         attr(IFLA[below], struct.pack("=i", switch)),
                         attr(IFLA["linkinfo"], attr(1, b"vport"), NESTED),
                         flags=F_ACK | F_CREATE | F_EXCL)

    def slave_info(self, mac_limit):
        data = self.spec.put("port", "mac-limit", mac_limit)
        return attr(IFLA["linkinfo"], attr(4, b"vswitch")
                    + attr(5, data, NESTED), NESTED)

    def switch_info(self, ageing):
        data = self.spec.put("switch", "ageing", ageing)
        return attr(IFLA["linkinfo"], attr(1, b"vswitch")
                    + attr(2, data, NESTED), NESTED)

    @staticmethod
    def many(count):
        return [{"mac": b"\2\0\x5e\1" + struct.pack(">H", n), "port-ifindex": NEW}
                for n in range(count)]

    def of_family(self):
        entry = {"mac": MAC, "port-ifindex": D0}
        old = {"mac": b"\2\0\x5e\0\x53\1", "port-ifindex": D0}
        named = {"mac": MAC}
        add_entry = self.genl("fdb-add", switch_ifindex=S0, entry=entry)
        del_entry = self.genl("fdb-del", switch_ifindex=S0, entry=named)
        attach = self.genl("port-new", ifindex=D1, switch_ifindex=S0, role=2)
        detach = self.genl("port-del", ifindex=D1)
        yield Command("switch-get", self.genl("switch-get", name="s0"))
        yield Command("switch-get dump", self.genl("switch-get", F_DUMP))
        yield Command("switch-set",
                      self.genl("switch-set", ifindex=S0, ageing=7,
                                fdb_limit=1000, port_limit=9),
                      [self.genl("switch-set", ifindex=S0, ageing=300,
                                 fdb_limit=65536, port_limit=1024)])
        yield Command("port-new", attach, [detach])
        yield Command("port-del", detach, [], [attach])
        new_tap = self.genl("port-new", name="t0", switch_ifindex=S0, type=1,
                            queues=2)
        del_tap = self.genl("port-del", name="t0")
        yield Command("port-new of a tap", new_tap, [del_tap])
        yield Command("port-del of a tap", del_tap, [], [new_tap])
        new_internal = self.genl("port-new", name="t0", switch_ifindex=S0,
                                 type=2, address=MAC)
        yield Command("port-new of an internal port", new_internal, [del_tap])
        yield Command("port-del of an internal port", del_tap, [], [new_internal])
        yield Command("port-set", self.genl("port-set", ifindex=D0, mac_limit=5,
                                            role=1, group_host=7),
                      [self.genl("port-set", ifindex=D0, role=0, mac_limit=4096,
                                 group_host=0xfffd)])
        yield from self.of_vlans(new_internal, del_tap)
        yield Command("port-get", self.genl("port-get", ifindex=D0))
        yield Command("port-get dump", self.genl("port-get", F_DUMP))
        yield Command("fdb-add", add_entry, [del_entry])
        yield Command("fdb-add replace",
                      self.genl("fdb-add", switch_ifindex=S0, replace=0,
                                entry=dict(old, **{"port-ifindex": S0})),
                      [self.genl("fdb-add", switch_ifindex=S0, replace=0,
                                 entry=old)])
        yield Command("fdb-add of many",
                      self.genl("fdb-add", switch_ifindex=NEW,
                                entry=self.many(1500)),
                      [self.link(RTM_DELLINK, NEW)],
                      [self.new_switch(NEW, "s9")])
        yield Command("fdb-del", del_entry, [], [add_entry])
        yield Command("fdb-flush", self.genl("fdb-flush", switch_ifindex=S0,
                                             type=1),
                      [self.genl("fdb-add", switch_ifindex=S0, entry=old)])
        yield Command("fdb-get", self.genl("fdb-get", switch_ifindex=S0,
                                           entry={"mac": old["mac"]}))
        yield Command("fdb-get dump", self.genl("fdb-get", F_DUMP))
        yield Command("vlan-set", self.genl("vlan-set", switch_ifindex=S0,
                                            entry={"vlan": 9, "private": 1}),
                      [self.genl("vlan-set", switch_ifindex=S0,
                                 entry={"vlan": 9, "private": 0})])
        yield Command("vlan-get", self.genl("vlan-get", switch_ifindex=S0,
                                            entry={"vlan": 9}))
        yield Command("vlan-get dump", self.genl("vlan-get", F_DUMP))
        yield Command("switch-set vlan-stats",
                      self.genl("switch-set", ifindex=S0, vlan_stats=1),
                      [self.genl("switch-set", ifindex=S0, vlan_stats=0)])
        yield Command("vlan-stats-get dump", self.genl("vlan-stats-get", F_DUMP))
        yield from self.of_groups()

    def of_groups(self):
        on = self.genl("switch-set", ifindex=S0, mcast_snooping=1)
        off = self.genl("switch-set", ifindex=S0, mcast_snooping=0)
        group = bytes(10) + b"\xff\xff" + bytes((239, 1, 1, 1))
        member = {"group": group, "port-ifindex": D0}
        add_member = self.genl("mdb-add", switch_ifindex=S0, entry=member)
        del_member = self.genl("mdb-del", switch_ifindex=S0, entry=member)
        yield Command("switch-set mcast-snooping", on, [off])
        yield Command("mdb-add", add_member, [off], [on])
        yield Command("mdb-del", del_member, [off], [on, add_member])
        yield Command("mdb-get", self.genl("mdb-get", switch_ifindex=S0, entry=member),
                      [off], [on, add_member])
        yield Command("mdb-get dump", self.genl("mdb-get", F_DUMP), [off], [on, add_member])

    def of_vlans(self, new_internal, del_internal):
        """Addresses of internal ports move with their VLANs."""
        trunk = b"\xfe" + bytes(511)
        pairs = struct.pack("=HH", 100, 7) + bytes(252)
        yield Command("port-set of VLANs",
                      self.genl("port-set", ifindex=D0, vlan_mode=2, trunk=trunk,
                                translate=pairs),
                      [self.genl("port-set", ifindex=D0, vlan_mode=0)])
        aware = self.genl("switch-set", ifindex=S0, vlan_aware=1)
        unaware = self.genl("switch-set", ifindex=S0, vlan_aware=0)
        access = self.genl("port-set", name="t0", vlan_mode=1, vlan=10)
        other = self.genl("port-new", name="t1", switch_ifindex=S0, type=2,
                          address=MAC[:5] + b"\x77", vlan_mode=1, vlan=11)
        yield Command("port-set of an internal port's VLAN", access,
                      [unaware, del_internal], [new_internal, aware])
        yield Command("switch-set vlan-aware", aware,
                      [unaware, del_internal, self.genl("port-del", name="t1")],
                      [new_internal, access, other])

    def of_rtnetlink(self):
        settings = self.spec.put("switch", "ageing", 5)
        made = self.new_switch(NEW, "s9", settings)
        gone = self.link(RTM_DELLINK, NEW)
        attach = self.link(RTM_SETLINK, D1, self.master(S0))
        detach = self.link(RTM_SETLINK, D1, self.master(0))
        move = self.link(RTM_SETLINK, D0, self.master(S1))
        back = [self.link(RTM_SETLINK, D0, self.master(S0)),
                self.genl("fdb-add", switch_ifindex=S0, entry={
                    "mac": b"\2\0\x5e\0\x53\1", "port-ifindex": D0})]
        yield Command("link add", made, [gone])
        yield Command("link add with master",
                      self.new_switch(NEW, "s9")[:2]
                      + (self.new_switch(NEW, "s9")[2] + self.master(S0),)
                      + made[3:], [gone])
        yield Command("link del", gone, [], [made])
        yield Command("link del with port and entries", gone, [],
                      [made, self.link(RTM_SETLINK, D1, self.master(NEW)),
                       self.genl("fdb-add", switch_ifindex=NEW,
                                 entry=self.many(3))])
        yield Command("link add of a vport", self.new_vport(NEW, S0), [gone])
        yield Command("link del with a vport", gone, [],
                      [made, self.new_vport(NEW + 1, NEW)])
        internal = self.new_vport(NEW, S0, "link")
        yield Command("link add of an internal vport", internal, [gone])
        yield Command("link del of an internal vport", gone, [], [internal])
        yield Command("link set address of an internal vport",
                      self.link(RTM_SETLINK, NEW, self.address(1)), [gone],
                      [internal])
        yield Command("link set master", attach, [detach])
        yield Command("link set nomaster", detach, [], [attach])
        # The core takes it from the old one before it asks the new one.
        yield Command("link set other master", move, back, partial=True)
        yield Command("link set type",
                      self.link(RTM_NEWLINK, S0, self.switch_info(9)),
                      [self.link(RTM_NEWLINK, S0, self.switch_info(300))])
        yield Command("link set slave type",
                      self.link(RTM_NEWLINK, D0, self.slave_info(9)),
                      [self.link(RTM_NEWLINK, D0, self.slave_info(4096))])
        yield Command("link get", self.link(RTM_GETLINK, S0))
        yield Command("link dump", self.link(RTM_GETLINK, 0, flags=F_DUMP))
        yield Command("bridge fdb add", self.neigh(RTM_NEWNEIGH, MAC),
                      [self.neigh(RTM_DELNEIGH, MAC)])
        yield Command("bridge fdb del", self.neigh(RTM_DELNEIGH, MAC), [],
                      [self.neigh(RTM_NEWNEIGH, MAC)])
        head = struct.pack("=BBHiHBB", AF_BRIDGE, 0, 0, S0, 0, 0, 0)
        yield Command("bridge fdb show",
                      ("route", RTM_GETNEIGH, head, F_DUMP))

    def all(self):
        yield from self.of_family()
        yield from self.of_rtnetlink()


class Runner:
    """Runs commands with a fault at each allocation."""
    def __init__(self, spec):
        self.spec = spec
        self.links = {"genl": Link(NETLINK_GENERIC), "route": Link(NETLINK_ROUTE)}
        self.family = find_family(self.links["genl"])
        self.replies = Replies(spec, self.family)
        self.ask = Link(NETLINK_GENERIC), Link(NETLINK_ROUTE)
        self.faults = FailNth()
        self.commands = Commands(spec, self.family)
        self.listener = Link(NETLINK_GENERIC)
        self.rest()

    def rest(self):
        """The state that every command begins with."""
        reply = self.listener.ask(16, b"\3\1\0\0" + b"\x0c\0\2\0vswitch\0")
        for group in groups_of(reply.messages[0]):
            self.listener.sock.setsockopt(270, 1, group)
        route = self.ask[1]
        for name, kind, index in (("s0", "vswitch", S0), ("s1", "vswitch", S1),
                                  ("d0", "dummy", D0), ("d1", "dummy", D1)):
            if add(route, name, kind, index=index):
                raise SystemExit(f"cannot make {name}")
        self.must(self.commands.genl("port-new", ifindex=D0, switch_ifindex=S0))
        self.must(self.commands.genl(
            "fdb-add", switch_ifindex=S0,
            entry={"mac": b"\2\0\x5e\0\x53\1", "port-ifindex": D0}))

    def must(self, request):
        protocol, kind, body, flags = request
        reply = self.ask[protocol == "route"].ask(kind, body, flags)
        if reply.errno:
            raise Failure(f"refused: {errno.errorcode.get(reply.errno)} "
                          f"{reply.msg!r}")

    def state(self):
        return State(*self.ask, self.spec, self.family)

    def send(self, request, nth):
        """Returns the answer, and whether an allocation has failed."""
        protocol, kind, body, flags = request
        link = self.links[protocol]
        link.seq += 1
        data = struct.pack("=IHHII", 16 + len(body), kind, flags | F_REQUEST,
                           link.seq, 0) + body
        self.faults.arm(nth)
        try:
            link.sock.send(data)
        except OSError as err:
            failed = self.faults.disarm()
            answer = collect(link, self.replies, link.seq)
            answer.errno = err.errno
            if not failed:
                raise
            return answer, failed
        answer = collect(link, self.replies, link.seq)
        return answer, self.faults.disarm()

    def once(self, command, before, nth):
        """Returns whether an allocation was there to fail."""
        for request in command.before:
            self.must(request)
        rest = self.state() if command.before else before
        answer, failed = self.send(command.request, nth)
        done = answer.errno == 0
        if not failed and not done:
            raise Failure(f"errno {answer.errno} {answer.msg!r} without a fault")
        if not done:
            now = self.state()
            text_ = rest.differs(now, self.spec)
            # When there was no memory for the answer, nobody knows what it was.
            if text_ and not answer.lost and not command.partial:
                raise Failure(f"errno {answer.errno}, but {text_}")
            if not text_ or command.partial:
                self.must(command.request)
        for request in command.undo:
            self.must(request)
        text_ = before.differs(self.state(), self.spec)
        if text_:
            raise Failure(f"undone, {text_}")
        collect(self.listener, self.replies, 0)
        return failed

    def all_faults(self, command):
        before = self.state()
        for nth in range(1, MOST):
            try:
                if not self.once(command, before, nth):
                    if nth == 1:
                        raise Failure("no allocation failed")
                    return nth - 1
            except Failure as err:
                raise Failure(f"allocation {nth}: {err}") from err
        raise Failure(f"more than {MOST} allocations")


def main(spec):
    """KTAP, a test for each command; the number of those that failed."""
    set_up_namespace()
    runner = Runner(spec)
    commands = list(runner.commands.all())
    covered = {c.name.split(" ")[0] for c in commands}
    missing = [op for op, desc in spec.ops.items()
               if "do" in desc and op not in covered]
    print("KTAP version 1")
    print(f"1..{len(commands) + 1}")
    print(("not " if missing else "") + "ok 1 every operation of the spec")
    bad = bool(missing)
    for number, command in enumerate(commands, 2):
        begin = time.monotonic()
        try:
            count = runner.all_faults(command)
            print(f"# {command.name}: {count} allocations failed, "
                  f"{time.monotonic() - begin:.1f} s")
            print(f"ok {number} {command.name}", flush=True)
        except Failure as err:
            protocol, kind, body, _ = command.request
            print(f"# {command.name}: {err}")
            print(f"# {protocol} message of type {kind}: {body[:2048].hex()}")
            print(f"not ok {number} {command.name}", flush=True)
            bad = True
            # The state is not to be trusted any more.
            break
    for name in ("s0", "s1", "d0", "d1", "s9"):
        delete(runner.ask[1], name)
    return int(bad)
