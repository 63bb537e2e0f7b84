#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Say what becomes of frames with tags between the ends of a switch.

usage: vlans.py run FRAMES NAME=DEV[@NS]|NAME=tap:NODE|NAME=tun:DEV...
       vlans.py compare BRIDGE SWITCH DIFFERENCES

run sends each of the frames from each of the ends, to all and to nobody known, and
prints a line for each: the end, "all" or "one", the frame, and who got it, how. A
frame is its tags, the outer one first: c10 is an IEEE 802.1Q one, s10 an 802.1ad one,
c10p5 has a priority, c10p5d is to be dropped first; "-" has none. FRAMES are
separated by blanks, tags by commas.

compare reads what run has printed of a bridge and of a switch, and lines of ends
(separated by commas), a frame and a reason: there, and nowhere else, the switch takes
nothing of what the bridge does, or with -END,END before the reason, delivers nothing
to these ends. Prints what is not so; exit status 1.
"""

import os
import re
import select
import struct
import sys
import time

from frame import PACKET_AUXDATA, PACKET_OUTGOING, SOL_PACKET, open_socket, restore_tag
from tap_file import set_up

TPID = {"c": 0x8100, "s": 0x88a8}
TYPE = 0x88b5
HDR = bytes(12)
# As long as nothing has come for so many seconds, there may be more.
QUIET = float(os.environ.get("VLANS_QUIET", "0.7"))


def tags_of(frame):
    out = b""
    for tag in frame.split(",") if frame != "-" else ():
        kind, vid, prio, dei = re.fullmatch(r"([cs])(\d+)(?:p(\d))?(d?)", tag).groups()
        tci = int(prio or 0) << 13 | bool(dei) << 12 | int(vid)
        out += struct.pack("!HH", TPID[kind], tci)
    return out


def name_of(data):
    """The tags of a frame as text, and what is behind its EtherType."""
    names, at = [], 12
    while (kind := struct.unpack_from("!H", data, at)[0]) != TYPE:
        if kind not in TPID.values():
            return None, b""
        tci, = struct.unpack_from("!H", data, at + 2)
        prio = f"p{tci >> 13}" if tci >> 13 else ""
        names.append(("c" if kind == 0x8100 else "s") + str(tci & 4095) + prio
                     + ("d" if tci & 4096 else ""))
        at += 4
    return ",".join(names) or "-", data[at + 2:]


class Wire:
    """An end that is a device."""
    def __init__(self, where):
        self.sock = open_socket(where, 3)
        self.sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        self.fileno = self.sock.fileno

    def send(self, data):
        self.sock.send(data)

    def recv(self):
        data, ancillary, _, address = self.sock.recvmsg(1 << 16, 256)
        return None if address[2] == PACKET_OUTGOING else restore_tag(data, ancillary)


class Tap:
    """An end that is the guest of a tap."""
    def __init__(self, path, dev):
        self.fd = os.open(path, os.O_RDWR)
        set_up(self.fd, dev, 0)

    def fileno(self):
        return self.fd

    def send(self, data):
        os.write(self.fd, HDR + data)

    def recv(self):
        return os.read(self.fd, 1 << 16)[len(HDR):]


def open_end(where):
    if where.startswith("tap:"):
        return Tap(where[4:], "")
    return Tap("/dev/net/tun", where[4:]) if where.startswith("tun:") else Wire(where)


def receive(ends, got, quiet):
    """Until nothing more has come for some time."""
    by_fd = {end.fileno(): (name, end) for name, end in ends.items()}
    last = time.monotonic()
    while (left := last + quiet - time.monotonic()) > 0:
        for fd in select.select(list(by_fd), [], [], left)[0]:
            name, end = by_fd[fd]
            data = end.recv()
            tags, rest = name_of(data) if data else (None, b"")
            if tags and rest[:4] == b"vlan":
                got.append((struct.unpack_from("!I", rest, 4)[0], name, tags))
                last = time.monotonic()


def run(frames, *ends):
    ends = {name: open_end(where) for name, where in (e.split("=", 1) for e in ends)}
    if any(isinstance(end, Tap) for end in ends.values()):
        time.sleep(2)   # Their queues are there a moment after their guests.
    asked, got = [], []
    for num, name in enumerate(ends):
        for frame in frames.split():
            for dest in "all", "one":
                head = b"\xff" * 6 if dest == "all" else bytes.fromhex("02005e005399")
                ends[name].send(head + bytes((2, 0, 0x5e, 0, 0x53, num)) + tags_of(frame)
                                + struct.pack("!H4sI", TYPE, b"vlan", len(asked)) + bytes(50))
                asked.append((name, dest, frame))
        # What is there makes room in the queues.
        receive(ends, got, 0.05)
    receive(ends, got, QUIET)
    for number, (name, dest, frame) in enumerate(asked):
        who = sorted(f"{at}={tags}" for n, at, tags in got if n == number)
        print(name, dest, frame, *who)


def table(path):
    with open(path, encoding="ascii") as lines:
        words = [line.split() for line in lines]
    return {(w[0], w[1], w[2]): " ".join(w[3:]) for w in words}


def without(got, ends):
    """What is left when these ends get nothing; no end, when none does."""
    return " ".join(one for one in got.split()
                    if ends and one.split("=")[0] not in ends)


def compare(bridge, switch, differences):
    bridge, switch = table(bridge), table(switch)
    with open(differences, encoding="ascii") as lines:
        wanted = {(end, words[1]): words[2][1:].split(",") if words[2][0] == "-" else []
                  for words in map(str.split, lines) for end in words[0].split(",")}
    unseen = set(wanted)
    wrong = [] if bridge.keys() == switch.keys() and bridge else ["not the same rows"]
    for row, there in bridge.items():
        what = (row[0], row[2])
        if what in wanted:
            less = without(there, wanted[what])
            if less != there:
                unseen.discard(what)
            there = less
        here = switch.get(row)
        if here != there:
            wrong.append(f"{' '.join(row)}: wanted: {there}; switch: {here}")
    wrong += [f"{' '.join(what)}: there is no difference" for what in sorted(unseen)]
    print("\n".join(wrong), end="\n" if wrong else "")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit({"run": run, "compare": compare}[sys.argv[1]](*sys.argv[2:]))
