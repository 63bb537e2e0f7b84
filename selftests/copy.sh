#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copies what of this checkout git knows, or would know, as it is now.
#
# usage: copy.sh DIR		DIR is empty, or not there yet
set -eu

dir=${1:?usage: copy.sh DIR}
mkdir -p "$dir"
dir=$(readlink -f "$dir")
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
# Not what was deleted and not committed.
git ls-files -z --cached --others --exclude-standard |
	while IFS= read -r -d '' file; do
		[ ! -e "$file" ] || printf '%s\0' "$file"
	done | xargs -0 cp --parents -t "$dir"
