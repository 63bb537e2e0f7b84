#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The netlink fuzzer in User-Mode Linux with all checkers: random requests, and
# each command with each of its allocations failing once.  Prints KTAP and ends
# with "# netlink-fuzz: N passed, N failed, N skipped".
#
#   netlink.sh                  100,000 messages
#   netlink.sh OPTION...        for netlink.py, such as --seed N or --count N
#
# Environment: VSW_SRC, another checkout to build the module from; FUZZ_OUT, a
# directory for the logs; FUZZ_TIMEOUT, seconds for each of the two (1500).
set -u

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
passed=0 failed=0

# in_uml LOG OPTION...: the fuzzer's output is in LOG as well.
in_uml()
{
	local log=$1

	shift
	"$here/../kernel/uml.sh" --debug --timeout "${FUZZ_TIMEOUT:-1500}" \
		${FUZZ_OUT:+--out "$FUZZ_OUT/$(basename "$log" .log)"} -- \
		/usr/bin/python3 -B "$here/netlink.py" "$@" 2>&1 | tee "$log"
	return "${PIPESTATUS[0]}"
}

# A test of its own, of which the kernel's complaints are part.
result()
{
	if [ "$1" -eq 0 ]; then
		passed=$((passed + 1))
		echo "ok $2"
	else
		failed=$((failed + 1))
		echo "not ok $2 (status $1)"
	fi
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "KTAP version 1"
echo "1..2"
in_uml "$work/random.log" "$@"
result $? "1 random messages"

in_uml "$work/fail-nth.log" --fail-nth > >(sed -u 's/^/    /')
status=$?
# The commands count one by one; that the kernel was content is one more.
passed=$((passed + $(grep -c '^ok ' "$work/fail-nth.log")))
failed=$((failed + $(grep -c '^not ok ' "$work/fail-nth.log")))
wait $!
result $status "2 each allocation fails once"

echo "# netlink-fuzz: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
