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
# less than 90 % of kmod/ was reached, or a part has failed.
set -u

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
cd "$here/../.." || exit 1
readonly out=$PWD/build/cov
readonly tree=$out/tree
readonly WANTED=90
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

# The frame fuzzer is left out: emulated, it takes an hour.
part_kunit()
{
	vm --icount --timeout 900 --append kunit.enable=1 \
		--append 'kunit.filter_glob=vswitch_?[!u]*' --out "$out/kunit" -- \
		insmod "build/$(release)/vswitch.ko" &&
		! tr -d '\r' <"$out/kunit/console.log" | grep -a 'not ok'
}

part_netlink()
{
	vm --smp 2 --timeout 900 --out "$out/netlink" -- bash -c "
		insmod build/$(release)/vswitch.ko &&
		selftests/fuzz/netlink.py --count 4000 &&
		selftests/fuzz/netlink.py --fail-nth"
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

# take NAME: the counts that a part has left, in a file *cov.json.  Those from a
# machine are below a folder "cov", by the path that the object file has here.
take()
{
	local counts

	find "$out/$1" -type d -name cov 2>/dev/null | while read -r counts; do
		cp -r "$counts$tree/." "$tree/"
		gcovr_quiet --json "$counts.json" "$tree"
		find "$tree" -name '*.gcda' -delete
	done
	[ "$1" != ctl ] || gcovr_quiet --json "$out/ctl.cov.json" "$tree"
	find "$tree" -name '*.gcda' -delete
}

gcovr_quiet()
{
	gcovr -r "$tree" -f "$tree/kmod/" -f "$tree/ctl/" -e '.*/tests/' \
		--exclude-unreachable-branches "$@" 2>>"$out/gcovr.log"
}

# Prints FILE:LINE:TEXT of what was not reached, without what the list explains.
unreached()
{
	python3 "$here/unreached.py" "$out/all.json" "$tree" "$here/unreached.list"
}

report()
{
	local add=() file percent

	while read -r file; do
		add+=(-a "$file")
	done < <(find "$out" -name '*cov.json')
	[ ${#add[@]} -gt 0 ] || { echo "nothing was counted" >&2; return 1; }
	mkdir -p "$out/html"
	gcovr_quiet "${add[@]}" --json "$out/all.json" --txt "$out/summary.txt" \
		--html-details "$out/html/index.html"
	unreached >"$out/unreached.txt"
	cut -c 1-72 "$out/summary.txt"
	percent=$(python3 "$here/unreached.py" "$out/all.json")
	echo "# kmod: $percent % of lines reached; unexplained: $(wc -l <"$out/unreached.txt")"
	[ "${percent%.*}" -ge $WANTED ]
}

main()
{
	local part

	[ $# -gt 0 ] || set -- kunit netlink selftests ctl
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
		take "$part"
	done
	report || failed=$((failed + 1))
	[ $failed = 0 ]
}

main "$@"
