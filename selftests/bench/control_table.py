#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Print the figures of control.py and of ageing.py as a table, or write them into a
document, between <!-- control --> and <!-- end -->.

usage: control_table.py FIGURES [DOCUMENT]
"""

import dataclasses
import json
import statistics
import sys

from document import fill, head, print_columns, row

HEAD = ["", "vswitch", "bridge", "vswitch / bridge", "wanted"]


@dataclasses.dataclass
class Row:
    """text: what it is; subject, key: of which figure; most: the ratio that is wanted,
    or the figure itself; at: number of ports, None for the most there are; native: on
    a real processor."""
    text: str
    subject: str
    key: str
    ratio: float = None
    most: float = None
    at: int = None
    native: bool = False


ROWS = (
    Row("load, ms", "load", "ms", ratio=0.10),
    Row("of which in the kernel", "load", "kernel_ms"),
    Row("show, ms", "show", "ms"),
    Row("of which in the kernel", "show", "kernel_ms"),
    Row("flush, ms", "flush", "ms"),
    Row("memory of an entry, as the switch says, bytes", "memory", "own", most=32),
    Row("as the kernel accounts for it", "memory", "accounted", most=32),
    Row("as it is missed", "memory", "missed", most=32),
    Row("ageing, while nothing is old, ms", "ageing", "quiet_ms"),
    Row("ageing, to forget all, ms", "ageing", "forget_ms"),
    Row("longest run of its work, microseconds", "ageing", "run_us"),
    Row("longest time under the lock, microseconds", "slice", "slice_us", most=50),
    Row("the same natively: while nothing is old, ms", "ageing", "quiet_ms",
        native=True),
    Row("one of 64 looks at all of them, ms", "ageing", "look_ms", most=10,
        native=True),
    Row("to forget all, ms", "ageing", "forget_ms", native=True),
    Row("longest run of its work, microseconds", "ageing", "run_us", native=True),
    Row("attach the 31st port, microseconds", "attach", "us", at=31),
    Row("the 1023rd", "attach", "us", at=1023),
    Row("the 3999th", "attach", "us", at=3999),
    Row("detach the 31st port, microseconds", "detach", "us", at=31),
    Row("the 1023rd", "detach", "us", at=1023),
    Row("delete a switch with all its ports, microseconds for each", "delete", "us"),
    Row("memory of a port, bytes", "port memory", "accounted"),
)


def is_native(figure):
    return "deb" not in figure["kernel"]


def value(figures, way, row):
    """Median of the rounds, or None."""
    found = [f[row.key] for f in figures
             if (f["subject"], f["way"], is_native(f)) == (row.subject, way, row.native)
             and row.at in (None, f["count"]) and row.key in f]
    return statistics.median(found) if found else None


def shown(number):
    if number is None:
        return "-"
    return f"{number:.0f}" if number >= 100 else f"{number:.1f}"


def bold(text, number, most):
    return f"**{text}**" if None not in (number, most) and number > most else text


def cells(figures, row):
    """What is not as wanted is in bold."""
    ours, theirs = (value(figures, way, row) for way in ("vswitch", "bridge"))
    ratio = ours / theirs if ours is not None and theirs else None
    wanted = f"ratio {row.ratio:.2f}" if row.ratio else \
        shown(row.most) if row.most else ""
    return [row.text, bold(shown(ours), ours, row.most), shown(theirs),
            bold(f"{ratio:.3f}" if ratio is not None else "-", ratio, row.ratio), wanted]


def rows(figures):
    """With what there is to be said of flows of Open vSwitch."""
    out = [HEAD, *(cells(figures, row) for row in ROWS)]
    return out + [[f"(openvswitch: memory of one of {f['count']} flows, bytes: "
                   f"{f['accounted']:.0f})", "", "", "", ""]
                  for f in figures if f["way"] == "openvswitch"]


def main():
    with open(sys.argv[1], encoding="ascii") as file:
        figures = json.load(file)
    if len(sys.argv) > 2:
        first, *others = rows(figures)
        fill(sys.argv[2], {"control": [*head(first), *map(row, others)]})
    else:
        print_columns(rows(figures))


main()
