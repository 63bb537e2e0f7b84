#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Write the figures of native.py, latency.py and cpus.py into a document.

usage: times.py DIRECTORY DOCUMENT	(native.json, latency.json and cpus.json are there)
       times.py DIRECTORY		prints those that are there

What is between <!-- NAME --> and <!-- end --> in the document is replaced, NAME being
native-wanted, native, latency or cpus. What is not as wanted is in bold.
"""

import json
import os
import sys

from document import cell_of, fill, head, row
from measure import spread
from table import unique

OURS = "vswitch-direct-direct", "vswitch-tun-tun", "vswitch-tun-tun-noqueue"
MANY = "random-dst-1000000"
QUARTILES = "{median:.{0}f} ({low:.{0}f} to {high:.{0}f})"


class Rounds:
    """What native.py has measured, by way and workload."""
    def __init__(self, figures):
        self.by_name = {(f["way"], f["workload"]): f["rounds"] for f in figures}

    def send(self, way, load="60"):
        return [send for send, _ in self.by_name[way, load]]

    def total(self, way, load):
        return [sum(both) for both in self.by_name[way, load]]

    def added(self, way):
        """By a million entries."""
        return [many - one for many, one in zip(self.send(way, MANY),
                                                self.send(way, "random-dst-1"))]


def against(peer):
    return lambda rounds, way: zip(rounds.send(way), rounds.send(peer))


WANTED = (
    ("send 60 bytes, of bridge", 0.60, against("bridge")),
    ("of bridge, noqueue", None, against("bridge-noqueue")),
    ("of openvswitch", 0.40, against("openvswitch")),
    ("of macvtap", None, against("macvtap")),
    ("send and receive 64 KiB, of bridge", 1.02, lambda rounds, way: zip(
        rounds.total(way, "64K"), rounds.total("bridge", "64K"))),
    ("what a million entries add, of what they add to the bridge", 0.35,
     lambda rounds, way: zip(rounds.added(way), rounds.added("bridge"))),
)


def native_wanted(figures):
    """Ratios of the same round, of which median and quartiles are shown."""
    rounds = Rounds(figures)
    yield from head(["", "wanted", *OURS])
    for text, most, pairs in WANTED:
        cells = [text, "-" if most is None else f"{most:.2f}"]
        for way in OURS:
            ratio = spread([a / b for a, b in pairs(rounds, way)], 2)
            cells.append(cell_of(ratio["median"], QUARTILES.format(2, **ratio), most))
        yield row(cells)


def native(figures):
    spreads = {(f["way"], f["workload"]): f["spread"] for f in figures}
    both = "60", "64K"
    loads = [load for load, in unique(figures, "workload") if load not in both]
    yield from head(["", *(f"{load}: {what}" for load in both
                           for what in ("send", "receive")),
                     *(f"one of {load.split('-')[-1]}: send" for load in loads)])
    for way, in unique(figures, "way"):
        yield row([way, *(QUARTILES.format(0, **spreads[way, load][what])
                          if (way, load) in spreads else "-"
                          for load in both for what in ("send", "receive")),
                   *(QUARTILES.format(0, **spreads[way, load]["send"])
                     if (way, load) in spreads else "-" for load in loads)])


def latency(figures):
    """No more than the bridge's are wanted: the median and p99.9."""
    due = {(f["way"], f["scene"]): f["due"] for f in figures}
    names = list(figures[0]["due"])
    yield from head(["", "", "on the way, p50", *names])
    for f in sorted(figures, key=lambda f: unique(figures, "scene").index((f["scene"],))):
        peer = due["bridge", f["scene"]]
        yield row([f["scene"], f["way"], f"{f['trip']['p50'] / 1000:.1f}",
                   *(cell_of(f["due"][name], f"{f['due'][name] / 1000:.1f}",
                             peer[name] if name in ("p50", "p99.9") else None)
                     for name in names)])


def cpus(figures):
    """Of two pairs at least 1.9 times as much is wanted."""
    scenes = list(figures[0]["scenes"])
    yield from head(["", f"{scenes[0]}: ns", *(
        text for scene in scenes[1:]
        for text in (f"{scene}: ns", "times as much", "by the wall clock", "lost"))])
    for one in figures:
        cells = [one["way"]]
        for scene, found in one["scenes"].items():
            cells.append(QUARTILES.format(0, **found["ns"]))
            if scene != scenes[0]:
                cells.append(cell_of(
                    found["factor"]["median"], QUARTILES.format(2, **found["factor"]),
                    least=1.9 if scene == "two pairs" else None))
                cells.append(QUARTILES.format(2, **found["wall"]))
                cells.append(f"{found['lost']['median']:.1%}")
        yield row(cells)


SECTIONS = {"native-wanted": native_wanted, "native": native, "latency": latency,
            "cpus": cpus}


def main():
    where, *document = sys.argv[1:]
    sections = {}
    for name, lines in SECTIONS.items():
        path = os.path.join(where, f"{name.split('-', maxsplit=1)[0]}.json")
        if not document and not os.path.exists(path):
            continue
        with open(path, encoding="ascii") as file:
            sections[name] = list(lines(json.load(file)))
    if document:
        fill(document[0], sections)
    else:
        for name, lines in sections.items():
            print(f"\n{name}:", *lines, sep="\n")


main()
