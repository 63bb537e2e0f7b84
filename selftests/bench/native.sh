#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs native.py, with its arguments, in User-Mode Linux; its figures come to DIR.
#
# usage: native.sh DIR [ARGUMENT...]
set -u
here=$(dirname "$(readlink -f "$0")")

# As root in the kernel, where vswctl is not installed.
if [ "$1" = --inside ]; then
	PATH=$here/../../ctl:$PATH
	exec /usr/bin/python3 "$here/native.py" --json "$VSW_OUT/native.json" "${@:2}"
fi
exec "$here/../kernel/uml.sh" --bench --mem 2048 --timeout 900 --out "$1" \
	-- /bin/bash "$here/native.sh" --inside "${@:2}"
