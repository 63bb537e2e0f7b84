#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Pin an XDP program that sends every frame back as it is (XDP_TX).

usage: xdp_tx.py PATH
"""

import ctypes
import os
import struct
import sys

SYS_BPF = 321       # x86-64
PROG_LOAD, OBJ_PIN = 5, 6
TYPE_XDP, XDP_TX = 6, 3

libc = ctypes.CDLL(None, use_errno=True)


def bpf(cmd, attr):
    buf = ctypes.create_string_buffer(attr.ljust(128, b"\0"))
    ret = libc.syscall(SYS_BPF, cmd, buf, 128)
    if ret < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return ret


# r0 = XDP_TX; exit
INSNS = ctypes.create_string_buffer(struct.pack("<BBhi", 0xb7, 0, 0, XDP_TX)
                                    + struct.pack("<BBhi", 0x95, 0, 0, 0))
LICENSE = ctypes.create_string_buffer(b"GPL")
PATH = ctypes.create_string_buffer(sys.argv[1].encode())

prog = bpf(PROG_LOAD, struct.pack("<IIQQ", TYPE_XDP, 2, ctypes.addressof(INSNS),
                                  ctypes.addressof(LICENSE)))
bpf(OBJ_PIN, struct.pack("<QI", ctypes.addressof(PATH), prog))
