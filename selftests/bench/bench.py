#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Count the instructions that a frame costs on its way from one tap or NIC to others.

usage: bench.py [--way NAME]... [--workload NAME]... [--kind NAME]... [--path NAME]...
                [--quick] [--json FILE]
       bench.py --only WAY/WORKLOAD/PATH... [--quick] [--json FILE]
       bench.py --profile --way NAME --workload NAME

Runs as root on a virtual machine whose clock counts instructions (run.sh --icount),
with vswitch.ko and vsw_bench.ko loaded. The ways are set up one after the other and
taken down again; an error, or a frame that does not arrive as it was sent, ends the
program. Prints the figures, and writes them as a JSON array.
"""

import argparse
import dataclasses
import itertools
import os
import platform
import shutil
import sys
import tty

from device import Device
from measure import PATHS, save, transfer, typical
from ways import WAYS, silence, way_of
from workloads import KINDS, WORKLOADS

LINE = "{way} {workload} {path}: {send} + {receive} = {total}"


def ticks_per_instruction(device):
    """Of the CPU's counter; without virtual time there is no such number."""
    seen = {round(device.ticks(), 2) for _ in range(5)}
    tick = seen.pop()
    if seen or abs(tick - round(tick)) > 0.02 or not tick:
        sys.exit(f"this machine's clock does not count instructions: {tick} {seen}")
    return round(tick)


PATHS_OF = {"unicast": ("vhost", "syscall"), "nic": ("driver",)}
# Of the paths that are for few: for which workloads.
ONLY = {"ends": ("60",)}


def fits(load, path):
    if path in ONLY:
        return load in ONLY[path]
    return path in PATHS_OF.get(WORKLOADS[load].kind, ("vhost",))


def results(device, name, wanted, quick):
    """Of workloads and paths for which taps are connected in the same way."""
    tick = ticks_per_instruction(device)
    with way_of(name, WORKLOADS[wanted[0][0]]) as way:
        for workload, path in wanted:
            load = WORKLOADS[workload]
            batches = load.batches // 4 if quick else load.batches
            send, receive = (
                round(typical(ticks) / load.batch / tick, 1)
                for ticks in transfer(path, device, way, load, batches))
            yield {"kernel": platform.release(), "version": platform.version(),
                   "way": name, "kind": load.kind, "workload": workload, "path": path,
                   "frames": load.batch * batches, "send": send, "receive": receive,
                   "total": round(send + receive, 1)}


def profile(device, name, workload):
    """Tells the other side of a serial port before and after one batch: see
    profile.py."""
    port = os.open("/dev/ttyS3", os.O_RDWR | os.O_NOCTTY)
    tty.setraw(port)
    # Addresses of more frames would be made while all is written down.
    load = dataclasses.replace(WORKLOADS[workload], batches=2)
    # What is new is not to be known by then.
    first = WORKLOADS["60"] if load.kind == "new-source" else load
    with way_of(name, load) as way:
        transfer("vhost", device, way, first, 4)
        shutil.copy("/proc/kallsyms", "/out/kallsyms")
        os.write(port, b"R")
        os.read(port, 1)
        transfer("vhost", device, way, load, 1)
        os.write(port, b"D")
        os.read(port, 1)


def combinations(args):
    """Way, workload and path of all that is to be measured."""
    if args.only:
        return [tuple(one.split("/")) for one in args.only]
    return [(way, load, path) for way, load, path in itertools.product(
                args.way or WAYS, args.workload or WORKLOADS, args.path or PATHS)
            if WORKLOADS[load].kind in WAYS[way][1]
            and WORKLOADS[load].kind in (args.kind or KINDS)
            and fits(load, path)]


def chosen(args):
    """Those, together where the taps are connected in the same way."""
    def connection(one):
        return one[0], WORKLOADS[one[1]].shape
    for (way, _), same in itertools.groupby(combinations(args), connection):
        yield way, [(load, path) for _, load, path in same]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--way", action="append", choices=WAYS)
    parser.add_argument("--workload", action="append", choices=WORKLOADS)
    parser.add_argument("--kind", action="append", choices=KINDS)
    parser.add_argument("--path", action="append", choices=PATHS)
    parser.add_argument("--only", action="append", metavar="WAY/WORKLOAD/PATH")
    parser.add_argument("--quick", action="store_true", help="a quarter as long")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--profile", action="store_true")
    return parser.parse_args()


def main():
    args = arguments()
    silence()
    device = Device()
    if args.profile:
        profile(device, args.way[0], args.workload[0])
        return
    found = []
    for name, wanted in chosen(args):
        for result in results(device, name, wanted, args.quick):
            print(LINE.format(**result), flush=True)
            found.append(result)
    if args.json:
        save(found, args.json)


main()
