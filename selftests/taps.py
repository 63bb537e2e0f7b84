#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Hold descriptors of tap nodes, and do with them what is said.

usage: taps.py          (asked on standard input)

Lines are "COMMAND NAME ARGUMENT...", each answered by one line: what came of it,
or the name of the error. NAME stands for a descriptor.

  open NAME PATH [UID]     open, as another user; TAP, without packet information,
                           virtio_net header of 12 bytes; or "multi" instead of UID:
                           one of several queues
  close NAME
  write NAME HEX [COUNT]   a frame, behind a header that says nothing
  raw NAME HEX             a write as it is
  read NAME MS             a frame: its bytes, "-" if none comes
  drain NAME               how many frames there were, and whether the last four
                           bytes went up in those that were alike before them:
                           "COUNT ordered" or "COUNT disordered"
  offload NAME MASK
  queue NAME on|off        TUNSETQUEUE
  setmac NAME MAC [UID]
  name NAME                of the netdev
  poll NAME                events without waiting
"""

import errno
import fcntl
import os
import select
import struct
import sys

from tap_file import IFF_MULTI_QUEUE, TUNSETOFFLOAD, set_up

TUNGETIFF, TUNSETQUEUE = 0x800454d2, 0x400454d9
SIOCSIFHWADDR = 0x8924
ATTACH_QUEUE, DETACH_QUEUE = 0x0200, 0x0400
HDR = bytes(12)
ARPHRD_ETHER = 1

fds = {}


def as_user(uid, function):
    os.seteuid(int(uid))
    try:
        return function()
    finally:
        os.seteuid(0)


def do_open(name, path, how="0"):
    flags = IFF_MULTI_QUEUE if how == "multi" else 0
    fd = as_user("0" if flags else how,
                 lambda: os.open(path, os.O_RDWR | os.O_NONBLOCK))
    fds[name] = fd
    # A node is of one device; the tun driver has to be told which.
    set_up(fd, name if path == "/dev/net/tun" else "", flags)


def do_close(name):
    os.close(fds.pop(name))


def do_write(name, frame, count="1"):
    data = HDR + bytes.fromhex(frame)
    for _ in range(int(count)):
        os.write(fds[name], data)


def do_raw(name, data):
    os.write(fds[name], bytes.fromhex(data))


def do_read(name, ms):
    if not select.select([fds[name]], [], [], int(ms) / 1000)[0]:
        return "-"
    return os.read(fds[name], 1 << 17)[len(HDR):].hex()


def do_drain(name):
    count, last, order = 0, {}, "ordered"
    while select.select([fds[name]], [], [], 0.2)[0]:
        frame = os.read(fds[name], 1 << 17)[len(HDR):]
        count += 1
        number, = struct.unpack("!I", frame[-4:])
        if number < last.get(frame[:-4], 0):
            order = "disordered"
        last[frame[:-4]] = number
    return f"{count} {order}"


def do_offload(name, mask):
    fcntl.ioctl(fds[name], TUNSETOFFLOAD, int(mask))


def do_queue(name, on):
    fcntl.ioctl(fds[name], TUNSETQUEUE, struct.pack(
        "16sH22x", b"", ATTACH_QUEUE if on == "on" else DETACH_QUEUE))


def do_setmac(name, mac, uid="0"):
    request = struct.pack("16sH6s16x", b"", ARPHRD_ETHER,
                          bytes.fromhex(mac.replace(":", "")))
    as_user(uid, lambda: fcntl.ioctl(fds[name], SIOCSIFHWADDR, request))


def do_name(name):
    return fcntl.ioctl(fds[name], TUNGETIFF, bytes(40))[:16].rstrip(b"\0").decode()


def do_poll(name):
    poller = select.poll()
    poller.register(fds[name], select.POLLIN | select.POLLOUT)
    events = dict(poller.poll(0)).get(fds[name], 0)
    return "".join(word for bit, word in ((select.POLLIN, "in"),
                                          (select.POLLOUT, "out"),
                                          (select.POLLERR, "err"),
                                          (select.POLLHUP, "hup")) if events & bit)


def main():
    for line in sys.stdin:
        command, *args = line.split()
        try:
            answer = globals()["do_" + command](*args)
        except OSError as problem:
            answer = errno.errorcode[problem.errno]
        print("ok" if answer is None else answer, flush=True)


main()
