# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the selftests: bash scripts that run as root in a virtual machine of
# selftests/vm, or on any machine that may lose its network. A script reads
#
#	#!/bin/bash
#	# SPDX-License-Identifier: GPL-2.0-only
#	# vsw-selftest
#	# vsw-vm: smp=2 mem=2048		(optional; also icount, timeout=SEC)
#	# shellcheck source-path=SCRIPTDIR disable=SC2317
#	. "$(dirname -- "$0")/lib.sh"
#
#	ALL_TESTS="learns_address forgets_address"
#	setup() { load_module; ns_add guest1; ... }
#	learns_address() { frames_send ...; check_err $? "cannot send"; }
#	run_tests "$@"			# or only the tests named there
#
# Output is KTAP. Exit status: 0 passed, 1 failed, 4 all skipped.

SELFTESTS=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
REPO=$(dirname -- "$SELFTESTS")
VSWCTL=${VSWCTL:-vswctl}
export PATH=$REPO/ctl:$PATH LC_ALL=C

# --- results ---------------------------------------------------------------

# Of the test that runs: failed, and why it was skipped.
RET=0
SKIPPED=

# A diagnostic line.
log()
{
	printf '%s\n' "$*" | sed 's/^/# /'
}

fail()
{
	RET=1
	log "${TEST:-setup}: $*"
}

# check_err STATUS WHY: the test fails unless the status is 0.
check_err()
{
	[ "$1" = 0 ] || fail "$2 (status $1)"
}

# check_fail STATUS WHY: the test fails if the status is 0.
check_fail()
{
	[ "$1" != 0 ] || fail "$2 (succeeded, should not)"
}

# check_equal GOT WANTED WHY
check_equal()
{
	[ "$1" = "$2" ] || fail "$3: got '$1', wanted '$2'"
}

# skip WHY: the rest of the test still runs, so write skip ... && return.
skip()
{
	SKIPPED=${1:?a reason to skip}
}

# assert_jq FILTER WHY ARGUMENTS...: the filter must be true for the JSON of
# this vswctl command.
assert_jq()
{
	local filter=$1 why=$2 json

	shift 2
	if ! json=$("$VSWCTL" -j "$@" 2>&1); then
		fail "$why: vswctl $* failed: $json"
	elif ! jq -e "$filter" <<<"$json" >/dev/null 2>&1; then
		fail "$why: vswctl -j $*: not $filter"
		log "$json"
	fi
}

# full_or FULL QUICK: prints the first number when the run is to be a full one
# ("make selftest FULL=1"), else the second, with which it takes a few minutes.
full_or()
{
	if [ -n "$FULL" ]; then
		echo "$1"
	else
		echo "$2"
	fi
}

# --- time ------------------------------------------------------------------

# Milliseconds of a clock that nobody sets.
now_ms()
{
	local up rest

	read -r up rest </proc/uptime
	echo $((10#${up/./} * 10))
}

# busywait MS COMMAND...: tries the command until it succeeds; fails when the
# time is over. Prints what the last try printed.
busywait()
{
	local end out status=0

	end=$(($(now_ms) + $1))
	shift
	while :; do
		out=$("$@" 2>&1)
		status=$?
		if [ $status -eq 0 ] || [ "$(now_ms)" -ge $end ]; then
			break
		fi
		sleep 0.05
	done
	[ -z "$out" ] || printf '%s\n' "$out"
	return $status
}

# --- cleaning up -----------------------------------------------------------

DEFERRED=()

# defer COMMAND...: run at exit, the last one first.
defer()
{
	DEFERRED+=("$(printf '%q ' "$@")")
}

run_deferred()
{
	local i

	for ((i = ${#DEFERRED[@]} - 1; i >= 0; i--)); do
		eval "${DEFERRED[i]}" >/dev/null 2>&1
	done
	DEFERRED=()
}

finish()
{
	trap - EXIT INT TERM
	! declare -F cleanup >/dev/null || cleanup
	run_deferred
	rm -rf "$TMP"
}

TMP=$(mktemp -d) || exit 1
trap finish EXIT
trap 'exit 1' INT TERM

# --- running ---------------------------------------------------------------

# Runs test $1, which is number $2, and prints its result.
run_one()
{
	TEST=$1
	RET=0
	SKIPPED=
	if declare -F "$TEST" >/dev/null; then
		"$TEST"
	else
		fail "there is no such test"
	fi
	if [ $RET -ne 0 ]; then
		echo "not ok $2 $TEST"
		FAILED=$((FAILED + 1))
	elif [ -n "$SKIPPED" ]; then
		echo "ok $2 $TEST # SKIP $SKIPPED"
		SKIPS=$((SKIPS + 1))
	else
		echo "ok $2 $TEST"
		PASSED=$((PASSED + 1))
	fi
}

# Runs the tests named, or ALL_TESTS, after setup.
run_tests()
{
	local tests n=0 test

	read -ra tests <<<"$(tr -s '\n\t' '  ' <<<"${*:-$ALL_TESTS}")"
	PASSED=0 FAILED=0 SKIPS=0
	echo "KTAP version 1"
	echo "1..${#tests[@]}"
	! declare -F setup >/dev/null || setup || RET=1
	if [ $RET -ne 0 ]; then
		echo "Bail out! setup failed"
		exit 1
	fi
	for test in "${tests[@]}"; do
		n=$((n + 1))
		run_one "$test" $n
	done
	log "Totals: pass:$PASSED fail:$FAILED skip:$SKIPS"
	[ $FAILED -eq 0 ] || exit 1
	[ $PASSED -gt 0 ] || exit 4
	exit 0
}

# --- the module ------------------------------------------------------------

# Prints the module built for the running kernel.
module_file()
{
	local ko

	for ko in "$VSW_KO" "$REPO/build/$(uname -r)/vswitch.ko" \
		"$REPO/vswitch.ko"; do
		[ -f "$ko" ] || continue
		echo "$ko"
		return
	done
	return 1
}

load_module()
{
	local ko dep

	ko=$(module_file) || {
		fail "there is no vswitch.ko for $(uname -r)"
		return 1
	}
	[ ! -d /sys/module/vswitch ] || unload_module
	for dep in $(modinfo -F depends "$ko" | tr ',' ' '); do
		modprobe "$dep" || fail "cannot load $dep"
	done
	insmod "$ko" || {
		fail "cannot load $ko"
		log "$(dmesg | tail -n 5)"
		return 1
	}
	defer unload_module
}

# Who has had a direct tap open, and was told to end, may take a moment.
unload_module()
{
	[ -d /sys/module/vswitch ] || return 0
	busywait 10000 rmmod vswitch
}

# --- networks --------------------------------------------------------------

# Set to 1, devices made below are silent: no IPv6, hence no router
# solicitations and the like between the frames of a test.
NO_IPV6=${NO_IPV6:-0}

# in_ns NS COMMAND...; the namespace "-" is the present one.
in_ns()
{
	local ns=$1

	shift
	if [ "$ns" = - ]; then
		"$@"
	else
		ip netns exec "$ns" "$@"
	fi
}

# ns_add NAME...
ns_add()
{
	local ns

	for ns; do
		ip netns add "$ns" || return
		defer ns_del "$ns"
		[ "$NO_IPV6" = 0 ] || in_ns "$ns" sysctl -qw \
			net.ipv6.conf.default.disable_ipv6=1
		ip -n "$ns" link set lo up
	done
}

# Also ends what still runs there, which would keep the namespace alive.
ns_del()
{
	local pids

	pids=$(ip netns pids "$1" 2>/dev/null)
	# shellcheck disable=SC2086 # one word per process
	[ -z "$pids" ] || kill -9 $pids
	ip netns del "$1"
}

# no_ipv6 DEV [NS]: before the device is set up.
no_ipv6()
{
	in_ns "${2:--}" sysctl -qw "net/ipv6/conf/$1/disable_ipv6=1"
}

# veth_pair HOSTDEV NSDEV NS [MAC] [ADDRESS/LEN]: the address and the MAC are
# those of the end in the namespace. Both ends are up.
veth_pair()
{
	local host=$1 dev=$2 ns=$3 mac=${4:-} ip=${5:-}

	# shellcheck disable=SC2086 # nothing, or two words
	ip link add "$host" type veth peer name "$dev" netns "$ns" \
		${mac:+address $mac} || return
	defer ip link del "$host"
	if [ "$NO_IPV6" != 0 ]; then
		no_ipv6 "$host"
		no_ipv6 "$dev" "$ns"
	fi
	[ -z "$ip" ] || ip -n "$ns" addr add "$ip" dev "$dev" || return
	ip link set "$host" up && ip -n "$ns" link set "$dev" up
}

# --- switches --------------------------------------------------------------

# vsw_get FILTER ARGUMENTS...: prints what the jq filter makes of the JSON of
# this vswctl command.
vsw_get()
{
	local filter=$1

	shift
	"$VSWCTL" -j "$@" | jq -r "$filter"
}

jq_is_true()
{
	local filter=$1

	shift
	"$VSWCTL" -j "$@" | jq -e "$filter"
}

# wait_jq MS FILTER WHY ARGUMENTS...: assert_jq, tried again until it is true
# or the time is over.
wait_jq()
{
	local ms=$1 filter=$2 why=$3

	shift 3
	busywait "$ms" jq_is_true "$filter" "$@" >/dev/null 2>&1 ||
		assert_jq "$filter" "$why" "$@"
}

# check_json FILTER WHY COMMAND...: assert_jq for any command that prints JSON.
check_json()
{
	local filter=$1 why=$2 json

	shift 2
	json=$("$@" 2>&1)
	if ! jq -e "$filter" <<<"$json" >/dev/null 2>&1; then
		fail "$why: $*: not $filter"
		log "$json"
	fi
}

# ports_up: waits until all ports forward.
ports_up()
{
	busywait 10000 ports_are_up || fail "a port is not up: $("$VSWCTL" port show)"
}

ports_are_up()
{
	local json

	json=$("$VSWCTL" -j port show) && [[ $json != *'"state":"'[^f]* ]]
}

# Counters are read without jq, which takes as long to start as all else that a test
# of a frame does.

# behind TEXT MARK: sets REST to what is behind the first MARK; it fails if there is
# none. Not ${TEXT#*MARK}, which takes a time that grows with the square of the length.
behind()
{
	local head=${1%%"$2"*}

	REST=${1:${#head} + ${#2}}
	[ ${#head} != ${#1} ]
}

# stat_of JSON DEV NAME: sets STAT to a counter, such as rx-packets or drops.runt, of
# what "vswctl -j port show" has printed; it fails if that is not there.
stat_of()
{
	local key=$3 REST

	STAT=
	behind "$1" "\"name\":\"$2\"," && behind "$REST" '"stats":{' || return
	REST=${REST%%'"name":"'*}
	if [[ $key = *.* ]]; then
		behind "$REST" "\"${key%.*}\":{" || return
		key=${key##*.}
	fi
	# Without groups of counters in it.
	while [[ ${REST%%\}*} =~ \"[a-z-]+\":\{.* ]]; do
		REST=${REST/"${BASH_REMATCH[0]}}"/}
	done
	[[ ${REST%%\}*} =~ \"$key\":([0-9]+) ]] && STAT=${BASH_REMATCH[1]}
}

# port_stat DEV NAME: prints a counter of a port.
port_stat()
{
	local STAT

	stat_of "$("$VSWCTL" -j port show "$1")" "$1" "$2"
	echo "${STAT:-null}"
}

# counted DEV NAME BEFORE WANTED: the counter has grown by so many, within the
# time that a frame may take.
counted()
{
	local end STAT

	end=$(($(now_ms) + 5000))
	while stat_of "$("$VSWCTL" -j port show "$1")" "$1" "$2" &&
		[ $((STAT - $3)) -lt "$4" ] && [ "$(now_ms)" -lt $end ]; do
		sleep 0.05
	done
	[ -n "$STAT" ] || fail "$1 has no counter $2"
	check_equal "$((STAT - $3))" "$4" "$2 of $1 grew by"
}

# stats_grew BEFORE DEV.NAME=N...: since "vswctl -j port show" printed BEFORE,
# each of the counters has grown by N, within the time that a frame may take.
stats_grew()
{
	local end wrong

	end=$(($(now_ms) + 10000))
	while ! wrong=$(stats_wrong "$@") && [ "$(now_ms)" -lt $end ]; do
		sleep 0.05
	done
	[ -z "$wrong" ] || fail "$wrong"
}

# Prints what is not so.
stats_wrong()
{
	local before=$1 now one key dev was wrong=0 STAT

	shift
	now=$("$VSWCTL" -j port show)
	for one; do
		key=${one%=*} dev=${one%%.*} was=
		stat_of "$before" "$dev" "${key#*.}" && was=$STAT
		if stat_of "$now" "$dev" "${key#*.}" && [ -n "$was" ]; then
			[ $((STAT - was)) != "${one##*=}" ] || continue
			printf '%s grew by %s, not %s\n' "$key" $((STAT - was)) "${one##*=}"
		else
			printf 'there is no counter %s\n' "$key"
		fi
		wrong=1
	done
	return $wrong
}

# switch_state: all switches, ports and entries, without what changes by itself.
switch_state()
{
	printf '%s\n' 'switch show' 'port show' 'fdb show' |
		"$VSWCTL" -j -b - |
		sed -E 's/"stats":\{[^{}]*(\{[^{}]*\}[^{}]*)*\}//g
			s/"(fdb-memory|age)":[0-9]+//g; s/\},\{"/}\n{"/g; s/^\[|\]$//g' | sort
}

# check_refused REGEX COMMAND...: it must fail, say so, and change nothing. Its
# exit status is left in STATUS.
check_refused()
{
	local want=$1 before out

	shift
	before=$(switch_state)
	out=$("$@" 2>&1)
	STATUS=$?
	check_fail $STATUS "$*"
	grep -qiE -- "$want" <<<"$out" || fail "$*: says '$out', not '$want'"
	check_equal "$(switch_state)" "$before" "state after refused $*"
}

# --- frames ----------------------------------------------------------------
# A device in a namespace is written DEV@NS here.

# One process makes, sends and captures all frames of a script: in an emulated
# machine the start of an interpreter takes as long as many tests.

# frames_start: in the setup of a script that uses what follows.
frames_start()
{
	mkfifo "$TMP/frames.ask" "$TMP/frames.answer" "$TMP/frames.turn" || return
	exec {FRAMES_TURN}<>"$TMP/frames.turn"
	echo >&"$FRAMES_TURN"
	/usr/bin/python3 "$SELFTESTS/frame.py" serve "$TMP/frames.ask" \
		"$TMP/frames.answer" &
	defer kill $!
}

# frames_ask REQUEST ARGUMENT...: prints the answer. One asks at a time, also
# where one command of a pipeline and another ask: who has taken the line out of
# frames.turn, and puts it back. No step of it starts a program.
frames_ask()
{
	local IFS=$'\t' turn status answer

	[ -p "$TMP/frames.ask" ] || {
		fail "frames_start was not called"
		return 1
	}
	read -r -t 120 turn <&"$FRAMES_TURN" || {
		fail "frame.py does not answer"
		return 1
	}
	echo "$*" >"$TMP/frames.ask"
	{
		read -r status
		mapfile -t answer
	} <"$TMP/frames.answer"
	echo "$turn" >&"$FRAMES_TURN"
	[ ${#answer[@]} = 0 ] || printf '%s\n' "${answer[@]}"
	return "$status"
}

# Writes standard input to a file, without another program.
keep_lines()
{
	local lines

	mapfile lines
	printf '%s' "${lines[@]}" >"$1"
}

# frames_do: does what the lines of standard input say, one after the other, each a
# request with its arguments separated by blanks:
#
#	capture NAME DEV[@NS] ...	as capture_start
#	send DEV[@NS] -i FILE ...	as frames_send, of a file
#	say DEV[@NS] DST SRC ...	a frame with the arguments of "frame"
#	wait NAME			as capture_wait, each frame behind NAME
frames_do()
{
	local in=$TMP/do.$BASHPID

	keep_lines "$in"
	frames_ask steps "$in"
}

# frame DST SRC [--vlan VID]...: prints a frame, see frame.py make --help.
frame()
{
	frames_ask make "$@"
}

# frame_list: prints a frame for each line of standard input, which has the
# arguments of "frame".
frame_list()
{
	local in=$TMP/list.$BASHPID

	keep_lines "$in"
	frames_ask list --input "$in"
}

# frames_send DEV[@NS] [-n COUNT] [--gso KIND:SIZE]: sends the hex lines of
# standard input.
frames_send()
{
	local in=$TMP/send.$BASHPID

	keep_lines "$in"
	frames_ask send --input "$in" "$@"
}

# frames_send_on FILE DEV[@NS] ...: the same in a process of its own, for
# traffic beside the test.
frames_send_on()
{
	/usr/bin/python3 "$SELFTESTS/frame.py" send --input "$@"
}

# capture_start NAME DEV[@NS] [-t MS] [-n COUNT] [--until HEX] [--prefix HEX] [--dir out]:
# captures in the background, and returns when it listens.
capture_start()
{
	local said

	said=$(frames_ask capture "$@") || {
		fail "capture: $said"
		return 1
	}
}

# capture_wait NAME: prints the frames when the capture is over. The status
# is 1 when fewer came than -n asked for.
capture_wait()
{
	frames_ask wait "$1"
}

# --- guests of taps --------------------------------------------------------

# taps_start: in the setup of a script that uses what follows.
taps_start()
{
	coproc TAPS { exec /usr/bin/python3 "$SELFTESTS/taps.py" 2>&1; }
	TAPS_OUT=${TAPS[0]} TAPS_IN=${TAPS[1]}
}

# taps COMMAND...: prints the answer of taps.py.
taps()
{
	local answer

	echo "$*" >&"$TAPS_IN"
	read -r -t 60 answer <&"$TAPS_OUT" || answer="taps.py does not answer"
	echo "$answer"
}

# taps_are ANSWER WHY COMMAND...
taps_are()
{
	local wanted=$1 why=$2

	shift 2
	check_equal "$(taps "$@")" "$wanted" "$why"
}

# Two guests that are one program, which gets two taps, prints "ready" when it has
# opened them, waits for a line, prints what is wrong and then a line that ends with
# " failed", and waits for a line again.

# tap_pair_setup: vsw0, with the direct taps d1 and d2, whose nodes are D1 and D2.
# shellcheck disable=SC2034 # scripts use them
tap_pair_setup()
{
	NO_IPV6=1
	load_module || return
	modprobe tun
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	vswctl switch add vsw0 && no_ipv6 vsw0 && ip link set vsw0 up || return
	D1=$(vswctl port add vsw0 d1 type tap) && D2=$(vswctl port add vsw0 d2 type tap)
}

# tap_pair_start PORT=TAP PORT=TAP PROGRAM ARGUMENT...: TAP is the node of a direct
# tap, or the name of a tun tap, which the program makes; that becomes a port then.
tap_pair_start()
{
	local port line

	coproc PAIR { exec /usr/bin/python3 "$SELFTESTS/$3" "${1#*=}" "${2#*=}" \
		"${@:4}" 2>&1; }
	# The variables go when the program does.
	PAIR_OUT=${PAIR[0]} PAIR_IN=${PAIR[1]} PAIR_IS=$PAIR_PID
	read -r -t 60 line <&"$PAIR_OUT" && [ "$line" = ready ]
	check_err $? "$3: $line"
	for port in "${1%=*}" "${2%=*}"; do
		if [[ $port = t* ]]; then
			ip link set "$port" up && vswctl port add vsw0 "$port"
			check_err $? "cannot attach $port"
		fi
		wait_jq 10000 '.[0].state == "forwarding"' "$port is up" port show "$port"
	done
}

# tap_pair_go: prints what the program does.
tap_pair_go()
{
	echo go >&"$PAIR_IN"
	timeout 300 sed '/ failed$/q' <&"$PAIR_OUT"
}

# tap_pair_end: the program ends, and takes its tun taps with it.
tap_pair_end()
{
	echo bye >&"$PAIR_IN"
	wait "$PAIR_IS"
	busywait 20000 eval '! ip -br link show type tun | grep -q .'
	check_err $? "a tun tap is left"
}
