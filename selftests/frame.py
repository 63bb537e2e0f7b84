#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Make, send and capture Ethernet frames, byte for byte.

Frames are lines of hex digits; blanks and colons between them, empty lines
and lines that start with # do not count. A device in another network namespace
is written DEV@NS.
"""

import argparse
import contextlib
import ctypes
import functools
import io
import os
import select
import socket
import struct
import sys
import threading
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


@contextlib.contextmanager
def namespace(name):
    """For this thread, and only while a socket is made."""
    if not name:
        yield
        return
    setns = ctypes.CDLL(None, use_errno=True).setns
    own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    other = os.open(f"/run/netns/{name}", os.O_RDONLY)
    try:
        if setns(other, 0):
            raise OSError(ctypes.get_errno(), f"cannot enter {name}")
        yield
    finally:
        setns(own, 0)
        os.close(own)
        os.close(other)


def open_socket(where, protocol):
    dev, _, netns = where.partition("@")
    with namespace(netns):
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                             socket.htons(protocol))
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
    print(make(args), file=args.out)


def cmd_list(args):
    """Print a frame for each line of the input: arguments as for make."""
    parser = argparse.ArgumentParser()
    make_arguments(parser)
    with open(args.input, encoding="ascii") as lines:
        for line in lines:
            print(make(parser.parse_args(line.split())), file=args.out)


def cmd_say(args):
    """Make a frame, and send it."""
    send([unhex(make(args))], args)


def cmd_send(args):
    """Send the frames of the input, in order, count times."""
    with open(args.input, encoding="ascii") as lines:
        frames = read_frames(lines)
    send(frames, args)


def send(frames, args):
    with open_socket(args.dev, 0) as sock:
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


def listen(args):
    sock = open_socket(args.dev, int(args.type, 16))
    sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    return sock


def capture(sock, args):
    """Return the exit status: 1 when fewer came than were asked for, or not the end."""
    end = time.monotonic() + args.time / 1000
    seen = 0
    while seen < args.count or not args.count:
        left = end - time.monotonic()
        if left <= 0 or not select.select([sock], [], [], left)[0]:
            break
        data, ancillary, _, address = sock.recvmsg(1 << 18, 256)
        frame = restore_tag(data, ancillary)
        if args.until and frame.hex().startswith(args.until):
            sock.close()
            return 0
        if wanted(frame, address, args):
            seen += 1
            print(frame.hex(), file=args.out, flush=True)
    sock.close()
    return 0 if seen >= args.count and not args.until else 1


def cmd_capture(args):
    """Print what passes a device until count frames or the time are over."""
    return capture(listen(args), args)


class Capture(threading.Thread):
    """A capture that goes on while the server answers."""

    def __init__(self, args):
        super().__init__(daemon=True)
        self.args = args
        self.args.out = io.StringIO()
        self.status = 1
        self.sock = listen(args)
        self.start()

    def run(self):
        self.status = capture(self.sock, self.args)


class Server:
    """Does what it is asked for, so that no step needs a process of its own.

    A request is a line of arguments separated by tabs, those of this program;
    "capture NAME ..." answers when it listens, "wait NAME" with what was
    captured. "steps FILE" does what is asked for in the lines of a file, and has NAME
    before each frame that was captured. An answer is a line with the exit status,
    then the output.
    """

    def __init__(self):
        self.captures = {}

    def run(self, words, out):
        if words[0] == "wait":
            one = self.captures.pop(words[1])
            one.join()
            out.write(one.args.out.getvalue())
            return one.status
        if words[0] == "steps":
            return self.steps(words[1], out)
        name = words.pop(1) if words[0] == "capture" else None
        args = parse(words)
        args.out = out
        if name:
            self.captures[name] = Capture(args)
            return 0
        return args.run(args)

    def steps(self, path, out):
        """Return the worst status of the steps."""
        worst = 0
        with open(path, encoding="ascii") as lines:
            steps = [line.split() for line in lines]
        for words in steps:
            said = io.StringIO()
            worst = max(worst, self.run(words, said) or 0)
            name = words[1] + " " if words[0] == "wait" else ""
            for line in said.getvalue().splitlines():
                print(name + line, file=out)
        return worst

    def answer(self, line):
        out = io.StringIO()
        with contextlib.redirect_stderr(out):
            try:
                status = self.run(line.rstrip("\n").split("\t"), out) or 0
            except SystemExit as end:
                status = end.code
            except (OSError, ValueError, KeyError) as err:
                status = 1
                print(f"frame.py: {line.strip()}: {err!r}", file=out)
        return f"{status}\n{out.getvalue()}"


def cmd_serve(args):
    """Answer requests from one FIFO into another until that is gone."""
    server = Server()
    # Opened for writing, too: there is no end of file between two requests.
    with open(args.requests, "r+b", buffering=0) as requests:
        while line := requests.readline().decode("ascii"):
            answer = server.answer(line)
            with open(args.answers, "w", encoding="ascii") as answers:
                answers.write(answer)


def make_arguments(one):
    one.add_argument("dst")
    one.add_argument("src")
    one.add_argument("--vlan", action="append", default=[],
                     metavar="VID[:PRIO[:TPID]]", help="a tag, outermost first")
    one.add_argument("--type", default="88b5", help="EtherType in hex")
    one.add_argument("--payload", default="", help="in hex")
    one.add_argument("--len", type=int, default=60, help="padded to this")


def input_argument(one):
    one.add_argument("-i", "--input", metavar="FILE", default="/dev/stdin")


def send_arguments(one):
    one.add_argument("dev")
    one.add_argument("-n", "--count", type=int, default=1)
    one.add_argument("--gap", type=float, default=0, metavar="MS")
    one.add_argument("--gso", metavar="KIND:SIZE", help="KIND is one of "
                     + " ".join(VNET_GSO) + "; segments carry SIZE bytes")


@functools.lru_cache
def arguments():
    top = argparse.ArgumentParser(description=__doc__)
    sub = top.add_subparsers(required=True, metavar="COMMAND")

    one = sub.add_parser("make", help=cmd_make.__doc__)
    make_arguments(one)
    one.set_defaults(run=cmd_make)

    one = sub.add_parser("list", help=cmd_list.__doc__)
    input_argument(one)
    one.set_defaults(run=cmd_list)

    one = sub.add_parser("send", help=cmd_send.__doc__)
    send_arguments(one)
    input_argument(one)
    one.set_defaults(run=cmd_send)

    one = sub.add_parser("say", help=cmd_say.__doc__)
    send_arguments(one)
    make_arguments(one)
    one.set_defaults(run=cmd_say)

    one = sub.add_parser("capture", help=cmd_capture.__doc__)
    one.add_argument("dev")
    one.add_argument("-t", "--time", type=float, default=1000, metavar="MS")
    one.add_argument("-n", "--count", type=int, default=0,
                     help="stop after this many; exit status 1 if fewer came")
    one.add_argument("--dir", choices=("in", "out", "both"), default="in")
    one.add_argument("--prefix", default="", help="only frames that start so")
    one.add_argument("--until", metavar="HEX", help="a frame that starts so is the end, "
                     "and is not printed")
    one.add_argument("--type", default="3", help="only this EtherType, in hex, "
                     "and only what the device keeps: after its master had it")
    one.set_defaults(run=cmd_capture)

    one = sub.add_parser("serve", help=cmd_serve.__doc__)
    one.add_argument("requests")
    one.add_argument("answers")
    one.set_defaults(run=cmd_serve)
    return top


def parse(words=None):
    return arguments().parse_args(words)


def main():
    args = parse()
    args.out = sys.stdout
    try:
        sys.exit(args.run(args))
    except OSError as err:
        sys.exit(f"frame.py: {getattr(args, 'dev', '')}: {err}")


if __name__ == "__main__":
    main()
