#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Measure the time that a frame takes on its way from one tap to another.

usage: native.py [--rounds N] [--way NAME]... [--json FILE]

Runs as root in User-Mode Linux (uml.sh --bench), whose kernel is executed by the CPU
itself. In each round every way is set up, measured and taken down once, in turn, so
that what else the machine does meets all of them alike. Prints nanoseconds per frame,
the median of all rounds and in parentheses the quartiles, and writes them as a JSON
array.
"""

import argparse
import collections
import dataclasses
import platform
import statistics

from device import Device
from measure import save, transfer, typical
from ways import WAYS, silence, way_of
from workloads import WORKLOADS

ROUNDS = 9
BATCHES = 1000
LOADS = {"60": ("floor", "vswitch-direct-direct", "vswitch-tun-tun",
                "vswitch-tun-tun-noqueue", "macvtap", "macvtap-noqueue", "bridge",
                "bridge-noqueue", "openvswitch", "openvswitch-noqueue")}
LOADS |= dict.fromkeys(
    ("random-dst-1", "random-dst-1000000"),
    ("vswitch-direct-direct", "vswitch-tun-tun", "vswitch-tun-tun-noqueue", "bridge",
     "bridge-noqueue"))


def once(device, name, workload):
    """Nanoseconds per frame, to send and to receive it."""
    load = dataclasses.replace(WORKLOADS[workload], batches=BATCHES)
    with way_of(name, load) as way:
        # The first ones find nothing in the caches that stays there later.
        transfer("vhost", device, way, WORKLOADS[workload], 100)
        return [typical(ticks) / load.batch
                for ticks in transfer("vhost", device, way, load, BATCHES)]


def summary(values):
    """Median and quartiles."""
    return dict(zip(("low", "median", "high"),
                    (round(q, 2) for q in statistics.quantiles(values, n=4))))


def figure(way, workload, rounds):
    send, receive = zip(*rounds)
    spread = {"send": summary(send), "receive": summary(receive),
              "total": summary(list(map(sum, rounds)))}
    return {"kernel": platform.release(), "way": way, "workload": workload,
            "kind": WORKLOADS[workload].kind, "path": "vhost", "unit": "ns",
            "rounds": [[round(t, 2) for t in one] for one in rounds],
            "spread": spread} | {what: s["median"] for what, s in spread.items()}


def show(what, spread):
    return "{} {median:.0f} ({low:.0f} to {high:.0f})".format(what, **spread)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--way", action="append", choices=WAYS)
    parser.add_argument("--json", metavar="FILE")
    return parser.parse_args()


def main():
    args = arguments()
    silence()
    device = Device()
    times = collections.defaultdict(list)
    for _ in range(args.rounds):
        for workload, ways in LOADS.items():
            for way in ways:
                if way in (args.way or ways):
                    times[way, workload].append(once(device, way, workload))
    found = [figure(*key, rounds) for key, rounds in times.items()]
    for f in found:
        print(f["way"], f["workload"], "ns:",
              ", ".join(show(*one) for one in f["spread"].items()))
    if args.json:
        save(found, args.json)


main()
