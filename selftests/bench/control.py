#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Measure what users and the kernel do with large tables and many ports.

usage: control.py [--subject NAME]... [--count N] [--json FILE]

Runs as root on a virtual machine whose clock counts instructions, a nanosecond each
(run.sh --icount=0 --append slab_nomerge), with vswitch.ko loaded.  An error, or an
entry or a port that is not there, or not gone, ends the program.  Prints the figures,
and writes them as a JSON array.
"""

import argparse

import ageing
import many
import ports
from ways import silence

AGEING = 300			# seconds, the default of both


def forgetting(count):
    for way in ageing.WAYS:
        yield ageing.result(way, count, AGEING)
    yield ageing.slices("vswitch", count, AGEING)


SUBJECTS = {"entries": many.results, "ageing": forgetting,
            "ports": lambda _: ports.results()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--subject", action="append", choices=SUBJECTS)
    parser.add_argument("--count", type=int, default=1000000, help="of entries")
    parser.add_argument("--json", metavar="FILE")
    args = parser.parse_args()
    silence()
    found = []
    for subject in args.subject or SUBJECTS:
        for one in SUBJECTS[subject](args.count):
            print(*(f"{key} {value}" for key, value in one.items()), flush=True)
            found.append(one)
    if args.json:
        ageing.save(args.json, found)


main()
