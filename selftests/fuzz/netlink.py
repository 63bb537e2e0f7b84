#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Send random requests, good and spoiled ones, and check what comes of them.

As root, where all network devices may be lost; see netlink.sh. The kernel must
survive, answer in the form that the spec has, say why it refuses, and change
nothing when it does. A failure prints the seed, the number of the message and
the message: the same seed, with --trace NUMBER, makes it again.
"""

import argparse
import collections
import ctypes
import errno
import os
import random
import socket
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
# pylint: disable=wrong-import-position
import nlfail
from nl import NETLINK_GENERIC, NETLINK_ROUTE, Link, Spec, find_family
from nlcheck import (Failure, Replies, Requests, State, check_refusal,
                     collect)
from nlgen import DEVICES, SWITCHES, Generator
from nlmsg import Spoiler
from nlworld import (delete, make_all, send_frames, set_up_namespace,
                     too_many_entries)

SPEC = os.path.join(HERE, "../../Documentation/netlink/specs/vswitch.yaml")
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SOL_NETLINK, ADD_MEMBERSHIP = 270, 1
HOUSEKEEPING = 200      # messages


def namespace_sockets(flags):
    """Netlink sockets that a child has opened in new namespaces."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    if os.fork() == 0:
        status = 1
        try:
            if ctypes.CDLL(None).unshare(flags):
                raise OSError("unshare")
            if flags & CLONE_NEWNET:
                set_up_namespace()
            links = [Link(NETLINK_GENERIC), Link(NETLINK_ROUTE)]
            socket.send_fds(theirs, [b"x"], [l.sock.fileno() for l in links])
            status = 0
        finally:
            os._exit(status)
    theirs.close()
    _, fds, _, _ = socket.recv_fds(ours, 1, 2)
    os.wait()
    if len(fds) != 2:
        raise SystemExit("cannot make namespaces")
    return {name: Link(0, socket.socket(fileno=fd))
            for name, fd in zip(("genl", "route"), fds)}


class World:
    """A network namespace, sockets in it, and its state as far as it is known."""
    def __init__(self, links, family, spec, rng):
        self.links, self.spec = links, spec
        self.family = family
        self.gen = Generator(rng, spec, family)
        # Its state after the last success, or None if that has to be asked for.
        self.state = None
        self.ask = Link(NETLINK_GENERIC), Link(NETLINK_ROUTE)

    def now(self):
        return State(*self.ask, self.spec, self.family)

    def known(self):
        if self.state is None:
            self.state = self.now()
        return self.state

    def refresh(self):
        self.state = self.now()
        old = set(self.gen.index.values())
        self.gen.index = self.state.index
        self.gen.ports = self.state.ports()
        gone = sorted(old - set(self.state.index.values()))
        self.gen.stale = (self.gen.stale + gone)[-50:]


class Fuzzer:
    """The messages, one after the other."""
    def __init__(self, args):
        self.args = args
        self.rng = random.Random(args.seed)
        self.spec = Spec(SPEC)
        self.counts = collections.Counter()
        self.silent = collections.Counter()
        first = {"genl": Link(NETLINK_GENERIC), "route": Link(NETLINK_ROUTE)}
        self.family = find_family(first["genl"])
        self.replies = Replies(self.spec, self.family)
        self.requests = Requests(self.spec, self.family)
        self.worlds = [self.world(first)]
        inner = namespace_sockets(CLONE_NEWUSER | CLONE_NEWNET)
        self.worlds.append(self.world(inner))
        self.worlds[1].ask = tuple(inner.values())
        self.nobody = namespace_sockets(CLONE_NEWUSER)
        self.half_read = [Link(NETLINK_GENERIC) for _ in range(3)]
        self.listener = self.listen()
        self.spoiler = Spoiler(self.rng, [
            desc for one in ("switch", "port", "mcast", "fdb", "fdb-entry", "mdb", "mdb-entry")
            for desc in self.spec.sets[one].values()])
        self.seq = 1000
        self.number, self.msg, self.data = 0, None, b""

    def world(self, links):
        return World(links, self.family, self.spec, self.rng)

    def listen(self):
        """A socket that hears all events of the first namespace."""
        link = Link(NETLINK_GENERIC)
        reply = link.ask(16, b"\3\1\0\0" + b"\x0c\0\2\0vswitch\0")
        groups = nlfail.groups_of(reply.messages[0])
        for group in groups:
            link.sock.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, group)
        return link

    # One message

    def choose(self):
        """Where it goes: namespace, sockets, and whether these are nobody's."""
        if self.rng.random() < 0.05:
            return self.worlds[0], self.nobody, True
        world = self.worlds[self.rng.random() < 0.2]
        return world, world.links, False

    def make(self, world):
        msg = world.gen.make()
        if self.rng.random() < self.args.spoil:
            self.spoiler.spoil(msg)
        self.seq += 1
        self.msg, self.data = msg, msg.encode(self.seq)
        return msg

    def one(self):
        world, links, nobody = self.choose()
        msg = self.make(world)
        check = self.rng.random() < self.args.check
        before = world.known() if check else world.state
        if 0 <= self.args.trace <= self.number:
            self.show()
        answer = self.send(links[msg.protocol])
        self.judge(msg, answer, nobody, before if check else None)
        if not answer.refused or self.may_be_partial(msg, before):
            if not msg.what.endswith(("get", "dump")) or msg.spoiled:
                world.state = None
        elif check:
            self.unchanged(world, before)

    def send(self, link):
        try:
            link.sock.send(self.data)
        except OSError as err:
            if err.errno not in (errno.EMSGSIZE, errno.ENOBUFS):
                raise
        return collect(link, self.replies, self.seq)

    def unchanged(self, world, before):
        now = world.now()
        text = before.differs(now, self.spec)
        if text:
            raise Failure("it was refused, but " + text)
        self.counts["compared"] += 1
        world.state = now

    @staticmethod
    def may_be_partial(msg, before):
        """Whether something may have been changed although it was refused: what
        was a tail is a message of its own, and the core does the changes of
        RTM_SETLINK one after the other, until one of them is refused. It also
        takes a device from its old master before it asks the new one."""
        if {"msg_length", "header", "bits", "nothing_left"} & set(msg.spoiled):
            return True
        if msg.spoiled and msg.protocol == "route":
            return True
        return msg.what == "link set master" and (
            before is None or before.master(before.target(msg)) is not None)

    def judge(self, msg, answer, nobody, before):
        self.counts["sent"] += 1
        if answer.errno is None:
            self.counts["unanswered"] += 1
        elif not answer.errno:
            self.counts["obeyed"] += 1
            self.requests.check_obeyed(self.data)
            if nobody and not msg.spoiled and not msg.what.endswith(
                    ("get", "dump")):
                raise Failure("obeyed without privilege")
        else:
            self.counts["refused"] += 1
            check_refusal(msg, answer, len(self.data), before)
            if not answer.msg:
                code = errno.errorcode.get(answer.errno, answer.errno)
                self.silent[f"{msg.what} {code}"] += 1
                if self.args.silent:
                    print(f"# silent {code}", flush=True)
                    self.show()

    def show(self):
        print(f"# message {self.number}, {len(self.data)} bytes: "
              f"{self.data[:4096].hex()}")
        for line in self.msg.decoded():
            print("#   " + line)
        sys.stdout.flush()

    # In between

    def read_half(self):
        """Dumps that are begun, read in part, and given up."""
        at = self.rng.randrange(len(self.half_read))
        how = self.rng.random()
        link = self.half_read[at]
        if how < 0.4:
            op = self.rng.choice(("switch-get", "port-get", "fdb-get", "vlan-get",
                                  "vlan-stats-get"))
            nlfail.begin_dump(link, self.family, self.spec.ops[op]["number"])
        elif how < 0.9:
            link.sock.setblocking(False)
            try:
                link.sock.recv(1 << 16)
            except BlockingIOError:
                pass
        else:
            link.sock.close()
            self.half_read[at] = Link(NETLINK_GENERIC)

    def hear(self):
        """Events; that some are lost is as it should be."""
        collect(self.listener, self.replies, 0)

    def keep_house(self):
        """Keeps both namespaces small, and full enough to be worth it."""
        for world in self.worlds:
            world.refresh()
            route = world.ask[1]
            for name in world.gen.index:
                if name not in SWITCHES + DEVICES + ("lo",):
                    delete(route, name)
            if too_many_entries(world.state):
                delete(route, self.rng.choice(SWITCHES))
            make_all(world)
        send_frames(self.rng)
        for world in self.worlds:
            world.refresh()
        self.hear()

    def run(self):
        begin = time.monotonic()
        while self.number < self.args.count:
            if self.number % HOUSEKEEPING == 0:
                self.keep_house()
                if self.args.time and time.monotonic() - begin > self.args.time:
                    break
            if self.number % 10000 == 0:
                self.progress(time.monotonic() - begin)
            if self.rng.random() < 0.05:
                self.read_half()
            self.one()
            self.number += 1
        self.hear()
        self.progress(time.monotonic() - begin)

    def progress(self, spent):
        counts = ", ".join(f"{v} {k}" for k, v in sorted(self.counts.items()))
        print(f"# {self.number} messages in {spent:.0f} s: {counts}", flush=True)


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--count", type=int, default=100000)
    parser.add_argument("--time", type=float, help="seconds; ends early")
    parser.add_argument("--check", type=float, default=0.1,
                        help="share of refusals after which states are compared")
    parser.add_argument("--spoil", type=float, default=0.5,
                        help="share of messages that are spoiled")
    parser.add_argument("--trace", type=int, default=-1, metavar="NUMBER",
                        help="show messages from this one on")
    parser.add_argument("--silent", action="store_true",
                        help="show refusals without a sentence")
    parser.add_argument("--fail-nth", action="store_true",
                        help="not this: each command, each allocation failing once")
    return parser.parse_args()


def main():
    args = options()
    if args.fail_nth:
        sys.exit(nlfail.main(Spec(SPEC)))
    print(f"# seed {args.seed}", flush=True)
    set_up_namespace()
    fuzzer = Fuzzer(args)
    try:
        fuzzer.run()
    except Exception as err:    # pylint: disable=broad-except
        if not isinstance(err, Failure):
            traceback.print_exc(file=sys.stdout)
        print(f"# failed: {err}")
        if fuzzer.msg:
            fuzzer.show()
        print(f"# again: --seed {args.seed} --count {fuzzer.number + 1}")
        sys.exit(1)
    # A fuzzer whose messages are all refused at the door is no fuzzer.
    if args.count >= 5000 and (not fuzzer.counts["compared"] or
                               fuzzer.counts["obeyed"] < fuzzer.number // 10):
        print("# failed: too few messages were obeyed, or no states compared")
        sys.exit(1)
    for what, count in sorted(fuzzer.silent.items()):
        print(f"# without a sentence: {what}: {count}")


if __name__ == "__main__":
    main()
