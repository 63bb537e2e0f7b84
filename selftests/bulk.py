#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Bulk TCP, compared by checksum.

usage: bulk.py receive FILE            writes the port it listens on to FILE
       bulk.py send ADDRESS PORT BYTES
       bulk.py pairs

receive and send print length and checksum of the data.  pairs is both for each line
"FROM TO ADDRESS BYTES" of standard input, one after the other: FROM and TO are network
namespaces, "-" is the present one, and ADDRESS is that of TO.  It prints what is wrong.
"""

import hashlib
import os
import socket
import sys
import threading

from frame import namespace

CHUNK = 1 << 20


def listen():
    sock = socket.create_server(("::", 0), family=socket.AF_INET6,
                                dualstack_ipv6=True)
    sock.settimeout(120)
    return sock


def receive(path):
    sock = listen()
    with open(path + ".new", "w", encoding="ascii") as port:
        port.write(f"{sock.getsockname()[1]}\n")
    os.rename(path + ".new", path)
    return take(sock)


def take(sock):
    conn = sock.accept()[0]
    conn.settimeout(120)
    total, digest = 0, hashlib.md5()
    while data := conn.recv(CHUNK):
        total += len(data)
        digest.update(data)
    return total, digest


def send(address, port, size):
    return give(socket.create_connection((address, int(port)), 60), size)


def give(sock, size):
    block = os.urandom(CHUNK)
    total, digest = 0, hashlib.md5()
    with sock:
        while total < size:
            data = block[:size - total]
            sock.sendall(data)
            digest.update(data)
            total += len(data)
    return total, digest


def pair(source, target, address, size):
    """Return what both ends say of what went over."""
    got = []
    with namespace(target.strip("-")):
        server = listen()
    with server:
        receiver = threading.Thread(target=lambda: got.append(take(server)), daemon=True)
        receiver.start()
        with namespace(source.strip("-")):
            sock = socket.create_connection((address, server.getsockname()[1]), 60)
        sent = give(sock, int(size))
        receiver.join()
    return [(total, digest.hexdigest()) for total, digest in (sent, *got)]


def pairs():
    """Return the exit status."""
    wrong = 0
    for line in sys.stdin:
        try:
            said = pair(*line.split())
            good = len(said) == 2 and said[0] == said[1]
        except OSError as err:
            good, said = False, err
        if not good:
            print(f"{line.strip()}: {said}", flush=True)
            wrong = 1
    return wrong


def main():
    if sys.argv[1] == "pairs":
        sys.exit(pairs())
    if sys.argv[1] == "receive":
        total, digest = receive(sys.argv[2])
    else:
        total, digest = send(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    print(total, digest.hexdigest())


main()
