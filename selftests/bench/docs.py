#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Write the figures of bench.py into a document.

usage: docs.py FIGURES DOCUMENT

What is between <!-- NAME --> and <!-- end --> in the document is replaced: by the
ratios that are wanted (NAME is wanted), by what VLANs cost (vlans) or by all tables
(tables).
"""

import json
import re
import sys

from document import fill, head, row
from table import cell, column, unique

OURS = {"direct taps": "vswitch-direct-direct", "tun taps": "vswitch-tun-tun",
        "tun, noqueue": "vswitch-tun-tun-noqueue"}
GROUPS = {("unicast", "vhost"): "Known unicast, as vhost-net sends and receives, by "
                                "bytes of the frame",
          ("unicast", "syscall"): "Known unicast, by write() and read()",
          ("unicast", "ends"): "Known unicast of 60 bytes, from the ring of one vhost-net "
                               "to that of another",
          ("trunk", "vhost"): "60 bytes and a tag, from trunk to trunk",
          ("translated", "vhost"): "60 bytes and a tag that both trunks translate",
          ("nic", "driver"): "Known unicast between NICs and between veths, relative to "
                             "vswitch-nic",
          ("flood-bcast", "vhost"): "Broadcast of 60 bytes, by ports that receive it",
          ("flood-unknown", "vhost"): "Unknown unicast of 60 bytes, by ports that "
                                      "receive it",
          ("new-source", "vhost"): "60 bytes, a new source in every frame",
          ("random-dst", "vhost"): "60 bytes, a random destination out of so many "
                                   "entries"}


class Figures:
    """Of one kernel."""
    def __init__(self, figures):
        self.by_name = {(f["way"], f["workload"], f["path"]): f for f in figures}

    def of(self, way, load="60", what="send", path="vhost"):
        return self.by_name[way, load, path][what]

    def extra(self, way):
        """For a source that is new."""
        return self.of(way, "new-source") - self.of(way)

    def port(self, way, kind):
        """For one more port."""
        return (self.of(way, f"{kind}-64") - self.of(way, f"{kind}-16")) / 48


def with_vlans(way):
    return re.sub("^(vswitch|bridge)", r"\1-vlan", way)


def against(peer, *which):
    return lambda f, way: f.of(way, *which) / f.of(peer, *which)


# What is wanted, at most how much, and how it comes from the figures.
WANTED = (
    ("send 60 bytes, of bridge", 0.53, against("bridge")),
    ("of bridge, noqueue", 0.60, against("bridge-noqueue")),
    ("of openvswitch", 0.36, against("openvswitch")),
    ("of macvtap", 0.52, against("macvtap")),
    ("send and receive 60 bytes, of bridge", 0.66, against("bridge", "60", "total")),
    ("of openvswitch", 0.48, against("openvswitch", "60", "total")),
    ("of macvtap", 0.66, against("macvtap", "60", "total")),
    ("write() and read() 60 bytes, of bridge", 0.80,
     against("bridge", "60", "total", "syscall")),
    ("of openvswitch, noqueue", 0.68,
     against("openvswitch-noqueue", "60", "total", "syscall")),
    ("60 bytes from one vhost-net to another, of bridge", 0.80,
     against("bridge", "60", "total", "ends")),
    ("send and receive 64 KiB, of bridge", 1.00, against("bridge", "64K", "total")),
    ("the switch alone: send, less the floor's (instructions)", 200,
     lambda f, way: f.of(way) - f.of("floor")),
    ("what VLANs add to it (instructions)", 40,
     lambda f, way: f.of(with_vlans(way)) - f.of(way)),
    ("the switch alone with VLANs (instructions)", 260,
     lambda f, way: f.of(with_vlans(way)) - f.of("floor")),
    ("broadcast to 16 ports, send, of bridge", 0.38, against("bridge", "flood-bcast-16")),
    ("a further port, of the bridge's", 0.40,
     lambda f, way: f.port(way, "flood-bcast") / f.port("bridge", "flood-bcast")),
    ("unknown unicast to 16 ports, send, of bridge", 0.40,
     against("bridge", "flood-unknown-16")),
    ("a further port, of the bridge's", 0.40,
     lambda f, way: f.port(way, "flood-unknown") / f.port("bridge", "flood-unknown")),
    ("br_netfilter loaded, of send without", 1.01,
     lambda f, way: f.of(f"{way}-netfilter") / f.of(way)),
    ("one of a million destinations, of the only one", 1.02,
     lambda f, way: f.of(way, "random-dst-1000000") / f.of(way, "random-dst-1")),
    ("a new source, what it adds, of the bridge's", 0.10,
     lambda f, way: f.extra(way) / f.extra("bridge")),
)


def release(kernel):
    return ".".join(kernel.split(".")[:2])


def wanted(kernels):
    """A figure that is not as wanted is in bold."""
    heads = [f"{ours}, {release(kernel)}" for ours in OURS for kernel in kernels]
    out = [row(["", "wanted", *heads]), "|---|" + "---|" * (len(heads) + 1)]
    for text, most, ratio in WANTED:
        cells = []
        for way in OURS.values():
            for figures in kernels.values():
                value = ratio(figures, way)
                shown = f"{value:.0f}" if most > 10 else f"{value:.2f}"
                cells.append(shown if float(shown) <= most else f"**{shown}**")
        out.append(row([text, f"{most}" if most > 10 else f"{most:.2f}", *cells]))
    return out


# Whether the switch has VLANs, and the frames.
VLANS = (("no VLANs", False, "60"),
         ("VLAN-aware, access ports", True, "60"),
         ("tagged, from trunk to trunk", True, "trunk"),
         ("tagged, and translated by both", True, "translated"))


def vlans(figures):
    """Of the newest kernel: what is sent."""
    plain = [*OURS.values(), "bridge", "bridge-noqueue"]
    out = head(["", "floor", *OURS, "bridge", "bridge, noqueue"])
    for text, aware, load in VLANS:
        ways = ["floor", *(with_vlans(way) if aware else way for way in plain)]
        sent = [figures.by_name.get((way, load, "vhost")) for way in ways]
        out.append(row([text, *(f"{f['send']:.0f}" if f else "" for f in sent)]))
    return out


def table(text, figures):
    loads = [load for load, in unique(figures, "workload")]
    out = ["", f"{text}, Linux {figures[0]['kernel']}:", "",
           row(["", *map(column, loads)] if len(loads) > 1 else ["", "instructions"]),
           "|---|" + "---|" * len(loads)]
    for way, in unique(figures, "way"):
        out.append(row([way, *(cell(figures, way, load) for load in loads)]))
    return out


def tables(figures):
    out = []
    for kernel, in unique(figures, "kernel"):
        for (kind, path), text in GROUPS.items():
            some = [f for f in figures
                    if (f["kernel"], f["kind"], f["path"]) == (kernel, kind, path)]
            out += table(text, some) if some else []
    return out[1:]


def main():
    path, document = sys.argv[1:]
    with open(path, encoding="ascii") as file:
        figures = json.load(file)
    kernels = {kernel: Figures([f for f in figures if f["kernel"] == kernel])
               for kernel, in unique(figures, "kernel")}
    newest = max(kernels, key=lambda name: [int(n) for n in release(name).split(".")])
    fill(document, {"wanted": wanted(kernels), "vlans": vlans(kernels[newest]),
                    "tables": tables(figures)})


main()
