# SPDX-License-Identifier: GPL-2.0-only
"""What all programs share that send frames and measure."""

import json
import platform
import statistics
import subprocess


def typical(ticks):
    """Mean of the middle half: what a batch takes while no timer interrupts."""
    quarter = len(ticks) // 4
    return statistics.fmean(sorted(ticks)[quarter:len(ticks) - quarter])


def kernel(device, taps, load, batches):
    """As vhost-net does, by the sockets of the taps; or as the driver of a NIC."""
    return device.run(taps, load, batches)


def syscall(_, taps, load, batches):
    """As a hypervisor without vhost-net does: write() and read()."""
    fds = [tap.fd for tap in taps]
    words = [str(n) for n in (*fds, len(load.frame), load.batch, batches)]
    out = subprocess.run([f"build/{platform.release()}/bench/syscalls", *words],
                         input=load.frame, pass_fds=fds, stdout=subprocess.PIPE,
                         check=True).stdout
    return list(zip(*(map(int, line.split()) for line in out.splitlines())))


PATHS = {"vhost": kernel, "syscall": syscall, "driver": kernel}


def transfer(path, device, way, load, batches):
    """Ticks for each batch, to send it and to receive it."""
    for tap in way.taps:
        tap.drain()
    ticks = PATHS[path](device, way.taps, load, batches)
    if way.taps[0].drain():
        raise RuntimeError("who sends gets something back")
    # A full bucket of a table that is about to grow may refuse one.
    if load.kind == "new-source" and way.known() < 0.99 * batches * load.batch:
        raise RuntimeError(f"not all is learned: {way.known()}")
    return ticks


def save(figures, path):
    with open(path, "w", encoding="ascii") as file:
        json.dump(figures, file, indent=1)
