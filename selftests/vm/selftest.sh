#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
# Runs selftests in virtual machines with one kernel.
#
# usage: [KERNEL=6.12] [FLAVOUR=amd64] [FULL=1] selftest.sh [T="NAME..."|T=all]
#        [--out DIR]
#
# A selftest is a script selftests/NAME.sh that says "# vsw-selftest" in its
# first lines. It may ask for a machine with "# vsw-vm: smp=2 mem=2048 icount
# timeout=900", and says "stock" there when it measures what only a stock kernel
# can show. With our own kernels all machines without icount have two CPUs.
# Scripts that ask for the same share one boot. Prints KTAP and a line of totals,
# which is also written to DIR/totals. FULL=1: scripts with large numbers use
# them in full (see full_or in lib.sh). Exit status: 0 when nothing failed.

. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"
cd "$REPO_DIR/selftests" || exit 125

T=${T:-all}
FULL=${FULL:-}
OUT=
PASSED=0 FAILED=0 SKIPPED=0
declare -A GROUPS_OF=() TIME_OF=()

parse()
{
	while [ $# -gt 0 ]; do
		case $1 in
		T=*) T=${1#T=} ;;
		--out) OUT=$2; shift ;;
		*) sed -n '4,16s/^# \{0,1\}//p' "$0" >&2; exit 125 ;;
		esac
		shift
	done
}

# Prints the names of the scripts that T asks for.
selected()
{
	local name

	if [ "$T" = all ]; then
		grep -lx '# vsw-selftest' ./*.sh | while read -r name; do
			! kernel_is_own ||
				! grep -q '^# vsw-vm:.* stock' "$name" || continue
			basename "$name" .sh
		done
		return
	fi
	for name in $T; do
		name=${name%.sh}
		grep -qsx '# vsw-selftest' "$name.sh" ||
			die "there is no selftest $name"
		echo "$name"
	done
}

# Sets GROUPS_OF: what the scripts ask for, and the names of those that do; and
# TIME_OF: the seconds they may take together.
group()
{
	local name spec timeout

	for name; do
		spec=$(sed -n 's/^# vsw-vm: *//p' "$name.sh" | head -n 1 |
			tr -s ' \t' '\n' | sort)
		timeout=$(sed -n 's/^timeout=//p' <<<"$spec")
		# A line of nothing is nothing.
		spec=$(grep -vx -e 'timeout=.*' -e stock -e '' <<<"$spec" |
			tr '\n' ' ')
		case $spec in
		*icount*|*smp=*) ;;
		*) ! kernel_is_own || spec+="smp=2 " ;;
		esac
		GROUPS_OF[$spec ]+=" $name"
		TIME_OF[$spec ]=$((${TIME_OF[$spec ]:-0} + ${timeout:-600}))
	done
}

# Turns "smp=2 icount" into options of run.sh, in OPTIONS.
options()
{
	local word

	OPTIONS=()
	for word in $1; do
		case $word in
		smp=*|mem=*|tools=*)
			OPTIONS+=("--${word%%=*}" "${word#*=}") ;;
		icount) OPTIONS+=(--icount) ;;
		network) OPTIONS+=(--net-user none) ;;
		*) die "what is '$word' in a vsw-vm line?" ;;
		esac
	done
}

# Prints "passed failed skipped" for the output of a group of $2 scripts that
# ended with status $3. A script that never ended has failed, and so has the
# group when the kernel complained although all scripts are content.
count()
{
	tr -d '\r' <"$1" | awk -v scripts="$2" -v status="$3" '
		/^  ok .*# SKIP/ { skipped++; inner++; next }
		/^  ok / { passed++; inner++ }
		/^  not ok / { failed++; inner++; bad++ }
		/^not ok / { ended++; if (!bad) failed++; inner = bad = 0 }
		/^ok / {
			ended++
			if (!inner) { if (/# SKIP/) skipped++; else passed++ }
			inner = bad = 0
		}
		END {
			if (ended < scripts) failed += scripts - ended
			if (status != 0 && !failed) failed = 1
			print passed + 0, failed + 0, skipped + 0
		}'
}

# Boots once, for $2 seconds at most, for the scripts named after the wishes $1.
run_group()
{
	local spec=$1 timeout=$2 dir status=0 sum begin

	shift 2
	options "$spec"
	dir=$OUT/$(echo "${spec:-plain}" | tr -cs 'a-z0-9=\n' '-' |
		sed 's/-*$//')
	mkdir -p "$dir"
	echo "# boot: Linux $KERNEL $FLAVOUR ${spec% }"
	begin=$SECONDS
	"$VM_DIR/run.sh" "${OPTIONS[@]}" --timeout "$timeout" --out "$dir" -- \
		env FULL="$FULL" selftests/vm/guest-tests.sh "$@" || status=$?
	echo "# the boot took $((SECONDS - begin)) s"
	read -ra sum <<<"$(count "$dir/output.log" $# "$status")"
	PASSED=$((PASSED + sum[0]))
	FAILED=$((FAILED + sum[1]))
	SKIPPED=$((SKIPPED + sum[2]))
}

main()
{
	local spec names line

	parse "$@"
	names=$(selected) || exit
	if [ -z "$OUT" ]; then
		OUT=$(mktemp -d "${TMPDIR:-/tmp}/vsw-selftest.XXXXXX") || exit 125
		trap 'rm -rf "$OUT"' EXIT
	fi
	make -s -C vhost || die "cannot build the player of vhost.sh"
	# shellcheck disable=SC2086 # one word per script
	group $names
	for spec in "${!GROUPS_OF[@]}"; do
		# shellcheck disable=SC2086
		run_group "${spec% }" "${TIME_OF[$spec]}" ${GROUPS_OF[$spec]}
	done
	line="# KERNEL $KERNEL $FLAVOUR: $PASSED passed, $FAILED failed,"
	line+=" $SKIPPED skipped"
	echo "$line" | tee "$OUT/totals"
	[ "$FAILED" = 0 ]
}

# In one line: whoever edits this file meanwhile does no harm.
main "$@"; exit
