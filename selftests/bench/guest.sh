#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Inside the virtual machine: bench.py, or another program here, with its arguments.
#
# usage: guest.sh [PROGRAM.py] [ARGUMENT...]
# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/../lib.sh"
# shellcheck source=selftests/bench/lib.sh
. "$SELFTESTS/bench/lib.sh"

program=bench.py
case ${1:-} in
*.py) program=$1; shift ;;
esac
bench_load && /usr/bin/python3 "$SELFTESTS/bench/$program" "$@"
