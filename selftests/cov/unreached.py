#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What of kmod/ was not reached.

unreached.py COUNTS.json                    prints the percentage of lines reached
unreached.py COUNTS.json TREE REASONS       prints FILE:LINE: TEXT of those that were
                                            not, without those that REASONS explains

A line of REASONS is FILE, a tab, the text of a line without blanks around it, a
tab, and the reason. A line of it that explains nothing is printed as well: lines that
are reached need no reason.
"""

import json
import os
import sys


def kmod_lines(counts):
    for entry in json.load(open(counts))["files"]:
        if not entry["file"].startswith("kmod/"):
            continue
        for line in entry["lines"]:
            if not line.get("gcovr/noncode"):
                yield entry["file"], line["line_number"], line["count"]


def percentage(counts):
    hits = [count > 0 for _, _, count in kmod_lines(counts)]
    return 100.0 * sum(hits) / max(len(hits), 1)


def reasons_of(path):
    for number, line in enumerate(open(path), 1):
        if line.strip() and not line.startswith("#"):
            fields = line.rstrip("\n").split("\t")
            if len(fields) != 3 or not fields[2]:
                sys.exit(f"{path}:{number}: not FILE, TEXT, REASON")
            yield fields[0], fields[1]


def unexplained(counts, tree, reasons):
    known = dict.fromkeys(reasons_of(reasons), False)
    for name, number, count in sorted(kmod_lines(counts)):
        if count:
            continue
        lines = open(os.path.join(tree, name)).read().splitlines()
        text = lines[number - 1].strip()
        if (name, text) in known:
            known[name, text] = True
        else:
            yield f"{name}:{number}: {text}"
    for (name, text), used in known.items():
        if not used:
            yield f"{name}: has a reason, but was reached or is no more: {text}"


def main():
    if len(sys.argv) == 2:
        print(f"{percentage(sys.argv[1]):.1f}")
    else:
        for line in unexplained(*sys.argv[1:4]):
            print(line)


main()
