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


class Memory:
    """Bytes in use now."""
    def __init__(self):
        settle()
        now = meminfo()
        self.accounted = sum(now[key] for key in KERNEL)
        self.missed = -sum(now[key] for key in ("MemFree", *OTHERS)) - kept_by_cpus()

    def __sub__(self, before):
        """Accounted for, and missed: that the one is right the other one shows."""
        accounted = self.accounted - before.accounted
        missed = self.missed - before.missed
        if abs(accounted - missed) > max(accounted / 10, 1 << 20):
            raise RuntimeError(f"{accounted} bytes are accounted for, and {missed} gone")
        return accounted, missed


def slab(name):
    """Bytes of a slab cache, free objects included: with slab_nomerge it has a name."""
    with open("/proc/slabinfo", encoding="ascii") as file:
        for line in file:
            words = line.split()
            if words[0] == name:
                return int(words[5]) * int(words[14]) * PAGE
    raise RuntimeError(f"there is no slab cache {name}")


def vmalloc(caller):
    """Bytes of what such a function has allocated with vmalloc()."""
    with open("/proc/vmallocinfo", encoding="ascii") as file:
        words = (line.split() for line in file)
        return sum(int(word[1]) for word in words if word[2].startswith(caller))
