# SPDX-License-Identifier: GPL-2.0-only
"""Netlink messages as trees, which can be spoiled before they are sent."""

import struct

from nl import F_ACK, F_REQUEST, NESTED, attr

BYTEORDER = 0x4000


class Node:
    """An attribute: bytes, or a nest of others after some bytes."""
    def __init__(self, kind, data=b"", kids=None, name=""):
        self.kind, self.data, self.kids, self.name = kind, data, kids, name
        self.flags = 0 if kids is None else NESTED
        self.length = None

    def encode(self):
        data = self.data + b"".join(kid.encode() for kid in self.kids or ())
        size = 4 + len(data)
        if size > 0xffff and self.length is None:
            return attr(self.kind & 0x3fff, data, self.flags, size & 0xffff)
        return attr(self.kind & 0x3fff, data, self.flags, self.length)

    def copy(self):
        kids = None if self.kids is None else [k.copy() for k in self.kids]
        other = Node(self.kind, self.data, kids, self.name)
        other.flags, other.length = self.flags, self.length
        return other

    def lines(self, indent):
        length = "" if self.length is None else f" length={self.length}"
        flags = f" flags={self.flags:#x}" if self.flags else ""
        yield (f"{'  ' * indent}{self.name or '?'} type={self.kind}{flags}"
               f"{length} {self.data[:64].hex()}"
               + (f"... {len(self.data)} bytes" if len(self.data) > 64 else ""))
        for kid in (self.kids or [])[:40]:
            if indent < 12:
                yield from kid.lines(indent + 1)


class Msg:
    """A request; what: the operation, for people and for the checks."""
    def __init__(self, what, kind, head, nodes, flags=F_ACK):
        self.what, self.kind, self.head, self.nodes = what, kind, head, nodes
        self.flags = flags | F_REQUEST
        self.length = self.seq = None
        self.tail = b""
        self.spoiled = []
        self.protocol = None

    def encode(self, seq):
        self.seq = seq
        data = self.head + b"".join(n.encode() for n in self.nodes) + self.tail
        size = 16 + len(data) if self.length is None else self.length
        return struct.pack("=IHHII", size, self.kind, self.flags, seq, 0) + data

    def decoded(self):
        """The tree, for people."""
        yield (f"{self.what}: type={self.kind} flags={self.flags:#x} "
               f"seq={self.seq} head={self.head.hex()} length={self.length}")
        if self.spoiled:
            yield f"  spoiled: {', '.join(self.spoiled)}"
        for node in self.nodes[:40]:
            yield from node.lines(1)
        if self.tail:
            yield f"  followed by {self.tail.hex()}"


def all_nodes(nodes):
    """Each list of attributes and each place in it."""
    for at, node in enumerate(nodes):
        yield nodes, at
        if node.kids:
            yield from all_nodes(node.kids)


class Spoiler:
    """Makes a good message a bad one, at random."""
    TREE = ("kind", "length", "flags", "data", "short", "long", "empty", "twice",
            "gone", "unknown", "other", "number", "deep", "text", "swap")
    WHOLE = ("bits", "tail", "msg_flags", "msg_length", "header", "nothing_left")

    def __init__(self, rng, sets):
        self.rng, self.sets = rng, sets

    def spoil(self, msg):
        for _ in range(self.rng.choice((1, 1, 1, 2, 3))):
            places = list(all_nodes(msg.nodes))
            if places and self.rng.random() < 0.8:
                how = self.rng.choice(self.TREE)
                nodes, at = self.rng.choice(places)
                getattr(self, "do_" + how)(nodes, at)
            else:
                how = self.rng.choice(self.WHOLE)
                getattr(self, "do_" + how)(msg)
            msg.spoiled.append(how)

    # One attribute

    def do_kind(self, nodes, at):
        kind = nodes[at].kind
        nodes[at].kind = self.rng.choice((0, kind + 1, max(kind - 1, 0),
                                          self.rng.randrange(24), 255, 0x3fff,
                                          self.rng.randrange(0x4000)))

    def do_length(self, nodes, at):
        size = len(nodes[at].encode())
        nodes[at].length = self.rng.choice(
            (0, 1, 2, 3, 4, 5, size - 1, size + 1, size + 4, size + 400,
             0x7fff, 0xffff, self.rng.randrange(0x10000)))

    def do_flags(self, nodes, at):
        nodes[at].flags ^= self.rng.choice((NESTED, BYTEORDER,
                                            NESTED | BYTEORDER))

    def do_data(self, nodes, at):
        size = len(nodes[at].data) or self.rng.randrange(12)
        nodes[at].data = self.rng.randbytes(size)

    def do_short(self, nodes, at):
        data = nodes[at].data
        nodes[at].data = data[:self.rng.randrange(len(data))] if data else b""

    def do_long(self, nodes, at):
        more = self.rng.choice((1, 2, 3, 4, 5, 8, 60, 1000, 20000))
        nodes[at].data += self.rng.choice((bytes(more),
                                           self.rng.randbytes(more)))

    @staticmethod
    def do_empty(nodes, at):
        nodes[at].data = b""
        if nodes[at].kids:
            nodes[at].kids = []

    def do_twice(self, nodes, at):
        for _ in range(self.rng.choice((1, 1, 1, 2, 30))):
            nodes.insert(self.rng.randrange(len(nodes) + 1), nodes[at].copy())

    @staticmethod
    def do_gone(nodes, at):
        del nodes[at]

    def do_unknown(self, nodes, _at):
        kind = self.rng.choice((0, 17, 40, 99, 0x3fff))
        data = self.rng.randbytes(self.rng.randrange(9))
        nodes.insert(self.rng.randrange(len(nodes) + 1), Node(kind, data))

    def do_other(self, nodes, _at):
        """One of the spec that may not belong here."""
        desc = self.rng.choice(self.sets)
        node = Node(desc["number"], self.rng.randbytes(4), name=desc["name"])
        nodes.insert(self.rng.randrange(len(nodes) + 1), node)

    def do_number(self, nodes, at):
        size = len(nodes[at].data)
        if size not in (1, 2, 4, 8):
            return self.do_data(nodes, at)
        top = (1 << 8 * size) - 1
        value = self.rng.choice((0, 1, 2, 3, top, top >> 1, (top >> 1) + 1,
                                 4094, 4095, 4096, 1 << 24, (1 << 24) + 1,
                                 1000000, 1000001, self.rng.randrange(top)))
        nodes[at].data = (value & top).to_bytes(size, "little")
        return None

    def do_deep(self, nodes, at):
        """A nest in a nest in a nest; in bytes, as it may be very deep."""
        node = nodes[at]
        data = node.encode()
        deep = min(self.rng.choice((1, 2, 5, 40, 200, 4000)),
                   (0xff00 - len(data)) // 4)
        heads = [struct.pack("=HH", len(data) + 4 * n, NESTED | node.kind & 0x3fff)
                 for n in range(deep - 1, 0, -1)]
        nodes[at] = Node(node.kind, b"".join(heads) + data, name=node.name)
        nodes[at].flags = NESTED

    def do_text(self, nodes, at):
        nodes[at].data = self.rng.choice(
            (b"", b"\0", b"x" * 15, b"x" * 16, b"x" * 15 + b"\0", b"a/b\0",
             b"%d\0", b"\xff\xfe\0", b"vsw%d\0", b" \0", b".\0", b"all\0",
             b"s0", b"s0\0\0\0", b"x" * 4000 + b"\0"))

    def do_swap(self, nodes, _at):
        self.rng.shuffle(nodes)

    # The whole message

    def do_bits(self, msg):
        data = bytearray(b"".join(n.encode() for n in msg.nodes))
        if not data:
            return
        for _ in range(self.rng.choice((1, 1, 2, 8))):
            data[self.rng.randrange(len(data))] ^= 1 << self.rng.randrange(8)
        msg.nodes, msg.tail = [], bytes(data) + msg.tail

    def do_tail(self, msg):
        msg.tail += self.rng.randbytes(self.rng.choice((1, 2, 3, 4, 7, 100)))

    def do_msg_flags(self, msg):
        msg.flags ^= 1 << self.rng.randrange(16)

    def do_msg_length(self, msg):
        size = len(msg.encode(0))
        msg.length = self.rng.choice((0, 1, 15, 16, 17, 19, 20, size - 1,
                                      size - 4, size + 1, size + 4, 0x7fffffff,
                                      0xffffffff, self.rng.randrange(size)))
        msg.length = max(msg.length, 0)

    def do_header(self, msg):
        if not msg.head:
            return
        at = self.rng.randrange(len(msg.head))
        value = self.rng.choice((0, 1, 255, self.rng.randrange(256)))
        msg.head = msg.head[:at] + bytes((value,)) + msg.head[at + 1:]

    def do_nothing_left(self, msg):
        msg.nodes = []
        msg.head = msg.head[:self.rng.randrange(len(msg.head) + 1)]
