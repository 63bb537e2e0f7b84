# SPDX-License-Identifier: GPL-2.0-only
"""What must hold whatever was asked: the form of replies, and the state."""

import errno
import struct
import time

from nl import (F_DUMP, F_REQUEST, F_TLVS, NESTED, NLMSG_DONE, NLMSG_ERROR,
                RTM_GETLINK, SIZES, parse)
from nlgen import IFLA, NTF_SELF, ifinfo

IFLA_PROMISCUITY, IFLA_ALLMULTI = 30, 61
# RTEXT_FILTER_SKIP_STATS
SKIP_STATS = struct.pack("=HHI", 8, IFLA["ext-mask"], 8)
# These come and go by themselves: RUNNING, LOWER_UP, DORMANT.
IFF_VOLATILE = 0x40 | 0x10000 | 0x20000
DYNAMIC = 0
STATIC_MEMBER = 1

# Refusals without a sentence that are the core's. Of generic netlink: there is no
# privilege; there is no such command, or none that dumps.
SILENT_GENL = {errno.EPERM, errno.EOPNOTSUPP}
# Of rtnetlink, by request, if it is not spoiled: no privilege; no such device,
# or a negative index; no such operation on a device that is no switch, or has no
# master; a name, an address or a master that is none. Where the module is asked,
# see asks_module(), only EPERM.
COMMON = {errno.EPERM, errno.ENODEV, errno.EINVAL}
SILENT_ROUTE = {
    "fdb append": COMMON | {errno.EOPNOTSUPP, errno.EEXIST},
    "fdb del": COMMON | {errno.EOPNOTSUPP, errno.ENOENT},
    "neigh dump": COMMON,
    "link add": COMMON | {errno.EEXIST, errno.EOPNOTSUPP},
    "link del": COMMON | {errno.EOPNOTSUPP},
    "link get": COMMON,
    "link dump": COMMON,
    "link set address": COMMON | {errno.EADDRNOTAVAIL, errno.EOPNOTSUPP},
    "link set master": COMMON | {errno.EOPNOTSUPP},
    "link set mtu": COMMON,
    "link set name": COMMON | {errno.EEXIST},
    "link set slave": COMMON | {errno.EOPNOTSUPP},
    "link set switch": COMMON | {errno.EOPNOTSUPP},
    "link set up": COMMON,
}


class Failure(Exception):
    """Something that must not be."""


class Replies:
    """Checks replies against the spec."""
    MASK = ~NESTED

    def __init__(self, spec, family):
        self.spec, self.family = spec, family
        self.ops = {op["number"]: op for op in spec.ops.values()}
        self.by_number = {
            name: {desc["number"]: desc for desc in attrs.values()}
            for name, attrs in spec.sets.items()}
        self.ranges = {}

    @staticmethod
    def shown(op):
        """Attributes that an operation may answer with."""
        for part in ("do", "dump"):
            reply = op.get(part, {}).get("reply")
            if reply:
                return reply["attributes"]
        return []

    def check(self, kind, body):
        """A message that is neither an error nor the end of a dump."""
        if kind != self.family:
            return
        cmd, version, reserved = struct.unpack_from("=BBH", body)
        op = self.ops.get(cmd)
        if not op or version != 1 or reserved:
            raise Failure(f"reply with header {body[:4].hex()}")
        # An event is like the answer of the operation it is said to be like.
        op = self.spec.ops[op.get("notify", op["name"])]
        self.attrs(op["attribute-set"], body[4:], self.shown(op))

    def attrs(self, set_name, data, allowed=None):
        seen, at = set(), 0
        while at < len(data):
            if len(data) - at < 4:
                raise Failure(f"{set_name}: {len(data) - at} bytes too many")
            size, kind = struct.unpack_from("=HH", data, at)
            desc = self.by_number[set_name].get(kind & self.MASK)
            if size < 4 or at + size > len(data) or not desc:
                raise Failure(f"{set_name}: attribute {kind} of {size} bytes")
            name = desc["name"]
            if name in seen and not desc.get("multi-attr") and name != "pad":
                raise Failure(f"{set_name}: {name} is there twice")
            if allowed is not None and name != "pad" and name not in allowed:
                raise Failure(f"{set_name}: {name} is not of the reply")
            seen.add(name)
            self.value(desc, data[at + 4:at + size])
            at += (size + 3) & ~3

    def range(self, desc):
        # The range of an MTU is for requests: what a device has is its own affair.
        if desc["name"] == "mtu":
            return 0, None
        key = id(desc)
        if key not in self.ranges:
            high = self.spec.check(desc, "max")
            if high is None:
                high = self.spec.enum_max(desc)
            self.ranges[key] = self.spec.check(desc, "min") or 0, high
        return self.ranges[key]

    def value(self, desc, value):
        kind, name = desc["type"], desc["name"]
        if kind == "nest":
            self.attrs(desc["nested-attributes"], value)
        elif kind in SIZES:
            low, high = self.range(desc)
            number = int.from_bytes(value, "little")
            if (len(value) != SIZES[kind] or number < low
                    or (high is not None and number > high)):
                raise Failure(f"{name}: {value.hex()} is out of range")
        elif kind == "string":
            longest = self.spec.check(desc, "max-len")
            if value[-1:] != b"\0" or not 1 < len(value) <= longest + 1:
                raise Failure(f"{name}: {value!r} is no name")
        elif kind == "binary":
            if len(value) != self.spec.check(desc, "exact-len"):
                raise Failure(f"{name}: {value.hex()} has a wrong length")


class Requests(Replies):
    """Checks whether the spec allows a request, of which the kernel takes what it
    need not care for: the bit for the byte order, what follows a name."""
    MASK = 0x3fff

    def value(self, desc, value):
        if desc["type"] == "string":
            if b"\0" not in value[:self.spec.check(desc, "max-len") + 1]:
                raise Failure(f"{desc['name']}: {value!r} has no end")
        elif desc["type"] == "flag":
            if value:
                raise Failure(f"{desc['name']}: {value.hex()} for a flag")
        else:
            super().value(desc, value)

    def check_obeyed(self, data):
        """A message that the kernel has obeyed."""
        size, kind, flags = struct.unpack_from("=IHH", data)
        if kind != self.family or size != len(data) or not flags & F_REQUEST:
            return
        op = self.ops[data[16]]
        try:
            self.attrs(op["attribute-set"], data[20:],
                       op["do"]["request"]["attributes"])
        except Failure as err:
            raise Failure(f"obeyed, but {err}") from err


class Answer:
    """All that came back for a request."""
    def __init__(self):
        self.errno = None      # None: no answer at all
        self.msg, self.offset = "", None
        self.messages = 0
        self.lost = False      # an answer could not be allocated

    def take_end(self, kind, flags, body):
        self.errno = -struct.unpack_from("=i", body)[0]
        if not flags & F_TLVS:
            return
        for number, value in parse(body[20 if kind == NLMSG_ERROR else 4:]):
            if number == 1:
                self.msg = value.rstrip(b"\0").decode(errors="replace")
            elif number == 2:
                self.offset = struct.unpack("=I", value)[0]

    @property
    def refused(self):
        return bool(self.errno)


def collect(link, replies, seq):
    """Answers that are there already, all of them; those of a dump to its end."""
    out = Answer()
    link.sock.setblocking(False)
    while True:
        try:
            data = link.sock.recv(1 << 16)
        except BlockingIOError:
            return out
        except OSError as err:
            if err.errno not in (errno.ENOBUFS, errno.ENOMEM):
                raise
            out.lost = True
            continue
        while len(data) >= 16:
            size, kind, flags, got, _ = struct.unpack_from("=IHHII", data)
            if size < 16 or size > len(data):
                raise Failure(f"reply of length {size} in {len(data)} bytes")
            body, data = data[16:size], data[(size + 3) & ~3:]
            if kind in (NLMSG_ERROR, NLMSG_DONE):
                if got == seq:
                    out.take_end(kind, flags, body)
            else:
                replies.check(kind, body)
                out.messages += 1


def may_be_silent(msg, answer, size, state):
    if msg.protocol == "genl":
        # Without a header of the family the core says EINVAL.
        return (answer.errno in SILENT_GENL
                or min(size, msg.length or size) < 20)
    if msg.spoiled:
        return True     # It may ask the core for what we know nothing of.
    if state and asks_module(msg, state):
        return answer.errno == errno.EPERM
    return answer.errno in SILENT_ROUTE[msg.what]


def asks_module(msg, state):
    """Whether the core hands a request of rtnetlink on to the module."""
    index = state.target(msg)
    if msg.what.startswith("fdb"):
        return index in state.switches and msg.head[10] & NTF_SELF
    if msg.what == "link set switch":
        return index in state.switches
    if msg.what == "link set slave":
        return state.master(index) in state.switches
    if msg.what == "link set master":
        return (("link", index) in state.fixed
                and struct.unpack("=I", msg.nodes[0].data)[0] in state.switches)
    return False


def check_refusal(msg, answer, size, state):
    """Why, in a sentence, and at a place that is in the message."""
    if not answer.refused:
        return
    code = errno.errorcode.get(answer.errno, str(answer.errno))
    if answer.offset is not None and answer.offset >= max(size, 16):
        raise Failure(f"{code} at {answer.offset}, which is not in the message")
    if not answer.msg and not may_be_silent(msg, answer, size, state):
        raise Failure(f"{code} without a sentence")


class State:
    """Switches, ports, entries and devices, without what changes by itself."""
    def __init__(self, genl, route, spec, family):
        self.at = time.monotonic()
        self.fixed, self.dynamic, self.index = {}, {}, {}
        self.switches = set()
        self.genl, self.family = genl, family
        sets = spec.sets
        self.take(spec, "switch-get", [
            sets["switch"][n]["number"]
            for n in ("fdb-count", "fdb-memory", "stats")])
        self.take(spec, "port-get", [
            sets["port"][n]["number"] for n in ("fdb-count", "stats")])
        self.take_entries(spec)
        self.take(spec, "vlan-get", ())
        self.take_members(spec)
        self.take_links(route)

    def dump(self, spec, op):
        head = struct.pack("=BBH", spec.ops[op]["number"], 1, 0)
        reply = self.genl.ask(self.family, head, F_DUMP)
        if reply.errno:
            raise Failure(f"{op}: dump is refused: {reply.errno}")
        return reply.messages

    def take(self, spec, op, volatile):
        for message in self.dump(spec, op):
            attrs = [a for a in parse(message, 4) if a[0] not in volatile]
            self.fixed[op, message[4:12], len(self.fixed)] = attrs
            if op == "switch-get":
                self.switches.add(struct.unpack("=I", attrs[0][1])[0])

    def take_entries(self, spec):
        numbers = spec.sets["fdb-entry"]
        kind_at, age_at = numbers["type"]["number"], numbers["age"]["number"]
        entry_at = spec.sets["fdb"]["entry"]["number"]
        for message in self.dump(spec, "fdb-get"):
            attrs = parse(message, 4)
            switch = attrs[0][1]
            for number, value in attrs:
                if number != entry_at:
                    continue
                entry = dict(parse(value))
                age = entry.pop(age_at, None)
                key = switch, tuple(sorted(entry.items()))
                if entry[kind_at] == struct.pack("=I", DYNAMIC):
                    self.dynamic[key] = struct.unpack("=I", age)[0]
                else:
                    self.fixed[key] = True

    def take_members(self, spec):
        """Those of an administrator; hosts and routers come and go."""
        numbers = spec.sets["mdb-entry"]
        for message in self.dump(spec, "mdb-get"):
            attrs = parse(message, 4)
            for number, value in attrs:
                if number != spec.sets["mdb"]["entry"]["number"]:
                    continue
                entry = dict(parse(value))
                if entry[numbers["type"]["number"]] == struct.pack("=I", STATIC_MEMBER):
                    self.fixed["mdb", attrs[0][1], tuple(sorted(entry.items()))] = True

    def take_links(self, route):
        wanted = (IFLA["address"], IFLA["ifname"], IFLA["mtu"], IFLA["master"],
                  IFLA_PROMISCUITY, IFLA_ALLMULTI)
        reply = route.ask(RTM_GETLINK, ifinfo() + SKIP_STATS, F_DUMP)
        for message in reply.messages:
            _, _, index, flags, _ = struct.unpack_from("=BxHiII", message)
            attrs = [a for a in parse(message, 16) if a[0] in wanted]
            name = dict(attrs)[IFLA["ifname"]].rstrip(b"\0").decode("latin-1")
            self.index[name] = index
            self.fixed["link", index] = flags & ~IFF_VOLATILE, attrs

    def target(self, msg):
        """Interface index of the device that a message of rtnetlink is about."""
        index = struct.unpack_from("=BxHi", msg.head)[2]
        for node in msg.nodes:
            if node.name == "ifname" and not index:
                name = node.data.rstrip(b"\0").decode("latin-1")
                index = self.index.get(name, 0)
        return index

    def master(self, index):
        """Interface index of the master of a device, None if it has none."""
        attrs = dict(self.fixed.get(("link", index), (0, ()))[1])
        value = attrs.get(IFLA["master"])
        return value and struct.unpack("=I", value)[0]

    def ports(self):
        """Names of the ports of each switch, by its name."""
        names = {index: name for name, index in self.index.items()}
        out = {names[index]: [] for index in self.switches if index in names}
        for index, name in names.items():
            switch = names.get(self.master(index))
            if switch in out:
                out[switch].append(name)
        return out

    def ageing(self, spec):
        """Shortest ageing time of a switch; what is near it may go by itself."""
        number = spec.sets["switch"]["ageing"]["number"]
        times = [struct.unpack("=I", dict(attrs)[number])[0]
                 for key, attrs in self.fixed.items() if key[0] == "switch-get"]
        return min([t for t in times if t] or [1 << 32])

    def asks(self, spec):
        """Whether a switch has a querier, from which others learn its address."""
        number = spec.sets["switch"]["mcast-querier"]["number"]
        return any(dict(attrs).get(number) == b"\1"
                   for key, attrs in self.fixed.items() if key[0] == "switch-get")

    def differs(self, later, spec):
        """What is not the same later on, as text; empty if all is."""
        lost = [k for k, v in self.fixed.items() if later.fixed.get(k) != v]
        came = [k for k, v in later.fixed.items() if self.fixed.get(k) != v]
        spent = later.at - self.at + 5
        if not self.asks(spec) and not later.asks(spec):
            came += [k for k in later.dynamic if k not in self.dynamic]
            lost += [k for k, age in self.dynamic.items()
                     if k not in later.dynamic and age + spent < self.ageing(spec)]
        if not lost and not came:
            return ""
        was = [(k, self.fixed.get(k)) for k in lost]
        now = [(k, later.fixed.get(k)) for k in came]
        return f"the state has changed: {was} -> {now}"
