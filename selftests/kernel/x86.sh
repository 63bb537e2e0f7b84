#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck source-path=SCRIPTDIR
#
# Builds a kernel with checkers for the virtual machines of selftests/vm, or the
# tiny one for the guests of guests.sh, unless it is in the cache.  Debian's own
# kernels have no checkers, and take long to boot where there is no processor.
#
# usage: x86.sh debug|kcsan|guest
#
# Prints a line: its release, and the tree to build the module against.

set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
. "$here/build.sh"

hint="about 1500 objects, which takes two cores some ten minutes"
case ${1:-} in
debug|kcsan) configs=("$here/x86.config" "$here/x86-$1.config") ;;
guest)
	configs=("$here/x86-guest.config")
	hint="about 700 objects, which takes two cores a minute or two"
	;;
*) sed -n '5,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

# shellcheck disable=SC2034 # build.sh reads these
{
	kb_name=x86-$1
	kb_arch=x86_64
	kb_configs=("${configs[@]}")
	# Of the kernel itself nothing is watched for races: see x86-kcsan.config.
	[ "$1" != kcsan ] || kb_vars=(KCSAN_SANITIZE=n)
}
kb_setup
trap kb_kill_child EXIT
trap 'exit 130' INT TERM
kb_base "$hint" >&2
kb_unlock
echo "$(cat "$kb_tree/include/config/kernel.release") $kb_tree"
