#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Inside the virtual machine: runs the named selftests one after another and
# prints KTAP, each script's own output indented.

status=0
n=0
echo "KTAP version 1"
echo "1..$#"
for name; do
	n=$((n + 1))
	echo "selftest $name" >/dev/kmsg
	begin=$SECONDS
	echo "# Subtest: $name"
	"selftests/$name.sh" 2>&1 </dev/null | sed -u 's/^/  /'
	case ${PIPESTATUS[0]} in
	0) echo "ok $n $name" ;;
	4) echo "ok $n $name # SKIP all of its tests" ;;
	*) echo "not ok $n $name"; status=1 ;;
	esac
	echo "# $name took $((SECONDS - begin)) s of the machine's time"
done
exit $status
