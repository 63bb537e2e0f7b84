#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
# Tests with real QEMU guests in a virtual machine with a stock Debian kernel.
# Prints KTAP and ends with "# SCRIPT, KERNEL FLAVOUR: N passed, N failed, N skipped".
#
# usage: [KERNEL=6.12] [FLAVOUR=amd64] selftests/guests/run.sh SCRIPT [TEST...]
#
#   SCRIPT   qemu or libvirt, a script of this directory
#
# Environment: GUESTS_OUT, a directory for the logs; GUESTS_TIMEOUT, seconds for the
# machine (900). The module has to be built (make modules-all tool).

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
. "$here/../vm/common.sh"
. "$here/image.sh"

# A nested QEMU crashes at times when it uses AVX and the like on an emulated
# processor, so that gets a plainer one.
CPU=max,-xsave,-avx,-avx2,-bmi1,-bmi2,-movbe,-abm

# totals LOG STATUS: that the kernel was content is one more test.
totals()
{
	tr -d '\r' <"$1" | awk -v status="$2" -v who="$SCRIPT, $KERNEL $FLAVOUR" '
		/^ok .*# SKIP/ { skipped++; next }
		/^ok / { passed++ }
		/^not ok / { failed++ }
		END {
			if (status == 0) passed++
			else if (!failed || status >= 124) failed++
			printf "# %s: %d passed, %d failed, %d skipped\n", who,
				passed, failed, skipped
		}'
}

main()
{
	local tools status=0

	case ${1:-} in
	qemu) tools=demo ;;
	libvirt) tools=demo+libvirt ;;
	*) sed -n '4,12s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
	esac
	SCRIPT=$1
	shift
	need gcc strip cpio
	make_guest_image || die "cannot make the image of the guests"
	OUT=${GUESTS_OUT:-$(mktemp -d "${TMPDIR:-/tmp}/vsw-guests.XXXXXX")} || exit 1
	[ -n "${GUESTS_OUT:-}" ] || trap 'rm -rf "$OUT"' EXIT
	"$VM_DIR/run.sh" --smp 2 --mem 1280 --tools "$tools" --cpu "$CPU" \
		--timeout "${GUESTS_TIMEOUT:-900}" --out "$OUT" -- \
		"selftests/guests/$SCRIPT.sh" "$@" || status=$?
	totals "$OUT/output.log" $status
	return $status
}

# In one line: whoever edits this file meanwhile does no harm.
main "$@"; exit
