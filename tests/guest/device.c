// SPDX-License-Identifier: GPL-2.0
/*
 * A process of a test guest: does to /dev/lib_poly1305 what a shell cannot. It is
 * told the name of a test, and fails with a sentence if that fails.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEVICE "/dev/lib_poly1305"
#define KEY_SIZE 32
#define TAG_SIZE 16
#define PAGE 4096

static const unsigned char key[KEY_SIZE] = "one key for all these messages";
static const unsigned char data[100] = "message bytes";

static void fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, " (errno: %s)\n", strerror(errno));
	exit(1);
}

static int begin(void)
{
	int fd = open(DEVICE, O_RDWR);

	if (fd < 0)
		fail("open");
	return fd;
}

static void add(int fd, const void *bytes, size_t len)
{
	if (write(fd, bytes, len) != (ssize_t)len)
		fail("write of %zu bytes", len);
}

static void end(int fd, unsigned char *tag)
{
	if (read(fd, tag, TAG_SIZE) != TAG_SIZE)
		fail("read of the tag");
	close(fd);
}

/* Whether the file's tag is that of key and bytes added to another one. */
static void expect_tag(int fd, const void *bytes, size_t len)
{
	unsigned char tag[TAG_SIZE], expected[TAG_SIZE];
	int other = begin();

	add(other, key, KEY_SIZE);
	add(other, bytes, len);
	end(other, expected);
	end(fd, tag);
	if (memcmp(tag, expected, TAG_SIZE))
		fail("wrong tag after %zu bytes", len);
}

static void expect_error(ssize_t result, int error, const char *what)
{
	if (result != -1 || errno != error)
		fail("%s: %zd, and not %s", what, result, strerror(error));
}

/* The first byte of a page that is not there, after one that is. */
static unsigned char *edge(void)
{
	unsigned char *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED || munmap(pages + PAGE, PAGE))
		fail("mmap");
	return pages + PAGE;
}

/* Catches bytes that cannot be read and are taken, or another error for them. */
static void unreadable(void)
{
	unsigned char *none = edge();
	int fd = begin();

	expect_error(write(fd, none, KEY_SIZE), EFAULT, "a key that is not there");
	/* What is before them counts. */
	memcpy(none - 20, key, 20);
	if (write(fd, none - 20, KEY_SIZE) != 20)
		fail("20 bytes of a key");
	expect_error(write(fd, none, 1), EFAULT, "more of it");
	add(fd, key + 20, KEY_SIZE - 20);
	expect_error(write(fd, none, 1 << 20), EFAULT, "bytes that are not there");
	memcpy(none - sizeof(data), data, sizeof(data));
	if (write(fd, none - sizeof(data), 1 << 20) != sizeof(data))
		fail("bytes up to the edge");
	expect_tag(fd, data, sizeof(data));
}

/* Catches a tag that is lost where it cannot be written, or another error. */
static void unwritable(void)
{
	unsigned char *none = edge(), tag[TAG_SIZE], *part = none - 5;
	int fd = begin(), same = begin();

	add(same, key, KEY_SIZE);
	add(same, data, sizeof(data));
	end(same, tag);
	add(fd, key, KEY_SIZE);
	add(fd, data, sizeof(data));
	expect_error(read(fd, none, TAG_SIZE), EFAULT, "a tag to nowhere");
	if (read(fd, part, TAG_SIZE) != 5 || memcmp(part, tag, 5))
		fail("5 bytes of the tag");
	expect_error(read(fd, none, TAG_SIZE), EFAULT, "the rest to nowhere");
	if (read(fd, part - 11, TAG_SIZE) != 11 || memcmp(part - 11, tag + 5, 11))
		fail("the rest of the tag");
	if (read(fd, none, TAG_SIZE) != 0)
		fail("more than a tag");
	close(fd);
}

/* Catches a position that means nothing and is taken all the same. */
static void positions(void)
{
	unsigned char tag[TAG_SIZE];
	int fd = begin();

	add(fd, key, KEY_SIZE);
	add(fd, data, 50);
	expect_error(lseek(fd, 0, SEEK_SET), ESPIPE, "lseek");
	expect_error(pwrite(fd, data, 1, 0), ESPIPE, "pwrite at the beginning");
	expect_error(pwrite(fd, data, 1, KEY_SIZE + 50), ESPIPE, "pwrite at the end");
	expect_error(pread(fd, tag, TAG_SIZE, 0), ESPIPE, "pread of a tag");
	expect_error(pread(fd, tag, TAG_SIZE, TAG_SIZE), ESPIPE, "pread after it");
	add(fd, data + 50, sizeof(data) - 50);
	expect_tag(fd, data, sizeof(data));
}

static void hear(int signal)
{
	(void)signal;
}

/*
 * Catches a write that does not hear a signal for as long as it has bytes, and
 * one that forgets what it has taken.
 */
static void signals(void)
{
	const struct itimerval soon = { .it_value.tv_usec = 20000 };
	struct sigaction action = { .sa_handler = hear };
	const size_t part = 64 << 20;
	struct iovec parts[8];
	int fd = begin();
	ssize_t taken;
	void *zeroes;
	size_t i;

	/* Memory that is only read takes no pages. */
	zeroes = mmap(NULL, part, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (zeroes == MAP_FAILED)
		fail("mmap");
	for (i = 0; i < 8; i++)
		parts[i] = (struct iovec){ zeroes, part };
	add(fd, key, KEY_SIZE);
	if (sigaction(SIGALRM, &action, NULL) || setitimer(ITIMER_REAL, &soon, NULL))
		fail("timer");
	taken = writev(fd, parts, 8);
	if (taken <= 0 || taken >= (ssize_t)part)
		fail("a signal after 20 ms: %zd bytes", taken);
	expect_tag(fd, zeroes, taken);
}

/* Catches another error than ENOMEM, or an oops, where memory runs out. */
static void no_memory(void)
{
	int nth, fd, failed = 0, control = open("/proc/thread-self/fail-nth", O_RDWR);
	char text[16];

	if (control < 0)
		fail("fault injection");
	for (nth = 1; nth < 100; nth++) {
		int error;

		snprintf(text, sizeof(text), "%d", nth);
		if (pwrite(control, text, strlen(text), 0) < 0)
			fail("fail-nth");
		fd = open(DEVICE, O_RDWR);
		error = errno;
		memset(text, 0, sizeof(text));
		if (pread(control, text, sizeof(text) - 1, 0) < 0)
			fail("fail-nth");
		/* All allocations were had before the nth. */
		if (atoi(text)) {
			pwrite(control, "0", 1, 0);
			break;
		}
		if (fd >= 0) {
			close(fd);
			continue;
		}
		errno = error;
		expect_error(fd, ENOMEM, "open without memory");
		failed++;
	}
	/* The kernel's own for a file, and the device's two. */
	if (fd < 0 || failed < 3)
		fail("%d allocations failed", failed);
	add(fd, key, KEY_SIZE);
	add(fd, data, sizeof(data));
	expect_tag(fd, data, sizeof(data));
}

/* Catches writes of two processes to one file that get into each other. */
static void sharing(void)
{
	const size_t len = 4 << 20;
	unsigned char tag[TAG_SIZE], expected[2][TAG_SIZE];
	unsigned char *bytes = malloc(2 * len);
	int round, i, fd, status;

	if (!bytes)
		fail("malloc");
	memset(bytes, 'a', len);
	memset(bytes + len, 'b', len);
	for (i = 0; i < 2; i++) {
		fd = begin();
		add(fd, key, KEY_SIZE);
		add(fd, bytes + i * len, len);
		add(fd, bytes + !i * len, len);
		end(fd, expected[i]);
	}
	for (round = 0; round < 5; round++) {
		fd = begin();
		add(fd, key, KEY_SIZE);
		for (i = 0; i < 2; i++) {
			if (fork() == 0) {
				add(fd, bytes + i * len, len);
				_exit(0);
			}
		}
		for (i = 0; i < 2; i++) {
			if (wait(&status) < 0 || status)
				fail("a process that shares the file");
		}
		end(fd, tag);
		if (memcmp(tag, expected[0], TAG_SIZE) && memcmp(tag, expected[1], TAG_SIZE))
			fail("writes of two processes got into each other");
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*test)(void);
	} tests[] = {
		{ "unreadable", unreadable }, { "unwritable", unwritable },
		{ "positions", positions },   { "signals", signals },
		{ "no_memory", no_memory },   { "sharing", sharing },
	};
	size_t i;

	for (i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		if (argc == 2 && !strcmp(argv[1], tests[i].name)) {
			tests[i].test();
			return 0;
		}
	}
	fail("no such test");
}
