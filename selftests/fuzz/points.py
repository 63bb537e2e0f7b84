#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Where the module tells KCOV that it was there.

usage: points.py KERNEL

KERNEL is the User-Mode Linux program. Prints "FILE FUNCTION ADDRESS", with the
address that KCOV gets, of each such place in the sources of this checkout. Code
that is made for anywhere in memory calls through registers, so what they hold is
followed; a place that is missed this way only makes a total too small.
"""

import glob
import os
import re
import subprocess
import sys

REPO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
TRACE = "__sanitizer_cov_trace_pc"
DEFINITION = re.compile(r"^\w[\w *]*?\b(vsw_\w+)\(", re.M)
INSTRUCTION = re.compile(r"^ *([0-9a-f]+):\t(\S+) *(.*)")
# What a function that is called may change.
CLOBBERED = ("%rax", "%rcx", "%rdx", "%rsi", "%rdi", "%r8", "%r9", "%r10", "%r11")
# Parts of registers, which are written instead of the whole.
PARTS = {f"%e{r}": f"%r{r}" for r in ("ax", "bx", "cx", "dx", "si", "di", "bp")}
FAR = 65536
PARTS.update({f"%r{n}d": f"%r{n}" for n in range(8, 16)})


def functions():
    """The file of each function."""
    files = {}
    for path in glob.glob(os.path.join(REPO, "kmod", "**", "*.c"), recursive=True):
        name = os.path.relpath(path, os.path.join(REPO, "kmod"))
        if name.startswith("tests/"):
            continue
        with open(path, encoding="utf-8") as source:
            for func in DEFINITION.findall(source.read()):
                files[func] = name
    return files


def symbols(kernel):
    """Functions with their addresses and the ends of these, and that of TRACE."""
    out = subprocess.run(["nm", "-S", "-n", kernel], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    found, trace = [], None
    for line in out.splitlines():
        words = line.split()
        if len(words) != 4 or words[2] not in "tT":
            continue
        addr, size = int(words[0], 16), int(words[1], 16)
        if words[3] == TRACE:
            trace = addr
        found.append((addr, addr + size, words[3]))
    return found, trace


def listing(kernel, start, stop):
    """The instructions: address, word, operands."""
    out = subprocess.run(
        ["objdump", "-d", "--no-show-raw-insn", f"--start-address={start:#x}",
         f"--stop-address={stop:#x}", kernel], check=True, text=True,
        stdout=subprocess.PIPE).stdout
    for line in out.splitlines():
        match = INSTRUCTION.match(line)
        if match:
            yield int(match[1], 16), match[2], match[3].split(" <")[0]
    yield stop, "end", ""


class Calls:
    """Which instructions call TRACE, in a function."""
    def __init__(self, trace):
        self.trace, self.want = trace, f"${trace:#x}"
        self.holders = set()

    def is_one(self, word, operands):
        """The next instruction."""
        first, _, last = operands.rpartition(",")
        last = PARTS.get(last, last)
        if word.startswith("call"):
            one = operands.lstrip("*") in self.holders or (
                operands.isalnum() and int(operands, 16) == self.trace)
            self.holders.difference_update(CLOBBERED)
            return one
        if word.startswith("mov") and (first == self.want or
                                       first in self.holders):
            self.holders.add(last)
        # The code behind a return is reached from before it.
        elif not word.startswith(("pop", "push", "cmp", "test")):
            self.holders.discard(last)
        return False


def main():
    kernel = sys.argv[1]
    files = functions()
    found, trace = symbols(kernel)
    ours = {start: (files[name.split(".")[0]], name)
            for start, _, name in found if name.split(".")[0] in files}
    spans = []
    for start, end, _ in found:
        if start not in ours:
            continue
        # What is for the start of the kernel is elsewhere.
        if spans and start - spans[-1][1] < FAR:
            spans[-1][1] = end
        else:
            spans.append([start, end])
    where, calls, called = None, None, False
    starts = {start for start, _, _ in found}
    for addr, word, operands in (i for s in spans for i in listing(kernel, *s)):
        if called and where:
            print(*where, f"{addr:#x}")
        if addr in starts:
            where, calls = ours.get(addr), Calls(trace)
        called = calls.is_one(word, operands)


if __name__ == "__main__":
    main()
