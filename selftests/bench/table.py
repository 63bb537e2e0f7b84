#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Print the figures of bench.py as tables.

usage: table.py FILE
"""

import json
import sys

UNIT = "vswitch-direct-direct"
PATHS = {"vhost": "in the kernel, as vhost-net sends and receives",
         "syscall": "by write() and read()"}


def unique(figures, *keys):
    return list(dict.fromkeys(tuple(f[k] for k in keys) for f in figures))


def cell(figures, way, size):
    """Two numbers, their sum, and the sum relative to that of direct taps."""
    sums = {f["way"]: f for f in figures if f["size"] == size}
    if way not in sums:
        return "-"
    f = sums[way]
    text = f"{f['send']:.0f} + {f['receive']:.0f} = {f['total']:.0f}"
    if UNIT in sums:
        text += f" ({f['total'] / sums[UNIT]['total']:.2f})"
    return text


def table(kernel, path, figures):
    sizes = unique(figures, "size")
    lines = [["", *(f"{size} bytes" for size, in sizes)]]
    for way, in unique(figures, "way"):
        lines.append([way, *(cell(figures, way, size) for size, in sizes)])
    widths = [max(map(len, column)) for column in zip(*lines)]
    print(f"\nLinux {kernel}, {PATHS[path]}\n"
          f"Instructions per frame: send + receive = total (relative to {UNIT})")
    for line in lines:
        print("  ".join(text.ljust(width)
                        for text, width in zip(line, widths)).rstrip())


def main():
    with open(sys.argv[1], encoding="ascii") as file:
        figures = json.load(file) or []
    for kernel, path in unique(figures, "kernel", "path"):
        table(kernel, path, [f for f in figures
                             if f["kernel"] == kernel and f["path"] == path])


main()
