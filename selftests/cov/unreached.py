#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What lcov has counted, of kmod/ and ctl/.

unreached.py TREE COUNTS            prints the share of lines reached, in percent, of
                                    each file and of each of the two
unreached.py TREE COUNTS REASONS    prints FILE:LINE: TEXT of the lines of kmod/ that
                                    were not reached and that REASONS does not explain

A line of REASONS is FILE, a tab, the text of a line without blanks around it, a
tab, and the reason. One that explains nothing is printed as well: a line that is
reached needs no reason.
"""

import collections
import os
import sys


def read_counts(tree, path):
    """By file and line, how often it was reached."""
    counts, lines = collections.defaultdict(dict), None
    with open(path, encoding="utf-8") as info:
        for record in info:
            kind, _, rest = record.strip().partition(":")
            if kind == "SF":
                lines = counts[os.path.relpath(rest, tree)]
            elif kind == "DA":
                number, count = rest.split(",")[:2]
                lines[int(number)] = lines.get(int(number), 0) + int(count)
    return counts


def shares(counts):
    sums = collections.defaultdict(lambda: [0, 0])
    for name, lines in sorted(counts.items()):
        for of in name, name.split("/")[0]:
            sums[of][0] += sum(count > 0 for count in lines.values())
            sums[of][1] += len(lines)
    for of, (reached, total) in sums.items():
        yield f"{of:32} {100 * reached / total:5.1f} {reached} of {total}"


def read_reasons(path):
    with open(path, encoding="utf-8") as reasons:
        for number, line in enumerate(reasons, 1):
            if not line.strip() or line.startswith("#"):
                continue
            fields = line.rstrip("\n").split("\t")
            if len(fields) != 3 or not fields[2]:
                sys.exit(f"{path}:{number}: not FILE, TEXT, REASON")
            yield fields[0], fields[1]


def unexplained(tree, counts, reasons):
    used = dict.fromkeys(reasons, False)
    for name, lines in sorted(counts.items()):
        if not name.startswith("kmod/"):
            continue
        with open(os.path.join(tree, name), encoding="utf-8") as source:
            text = [line.strip() for line in source]
        for number in sorted(n for n, count in lines.items() if not count):
            if (name, text[number - 1]) in used:
                used[name, text[number - 1]] = True
            else:
                yield f"{name}:{number}: {text[number - 1]}"
    for (name, line), was in used.items():
        if not was:
            yield f"{name}: has a reason, but was reached or is no more: {line}"


def main():
    tree, path = sys.argv[1:3]
    counts = read_counts(tree, path)
    found = (unexplained(tree, counts, read_reasons(sys.argv[3]))
             if len(sys.argv) > 3 else shares(counts))
    for line in found:
        print(line)


main()
