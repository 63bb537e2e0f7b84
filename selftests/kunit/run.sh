#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck source-path=SCRIPTDIR
#
# Runs the project's KUnit suites in User-Mode Linux, a Linux kernel that is an
# ordinary program.  Debian's own kernels have KUnit off, so the kernel is built
# here, from Debian's source, with a small configuration and with the project
# linked in as drivers/net/vswitch.  It is built once and kept in a cache that
# all checkouts share; after that only what changed in the project is compiled.
#
# KTAP goes to stdout, progress and compiler messages go to stderr.

set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
readonly here
. "$here/../kernel/build.sh"

# The parts of the checkout that Kbuild reads.
readonly PARTS=(Kbuild kmod uapi)

# A suite that hangs must not hang the caller.  Seconds of real time, with room
# for a busy machine; waiting inside a test costs none (see uml_args).
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

# The usual way of a driver: one line for Kbuild, one for Kconfig.
kb_rig()
{
	local net=$1/drivers/net

	# shellcheck disable=SC2016 # $(CONFIG_VSWITCH) is for make
	echo 'obj-$(CONFIG_VSWITCH) += vswitch/' >>"$net/Makefile"
	sed -i '/^endif # NETDEVICES/i source "drivers/net/vswitch/kmod/Kconfig"\n' \
		"$net/Kconfig"
	grep -q vswitch "$net/Kconfig" || kb_die "cannot hook into $net/Kconfig"
}

# Copies what differs and leaves the time of the rest alone, so kbuild compiles
# exactly what changed since whichever checkout came last.  (With a link to the
# checkout, objects newer than another checkout's sources would pass as built
# from them.)  --delete spares what a filter excludes: the objects in the tree.
sync_project()
{
	local name filters=()

	for name in '*.o' '*.a' '*.ko' '*.mod' '*.mod.c' '*.gcno' '.*.cmd' \
			'.*.d' '.tmp_*' modules.order Module.symvers; do
		filters+=("--exclude=$name")
	done
	for name in "${PARTS[@]}"; do
		filters+=("--include=/$name" "--include=/$name/**")
	done
	rsync --recursive --links --checksum --delete --quiet \
		"${filters[@]}" --exclude='/*' "$src/" "$dest/"
}

# Only the options of the project: the base can be built and kept before, and
# although, the project does not compile.
kb_prepare()
{
	mkdir -p "$dest/kmod"
	cp "$src/kmod/Kconfig" "$dest/kmod/Kconfig"
	echo '# replaced by the project' >"$dest/Kbuild"
}

# With -s make prints compiler messages and, on UML, one line too many.
build_project()
{
	local log=$kb_cache/project.log status=0

	sync_project
	kb_configure "$dest/kmod/Kconfig"
	kb_start_child "${kb_make[@]}" -s "-j$(nproc)" >"$log" 2>&1
	kb_wait_child || status=$?
	grep -v '^  LINK linux$' "$log" >&2 || :
	[ $status -eq 0 ] || kb_die "the project does not build"
}

# A copy, so that another run may link while this one tests.
take_kernel()
{
	cp "$kb_tree/linux" "$kb_tree/.config" "$work/"
	kb_unlock
}

# time-travel: when all sleep, the clock jumps to the next timer.
# panic=-1: a dead kernel leaves at once.
uml_args()
{
	printf '%s\n' mem=512M console=tty panic=-1 time-travel \
		"uml_dir=$work" "kunit.filter_glob=$filter" \
		${fuzz:+"vsw_fuzz=$fuzz"}
	if [ -n "$debug" ]; then
		printf '%s\n' rootfstype=hostfs "rootflags=$work/root" rw \
			init=/leakscan kmemleak=on
	else
		echo kunit_shutdown=halt
	fi
}

make_leakscan_root()
{
	mkdir -p "$work/root/debug" "$work/root/dev"
	gcc -static -O2 -Wall -o "$work/root/leakscan" "$here/leakscan.c"
}

# The kernel waits for ever for a lost reference, and waiting takes no time: it
# would complain thousands of times a second until the run times out.
waits_for_netdev()
{
	[ "$(grep -c -m 5 '^unregister_netdevice: waiting' "$1")" -ge 5 ]
}

stop_if_hopeless()
{
	while kill -0 "$kb_child" 2>/dev/null; do
		sleep 0.1
		waits_for_netdev "$1" || continue
		end='stopped: a network device is never freed'
		kb_kill_child
		return
	done
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

# Sets end to what went wrong with the run as a whole.
run_uml()
{
	local args limit log=$work/console.log status=0

	end=''
	limit=$(time_limit)
	mapfile -t args < <(uml_args)
	[ -z "$debug" ] || make_leakscan_root
	kb_start_child timeout --kill-after=5 "$limit" "$work/linux" "${args[@]}" \
		</dev/null >"$log" 2>&1
	stop_if_hopeless "$log"
	kb_wait_child || status=$?
	[ -z "$end" ] || return 0
	case $status in
	0) ;;
	124|137) end="timed out after $limit s" ;;
	*) end="the kernel died with status $status" ;;
	esac
}

# As lines a kernel complaint would have, for the verdict to find.
report_leaks()
{
	local leaks=$work/root/leaks

	[ -n "$debug" ] && [ -z "$end" ] || return 0
	if [ "$(tail -n 1 "$leaks" 2>/dev/null)" != "scan complete" ]; then
		echo "BUG: kmemleak did not finish its scan"
	elif grep -q '^unreferenced object' "$leaks"; then
		echo "BUG: memory leaked"
		grep -v '^scan complete' "$leaks"
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

	report_leaks >>"$work/console.log"
	show_tail_unless_ktap
	awk -v end="$end" -f "$here/verdict.awk" "$work/console.log" |
		tee "$work/kunit.ktap" || status=1
	if [ -n "$out" ]; then
		mkdir -p "$out"
		cp "$work/console.log" "$work/kunit.ktap" "$out/"
		cp "$work/.config" "$out/config"
	fi
	return $status
}

cleanup()
{
	kb_kill_child
	[ -z "$work" ] || rm -rf "$work"
}

main()
{
	work=''
	parse_args "$@"
	src=$(readlink -f "${VSW_SRC:-$here/../..}")
	[ -e "$src/Kbuild" ] || kb_die "no Kbuild in $src"
	kb_name=uml${debug:+-debug}
	kb_arch=um
	kb_configs=("$here/../kernel/uml.config"
		${debug:+"$here/../kernel/uml-debug.config"})
	kb_setup
	dest=$kb_tree/drivers/net/vswitch
	trap cleanup EXIT
	trap 'exit 130' INT TERM
	work=$(mktemp -d)

	kb_base "about 700 objects, which takes two cores two minutes${debug:+ or more}" \
		"$dest/kmod/Kconfig"
	build_project
	take_kernel
	run_uml
	verdict
}

main "$@"
