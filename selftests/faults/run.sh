#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Does the lab find what it is there for?  Puts one fault after the other into a
# copy of this checkout and asserts that the lane meant for it fails, and says why.
# On demand: it takes a quarter of an hour, and builds what is not in the cache.
#
#   run.sh            all faults
#   run.sh NAME...    these, selftests/faults/NAME.patch
#
# In front of its diff a patch has lines "What:", the fault; "Lane:", a command
# that must fail; and "Says:", an expression for what its output must have.  Logs
# are in build/faults.  Prints KTAP and a line of totals.
set -u

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." || exit 1
readonly logs=$PWD/build/faults
passed=0 failed=0

field()
{
	sed -n "s/^$1: //p" "$2" | head -n 1
}

# caught PATCH LOG: why it was not is printed.
caught()
{
	local tree=$work/tree lane says

	lane=$(field Lane "$1") says=$(field Says "$1")
	if [ -z "$lane" ] || [ -z "$says" ]; then
		echo "no Lane or no Says"
		return 1
	fi
	rm -rf "$tree"
	selftests/copy.sh "$tree" || { echo "cannot copy the checkout"; return 1; }
	patch -d "$tree" -p1 -F0 -s <"$1" >"$2" 2>&1 ||
		{ echo "the patch does not apply any more"; return 1; }
	if (cd "$tree" && make -s tool && eval "$lane") >"$2" 2>&1 </dev/null; then
		echo "the lane is content"
		return 1
	fi
	grep -aqE "$says" "$2" || {
		echo "the lane failed, but did not say '$says'"
		return 1
	}
}

test_fault()
{
	local name=$1 patch=selftests/faults/$1.patch log=$logs/$1.log why
	local begin=$SECONDS

	if why=$(caught "$patch" "$log"); then
		passed=$((passed + 1))
		echo "ok $((passed + failed)) $name"
		echo "# $(field What "$patch"): found in $((SECONDS - begin)) s"
		grep -aoE -m 1 "$(field Says "$patch").*" "$log" | sed 's/^/#   /'
	else
		failed=$((failed + 1))
		echo "# $why; see $log"
		echo "not ok $((passed + failed)) $name"
	fi
}

main()
{
	if [ $# = 0 ]; then
		for patch in selftests/faults/*.patch; do
			set -- "$@" "$(basename "$patch" .patch)"
		done
	fi
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	mkdir -p "$logs"
	echo "KTAP version 1"
	echo "1..$#"
	for name; do
		test_fault "$name"
	done
	echo "# faults: $passed passed, $failed failed, 0 skipped"
	[ $failed = 0 ]
}

main "$@"
