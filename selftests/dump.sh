#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vsw-selftest
# vsw-vm: timeout=900
# Dumps that need many messages have everything exactly once, and say so when
# something changed while they were read.
#
#	+--------------------+   +-----------------+
#	| vsw0  d1 ... d300  |   | vsw1  vsw2 ...  |
#	+--------------------+   +-----------------+
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/lib.sh"

PORTS=300
ENTRIES=20000
ALL_TESTS="ports_once switches_once entries_once bridge_dump_once filters
	interrupted_is_told interrupted_tool_warns"

setup()
{
	load_module || return
	vswctl switch add vsw0 || return
	defer ip link del group 77
	seq $PORTS | sed 's/.*/link add d& group 77 type dummy/' | ip -batch - &&
		seq $PORTS | sed 's/.*/port add vsw0 d&/' >"$TMP/batch" &&
		vswctl -b "$TMP/batch" || return
	awk -v n=$ENTRIES -v ports=$PORTS 'BEGIN { for (i = 0; i < n; i++)
		printf "02:00:5f:%02x:%02x:%02x d%d\n", i / 65536 % 256,
			i / 256 % 256, i % 256, i % ports + 1 }' >"$TMP/entries"
	vswctl fdb add vsw0 file "$TMP/entries"
}

ports_once()
{
	check_equal "$(vsw_get '.[].name' port show switch vsw0 | sort)" \
		"$({ echo vsw0; seq $PORTS | sed 's/^/d/'; } | sort)" "all ports"
	assert_jq "map(.number) == [range($((PORTS + 1)))]" "numbers, in order" \
		port show switch vsw0
	assert_jq "length == $((PORTS + 1))" "all switches' ports" port show
	assert_jq ".[0].\"port-count\" == $PORTS" "their number" switch show vsw0
}

switches_once()
{
	seq 60 | sed 's/.*/switch add s&/' >"$TMP/batch" && vswctl -b "$TMP/batch"
	check_err $? "cannot add 60 switches"
	assert_jq 'length == 61 and (map(.name) | unique | length) == 61' \
		"all switches" switch show
	assert_jq 'length == 361' "ports of all switches" port show
	assert_jq 'map(select(.type == "local")) | length == 61' \
		"local entries of all switches" fdb show
	seq 60 | sed 's/.*/switch del s&/' >"$TMP/batch" && vswctl -b "$TMP/batch"
	check_err $? "cannot delete 60 switches"
	assert_jq 'length == 1' "one left" switch show
}

entries_once()
{
	vsw_get '.[] | select(.type == "static") | "\(.mac) \(."port-name")"' \
		fdb show vsw0 | sort >"$TMP/got"
	check_equal "$(cksum <"$TMP/got")" "$(sort "$TMP/entries" | cksum)" \
		"all entries, once"
}

bridge_dump_once()
{
	bridge fdb show dev vsw0 | awk '$2 == "via" { print $1, $3 }
		$2 == "dev" { for (i = 3; i < NF; i++) if ($i == "via") print $1, $(i + 1) }' |
		sort >"$TMP/got"
	check_equal "$(cksum <"$TMP/got")" "$(sort "$TMP/entries" | cksum)" \
		"bridge fdb show"
}

filters()
{
	assert_jq "length == $((ENTRIES / PORTS + 1)) and
		all(.\"port-name\" == \"d7\")" "those of a port" fdb show port d7
	assert_jq 'length == 0' "those of a VLAN" fdb show vsw0 vlan 9
	assert_jq 'length == 1' "local ones" fdb show vsw0 type local
}

# A dump that is read slowly while the switch changes: dump.py reads the first
# message, changes something, and reads on.
interrupted_is_told()
{
	local what

	for what in port-get fdb-get bridge-fdb; do
		/usr/bin/python3 "$SELFTESTS/dump.py" $what vswctl fdb flush vsw0
		check_equal $? 0 "$what: consistent though nothing changed"
	done
	/usr/bin/python3 "$SELFTESTS/dump.py" port-get vswctl port del d5
	check_equal $? 1 "a port left while ports were dumped"
	/usr/bin/python3 "$SELFTESTS/dump.py" port-get vswctl port add vsw0 d5
	check_equal $? 1 "a port came while ports were dumped"
	/usr/bin/python3 "$SELFTESTS/dump.py" port-get vswctl switch add vsw9
	check_equal $? 1 "a switch came while ports were dumped"
	/usr/bin/python3 "$SELFTESTS/dump.py" fdb-get vswctl switch del vsw9
	check_equal $? 1 "a switch left while entries were dumped"
	vswctl switch add vsw9
	/usr/bin/python3 "$SELFTESTS/dump.py" bridge-fdb vswctl switch del vsw9
	check_equal $? 1 "a switch left while bridge fdb dumped entries"
	awk -v n=60000 'BEGIN { for (i = 0; i < n; i++)
		printf "02:00:60:%02x:%02x:%02x d1\n", i / 65536 % 256,
			i / 256 % 256, i % 256 }' >"$TMP/more"
	vswctl switch set vsw0 fdb-limit 200000
	/usr/bin/python3 "$SELFTESTS/dump.py" fdb-get \
		vswctl fdb add vsw0 file "$TMP/more"
	check_equal $? 1 "the table grew while it was dumped"
	assert_jq 'map(select(.type == "static")) | length >= 79900' \
		"all entries are there" fdb show vsw0
}

# The tool asks again when it can, and warns when it cannot.
interrupted_tool_warns()
{
	local i end

	end=$(($(now_ms) + 60000))
	while [ "$(now_ms)" -lt $end ]; do
		vswctl -j fdb show vsw0 >"$TMP/out" 2>"$TMP/err" &
		for i in 1 2; do
			vswctl fdb flush vsw0 port d$i type static >/dev/null
			vswctl fdb add vsw0 file "$TMP/more" replace
			vswctl port del d9 && vswctl port add vsw0 d9
		done
		wait $!
		check_err $? "fdb show"
		jq -e 'type == "array"' "$TMP/out" >/dev/null
		check_err $? "what it printed is no JSON"
		[ ! -s "$TMP/err" ] || break
	done
	grep -q 'changed while' "$TMP/err"
	check_err $? "never warned: $(cat "$TMP/err")"
}

run_tests "$@"
