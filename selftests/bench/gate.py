#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compare figures of bench.py with those that are in the repository.

usage: gate.py only BASELINE		the options that bench.py needs
       gate.py check BASELINE FIGURES	fails if a frame costs more than it did
       gate.py renew BASELINE FIGURES	writes the figures into the baseline
"""

import json
import subprocess
import sys

LIMIT = 1			# percent
# Of another kernel, or from another compiler, no more than this can be asked.
LIMIT_ELSEWHERE = 4
ROUNDS = 3
FLOORS = {"vhost": "floor/60/vhost", "syscall": "floor/60/syscall"}


def load(path):
    with open(path, encoding="ascii") as file:
        return json.load(file)


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True,
                          check=True).stdout.splitlines()[0]


def place(figures):
    """What the figures depend on, besides the module's source."""
    return {"kernel": f"{figures[0]['kernel']} {figures[0]['version']}",
            "compiler": first_line("gcc", "--version"),
            "emulator": first_line("qemu-system-x86_64", "--version")}


def totals(figures):
    """Of each the least, for hash tables have another secret each time."""
    least = {}
    for f in figures:
        key = f"{f['way']}/{f['workload']}/{f['path']}"
        least[key] = min(f["total"], least.get(key, f["total"]))
    return least


def compare(baseline, figures):
    """Prints KTAP, and returns how many have failed."""
    old, new = baseline["instructions"], totals(figures)
    here = place(figures)
    limit = LIMIT if here == baseline["place"] else LIMIT_ELSEWHERE
    for key, value in here.items():
        if value != baseline["place"][key]:
            print(f"# the baseline is for {key} {baseline['place'][key]}, "
                  f"this is {value}")
    if limit != LIMIT:
        print(f"# so figures are compared relative to the floor, with {limit} % of play")
    keys = [key for key in old if key not in FLOORS.values()]
    print(f"KTAP version 1\n1..{len(keys)}")
    failed = 0
    for number, key in enumerate(keys, 1):
        change = new[key] / old[key]
        if limit != LIMIT:
            floor = FLOORS[key.split("/")[-1]]
            change *= old[floor] / new[floor]
        bad = change > 1 + limit / 100
        failed += bad
        print(f"# {key}: {new[key]:.0f} instructions, {old[key]:.0f} in the baseline: "
              f"{(change - 1) * 100:+.2f} %")
        print(f"{'not ' * bad}ok {number} {key}")
    print(f"# gate: {len(keys) - failed} passed, {failed} failed, 0 skipped")
    return failed


def main():
    command, path, *rest = sys.argv[1:]
    baseline = load(path)
    if command == "only":
        for key in ROUNDS * list(baseline["instructions"]):
            print(f"--only={key}")
        return
    figures = load(rest[0])
    if command == "check":
        sys.exit(compare(baseline, figures) > 0)
    with open(path, "w", encoding="ascii") as file:
        json.dump({"place": place(figures), "instructions": totals(figures)}, file,
                  indent=1)
        file.write("\n")


main()
