#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Which lines of kmod and ctl does the suite reach?  Runs the unit tests, the
# netlink fuzzer with failing allocations, and the selftests on the kernel with
# checkers (FLAVOUR=debug), which counts lines, and the tests of ctl on this machine.
#
#   run.sh            everything; about half an hour
#   run.sh PART...    kunit, netlink, selftests, ctl: some of it
#
# In build/cov afterwards: summary.txt, lines of kmod/ and ctl/ by file; html/;
# unreached.txt, the lines of kmod/ that were not reached and are not in
# selftests/cov/unreached.list, which has the reason for each line in it.  Fails when
# all parts together reach less than 90 % of kmod/, or a part has failed.
set -u

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
cd "$here/../.." || exit 1
readonly out=$PWD/build/cov
readonly tree=$out/tree
readonly WANTED=90
readonly PARTS=(kunit netlink selftests ctl)
export FLAVOUR=debug COV=1 CONFIG_VSWITCH_KUNIT_TEST=y
failed=0

# A copy, so that nothing in the checkout is built to count.
prepare()
{
	rm -rf "$out"
	selftests/copy.sh "$tree" || exit
	make -s -C "$tree/ctl" all iproute2 \
		CPPFLAGS=--coverage LDFLAGS=--coverage || exit
}

vm()
{
	"$tree/selftests/vm/run.sh" "$@"
}

# The frame fuzzer is left out: emulated, it takes an hour.  Where waiting takes no
# time, a test that waits for minutes is not one that hangs.
part_kunit()
{
	vm --icount --timeout 900 --append kunit.enable=1 \
		--append 'kunit.filter_glob=vswitch_?[!u]*' --out "$out/kunit" -- \
		bash -c "sysctl -qw kernel.hung_task_timeout_secs=0 &&
			insmod build/$(release)/vswitch.ko" &&
		! tr -d '\r' <"$out/kunit/console.log" | grep -a 'not ok' &&
		grep -aq '] ok 1 vswitch_' "$out/kunit/console.log"
}

# netlink_fuzz NAME OPTION...: in a machine of its own.
netlink_fuzz()
{
	vm --smp 2 --timeout 900 --out "$out/netlink/$1" -- bash -c "
		insmod build/$(release)/vswitch.ko &&
		selftests/fuzz/netlink.py ${*:2}"
}

part_netlink()
{
	netlink_fuzz random --count 4000 && netlink_fuzz fail-nth --fail-nth
}

part_selftests()
{
	"$tree/selftests/vm/selftest.sh" --out "$out/selftests"
}

part_ctl()
{
	make -C "$tree/ctl" check CPPFLAGS=--coverage LDFLAGS=--coverage
}

release()
{
	"$tree/selftests/kernel/x86.sh" debug | cut -d ' ' -f 1
}

# capture FILE: all that was counted in the tree.  The module is built from links
# to its sources, by which it goes there.
capture()
{
	lcov -q -c -d "$tree" -b "$tree" --rc geninfo_gcov_all_in_one=1 -o "$1" \
		2>>"$out/lcov.log" &&
		sed -i "s,^SF:$tree/build/[^/]*/kmod/,SF:$tree/kmod/," "$1" &&
		find "$tree" -name '*.gcda' -delete
}

# take NAME: the counts that a part has left, in files *.info.  Those from a machine
# are below a folder "cov", by the path that the object file has here.
take()
{
	local counts n=0

	if [ "$1" = ctl ]; then
		capture "$out/ctl.info"
		return
	fi
	while read -r counts; do
		n=$((n + 1))
		cp -r "$counts$tree/." "$tree/" && capture "$out/$1-$n.info" || return
	done < <(find "$out/$1" -type d -name cov -prune)
	[ $n -gt 0 ]
}

report()
{
	local add=() file percent

	for file in "$out"/*.info; do
		add+=(-a "$file")
	done
	[ -e "${file:-}" ] || { echo "nothing was counted" >&2; return 1; }
	lcov -q "${add[@]}" -o "$out/sum" 2>>"$out/lcov.log" &&
		lcov -q -e "$out/sum" "$tree/kmod/*" "$tree/ctl/*" -o "$out/ours" \
			2>>"$out/lcov.log" &&
		lcov -q -r "$out/ours" '*/tests/*' -o "$out/all" 2>>"$out/lcov.log" &&
		genhtml -q "$out/all" -o "$out/html" 2>>"$out/lcov.log" || return
	"$here/unreached.py" "$tree" "$out/all" >"$out/summary.txt"
	"$here/unreached.py" "$tree" "$out/all" "$here/unreached.list" \
		>"$out/unreached.txt"
	cat "$out/summary.txt"
	echo "not reached and not explained: $(wc -l <"$out/unreached.txt") lines"
	percent=$(awk '$1 == "kmod" { print int($2) }' "$out/summary.txt")
	[ $# -lt ${#PARTS[@]} ] || [ "${percent:-0}" -ge $WANTED ]
}

main()
{
	local part

	[ $# -gt 0 ] || set -- "${PARTS[@]}"
	selftests/deps.sh cov || exit
	prepare
	for part; do
		echo "# $part"
		if "part_$part" >"$out/$part.log" 2>&1; then
			echo "ok $part"
		else
			failed=$((failed + 1))
			echo "not ok $part, see $out/$part.log"
		fi
		take "$part" || { echo "no counts of $part"; failed=$((failed + 1)); }
	done
	report "$@" || failed=$((failed + 1))
	[ $failed = 0 ]
}

main "$@"
