# SPDX-License-Identifier: GPL-2.0-only
"""A virtual machine of run.sh that is talked to, from outside."""

import os
import socket
import sys
import time

RUN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../vm/run.sh")


def listening(path):
    """Words for run.sh: a serial port of the machine is a socket there."""
    return ["--qemu", "-serial", "--qemu", f"unix:{path},server=on,wait=off"]


def connect(path, process=None):
    """To the machine; None if the process that runs it has ended."""
    end = time.monotonic() + 120
    while process or time.monotonic() < end:
        sock = socket.socket(socket.AF_UNIX)
        try:
            sock.connect(path)
            return sock
        except OSError:
            sock.close()
            if process and process.poll() is not None:
                return None
            time.sleep(0.1)
    sys.exit(f"nobody listens at {path}")
