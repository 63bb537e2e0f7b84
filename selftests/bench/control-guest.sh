#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Inside the virtual machine: control.py with its arguments.
# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/../lib.sh"

load_module && modprobe tun && /usr/bin/python3 "$SELFTESTS/bench/control.py" "$@"
