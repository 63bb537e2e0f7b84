#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Everything that can be checked, on a fresh machine too; ends with a line
# "N passed, N failed, N skipped" over all lanes.  Lanes run one after the other,
# those with a virtual machine of one CPU two at a time ("a+b").
#
#   check.sh            all lanes
#   check.sh LANE...    these lanes
#
# Output goes to build/check/LANE.log; what failed is shown.  A test that is
# skipped counts as failed unless selftests/skips.list has its name.
set -u
cd "$(dirname "$0")/.." || exit 1

lanes="deps static ctl build kunit selftest-6.12+selftest-6.1 demo"
logs=build/check
skips=selftests/skips.list
passed=0 failed=0 skipped=0
begin=$SECONDS

lane_command() {
	case $1 in
	deps) selftests/deps.sh all ;;
	static) selftests/checks/static.sh ;;
	ctl) make --no-print-directory -C ctl check ;;
	kunit) selftests/kunit/run.sh ;;
	build) make --no-print-directory modules-all tool && ! grep -a 'warning:' "$logs/build.log" ;;
	selftest-*) KERNEL=${1#selftest-} selftests/vm/selftest.sh ;;
	demo) selftests/demo/demo.sh --check ;;
	*) echo "no such lane: $1" >&2; return 2 ;;
	esac
}

# Skipped tests of a log that are not on the list of those that may be.
forbidden_skips() {
	grep -hE '^ *ok [0-9]+ .*# SKIP' "$1" | sed -E 's/^ *ok [0-9]+ (- )?//; s/ *# SKIP.*//' |
		grep -vxFf <(grep -v '^#' "$skips")
}

count() {
	passed=$((passed + $1))
	failed=$((failed + $2))
	skipped=$((skipped + $3))
}

# Adds the totals that a lane printed last; a lane that ends badly or prints none
# has failed, whatever it counted.
count_lane() {
	local lane=$1 status=$2 log=$3 totals p=0 f=0 s=0 bad

	totals=$(grep -aoE '[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped' "$log" | tail -1)
	# shellcheck disable=SC2086
	[ -z "$totals" ] || { set -- $totals; p=$1 f=$3 s=$5; }
	bad=$(forbidden_skips "$log" | wc -l)
	if [ "$lane" = deps ] || [ "$lane" = build ]; then
		p=$((status == 0)) f=$((status != 0)) s=0
	elif [ -z "$totals" ]; then
		f=1
	fi
	[ "$status" = 0 ] || [ "$f" -gt 0 ] || f=1
	count "$p" $((f + bad)) $((s - bad))
	printf '%s passed, %s failed, %s skipped' "$p" $((f + bad)) $((s - bad))
}

start_lane() {
	local from=$SECONDS

	lane_command "$1" >"$logs/$1.log" 2>&1 </dev/null
	echo "$? $((SECONDS - from))" >"$logs/$1.end"
}

report_lane() {
	local lane=$1 log=$logs/$1.log status took before=$failed

	read -r status took <"$logs/$lane.end"
	printf '%-14s ' "$lane"
	count_lane "$lane" "$status" "$log" >"$logs/totals"
	printf '%s (%d s)\n' "$(cat "$logs/totals")" "$took"
	[ "$failed" = "$before" ] && return
	echo "    exit status $status; all output is in $log; what failed:"
	grep -aE '^ *not ok|^# (not ok|.*(panic|WARNING|BUG))' "$log" | head -20 | sed 's/^/    /'
	forbidden_skips "$log" | sed 's/^/    skipped without leave: /'
	echo "    its end:"
	tail -15 "$log" | sed 's/^/    /'
}

run_lanes() {
	local lane

	for lane; do
		start_lane "$lane" &
	done
	wait
	for lane; do
		report_lane "$lane"
	done
}

mkdir -p "$logs"
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $lanes
for lane; do
	# shellcheck disable=SC2086
	run_lanes ${lane//+/ }
done
echo "All lanes took $((SECONDS - begin)) s."
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
