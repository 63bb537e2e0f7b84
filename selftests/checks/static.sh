#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What can be said of the sources without running them.  One KTAP line a check;
# the output of a check that failed follows its line as comments.
#
#   static.sh           all checks
#   static.sh NAME...   these checks
set -u
cd "$(dirname "$0")/../.." || exit 1

cache=${VSW_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vswitch}
tarball=/usr/src/linux-source-6.12.tar.xz
newest=$(basename "$(find /usr/src -maxdepth 1 -name 'linux-headers-6.12*-amd64' ! -name '*cloud*' | sort -V | tail -1)")
newest=${newest#linux-headers-}

# The kernel's own scripts, from its source package.
kernel_scripts() {
	local version dir
	version=$(dpkg-query -W -f '${Version}' linux-source-6.12) || return 1
	dir=$cache/scripts-$version
	if [ ! -e "$dir/scripts/checkpatch.pl" ]; then
		mkdir -p "$dir.$$"
		tar -xJf "$tarball" -C "$dir.$$" --strip-components=1 linux-source-6.12/scripts || return 1
		rm -rf "$dir"
		mv "$dir.$$" "$dir"
	fi
	echo "$dir/scripts"
}

module_sources() {
	git ls-files 'kmod/*.c' 'kmod/*.h' | grep -v 'ctrl/vswitch_nl'
}

shell_sources() {
	git ls-files | while read -r f; do
		[ -L "$f" ] || { head -c 64 "$f" | head -1 | grep -aqE '^#!.*\b(ba|da)?sh\b' && echo "$f"; }
	done
	git ls-files 'selftests/*.sh' 'selftests/**/*.sh'
}

# Prints what it found; a check passes if nothing is printed and it returns 0.

# Warnings of any compiler level that the kernel calls worth knowing, in our code.
# The cloud flavours differ in drivers alone; check.sh builds for them, too.
check_build_warnings() {
	local k
	for k in $(cd /usr/src && ls -d linux-headers-*-amd64 2>/dev/null); do
		[ "${k%-cloud-amd64}" = "$k" ] || continue
		k=${k#linux-headers-}
		rm -rf "build/$k/kmod"
		make --no-print-directory -s modules KVER="$k" KDIR="/usr/src/linux-headers-$k" W=1 2>&1 |
			grep -v 'Skipping BTF' | sed "s/^/$k: /"
		[ -e "build/$k/vswitch.ko" ] || echo "$k: no module"
	done
}

# The kernel's igmp.h and mld.h have arrays of flexible structures.
check_sparse() {
	make --no-print-directory -s modules KVER="$newest" KDIR="/usr/src/linux-headers-$newest" \
		C=2 CF="-D__CHECK_ENDIAN__ -Wsparse-error -Wno-flexible-array-array" 2>&1 | grep -v 'Skipping BTF'
	return 0
}

# compat.h is about versions; macros of tracepoints are not C as checkpatch knows it.
check_checkpatch() {
	local scripts f ignore
	scripts=$(kernel_scripts) || return 1
	for f in $(module_sources) $(git ls-files 'selftests/bench/kmod/*.[ch]') uapi/linux/vswitch.h; do
		ignore=SPLIT_STRING
		case $f in
		selftests/bench/kmod/compat.h) ignore+=,LINUX_VERSION_CODE,CONSTANT_COMPARISON ;;
		kmod/trace.h | uapi/*) continue ;;
		# The kernel has it so.
		kmod/path/out_tun.c) ignore+=,CAMELCASE ;;
		kmod/compat.h) ignore+=,LINUX_VERSION_CODE,CONSTANT_COMPARISON,MACRO_ARG_UNUSED,MACRO_ARG_REUSE,MACRO_WITH_FLOW_CONTROL,PREFER_ETHTOOL_PUTS ;;
		esac
		perl "$scripts/checkpatch.pl" --no-tree --strict --terse --no-summary \
			--ignore "$ignore" -f "$f"
	done
}

check_kernel_doc() {
	local scripts
	scripts=$(kernel_scripts) || return 1
	module_sources | xargs perl "$scripts/kernel-doc" -none -Wall 2>&1
}

check_shellcheck() {
	shell_sources | sort -u | xargs shellcheck -x -P SCRIPTDIR
}

check_spelling() {
	git ls-files | grep -vE '^(COPYING|ctl/nl_names)' | xargs codespell -q 3 -L 'ue,ro,fo,nd,te,ba,nnumber'
}

check_generated() {
	selftests/checks/regen.sh --check 2>&1
}

# path/ knows nothing of the control plane, table/ nothing of the path.
check_includes() {
	grep -nE '#include ".*ctrl/|#include <(net/genetlink|linux/rtnetlink)\.h>' kmod/path/*.[ch]
	grep -nE '#include ".*path/' kmod/table/*.[ch]
	grep -nE '#include ".*ctrl/' kmod/table/*.[ch] | grep -v 'ctrl/notify.h'
	grep -nE 'GFP_KERNEL|mutex_lock|might_sleep' kmod/path/*.c
	return 0
}

check_versions() {
	git grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION\(' -- 'kmod/*.[ch]' ':!kmod/compat.h'
	return 0
}

# Every function, static ones too: a stack trace or a bpftrace pattern finds them.
check_names() {
	local ko=build/$newest/vswitch.ko
	[ -e "$ko" ] || { echo "$ko is not built"; return 1; }
	nm "$ko" | awk '$2 ~ /^[tT]$/ { print $3 }' |
		grep -vE '^(vsw_|__vsw_|__pfx_|init_module$|cleanup_module$|perf_trace_vsw_|trace_event_raw_event_vsw_|trace_raw_output_vsw_|__traceiter_vsw_|trace_vsw_|__probestub_vsw_|__bpf_trace_vsw_|__SC[KT]__|trace_event_get_offsets_|_*(sub|str)?_*I_)'
	return 0
}

check_unsafe_words() {
	git grep -nE '\bBUG(_ON)?\(' -- 'kmod/*.[ch]'
	git grep -nE 'module_param|debugfs_create|sysfs_create_(file|group|bin)|DEVICE_ATTR' -- 'kmod/*.[ch]'
	git grep -nE '\b(TODO|FIXME|XXX)\b' -- kmod ctl selftests ':!selftests/checks/static.sh'
	return 0
}

# A refusal without a sentence: a bare error in a netlink handler.
check_extack() {
	git grep -nE 'return -E(INVAL|PERM|EXIST|BUSY|OPNOTSUPP|NOENT)\b' -- 'kmod/ctrl/nl_*.c' |
		while IFS=: read -r file line _; do
			sed -n "$((line - 4)),$((line))p" "$file" | grep -qE 'NL_SET|GENL_SET|extack' ||
				echo "$file:$line: refused without a message"
		done
	return 0
}

# The seeded faults can still be put in; faults/run.sh runs on demand only.
check_faults() {
	local p
	for p in selftests/faults/*.patch; do
		patch -p1 -F0 -s --dry-run <"$p" | sed "s,^,$p: ,"
		grep -q '^What: ' "$p" && grep -q '^Lane: ' "$p" && grep -q '^Says: ' "$p" ||
			echo "$p: What, Lane or Says is missing"
	done
	return 0
}

all="build_warnings sparse checkpatch kernel_doc names includes versions unsafe_words extack generated shellcheck spelling faults"
passed=0 failed=0 n=0
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $all
echo "KTAP version 1"
echo "1..$#"
for name; do
	n=$((n + 1))
	if out=$("check_$name") && [ -z "$out" ]; then
		echo "ok $n $name"
		passed=$((passed + 1))
	else
		echo "not ok $n $name"
		echo "$out" | head -100 | sed 's/^/# /'
		failed=$((failed + 1))
	fi
done
echo "# static: $passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
