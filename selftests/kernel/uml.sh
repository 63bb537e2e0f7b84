#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck source-path=SCRIPTDIR
#
# Runs a command as root in User-Mode Linux with the module built in, at the
# speed of this machine.  See umllib.sh for how the kernel is built and kept.

set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
readonly here
. "$here/umllib.sh"

usage()
{
	cat <<-EOF
	Usage: uml.sh [--debug|--bench] [OPTIONS] -- COMMAND [ARGUMENT...]

	  --debug        KASAN, UBSAN, lockdep, kmemleak and their like, and
	                 allocations that fail when told to; slower
	  --bench        a kernel to measure with: nothing for tests, with
	                 selftests/bench/kmod and Open vSwitch
	  --mem M        memory in MiB (768)
	  --timeout SEC  end the machine after this time (600)
	  --append WORD  one more word for the kernel's command line; repeatable
	  --out DIR      keep console.log and output.log there, and all that the
	                 command leaves in /run/vsw/out

	All files of this machine are there, to be read; /tmp, /run, /dev and the
	like are empty.  The command runs in this checkout, at its usual path, and
	prints to our standard output.  Exit status: the command's; 124 time is up;
	125 the machine died; 126 the kernel complained, or memory leaked, although
	the command was fine; 2 wrong usage.

	Environment: VSW_SRC, VSW_KSRC, VSW_CACHE as for kunit/run.sh; the kernel
	is built from VSW_SRC, the command runs in this checkout.
	EOF
}

parse_args()
{
	debug='' bench='' mem=768 limit=600 out='' append=()
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		case $1 in
		--debug) debug=y ;;
		--bench) bench=bench ;;
		--mem) mem=${2:?$1 needs a value}; shift ;;
		--timeout) limit=${2:?$1 needs a value}; shift ;;
		--append) append+=("${2:?$1 needs a value}"); shift ;;
		--out) out=${2:?$1 needs a value}; shift ;;
		-h|--help) usage; exit 0 ;;
		*) usage >&2; exit 2 ;;
		esac
		shift
	done
	[ $# -gt 1 ] || { usage >&2; exit 2; }
	shift
	command=("$@")
}

# Read by umljob.sh.
write_job()
{
	mkdir "$work/out"
	{
		declare -p PATH | sed 's/^declare -[^ ]*/export/'
		printf 'export LC_ALL=C TERM=dumb HOME=/tmp VSW_OUT=/run/vsw/out\n'
		printf 'tree=%q\n' "$(readlink -f "$here/../..")"
		printf 'command=(%s)\n' "$(printf '%q ' "${command[@]}")"
	} >"$work/job"
}

# The command's terminal is file 3; its output is passed on as it comes.
boot()
{
	local words writer leaks=-

	[ -z "$debug" ] || leaks=leaks
	mapfile -t words < <(uml_root_words)
	: >"$work/output.log"
	sleep infinity &
	running=$!
	tail -n +1 -f -s 0.1 --pid=$running "$work/output.log" &
	writer=$!
	uml_run "$limit" "mem=${mem}M" con1=null,fd:3 kunit.enable=0 \
		panic_on_warn=1 "${words[@]}" ${debug:+kmemleak=on} \
		"${append[@]}" -- "$work" "$leaks" \
		/bin/bash "$here/umljob.sh" 3>>"$work/output.log"
	stop_writing
	wait $writer || :
}

# What prints the output ends by itself, when it has printed all, after this.
stop_writing()
{
	[ -z "$running" ] || kill "$running" 2>/dev/null || :
	running=''
}

# Never at the cost of the verdict.  A file "complaints" says that there are some,
# whatever the command's status.
keep()
{
	[ -n "$out" ] || return 0
	mkdir -p "$out" && rm -f "$out/complaints" &&
		cp -r "$work/console.log" "$work/output.log" "$work/out/." "$out/" &&
		{ [ "$1" = 0 ] || : >"$out/complaints"; } ||
		echo "uml.sh: the logs cannot be kept in $out" >&2
}

# Complaints first: a kernel that has one may well have failed the command.
verdict()
{
	local status complaints=0

	uml_report_leaks >>"$work/console.log"
	"$here/../vm/scan.sh" "$work/console.log" >&2 || complaints=126
	grep -A 30 '^BUG: memory leaked' "$work/console.log" >&2 || :
	keep $complaints
	if [ -n "$uml_end" ]; then
		echo "uml.sh: $uml_end; the end of the console:" >&2
		tail -n 40 "$work/console.log" >&2
		[[ $uml_end = timed* ]] && return 124
		return 125
	fi
	status=$(cat "$work/status" 2>/dev/null) || {
		tail -n 40 "$work/console.log" >&2
		return 125
	}
	[ "$status" -eq 0 ] || return "$status"
	return $complaints
}

main()
{
	parse_args "$@"
	running=''
	trap 'stop_writing; uml_cleanup' EXIT
	trap 'exit 130' INT TERM
	work=$(mktemp -d)
	uml_setup "${debug:-$bench}" "$work"
	uml_kernel
	write_job
	boot
	verdict
}

main "$@"
