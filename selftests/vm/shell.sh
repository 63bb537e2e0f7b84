#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
# A prompt in a virtual machine with a stock Debian kernel, module loaded.
# Takes the options of run.sh, but for --timeout and --out. Ctrl-A X leaves.

. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"
. "$VM_DIR/kernel.sh"
. "$VM_DIR/qemu.sh"

job_write()
{
	mkdir "$1"
	touch "$1/shell"
	date +%s >"$1/date"
	{ stty size 2>/dev/null || echo 24 80; } >"$1/size"
	echo "${TERM:-linux}" >"$1/term"
}

[ "$1" != --help ] || {
	sed -n '4,5s/^# //p' "$0"
	exit 0
}
vm_options "$@"
WORK=$(mktemp -d "${TMPDIR:-/tmp}/vsw-vm.XXXXXX") || exit 125
trap 'rm -rf "$WORK"' EXIT
job_write "$WORK/.vsw-job"
vm_prepare "$WORK"
qemu_args ttyS1 "$WORK" mon:stdio "file:$WORK/console.log"
qemu-system-x86_64 "${QEMU_ARGS[@]}"
"$VM_DIR/scan.sh" "$WORK/console.log" >&2
