// SPDX-License-Identifier: GPL-2.0
/*
 * races SECONDS CYCLES RACER...: a process for each racer, all at once, for so many
 * seconds, and until modules were loaded and unloaded so many times. A racer is
 *
 *   load:FILE[ PARAMETERS][+FILE...]  loads these modules one after another, and unloads
 *                                     them in the other order
 *   fail:FILE[ PARAMETERS]            loads one whose init function fails midway (EIO)
 *   starve:FILE                       loads one, each time with another allocation that
 *                                     fails; lib_poly1305_no_memory has to be there
 *   select:NAME,NAME...               selects these implementations in turn
 *   list                              reads the listing and the parameter
 *   device                            has the device compute the tag of /files/message
 *   plug                              takes CPU 1 offline and online
 *
 * Prints how often each kind of them succeeded, and fails with a sentence if one did
 * what it must not. What another one is in the way of may fail, with these errors only.
 */
#include "processes.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#define MAX_RACERS 16
#define CPU "/sys/devices/system/cpu/cpu1/online"

/* What processes share. Each counts in a line of the cache of its own. */
static struct shared {
	struct {
		long count, unused[7];
	} racers[MAX_RACERS];
	int end;
} *shared;

static bool ended(void)
{
	return __atomic_load_n(&shared->end, __ATOMIC_RELAXED);
}

static void end(void)
{
	__atomic_store_n(&shared->end, 1, __ATOMIC_RELAXED);
}

static void count(int racer)
{
	__atomic_fetch_add(&shared->racers[racer].count, 1, __ATOMIC_RELAXED);
}

static long counted(int racer)
{
	return __atomic_load_n(&shared->racers[racer].count, __ATOMIC_RELAXED);
}

/* Until nobody is in the way any more: a pin is short, and so is an open file. */
static void unload_at_last(const struct module *module)
{
	time_t begun = time(NULL);

	while (unload(module)) {
		if (errno != EAGAIN && errno != EBUSY)
			fail("unloading %s", module->name);
		if (time(NULL) > begun + 60)
			fail("%s cannot be unloaded for a minute", module->name);
		sched_yield();
	}
}

/* A name is taken, or all of a module's are, or it is just coming or going. */
static bool in_the_way(void)
{
	return errno == EEXIST || errno == ENODEV || errno == EBUSY;
}

static void race_load(int racer, char *files)
{
	struct module modules[4];
	int number = 0, loaded;
	char *file;

	while (number < 4 && (file = strsep(&files, "+")))
		open_module(&modules[number++], file);
	while (!ended()) {
		for (loaded = 0; loaded < number; loaded++) {
			if (load(&modules[loaded]))
				break;
		}
		if (loaded < number && !in_the_way())
			fail("loading %s", modules[loaded].name);
		if (loaded == number)
			count(racer);
		while (loaded)
			unload_at_last(&modules[--loaded]);
	}
}

static void race_fail(int racer, char *file)
{
	struct module module;

	open_module(&module, file);
	while (!ended()) {
		if (!load(&module))
			fail("the init function of %s did not fail", module.name);
		if (errno == EIO)
			count(racer);
		else if (errno != EEXIST && errno != EBUSY)
			fail("an init function of %s that fails", module.name);
	}
}

/* More than a load of a provider makes: of some rounds, none fails. */
#define MAX_ALLOCATIONS 300

static void race_starve(int racer, char *file)
{
	struct module module;
	int nth = 0, error;
	bool loaded;

	open_module(&module, file);
	fail_nth(0);
	while (!ended()) {
		nth = nth % MAX_ALLOCATIONS + 1;
		fail_nth_of_load(&module, nth);
		loaded = !load(&module);
		error = errno;
		/* What is left if it failed for another reason. */
		fail_nth(0);
		errno = error;
		if (loaded)
			unload_at_last(&module);
		else if (errno == ENOMEM)
			count(racer);
		else if (!in_the_way())
			fail("loading %s without allocation %d", module.name, nth);
	}
}

static void race_select(int racer, char *names)
{
	char *rest = strdup(names), *name;

	while (!ended()) {
		name = strsep(&rest, ",");
		if (!name) {
			rest = strdup(names);
			continue;
		}
		if (!write_file(PARAMETER, name))
			count(racer);
		else if (errno != EAGAIN && errno != ENODEV && errno != ENOENT)
			fail("selecting %s", name);
	}
}

/* A listing is of one moment: one is active, and none is there twice. */
static void check_listing(char *text)
{
	char *line, names[16][32], name[32], state[16];
	int number = 0, active = 0, i, priority;
	bool selected = false;

	/* Its head. */
	strsep(&text, "\n");
	while ((line = strsep(&text, "\n")) && *line) {
		selected |= !strncmp(line, "selected: ", 10);
		if (sscanf(line, "%31s %d %15s", name, &priority, state) != 3)
			continue;
		for (i = 0; i < number; i++) {
			if (!strcmp(names[i], name))
				fail("%s is in the listing twice", name);
		}
		if (number == 16)
			fail("a listing of too many");
		memcpy(names[number++], name, sizeof(name));
		active += !strcmp(state, "active");
	}
	if (active != 1 || !selected)
		fail("a listing with %d that are active", active);
}

static void race_list(int racer, char *unused)
{
	static char text[8192];

	(void)unused;
	while (!ended()) {
		if (read_file(LISTING, text, sizeof(text)) <= 0)
			fail("reading the listing");
		check_listing(text);
		if (read_file(PARAMETER, text, sizeof(text)) <= 1)
			fail("reading the parameter");
		count(racer);
	}
}

static void race_device(int racer, char *unused)
{
	static char message[65536];
	char expected[TAG_SIZE + 1], key[KEY_SIZE + 1], tag[TAG_SIZE];
	ssize_t len = read_file("/files/message", message, sizeof(message));
	ssize_t split = 0;

	(void)unused;
	if (len <= 0 || read_file("/files/key", key, sizeof(key)) != KEY_SIZE ||
	    read_file("/files/tag", expected, sizeof(expected)) != TAG_SIZE)
		fail("no message, key and tag in /files");
	while (!ended()) {
		int fd = open(DEVICE, O_RDWR | O_CLOEXEC);

		if (fd < 0) {
			/* Its module comes and goes. */
			if (errno != ENOENT && errno != ENODEV && errno != ENXIO)
				fail("opening the device");
			continue;
		}
		split = (split + 1021) % len;
		if (write(fd, key, KEY_SIZE) != KEY_SIZE || write(fd, message, split) != split ||
		    write(fd, message + split, len - split) != len - split ||
		    read(fd, tag, TAG_SIZE) != TAG_SIZE)
			fail("the device");
		close(fd);
		if (memcmp(tag, expected, TAG_SIZE))
			fail("a wrong tag by the device, split at %zd", split);
		count(racer);
	}
}

static void race_plug(int racer, char *unused)
{
	(void)unused;
	while (!ended()) {
		if (write_file(CPU, "0") || write_file(CPU, "1")) {
			if (errno != EBUSY)
				fail("taking a CPU offline and online");
			continue;
		}
		count(racer);
	}
	/* What was taken away comes back. */
	write_file(CPU, "1");
}

static const struct kind {
	const char *word;
	const char *counts;
	void (*race)(int racer, char *arguments);
} kinds[] = {
	{ "load", "loads", race_load },
	{ "fail", "fails", race_fail },
	{ "starve", "starved", race_starve },
	{ "select", "selections", race_select },
	{ "list", "listings", race_list },
	{ "device", "device", race_device },
	{ "plug", "plugs", race_plug },
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

static const struct kind *kind_of(const char *racer)
{
	size_t i;

	for (i = 0; i < KINDS; i++) {
		size_t len = strlen(kinds[i].word);

		if (!strncmp(racer, kinds[i].word, len) && (!racer[len] || racer[len] == ':'))
			return &kinds[i];
	}
	fail("no such racer: %s", racer);
	return NULL;
}

int main(int argc, char **argv)
{
	const long seconds = argc > 3 ? atol(argv[1]) : 0, cycles = argc > 3 ? atol(argv[2]) : 0;
	const int number = argc - 3;
	const time_t begun = time(NULL);
	const struct kind *which[MAX_RACERS];
	int i, status, running = number;
	bool good = true;
	size_t k;

	if (number < 1 || number > MAX_RACERS)
		fail("usage: races SECONDS CYCLES RACER...");
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED)
		fail("mmap");
	for (i = 0; i < number; i++)
		which[i] = kind_of(argv[i + 3]);
	for (i = 0; i < number; i++) {
		char *arguments = strchr(argv[i + 3], ':');
		pid_t child = fork();

		if (child < 0)
			fail("fork");
		if (!child) {
			which[i]->race(i, arguments ? strdup(arguments + 1) : NULL);
			_exit(0);
		}
	}
	while (running) {
		long loads = 0;

		usleep(20000);
		for (i = 0; i < number; i++)
			loads += which[i]->race == race_load ? counted(i) : 0;
		if (time(NULL) >= begun + seconds && loads >= cycles)
			end();
		while (running && waitpid(-1, &status, WNOHANG) > 0) {
			running--;
			if (status) {
				good = false;
				end();
			}
		}
	}
	for (k = 0; k < KINDS; k++) {
		long sum = 0;

		for (i = 0; i < number; i++)
			sum += which[i] == &kinds[k] ? counted(i) : 0;
		printf("%s %ld\n", kinds[k].counts, sum);
	}
	printf("seconds %ld\n", (long)(time(NULL) - begun));
	return !good;
}
