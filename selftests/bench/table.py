#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Print the figures of bench.py as tables.

usage: table.py FILE
"""

import json
import sys

from document import print_columns

UNITS = "vswitch-direct-direct", "vswitch-nic"
PATHS = {"vhost": "in the kernel, as vhost-net sends and receives",
         "syscall": "by write() and read()",
         "driver": "as the driver of a NIC receives and sends"}
KINDS = {"unicast": "known unicast, by bytes of the frame",
         "nic": "known unicast between NICs and between veths",
         "flood-bcast": "broadcast of 60 bytes to so many ports; all of them receive",
         "flood-unknown": "unknown unicast of 60 bytes, the same",
         "new-source": "60 bytes, the source of each frame is a new one",
         "random-dst": "60 bytes, to one of so many entries at random"}


def unique(figures, *keys):
    return list(dict.fromkeys(tuple(f[k] for k in keys) for f in figures))


def column(workload):
    return workload.split("-")[-1]


def cell(figures, way, workload):
    """Two numbers, their sum, and the sum relative to that of the first unit."""
    sums = {f["way"]: f for f in figures if f["workload"] == workload}
    if way not in sums:
        return "-"
    f = sums[way]
    text = f"{f['send']:.0f} + {f['receive']:.0f} = {f['total']:.0f}"
    for unit in UNITS:
        if unit in sums:
            text += f" ({f['total'] / sums[unit]['total']:.2f})"
    return text


def table(kernel, path, kind, figures):
    workloads = unique(figures, "workload")
    lines = [["", *(column(workload) for workload, in workloads)]]
    for way, in unique(figures, "way"):
        lines.append([way, *(cell(figures, way, load) for load, in workloads)])
    unit = " or ".join(unit for unit in UNITS if (unit,) in unique(figures, "way"))
    print(f"\nLinux {kernel}, {PATHS[path]}: {KINDS[kind]}\n"
          f"Instructions per frame: send + receive = total (relative to {unit})")
    print_columns(lines)


def main():
    with open(sys.argv[1], encoding="ascii") as file:
        figures = json.load(file)
    for group in unique(figures, "kernel", "path", "kind"):
        table(*group, [f for f in figures
                       if (f["kernel"], f["path"], f["kind"]) == group])


if __name__ == "__main__":
    main()
