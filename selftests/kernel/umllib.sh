# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 source-path=SCRIPTDIR
#
# Builds User-Mode Linux, a Linux kernel that is an ordinary program, with the
# project linked in as drivers/net/vswitch, and runs it.  It is built once and
# kept in a cache that all checkouts share; after that only what changed in the
# project is compiled.  Sourced; set -euo pipefail is expected:
#
#	uml_setup DEBUG DIR		DEBUG: y with checkers, bench to measure, or empty
#	uml_kernel			builds; the kernel is DIR/linux
#	uml_run SECONDS WORD...		runs it; sets uml_end
#	uml_report_leaks		prints what umlinit.c has found
#
# DIR is a new directory of the caller's; uml_cleanup is for its exit trap.

uml_here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
. "$uml_here/build.sh"

# The parts of the checkout that Kbuild reads.
readonly UML_PARTS=(Kbuild kmod uapi)

uml_debug=
uml_bench=
uml_src=
uml_dir=
# What went wrong with a run as a whole, empty if nothing did.
uml_end=

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
uml_sync()
{
	local name filters=()

	for name in '*.o' '*.a' '*.ko' '*.mod' '*.mod.c' '*.gcno' '.*.cmd' \
			'.*.d' '.tmp_*' modules.order Module.symvers; do
		filters+=("--exclude=$name")
	done
	for name in "${UML_PARTS[@]}"; do
		filters+=("--include=/$name" "--include=/$name/**")
	done
	rsync --recursive --links --checksum --delete --quiet \
		"${filters[@]}" --exclude='/*' "$uml_src/" "$uml_dest/"
	[ -z "$uml_bench" ] ||
		rsync --recursive --links --checksum --quiet \
			"$uml_src/selftests/bench/kmod/" "$uml_dest/bench/"
}

# Only the options of the project: the base can be built and kept before, and
# although, the project does not compile.
kb_prepare()
{
	mkdir -p "$uml_dest/kmod"
	cp "$uml_src/kmod/Kconfig" "$uml_dest/kmod/Kconfig"
	echo '# replaced by the project' >"$uml_dest/Kbuild"
	[ -z "$uml_bench" ] || {
		mkdir -p "$uml_dest/bench"
		: >"$uml_dest/bench/Kbuild"
		echo 'obj-y += vswitch/bench/' >>"$kb_tree/drivers/net/Makefile"
	}
}

# With -s make prints compiler messages and, on UML, one line too many.
uml_build_project()
{
	local log=$kb_cache/project.log status=0

	uml_sync
	kb_configure "$uml_dest/kmod/Kconfig"
	kb_start_child "${kb_make[@]}" -s "-j$(nproc)" >"$log" 2>&1
	kb_wait_child || status=$?
	grep -v '^  LINK linux$' "$log" >&2 || :
	[ $status -eq 0 ] || kb_die "the project does not build"
}

# What is measured has none of what tests want to see or to replace.
uml_setup_bench()
{
	kb_name=uml-bench
	grep -vE 'KUNIT|FRAME_POINTER|DEBUG_KERNEL' "$uml_here/uml.config" \
		>"$uml_dir/uml.config"
	kb_configs=("$uml_dir/uml.config" "$uml_here/uml-bench.config")
}

# uml_setup DEBUG DIR
uml_setup()
{
	uml_debug=${1#bench} uml_bench='' uml_dir=$2
	[ "$1" != bench ] || uml_bench=y
	uml_src=$(readlink -f "${VSW_SRC:-$uml_here/../..}")
	[ -e "$uml_src/Kbuild" ] || kb_die "no Kbuild in $uml_src"
	kb_name=uml${uml_debug:+-debug}
	kb_arch=um
	kb_configs=("$uml_here/uml.config"
		${uml_debug:+"$uml_here/uml-debug.config"})
	# What tells KASAN of global variables runs before this kernel has a task
	# whose coverage it could take; the x86 kernel looks at them instead.
	[ -z "$uml_debug" ] ||
		kb_vars=('CFLAGS_KCOV=-fsanitize-coverage=trace-pc --param asan-globals=0')
	[ -z "$uml_bench" ] || uml_setup_bench
	kb_setup
	uml_dest=$kb_tree/drivers/net/vswitch
}

# The copy is there so that another run may link while this one tests.
uml_kernel()
{
	local hint='about 800 objects, which takes two cores two minutes'

	kb_base "$hint${uml_debug:+ or more}" "$uml_dest/kmod/Kconfig"
	uml_build_project
	cp "$kb_tree/linux" "$kb_tree/.config" "$uml_dir/"
	kb_unlock
	gcc -static -O2 -Wall -o "$uml_dir/umlinit" "$uml_here/umlinit.c"
}

# The kernel waits for ever for a lost reference; where waiting takes no time it
# would complain thousands of times a second until the run times out.
uml_waits_for_netdev()
{
	[ "$(grep -c -m 5 '^unregister_netdevice: waiting' "$1")" -ge 5 ]
}

uml_stop_if_hopeless()
{
	while kill -0 "$kb_child" 2>/dev/null; do
		sleep 0.1
		uml_waits_for_netdev "$1" || continue
		uml_end='stopped: a network device is never freed'
		kb_kill_child
		return
	done
}

# uml_run SECONDS WORD...: the words are for the kernel's command line; its
# console is DIR/console.log.  panic=-1: a dead kernel leaves at once.
uml_run()
{
	local limit=$1 log=$uml_dir/console.log status=0

	shift
	uml_end=''
	kb_start_child timeout --kill-after=5 "$limit" "$uml_dir/linux" \
		console=tty panic=-1 "uml_dir=$uml_dir" "$@" </dev/null >"$log" 2>&1
	uml_stop_if_hopeless "$log"
	kb_wait_child || status=$?
	[ -z "$uml_end" ] || return 0
	case $status in
	0) ;;
	124|137) uml_end="timed out after $limit s" ;;
	*) uml_end="the kernel died with status $status" ;;
	esac
}

# uml_root_words: those for a root that is the host's, to be read only, with
# umlinit as its first process; append a "--" and its arguments as the last ones.
uml_root_words()
{
	printf '%s\n' rootfstype=hostfs rootflags=/ ro "init=$uml_dir/umlinit"
}

# As lines a kernel complaint would have, for the verdict to find.
uml_report_leaks()
{
	local leaks=$uml_dir/leaks

	[ -n "$uml_debug" ] && [ -z "$uml_end" ] || return 0
	if [ "$(tail -n 1 "$leaks" 2>/dev/null)" != "scan complete" ]; then
		echo "BUG: kmemleak did not finish its scan"
	elif grep -q '^unreferenced object' "$leaks"; then
		echo "BUG: memory leaked"
		grep -v '^scan complete' "$leaks"
	fi
}

uml_cleanup()
{
	kb_kill_child
	[ -z "$uml_dir" ] || rm -rf "$uml_dir"
}
