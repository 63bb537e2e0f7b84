# SPDX-License-Identifier: GPL-2.0-only
"""What can be between two taps: this switch, and its peers."""

import contextlib
import fcntl
import os
import select
import struct
import subprocess
import time

from frames import MACS, NO_HDR, ether, filling

TUNSETIFF, TUNSETOFFLOAD, TUNSETVNETHDRSZ = 0x400454ca, 0x400454d0, 0x400454d8
TUNSETSNDBUF = 0x400454d4
IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x0002, 0x1000, 0x4000
OFFLOADS = 0x1 | 0x2 | 0x4	# checksum, TSO4, TSO6

# See kmod/uapi.h.
FLOOR = "<II"
BENCH_FLOOR = 1 << 30 | struct.calcsize(FLOOR) << 16 | 0x5602

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

    def drain(self):
        while select.select([self.fd], [], [], 0)[0]:
            os.read(self.fd, 1 << 17)

    def hears(self, frame, seconds):
        """Whether the frame comes, of all that may come."""
        end = time.monotonic() + seconds
        while select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
            if os.read(self.fd, 1 << 17)[len(NO_HDR):] == frame:
                return True
        return False


def introduce(taps):
    """Until each has heard the other, so that a switch knows both."""
    for tap, other, mac in zip(taps, taps[::-1], MACS):
        hello = ether(b"\xff" * 6, mac)[:12] + b"\x88\xb5" + filling(46)
        for _ in range(PATIENCE * 5):
            with contextlib.suppress(OSError):	# EIO: it is not up yet
                os.write(tap.fd, NO_HDR + hello)
            if other.hears(hello, 0.2):
                break
        else:
            raise RuntimeError(f"{other.name} does not hear {tap.name}")


class Way:
    """What connects two taps; a subclass has connect()."""
    def __init__(self, device):
        self.device = device
        self.links = []
        self.taps = []

    def link(self, name, words):
        sh(f"ip link add name {name} {words}")
        self.links.insert(0, name)

    def up(self, name, qdisc):
        sh(f"ip link set {name} up")
        if qdisc == "noqueue":
            sh(f"tc qdisc replace dev {name} root noqueue")

    def tun(self, name, qdisc):
        self.taps.append(Tap(name))
        self.up(name, qdisc)

    def node(self, path):
        self.taps.append(Tap(path))

    def disconnect(self):
        for tap in self.taps:
            tap.close()
        for link in self.links:
            sh(f"ip link del {link}")


class Vswitch(Way):
    def connect(self, kinds, qdisc="noqueue"):
        sh("vswctl switch add vsw0")
        self.links = ["vsw0"]
        sh("ip link set vsw0 up")
        for i, kind in enumerate(kinds.split("-"), 1):
            if kind == "direct":
                self.node(sh(f"vswctl port add vsw0 d{i} type tap"))
            else:
                self.tun(f"t{i}", qdisc)
                sh(f"vswctl port add vsw0 t{i}")


class Bridge(Way):
    def connect(self, qdisc):
        self.link("br0", "type bridge")
        sh("ip link set br0 up")
        for i in 1, 2:
            self.tun(f"t{i}", qdisc)
            sh(f"ip link set t{i} master br0")


class Macvtap(Way):
    def connect(self, qdisc):
        self.link("lower0", "type dummy")
        sh("ip link set lower0 up")
        for i, mac in enumerate(MACS, 1):
            self.link(f"mv{i}", f"link lower0 address {mac.hex(':')} type macvtap "
                      "mode bridge")
            self.up(f"mv{i}", qdisc)
            self.node(f"/dev/tap{index_of(f'mv{i}')}")


class Floor(Way):
    """What a tun tap sends, another gets: see kmod/floor.c."""
    def connect(self):
        for name in "t1", "t2":
            self.tun(name, "noqueue")
        fcntl.ioctl(self.device, BENCH_FLOOR,
                    struct.pack(FLOOR, index_of("t1"), index_of("t2")))

    def disconnect(self):
        fcntl.ioctl(self.device, BENCH_FLOOR, struct.pack(FLOOR, 0, 0))
        super().disconnect()


# The default queueing discipline is Debian's, fq_codel.  Direct taps have none.
WAYS = {
    "floor": (Floor,),
    "vswitch-direct-direct": (Vswitch, "direct-direct"),
    "vswitch-direct-tun": (Vswitch, "direct-tun"),
    "vswitch-tun-direct": (Vswitch, "tun-direct"),
    "vswitch-tun-tun": (Vswitch, "tun-tun", "fq_codel"),
    "vswitch-tun-tun-noqueue": (Vswitch, "tun-tun", "noqueue"),
    "macvtap": (Macvtap, "fq_codel"),
    "macvtap-noqueue": (Macvtap, "noqueue"),
    "bridge": (Bridge, "fq_codel"),
    "bridge-noqueue": (Bridge, "noqueue"),
}


def silence():
    """Nobody speaks between the frames; new devices get Debian's default queue."""
    write("/proc/sys/net/core/default_qdisc", "fq_codel")
    write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1")
    # A bridge joins a group of IPv4 even without an address.
    write("/proc/sys/net/ipv4/igmp_link_local_mcast_reports", "0")


@contextlib.contextmanager
def taps_of(name, device):
    """Two taps that know each other, by way of this; taken down afterwards."""
    kind, *args = WAYS[name]
    way = kind(device)
    try:
        way.connect(*args)
        introduce(way.taps)
        yield way.taps
    finally:
        way.disconnect()
