#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The coverage-guided frame fuzzer in User-Mode Linux with all checkers: frames
# of all kinds, with offload headers of all kinds, through a switch of taps whose
# settings and VLANs change.  What makes the module take a new way is kept and
# changed further.  Prints KTAP and ends with "# frames-fuzz: N passed, N failed, N
# skipped".
#
#   frames.sh                   for "make check": always the same seed
#   frames.sh --seed N          another one, or "random"
#   frames.sh --count N         so many inputs
#   frames.sh --time SEC        as many as go
#   frames.sh --missing         says which places of kmod/path/ were not reached
#   frames.sh --replay FILE     inputs once more: failed-N, or last, which has
#                               those before the kernel died
#
# Environment: VSW_SRC, another checkout to build the module from; FUZZ_OUT, a
# directory for the logs and inputs (build/fuzz/out).
set -u

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
repo=$(readlink -f "$here/../..")
build=$repo/build/fuzz
out=${FUZZ_OUT:-$build/out}

usage()
{
	sed -n '9,15s/^#   //p' "$0" >&2
	exit 2
}

# As root in the kernel; /run/vsw/linux is its own program.
inside()
{
	cd "$repo" || exit
	selftests/fuzz/points.py /run/vsw/linux >/tmp/points || exit
	"$build/frames" --points /tmp/points --out "$VSW_OUT" \
		--seeds selftests/fuzz/seeds.pcap "$@"
}

parse_args()
{
	seed=1 count='' limit='' replay='' args=()
	while [ $# -gt 0 ]; do
		case $1 in
		--missing) args+=("$1"); shift; continue ;;
		esac
		[ $# -gt 1 ] || usage
		case $1 in
		--seed) seed=$2 ;;
		--count) count=$2 ;;
		--time) limit=$2 ;;
		--replay) replay=$2 ;;
		*) usage ;;
		esac
		shift 2
	done
	[ "$seed" != random ] || seed=$((RANDOM << 30 ^ RANDOM << 15 ^ RANDOM))
	args+=(--seed "$seed")
	[ -z "$count" ] || args+=(--count "$count")
	[ -z "$limit" ] || args+=(--until "$build/until")
	[ -z "$replay" ] || {
		cp "$replay" "$build/replay" || exit
		args+=(--replay "$build/replay")
	}
}

build_it()
{
	local cflags libs

	cflags=$(pkg-config --cflags libnl-genl-3.0 libpcap) &&
		libs=$(pkg-config --libs libnl-genl-3.0 libpcap) || return
	# shellcheck disable=SC2086 # words
	gcc -O2 -g -Wall -Wextra -Wno-missing-field-initializers -std=gnu11 \
		-D_GNU_SOURCE -I"$repo/uapi" $cflags -o "$build/frames" \
		"$here"/frames*.c $libs
}

if [ "${1:-}" = --inside ]; then
	shift
	inside "$@"
	exit
fi

parse_args "$@"
# What is replayed stays.
[ -z "$replay" ] || out=$build/replayed
mkdir -p "$build" "$out" && build_it || exit
rm -f "$out"/failed-* "$out/last" "$build/until"
log=$build/frames.log

timer=''
[ -z "$limit" ] || {
	{ sleep "$limit" && : >"$build/until"; } &
	timer=$!
}

# time-travel: queriers, members and probes have their seconds, and nobody waits.
echo "KTAP version 1"
"$here/../kernel/uml.sh" --debug --append time-travel --timeout $((${limit:-500} + 300)) --out "$out" \
	-- /bin/bash "$here/frames.sh" --inside "${args[@]}" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
[ -z "$timer" ] || kill "$timer" 2>/dev/null
passed=$(grep -c '^ok ' "$log")
failed=$(grep -c '^not ok ' "$log")

# What the kernel says is a test of its own; so is that the others were run.
n=$((passed + failed + 1))
if [ $n -gt 1 ] && [ "$status" = $((failed > 0)) ] && [ ! -e "$out/complaints" ]; then
	echo "ok $n the kernel is content"
	passed=$((passed + 1))
else
	[ ! -s "$out/last" ] ||
		echo "# the last inputs: selftests/fuzz/frames.sh --replay $out/last"
	echo "not ok $n the kernel is content (status $status)"
	failed=$((failed + 1))
fi
echo "1..$n"
echo "# frames-fuzz: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
