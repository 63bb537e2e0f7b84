#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Looks for complaints of the kernel in a console log: shows them and fails.
#
# usage: scan.sh CONSOLE-LOG

COMPLAINTS='WARNING:|BUG:|Oops|KASAN:|UBSAN:|KCSAN:|KMSAN:'
COMPLAINTS+='|INFO: possible|possible (recursive|circular)|inconsistent lock state'
COMPLAINTS+='|suspicious RCU usage|INFO: task .* blocked|rcu.*stall'
COMPLAINTS+='|unregister_netdevice: waiting|leaked reference|refcount_t:'
COMPLAINTS+='|kmemleak: .*(suspected|leak)|general protection fault'
COMPLAINTS+='|soft lockup|hard LOCKUP|Kernel panic|unexpected.*vswitch'
COMPLAINTS+='|hw csum failure|Voluntary context switch within RCU'

# Said by stock kernels on emulated processors, about the processor.
HARMLESS='kmemleak: Kernel memory leak detector initialized'
HARMLESS+='|(RETBleed|Spectre|MDS|TAA|MMIO|VMSCAPE|ITS|TSA).*: WARNING:'

[ -r "$1" ] || {
	echo "scan.sh: cannot read '$1'"
	exit 1
}

found=$(tr -d '\r' <"$1" | grep -aE "$COMPLAINTS" | grep -avE "$HARMLESS")
[ -n "$found" ] || exit 0
echo "kernel complaints:"
echo "$found" | head -n 30 | sed 's/^/! /'
exit 1
