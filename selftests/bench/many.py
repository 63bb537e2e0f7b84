# SPDX-License-Identifier: GPL-2.0-only
"""Many static entries: loaded, shown and flushed by the tools that users have."""

import collections
import contextlib
import dataclasses
import itertools
import json
import re
import resource
import subprocess
import tempfile
import time
import typing

from memory import grown, memory, slab, vmalloc
from ovs import Datapath
from taps import sh
from ways import way_of
from workloads import WORKLOADS, entries

ENTRY = re.compile("02:0a:..:..:..:..")	# as workloads.entry() makes them
FLOWS = 100000


@dataclasses.dataclass
class Tool:
    """way: of ways.py; line: of the file that is loaded, for each entry; own: bytes
    of the entries, as the switch knows, or slabinfo and vmallocinfo know; chunks: of
    entries() that go into one file, or None for all."""
    way: str
    line: str
    load: str
    show: str
    flush: str
    own: typing.Callable
    chunks: int = None


TOOLS = {
    "vswitch": Tool("vswitch-tun-tun-noqueue", "{} t2\n",
                    "vswctl fdb add vsw0 file {}", "vswctl fdb show vsw0",
                    "vswctl fdb flush vsw0 type static",
                    lambda: json.loads(sh("vswctl -j switch show vsw0"))[0]
                    ["fdb-memory"] * 1024),
    # The cache has one name in Linux 6.1, and another in 6.12.
    "bridge": Tool("bridge-noqueue", "fdb add {} dev t2 master static\n",
                   "bridge -batch {}", "bridge fdb show br br0",
                   "bridge fdb flush dev br0 static",
                   lambda: slab("bridge_fdb_cache", "net_bridge_fdb_entry") +
                   vmalloc("bucket_table_alloc"),
                   # It leaks four KiB for each line.
                   chunks=400),
}


def spent(command, output=subprocess.DEVNULL):
    """Milliseconds, and those of them that it was in the kernel."""
    def in_kernel():
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_stime
    before, begin = in_kernel(), time.perf_counter()
    subprocess.run(command.split(), check=True, stdout=output)
    took = time.perf_counter() - begin
    return {"ms": round(took * 1000, 3),
            "kernel_ms": round((in_kernel() - before) * 1000, 3)}


def shown(tool, wanted):
    """Each of so many entries is shown once, and no other."""
    with tempfile.TemporaryFile("w+", encoding="ascii") as file:
        took = spent(tool.show, file)
        file.seek(0)
        found = ENTRY.findall(file.read())
    if len(found) != wanted or len(set(found)) != wanted:
        raise RuntimeError(f"{len(found)} entries are shown, not {wanted}")
    return took


def loaded(tool, number):
    """What it takes, file by file."""
    took, chunks = collections.Counter(), entries(number)
    while piece := list(itertools.islice(chunks, tool.chunks)):
        with tempfile.NamedTemporaryFile("w", encoding="ascii") as file:
            for addresses in piece:
                file.writelines(tool.line.format(one.hex(":")) for one in addresses)
            file.flush()
            took.update(spent(tool.load.format(file.name)))
    return {key: round(value, 3) for key, value in took.items()}


@contextlib.contextmanager
def connected(name):
    """That switch, with two taps."""
    with way_of(TOOLS[name].way, WORKLOADS["new-source"]) as way:
        if name == "bridge":
            # Else it has each entry twice, once more in the VLAN of the port.
            sh("ip link set br0 type bridge vlan_default_pvid 0")
        yield way


def times(name, number):
    """What load, show and flush take."""
    tool = TOOLS[name]
    with connected(name):
        empty, own = memory(), tool.own()
        yield "load", loaded(tool, number)
        yield "memory", memory_of(empty, tool.own() - own, number)
        yield "show", shown(tool, number)
        yield "flush", spent(tool.flush)
        shown(tool, 0)


def memory_of(empty, own, number):
    """Bytes for each entry."""
    accounted, missed = grown(empty)
    return {"own": round(own / number, 1), "accounted": round(accounted / number, 1),
            "missed": round(missed / number, 1)}


def flows():
    """The same for flows of Open vSwitch; there is one for a pair of stations."""
    sh("modprobe openvswitch")
    datapath = Datapath("ovs0")
    try:
        empty = memory()
        for addresses in entries(FLOWS):
            for address in addresses:
                datapath.add_flow(0, address, address, [0])
        if datapath.flows() != FLOWS:
            raise RuntimeError(f"{datapath.flows()} flows are there, not {FLOWS}")
        own = slab("sw_flow") + slab("sw_flow_stats")
        yield "memory", memory_of(empty, own, FLOWS)
    finally:
        datapath.delete()


def results(number):
    """Of all tools, one after the other."""
    for name in TOOLS:
        for subject, values in times(name, number):
            yield {"subject": subject, "way": name, "count": number, **values}
    for subject, values in flows():
        yield {"subject": subject, "way": "openvswitch", "count": FLOWS, **values}
