#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Print the figures of bench.py as tables.

usage: table.py FILE
"""

import json
import sys

from document import print_columns

# The first of these that is there is what the others are compared with.
UNITS = "vswitch-direct-direct", "vswitch-nic", "vswitch-vlan-direct-direct"
PATHS = {"vhost": "in the kernel, as vhost-net sends and receives",
         "syscall": "by write() and read()",
         "ends": "from the ring of one vhost-net to that of another",
         "driver": "as the driver of a NIC receives and sends"}
KINDS = {"unicast": "known unicast, by bytes of the frame",
         "nic": "known unicast between NICs and between veths",
         "flood-bcast": "broadcast of 60 bytes to so many ports; all of them receive",
         "flood-unknown": "unknown unicast of 60 bytes, the same",
         "new-source": "60 bytes, the source of each frame is a new one",
         "trunk": "60 bytes and a tag, from trunk to trunk",
         "translated": "the same, and both translate it",
         "random-dst": "60 bytes, to one of so many entries at random"}


def unique(figures, *keys):
    return list(dict.fromkeys(tuple(f[k] for k in keys) for f in figures))


def column(workload):
    return workload.split("-")[-1]


def unit_of(ways):
    return next((unit for unit in UNITS if unit in ways), None)


def cell(figures, way, workload):
    """Two numbers, their sum, and the sum relative to that of the unit."""
    sums = {f["way"]: f for f in figures if f["workload"] == workload}
    if way not in sums:
        return "-"
    f = sums[way]
    text = f"{f['send']:.0f} + {f['receive']:.0f} = {f['total']:.0f}"
    unit = unit_of(sums)
    if unit:
        text += f" ({f['total'] / sums[unit]['total']:.2f})"
    return text


def table(kernel, path, kind, figures):
    workloads = unique(figures, "workload")
    lines = [["", *(column(workload) for workload, in workloads)]]
    for way, in unique(figures, "way"):
        lines.append([way, *(cell(figures, way, load) for load, in workloads)])
    unit = unit_of([way for way, in unique(figures, "way")])
    print(f"\nLinux {kernel}, {PATHS[path]}: {KINDS[kind]}\n"
          f"Instructions per frame: send + receive = total"
          + (f" (relative to {unit})" if unit else ""))
    print_columns(lines)


def main():
    with open(sys.argv[1], encoding="ascii") as file:
        figures = json.load(file)
    for group in unique(figures, "kernel", "path", "kind"):
        table(*group, [f for f in figures
                       if (f["kernel"], f["path"], f["kind"]) == group])


if __name__ == "__main__":
    main()
