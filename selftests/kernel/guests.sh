#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
# Two QEMU guests with vhost-net on a switch in User-Mode Linux with all
# checkers, at the speed of this machine: frames of a real guest in a kernel
# that sees every mistake.  Prints KTAP and ends with
# "# guests: N passed, N failed, N skipped".
#
#   guests.sh                   all tests of guests-uml.sh
#   guests.sh NAME...           only these, on tun taps and without zero-copy
#
# Environment: VSW_SRC, another checkout to build the module from; GUESTS_OUT, a
# directory for the logs; GUESTS_TIMEOUT, seconds for each machine (300).
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
repo=$(readlink -f "$here/../..")
. "$here/../guests/image.sh"
passed=0 failed=0 skipped=0 number=0
# The machines that run, by name.
declare -A uml=()

need()
{
	local tool

	for tool; do
		command -v "$tool" >/dev/null || {
			echo "guests.sh: $tool is missing: run selftests/deps.sh check" >&2
			exit 1
		}
	done
}

# start NAME OPTION...: a machine with these options for uml.sh.  In the
# background: two of them need hardly longer than one, and a signal ends them.
start()
{
	: >"$work/$1.log"
	"$here/uml.sh" --debug --timeout "${GUESTS_TIMEOUT:-300}" \
		${GUESTS_OUT:+--out "$GUESTS_OUT/$1"} "${@:2}" \
		>"$work/$1.log" 2>&1 &
	uml[$1]=$!
}

# finish NAME: shows what it says until it ends.  Bash takes a signal while it
# waits, not while a command runs.
finish()
{
	local status=0

	tail -n +1 -f -s 0.2 --pid="${uml[$1]}" "$work/$1.log" |
		sed -u 's/^/    /' &
	wait $!
	wait "${uml[$1]}" || status=$?
	unset "uml[$1]"
	count "$1" $status
}

# shellcheck disable=SC2317 # the trap calls it
clean_up()
{
	[ ${#uml[@]} -eq 0 ] || { kill "${uml[@]}" 2>/dev/null; wait "${uml[@]}"; } || :
	rm -rf "$work"
}

# count NAME STATUS: the tests count one by one; that the kernel was content is
# one more.
count()
{
	local log=$work/$1.log skips

	skips=$(grep -c '^ok .* # SKIP' "$log") || :
	skipped=$((skipped + skips))
	passed=$((passed + $(grep -c '^ok ' "$log" || :) - skips))
	failed=$((failed + $(grep -c '^not ok ' "$log" || :)))
	number=$((number + 1))
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
		echo "ok $number $1"
	else
		failed=$((failed + 1))
		echo "not ok $number $1 (status $2)"
	fi
}

need qemu-system-x86_64 gcc strip cpio jq
work=$(mktemp -d)
trap clean_up EXIT
trap 'exit 130' INT TERM
make -s -C "$repo" tool
make_guest_image
echo "KTAP version 1"
echo "1..$(($# ? 1 : 3))"
start guests -- "$here/guests-uml.sh" "$@"
# Pages of the guest, and not copies of them, come to the switch.  No QEMU may be
# killed here: vhost of Linux 6.12 does not free a counter of such pages then.
[ $# -gt 0 ] || start zero-copy --append vhost_net.experimental_zcopytx=1 -- \
	env ZERO_COPY=1 "$here/guests-uml.sh" guests_ping broadcast_reaches_all \
	guests_stream host_streams port_leaves_and_returns switch_leaves \
	guests_end nothing_is_left
finish guests
[ $# -gt 0 ] || finish zero-copy
# Last, for there are two processors.
[ $# -gt 0 ] || start direct -- env DIRECT=b "$here/guests-uml.sh"
[ $# -gt 0 ] || finish direct
echo "# guests: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
