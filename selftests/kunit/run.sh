#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck source-path=SCRIPTDIR
#
# Runs the project's KUnit suites in User-Mode Linux: Debian's own kernels have
# KUnit off.  See kernel/umllib.sh for how that is built and kept.
#
# KTAP goes to stdout, progress and compiler messages go to stderr.

set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
readonly here
. "$here/../kernel/umllib.sh"

# A suite that hangs must not hang the caller.  Seconds of real time, with room
# for a busy machine; waiting inside a test costs none (see uml_words).
readonly TIMEOUT_PLAIN=300 TIMEOUT_DEBUG=900

usage()
{
	cat <<-EOF
	Usage: run.sh [--debug] [--filter GLOB] [--fuzz SEED:COUNT] [--out DIR]

	  --debug        KASAN, UBSAN, lockdep, kmemleak and their like; slower
	  --filter GLOB  suites to run, or SUITE.TEST; default vswitch*
	  --fuzz SEED:COUNT
	                 the frame fuzzer alone, with COUNT frames in rounds of
	                 50,000, the first made of SEED, the next of SEED + 1; a
	                 failed round says how to repeat it
	  --out DIR      keep the console, the KTAP and the configuration there

	Exit status: 0 all tests passed, 1 not all or none did, 2 wrong usage.

	Environment:
	  VSW_SRC            the project to test, default: this checkout
	  VSW_KSRC           kernel source, default /usr/src/linux-source-6.12.tar.xz
	  VSW_CACHE          where kernels are kept, default ~/.cache/vswitch;
	                     anything in it may be deleted
	  VSW_KUNIT_TIMEOUT  seconds until a run counts as hung
	EOF
}

value()
{
	[ -n "${2:-}" ] && echo "$2" && return
	echo "run.sh: $1 needs a value" >&2
	return 2
}

fuzz_value()
{
	local words

	words=$(value "$@") || return
	[[ $words =~ ^(0x[0-9a-fA-F]{1,16}|[0-9]{1,19}):[1-9][0-9]{0,11}$ ]] &&
		echo "$words" && return
	echo "run.sh: $1 wants SEED:COUNT, not $words" >&2
	return 2
}

parse_args()
{
	debug='' filter='vswitch*' fuzz='' out=''
	while [ $# -gt 0 ]; do
		case $1 in
		--debug) debug=y ;;
		--filter) filter=$(value "$@") || exit; shift ;;
		--fuzz) fuzz=$(fuzz_value "$@") || exit; shift ;;
		--out) out=$(value "$@") || exit; shift ;;
		-h|--help) usage; exit 0 ;;
		*) usage >&2; exit 2 ;;
		esac
		shift
	done
	[ -z "$fuzz" ] || filter=vswitch_fuzz
}

# time-travel: when all sleep, the clock jumps to the next timer.
uml_words()
{
	printf '%s\n' mem=512M time-travel "kunit.filter_glob=$filter" \
		${fuzz:+"vsw_fuzz=$fuzz"}
	if [ -n "$debug" ]; then
		uml_root_words
		printf '%s\n' kmemleak=on -- "$work" leaks
	else
		echo kunit_shutdown=halt
	fi
}

# Slower than this, the fuzzer hangs.
readonly FUZZ_PER_SECOND=1000

time_limit()
{
	local more=0

	[ -z "$fuzz" ] || more=$((${fuzz#*:} / FUZZ_PER_SECOND))
	if [ -n "${VSW_KUNIT_TIMEOUT:-}" ]; then
		echo "$VSW_KUNIT_TIMEOUT"
	elif [ -n "$debug" ]; then
		echo $((TIMEOUT_DEBUG + more))
	else
		echo $((TIMEOUT_PLAIN + more))
	fi
}

# What explains a run that died before its first test.
show_tail_unless_ktap()
{
	grep -q '^KTAP version' "$work/console.log" ||
		tail -n 30 "$work/console.log" >&2
}

verdict()
{
	local status=0

	uml_report_leaks >>"$work/console.log"
	show_tail_unless_ktap
	awk -v end="$uml_end" -f "$here/verdict.awk" "$work/console.log" |
		tee "$work/kunit.ktap" || status=1
	if [ -n "$out" ]; then
		mkdir -p "$out"
		cp "$work/console.log" "$work/kunit.ktap" "$out/"
		cp "$work/.config" "$out/config"
	fi
	return $status
}

main()
{
	local words

	parse_args "$@"
	trap uml_cleanup EXIT
	trap 'exit 130' INT TERM
	work=$(mktemp -d)
	uml_setup "$debug" "$work"
	uml_kernel
	mapfile -t words < <(uml_words)
	uml_run "$(time_limit)" "${words[@]}"
	verdict
}

main "$@"
