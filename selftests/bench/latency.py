#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Measure how long a frame is on its way while the switch does something else.

usage: latency.py [--rounds N] [--way NAME]... [--scene NAME]... [--json FILE]

Runs as root on a virtual machine whose clock counts instructions (run.sh --icount=0),
with vswitch.ko and vsw_bench.ko loaded. From the first tap a frame goes to the second
one and back, about once a millisecond; meanwhile two more taps, or programs, keep the
switch busy. There is one CPU, and who sends has priority: a frame that is due is delayed
by who holds the CPU and does not let others have it, in an interrupt, a softirq, or in
the kernel until the next place where it asks. What was to happen is checked afterwards.

Prints, and writes as a JSON array, percentiles in nanoseconds: of the way there and
back, and of all that has passed since the frame was due.
"""

import collections
import contextlib
import dataclasses
import itertools
import multiprocessing
import os
import platform
import time

from device import Device
from frames import mac_of, udp_frame
from measure import arguments, drain, save
from ways import WAYS, silence, way_of
from workloads import Workload, new_sources

LINE = "{way} {scene}: {pings} pings, ns on the way {trip}, since due {due}"
ROUNDS = 2
DEFAULT = "vswitch-direct-direct", "vswitch-tun-tun", "bridge"
LEAST = 10000			# pings
AGEING = 30			# seconds
PATIENCE = 120

PING = Workload("ping", udp_frame(60), batch=1, pause=997000)
# From the third tap to the fourth. With pauses, in which others can run.
STORM = Workload("new-source", udp_frame(60, mac_of(3)), receivers=3,
                 choose=new_sources, batches=2048, pause=1)
LEARN = dataclasses.replace(STORM, batches=4096, pause=0)
MANY = LEARN.batch * LEARN.batches
PERCENTILES = {"p50": 0.5, "p99": 0.99, "p99.9": 0.999, "max": 1}


@contextlib.contextmanager
def meanwhile(work):
    """Another process does it, if there is something to do; yields a function that
    tells whether it still does."""
    if not work:
        yield lambda: False
        return
    process = multiprocessing.Process(target=work)
    process.start()
    yield process.is_alive
    process.join(PATIENCE)
    if process.exitcode != 0:
        process.kill()
        raise RuntimeError("what was to be done meanwhile has failed")


def learn(way, load):
    """From the third tap to the fourth."""
    device = Device()
    device.run(way.taps[2:], load, load.batches)
    device.close()
    known, sent = way.known(), load.batch * load.batches
    # A full bucket of a table that is about to grow may refuse one.
    if known < 0.99 * sent:
        raise RuntimeError(f"{known} of {sent} are learned")


def wait_until_forgotten(way):
    end = time.monotonic() + PATIENCE
    while way.known() > MANY / 100:
        if time.monotonic() > end:
            raise RuntimeError(f"{way.known()} of {MANY} are still there")
        time.sleep(0.5)


def rest(_):
    return None


def ageing(way):
    """Many addresses have been learned at the same time, and are now forgotten."""
    way.set_ageing(AGEING)
    begin = time.monotonic()
    learn(way, LEARN)
    time.sleep(max(0, begin + AGEING - 2 - time.monotonic()))
    if way.known() < 0.99 * MANY:
        raise RuntimeError("they are forgotten too early")
    return lambda: wait_until_forgotten(way)


def growing(way):
    """A program adds entries, not so many at once that a request would hold the CPU."""
    def add():
        way.add_entries(MANY, at_once=16)
        if not way.has_entries(MANY):
            raise RuntimeError(f"not all of {MANY} entries are there")
    return add


def storm(way):
    """A guest sends bursts of new sources."""
    return lambda: learn(way, STORM)


SCENES = {"rest": rest, "ageing": ageing, "growing": growing, "storm": storm}


@contextlib.contextmanager
def priority():
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    yield
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def once(device, name, scene):
    """For each frame how late it was sent, and how long it was on its way."""
    found = []
    with way_of(name, STORM) as way:
        drain(way.taps)
        work = SCENES[scene](way)
        # What has to do with setting it up has come to an end, too.
        time.sleep(1)
        with meanwhile(work) as busy, priority():
            while busy() or len(found) < LEAST:
                found += zip(*device.ping(way.taps[:2], PING, 250))
        if drain(way.taps[:2]):
            raise RuntimeError("something else has come to those who ping")
    return found


def percentiles(values):
    ordered = sorted(values)
    return {name: ordered[min(len(ordered) - 1, int(share * len(ordered)))]
            for name, share in PERCENTILES.items()}


def figure(name, scene, rounds):
    """Of all rounds together, and of each."""
    pings = list(itertools.chain(*rounds))
    return {"kernel": platform.release(), "way": name, "scene": scene,
            "pings": len(pings), "trip": percentiles(trip for _, trip in pings),
            "due": percentiles(map(sum, pings)),
            "rounds": [percentiles(map(sum, one)) for one in rounds]}


def main():
    parser = arguments(ROUNDS, WAYS)
    parser.add_argument("--scene", action="append", choices=SCENES)
    args = parser.parse_args()
    silence()
    device = Device()
    found = collections.defaultdict(list)
    for _, scene, way in itertools.product(range(args.rounds), args.scene or SCENES,
                                           args.way or DEFAULT):
        found[way, scene].append(once(device, way, scene))
        print(LINE.format(**figure(way, scene, found[way, scene][-1:])), flush=True)
    figures = [figure(*key, rounds) for key, rounds in found.items()]
    print("\nAll rounds:", *(LINE.format(**one) for one in figures), sep="\n")
    if args.json:
        save(figures, args.json)


main()
