#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draw figures, one picture for each workload.

usage: plot.py DIRECTORY FIGURES...

The figures are of bench.py, native.py, latency.py or control.py. The pictures are of
the first kernel among them.
"""

import json
import subprocess
import sys

BARS = """set terminal svg size 900,520 font "sans,12" background "white"
set output "{file}"
set title "{title}"
set ylabel "{unit} per frame"
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
     $data using 3 title "receive" linecolor rgb "#b8cfe5"{spread}
"""
# Of send and receive together.
SPREAD = """, \\
     $data using 0:4:5:6 with yerrorbars title "quartiles" linecolor rgb "black" \\
     pointtype 0"""

LINES = """set terminal svg size 900,520 font "sans,12" background "white"
set output "{file}"
set title "{title}"
set ylabel "{ylabel}"
set xlabel "{xlabel}"
set yrange [0:*]
set logscale x {base}
set format "%.0f"
set grid
set key outside right top noenhanced
{blocks}
plot {plots}
"""

GROUPS = """set terminal svg size 900,520 font "sans,12" background "white"
set output "{file}"
set title "{title}"
set ylabel "microseconds of virtual time after it was due"
set logscale y
set format y "%.0f"
set grid ytics
set key outside top right noenhanced
set style data histograms
set style histogram clustered gap 1
set style fill solid border -1
$data << E
{data}
E
plot {plots}
"""

UNICAST = {"vhost": "as vhost-net sends and receives", "syscall": "write() and read()",
           "driver": "between NICs", "ends": "from the ring of one vhost-net to another's"}
TAGGED = {"trunk": "A tag, from trunk to trunk",
          "translated": "A tag that both trunks translate"}


def gnuplot(script):
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def unit_of(figures):
    return figures[0].get("unit", "instructions")


def bars(figures, file, title):
    """With the quartiles, where something was measured several times."""
    rows = [[f'"{f["way"]}"', f["send"], f["receive"],
             *(f.get("spread", {}).get("total", {}).get(q, "-")
               for q in ("median", "low", "high"))] for f in figures]
    gnuplot(BARS.format(file=file, title=title, unit=unit_of(figures),
                        spread=SPREAD if "spread" in figures[0] else "",
                        data="\n".join(" ".join(map(str, row)) for row in rows)))


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
                         ylabel=figures[0].get("ylabel") or
                         f"{unit_of(figures)} per frame, to send",
                         blocks="\n".join(blocks), plots=", ".join(plots)))


def groups(figures, file, title):
    """A group of bars for each scene, in each one bar for each way."""
    ways = list(dict.fromkeys(f["way"] for f in figures))
    p999 = {(f["scene"], f["way"]): f["due"]["p99.9"] / 1000 for f in figures}
    rows = [" ".join([f'"{scene}"', *(f"{p999[scene, way]:.3f}" for way in ways)])
            for scene in dict.fromkeys(f["scene"] for f in figures)]
    plots = [f'$data using {number}{":xtic(1)" * (number == 2)} title "{way}"'
             for number, way in enumerate(ways, 2)]
    gnuplot(GROUPS.format(file=file, title=title, data="\n".join(rows),
                          plots=", ".join(plots)))


def ports(figures, where):
    """What it takes to attach a port to others, and to detach it."""
    for subject in "attach", "detach":
        some = [{"way": f["way"], "workload": str(f["count"]), "send": f["us"],
                 "ylabel": "microseconds, at one instruction per nanosecond"}
                for f in figures if f["subject"] == subject]
        lines(some, f"{where}/ports-{subject}.svg",
              f"To {subject} a port (Linux {figures[0]['kernel']})", "ports", 10)


def draw(figures, where):
    kernel, prefix = figures[0]["kernel"], ""
    if "unit" in figures[0]:
        prefix = "native-"

    def some(**wanted):
        return [f for f in figures if f["kernel"] == kernel
                and all(f[key] == value for key, value in wanted.items())]

    for way, text in UNICAST.items():
        for load in dict.fromkeys(f["workload"] for f in some(path=way)
                                  if f["kind"] in ("unicast", "nic")):
            size = load.split("-")[-1]
            bars(some(workload=load, path=way), f"{where}/{prefix}{way}-{size}.svg",
                 f"Known unicast, {size} bytes, {text} (Linux {kernel})")
    for kind, text in TAGGED.items():
        if some(kind=kind):
            bars(some(kind=kind), f"{where}/{prefix}{kind}.svg",
                 f"{text}, 60 bytes (Linux {kernel})")
    for kind, text in ("flood-bcast", "Broadcast"), ("flood-unknown", "Unknown unicast"):
        if some(kind=kind):
            lines(some(kind=kind), f"{where}/{prefix}{kind}.svg",
                  f"{text}, 60 bytes (Linux {kernel})", "ports that receive it", 2)
    if some(kind="new-source"):
        bars(some(kind="new-source"), f"{where}/{prefix}new-source.svg",
             f"A new source in every frame, 60 bytes (Linux {kernel})")
    if some(kind="random-dst"):
        lines(some(kind="random-dst"), f"{where}/{prefix}random-dst.svg",
              f"A random destination, 60 bytes (Linux {kernel})",
              "entries it is one of", 10)


def main():
    where, *paths = sys.argv[1:]
    for path in paths:
        with open(path, encoding="ascii") as file:
            figures = json.load(file)
        if "scene" in figures[0]:
            groups(figures, f"{where}/latency.svg",
                   f"A frame there and back, p99.9 (Linux {figures[0]['kernel']})")
        elif "subject" in figures[0]:
            ports(figures, where)
        else:
            draw(figures, where)


main()
