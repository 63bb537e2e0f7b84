# SPDX-License-Identifier: GPL-2.0
#
# Reads the console of a kernel that ran KUnit: prints the KTAP part and a
# verdict.  Exit status 0 only if everything that was announced ran, nothing
# failed, something ran at all, and the kernel complained about nothing.
#
# Variables: end = what the caller knows about the end of the run ("" is good).
#
# A test is a leaf: a parameterised case counts once per parameter.  Indentation
# tells the level: 0 suites, 4 cases, 8 parameters.

function problem(text)
{
	if (!(text in seen) && nproblems < 20)
		problems[++nproblems] = text
	seen[text] = 1
}

function count(line)
{
	if (line ~ /# SKIP/)
		skipped++
	else if (line ~ /^ *ok /)
		passed++
	else
		failed++
}

# A case that failed although all of its parameters passed is still a failure.
function count_case(line,    failed_before)
{
	cases++
	failed_before = params_failed_from
	if (!params)
		count(line)
	else if (line ~ /^ *not ok / && failed == failed_before)
		failed++
	params = 0
	params_failed_from = failed
}

# A suite whose init fails is "not ok" without a failed case.
function end_suite(line)
{
	suites++
	if (line ~ /^not ok / && failed == suite_failed_from)
		count(line)
	else if (cases < cases_planned && line !~ /# SKIP/)
		problem("incomplete suite: " line)
	cases = cases_planned = params = 0
	suite_failed_from = params_failed_from = failed
}

# What the kernel prints at the start of a line when it is unhappy.
function is_complaint(line)
{
	return line ~ /^(WARNING|BUG|ERROR|UBSAN|ODEBUG|KASAN|Oops)[ :]/ ||
	       line ~ /^(Kernel panic|INFO: |DEBUG_LOCKS_WARN)/ ||
	       line ~ /^unregister_netdevice: waiting/ ||
	       line ~ /^(refcount_t: |ref_tracker: |list_(add|del) corruption)/ ||
	       line ~ /^(kernel BUG at |kmemleak: .*(suspected|disabled))/ ||
	       line ~ /(circular locking|suspicious RCU|rcu.*detected stall)/ ||
	       (!nproblems && line ~ /^(Call Trace|Modules linked in):/)
}

{ sub(/\r$/, "") }

# Shown: the KTAP, and whatever follows a complaint before or after it.
/^KTAP version/ && !in_ktap { in_ktap = show = 1 }
!/^ *# / && is_complaint($0) {
	show = 1
	problem("kernel: " $0)
}
show { print }

/^1\.\.[0-9]+$/ && in_ktap {
	suites_planned = substr($0, 4) + 0
	next
}
/^ +# Subtest: / { last = $3 }
/^    1\.\.[0-9]+$/ {
	cases_planned = substr($0, 8) + 0
	next
}
/^(not )?ok [0-9]+ / {
	end_suite($0)
	if (suites == suites_planned && !nproblems)
		show = 0
	next
}
/^    (not )?ok [0-9]+ / {
	count_case($0)
	last = $0
	next
}
/^        (not )?ok [0-9]+ / {
	params++
	count($0)
}

END {
	if (end != "")
		problem(end)
	if (!in_ktap)
		problem("the kernel did not reach its tests")
	else if (suites != suites_planned)
		problem("only " suites + 0 " of " suites_planned + 0 \
			" suites finished; last seen: " last)
	if (passed + failed == 0)
		problem("no test was executed")

	for (i = 1; i <= nproblems; i++)
		print "# problem: " problems[i]
	printf "# kunit: %d passed, %d failed, %d skipped\n", passed, failed, skipped
	exit(failed || nproblems ? 1 : 0)
}
