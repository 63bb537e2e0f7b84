#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Everything that can be checked, on a fresh machine too; ends with a line
# "N passed, N failed, N skipped" over all lanes.  Lanes run one after the other,
# those that do not use both CPUs of a small machine two at a time ("a+b+c", the
# longest first).
#
#   check.sh            all lanes
#   check.sh LANE...    these lanes
#
# Output goes to build/check/LANE.log; what failed is shown.  A test that is
# skipped counts as failed unless selftests/skips.list has its name.
set -u
cd "$(dirname "$0")/.." || exit 1

lanes="deps static ctl build kunit kernels
	debug+selftest-6.12+selftest-6.1+uml-netlink+uml-kunit+kcsan+uml-guests+uml-frames+bench
	demo qemu-6.12"
# Of the selftests, those in which most comes and goes; with checkers, each takes
# some times as long.  FLAVOUR=debug selftests/vm/selftest.sh runs all of them.
debug="vm_sanity internal tap_ioctl races"
logs=build/check
skips=selftests/skips.list
passed=0 failed=0 skipped=0
declare -A reported=()
begin=$SECONDS

lane_command() {
	case $1 in
	deps) selftests/deps.sh all ;;
	static) selftests/checks/static.sh ;;
	ctl) make --no-print-directory -C ctl WERROR=1 check ;;
	kunit) selftests/kunit/run.sh ;;
	# Not grep of the file itself, which is where this prints to.
	build) make --no-print-directory modules-all tool &&
		! grep -aq 'warning:' <<<"$(cat "$logs/build.log")" ;;
	kernels) selftests/kernel/all.sh ;;
	uml-kunit) selftests/kunit/run.sh --debug ;;
	uml-netlink) selftests/fuzz/netlink.sh ;;
	uml-frames) selftests/fuzz/frames.sh ;;
	uml-guests) selftests/kernel/guests.sh ;;
	debug) FLAVOUR=debug selftests/vm/selftest.sh T="$debug" ;;
	kcsan) FLAVOUR=kcsan selftests/vm/selftest.sh T="vm_sanity races" ;;
	selftest-*) KERNEL=${1#selftest-} selftests/vm/selftest.sh ;;
	demo) selftests/demo/demo.sh --check ;;
	bench) selftests/bench/gate.sh ;;
	qemu-*) KERNEL=${1#qemu-} selftests/guests/run.sh qemu ;;
	libvirt) selftests/guests/run.sh libvirt ;;
	*) echo "no such lane: $1" >&2; return 2 ;;
	esac
}

# Skipped tests of a log that are not on the list of those that may be.
forbidden_skips() {
	grep -ahE '^ *ok [0-9]+ .*# SKIP' "$1" | grep -v 'SKIP all of its tests' |
		sed -E 's/^ *ok [0-9]+ (- )?//; s/ *# SKIP.*//' |
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
	case $lane in
	deps|build|kernels) totals=none p=$((status == 0)) f=$((status != 0)) s=0 ;;
	esac
	[ -n "$totals" ] && [ $((p + f + s)) -gt 0 ] || f=1
	[ "$status" = 0 ] || [ "$f" -gt 0 ] || f=1
	count "$p" $((f + bad)) $((s - bad))
	printf '%s passed, %s failed, %s skipped' "$p" $((f + bad)) $((s - bad))
}

start_lane() {
	local from=$SECONDS

	lane_command "$1" >"$logs/$1.log" 2>&1 </dev/null
	echo "$? $((SECONDS - from))" >"$logs/$1.new"
	mv "$logs/$1.new" "$logs/$1.end"
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
	tail -80 "$log" | cut -c1-200 | sed 's/^/    /'
}

# Those of the named lanes that have ended and were not reported yet.
report_ended() {
	local lane

	for lane; do
		[ -e "$logs/$lane.end" ] || continue
		report_lane "$lane"
		reported[$lane]=yes
		rm "$logs/$lane.end"
	done
}

run_lanes() {
	local lane

	for lane; do
		rm -f "$logs/$lane.end"
	done
	for lane; do
		while [ "$(jobs -rp | wc -l)" -ge 2 ]; do
			wait -n
			report_ended "$@"
		done
		start_lane "$lane" &
	done
	while [ -n "$(jobs -rp)" ]; do
		wait -n
		report_ended "$@"
	done
	report_ended "$@"
	for lane; do
		[ "${reported[$lane]:-}" ] && continue
		printf '%-14s was killed\n' "$lane"
		failed=$((failed + 1))
	done
}

mkdir -p "$logs"
# Held by the lanes, too: those of a run that was killed would spoil this one's logs.
exec {lock}>"$logs/lock"
flock -n "$lock" || {
	echo "check.sh: another run in this checkout, or what is left of one, goes on" >&2
	exit 1
}
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $lanes
# Stock kernels get the module that was built last: it is to be this one.
case " $* " in
*[\ +]build[\ +]*) ;;
*selftest-*|*qemu-*|*libvirt*|*bench*) set -- build "$@" ;;
esac
for lane; do
	# shellcheck disable=SC2086
	run_lanes ${lane//+/ }
done
echo "All lanes took $((SECONDS - begin)) s."
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
