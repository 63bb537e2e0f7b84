# SPDX-License-Identifier: GPL-2.0-only
"""How much memory something takes: as the kernel accounts for it, and as it is missed."""

import os
import time

from taps import write

# What is the kernel's own, and no cache that goes when somebody wants it.
KERNEL = ("SUnreclaim", "Percpu", "VmallocUsed", "KernelStack", "PageTables")
# What may be missed for another reason.
OTHERS = ("Cached", "Buffers", "SReclaimable", "AnonPages")
PAGE = os.sysconf("SC_PAGE_SIZE")


def meminfo():
    with open("/proc/meminfo", encoding="ascii") as file:
        words = (line.split() for line in file)
        return {word[0][:-1]: int(word[1]) * 1024 for word in words}


def kept_by_cpus():
    """Free pages that are in no zone's list: they can be an eighth of the memory."""
    with open("/proc/zoneinfo", encoding="ascii") as file:
        words = (line.split() for line in file)
        return sum(int(word[1]) for word in words if word[0] == "count:") * PAGE


def settle():
    """What RCU and workqueues still hold goes, and so do caches."""
    for _ in range(3):
        write("/proc/sys/vm/drop_caches", "3")
        time.sleep(0.5)


def memory():
    """Bytes in use now: accounted for, and missed."""
    settle()
    now = meminfo()
    return (sum(now[key] for key in KERNEL),
            -sum(now[key] for key in ("MemFree", *OTHERS)) - kept_by_cpus())


def grown(before):
    """Bytes since then: that the one figure is right the other one shows."""
    accounted, missed = (new - old for new, old in zip(memory(), before))
    if abs(accounted - missed) > max(accounted / 10, 1 << 20):
        raise RuntimeError(f"{accounted} bytes are accounted for, and {missed} gone")
    return accounted, missed


def slab(*names):
    """Bytes of a slab cache that has one of these names, free objects included: with
    slab_nomerge it has a name."""
    with open("/proc/slabinfo", encoding="ascii") as file:
        words = [line.split() for line in file]
    pages = [int(word[5]) * int(word[14]) for word in words if word[0] in names]
    if len(pages) != 1:
        raise RuntimeError(f"there are {len(pages)} slab caches {names}")
    return pages[0] * PAGE


def vmalloc(caller):
    """Bytes of what such a function has allocated with vmalloc()."""
    with open("/proc/vmallocinfo", encoding="ascii") as file:
        words = (line.split() for line in file)
        return sum(int(word[1]) for word in words if word[2].startswith(caller))
