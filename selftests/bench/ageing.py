#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What it costs to forget learned entries: the time of the work that ages them, from
the last that is learned until the last is gone.

usage: ageing.py [--count N] [--ageing SECONDS] [--rounds N] [--json FILE]

Runs as root, without other load.  Also of use in User-Mode Linux, where the time is
that of a real processor.
"""

import argparse
import contextlib
import json
import os
import platform
import re
import time

from frames import NO_HDR, filling, mac_of
from taps import sh, write
from ways import silence, way_of
from workloads import WORKLOADS, entries

TRACE = "/sys/kernel/tracing"
# Name and number of the task, seconds, and what happened.
EVENT = re.compile(r" *(\S.*-\d+) +\[\d+\] \S+ +([\d.]+): (\S+?):? (.*)")
COMPLETE = re.compile(r"entries-in-buffer/entries-written: (\d+)/(\d+)")
LOCKS = "_raw_spin_lock_bh", "_raw_spin_unlock_bh"
# At all entries in an ageing time: VSW_FDB_PASSES in kmod/table/fdb_age.c.
LOOKS = 64
# Way, how the time is set, and the work.
WAYS = {"vswitch": ("vswitch-tun-tun-noqueue", "vswctl switch set vsw0 ageing {}",
                    "vsw_fdb_age_work"),
        "bridge": ("bridge-noqueue", "ip link set br0 type bridge ageing_time {}00",
                   "br_fdb_cleanup")}


def trace(name, text):
    write(f"{TRACE}/{name}", text)


@contextlib.contextmanager
def traced(locks):
    """Yields a list, which has the lines of the trace afterwards."""
    lines = []
    if not os.path.exists(f"{TRACE}/trace"):
        sh(f"mount -t tracefs tracefs {TRACE}")
    trace("buffer_size_kb", "65536")
    trace("trace_clock", "mono")
    if locks:
        trace("set_ftrace_filter", "\n".join(LOCKS))
        trace("current_tracer", "function")
    trace("events/workqueue/workqueue_execute_start/enable", "1")
    trace("events/workqueue/workqueue_execute_end/enable", "1")
    trace("trace", "")
    try:
        yield lines
    finally:
        trace("tracing_on", "0")
        with open(f"{TRACE}/trace", encoding="ascii") as file:
            text = file.read()
        trace("events/enable", "0")
        trace("current_tracer", "nop")
        trace("tracing_on", "1")
    kept = COMPLETE.search(text)
    if not kept or kept[1] != kept[2]:
        raise RuntimeError("the trace is not complete")
    lines += text.splitlines()


def learn(way, count):
    """Frames that nobody gets, each from another address."""
    fd = way.taps[0].fd
    head, tail = NO_HDR + mac_of(0), b"\x88\xb5" + filling(46)
    for _ in range(4):
        for addresses in entries(count):
            for address in addresses:
                os.write(fd, head + address + tail)
        # Those that a table refuses that is about to grow come again.
        if way.known() >= count:
            return
    raise RuntimeError(f"only {way.known()} are learned")


def durations(lines, work):
    """When each run of the work began, and its seconds; and how long its locks were
    held."""
    begin, held, runs, holds = {}, {}, [], []
    for task, at, what, rest in (found.groups() for found in map(EVENT.match, lines)
                                 if found):
        at = float(at)
        if what == "workqueue_execute_start" and work in rest:
            begin[task] = at
        elif what == "workqueue_execute_end" and task in begin:
            runs.append((begin[task], at - begin.pop(task)))
        elif what == LOCKS[0] and task in begin:
            held[task] = at
        elif what == LOCKS[1] and task in held:
            holds.append(at - held.pop(task))
    if not runs:
        raise RuntimeError(f"{work} did not run")
    return runs, holds


def aged(name, count, ageing, locks=False):
    """The trace, and between which two moments nothing was old."""
    kind, command, _ = WAYS[name]
    with way_of(kind, WORKLOADS["new-source"]) as way:
        sh(command.format(ageing))
        old = time.monotonic() + ageing
        learn(way, count)
        learned = time.monotonic()
        if learned >= old:
            raise RuntimeError(f"it took {ageing} s to learn {count}")
        with traced(locks) as lines:
            time.sleep(ageing + ageing / 16 + 5)
        if way.known() > len(way.taps):
            raise RuntimeError(f"{way.known()} are left")
    return lines, learned, old


def result(name, count, ageing):
    """Milliseconds of the work while nothing is old, and later; and microseconds of
    its longest run."""
    lines, learned, old = aged(name, count, ageing)
    runs, _ = durations(lines, WAYS[name][2])
    quiet = 1e3 * sum(took for at, took in runs if learned < at < old)
    found = {"subject": "ageing", "way": name, "count": count, "ageing": ageing,
             "runs": len(runs), "quiet_ms": round(quiet, 3),
             "forget_ms": round(1e3 * sum(took for at, took in runs if at >= old), 3),
             "run_us": round(1e6 * max(took for _, took in runs))}
    if name == "vswitch":
        found["look_ms"] = round(quiet / LOOKS, 3)
    return found


def slices(name, count, ageing):
    """Microseconds of the longest hold of a lock in the work, as the kernel's function
    tracer sees it, which has its own share in it."""
    lines, _, _ = aged(name, count, ageing, True)
    _, holds = durations(lines, WAYS[name][2])
    if not holds:
        raise RuntimeError(f"{name}: the tracer has seen no lock")
    return {"subject": "slice", "way": name, "count": count,
            "holds": len(holds), "slice_us": round(1e6 * max(holds))}


def save(path, found):
    """With the kernel beside each result."""
    with open(path, "w", encoding="ascii") as file:
        json.dump([{"kernel": platform.release(), **one} for one in found], file,
                  indent=1)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000000)
    parser.add_argument("--ageing", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--json", metavar="FILE")
    return parser.parse_args()


def main():
    args = arguments()
    silence()
    found = []
    for _ in range(args.rounds):
        for name in WAYS:
            found.append(result(name, args.count, args.ageing))
            print(found[-1], flush=True)
    if args.json:
        save(args.json, found)


if __name__ == "__main__":
    main()
