# SPDX-License-Identifier: GPL-2.0-only
"""What is sent, and to how many."""

import dataclasses
import random
import typing

from frames import BROADCAST, gso_frame, tagged, udp_frame

UNKNOWN = bytes.fromhex("02005e0053ff")
# Stations that send to many: where the switch keeps one of them may be lucky.
SOURCES = 64


@dataclasses.dataclass
class Workload:
    """kind: which ways it is for; entries: addresses that the second port has;
    choose: makes the addresses, destination and source, that the frames have in
    turn, of which it says None for the one that stays; pause:
    milliseconds between batches, nanoseconds between pings; shared: others
    send to the same tap; vid: of the tags that frames have, 0 for none."""
    kind: str
    frame: bytes
    batch: int = 64
    batches: int = 200
    receivers: int = 1
    entries: int = 0
    choose: typing.Callable = None
    pause: int = 0
    shared: bool = False
    vid: int = 0

    def addresses(self):
        """A pair for each frame; more, for some may have to be sent again."""
        count = 2 * self.batch * self.batches
        pairs = self.choose(count) if self.choose else ()
        return b"".join((dst or self.dst) + (src or self.src) for dst, src in pairs)

    @property
    def many(self):
        """Whether there are more entries than a port may have by default."""
        return bool(self.choose or self.entries)

    @property
    def shape(self):
        """Those with the same one can follow each other without a change."""
        return self.kind, self.receivers, self.entries

    @property
    def dst(self):
        return self.frame[12:18]

    @property
    def src(self):
        return self.frame[18:24]


def entry(number):
    """Address of an entry: entries of which the last byte differs follow each other."""
    return b"\x02\x0a" + number.to_bytes(4, "big")


def entries(number, at_once=256):
    """The first so many, some of them, a power of two up to 256, at a time."""
    for first in range(0, number, at_once):
        last = [bytes([(first + i) % 256]) for i in range(at_once)]
        front = entry(first)[:-1]
        yield [front + byte for byte in last[:number - first]]


def new_sources(count):
    return ((None, b"\x02\x0b" + number.to_bytes(4, "big")) for number in range(count))


def random_of(entries):
    def choose(count):
        numbers = random.Random(entries)
        return ((entry(numbers.randrange(entries)),
                 bytes((2, 0x0c, 0, 0, 0, number % SOURCES))) for number in range(count))
    return choose


WORKLOADS = {
    "60": Workload("unicast", udp_frame(60)),
    "512": Workload("unicast", udp_frame(512)),
    "1500": Workload("unicast", udp_frame(1500), batches=100),
    "64K": Workload("unicast", gso_frame(45), batch=16, batches=24),
}
# With tags of a VLAN, which both ports have, or translate from another number.
VID = 10
for kind in "trunk", "translated":
    WORKLOADS[kind] = Workload(kind, tagged(udp_frame(60), VID), vid=VID)
# Between NICs, real or virtual.  They get no 64 KiB at once.
for name in "60", "512", "1500":
    WORKLOADS[f"nic-{name}"] = dataclasses.replace(WORKLOADS[name], kind="nic")
for number in 2, 16, 64:
    for name, dst in ("bcast", BROADCAST), ("unknown", UNKNOWN):
        WORKLOADS[f"flood-{name}-{number}"] = Workload(
            f"flood-{name}", udp_frame(60, dst), receivers=number,
            batches=max(32, 128 // number))
# With pauses, in which tables can grow: this is about those that are learned.
WORKLOADS["new-source"] = Workload("new-source", udp_frame(60),
                                   choose=new_sources, pause=1)
for number in 1, 1000, 100000, 1000000:
    WORKLOADS[f"random-dst-{number}"] = Workload(
        "random-dst", udp_frame(60, entry(0)), entries=number,
        choose=random_of(number))

KINDS = tuple(dict.fromkeys(load.kind for load in WORKLOADS.values()))
