// SPDX-License-Identifier: GPL-2.0
/*
 * The init of run.sh --debug: asks kmemleak, once all KUnit tests have run, for
 * what nobody points at any more, and powers the machine off.  Its root is a
 * host directory, so the file /leaks is read by run.sh afterwards.  A missing
 * or unfinished file means that the scan failed, never that nothing leaked.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <unistd.h>

#define KMEMLEAK "/debug/kmemleak"

/* kmemleak reports an object when it is 5 s old and two scans missed it. */
#define MIN_AGE_SEC 6

static int scan(void)
{
	int fd = open(KMEMLEAK, O_WRONLY);
	int err;

	if (fd < 0)
		return -1;
	err = write(fd, "scan", strlen("scan")) < 0 ? -1 : 0;
	close(fd);
	return err;
}

static int save(FILE *in, FILE *out)
{
	char line[512];

	while (fgets(line, sizeof(line), in))
		if (fputs(line, out) == EOF)
			return -1;
	if (ferror(in))
		return -1;
	return fputs("scan complete\n", out) == EOF ? -1 : 0;
}

static int leaks_to_file(void)
{
	FILE *in, *out;
	int err;

	if (mount("debugfs", "/debug", "debugfs", 0, NULL))
		return -1;
	sleep(MIN_AGE_SEC);
	if (scan())
		return -1;
	sleep(MIN_AGE_SEC);
	if (scan())
		return -1;

	in = fopen(KMEMLEAK, "r");
	out = fopen("/leaks", "w");
	if (!in || !out)
		return -1;
	err = save(in, out);
	return fclose(out) ? -1 : err;
}

int main(void)
{
	leaks_to_file();
	sync();
	return reboot(RB_POWER_OFF);
}
