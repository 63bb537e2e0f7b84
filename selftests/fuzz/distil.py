#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Take a few frames that differ out of captures.

usage: distil.py OUT CAPTURE...

Two frames are alike when they have the same tags, types, protocols, flags and
kind of destination, and about the same length. Of each kind the first is written,
with its first bytes only; see record.sh.
"""

import struct
import sys

HEAD, RECORD = "<IHHiIII", "<IIII"
MAGIC, ETHERNET = 0xa1b2c3d4, 1
SNAP = 192


def read(path):
    """The frames of a capture, and the lengths they had."""
    with open(path, "rb") as file:
        data = file.read()
    head = struct.unpack_from(HEAD, data)
    if head[0] != MAGIC or head[6] != ETHERNET:
        raise SystemExit(f"{path}: not a capture of Ethernet frames")
    at = struct.calcsize(HEAD)
    while at + 16 <= len(data):
        _, _, kept, length = struct.unpack_from(RECORD, data, at)
        yield data[at + 16:at + 16 + kept], length
        at += 16 + kept


def kind(frame, length):
    """What a frame has in common with those that are like it."""
    at, tags = 12, []
    to = "all" if frame[:6] == b"\xff" * 6 else frame[0] & 1
    while frame[at:at + 2] in (b"\x81\x00", b"\x88\xa8"):
        tags.append(frame[at])
        at += 4
    what, body = frame[at:at + 2], frame[at + 2:]
    if what == b"\x08\x06":
        what += body[6:8]
    elif what == b"\x08\x00" and len(body) >= 34:
        what += body[9:10] + (b"f" if body[6] & 0x3f or body[7] else b"")
        what += upper(body[9], body[(body[0] & 15) * 4:])
    elif what == b"\x86\xdd" and len(body) >= 54:
        what += body[6:7] + upper(body[6], body[40:])
    return to, tuple(tags), what, length.bit_length() // 2


def upper(protocol, data):
    """The same of what is behind IP."""
    if protocol == 6 and len(data) >= 14:
        return bytes((data[13], data[12] >> 4))
    if protocol == 17 and len(data) >= 4:
        return bytes(b for b in data[:4]) if data[1] < 128 else b""
    return data[:2] if protocol in (1, 58) else b""


def main():
    out, seen = sys.argv[1], {}
    for path in sys.argv[2:]:
        for frame, length in read(path):
            seen.setdefault(kind(frame, length), (frame[:SNAP], length))
    with open(out, "wb") as file:
        file.write(struct.pack(HEAD, MAGIC, 2, 4, 0, 0, 65536, ETHERNET))
        for number, (frame, length) in enumerate(seen.values()):
            file.write(struct.pack(RECORD, number, 0, len(frame), length))
            file.write(frame)
    print(f"{len(seen)} frames in {out}")


if __name__ == "__main__":
    main()
