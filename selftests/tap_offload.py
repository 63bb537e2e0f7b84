#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""All offloads of guests, against all that the other one may have negotiated.

usage: tap_offload.py FROM TO SIZE

FROM and TO are nodes of direct taps or names of tun taps, which are made. Prints
"ready" when they exist, waits for a line on standard input (until they are ports),
then sends frames with SIZE bytes of data that are to be cut, if it is no offload,
whole and with each checksum complete or not. What comes is put together again and
compared byte by byte. Prints what is wrong, and ends with "N cases, M failed".
"""

import errno
import itertools
import struct
import sys

import tap_file
from tap_file import NEEDS_CSUM, checksum

CSUM, TSO4, TSO6, ECN, USO = 1, 2, 4, 8, 0x60
TCP, UDP, FRAGMENT = 6, 17, 44
FIN, PSH, ACK, CWR = 1, 8, 0x10, 0x80
FIRST_SEQ, IP_ID = 0xfffff000, 0xfffe	# both turn over within a frame
MACS = bytes.fromhex("02005e005302"), bytes.fromhex("02005e005301")

# Name: protocol, IPv6, type of GSO, what the receiver must have negotiated to get it
# whole; None: nothing suffices.
KINDS = {
    "TCPv4": (TCP, False, 0, 0), "TCPv6": (TCP, True, 0, 0),
    "UDPv4": (UDP, False, 0, 0), "UDPv6": (UDP, True, 0, 0),
    "TSO4": (TCP, False, 1, CSUM | TSO4), "TSO6": (TCP, True, 4, CSUM | TSO6),
    "TSO4 with ECN": (TCP, False, 0x81, CSUM | TSO4 | ECN),
    "TSO6 with ECN": (TCP, True, 0x84, CSUM | TSO6 | ECN),
    "UFO4": (UDP, False, 3, None), "UFO6": (UDP, True, 3, None),
    "USO4": (UDP, False, 5, CSUM | USO), "USO6": (UDP, True, 5, CSUM | USO),
}
MASKS = (0, CSUM, CSUM | TSO4, CSUM | TSO6, CSUM | TSO4 | TSO6 | ECN | USO)


def addresses(v6):
    if not v6:
        return bytes((192, 0, 2, 1, 192, 0, 2, 2))
    net = bytes.fromhex("20010db8") + bytes(11)
    return net + b"\1" + net + b"\2"


def pseudo(v6, proto, length):
    return addresses(v6) + struct.pack("!II" if v6 else "!HH",
                                       *((length, proto) if v6 else (proto, length)))


class Frame:
    """One of a kind, tagged or not, its checksum complete or only begun."""
    def __init__(self, kind, tagged, partial, size):
        self.name = f"{kind}{', tagged' if tagged else ''}" \
            f", {'partial' if partial else 'complete'} checksum"
        self.proto, self.v6, self.gso, self.needs = KINDS[kind]
        self.tagged, self.partial = tagged, partial
        self.ecn = bool(self.gso & 0x80)
        self.mss = 1400 if self.gso else 0
        self.data = bytes(i * 7 % 251 for i in range(size if self.gso else 1301))
        self.eth = b"".join(MACS) + (b"\x81\x00\x60\x07" if tagged else b"") \
            + (b"\x86\xdd" if self.v6 else b"\x08\x00")
        self.trans = len(self.eth) + (40 if self.v6 else 20)
        self.at = 16 if self.proto == TCP else 6      # the checksum, in the header
        self.bytes = self.make()

    def header(self):
        """What virtio_net says."""
        flags, start, at = (NEEDS_CSUM, self.trans, self.at) if self.partial else (0, 0, 0)
        size = self.trans + (20 if self.proto == TCP else 8) if self.gso else 0
        return flags, self.gso, size, self.mss, start, at, 0

    def make(self):
        if self.proto == TCP:
            flags = ACK | PSH | FIN | (CWR if self.ecn else 0)
            head = struct.pack("!HHIIBBHHH", 40000, 80, FIRST_SEQ, 1, 5 << 4, flags, 64,
                               0, 0)
        else:
            head = struct.pack("!HHHH", 40000, 53, 8 + len(self.data), 0)
        length = len(head) + len(self.data)
        total = checksum(pseudo(self.v6, self.proto, length))
        if not self.partial:
            total = ~checksum(pseudo(self.v6, self.proto, length) + head
                              + self.data) & 0xffff or 0xffff
        head = head[:self.at] + struct.pack("!H", total) + head[self.at + 2:]
        return self.eth + self.ip(length) + head + self.data

    def ip(self, length):
        if self.v6:
            return struct.pack("!IHBB", 6 << 28, length, self.proto, 64) + addresses(True)
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, IP_ID, 0, 64, self.proto,
                           0) + addresses(False)
        return head[:10] + struct.pack("!H", ~checksum(head) & 0xffff) + head[12:]

    def refused(self):
        """UDP_L4 means that checksums are to be made."""
        return self.gso == 5 and not self.partial


class Wrong(Exception):
    """What came is not what was sent."""


def insist(condition, text):
    if not condition:
        raise Wrong(text)


class Receiver:
    """Puts together what comes of a frame, for who has negotiated some offloads."""
    def __init__(self, frame, mask):
        self.frame, self.mask = frame, mask
        self.count, self.got, self.done = 0, b"", False
        self.whole = frame.needs is not None and mask & frame.needs == frame.needs
        self.ident = None

    def take(self, header, packet):
        f = self.frame
        insist(packet.startswith(f.eth), "another Ethernet header")
        insist(not header[0] & NEEDS_CSUM or self.mask & CSUM, "an open checksum")
        if f.gso and self.whole:
            insist(header[1] == f.gso and header[3] == f.mss, f"it is cut: {header}")
        else:
            insist(header[1] == 0 and len(packet) <= len(f.eth) + 1500, "it is not cut")
        if self.fragment(header, packet[len(f.eth):]):
            self.count += 1
            return
        proto, body = self.ip(packet[len(f.eth):])
        insist(proto == f.proto, f"protocol {proto}")
        self.transport(header, body)
        self.count += 1

    def ip(self, packet):
        f = self.frame
        if f.v6:
            length, proto = struct.unpack_from("!HB", packet, 4)
            insist(packet[8:40] == addresses(True) and packet[7] == 64, "IPv6 header")
            insist(len(packet) == 40 + length, "length of the IPv6 packet")
            return proto, packet[40:]
        length, ident = struct.unpack_from("!HH", packet, 2)
        insist(checksum(packet[:20]) == 0xffff, "checksum of the IP header")
        insist(packet[0] == 0x45 and packet[12:20] == addresses(False), "IP header")
        insist(len(packet) == length, "length of the IP packet")
        if f.gso != 3:
            insist(ident == (IP_ID + self.count) & 0xffff, f"identification {ident:x}")
        return packet[9], packet[20:]

    def fragment(self, header, packet):
        """Of a UDP datagram that was too long; True if it was one."""
        f = self.frame
        if f.gso != 3:
            return False
        proto, body = self.ip(packet)
        if f.v6:
            insist(proto == FRAGMENT and body[0] == UDP, "no fragment")
            where, ident = struct.unpack_from("!HI", body, 2)
            offset, more, body = where & ~7, where & 1, body[8:]
        else:
            ident, where = struct.unpack_from("!HH", packet, 4)
            offset, more = (where & 0x1fff) * 8, where & 0x2000
        insist(not header[0] & NEEDS_CSUM, "a fragment with an open checksum")
        insist(self.ident in (None, ident), "identification of a fragment")
        insist(offset == len(self.got), f"fragment at {offset}, not {len(self.got)}")
        self.ident, self.done = ident, not more
        self.got += body
        if self.done:
            datagram, self.got = self.got, b""
            self.transport((0,) * 7, datagram)
        return True

    def transport(self, header, body):
        f = self.frame
        sent = f.bytes[f.trans:]
        field, = struct.unpack_from("!H", body, f.at)
        head = pseudo(f.v6, f.proto, len(body))
        if header[0] & NEEDS_CSUM:
            insist(header[4:6] == (f.trans, f.at), f"open checksum at {header[4:6]}")
            insist(field == checksum(head), "checksum of the pseudo header")
        else:
            insist(checksum(head + body) == 0xffff, "checksum")
        insist(body[:4] == sent[:4], "ports")
        if f.proto == TCP:
            data = body[20:]
            self.tcp(body, len(data))
        else:
            data = body[8:]
            insist(struct.unpack_from("!H", body, 4)[0] == len(body), "length of UDP")
        self.got += data
        insist(f.data.startswith(self.got), "other data")
        self.done = len(self.got) == len(f.data)

    def tcp(self, body, length):
        f, before = self.frame, len(self.got)
        seq, = struct.unpack_from("!I", body, 4)
        insist(seq == (FIRST_SEQ + before) & 0xffffffff, f"sequence number {seq:x}")
        last, first = before + length == len(f.data), before == 0
        flags = ACK | (PSH | FIN if last else 0) | (CWR if f.ecn and first else 0)
        insist(body[13] == flags, f"flags {body[13]:x}, not {flags:x}")


class Tap(tap_file.Tap):
    """One that may have negotiated anything."""
    def offload(self, mask):
        """USO came with Linux 6.2."""
        try:
            super().offload(mask)
        except OSError as problem:
            if problem.errno != errno.EINVAL or not mask & USO:
                raise
            mask &= ~USO
            super().offload(mask)
        return mask


def try_one(sender, receiver, frame, mask):
    receiver.drain()
    try:
        sender.send(frame.header(), frame.bytes)
    except OSError as problem:
        insist(problem.errno == errno.EINVAL and (frame.refused() or frame.gso == 5 and
                                                  not mask & USO), str(problem))
        return
    insist(not frame.refused(), "it was not refused")
    state = Receiver(frame, mask)
    while not state.done:
        # From the other guest, and not from the host.
        header, packet = receiver.receive(lambda frame: frame[6:12] == MACS[1])
        insist(packet, f"{state.count} came, then nothing")
        state.take(header, packet)
    insist(state.whole == (state.count == 1) or not frame.gso, f"{state.count} came")


def main():
    sender, receiver = map(Tap, sys.argv[1:3])
    size = int(sys.argv[3])
    print("ready", flush=True)
    sys.stdin.readline()
    cases = failed = 0
    frames = [Frame(*what, size) for what in
              itertools.product(KINDS, (False, True), (False, True))]
    for mask in MASKS:
        mask = receiver.offload(mask)
        for frame in frames:
            cases += 1
            try:
                try_one(sender, receiver, frame, mask)
            except Wrong as problem:
                failed += 1
                print(f"{frame.name}, negotiated {mask:#x}: {problem}")
    print(f"{cases} cases, {failed} failed", flush=True)
    sys.stdin.readline()


main()
