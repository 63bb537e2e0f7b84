# SPDX-License-Identifier: GPL-2.0-only
"""Taps as QEMU has them, and what else all ways need."""

import contextlib
import fcntl
import os
import select
import struct
import subprocess
import time

from device import Device
from frames import NO_HDR, hello, mac_of, tagged
from workloads import Workload

TUNSETIFF, TUNSETOFFLOAD, TUNSETVNETHDRSZ = 0x400454ca, 0x400454d0, 0x400454d8
TUNSETSNDBUF = 0x400454d4
IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x0002, 0x1000, 0x4000
OFFLOADS = 0x1 | 0x2 | 0x4	# checksum, TSO4, TSO6

PATIENCE = 60			# seconds for what takes a moment


def sh(command):
    return subprocess.run(command.split(), check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def index_of(name):
    with open(f"/sys/class/net/{name}/ifindex", encoding="ascii") as file:
        return int(file.read())


class Tap:
    """A tap as QEMU opens it: by the name of a tun tap, or by its node."""
    def __init__(self, name):
        self.name = name
        path = name if name.startswith("/") else "/dev/net/tun"
        self.fd = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        # The node of a direct tap does not look at the name.
        fcntl.ioctl(self.fd, TUNSETIFF, struct.pack(
            "16sH22x", os.path.basename(name).encode(),
            IFF_TAP | IFF_NO_PI | IFF_VNET_HDR))
        fcntl.ioctl(self.fd, TUNSETVNETHDRSZ, struct.pack("i", len(NO_HDR)))
        fcntl.ioctl(self.fd, TUNSETOFFLOAD, OFFLOADS)
        # With another size vhost-net sends no batches.
        fcntl.ioctl(self.fd, TUNSETSNDBUF, struct.pack("i", 0x7fffffff))

    def close(self):
        os.close(self.fd)

    def send(self, frame):
        with contextlib.suppress(OSError):	# EIO: it is not up yet
            os.write(self.fd, NO_HDR + frame)

    def read(self):
        return os.read(self.fd, 1 << 17)[len(NO_HDR):]

    def drain(self):
        """Whether there was something."""
        found = False
        while select.select([self.fd], [], [], 0)[0]:
            found = bool(self.read())
        return found

    def hears(self, frame, seconds):
        """Whether the frame comes, of all that may come."""
        end = time.monotonic() + seconds
        while select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
            if self.read() == frame:
                return True
        return False


class Nic:
    """A netdev of the kind vsw_bench, which BENCH_RUN knows by its index."""
    def __init__(self, name):
        self.name = name
        self.fd = -index_of(name)

    def close(self):
        pass

    def drain(self):
        """What is left in it is found by the next run."""
        return False


def greet(tap, mac, others, vid):
    """Until all others have heard this one at the same time, in a VLAN if there is one."""
    frame = tagged(hello(mac), vid, 0) if vid else hello(mac)
    for _ in range(PATIENCE * 5):
        tap.send(frame)
        if all(other.hears(frame, 0.2) for other in others):
            return
    raise RuntimeError(f"not all hear {tap.name}")


def introduce(taps, vid=0):
    """Until the first has heard the others, and they the first."""
    greet(taps[0], mac_of(0), taps[1:], vid)
    for number, tap in enumerate(taps[1:], 1):
        greet(tap, mac_of(number), taps[:1], vid)


def introduce_nics(nics):
    """The same, with one frame that is sent as those that are measured."""
    device = Device()
    for number, pair in enumerate((nics, nics[::-1])):
        load = Workload("hello", NO_HDR + hello(mac_of(number)), batch=1)
        for _ in range(PATIENCE):
            with contextlib.suppress(OSError):	# ENODATA: it is not up yet
                device.run(pair, load, 1)
                break
            time.sleep(0.2)
        else:
            raise RuntimeError(f"{pair[1].name} does not hear {pair[0].name}")
    device.close()
