#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Runs the tests of vswctl that need no module.
#
#   check.sh TEST_CTL FUZZ_CTL VSWCTL CTL_FOLDER
#
# Prints TAP and a line of totals; 1 when something failed.
set -uo pipefail

test_ctl=$1 fuzz_ctl=$2 vswctl=$(realpath "$3") ctl=$4
inputs=200000
man=$ctl/man/vswctl.8
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT

ok() { echo "ok - $1" >>"$lines"; }
fail() { echo "not ok - $1" >>"$lines"; sed 's/^/# /' >>"$lines"; }
skip() { echo "ok - $1 # SKIP $2" >>"$lines"; }

# Runs the rest of its words; good when they succeed and say nothing.
silent() {
	local name=$1 said
	shift
	if said=$("$@" 2>&1) && [ -z "$said" ]; then
		ok "$name"
	else
		fail "$name" <<<"$said"
	fi
}

# What was wrong, and the input; silent when nothing was.
fuzz() {
	local said status

	said=$("$fuzz_ctl" --seed 1 --count "$inputs" 2>&1)
	status=$?
	[ $status = 0 ] || echo "$said"
	return $status
}

# All that the table of commands has must be in the man page, word for word.
man_has_usage() {
	local usage
	usage=$("$vswctl" help | tail -n +2) || return 1
	sed 's/\\-/-/g; s/\\fR//g; s/\\f[BI]//g; s/\\&//g' "$man" | grep -vxFf - <(echo "$usage")
	# grep's status is of no matter: what it prints is what is missing
	return 0
}

completes() {
	local want=$1 got
	shift
	# shellcheck disable=SC2016
	got=$(PATH=$(dirname "$vswctl"):$PATH bash -c '
		source "$1/completion/vswctl.bash"
		shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_vswctl
		echo "${COMPREPLY[*]}"' bash "$ctl" "$@")
	[ "$got" = "$want" ] || echo "got '$got', want '$want'"
}

# A namespace "red", whose only device is called "inner"; the names offered with -n
# are those of it.
completes_in_netns() {
	mount -t tmpfs none /run && mkdir /run/netns && touch /run/netns/red &&
		unshare -n sh -c 'ip link set lo name inner &&
			mount --bind /proc/self/ns/net /run/netns/red' || return
	completes "red" vswctl -n r
	completes "red" vswctl -jn r
	completes "inner" vswctl -n red port add vsw0 ""
	completes "inner" vswctl -j -nred port add vsw0 ""
	completes "lo" vswctl port add vsw0 ""
	# shellcheck disable=SC2016
	ip link set lo name '$(echo${IFS}x)' &&
		completes '\$\(echo\$\{IFS\}x\)' vswctl port add vsw0 ""
}

make_top() {
	env -u MAKEFLAGS -u MAKELEVEL make -s -C "$ctl/.." O="$(dirname "$vswctl")" KVER=none \
		DESTDIR="$1" "${@:2}"
}

# All that install makes goes, and nothing else.  There is no module to be installed.
uninstalls() {
	local dest updates f
	dest=$(mktemp -d) updates=$dest/lib/modules/none/updates
	mkdir -p "$updates" && touch "$updates/vswitch.ko" "$updates/other.ko"
	make_top "$dest" install-tool
	for f in sbin/vswctl man8/vswctl.8 completions/vswctl ip/link_vswitch.so \
		ip/link_vport.so ip/link_vswitch_slave.so; do
		[ -n "$(find "$dest" -path "*/$f")" ] || echo "$f is not installed"
		touch "$(dirname "$(find "$dest" -path "*/$f")")/other"
	done
	make_top "$dest" uninstall
	find "$dest" ! -type d ! -name 'other*'
	[ "$(find "$dest" -name 'other*' | wc -l)" = 5 ] || echo "other files are gone"
	rm -r "$dest"
}

# The plugin is really loaded by ip, when there is one and a compiler for it.
plugin() {
	local out
	out=$(IP_LIB_DIR=$(dirname "$vswctl") ip link help "$1" 2>&1)
	grep -q "$2" <<<"$out" || echo "$out"
}

# ip prints a message from a file as it prints the kernel's.
plugin_prints() {
	local out file
	file=$(mktemp)
	"$ctl/tests/link_message.py" "$1" >"$file"
	out=$(IP_LIB_DIR=$(dirname "$vswctl") ip -d monitor link file "$file" 2>&1)
	rm -f "$file"
	grep -q -- "$2" <<<"$out" || echo "$out"
}

ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1} "$test_ctl" >>"$lines" 2>&1
status=$?
if [ $status -gt 1 ]; then
	fail "the test program comes to its end" <<<"status $status"
elif [ $status -eq 1 ] && ! grep -q '^not ok' "$lines"; then
	fail "the test program comes to its end" <<<"status 1 and no failed test"
fi

# Always the same inputs; "make fuzz" takes new ones.
silent "survives $inputs hostile inputs" fuzz

silent "every command is in the man page as help has it" man_has_usage
if command -v mandoc >/dev/null; then
	silent "mandoc finds nothing in the man page" mandoc -T lint -W warning "$man"
else
	skip "mandoc finds nothing in the man page" "no mandoc"
fi
silent "bash completes nouns" completes "stats" vswctl st
silent "bash completes choices" completes "uplink" vswctl port set veth0 role u
silent "bash completes verbs" completes "set show" vswctl switch s
silent "uninstall removes what install made" uninstalls
if unshare -rmn true 2>/dev/null; then
	export -f completes completes_in_netns
	export vswctl ctl
	silent "bash completes what is in a namespace" unshare -rmn bash -c completes_in_netns
else
	skip "bash completes what is in a namespace" "no namespaces for this user"
fi
if [ -e "$(dirname "$vswctl")/link_vswitch.so" ] && command -v ip >/dev/null; then
	silent "ip loads the plugin" plugin vswitch fdb-limit
	silent "ip loads the plugin for ports" plugin vswitch_slave group-forward
	silent "ip prints a switch" plugin_prints switch \
		"vswitch ageing 100 fdb-limit 70000 vlan-aware on fdb-count 3 $"
	silent "ip loads the plugin for vports" plugin vport queues
	silent "ip prints a vport" plugin_prints vport \
		"vport type tap queues 4 owner 0 node /dev/tap9 $"
	silent "ip prints a port" plugin_prints port \
		"vswitch_slave role uplink learning on group-forward 0x4001 flood unicast,broadcast community 10 bpdu-guard quarantine storm-unicast 500 state forwarding $"
	silent "ip prints a trunk" plugin_prints trunk \
		"vlan-mode trunk vlan 5 trunk 20-22,4094 translate 100:20,101:21 vlan-aware off state"
else
	skip "ip loads the plugin" "make iproute2 first"
	skip "ip loads the plugin for ports" "make iproute2 first"
	skip "ip prints a switch" "make iproute2 first"
	skip "ip loads the plugin for vports" "make iproute2 first"
	skip "ip prints a vport" "make iproute2 first"
	skip "ip prints a port" "make iproute2 first"
	skip "ip prints a trunk" "make iproute2 first"
fi

awk '
	BEGIN { print "TAP version 13" }
	/^(not )?ok - / {
		n++
		if (/^not/) failed++
		else if (/# SKIP/) skipped++
		else passed++
		sub(/ok - /, "ok " n " - ")
	}
	{ print }
	END {
		print "1.." n
		printf "# ctl: %d passed, %d failed, %d skipped\n", passed, failed, skipped
		exit failed || !passed
	}' "$lines"
