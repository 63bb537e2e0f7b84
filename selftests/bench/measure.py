# SPDX-License-Identifier: GPL-2.0-only
"""What all programs share that send frames and measure."""

import argparse
import json
import platform
import statistics
import subprocess


def typical(ticks):
    """Mean of the middle half: what a batch takes while no timer interrupts."""
    quarter = len(ticks) // 4
    return statistics.fmean(sorted(ticks)[quarter:len(ticks) - quarter])


def spread(values, digits):
    """Median and quartiles of what was measured several times."""
    return dict(zip(("low", "median", "high"),
                    (round(q, digits or None) for q in
                     statistics.quantiles(values, n=4, method="inclusive"))))


def kernel(device, taps, load, batches):
    """As vhost-net does, by the sockets of the taps; or as the driver of a NIC."""
    return device.run(taps, load, batches)


def run(program, taps, load, batches):
    """A program that prints two numbers for each batch."""
    fds = [tap.fd for tap in taps]
    words = [str(n) for n in (*fds, len(load.frame), load.batch, batches)]
    out = subprocess.run([f"build/{platform.release()}/bench/{program}", *words],
                         input=load.frame, pass_fds=fds, stdout=subprocess.PIPE,
                         check=True).stdout
    return list(zip(*(map(int, line.split()) for line in out.splitlines())))


def syscall(_, *what):
    """As a hypervisor without vhost-net does: write() and read()."""
    return run("syscalls", *what)


def ends(_, *what):
    """From one guest's ring to the other's, by two vhost-nets: nothing is apart."""
    return run("ends", *what)


PATHS = {"vhost": kernel, "syscall": syscall, "ends": ends, "driver": kernel}


def drain(taps):
    """Whether there was something in one of them."""
    return sum(tap.drain() for tap in taps) > 0


def transfer(path, device, way, load, batches):
    """Ticks for each batch, to send it and to receive it."""
    drain(way.taps)
    ticks = PATHS[path](device, way.taps, load, batches)
    if way.taps[0].drain():
        raise RuntimeError("who sends gets something back")
    # A full bucket of a table that is about to grow may refuse one.
    if load.kind == "new-source" and way.known() < 0.99 * batches * load.batch:
        raise RuntimeError(f"not all is learned: {way.known()}")
    return ticks


def arguments(rounds, ways):
    """Of programs that measure each way several times."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--way", action="append", choices=ways)
    parser.add_argument("--json", metavar="FILE")
    return parser


def save(figures, path):
    with open(path, "w", encoding="ascii") as file:
        json.dump(figures, file, indent=1)
