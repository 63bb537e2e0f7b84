#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Collect the commands of a tool list, and all they need, into a directory.

usage: image.py DIRECTORY DEBS LIST...

The lists are described in tools/base. Nothing is installed anywhere: files
of the running system are copied, with the shared libraries that the dynamic
linker names for them. Packages that a list wants and the system does not have
are downloaded to the directory DEBS.
"""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

# Debian's merged directories, and what is of no use in a virtual machine.
MERGED = ("bin", "sbin", "lib", "lib64")
UNWANTED = re.compile(
    r"^/usr/share/(doc|man|info|locale|lintian|bug|menu|doc-base|bash-completion"
    r"|apparmor|zsh|pixmaps|applications|icons)(/|$)"
    r"|^/etc/(init\.d|cron\.|apparmor|systemd|logrotate)|/systemd/"
    r"|/__pycache__(/|$)|/python3[^/]*/config-|/(test|idlelib|tkinter|ensurepip|lib2to3|turtledemo)/"
    r"|-for-x86_64.*\.fd$|/qemu/(edk2|opensbi|skiboot|hppa|u-boot|openbios|slof)")
# Of what is not installed here, settings are wanted, too.
DOCUMENTS = re.compile(r"^/usr/share/(doc|man|locale|lintian|bug)(/|$)")


def canonical(path):
    """The path with Debian's merged directories resolved, links kept."""
    path = os.path.normpath(path)
    head, _, rest = path[1:].partition("/")
    if head in MERGED and rest and os.path.islink("/" + head):
        return f"/usr/{head}/{rest}"
    return path


def walk(path):
    """A path and, for a directory, all below it."""
    yield path
    if os.path.isdir(path) and not os.path.islink(path):
        for root, dirs, files in os.walk(path):
            for name in dirs + files:
                yield os.path.join(root, name)


def find_bin(name):
    found = shutil.which(name)
    return [found] if found else []


def find_pkg(name):
    done = subprocess.run(["dpkg", "-L", name], capture_output=True, text=True,
                          check=False)
    return [line for line in done.stdout.splitlines()
            if line.startswith("/") and os.path.lexists(line)
            and line != "/."] if done.returncode == 0 else []


def find_path(pattern):
    return [p for top in glob.glob(pattern) for p in walk(top)]


FINDERS = {"bin": find_bin, "pkg": find_pkg, "path": find_path}


def installed(name):
    done = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status}", name],
                          capture_output=True, text=True, check=False)
    return done.stdout == "installed"


def read_list(name):
    """All paths a tool list asks for, and the packages to download."""
    paths, debs = [], []
    with open(name, encoding="ascii") as lines:
        for line in lines:
            words = line.split("#")[0].split()
            if not words:
                continue
            kind, what = words
            if kind == "deb":
                debs.append(what)
                continue
            found = FINDERS[kind.rstrip("?")](what)
            if not found and not kind.endswith("?"):
                sys.exit(f"{name}: {what} is missing: run selftests/deps.sh check")
            paths += found
    return paths, debs


def with_links(paths):
    """Add the targets of symbolic links, one step at a time."""
    todo, seen = [canonical(p) for p in paths], set()
    while todo:
        path = todo.pop()
        if path in seen or UNWANTED.search(path) or not os.path.lexists(path):
            continue
        seen.add(path)
        if os.path.islink(path):
            target = os.path.join(os.path.dirname(path), os.readlink(path))
            todo.append(canonical(target))
    return seen


def is_elf(path):
    if os.path.islink(path) or not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def libraries(paths, also=""):
    """What the dynamic linker loads for the ELF files among the paths."""
    elf = sorted(p for p in paths if is_elf(p))
    text = subprocess.run(["ldd", *elf], capture_output=True, text=True, check=False,
                          env=os.environ | {"LD_LIBRARY_PATH": also}).stdout
    return set(re.findall(r"(?:=> |^\t)(/\S+) \(0x", text, re.MULTILINE))


def copy(path, dest):
    os.makedirs(os.path.dirname(dest), exist_ok=True)
    if os.path.islink(path):
        if not os.path.lexists(dest):
            os.symlink(os.readlink(path), dest)
    elif os.path.isdir(path):
        os.makedirs(dest, exist_ok=True)
    elif os.path.isfile(path):
        shutil.copy2(path, dest)


def download(name, store):
    """The newest version, or the one that was stored when it cannot be had."""
    for first in (["true"], ["apt-get", "-qq", "update"]):
        subprocess.run(first, check=False)
        subprocess.run(["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download",
                        name], cwd=store, check=False)
        found = glob.glob(f"{store}/{name}_*.deb")
        if found:
            return max(found, key=os.path.getmtime)
    return sys.exit(f"cannot download {name}: as root, run apt-get update")


def add_debs(names, store, top):
    """Unpack packages into the image; what they need of this system is returned."""
    with tempfile.TemporaryDirectory() as stage:
        for name in names:
            subprocess.run(["dpkg-deb", "-x", download(name, store), stage],
                           check=True)
        found = [path for path in walk(stage)
                 if not DOCUMENTS.search(path.removeprefix(stage))]
        for path in found:
            copy(path, top + canonical(path.removeprefix(stage) or "/"))
        return {path for path in
                libraries(found, stage + "/usr/lib/x86_64-linux-gnu")
                if not path.startswith(stage)}


def write(top, name, text, mode=0o644):
    path = os.path.join(top, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path):
        os.remove(path)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    os.chmod(path, mode)


def skeleton(top):
    """Mount points, and the few files of /etc that tools insist on."""
    for name in MERGED:
        os.makedirs(f"{top}/usr/{name}", exist_ok=True)
        os.symlink(f"usr/{name}", f"{top}/{name}")
    for name in ("dev", "proc", "sys", "run", "tmp", "repo", "root", "out",
                 "mnt", "var/tmp", "var/log", "usr/lib/modules"):
        os.makedirs(f"{top}/{name}", exist_ok=True)
    os.symlink("/run", f"{top}/var/run")


def settings(top):
    write(top, "etc/passwd", "root:x:0:0:root:/root:/bin/bash\n"
          "daemon:x:1:1::/:/usr/sbin/nologin\ntcpdump:x:104:104::/:/usr/sbin/nologin\n"
          "user:x:1000:1000::/tmp:/bin/bash\n"
          "nobody:x:65534:65534::/:/usr/sbin/nologin\n")
    write(top, "etc/group", "root:x:0:\ndaemon:x:1:\ntty:x:5:\ntcpdump:x:104:\n"
          "kvm:x:105:\nuser:x:1000:\nnogroup:x:65534:\n")
    write(top, "etc/hostname", "vsw-vm\n")
    write(top, "etc/hosts", "127.0.0.1 localhost vsw-vm\n::1 localhost\n")
    write(top, "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"
          "services: files\nprotocols: files\n")
    write(top, "etc/resolv.conf", "nameserver 10.0.2.3\n")


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    top, store = sys.argv[1:3]
    skeleton(top)
    paths, debs = [], []
    for name in sys.argv[3:]:
        more, wanted = read_list(name)
        paths += more
        debs += [deb for deb in wanted if not installed(deb)]
        paths += [p for deb in wanted if installed(deb) for p in find_pkg(deb)]
    paths = with_links(paths) | with_links(add_debs(debs, store, top))
    paths |= with_links(libraries(paths))
    for path in sorted(paths):
        copy(path, top + path)
    settings(top)
    subprocess.run(["/sbin/ldconfig", "-X", "-r", top], check=True,
                   stderr=subprocess.DEVNULL)


main()
