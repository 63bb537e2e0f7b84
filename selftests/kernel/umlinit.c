// SPDX-License-Identifier: GPL-2.0
/*
 * The first process in User-Mode Linux, for uml.sh and kunit/run.sh:
 *
 *	umlinit DIR leaks|- [COMMAND [ARGUMENT...]]
 *
 * runs the command and powers the machine off.  DIR is a directory of the host
 * and is there as /run/vsw; all else of the host can be read only.  Written to
 * it are "status", the exit status of the command, and with "leaks" a file of
 * this name: what, after all, nobody in the kernel points at any more.  A file
 * that is missing or unfinished means that something went wrong, never that
 * nothing did.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define RESULT "/run/vsw"
#define DEBUG "/run/debug"
#define KMEMLEAK DEBUG "/kmemleak"

/* kmemleak reports an object when it is 5 s old and two scans missed it. */
#define MIN_AGE_SEC 6

/* mount(8) of some age does not pass the name of a host directory on. */
static int mounts(const char *dir)
{
	if (mount("run", "/run", "tmpfs", 0, "mode=755"))
		return -1;
	if (mkdir(RESULT, 0755) || mkdir(DEBUG, 0755))
		return -1;
	return mount("host", RESULT, "hostfs", 0, dir);
}

static int run(char **command)
{
	pid_t child = fork(), pid;
	int status = -1;

	if (child == 0) {
		execv(command[0], command);
		_exit(127);
	}
	/* Orphans are ours, too. */
	do {
		pid = wait(&status);
	} while (child > 0 && pid > 0 && pid != child);
	kill(-1, SIGKILL);
	while (wait(NULL) > 0)
		;
	if (child < 0 || pid != child)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int save_status(int status)
{
	FILE *out = fopen(RESULT "/status", "w");

	if (!out)
		return -1;
	fprintf(out, "%d\n", status);
	return fclose(out);
}

static int tell_kmemleak(const char *what)
{
	int fd = open(KMEMLEAK, O_WRONLY);
	int err;

	if (fd < 0)
		return -1;
	err = write(fd, what, strlen(what)) < 0 ? -1 : 0;
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

	sleep(MIN_AGE_SEC);
	if (tell_kmemleak("scan"))
		return -1;
	sleep(1);
	if (tell_kmemleak("scan"))
		return -1;

	in = fopen(KMEMLEAK, "r");
	out = fopen(RESULT "/leaks", "w");
	if (!in || !out)
		return -1;
	err = save(in, out);
	return fclose(out) ? -1 : err;
}

static int work(int argc, char **argv)
{
	int leaks;

	if (argc < 3 || mounts(argv[1]))
		return -1;
	leaks = !strcmp(argv[2], "leaks");
	if (leaks) {
		if (mount("debug", DEBUG, "debugfs", 0, NULL))
			return -1;
		/* Not in between, when what is on its way looks lost. */
		tell_kmemleak("scan=off");
	}
	if (argc > 3 && save_status(run(argv + 3)))
		return -1;
	return leaks ? leaks_to_file() : 0;
}

int main(int argc, char **argv)
{
	if (work(argc, argv))
		perror("umlinit");
	sync();
	return reboot(RB_POWER_OFF);
}
