# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Builds a kernel from Debian's source with a small configuration of ours, once,
# and keeps it in the cache, outside the checkout, by version and configuration.
# Sourced; set -euo pipefail is expected. The caller says what it wants:
#
#	kb_name=uml			names the cache
#	kb_arch=um			as for make
#	kb_configs=(FILE...)		everything that they do not name is off
#	kb_vars=(NAME=VALUE...)		optional: more variables for make
#	kb_rig() { ... }		optional: changes the unpacked tree $1
#	kb_prepare() { ... }		optional: before the first configuration
#
# and calls kb_setup, then kb_base. After that kb_tree is the built tree,
# kb_cache the directory around it, and the lock is held until kb_unlock.

kb_ksrc=${VSW_KSRC:-/usr/src/linux-source-6.12.tar.xz}
kb_child=''
kb_cache=
kb_tree=
kb_make=()
kb_vars=()

# Sources none of our kernels compiles; without them the tree takes a quarter
# of the space. Kconfig files stay: Kconfig reads all of them.
KB_UNUSED_SOURCES=(
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

kb_note()
{
	echo "# kernel: $*" >&2
}

kb_die()
{
	echo "build.sh: $*" >&2
	exit 1
}

kb_need_tools()
{
	local tool missing=()

	for tool in gcc make flex bison bc tar xz rsync flock setsid timeout awk; do
		command -v "$tool" >/dev/null || missing+=("$tool")
	done
	[ ${#missing[@]} -eq 0 ] || kb_die "missing tools: ${missing[*]}"
	[ -r "$kb_ksrc" ] ||
		kb_die "no $kb_ksrc: install the package linux-source-6.12"
}

kb_fragments()
{
	grep -h '^CONFIG_' "${kb_configs[@]}"
}

kb_source_version()
{
	local version

	if [ -z "${VSW_KSRC:-}" ]; then
		version=$(dpkg-query -W -f '${Version}' linux-source-6.12 \
			2>/dev/null) || version=''
	fi
	[ -n "${version:-}" ] || version=$(basename "$kb_ksrc" .tar.xz)
	echo "${version%%:*}"
}

# One directory for each thing that, when it changes, changes every object.
kb_set_cache()
{
	local root hash

	root=${VSW_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vswitch}
	mkdir -p "$root"
	root=$(readlink -f "$root")
	hash=$( (
		kb_fragments
		echo "${kb_vars[*]}"
		declare -f kb_unpack kb_rig || :
		stat -c '%s %Y' "$kb_ksrc"
		gcc --version
	) | sha256sum | cut -c1-12)
	kb_cache=$root/$kb_name-$(kb_source_version)-$hash
	kb_tree=$kb_cache/linux
}

# Nothing of the caller's make (its job server, an O= or M= for the module) and
# of its kernel settings may leak into this one.  An array, not a function: in
# the background a function would be a shell around the process to be killed.
kb_set_make()
{
	kb_make=(env -i "PATH=$PATH" "HOME=${HOME:-/}" "TMPDIR=${TMPDIR:-/tmp}"
		LC_ALL=C make -C "$kb_tree" ARCH="$kb_arch" "${kb_vars[@]}")
}

kb_setup()
{
	kb_need_tools
	kb_set_cache
	kb_set_make
}

# Held while the tree is written and compiled, not while tests run.
kb_lock()
{
	exec 9>"$kb_cache.lock"
	flock --nonblock 9 && return
	kb_note "waiting for another run that uses the same kernel"
	flock 9
}

kb_unlock()
{
	exec 9>&-
}

# The rename at the end makes an interrupted unpacking start over.
kb_unpack()
{
	local part=$kb_cache/unpacking

	kb_note "unpacking $(basename "$kb_ksrc")"
	rm -rf "$part"
	mkdir -p "$part"
	tar -C "$part" --strip-components=1 -xf "$kb_ksrc" \
		"${KB_UNUSED_SOURCES[@]/#/--exclude=}"
	! declare -F kb_rig >/dev/null || kb_rig "$part"
	mv "$part" "$kb_tree"
}

# A configuration that lacks what was asked for tests something else.
kb_check_config()
{
	local line

	while read -r line; do
		grep -qxF "$line" "$kb_tree/.config" ||
			kb_die "Kconfig did not honour $line"
	done < <(kb_fragments)
}

# kb_configure [FILE]: configures again only if an option, or the Kconfig FILE,
# may have changed: it takes seconds.
kb_configure()
{
	local wanted

	kb_fragments >"$kb_cache/fragment"
	wanted=$(cat "$kb_cache/fragment" "$@" | sha256sum)
	if [ -e "$kb_tree/.config" ] &&
	   [ "$(cat "$kb_cache/configured" 2>/dev/null)" = "$wanted" ]; then
		return
	fi
	"${kb_make[@]}" -s KCONFIG_ALLCONFIG="$kb_cache/fragment" allnoconfig \
		>"$kb_cache/config.log" 2>&1 ||
		kb_die "cannot configure: $(tail -n 5 "$kb_cache/config.log")"
	kb_check_config
	echo "$wanted" >"$kb_cache/configured"
}

# A background job in a session of its own, so that kb_kill_child can end all of
# it: make alone would leave its own children at work, and the lock with them.
kb_start_child()
{
	setsid "$@" &
	kb_child=$!
}

kb_kill_child()
{
	[ -z "$kb_child" ] || kill -- "-$kb_child" 2>/dev/null || :
}

kb_wait_child()
{
	local status=0

	wait "$kb_child" 2>/dev/null || status=$?
	kb_child=''
	return $status
}

kb_show_progress()
{
	local log=$1

	while kill -0 "$kb_child" 2>/dev/null; do
		sleep 1
		[ $((SECONDS % 15)) -ne 0 ] ||
			kb_note "$(grep -cE '^ +(CC|AS) ' "$log") objects, $SECONDS s"
	done
}

# What make said about what stopped it; the rest of the log is noise.
kb_show_error()
{
	grep -B 2 -A 5 -m 3 -E 'error|\*\*\*' "$1" >&2 || tail "$1" >&2
}

# kb_base HINT [KCONFIG]: what is the same whatever the project holds. HINT says
# how long it will take.
kb_base()
{
	local log=$kb_cache/build.log hint=$1

	shift
	kb_lock
	[ -d "$kb_tree" ] || { mkdir -p "$kb_cache"; kb_unpack; }
	[ ! -e "$kb_cache/base.done" ] || return 0
	kb_note "building a kernel, once, in $kb_cache"
	kb_note "$hint"
	! declare -F kb_prepare >/dev/null || kb_prepare
	kb_configure "$@"
	: >"$log"
	kb_start_child "${kb_make[@]}" "-j$(nproc)" >"$log" 2>&1
	kb_show_progress "$log"
	if ! kb_wait_child; then
		kb_show_error "$log"
		kb_die "the kernel does not build, see $log"
	fi
	touch "$kb_cache/base.done"
	kb_note "kernel built, $SECONDS s"
}
