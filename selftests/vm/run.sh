#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
# Boots a kernel, by default a stock one of Debian, runs one command as root in it, and exits with
# the command's status.

usage()
{
	cat <<'END'
usage: selftests/vm/run.sh [OPTIONS] -- COMMAND [ARGUMENT...]

  --mem M          memory in MiB (1024)
  --smp N          CPUs (1)
  --icount[=SHIFT] virtual time: one CPU whose clock counts instructions, 2 to
                   the power of SHIFT (2) nanoseconds each, and skips idle waits
  --cpu MODEL      QEMU's CPU model (max; with --icount, one that does not copy a
                   whole string in one instruction, which counts once per byte)
  --append ARGS    more words for the kernel command line
  --net-user FWD   a network card with user-mode networking; FWD is a rule for
                   hostfwd such as tcp:127.0.0.1:8022-:22, or none; repeatable
  --qemu WORD      one more word for QEMU's command line; repeatable
  --timeout SEC    end the machine after this time (600)
  --tools SET[+SET] further tools in the machine: lists in selftests/vm/tools
  --out DIR        keep console.log and output.log there, and all that the
                   command leaves in /out

KERNEL (6.12 or 6.1) and FLAVOUR (amd64 or cloud-amd64) choose the kernel; FLAVOUR
debug or kcsan is a 6.12 of our own, with checkers: see selftests/kernel.
The command runs in /repo, a copy of this work tree, and prints to our
standard output. Exit status: the command's; 124 time is up; 125 the machine
cannot start or died; 126 the kernel complained although the command was fine.
END
}

. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"
. "$VM_DIR/kernel.sh"
. "$VM_DIR/qemu.sh"

parse()
{
	case $1 in
	--help|-h) usage; exit 0 ;;
	esac
	vm_options "$@"
	[ ${#COMMAND[@]} -gt 0 ] || { usage >&2; exit 125; }
}

# Everything the guest needs to know, read by guest.sh.
job_write()
{
	mkdir "$1"
	printf '%q ' "${COMMAND[@]}" >"$1/command"
	date +%s >"$1/date"
	[ -z "${COV:-}" ] || touch "$1/cov"
}

# Boots, with the command's output on our standard output as it comes. Returns
# QEMU's status, or 124.
boot()
{
	local err=0 tee qemu writer

	rm -f "$WORK/stream" "$WORK/verdict"
	mkfifo "$WORK/stream"
	tee "$OUT/output.log" <"$WORK/stream" &
	tee=$!
	# Keeps tee reading until QEMU has come and gone, or died before it came.
	exec {writer}>"$WORK/stream"
	qemu_args ttyS0 "$WORK" "file:$OUT/console.log" \
		"file:$WORK/stream" "file:$WORK/verdict"
	timeout -k 5 "$VM_TIMEOUT" qemu-system-x86_64 "${QEMU_ARGS[@]}" \
		</dev/null >"$WORK/qemu.log" 2>&1 {writer}>&- &
	qemu=$!
	trap 'kill $qemu 2>/dev/null' INT TERM
	wait "$qemu" || err=$?
	trap - INT TERM
	exec {writer}>&-
	wait "$tee"
	return "$err"
}

console_tail()
{
	say "last lines of the console:"
	tail -n "${1:-25}" "$OUT/console.log" | tr -d '\r' | sed 's/^/| /' >&2
}

# The exit status of the whole: $1 is the status of boot.
judge()
{
	local err=$1 status

	status=$(sed -n 's/^exit \([0-9]*\).*/\1/p' "$WORK/verdict" 2>/dev/null)
	if [ "$err" = 124 ] || [ "$err" = 137 ]; then
		say "TIME IS UP: still running after $VM_TIMEOUT s"
		console_tail
		return 124
	elif [ "$err" != 0 ]; then
		sed 's/^/| /' "$WORK/qemu.log" >&2
		say "QEMU failed with status $err"
		return 125
	fi
	if ! "$VM_DIR/scan.sh" "$OUT/console.log" >&2; then
		say "THE KERNEL COMPLAINED"
		[ "$status" != 0 ] || status=126
	fi
	if [ -z "$status" ]; then
		say "THE KERNEL DIED: there is no verdict"
		console_tail 40
		status=125
	fi
	return "$status"
}

# QEMU before 8.1 may still execute code that another emulated CPU has replaced
# (https://bugzilla.redhat.com/show_bug.cgi?id=2216496). The kernel replaces its
# own in two steps and takes the first one, met after the second, for a bug: it
# dies of "Oops: int3". Nothing of ours replaces code, so this hides no fault.
emulator_failed()
{
	[ "$VM_SMP" -gt 1 ] && [ "$(accel)" = tcg ] &&
		grep -aq 'Oops: int3: 0000' "$OUT/console.log" &&
		! qemu-system-x86_64 --version |
			grep -qE 'version (8\.[1-9]|9|[1-9][0-9])'
}

# What the command left in /out.
results_fetch()
{
	# An empty image is not an error: the command left nothing.
	[ "$(head -c 1 "$WORK/result.tar" | tr -d '\0')" = "" ] ||
		tar -xmf "$WORK/result.tar" --no-same-owner -C "$OUT"
}

main()
{
	local err=0

	parse "$@"
	WORK=$(mktemp -d "${TMPDIR:-/tmp}/vsw-vm.XXXXXX") || exit 125
	trap 'rm -rf "$WORK"' EXIT
	OUT=${VM_OUT:-$WORK/out}
	mkdir -p "$OUT" || die "cannot create $OUT"
	job_write "$WORK/.vsw-job"
	vm_prepare "$WORK"
	boot || err=$?
	for _ in 1 2; do
		emulator_failed || break
		say "a known fault of this QEMU (int3): starting the machine again"
		err=0
		boot || err=$?
	done
	results_fetch
	judge "$err"
}

# In one line: whoever edits this file meanwhile does no harm.
main "$@"; exit
