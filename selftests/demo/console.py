#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Talk to QEMU through a Unix socket.

usage: console.py attach SOCKET          a serial console; Ctrl-] leaves
       console.py ask SOCKET COMMAND     one command for QEMU's monitor
"""

import os
import re
import select
import socket
import sys
import termios
import tty

LEAVE = b"\x1d"
PROMPT = b"(qemu) "


def connect(path):
    sock = socket.socket(socket.AF_UNIX)
    try:
        sock.connect(path)
    except OSError as err:
        sys.exit(f"console.py: cannot reach {path}: {err.strerror}")
    return sock


def relay(sock):
    """Until the machine is gone or the user leaves."""
    while True:
        ready = select.select([sock, 0], [], [])[0]
        if sock in ready:
            data = sock.recv(4096)
            if not data:
                return
            os.write(1, data)
        if 0 in ready:
            data = os.read(0, 1024)
            if not data or LEAVE in data:
                return
            sock.sendall(data)


def attach(path):
    sock = connect(path)
    old = termios.tcgetattr(0) if os.isatty(0) else None
    try:
        if old:
            tty.setraw(0)
        sock.sendall(b"\r")
        relay(sock)
    except OSError:
        pass
    finally:
        if old:
            termios.tcsetattr(0, termios.TCSADRAIN, old)
    print()


def answer(sock):
    """All that comes before the next prompt of the monitor."""
    text = b""
    while not text.endswith(PROMPT):
        data = sock.recv(4096)
        if not data:
            sys.exit("console.py: the monitor has gone")
        text += data
    return text[:-len(PROMPT)].decode(errors="replace")


def ask(path, command):
    sock = connect(path)
    sock.settimeout(20)
    try:
        answer(sock)
        sock.sendall(command.encode() + b"\n")
        text = answer(sock)
    except TimeoutError:
        sys.exit("console.py: the monitor does not answer")
    # The first line is the echo of the command, with cursor movements.
    lines = re.sub(r"\x1b\[[0-9;]*[A-Z]", "", text).splitlines()
    print("\n".join(lines[1:]))


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "attach":
        attach(sys.argv[2])
    elif len(sys.argv) == 4 and sys.argv[1] == "ask":
        ask(sys.argv[2], sys.argv[3])
    else:
        sys.exit(__doc__)


main()
