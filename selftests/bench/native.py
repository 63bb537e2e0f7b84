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

import collections
import dataclasses
import platform

from device import Device
from measure import arguments, save, spread, transfer, typical
from ways import WAYS, silence, way_of
from workloads import WORKLOADS

LINE = "{} {median:.0f} ({low:.0f} to {high:.0f})"
ROUNDS = 7
FRAMES = 64000
LARGE_FRAMES = 3200
LOADS = {"60": ("floor", "vswitch-direct-direct", "vswitch-tun-tun",
                "vswitch-tun-tun-noqueue", "macvtap", "macvtap-noqueue", "bridge",
                "bridge-noqueue", "openvswitch", "openvswitch-noqueue")}
LOADS["64K"] = ("floor", "vswitch-direct-direct", "vswitch-tun-tun",
                "vswitch-tun-tun-noqueue", "bridge", "bridge-noqueue")
LOADS |= dict.fromkeys(
    ("random-dst-1", "random-dst-1000", "random-dst-100000", "random-dst-1000000"),
    ("vswitch-direct-direct", "vswitch-tun-tun", "vswitch-tun-tun-noqueue", "bridge",
     "bridge-noqueue"))


def once(device, name, workload):
    """Nanoseconds per frame, to send and to receive it."""
    load = WORKLOADS[workload]
    frames = LARGE_FRAMES if workload == "64K" else FRAMES
    load = dataclasses.replace(load, batches=frames // load.batch)
    with way_of(name, load) as way:
        # The first ones find nothing in the caches that stays there later.
        transfer("vhost", device, way, WORKLOADS[workload], load.batches // 10)
        return [typical(ticks) / load.batch
                for ticks in transfer("vhost", device, way, load, load.batches)]


def figure(way, workload, rounds):
    send, receive = zip(*rounds)
    spreads = {"send": spread(send, 2), "receive": spread(receive, 2),
               "total": spread(list(map(sum, rounds)), 2)}
    return {"kernel": platform.release(), "way": way, "workload": workload,
            "kind": WORKLOADS[workload].kind, "path": "vhost", "unit": "ns",
            "rounds": [[round(t, 2) for t in one] for one in rounds],
            "spread": spreads} | {what: s["median"] for what, s in spreads.items()}


def main():
    args = arguments(ROUNDS, WAYS).parse_args()
    silence()
    device = Device()
    times = collections.defaultdict(list)
    for _ in range(args.rounds):
        for workload, ways in LOADS.items():
            for way in ways:
                if way in (args.way or ways):
                    times[way, workload].append(once(device, way, workload))
    found = [figure(*key, rounds) for key, rounds in times.items()]
    for one in found:
        print(one["way"], one["workload"], "ns:",
              ", ".join(LINE.format(what, **quartiles)
                        for what, quartiles in one["spread"].items()))
    if args.json:
        save(found, args.json)


main()
