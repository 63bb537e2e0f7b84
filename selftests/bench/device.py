# SPDX-License-Identifier: GPL-2.0-only
"""What the module vsw_bench does: see kmod/uapi.h."""

import array
import fcntl
import os
import struct

from frames import NO_HDR

PATH = "/dev/vsw_bench"
REQUEST = "<iIIIIIIIIIQQQQQ"
FLOOR = "<II"
BENCH_RUN = 1 << 30 | struct.calcsize(REQUEST) << 16 | 0x5600
BENCH_TICKS = 2 << 30 | 8 << 16 | 0x5601
BENCH_FLOOR = 1 << 30 | struct.calcsize(FLOOR) << 16 | 0x5602
BENCH_PING = 1 << 30 | struct.calcsize(REQUEST) << 16 | 0x5603
BENCH_LOOP = 20000


class Device:
    """An open descriptor; two netdevs stay connected by it until it is closed."""
    def __init__(self):
        self.fd = os.open(PATH, os.O_RDWR)

    def close(self):
        os.close(self.fd)

    def ticks(self):
        """Per instruction."""
        buf = fcntl.ioctl(self.fd, BENCH_TICKS, bytes(8))
        return struct.unpack("<Q", buf)[0] / BENCH_LOOP

    def connect(self, one, other):
        """Each of two netdevs, by index, sends what the other one receives."""
        fcntl.ioctl(self.fd, BENCH_FLOOR, struct.pack(FLOOR, one, other))

    def ask(self, command, taps, load, batches):
        """Two numbers for each batch, and what is returned."""
        addresses = load.addresses()
        into = array.array("i", [tap.fd for tap in taps[1:]])
        arrays = [into, array.array("B", load.frame), array.array("B", addresses)]
        ticks = [array.array("Q", bytes(8 * batches)) for _ in range(2)]
        request = bytearray(struct.pack(
            REQUEST, taps[0].fd, len(into), len(NO_HDR), len(load.frame), load.batch,
            batches, len(addresses) // 12, load.pause, load.shared, 0,
            *(a.buffer_info()[0] for a in (*arrays, *ticks))))
        return ticks, fcntl.ioctl(self.fd, command, request)

    def run(self, taps, load, batches):
        """Ticks for each batch, to send it from the first tap and to receive it."""
        return self.ask(BENCH_RUN, taps, load, batches)[0]

    def run_shared(self, taps, load, batches):
        """How many frames have been taken from the second tap, no matter whose."""
        return self.ask(BENCH_RUN, taps, load, batches)[1]

    def ping(self, taps, load, batches):
        """Nanoseconds, for each: how late it was sent, and how long it was on its way
        to the second tap and back."""
        return self.ask(BENCH_PING, taps, load, batches)[0]
