#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Make, send and capture Ethernet frames, byte for byte.

Frames are lines of hex digits; blanks and colons between them, empty lines
and lines that start with # do not count.
"""

import argparse
import select
import socket
import struct
import sys
import time

SOL_PACKET = 263
PACKET_AUXDATA = 8
PACKET_VNET_HDR = 15
PACKET_OUTGOING = 4
STATUS_VLAN_VALID = 0x10
STATUS_TPID_VALID = 0x40
VNET_NEEDS_CSUM = 1
VNET_GSO = {"tcp4": 1, "udp4": 3, "tcp6": 4, "udp6": 3, "udpl4": 5, "udpl6": 5}


def unhex(text):
    return bytes.fromhex(text.replace(":", "").replace(" ", ""))


def read_frames(lines):
    lines = (line.strip() for line in lines)
    return [unhex(line) for line in lines if line and not line.startswith("#")]


def open_socket(dev, protocol):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(protocol))
    sock.bind((dev, protocol))
    return sock


def vnet_header(frame, kind, size):
    """The virtio-net header that makes the kernel take a frame as GSO."""
    at = 12
    while frame[at:at + 2] in (b"\x81\x00", b"\x88\xa8"):
        at += 4
    net = at + 2
    trans = net + (40 if kind.endswith("6") else (frame[net] & 15) * 4)
    tcp = kind.startswith("tcp")
    length = trans + ((frame[trans + 12] >> 4) * 4 if tcp else 8)
    return struct.pack("<BBHHHH", VNET_NEEDS_CSUM, VNET_GSO[kind], length, size,
                       trans, 16 if tcp else 6)


def make(args):
    frame = unhex(args.dst) + unhex(args.src)
    for tag in args.vlan:
        vid, prio, tpid = (tag.split(":") + ["", ""])[:3]
        frame += struct.pack("!HH", int(tpid or "8100", 16),
                             int(prio or 0) << 13 | int(vid))
    frame += struct.pack("!H", int(args.type, 16)) + unhex(args.payload)
    return frame.ljust(args.len, b"\0").hex()


def cmd_make(args):
    """Print one frame."""
    print(make(args))


def cmd_list(_):
    """Print a frame for each line of standard input: arguments as for make."""
    parser = argparse.ArgumentParser()
    make_arguments(parser)
    for line in sys.stdin:
        print(make(parser.parse_args(line.split())))


def cmd_send(args):
    """Send the frames of standard input, in order, count times."""
    frames = read_frames(sys.stdin)
    sock = open_socket(args.dev, 0)
    if args.gso:
        kind, _, size = args.gso.partition(":")
        sock.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
        frames = [vnet_header(f, kind, int(size)) + f for f in frames]
    for _ in range(args.count):
        for frame in frames:
            sock.send(frame)
            if args.gap:
                time.sleep(args.gap / 1000)


def restore_tag(frame, ancillary):
    """Put the VLAN tag back that the kernel hands over beside the frame."""
    for level, kind, data in ancillary:
        if (level, kind) != (SOL_PACKET, PACKET_AUXDATA):
            continue
        status, _, _, _, _, tci, tpid = struct.unpack("IIIHHHH", data[:20])
        if status & STATUS_VLAN_VALID:
            tpid = tpid if status & STATUS_TPID_VALID else 0x8100
            return frame[:12] + struct.pack("!HH", tpid, tci) + frame[12:]
    return frame


def wanted(frame, address, args):
    outgoing = address[2] == PACKET_OUTGOING
    if args.dir != "both" and outgoing != (args.dir == "out"):
        return False
    return frame.hex().startswith(args.prefix.replace(":", "").lower())


def cmd_capture(args):
    """Print what passes a device until count frames or the time are over."""
    sock = open_socket(args.dev, int(args.type, 16))
    sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    if args.ready:
        with open(args.ready, "w", encoding="ascii"):
            pass
    end = time.monotonic() + args.time / 1000
    seen = 0
    while seen < args.count or not args.count:
        left = end - time.monotonic()
        if left <= 0 or not select.select([sock], [], [], left)[0]:
            break
        data, ancillary, _, address = sock.recvmsg(1 << 18, 256)
        frame = restore_tag(data, ancillary)
        if wanted(frame, address, args):
            seen += 1
            print(frame.hex(), flush=True)
    sys.exit(0 if seen >= args.count else 1)


def make_arguments(one):
    one.add_argument("dst")
    one.add_argument("src")
    one.add_argument("--vlan", action="append", default=[],
                     metavar="VID[:PRIO[:TPID]]", help="a tag, outermost first")
    one.add_argument("--type", default="88b5", help="EtherType in hex")
    one.add_argument("--payload", default="", help="in hex")
    one.add_argument("--len", type=int, default=60, help="padded to this")


def parse():
    top = argparse.ArgumentParser(description=__doc__)
    sub = top.add_subparsers(required=True, metavar="COMMAND")

    one = sub.add_parser("make", help=cmd_make.__doc__)
    make_arguments(one)
    one.set_defaults(run=cmd_make)

    one = sub.add_parser("list", help=cmd_list.__doc__)
    one.set_defaults(run=cmd_list)

    one = sub.add_parser("send", help=cmd_send.__doc__)
    one.add_argument("dev")
    one.add_argument("-n", "--count", type=int, default=1)
    one.add_argument("--gap", type=float, default=0, metavar="MS")
    one.add_argument("--gso", metavar="KIND:SIZE", help="KIND is one of "
                     + " ".join(VNET_GSO) + "; segments carry SIZE bytes")
    one.set_defaults(run=cmd_send)

    one = sub.add_parser("capture", help=cmd_capture.__doc__)
    one.add_argument("dev")
    one.add_argument("-t", "--time", type=float, default=1000, metavar="MS")
    one.add_argument("-n", "--count", type=int, default=0,
                     help="stop after this many; exit status 1 if fewer came")
    one.add_argument("--dir", choices=("in", "out", "both"), default="in")
    one.add_argument("--prefix", default="", help="only frames that start so")
    one.add_argument("--type", default="3", help="only this EtherType, in hex, "
                     "and only what the device keeps: after its master had it")
    one.add_argument("--ready", metavar="FILE", help="made when listening")
    one.set_defaults(run=cmd_capture)
    return top.parse_args()


def main():
    args = parse()
    try:
        args.run(args)
    except OSError as err:
        sys.exit(f"frame.py: {getattr(args, 'dev', '')}: {err}")


main()
