#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Show in which functions a frame's instructions are spent.

usage: profile.py WAY WORKLOAD DIR	(those of bench.py; KERNEL is that of run.sh)

Starts a virtual machine in which bench.py sends and receives one batch of frames,
while QEMU writes down each instruction, and prints a table; DIR gets the logs.
"""

import bisect
import collections
import os
import re
import subprocess
import sys

from machine import RUN, connect, listening
from workloads import WORKLOADS

# The address of the block, which is one instruction: [cs_base/PC/flags/cflags].
TRACE = re.compile(rb"^Trace .*?\[[0-9a-f]+/([0-9a-f]+)/")


class Monitor:
    """QEMU's, for people."""
    def __init__(self, path):
        self.sock = connect(path)
        self.answer()

    def answer(self):
        text = b""
        while not text.endswith(b"(qemu) "):
            text += self.sock.recv(4096)

    def say(self, *commands):
        for command in commands:
            self.sock.sendall(command.encode() + b"\n")
            self.answer()


def record(way, workload, where):
    """Runs the machine; the instructions are in where/trace."""
    words = ["--qemu", "-monitor", "--qemu", f"unix:{where}/monitor,server=on,wait=off",
             *listening(f"{where}/port"), "--qemu", "-D", "--qemu", f"{where}/trace"]
    machine = subprocess.Popen(
        [RUN, "--icount=0", "--timeout", "300",
         "--out", where, *words, "--", "selftests/bench/guest.sh", "--profile",
         "--way", way, "--workload", workload], stdout=sys.stderr)
    monitor, port = Monitor(f"{where}/monitor"), connect(f"{where}/port")
    # Ready: a batch follows when it is told to go on.
    if port.recv(1) != b"R":
        sys.exit("the machine has gone")
    monitor.say("stop", "singlestep on", "log exec,nochain", "cont")
    port.sendall(b"G")
    port.recv(1)
    monitor.say("stop", "log none", "singlestep off", "cont")
    port.sendall(b"G")
    if machine.wait():
        sys.exit("the machine has failed")


class Symbols:
    """The functions of a kernel, by address."""
    def __init__(self, path):
        found = []
        with open(path) as lines:
            for line in lines:
                address, kind, name, *module = line.split()
                if kind in "tTwW":
                    found.append((int(address, 16), name, *module))
        found.sort()
        self.address = [f[0] for f in found]
        self.name = [" ".join(f[1:]) for f in found]

    def of(self, pc):
        index = bisect.bisect(self.address, pc)
        return self.name[index - 1] if index else "(user space)"


def counted(where):
    """Instructions by function, for sending and for receiving."""
    symbols = Symbols(f"{where}/kallsyms")
    names, phase = {}, None
    counts = {"send": collections.Counter(), "receive": collections.Counter()}
    with open(f"{where}/trace", "rb") as trace:
        for pc in filter(None, map(TRACE.match, trace)):
            name = names.get(pc[1])
            if not name:
                name = names[pc[1]] = symbols.of(int(pc[1], 16))
            if name.startswith("bench_send "):
                phase = "send"
            elif name.startswith("bench_receive") and phase:
                phase = "receive"
            elif name.startswith("bench_") and phase == "receive":
                break
            if phase:
                counts[phase][name] += 1
    return counts


def main():
    way, workload, where = sys.argv[1:]
    batch = WORKLOADS[workload].batch
    where = os.path.abspath(where)
    os.makedirs(where, exist_ok=True)
    record(way, workload, where)
    for phase, counter in counted(where).items():
        print(f"{phase}: {sum(counter.values()) / batch:.1f} a frame")
        for name, number in counter.most_common():
            if number >= batch / 4:
                print(f"{number / batch:9.1f}  {name}")


main()
