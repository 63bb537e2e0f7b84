#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# All fuzzers one after the other, with seeds that are new each time, for make
# fuzz.  Each has its share of the time; building kernels and programs, and
# finding leaks at the end, is extra.
#
#   all.sh [TIME]       90, 10m or 1h (10m)
#
# Prints the seed of each, a line for each, and at last "N passed, N failed, N
# skipped".  All output is in build/fuzz/NAME.log.
set -u

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
repo=$(readlink -f "$here/../..")
logs=$repo/build/fuzz
passed=0 failed=0 skipped=0

seconds()
{
	[[ $1 =~ ^[1-9][0-9]{0,7}[smh]?$ ]] || {
		echo "all.sh: not a time: $1" >&2
		exit 2
	}
	case $1 in
	*h) echo $((${1%h} * 3600)) ;;
	*m) echo $((${1%m} * 60)) ;;
	*) echo "${1%s}" ;;
	esac
}

# Small enough for every fuzzer.
new_seed()
{
	echo $((RANDOM << 15 ^ RANDOM))
}

# Adds what the last line of totals says; a run without one, or that ends badly
# without having counted a failure, has failed.
count()
{
	local name=$1 status=$2 log=$3 totals p=0 f=0 s=0

	totals=$(grep -aoE '[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped' "$log" |
		tail -n 1)
	if [ -n "$totals" ]; then
		read -r p f s <<<"${totals//[^0-9 ]/}"
	elif [ "$status" = 0 ]; then
		p=1
	fi
	[ "$status" = 0 ] || [ "$f" -gt 0 ] || f=1
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	printf '%-11s %s passed, %s failed, %s skipped\n' "$name" "$p" "$f" "$s"
	[ "$f" = 0 ] || echo "    the log: $log"
}

# try NAME COMMAND...: in a log of its own.
try()
{
	local name=$1 log=$logs/$1.log status=0

	shift
	"$@" >"$log" 2>&1 </dev/null || status=$?
	count "$name" $status "$log"
}

# The KUnit fuzzer counts frames, not seconds: a few first show how fast it is.
kunit()
{
	local share=$1 seed begin took frames=50000

	seed=$(new_seed)
	echo "# kunit: selftests/kunit/run.sh --debug --fuzz $seed:$frames"
	begin=$SECONDS
	try kunit-1 "$repo/selftests/kunit/run.sh" --debug --fuzz \
		"$seed:$frames"
	took=$((SECONDS - begin + 1))
	[ $took -lt "$share" ] || return
	frames=$((frames * (share - took) / took + 1))
	seed=$(new_seed)
	echo "# kunit: selftests/kunit/run.sh --debug --fuzz $seed:$frames"
	VSW_KUNIT_TIMEOUT=$((share * 4 + 900)) try kunit-2 \
		"$repo/selftests/kunit/run.sh" --debug --fuzz "$seed:$frames"
}

frames()
{
	local seed

	seed=$(new_seed)
	echo "# frames: selftests/fuzz/frames.sh --seed $seed --time $1"
	FUZZ_OUT=$logs/frames-long try frames-long "$here/frames.sh" \
		--seed "$seed" --time "$1"
}

netlink()
{
	local seed

	seed=$(new_seed)
	echo "# netlink: selftests/fuzz/netlink.sh --seed $seed --time $1"
	FUZZ_TIMEOUT=$(($1 + 1500)) try netlink "$here/netlink.sh" \
		--seed "$seed" --time "$1" --count 1000000000
}

ctl()
{
	local seed

	seed=$(new_seed)
	echo "# ctl: make -C ctl fuzz SEED=$seed TIME=$1"
	try ctl make --no-print-directory -C "$repo/ctl" fuzz SEED="$seed" \
		TIME="$1"
}

total=$(seconds "${1:-10m}") || exit
share=$((total / 4 + 1))
mkdir -p "$logs"
kunit $share
frames $share
netlink $share
ctl $share
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
