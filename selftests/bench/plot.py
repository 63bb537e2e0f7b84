#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draw the figures of bench.py, one picture for each workload.

usage: plot.py FIGURES DIRECTORY

The pictures are of the first kernel among the figures.
"""

import json
import subprocess
import sys

BARS = """set terminal svg size 900,520 font "sans,12" background "white"
set output "{file}"
set title "{title}"
set ylabel "instructions per frame"
set yrange [0:*]
set grid ytics
set key outside top right
set style data histograms
set style histogram rowstacked
set style fill solid border -1
set boxwidth 0.7
set format y "%.0f"
set xtics rotate by 40 right noenhanced
set bmargin 12
$data << E
{data}
E
plot $data using 2:xtic(1) title "send" linecolor rgb "#3b6ea5", \\
     $data using 3 title "receive" linecolor rgb "#b8cfe5"
"""

LINES = """set terminal svg size 900,520 font "sans,12" background "white"
set output "{file}"
set title "{title}"
set ylabel "instructions per frame, to send"
set xlabel "{xlabel}"
set yrange [0:*]
set logscale x {base}
set format "%.0f"
set grid
set key outside right top noenhanced
{blocks}
plot {plots}
"""

UNICAST = {"vhost": "as vhost-net sends and receives", "syscall": "write() and read()",
           "driver": "between NICs"}


def gnuplot(script):
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def bars(figures, file, title):
    rows = [f'"{f["way"]}" {f["send"]} {f["receive"]}' for f in figures]
    gnuplot(BARS.format(file=file, title=title, data="\n".join(rows)))


def lines(figures, file, title, xlabel, base):
    """One line for each way; the number at a workload's end goes to the right."""
    ways = list(dict.fromkeys(f["way"] for f in figures))
    blocks, plots = [], []
    for number, way in enumerate(ways):
        rows = [f"{f['workload'].split('-')[-1]} {f['send']}" for f in figures
                if f["way"] == way]
        blocks.append(f"$d{number} << E\n" + "\n".join(rows) + "\nE")
        plots.append(f'$d{number} with linespoints linewidth 2 title "{way}"')
    gnuplot(LINES.format(file=file, title=title, xlabel=xlabel, base=base,
                         blocks="\n".join(blocks), plots=", ".join(plots)))


def main():
    path, where = sys.argv[1:]
    with open(path, encoding="ascii") as file:
        figures = json.load(file)
    kernel = figures[0]["kernel"]

    def some(**wanted):
        return [f for f in figures if f["kernel"] == kernel
                and all(f[key] == value for key, value in wanted.items())]

    for way, text in UNICAST.items():
        for load in dict.fromkeys(f["workload"] for f in some(path=way)
                                  if f["kind"] in ("unicast", "nic")):
            size = load.split("-")[-1]
            bars(some(workload=load, path=way), f"{where}/{way}-{size}.svg",
                 f"Known unicast, {size} bytes, {text} (Linux {kernel})")
    for kind, text in ("flood-bcast", "Broadcast"), ("flood-unknown", "Unknown unicast"):
        if some(kind=kind):
            lines(some(kind=kind), f"{where}/{kind}.svg",
                  f"{text}, 60 bytes (Linux {kernel})", "ports that receive it", 2)
    if some(kind="new-source"):
        bars(some(kind="new-source"), f"{where}/new-source.svg",
             f"A new source in every frame, 60 bytes (Linux {kernel})")
    if some(kind="random-dst"):
        lines(some(kind="random-dst"), f"{where}/random-dst.svg",
              f"A random destination, 60 bytes (Linux {kernel})",
              "entries it is one of", 10)


main()
