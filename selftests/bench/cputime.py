#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Run a virtual machine, and tell it how much time of the host's CPUs it has had.

usage: cputime.py DIR WORD...	(the words are for run.sh, besides --out DIR)

In the machine, to each byte that is written to /dev/ttyS3 the answer is a line with
nanoseconds: see cpus.py.
"""

import contextlib
import glob
import os
import socket
import struct
import subprocess
import sys

from machine import RUN, connect, listening


def cpu_time(pid):
    """Of all threads of a process."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(path, encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total


def serve(sock):
    """Until the machine ends."""
    credentials = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    pid, _, _ = struct.unpack("3i", credentials)
    with contextlib.suppress(ConnectionError), sock:
        while sock.recv(1):
            sock.sendall(f"{cpu_time(pid)}\n".encode())


def main():
    where, *words = sys.argv[1:]
    where = os.path.abspath(where)
    os.makedirs(where, exist_ok=True)
    port = os.path.join(where, "port")
    with subprocess.Popen([RUN, *listening(port), "--out", where, *words]) as machine:
        # It is started again after a known fault of the emulator.
        while sock := connect(port, machine):
            serve(sock)
    sys.exit(machine.returncode)


main()
