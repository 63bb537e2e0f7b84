# SPDX-License-Identifier: GPL-2.0-only
"""Netlink and the spec of the family vswitch, for tests in Python.

Requests are made and replies are taken apart byte by byte, so that a test can
make bad ones.
"""

import socket
import struct

import yaml

NETLINK_ROUTE, NETLINK_GENERIC = 0, 16
SOL_NETLINK, NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_STRICT = 270, 10, 11, 12
F_REQUEST, F_ACK, F_DUMP, F_CAPPED, F_TLVS = 1, 4, 0x300, 0x100, 0x200
F_CREATE, F_EXCL, F_REPLACE = 0x400, 0x200, 0x100
NLMSG_ERROR, NLMSG_DONE = 2, 3
NESTED = 0x8000
RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, RTM_SETLINK = 16, 17, 18, 19
RTM_NEWNEIGH, RTM_DELNEIGH, RTM_GETNEIGH = 28, 29, 30
IFLA_ADDRESS, IFLA_IFNAME, IFLA_MTU, IFLA_MASTER, IFLA_LINKINFO = 1, 3, 4, 10, 18
SIZES = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}


def attr(kind, data, flags=0, length=None):
    """One attribute; a wrong length may be written into its header."""
    size = 4 + len(data)
    head = struct.pack("=HH", size if length is None else length, kind | flags)
    return head + data + b"\0" * (-size % 4)


HEADER = struct.Struct("=HH")


def parse(data, at=0):
    """Type and value of each attribute from a place on."""
    out, end, unpack = [], len(data), HEADER.unpack_from
    while at + 4 <= end:
        size, kind = unpack(data, at)
        if size < 4 or at + size > end:
            break
        out.append((kind & 0x3fff, data[at + 4:at + size]))
        at += (size + 3) & ~3
    return out


class Reply:
    """What came back: an errno, its message and attribute, and messages."""
    def __init__(self):
        self.errno, self.msg, self.offset, self.miss = 0, "", None, None
        self.messages, self.in_dump = [], False

    def take_error(self, data, flags, at):
        self.errno = -struct.unpack_from("=i", data)[0]
        if not flags & F_TLVS:
            return
        for kind, value in parse(data[at:]):
            if kind == 1:
                self.msg = value.split(b"\0")[0].decode()
            elif kind == 2:
                self.offset = struct.unpack("=I", value)[0]
            elif kind == 5:
                self.miss = struct.unpack("=I", value)[0]


class Link:
    """A netlink socket, or one that was opened elsewhere."""
    def __init__(self, protocol, sock=None):
        self.sock = sock or socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                          protocol)
        self.sock.settimeout(30)
        for option in (NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_STRICT):
            self.sock.setsockopt(SOL_NETLINK, option, 1)
        self.seq = 1

    def ask(self, kind, payload, flags=F_ACK, length=None):
        self.seq += 1
        size = 16 + len(payload) if length is None else length
        self.sock.send(struct.pack("=IHHII", size, kind, flags | F_REQUEST,
                                   self.seq, 0) + payload)
        reply = Reply()
        while not self.take(reply):
            pass
        return reply

    def take(self, reply):
        data = self.sock.recv(1 << 18)
        while len(data) >= 16:
            size, kind, flags, seq, _ = struct.unpack_from("=IHHII", data)
            body, data = data[16:size], data[(size + 3) & ~3:]
            if seq != self.seq:
                continue
            if kind == NLMSG_ERROR:
                reply.take_error(body, flags, 20)
                return True
            if kind == NLMSG_DONE:
                reply.in_dump = True
                reply.take_error(body, flags, 4)
                return True
            reply.messages.append(body)
        return False


class Spec:
    """The spec, its names resolved to numbers."""
    def __init__(self, path):
        with open(path, encoding="utf-8") as text:
            spec = yaml.safe_load(text)
        self.consts = {d["name"]: d["value"] for d in spec["definitions"]
                       if d["type"] == "const"}
        self.enums = {d["name"]: len(d["entries"]) for d in spec["definitions"]
                      if d["type"] == "enum"}
        # Flags: as many values as their bits can make.
        self.enums |= {d["name"]: 1 << len(d["entries"]) for d in spec["definitions"]
                       if d["type"] == "flags"}
        self.sets = {}
        for one in spec["attribute-sets"]:
            self.sets[one["name"]] = {
                a["name"]: dict(a, number=n + 1)
                for n, a in enumerate(one["attributes"])}
        self.ops = {op["name"]: dict(op, number=n + 1)
                    for n, op in enumerate(spec["operations"]["list"])}

    def enum_max(self, desc):
        return self.enums[desc["enum"]] - 1 if "enum" in desc else None

    def check(self, desc, name):
        value = desc.get("checks", {}).get(name)
        return self.consts.get(value, value)

    def encode(self, desc, value):
        if isinstance(value, bytes):
            return value
        if desc["type"] == "flag":
            return b""
        if isinstance(value, str):
            return value.encode() + b"\0"
        return value.to_bytes(SIZES[desc["type"]], "little")

    def put(self, set_name, name, value):
        """An attribute; a dict is a nest, a list of dicts many of them."""
        desc = self.sets[set_name][name]
        if isinstance(value, list):
            return b"".join(self.put(set_name, name, one) for one in value)
        if isinstance(value, dict):
            inner = desc["nested-attributes"]
            data = b"".join(self.put(inner, k, v) for k, v in value.items())
            return attr(desc["number"], data, NESTED)
        return attr(desc["number"], self.encode(desc, value))


def find_family(link, name=b"vswitch"):
    """Number of a generic netlink family."""
    reply = link.ask(16, struct.pack("=BBH", 3, 1, 0) + attr(2, name + b"\0"))
    for message in reply.messages:
        for kind, value in parse(message[4:]):
            if kind == 1:
                return struct.unpack("=H", value)[0]
    raise SystemExit(f"there is no family {name.decode()}")
