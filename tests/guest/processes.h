/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What programs of test guests share: modules that are loaded and unloaded by system
 * calls, which is many times as fast as insmod and rmmod, and small files.
 */
#ifndef _PROCESSES_H
#define _PROCESSES_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DEVICE "/dev/lib_poly1305"
#define PARAMETER "/sys/module/lib_poly1305/parameters/implementation"
#define LISTING "/sys/kernel/debug/lib_poly1305/implementations"
#define KEY_SIZE 32
#define TAG_SIZE 16

/* Says why the test failed, and ends the process. */
static inline void fail(const char *format, ...)
{
	const int error = errno;
	char why[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, sizeof(why), format, arguments);
	va_end(arguments);
	/* In one piece, as others may have something to say, too. */
	dprintf(2, "failed: %s (errno: %s)\n", why, strerror(error));
	_exit(1);
}

/* A module file, and what it is loaded with. */
struct module {
	char name[64];
	const char *parameters;
	int fd;
};

/* "PATH" or "PATH PARAMETERS", of which the string is changed. */
static inline void open_module(struct module *module, char *file)
{
	char *space = strchr(file, ' '), *slash;
	size_t len;

	module->parameters = "";
	if (space) {
		*space = 0;
		module->parameters = space + 1;
	}
	module->fd = open(file, O_RDONLY | O_CLOEXEC);
	slash = strrchr(file, '/');
	len = strlen(file);
	if (module->fd < 0 || !slash || len < 4 || strcmp(file + len - 3, ".ko"))
		fail("%s is no file of a module", file);
	snprintf(module->name, sizeof(module->name), "%.*s", (int)(file + len - 3 - slash - 1),
		 slash + 1);
}

static inline int load(const struct module *module)
{
	return syscall(SYS_finit_module, module->fd, module->parameters, 0);
}

static inline int unload(const struct module *module)
{
	return syscall(SYS_delete_module, module->name, O_NONBLOCK);
}

/* All of a small file, as a string; its length, or -1. */
static inline ssize_t read_file(const char *path, char *to, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;
	ssize_t len = 0, got = -1;

	if (fd < 0)
		return -1;
	while ((size_t)len < size - 1 && (got = read(fd, to + len, size - 1 - len)) > 0)
		len += got;
	error = errno;
	close(fd);
	errno = error;
	to[len] = 0;
	return got < 0 ? -1 : len;
}

static inline int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), error;
	ssize_t written;

	if (fd < 0)
		return -1;
	written = write(fd, text, strlen(text));
	error = errno;
	close(fd);
	errno = error;
	return written < 0 ? -1 : 0;
}

/* This task's fault injection. It is opened once, as opening it allocates. */
static inline int fail_nth_file(void)
{
	static int file = -1;

	if (file < 0)
		file = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (file < 0)
		fail("no fault injection");
	return file;
}

/* Has the nth allocation of this task fail from now on, or with 0 none. */
static inline void fail_nth(int nth)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", nth);
	if (pwrite(fail_nth_file(), text, strlen(text), 0) < 0)
		fail("fail-nth");
}

/* The same by the test module, while this one is loaded, from the moment that its text is there. */
#define NO_MEMORY "/sys/module/lib_poly1305_no_memory/parameters/"

static inline void fail_nth_of_load(const struct module *module, int nth)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", nth);
	if (write_file(NO_MEMORY "module", module->name) || write_file(NO_MEMORY "nth", text))
		fail("lib_poly1305_no_memory");
}

#endif /* _PROCESSES_H */
