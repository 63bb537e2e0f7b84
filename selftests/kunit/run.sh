#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
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

# The parts of the checkout that Kbuild reads.
readonly PARTS=(Kbuild kmod uapi)

# A suite that hangs must not hang the caller.  Seconds of real time, with room
# for a busy machine; waiting inside a test costs none (see uml_args).
readonly TIMEOUT_PLAIN=300 TIMEOUT_DEBUG=900

# Sources no UML kernel compiles; without them the tree takes a quarter of the
# space.  Kconfig files stay: Kconfig reads all of them.
readonly UNUSED_SOURCES=(
	'*/arch/'{alpha,arc,arm,arm64,csky,hexagon,loongarch,m68k}'/*.[chS]'
	'*/arch/'{microblaze,mips,nios2,openrisc,parisc,powerpc}'/*.[chS]'
	'*/arch/'{riscv,s390,sh,sparc,xtensa}'/*.[chS]'
	'*/arch/'{arm,arm64,mips,powerpc,riscv}'/boot/dts/*'
	'*/drivers/'{gpu,media,staging,scsi,infiniband,usb,clk}'/*.[ch]'
	'*/drivers/net/'{ethernet,wireless}'/*.[ch]'
	'*/sound/*.[ch]'
	'*/Documentation/*.'{rst,txt,yaml,svg}
	'*/tools/'{perf,testing}
)

usage()
{
	cat <<-EOF
	Usage: run.sh [--debug] [--filter GLOB] [--out DIR]

	  --debug        KASAN, UBSAN, lockdep, kmemleak and their like; slower
	  --filter GLOB  suites to run, or SUITE.TEST; default vswitch*
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

note()
{
	echo "# kunit: $*" >&2
}

die()
{
	echo "run.sh: $*" >&2
	exit 1
}

value()
{
	[ -n "${2:-}" ] && echo "$2" && return
	echo "run.sh: $1 needs a value" >&2
	return 2
}

parse_args()
{
	debug='' filter='vswitch*' out=''
	while [ $# -gt 0 ]; do
		case $1 in
		--debug) debug=y ;;
		--filter) filter=$(value "$@") || exit; shift ;;
		--out) out=$(value "$@") || exit; shift ;;
		-h|--help) usage; exit 0 ;;
		*) usage >&2; exit 2 ;;
		esac
		shift
	done
}

need_tools()
{
	local tool missing=()

	for tool in gcc make flex bison bc tar xz rsync flock setsid timeout awk; do
		command -v "$tool" >/dev/null || missing+=("$tool")
	done
	[ ${#missing[@]} -eq 0 ] || die "missing tools: ${missing[*]}"
	[ -r "$ksrc" ] || die "no $ksrc: install the package linux-source-6.12"
}

fragments()
{
	grep -h '^CONFIG_' "$here/uml.config" ${debug:+"$here/debug.config"}
}

source_version()
{
	local version

	if [ -z "${VSW_KSRC:-}" ]; then
		version=$(dpkg-query -W -f '${Version}' linux-source-6.12 \
			2>/dev/null) || version=''
	fi
	[ -n "${version:-}" ] || version=$(basename "$ksrc" .tar.xz)
	echo "${version%%:*}"
}

# One directory for each thing that, when it changes, changes every object.
set_cache_dir()
{
	local root hash

	root=${VSW_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vswitch}
	mkdir -p "$root"
	root=$(readlink -f "$root")
	hash=$( (
		fragments
		declare -f unpack jury_rig
		stat -c '%s %Y' "$ksrc"
		gcc --version
	) | sha256sum | cut -c1-12)
	cache=$root/uml-$(source_version)-$hash
	tree=$cache/linux
	dest=$tree/drivers/net/vswitch
}

# Nothing of the caller's make (its job server, an O= or M= for the module) and
# of its kernel settings may leak into this one.  An array, not a function: in
# the background a function would be a shell around the process to be killed.
set_kmake()
{
	kmake=(env -i "PATH=$PATH" "HOME=${HOME:-/}" "TMPDIR=${TMPDIR:-/tmp}"
		LC_ALL=C make -C "$tree" ARCH=um)
}

# Held while the tree is written and compiled, not while tests run.
lock_cache()
{
	exec 9>"$cache.lock"
	flock --nonblock 9 && return
	note "waiting for another run that uses the same kernel"
	flock 9
}

# The usual way of a driver: one line for Kbuild, one for Kconfig.
jury_rig()
{
	local net=$1/drivers/net

	# shellcheck disable=SC2016 # $(CONFIG_VSWITCH) is for make
	echo 'obj-$(CONFIG_VSWITCH) += vswitch/' >>"$net/Makefile"
	sed -i '/^endif # NETDEVICES/i source "drivers/net/vswitch/kmod/Kconfig"\n' \
		"$net/Kconfig"
	grep -q vswitch "$net/Kconfig" || die "cannot hook into $net/Kconfig"
}

# The rename at the end makes an interrupted unpacking start over.
unpack()
{
	local part=$cache/unpacking

	note "unpacking $(basename "$ksrc")"
	rm -rf "$part"
	mkdir -p "$part"
	tar -C "$part" --strip-components=1 -xf "$ksrc" \
		"${UNUSED_SOURCES[@]/#/--exclude=}"
	jury_rig "$part"
	mv "$part" "$tree"
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
sync_stub()
{
	mkdir -p "$dest/kmod"
	cp "$src/kmod/Kconfig" "$dest/kmod/Kconfig"
	echo '# replaced by the project' >"$dest/Kbuild"
}

# A configuration that lacks what was asked for tests something else.
check_config()
{
	local line

	while read -r line; do
		grep -qxF "$line" "$tree/.config" ||
			die "Kconfig did not honour $line"
	done < <(fragments)
}

# Configures again only if an option may have changed: it takes seconds.
configure()
{
	local wanted

	fragments >"$cache/fragment"
	wanted=$(cat "$cache/fragment" "$dest/kmod/Kconfig" | sha256sum)
	if [ -e "$tree/.config" ] &&
	   [ "$(cat "$cache/configured" 2>/dev/null)" = "$wanted" ]; then
		return
	fi
	"${kmake[@]}" -s KCONFIG_ALLCONFIG="$cache/fragment" allnoconfig \
		>"$cache/config.log" 2>&1 ||
		die "cannot configure: $(tail -n 5 "$cache/config.log")"
	check_config
	echo "$wanted" >"$cache/configured"
}

# A background job in a session of its own, so that the trap can end all of it:
# make alone would leave its own children at work, and the lock with them.
start_child()
{
	setsid "$@" &
	child=$!
}

kill_child()
{
	kill -- "-$child" 2>/dev/null || :
}

wait_child()
{
	local status=0

	wait "$child" 2>/dev/null || status=$?
	child=''
	return $status
}

show_progress()
{
	local log=$1

	while kill -0 "$child" 2>/dev/null; do
		sleep 1
		[ $((SECONDS % 15)) -ne 0 ] ||
			note "$(grep -cE '^ +(CC|AS) ' "$log") objects, $SECONDS s"
	done
}

# What make said about what stopped it; the rest of the log is noise.
show_build_error()
{
	grep -B 2 -A 5 -m 3 -E 'error|\*\*\*' "$1" >&2 || tail "$1" >&2
}

build_base()
{
	local log=$cache/build.log

	[ ! -e "$cache/base.done" ] || return 0
	note "building a kernel, once, in $cache"
	note "it has about 700 objects, which takes two cores two minutes${debug:+ or more}"
	sync_stub
	configure
	: >"$log"
	start_child "${kmake[@]}" "-j$(nproc)" >"$log" 2>&1
	show_progress "$log"
	if ! wait_child; then
		show_build_error "$log"
		die "the kernel does not build, see $log"
	fi
	touch "$cache/base.done"
	note "kernel built, $SECONDS s"
}

# With -s make prints compiler messages and, on UML, one line too many.
build_project()
{
	local log=$cache/project.log status=0

	sync_project
	configure
	start_child "${kmake[@]}" -s "-j$(nproc)" >"$log" 2>&1
	wait_child || status=$?
	grep -v '^  LINK linux$' "$log" >&2 || :
	[ $status -eq 0 ] || die "the project does not build"
}

# A copy, so that another run may link while this one tests.
take_kernel()
{
	cp "$tree/linux" "$tree/.config" "$work/"
	exec 9>&-
}

# time-travel: when all sleep, the clock jumps to the next timer.
# panic=-1: a dead kernel leaves at once.
uml_args()
{
	printf '%s\n' mem=512M console=tty panic=-1 time-travel \
		"uml_dir=$work" "kunit.filter_glob=$filter"
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
	while kill -0 "$child" 2>/dev/null; do
		sleep 0.1
		waits_for_netdev "$1" || continue
		end='stopped: a network device is never freed'
		kill_child
		return
	done
}

time_limit()
{
	if [ -n "${VSW_KUNIT_TIMEOUT:-}" ]; then
		echo "$VSW_KUNIT_TIMEOUT"
	elif [ -n "$debug" ]; then
		echo "$TIMEOUT_DEBUG"
	else
		echo "$TIMEOUT_PLAIN"
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
	start_child timeout --kill-after=5 "$limit" "$work/linux" "${args[@]}" \
		</dev/null >"$log" 2>&1
	stop_if_hopeless "$log"
	wait_child || status=$?
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
	[ -z "$child" ] || kill_child
	[ -z "$work" ] || rm -rf "$work"
}

main()
{
	child='' work=''
	parse_args "$@"
	src=$(readlink -f "${VSW_SRC:-$here/../..}")
	ksrc=${VSW_KSRC:-/usr/src/linux-source-6.12.tar.xz}
	need_tools
	[ -e "$src/Kbuild" ] || die "no Kbuild in $src"
	set_cache_dir
	set_kmake
	trap cleanup EXIT
	trap 'exit 130' INT TERM
	work=$(mktemp -d)

	lock_cache
	[ -d "$tree" ] || unpack
	build_base
	build_project
	take_kernel
	run_uml
	verdict
}

main "$@"
