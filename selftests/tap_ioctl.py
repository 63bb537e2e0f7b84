#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Do with the node of a direct tap what nobody should.

usage: tap_ioctl.py PART PORT OTHER-PORT [UID]

PART is one of the functions part_...; the nodes of the two direct taps are opened by
that user, root if none is given. Each call must answer as it is said here; each write is accounted for,
as a frame that came in on the port or a bad header; and afterwards frames pass
between the nodes as before. Prints what is not so, and ends with a line "N calls, M
failed".
"""

import ctypes
import errno
import json
import mmap
import os
import random
import select
import struct
import subprocess
import sys
import time

TUNSETIFF, TUNGETIFF, TUNGETFEATURES = 0x400454ca, 0x800454d2, 0x800454cf
TUNSETOFFLOAD, TUNSETSNDBUF, TUNSETQUEUE = 0x400454d0, 0x400454d4, 0x400454d9
TUNGETVNETHDRSZ, TUNSETVNETHDRSZ = 0x800454d7, 0x400454d8
TUNSETVNETLE, TUNGETVNETLE, TUNSETVNETBE, TUNGETVNETBE = \
    0x400454dc, 0x800454dd, 0x400454de, 0x800454df
SIOCGIFHWADDR, SIOCSIFHWADDR = 0x8927, 0x8924
# Those of a tun device that a tap of the library does not have.
TUN_ONLY = (0x400454c8, 0x400454c9, 0x400454cb, 0x400454cc, 0x400454cd, 0x400454ce,
            0x400454d1, 0x800454d3, 0x401054d5, 0x401054d6, 0x400454da, 0x801054db,
            0x800454e0, 0x800454e1, 0x400454e2, 0x54e3)
# What is no business of the driver: FIONBIO, FIOASYNC, FIOCLEX and the like.
GENERIC = {0x5421, 0x5450, 0x5451, 0x5452, 0x5460}
IFF_TUN, IFF_TAP, IFF_NO_PI, IFF_VNET_HDR, IFF_MQ = 1, 2, 0x1000, 0x4000, 0x100
ATTACH, DETACH = 0x200, 0x400
USUAL = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR
INT_MAX, INT_MIN = 2 ** 31 - 1, -2 ** 31
NULL, LOW, HIGH = 0, 8, 2 ** 64 - 4096
MAC = bytes.fromhex("02005e005301"), bytes.fromhex("02005e005302")
BROADCAST = b"\xff" * 6
HDR = bytes(12)

libc = ctypes.CDLL(None, use_errno=True)


class Iovec(ctypes.Structure):
    """A piece of a write; the base may be any address."""
    _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]


def sys_call(function, *args):
    """What it returned, or the name of the error."""
    function.restype = ctypes.c_int if function is libc.ioctl else ctypes.c_ssize_t
    done = function(*args)
    return errno.errorcode[ctypes.get_errno()] if done < 0 else done


def ioctl(fd, cmd, arg):
    """arg is a number or address, or a buffer."""
    where = arg if isinstance(arg, int) else ctypes.addressof(arg)
    return sys_call(libc.ioctl, ctypes.c_int(fd), ctypes.c_ulong(cmd),
                    ctypes.c_ulong(where & (2 ** 64 - 1)))


def ifreq(flags):
    return ctypes.create_string_buffer(struct.pack("16sH22x", b"any", flags), 40)


def integer(value):
    return ctypes.create_string_buffer(struct.pack("i", value), 4)


def write(fd, data):
    try:
        return os.write(fd, data)
    except OSError as problem:
        return errno.errorcode[problem.errno]


def writev(fd, pieces):
    """Pieces are bytes, or an address and a length."""
    keep = [ctypes.create_string_buffer(p, len(p) or 1) if isinstance(p, bytes) else p
            for p in pieces]
    vec = (Iovec * len(pieces))(*[
        Iovec(ctypes.addressof(k), len(p)) if isinstance(p, bytes) else Iovec(*p)
        for k, p in zip(keep, pieces)])
    return sys_call(libc.writev, ctypes.c_int(fd), vec, ctypes.c_int(len(pieces)))


def frame(length, dst=BROADCAST, src=MAC[0]):
    return (dst + src + b"\x88\xb5" + bytes(i % 251 for i in range(length)))[:length]


def show(port):
    text = subprocess.run(["vswctl", "-j", "port", "show", port], check=True,
                          stdout=subprocess.PIPE).stdout
    return json.loads(text)[0]


class Walk:
    """Calls, one after the other, on two nodes."""
    def __init__(self, *ports):
        self.port = ports[0]
        self.fds = [os.open(show(port)["node"], os.O_RDWR | os.O_NONBLOCK)
                    for port in ports]
        end = time.monotonic() + 20
        while any(show(port)["state"] != "forwarding" for port in ports):
            if time.monotonic() > end:
                sys.exit("the ports are not up")
            time.sleep(0.05)
        self.fd = self.fds[0]
        self.calls = self.failed = 0
        for fd in self.fds:
            self.restore(fd)

    def complain(self, text):
        self.failed += 1
        print(text)

    def expect(self, what, got, *wanted):
        self.calls += 1
        if got not in wanted:
            self.complain(f"{what}: {got}, wanted {' or '.join(map(str, wanted))}")

    @staticmethod
    def restore(fd):
        """As QEMU has it."""
        ioctl(fd, TUNSETQUEUE, ifreq(ATTACH))
        for cmd, arg in ((TUNSETIFF, ifreq(USUAL)), (TUNSETVNETLE, integer(0)),
                         (TUNSETVNETHDRSZ, integer(12)), (TUNSETOFFLOAD, 0),
                         (TUNSETSNDBUF, integer(INT_MAX))):
            if ioctl(fd, cmd, arg) != 0:
                sys.exit("a node cannot be set up")

    def counters(self):
        stats = show(self.port)["stats"]
        return stats["rx-packets"], stats["drops"]["bad-header"]

    def account(self, what, answers, before, cut=False):
        """Each write that was taken is a frame, or more of them if the core cuts what
        is larger than any device can take; each other one is a bad header."""
        after = self.counters()
        taken = sum(isinstance(a, int) for a in answers)
        frames = after[0] - before[0]
        self.expect(f"{what}: frames", min(frames, taken) if cut else frames, taken)
        self.expect(f"{what}: bad headers", after[1] - before[1],
                    len(answers) - taken)

    @staticmethod
    def drain(fd):
        while select.select([fd], [], [], 0)[0]:
            os.read(fd, 1 << 20)

    def still_passes(self):
        for fd in self.fds:
            self.restore(fd)
        for i, fd in enumerate(self.fds):
            other = self.fds[1 - i]
            self.drain(other)
            sent = frame(100, BROADCAST, MAC[i])
            self.expect("afterwards", write(fd, HDR + sent), len(HDR + sent))
            if not select.select([other], [], [], 20)[0]:
                self.complain("afterwards: nothing comes")
            elif os.read(other, 4096)[len(HDR):] != sent:
                self.complain("afterwards: another frame comes")

    # --- writes ----------------------------------------------------------

    def set_header(self, size):
        """Of so many bytes, or none."""
        flags = USUAL if size else USUAL & ~IFF_VNET_HDR
        self.expect("header", ioctl(self.fd, TUNSETIFF, ifreq(flags)), 0)
        if size:
            self.expect("header", ioctl(self.fd, TUNSETVNETHDRSZ, integer(size)), 0)

    def part_short(self):
        for size in (0, 10, 12, 13, 20, 64):
            self.set_header(size)
            before, answers = self.counters(), []
            for length in range(65):
                data = (bytes(size) + frame(64))[:length]
                answers.append(write(self.fd, data))
                self.expect(f"header {size}, {length} bytes", answers[-1],
                            length if length >= size + 14 else "EINVAL")
            self.account(f"header {size}", answers, before)
        for size in (65536, INT_MAX):
            self.set_header(size)
            before = self.counters()
            answers = [write(self.fd, bytes(n)) for n in (0, 12, 100, 65535)]
            self.expect(f"header {size}", set(answers), {"EINVAL"})
            self.account(f"header {size}", answers, before)

    def part_pieces(self):
        whole = HDR + frame(60)
        before, answers = self.counters(), []
        page = mmap.mmap(-1, 8192)
        addr = ctypes.addressof(ctypes.c_char.from_buffer(page))
        libc.mprotect(ctypes.c_void_p(addr + 4096), ctypes.c_size_t(4096), 0)
        cuts = [[1] * 71, [0, 12, 0, 0, 14, 0], [12], [11], [13], [26], [5, 5, 5],
                [0] * 1000]
        for cut in cuts:
            pieces, rest = [], whole
            for n in cut:
                pieces.append(rest[:n])
                rest = rest[n:]
            answers.append(writev(self.fd, pieces + [rest]))
            self.expect(f"pieces {cut[:8]}", answers[-1], len(whole))
        # Pieces that are not there: all of it, the header, an end of it, the frame,
        # its end.
        for pieces in ([(NULL, 72)], [(LOW, 12), frame(60)], [HDR, (NULL, 60)],
                       [HDR[:9], (LOW, 3), frame(60)], [HDR, frame(14), (LOW, 46)], [HDR, frame(59), (LOW, 1)],
                       [HDR, (addr + 4096 - 30, 60)], [(addr + 4096 - 6, 12), frame(60)],
                       [HDR, frame(20), (addr + 4096, 5000)]):
            answers.append(writev(self.fd, pieces))
            self.expect(f"pieces {[p if isinstance(p, tuple) else len(p) for p in pieces]}",
                        answers[-1], "EFAULT")
        self.account("pieces", answers, before)
        # These do not get as far as the node.
        before = self.counters()
        self.expect("no vector", sys_call(libc.writev, ctypes.c_int(self.fd),
                                          ctypes.c_void_p(LOW), ctypes.c_int(2)), "EFAULT")
        self.expect("kernel's memory", writev(self.fd, [(HIGH, 12), frame(60)]), "EFAULT")
        self.expect("1025 pieces", writev(self.fd, [b"x"] * 1025), "EINVAL")
        self.account("pieces", [], before)

    def part_huge(self):
        """More than any frame has; taken, it is too long for every port."""
        gso = struct.pack("<BBHHHH2x", 1, 1, 54, 1448, 34, 16)
        for header in (HDR, gso):
            before, answers = self.counters(), []
            for length in (65535, 65536, 65549, 65550, 70000, 131072, 300000, 557056,
                           600000, 1 << 20, 1 << 23):
                tcp = (MAC[1] + MAC[0] + bytes.fromhex(
                    "08004500ffff0001400040060000c0000201c0000202"
                    "9c4000500000000100000001501000400000" "0000") + bytes(length))[:length]
                answers.append(write(self.fd, header + tcp))
                self.expect(f"{length} bytes", answers[-1], 12 + length, "EINVAL",
                            "EMSGSIZE", "ENOBUFS", "ENOMEM")
                self.drain(self.fds[1])
            self.account("huge", answers, before, header is gso)
        ioctl(self.fds[1], TUNSETOFFLOAD, 7)
        self.expect("GSO of 300000", write(self.fd, gso + tcp[:300000]), 300012,
                    "EMSGSIZE")

    # --- reads -----------------------------------------------------------

    def send_to(self, fd, length):
        source = self.fds[1] if fd == self.fds[0] else self.fds[0]
        self.drain(fd)
        self.expect("send", write(source, HDR + frame(length, src=MAC[1])), 12 + length)
        if not select.select([fd], [], [], 20)[0]:
            self.complain("nothing came")

    def part_reads(self):
        """A frame is read once, whatever becomes of it."""
        buf = ctypes.create_string_buffer(4096)
        for size, wanted in ((11, "EINVAL"), (12, 12), (13, 13), (25, 25), (26, 26),
                             (112, 112), (4096, 112)):
            self.send_to(self.fd, 100)
            got = sys_call(libc.read, self.fd, buf, ctypes.c_size_t(size))
            self.expect(f"read of {size}", got, wanted)
            self.expect("once more", sys_call(libc.read, self.fd, buf, 4096), "EAGAIN")
        self.send_to(self.fd, 100)
        self.expect("read of nothing", sys_call(libc.read, self.fd, buf, 0), 0)
        for addr in (NULL, LOW, HIGH):
            self.send_to(self.fd, 100)
            self.expect("read to nowhere", sys_call(
                libc.read, self.fd, ctypes.c_void_p(addr), ctypes.c_size_t(4096)), "EFAULT")
        for size in (65536, INT_MAX):
            self.set_header(size)
            self.send_to(self.fd, 100)
            self.expect(f"header {size}", sys_call(libc.read, self.fd, buf, 4096), "EINVAL")
        self.expect("seek", sys_call(libc.lseek, self.fd, ctypes.c_long(5), 0), 5, "ESPIPE")
        self.expect("map", sys_call(libc.mmap, None, ctypes.c_size_t(4096), 3, 1, self.fd,
                                    ctypes.c_long(0)), "ENODEV")
        self.expect("fsync", sys_call(libc.fsync, self.fd) & INT_MAX, INT_MAX)

    # --- ioctls ----------------------------------------------------------

    def part_ioctls(self):
        new = ioctl(self.fd, TUNSETOFFLOAD, 0x61) == 0    # Linux 6.2: USO
        for cmd, good, bad in (
                (TUNSETIFF, (USUAL, USUAL | IFF_MQ, IFF_TAP | IFF_NO_PI),
                 (0, IFF_TAP, IFF_NO_PI, IFF_TUN | IFF_NO_PI, USUAL | IFF_TUN,
                  USUAL | 0x8000, USUAL | ATTACH, 0xffff)),
                (TUNSETQUEUE, (), (0, ATTACH, ATTACH | DETACH, 0xf9ff & ~ATTACH))):
            for flags, wanted in [(f, 0) for f in good] + [(f, "EINVAL") for f in bad]:
                self.expect(f"ioctl {cmd:#x} {flags:#x}", ioctl(self.fd, cmd, ifreq(flags)),
                            wanted)
        for flags, wanted in ((DETACH, 0), (DETACH, "EINVAL"), (ATTACH, 0),
                              (ATTACH, "EINVAL")):
            self.expect(f"queue {flags:#x}", ioctl(self.fd, TUNSETQUEUE, ifreq(flags)), wanted)
        for cmd, good, bad in (
                (TUNSETSNDBUF, (1, 4096, INT_MAX), (0, -1, INT_MIN)),
                (TUNSETVNETHDRSZ, (10, 12, 13, 65536, INT_MAX), (-1, 0, 1, 9, INT_MIN)),
                (TUNSETVNETLE, (1, -1, 0), ()), (TUNSETVNETBE, (), (0, 1))):
            for value, wanted in [(v, 0) for v in good] + [(v, "EINVAL") for v in bad]:
                self.expect(f"ioctl {cmd:#x} {value}", ioctl(self.fd, cmd, integer(value)),
                            wanted)
        for mask in list(range(0x80)) + [0x80, 0xff, 1 << 31, 1 << 40, -1]:
            ok = mask in range(0x80 if new else 0x20)
            self.expect(f"offload {mask:#x}", ioctl(self.fd, TUNSETOFFLOAD, mask),
                        0 if ok else "EINVAL")
        for cmd in TUN_ONLY:
            for arg in (NULL, LOW, -1, integer(1), ifreq(USUAL)):
                self.expect(f"ioctl {cmd:#x}", ioctl(self.fd, cmd, arg), "EINVAL")
        self.get_and_set()

    def get_and_set(self):
        """What is asked for, and where it is to go to or come from."""
        self.restore(self.fd)
        for cmd, size, wanted in ((TUNGETFEATURES, 4, struct.pack("I", USUAL | IFF_MQ)),
                                  (TUNGETVNETHDRSZ, 4, struct.pack("i", 12)),
                                  (TUNGETVNETLE, 4, bytes(4)),
                                  (TUNGETIFF, 18, struct.pack("16sH", self.port.encode(),
                                                              USUAL))):
            buf = ctypes.create_string_buffer(40)
            self.expect(f"ioctl {cmd:#x}", ioctl(self.fd, cmd, buf), 0)
            self.expect(f"ioctl {cmd:#x} says", buf.raw[:size], wanted)
        self.expect("VNETBE", ioctl(self.fd, TUNGETVNETBE, integer(0)), "EINVAL")
        for cmd in (TUNSETIFF, TUNGETIFF, TUNSETQUEUE, TUNGETFEATURES, TUNSETSNDBUF,
                    TUNGETVNETHDRSZ, TUNSETVNETHDRSZ, TUNGETVNETLE, TUNSETVNETLE,
                    SIOCGIFHWADDR, SIOCSIFHWADDR):
            for arg in (NULL, LOW, HIGH):
                self.expect(f"ioctl {cmd:#x} at {arg:#x}", ioctl(self.fd, cmd, arg), "EFAULT")
        self.address()

    def address(self):
        """The MAC address is the administrator's, and must be one of a station."""
        buf = ctypes.create_string_buffer(40)
        self.expect("get address", ioctl(self.fd, SIOCGIFHWADDR, buf), 0)
        was = buf.raw[18:24]

        def put(family, mac):
            return ioctl(self.fd, SIOCSIFHWADDR, ctypes.create_string_buffer(
                struct.pack("16sH6s16x", b"", family, mac), 40))

        self.expect("family", put(6, was), "EINVAL")
        bad = "EPERM" if os.geteuid() else "EADDRNOTAVAIL"
        for mac in (bytes(6), BROADCAST, b"\1" + was[1:]):
            self.expect("address " + mac.hex(), put(1, mac), bad)
        if os.geteuid():
            self.expect("another address", put(1, was[:5] + bytes((was[5] ^ 1,))), bad)
        self.expect("get address", ioctl(self.fd, SIOCGIFHWADDR, buf), 0)
        self.expect("address", buf.raw[18:24], was)

    def part_random(self):
        """Any number, any argument; only the address is left alone."""
        rng = random.Random(7)
        buf = ctypes.create_string_buffer(4096)
        for _ in range(5000):
            cmd = rng.choice((0x54, 0x54, 0x89, rng.randrange(256))) << 8 \
                | rng.randrange(256) | rng.randrange(1 << 16) << 16
            if rng.random() < 0.5:
                cmd = rng.choice((0x40040000, 0x80040000)) | 0x5400 | rng.randrange(200, 230)
            if cmd & 0xffff in GENERIC or cmd == SIOCSIFHWADDR or cmd >> 8 & 0xff != 0x54:
                cmd |= 0x5400
            if cmd & 0xffff in GENERIC:
                continue
            buf.raw = rng.randbytes(64) + bytes(4032)
            ioctl(self.fd, cmd, rng.choice((buf, buf, NULL, LOW, HIGH, -1,
                                            rng.randrange(1 << 47))))
            self.calls += 1
            if rng.random() < 0.2:
                write(self.fd, rng.randbytes(rng.randrange(100)))
                self.drain(self.fds[1])


def main():
    part, ports, user = sys.argv[1], sys.argv[2:4], sys.argv[4:]
    if user:
        os.setgroups([])
        os.setgid(int(user[0]))
        os.setuid(int(user[0]))
    walk = Walk(*ports)
    walk.still_passes()
    getattr(walk, "part_" + part)()
    walk.still_passes()
    print(f"{walk.calls} calls, {walk.failed} failed")
    sys.exit(bool(walk.failed))


main()
