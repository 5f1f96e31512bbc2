// SPDX-License-Identifier: GPL-2.0
/*
 * allocations LIBRARY OPERATION...: does each again and again, with another one of its allocations
 * failing, from the first until there is none left to fail. Then it must succeed. When one
 * has failed, the error says so, and all is as it was before. LIBRARY is the library's file. An
 * operation is
 *
 *   load:FILE[ PARAMETERS][+OTHER]  a module is loaded and unloaded, and so is the module
 *                                   OTHER, if its init function had that loaded; what fails
 *                                   is what lib_poly1305_no_memory has fail
 *   select:NAME                     an implementation is selected; it is "auto" before
 *   list                            the listing is read
 *   device                          the device computes a tag
 */
#include "processes.h"

/* A loop that does not end is a failure as well. */
#define MAX_ALLOCATIONS 5000

/* Whether it did. Ends it. */
static bool has_failed(void)
{
	char text[16] = "";

	if (pread(fail_nth_file(), text, sizeof(text) - 1, 0) <= 0)
		fail("fail-nth");
	fail_nth(0);
	return !atoi(text);
}

static struct module library, module;
static const char *other;

static bool load_has_failed(int nth, bool done)
{
	char text[16];

	fail_nth(0);
	if (!done)
		return true;
	if (read_file(NO_MEMORY "made", text, sizeof(text)) <= 0)
		fail("lib_poly1305_no_memory");
	return atoi(text) == nth;
}

/* What must be as it was: the modules, the table, and what is active. */
static void look(char *text, size_t size)
{
	ssize_t len = read_file("/proc/modules", text, size), more;
	char *address = text, *end;

	if (len < 0)
		fail("reading /proc/modules");
	while ((address = strstr(address, " 0x")) && (end = strchr(address, '\n')))
		memset(address, '*', end - address);
	/* Without the library there is neither. */
	more = read_file(LISTING, text + len, size - len);
	len += more > 0 ? more : 0;
	read_file(PARAMETER, text + len, size - len);
}

/*
 * Loads the library anew, if it is not in use. What a module declined stays in its listing, which
 * would hide that a module declines as well when it fails.
 */
static void renew(void)
{
	if (!unload(&library) && load(&library))
		fail("loading %s", library.name);
}

/* Each returns whether it succeeded, and leaves errno. */
static bool do_load(const char *unused)
{
	(void)unused;
	return !load(&module);
}

static void undo_load(bool done)
{
	if (done && unload(&module))
		fail("unloading %s", module.name);
	if (!done && !unload(&module))
		fail("%s was there after it failed to load", module.name);
	if (other && syscall(SYS_delete_module, other, O_NONBLOCK) && errno != ENOENT)
		fail("unloading %s", other);
}

static bool do_select(const char *name)
{
	return !write_file(PARAMETER, name);
}

static void undo_select(bool done)
{
	if (done && write_file(PARAMETER, "auto"))
		fail("selecting auto");
}

static bool do_list(const char *unused)
{
	char text[4096];

	(void)unused;
	if (read_file(LISTING, text, sizeof(text)) < 0)
		return false;
	if (!strstr(text, "\nselected: "))
		fail("a listing without an end");
	return true;
}

static bool do_device(const char *unused)
{
	static const char key[KEY_SIZE], data[100];
	char tag[TAG_SIZE], zeroes[TAG_SIZE] = "";
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC), error;
	bool done;

	(void)unused;
	if (fd < 0)
		return false;
	done = write(fd, key, KEY_SIZE) == KEY_SIZE &&
	       write(fd, data, sizeof(data)) == sizeof(data) &&
	       read(fd, tag, TAG_SIZE) == TAG_SIZE;
	error = errno;
	close(fd);
	errno = error;
	/* Under a key of zeroes, the tag of everything is. */
	if (done && memcmp(tag, zeroes, TAG_SIZE))
		fail("a wrong tag");
	return done;
}

static void undo_nothing(bool done)
{
	(void)done;
}

static const struct kind {
	const char *word;
	bool (*operation)(const char *argument);
	void (*undo)(bool done);
} kinds[] = {
	{ "load", do_load, undo_load },
	{ "select", do_select, undo_select },
	{ "list", do_list, undo_nothing },
	{ "device", do_device, undo_nothing },
};

static void sweep(const struct kind *kind, const char *name, const char *argument)
{
	static char before[16384], after[16384];
	const bool loads = kind->operation == do_load;
	int nth, failures = 0;

	if (loads)
		renew();
	look(before, sizeof(before));
	for (nth = 1; nth <= MAX_ALLOCATIONS; nth++) {
		bool done, failed;
		int error;

		if (loads)
			fail_nth_of_load(&module, nth);
		else
			fail_nth(nth);
		done = kind->operation(argument);
		error = errno;
		failed = loads ? load_has_failed(nth, done) : has_failed();
		kind->undo(done);
		errno = error;
		/* EAGAIN: an implementation is to be had by loading its module, which failed. */
		if (!done && (!failed || (error != ENOMEM && error != EAGAIN)))
			fail("%s, allocation %d", name, nth);
		if (loads && (done || other))
			renew();
		look(after, sizeof(after));
		if (strcmp(before, after))
			fail("%s, allocation %d: left behind: %s", name, nth, after);
		if (!failed)
			break;
		failures += !done;
	}
	if (nth > MAX_ALLOCATIONS || !failures)
		fail("%s: %d failures by %d allocations", name, failures, nth - 1);
	printf("%s: %d allocations, %d that it cannot do without\n", name, nth - 1, failures);
}

int main(int argc, char **argv)
{
	size_t k;
	int i;

	open_module(&library, argv[1]);
	for (i = 2; i < argc; i++) {
		char *argument = strchr(argv[i], ':');
		const char *name = strdup(argv[i]);

		if (argument)
			*argument++ = 0;
		for (k = 0; k < sizeof(kinds) / sizeof(*kinds); k++)
			if (!strcmp(kinds[k].word, argv[i]))
				break;
		if (k == sizeof(kinds) / sizeof(*kinds))
			fail("no such operation: %s", name);
		if (kinds[k].operation == do_load) {
			char *plus = strchr(argument, '+');

			if (plus)
				*plus = 0;
			other = plus ? plus + 1 : NULL;
			open_module(&module, argument);
		}
		sweep(&kinds[k], name, argument);
	}
	return 0;
}
