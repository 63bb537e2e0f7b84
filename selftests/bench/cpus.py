#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Measure what a second CPU is good for.

usage: cpus.py [--rounds N] [--way NAME]... [--json FILE]

Runs as root on a virtual machine with two CPUs (cputime.py DIR --smp 2), with vswitch.ko
and vsw_bench.ko loaded. Four taps are connected, and processes, each on a CPU of its own,
send from one to another and receive, as vhost-net does: one pair of taps alone, two
pairs at the same time, and two senders with one receiver. Each round has every way once,
in turn. Prints, and writes as a JSON array, what a frame costs in time of the host's
CPUs, which what else the host does makes no longer, how many times as much two senders
carry as one by that, and how many frames there were per second by the wall clock.

If the host's CPUs have other things to do, those of the machine run in turn instead of
at the same time, and meet each other less often: then the wall clock tells.
"""

import collections
import itertools
import multiprocessing
import os
import platform
import sys
import time
import tty

from device import Device
from frames import mac_of, udp_frame
from measure import arguments, drain, save, spread
from ways import WAYS, silence, way_of
from workloads import Workload

LINE = "{} {} ns of CPU, {} a second ({:.2f})"
ROUNDS = 7
BATCHES = 1000
WARM_UP = 100
DEFAULT = "vswitch-direct-direct", "vswitch-tun-tun", "bridge", "bridge-noqueue"
PATIENCE = 60
LOSS = 0.5


def load_of(sender, receiver, shared=False):
    frame = bytearray(udp_frame(60, mac_of(receiver)))
    frame[18:24] = mac_of(sender)
    return Workload("unicast", bytes(frame), receivers=3, batches=BATCHES,
                    shared=shared)


# Who sends to whom: each on its own CPU.
SCENES = {"one pair": ((0, 1),), "two pairs": ((0, 1), (2, 3)),
          "one receiver": ((0, 1), (2, 1))}


class Host:
    """What runs this machine: see cputime.py."""
    def __init__(self):
        port = os.open("/dev/ttyS3", os.O_RDWR | os.O_NOCTTY)
        tty.setraw(port)
        self.file = os.fdopen(port, "r+b", buffering=0)

    def cpu_time(self):
        """Nanoseconds that it has executed this machine, on all its CPUs together."""
        self.file.write(b"?")
        return int(self.file.readline())


def work(taps, load, cpu, start, results):
    """When it has begun and ended, and how many frames have come."""
    os.sched_setaffinity(0, {cpu})
    device = Device()

    def run(batches):
        if load.shared:
            return device.run_shared(taps, load, batches)
        device.run(taps, load, batches)		# fails unless all have come
        return batches * load.batch
    arrived = run(WARM_UP)
    start.wait(PATIENCE)
    start.wait(PATIENCE)
    begin = time.monotonic()
    arrived += run(load.batches)
    results.put((begin, time.monotonic(), arrived))


def start_all(way, loads, pairs):
    """Those who send, who wait to be told, and where they leave what they have to say."""
    start, results = multiprocessing.Barrier(len(pairs) + 1), multiprocessing.Queue()
    drain(way.taps)
    for cpu, (load, pair) in enumerate(zip(loads, pairs)):
        taps = [way.taps[number] for number in pair]
        multiprocessing.Process(target=work, args=(taps, load, cpu, start, results),
                                daemon=True).start()
    start.wait(PATIENCE)
    return start, results


def measure(host, way, scene):
    """Frames per second, all together, and nanoseconds of CPU time for each."""
    pairs = SCENES[scene]
    shared = len({receiver for _, receiver in pairs}) < len(pairs)
    loads = [load_of(*pair, shared) for pair in pairs]
    start, results = start_all(way, loads, pairs)
    spent = host.cpu_time()
    start.wait(PATIENCE)
    begins, ends, arrived = zip(*(results.get(timeout=PATIENCE) for _ in pairs))
    spent = host.cpu_time() - spent
    for process in multiprocessing.active_children():
        process.join()
    sent = len(pairs) * (WARM_UP + BATCHES) * loads[0].batch
    # If a CPU of the machine does not run for a while, what it was about to take out of
    # the queue before a shared tap stays in there, and others find it full.
    if not 1 - shared * LOSS <= sum(arrived) / sent <= 1 or drain(way.taps):
        raise RuntimeError(f"{way}, {scene}: {arrived} have come of {sent}")
    frames = sum(arrived) * BATCHES / (WARM_UP + BATCHES)
    return {"rate": round(frames / (max(ends) - min(begins))),
            "ns": round(spent / frames, 1), "lost": 1 - sum(arrived) / sent}


def once(host, name):
    with way_of(name, load_of(0, 1)) as way:
        return {scene: measure(host, way, scene) for scene in SCENES}


def factor(one, scene):
    """How many times as much is carried as by one pair, if each CPU of the machine has
    one of the host's for itself: had frames no higher price, as many as there are
    senders."""
    return len(SCENES[scene]) * one["one pair"]["ns"] / one[scene]["ns"]


def figure(name, rounds):
    return {"kernel": platform.release(), "way": name, "rounds": rounds, "scenes": {
        scene: {"rate": spread([one[scene]["rate"] for one in rounds], 0),
                "ns": spread([one[scene]["ns"] for one in rounds], 0),
                "factor": spread([factor(one, scene) for one in rounds], 3),
                "lost": spread([one[scene]["lost"] for one in rounds], 3),
                "wall": spread([one[scene]["rate"] / one["one pair"]["rate"]
                                for one in rounds], 3)}
        for scene in SCENES}}


def show(way, scenes):
    return f"{way}: " + ", ".join(LINE.format(
        scene, *(found[what]["median"] for what in ("ns", "rate", "factor")))
        for scene, found in scenes.items())


def main():
    args = arguments(ROUNDS, WAYS).parse_args()
    if len(os.sched_getaffinity(0)) < 2:
        sys.exit("this machine has one CPU")
    silence()
    host = Host()
    found = collections.defaultdict(list)
    for _, way in itertools.product(range(args.rounds), args.way or DEFAULT):
        found[way].append(once(host, way))
    figures = [figure(*one) for one in found.items()]
    for one in figures:
        print(show(one["way"], one["scenes"]))
    if args.json:
        save(figures, args.json)


main()
