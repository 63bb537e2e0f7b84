# SPDX-License-Identifier: GPL-2.0-only
"""A tap as a hypervisor has it: a file, and a header before each frame."""

import fcntl
import os
import select
import struct
import time

TUNSETIFF, TUNSETOFFLOAD, TUNSETVNETHDRSZ = 0x400454ca, 0x400454d0, 0x400454d8
IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x0002, 0x1000, 0x4000
IFF_MULTI_QUEUE = 0x0100
# virtio_net: flags, GSO, hdr_len, gso_size, csum_start, csum_offset, num_buffers
HDR = struct.Struct("<BBHHHHH")
NEEDS_CSUM = 1


def set_up(fd, name="", flags=0):
    """No packet information, and the header; a direct tap does not look at the name."""
    fcntl.ioctl(fd, TUNSETIFF, struct.pack(
        "16sH22x", name.encode(), IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | flags))
    fcntl.ioctl(fd, TUNSETVNETHDRSZ, struct.pack("i", HDR.size))


class Tap:
    """The node of a direct tap, or the name of a tun tap, which is made."""
    def __init__(self, name):
        self.name = name
        direct = name.startswith("/")
        self.fd = os.open(name if direct else "/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        set_up(self.fd, "" if direct else name)

    def offload(self, mask):
        fcntl.ioctl(self.fd, TUNSETOFFLOAD, mask)

    def send(self, header, frame):
        os.write(self.fd, HDR.pack(*header) + frame)

    def receive(self, wanted, seconds=20):
        """The next frame that is wanted(): its header, and the frame."""
        end = time.monotonic() + seconds
        while select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
            data = os.read(self.fd, 1 << 17)
            if wanted(data[HDR.size:]):
                return HDR.unpack_from(data), data[HDR.size:]
        return None, None

    def drain(self):
        """Throw away what is left of an earlier frame."""
        while self.receive(lambda frame: True, 0)[1] is not None:
            pass


def checksum(data):
    """The sum of the Internet's protocols, not inverted."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total
