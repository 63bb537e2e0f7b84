#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Inside the virtual machine: bench.py with its arguments.
# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/../lib.sh"
# shellcheck source=selftests/bench/lib.sh
. "$SELFTESTS/bench/lib.sh"

bench_load && /usr/bin/python3 "$SELFTESTS/bench/bench.py" "$@"
