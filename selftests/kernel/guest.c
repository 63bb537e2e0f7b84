// SPDX-License-Identifier: GPL-2.0
/*
 * The only program of the guests of selftests/guests, and what their host talks to
 * them with.  As the first process of a guest it takes the address that the kernel's
 * command line has ("guest_ip=", and after a comma that of a second card), echoes
 * what comes to port 7 of UDP and TCP, and carries out orders from the console, each
 * "NUMBER WORD..." on a line:
 *
 *	ping ADDRESS SIZE	a datagram comes back as it was sent
 *	broadcast ADDRESS N	N stations answer, or more
 *	stream ADDRESS MIB	so much comes back as it was sent
 *	queues DEVICE N		use so many queues of a card
 *	off			end the machine
 *
 * The answer is a line "guest: NUMBER ok|failed ...".  On the host the same words
 * are arguments; "echo" is one more.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define ECHO_PORT	7
#define CHUNK		65536
/* A datagram is sent again after this time. */
#define RETRY_MS	500
#define TRIES		20
/* A stream that stands still for so long is dead. */
#define STALL_SEC	15
#define LATE_MS		300

static char answer[256];

static int say(int status, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(answer, sizeof(answer), fmt, args);
	va_end(args);
	return status;
}

static int say_errno(const char *what)
{
	return say(1, "%s: %s", what, strerror(errno));
}

static struct sockaddr_in address(const char *ip)
{
	struct sockaddr_in sa = {
		.sin_family = AF_INET,
		.sin_port = htons(ECHO_PORT),
	};

	inet_pton(AF_INET, ip, &sa.sin_addr);
	return sa;
}

static int set_timeout(int fd, int option, int ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	return setsockopt(fd, SOL_SOCKET, option, &tv, sizeof(tv));
}

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* What a stream has at this place; each eight bytes are others. */
static void fill(uint64_t *words, size_t bytes, uint64_t place)
{
	size_t i;

	for (i = 0; i < bytes / 8; i++) {
		uint64_t word = (place / 8 + i + 1) * 0x9e3779b97f4a7c15;

		words[i] = word ^ word >> 29;
	}
}

/* --- echo --------------------------------------------------------------- */

static int listener(int type)
{
	struct sockaddr_in sa = address("0.0.0.0");
	int fd = socket(AF_INET, type, 0), one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) ||
	    (type == SOCK_STREAM && listen(fd, 8))) {
		perror("echo");
		exit(1);
	}
	return fd;
}

static void echo_datagrams(int fd)
{
	static char buf[CHUNK];
	struct sockaddr_in from;

	for (;;) {
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(fd, buf, sizeof(buf), 0,
				     (struct sockaddr *)&from, &len);

		if (n >= 0)
			sendto(fd, buf, n, 0, (struct sockaddr *)&from, len);
	}
}

static int send_all(int fd, const char *buf, size_t len)
{
	while (len) {
		ssize_t n = send(fd, buf, len, MSG_NOSIGNAL);

		if (n <= 0)
			return -1;
		buf += n;
		len -= n;
	}
	return 0;
}

static void echo_stream(int fd)
{
	static char buf[CHUNK];
	ssize_t n;

	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0)
		if (send_all(fd, buf, n))
			break;
	exit(0);
}

static void echo_streams(int listening)
{
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int fd = accept(listening, NULL, NULL);

		if (fd >= 0 && fork() == 0)
			echo_stream(fd);
		close(fd);
	}
}

/* --- orders ------------------------------------------------------------- */

static int do_ping(const char *ip, int size)
{
	static char sent[CHUNK], got[CHUNK];
	struct sockaddr_in to = address(ip);
	int fd = socket(AF_INET, SOCK_DGRAM, 0), i;

	if (size < 1 || size > CHUNK)
		return say(1, "no such size");
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		return say_errno("connect");
	fill((uint64_t *)sent, CHUNK, 0);
	set_timeout(fd, SO_RCVTIMEO, RETRY_MS);
	for (i = 1; i <= TRIES; i++) {
		ssize_t n;

		send(fd, sent, size, 0);
		n = recv(fd, got, sizeof(got), 0);
		if (n < 0)
			continue;
		if (n != size || memcmp(got, sent, size))
			return say(1, "%zd other bytes came back", n);
		return say(0, "at try %d", i);
	}
	return say(1, "no answer");
}

/* Who answers, as often as they do; waits a little for those that should not. */
static int do_broadcast(const char *ip, int wanted)
{
	struct sockaddr_in to = address(ip), from;
	int fd = socket(AF_INET, SOCK_DGRAM, 0), one = 1;
	long end = now_ms() + TRIES * RETRY_MS;
	char who[200] = "", buf[16];
	int count = 0;

	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one));
	set_timeout(fd, SO_RCVTIMEO, LATE_MS);
	if (sendto(fd, "all", 3, 0, (struct sockaddr *)&to, sizeof(to)) != 3)
		return say_errno("send");
	while (now_ms() < end && count < 10) {
		socklen_t len = sizeof(from);

		if (recvfrom(fd, buf, sizeof(buf), 0,
			     (struct sockaddr *)&from, &len) == 3) {
			strcat(who, " ");
			strcat(who, inet_ntoa(from.sin_addr));
			count++;
		} else if (count >= wanted) {
			break;
		}
	}
	return say(count < wanted, "answers:%s", who);
}

static void stream_out(int fd, uint64_t bytes)
{
	static uint64_t buf[CHUNK / 8];
	uint64_t place;

	for (place = 0; place < bytes; place += CHUNK) {
		fill(buf, CHUNK, place);
		if (send_all(fd, (char *)buf, CHUNK))
			exit(1);
	}
	shutdown(fd, SHUT_WR);
	exit(0);
}

static int stream_in(int fd, uint64_t bytes)
{
	static uint64_t got[CHUNK / 8], want[CHUNK / 8];
	uint64_t place;

	for (place = 0; place < bytes; place += CHUNK) {
		ssize_t n = recv(fd, got, CHUNK, MSG_WAITALL);

		if (n < 0)
			return say_errno("recv");
		if (n != CHUNK)
			return say(1, "ended after %llu bytes",
				   (unsigned long long)place + n);
		fill(want, CHUNK, place);
		if (memcmp(got, want, CHUNK))
			return say(1, "other bytes came back, near %llu",
				   (unsigned long long)place);
	}
	if (recv(fd, got, 1, 0) != 0)
		return say(1, "the stream does not end");
	return 0;
}

static int do_stream(const char *ip, int mib)
{
	uint64_t bytes = (uint64_t)mib << 20;
	struct sockaddr_in to = address(ip);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	long begin = now_ms();
	pid_t writer;

	set_timeout(fd, SO_RCVTIMEO, STALL_SEC * 1000);
	set_timeout(fd, SO_SNDTIMEO, STALL_SEC * 1000);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		return say_errno("connect");
	writer = fork();
	if (writer == 0)
		stream_out(fd, bytes);
	if (stream_in(fd, bytes)) {
		kill(writer, SIGKILL);
		return 1;
	}
	return say(0, "%d MiB in %ld ms", mib, now_ms() - begin);
}

/* One processor has no use for more than one queue, so nobody else asks. */
static int do_queues(const char *dev, int wanted)
{
	struct ethtool_channels channels = { .cmd = ETHTOOL_SCHANNELS };
	struct ifreq ifr = { .ifr_data = (void *)&channels };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	strncpy(ifr.ifr_name, dev, IFNAMSIZ - 1);
	channels.combined_count = wanted;
	return ioctl(fd, SIOCETHTOOL, &ifr) ? say_errno(dev) : say(0, dev);
}

static int order(const char *word, const char *ip, int number)
{
	if (!strcmp(word, "ping"))
		return do_ping(ip, number);
	if (!strcmp(word, "broadcast"))
		return do_broadcast(ip, number);
	if (!strcmp(word, "stream"))
		return do_stream(ip, number);
	if (!strcmp(word, "queues"))
		return do_queues(ip, number);
	return say(1, "no such order");
}

/* --- the guest ---------------------------------------------------------- */

static void card(const char *dev, const char *ip)
{
	struct sockaddr_in sa = address(ip);
	struct ifreq ifr = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	strcpy(ifr.ifr_name, dev);
	sa.sin_port = 0;
	memcpy(&ifr.ifr_addr, &sa, sizeof(sa));
	if (ioctl(fd, SIOCSIFADDR, &ifr))
		perror("guest: address");
	ifr.ifr_flags = IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &ifr))
		perror("guest: up");
	close(fd);
}

static void network(char *ips)
{
	char dev[] = "eth0", *ip;

	for (ip = strtok(ips ?: "", ","); ip; ip = strtok(NULL, ",")) {
		card(dev, ip);
		dev[3]++;
	}
}

static void quiet_terminal(void)
{
	struct termios t;

	if (tcgetattr(0, &t))
		return;
	t.c_lflag &= ~ECHO;
	t.c_oflag &= ~OPOST;
	tcsetattr(0, TCSANOW, &t);
}

static void obey(const char *line)
{
	char id[16] = "", word[16] = "", ip[16] = "";
	int number = 0, status;

	sscanf(line, "%15s %15s %15s %d", id, word, ip, &number);
	/* There is no ACPI to switch off with, but QEMU ends at a reset. */
	if (!strcmp(word, "off"))
		reboot(RB_AUTOBOOT);
	if (fork())
		return;
	status = order(word, ip, number);
	/* One write: others may answer at the same time. */
	dprintf(1, "guest: %s %s %s\n", id, status ? "failed" : "ok", answer);
	exit(0);
}

static void echo(void)
{
	int tcp = listener(SOCK_STREAM), udp = listener(SOCK_DGRAM);

	if (fork() == 0)
		echo_datagrams(udp);
	if (fork() == 0)
		echo_streams(tcp);
	close(udp);
	close(tcp);
}

static int guest(void)
{
	char line[128];

	quiet_terminal();
	network(getenv("guest_ip"));
	echo();
	signal(SIGCHLD, SIG_IGN);
	dprintf(1, "guest: ready\n");
	while (fgets(line, sizeof(line), stdin))
		obey(line);
	return reboot(RB_AUTOBOOT);
}

int main(int argc, char **argv)
{
	int status;

	if (getpid() == 1)
		return guest();
	if (argc == 2 && !strcmp(argv[1], "echo")) {
		echo();
		pause();
	}
	if (argc != 4)
		return 2;
	status = order(argv[1], argv[2], atoi(argv[3]));
	puts(answer);
	return status;
}
