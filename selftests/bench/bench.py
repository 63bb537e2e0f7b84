#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Count the instructions that a frame costs on its way from one tap to another.

usage: bench.py [--way NAME]... [--size NAME]... [--path NAME]... [--quick]
                [--json FILE]
       bench.py --profile --way NAME --size NAME

Runs as root on a virtual machine whose clock counts instructions (run.sh --icount),
with vswitch.ko and vsw_bench.ko loaded. The ways are set up one after the other and
taken down again; an error, or a frame that does not arrive as it was sent, ends the
program. Prints the figures, and writes them as a JSON array.
"""

import argparse
import array
import fcntl
import itertools
import json
import os
import platform
import shutil
import statistics
import struct
import subprocess
import sys
import tty

from frames import NO_HDR, SIZES
from ways import WAYS, silence, taps_of

# See kmod/uapi.h.
DEVICE = "/dev/vsw_bench"
REQUEST = "<iiIIIIQQQ"
BENCH_RUN = 1 << 30 | struct.calcsize(REQUEST) << 16 | 0x5600
BENCH_TICKS = 2 << 30 | 8 << 16 | 0x5601
BENCH_LOOP = 20000


def ticks_per_instruction(device):
    """Of the CPU's counter; without virtual time there is no such number."""
    seen = set()
    for _ in range(5):
        buf = fcntl.ioctl(device, BENCH_TICKS, bytes(8))
        seen.add(round(struct.unpack("<Q", buf)[0] / BENCH_LOOP, 2))
    tick = seen.pop()
    if seen or abs(tick - round(tick)) > 0.02 or not tick:
        sys.exit(f"this machine's clock does not count instructions: {tick} {seen}")
    return round(tick)


def typical(ticks):
    """Mean of the middle half: what a batch takes while no timer interrupts."""
    quarter = len(ticks) // 4
    return statistics.fmean(sorted(ticks)[quarter:len(ticks) - quarter])


def vhost(device, taps, frame, batch, batches):
    """As vhost-net does: by the sockets of the taps, in the kernel."""
    data = array.array("B", frame)
    ticks = [array.array("Q", bytes(8 * batches)) for _ in range(2)]
    request = struct.pack(REQUEST, taps[0].fd, taps[1].fd, len(NO_HDR), len(frame),
                          batch, batches,
                          *(a.buffer_info()[0] for a in (data, *ticks)))
    fcntl.ioctl(device, BENCH_RUN, request)
    return ticks


def syscall(_, taps, frame, batch, batches):
    """As a hypervisor without vhost-net does: write() and read()."""
    fds = [tap.fd for tap in taps]
    words = [str(n) for n in (*fds, len(frame), batch, batches)]
    out = subprocess.run([f"build/{platform.release()}/bench/syscalls", *words],
                         input=frame, pass_fds=fds, stdout=subprocess.PIPE,
                         check=True).stdout
    return list(zip(*(map(int, line.split()) for line in out.splitlines())))


PATHS = {"vhost": vhost, "syscall": syscall}


def transfer(path, device, taps, *args):
    """Ticks for each batch, to send it and to receive it."""
    for tap in taps:
        tap.drain()
    return PATHS[path](device, taps, *args)


def results(device, way, sizes, paths, quick):
    tick = ticks_per_instruction(device)
    with taps_of(way, device) as taps:
        for size, path in itertools.product(sizes, paths):
            frame, batch, batches = SIZES[size]
            batches = batches // 4 if quick else batches
            send, receive = (
                round(typical(ticks) / batch / tick, 1)
                for ticks in transfer(path, device, taps, frame, batch, batches))
            yield {"kernel": platform.release(), "way": way, "size": size,
                   "path": path, "frames": batch * batches, "send": send,
                   "receive": receive, "total": round(send + receive, 1)}


def profile(device, way, size):
    """Tells the other side of a serial port before and after one batch: see
    profile.py."""
    port = os.open("/dev/ttyS3", os.O_RDWR | os.O_NOCTTY)
    tty.setraw(port)
    frame, batch, _ = SIZES[size]
    with taps_of(way, device) as taps:
        transfer("vhost", device, taps, frame, batch, 4)
        shutil.copy("/proc/kallsyms", "/out/kallsyms")
        os.write(port, b"R")
        os.read(port, 1)
        transfer("vhost", device, taps, frame, batch, 1)
        os.write(port, b"D")
        os.read(port, 1)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--way", action="append", choices=WAYS)
    parser.add_argument("--size", action="append", choices=SIZES)
    parser.add_argument("--path", action="append", choices=PATHS)
    parser.add_argument("--quick", action="store_true", help="a quarter as long")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--profile", action="store_true")
    return parser.parse_args()


def main():
    args = arguments()
    silence()
    device = os.open(DEVICE, os.O_RDWR)
    if args.profile:
        profile(device, args.way[0], args.size[0])
        return
    found = []
    for way in args.way or WAYS:
        for result in results(device, way, args.size or SIZES, args.path or PATHS,
                              args.quick):
            print("{way} {size} {path}: {send} + {receive} = {total}".format(**result),
                  flush=True)
            found.append(result)
    if args.json:
        with open(args.json, "w", encoding="ascii") as file:
            json.dump(found, file, indent=1)


main()
