#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Bulk TCP, compared by checksum.

usage: bulk.py receive FILE            writes the port it listens on to FILE
       bulk.py send ADDRESS PORT BYTES

Both print length and checksum of the data.
"""

import hashlib
import os
import socket
import sys

CHUNK = 1 << 20


def receive(path):
    sock = socket.create_server(("::", 0), family=socket.AF_INET6,
                                dualstack_ipv6=True)
    sock.settimeout(120)
    with open(path + ".new", "w", encoding="ascii") as port:
        port.write(f"{sock.getsockname()[1]}\n")
    os.rename(path + ".new", path)
    conn = sock.accept()[0]
    conn.settimeout(120)
    total, digest = 0, hashlib.md5()
    while data := conn.recv(CHUNK):
        total += len(data)
        digest.update(data)
    return total, digest


def send(address, port, size):
    block = os.urandom(CHUNK)
    total, digest = 0, hashlib.md5()
    with socket.create_connection((address, int(port)), 60) as sock:
        while total < size:
            data = block[:size - total]
            sock.sendall(data)
            digest.update(data)
            total += len(data)
    return total, digest


def main():
    if sys.argv[1] == "receive":
        total, digest = receive(sys.argv[2])
    else:
        total, digest = send(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    print(total, digest.hexdigest())


main()
