#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: timeout=1200
# Every operation and attribute of the spec, wrong in every way: refused with
# an errno, a sentence and the attribute, and nothing has changed. nl_errors.py
# makes the requests from the spec, so what is added there is tested here.
#
#	+-------------------------+
#	|  vsw0 (static entries,  |
#	|  private VLAN)          |   free: a dummy that is not attached
#	|  p1 (dummy)             |
#	+-------------------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

SPEC=$REPO/Documentation/netlink/specs/vswitch.yaml
OPS="switch-get switch-set port-new port-set port-del port-get fdb-add fdb-del
	fdb-flush fdb-get vlan-set vlan-get vlan-stats-get mdb-add mdb-del mdb-get"
ALL_TESTS="all_operations_are_walked ${OPS//-/_} header unprivileged
	unprivileged_namespace link vport tool_explains"

setup()
{
	load_module || return
	ip link add p1 type dummy && ip link add free type dummy || return
	defer ip link del p1
	defer ip link del free
	build
}

# Anew for each part: what one of them breaks must not disturb the others.
build()
{
	ip link del vsw0 2>/dev/null
	vswctl switch add vsw0 && vswctl port add vsw0 p1 &&
		vswctl fdb add vsw0 02:00:5e:00:53:01 dev p1 &&
		vswctl vlan set vsw0 100 primary && vswctl switch set vsw0 vlan-stats on &&
		vswctl port set p1 access 100 &&
		vswctl switch set vsw0 mcast-snooping on && vswctl mdb add vsw0 239.1.1.1 dev p1
	check_err $? "cannot make the switch"
}

walk()
{
	local out status

	build
	out=$(/usr/bin/python3 "$SELFTESTS/nl_errors.py" "$SPEC" "$1" vsw0 p1 free 2>&1)
	status=$?
	log "$out"
	check_err $status "$1"
}

all_operations_are_walked()
{
	local ops

	ops=$(/usr/bin/python3 -c 'import sys, yaml
for op in yaml.safe_load(open(sys.argv[1]))["operations"]["list"]:
    if "do" in op:
        print(op["name"])' "$SPEC")
	check_equal "$(sort <<<"$ops")" "$(tr -s ' \t\n' '\n' <<<"$OPS" | sort)" \
		"operations of the spec"
}

switch_get() { walk switch-get; }
switch_set() { walk switch-set; }
port_new() { walk port-new; }
port_set() { walk port-set; }
port_del() { walk port-del; }
port_get() { walk port-get; }
fdb_add() { walk fdb-add; }
fdb_del() { walk fdb-del; }
fdb_flush() { walk fdb-flush; }
fdb_get() { walk fdb-get; }
vlan_set() { walk vlan-set; }
vlan_get() { walk vlan-get; }
vlan_stats_get() { walk vlan-stats-get; }
mdb_add() { walk mdb-add; }
mdb_del() { walk mdb-del; }
mdb_get() { walk mdb-get; }
header() { walk header; }
unprivileged() { walk unprivileged; }
link() { walk link; }
vport() { walk vport; }

# Root of a user namespace has no say in the network namespace outside, but in
# one of its own.
unprivileged_namespace()
{
	local out

	build
	out=$(unshare -Ur vswctl switch set vsw0 ageing 5 2>&1)
	check_equal $? 1 "status"
	grep -q 'CAP_NET_ADMIN' <<<"$out" || fail "it says '$out'"
	assert_jq '.[0].ageing == 300' "ageing" switch show vsw0
	unshare -Urn bash -c 'vswctl switch add vsw7 && vswctl switch set vsw7 ageing 5 &&
		vswctl -j switch show vsw7' >"$TMP/own" 2>&1
	check_err $? "root of a namespace of its own: $(cat "$TMP/own")"
	check_json '.[0].ageing == 5' "in a namespace of its own" cat "$TMP/own"
}

# The sentence and the attribute reach the user; exit status 2 is for words that
# never reach the kernel.
tool_explains()
{
	local out

	build
	check_refused 'switch nowhere: no such' vswctl switch set nowhere ageing 5
	check_refused 'switch nowhere: no such' vswctl port add nowhere free
	check_refused 'port nowhere: no such' vswctl port add vsw0 nowhere
	check_refused 'no such' vswctl fdb show nowhere
	check_refused 'port nowhere: no such' vswctl fdb add vsw0 02:00:5e:00:53:09 dev nowhere
	check_refused 'not a vswitch' vswctl switch set free ageing 5
	check_refused 'not a port' vswctl port set free learning off
	check_refused 'exist' vswctl fdb add vsw0 02:00:5e:00:53:01 dev p1
	check_refused 'no such' vswctl fdb del vsw0 02:00:5e:00:53:09
	check_refused 'limit|more' vswctl switch set vsw0 fdb-limit 0
	check_refused 'no flag' bridge fdb add 02:00:5e:00:53:09 dev vsw0 self static \
		extern_learn via p1
	out=$(vswctl switch set vsw0 ageing 1000001 2>&1)
	check_equal $? 2 "status of what is out of range"
	grep -q '1000000' <<<"$out" || fail "the range is not said: $out"
	out=$(vswctl switch show nowhere 2>&1)
	check_equal $? 1 "status of what is refused"
	out=$(vswctl frobnicate 2>&1)
	check_equal $? 2 "status of an unknown word"
	[ -n "$out" ]
	check_err $? "nothing said about an unknown word"
}

run_tests "$@"
