// SPDX-License-Identifier: GPL-2.0
/*
 * device CALLS SEED: makes that many system calls on files of /dev/lib_poly1305, chosen
 * by numbers that the seed begins, and fails at the first with another result than it
 * must have. Faulting memory, other processes and threads, and signals are among them.
 *
 * The model knows each result and error before the call. Where two calls run at once,
 * either may be the first.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"

struct file files[FILES];
struct handle handles[HANDLES];
unsigned long calls;

static unsigned long seed;
static unsigned long state;
/* In the parent of a process that makes a call: the same happens to the model only. */
static bool pretend;

void fail(const char *what, long got, long wanted)
{
	printf("seed %lu, call %lu: %s gave %ld, and not %ld\n", seed, calls, what, got, wanted);
	fflush(stdout);
	_exit(1);
}

/* SplitMix64 (Steele, Lea and Flood, 2014) */
unsigned long draw(unsigned long end)
{
	unsigned long z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (z ^ z >> 31) % end;
}

/* What a call gives: its result, or the negative number of its error. */
#define RESULT(call) ({ long result_ = (call); result_ < 0 ? -errno : result_; })

/* Makes a call, unless only the model does, and looks at the result. */
#define EXPECT(wanted, call) do {						\
	long wanted_ = (wanted);						\
										\
	calls++;								\
	if (!pretend) {								\
		long got_ = RESULT(call);					\
										\
		if (got_ != wanted_)						\
			fail(#call, got_, wanted_);				\
	}									\
} while (0)

struct handle *open_handle(void)
{
	static const int modes[] = { O_RDWR, O_RDWR, O_RDWR, O_RDWR, O_RDONLY, O_WRONLY };
	struct file *file = files;
	struct handle *handle = handles;

	while (file->references)
		if (++file == files + FILES)
			return NULL;
	while (handle->file)
		if (++handle == handles + HANDLES)
			return NULL;
	memset(file, 0, sizeof(*file));
	file->mode = modes[draw(6)];
	file->references = 1;
	handle->file = file;
	calls++;
	handle->fd = open(DEVICE, file->mode | (draw(4) ? 0 : O_NONBLOCK) | O_CLOEXEC);
	if (handle->fd < 0)
		fail("open", -errno, 0);
	return handle;
}

/* All that may be done to the file is known then: what was added is in its tag. */
void close_handle(struct handle *handle)
{
	struct file *file = handle->file;
	unsigned char tag[TAG_SIZE];

	if (file->references == 1 && file->mode == O_RDWR && file->message.stage == IN_BYTES) {
		message_end(&file->message);
		EXPECT(TAG_SIZE, read(handle->fd, tag, TAG_SIZE));
		if (memcmp(tag, file->message.tag, TAG_SIZE))
			fail("the last tag", tag[0], file->message.tag[0]);
	}
	EXPECT(0, close(handle->fd));
	file->references--;
	handle->file = NULL;
}

static void dup_handle(struct handle *handle)
{
	struct handle *other = handles;

	while (other->file)
		if (++other == handles + HANDLES)
			return;
	calls++;
	other->fd = draw(2) ? dup(handle->fd) : fcntl(handle->fd, F_DUPFD_CLOEXEC, draw(50));
	if (other->fd < 0)
		fail("dup", -errno, 0);
	other->file = handle->file;
	other->file->references++;
}

/* One to four pieces of memory, and how many bytes there are in all. */
static size_t pick(struct iovec *pieces, int *count)
{
	size_t total = 0;
	int i;

	*count = draw(3) ? 1 : 1 + draw(4);
	for (i = 0; i < *count; i++) {
		pieces[i] = pick_piece();
		total += pieces[i].iov_len;
	}
	return total;
}

/* How many bytes there are before the first that cannot be accessed. */
static size_t before_fault(const struct iovec *pieces, int count, bool writing)
{
	size_t sum = 0, part;
	int i;

	for (i = 0; i < count; i++) {
		part = accessible(pieces[i].iov_base, pieces[i].iov_len, writing);
		sum += part;
		if (part < pieces[i].iov_len)
			break;
	}
	return sum;
}

static void add_pieces(struct message *message, const struct iovec *pieces, size_t len)
{
	for (; len; pieces++) {
		size_t part = pieces->iov_len < len ? pieces->iov_len : len;

		message_add(message, pieces->iov_base, part);
		len -= part;
	}
}

static void do_write(struct handle *handle)
{
	struct message *message = &handle->file->message;
	struct iovec pieces[4];
	int count, way = draw(3);
	size_t total = pick(pieces, &count), taken = before_fault(pieces, count, false);
	long wanted = taken;

	if (handle->file->mode == O_RDONLY)
		wanted = -EBADF;
	else if (!total)
		wanted = 0;
	else if (message->stage == IN_TAG)
		wanted = -EBADFD;
	else if (!taken)
		wanted = -EFAULT;
	if (wanted > 0)
		add_pieces(message, pieces, taken);
	if (count == 1 && way)
		EXPECT(wanted, write(handle->fd, pieces->iov_base, pieces->iov_len));
	else if (way)
		EXPECT(wanted, writev(handle->fd, pieces, count));
	else
		EXPECT(wanted, pwritev2(handle->fd, pieces, count, -1, 0));
}

static void do_read(struct handle *handle)
{
	struct message *message = &handle->file->message;
	struct iovec pieces[4];
	int count, way = draw(3);
	size_t total = pick(pieces, &count), there = before_fault(pieces, count, true);
	size_t rest = TAG_SIZE;
	long wanted = 0;

	if (handle->file->mode == O_WRONLY) {
		wanted = -EBADF;
	} else if (total && message->stage == IN_KEY) {
		wanted = -ENOKEY;
	} else if (total) {
		message_end(message);
		rest -= message->there;
		wanted = there < rest ? there : rest;
		if (!wanted && rest)
			wanted = -EFAULT;
	}
	if (!pretend)
		shadow_keep();
	if (count == 1 && way)
		EXPECT(wanted, read(handle->fd, pieces->iov_base, pieces->iov_len));
	else if (way)
		EXPECT(wanted, readv(handle->fd, pieces, count));
	else
		EXPECT(wanted, preadv2(handle->fd, pieces, count, -1, 0));
	if (!pretend)
		shadow_expect(pieces, message->tag + message->there, wanted > 0 ? wanted : 0);
	if (wanted > 0)
		message->there += wanted;
}

/* Addresses of the kernel, and a length that no buffer has. */
static void do_wild(struct handle *handle)
{
	void *wild = (void *)(0xffff888000000000 + draw(1 << 30));

	if (handle->file->mode != O_RDWR)
		return;
	EXPECT(-EFAULT, write(handle->fd, wild, 1 + draw(10000)));
	EXPECT(-EFAULT, read(handle->fd, wild, 1 + draw(10000)));
	EXPECT(-EFAULT, write(handle->fd, arena, -1 - draw(100)));
}

static void do_positions(struct handle *handle)
{
	long at = draw(100);

	EXPECT(-ESPIPE, lseek(handle->fd, at, draw(3)));
	EXPECT(-ESPIPE, pwrite(handle->fd, arena, 1 + draw(100), at));
	EXPECT(-ESPIPE, pread(handle->fd, arena, 1 + draw(100), at));
}

/* What the kernel answers, as the device has nothing to say. */
static void do_others(struct handle *handle)
{
	struct pollfd one = { .fd = handle->fd, .events = POLLIN | POLLOUT };
	int mode = handle->file->mode, flags;
	struct stat status;
	static int file, ends[2];

	if (!file) {
		file = memfd_create("bytes", 0);
		if (file < 0 || write(file, arena, PAGE) != PAGE || pipe(ends) ||
		    write(ends[1], arena, 64) != 64)
			fail("a file and a pipe", -errno, 0);
	}
	switch (draw(11)) {
	case 0:
		EXPECT(1, poll(&one, 1, draw(2) ? -1 : 0));
		if (one.revents != (POLLIN | POLLOUT) && !pretend)
			fail("poll", one.revents, POLLIN | POLLOUT);
		break;
	case 1:
		EXPECT(mode == O_WRONLY ? -EACCES : -ENODEV,
		       (long)mmap(NULL, PAGE, PROT_READ, MAP_SHARED, handle->fd, 0));
		break;
	case 2:
		EXPECT(-ENOTTY, ioctl(handle->fd, 'p' << 8 | draw(256), arena));
		break;
	case 3:
		lseek(file, 0, SEEK_SET);
		EXPECT(mode == O_RDONLY ? -EBADF : -EINVAL, sendfile(handle->fd, file, NULL, 100));
		break;
	case 4:
		EXPECT(mode == O_WRONLY ? -EBADF : -EINVAL, sendfile(file, handle->fd, NULL, 100));
		break;
	case 5:
		EXPECT(mode == O_RDONLY ? -EBADF : -EINVAL,
		       splice(ends[0], NULL, handle->fd, NULL, 10, SPLICE_F_NONBLOCK));
		break;
	case 6:
		EXPECT(mode == O_WRONLY ? -EBADF : -EINVAL,
		       splice(handle->fd, NULL, ends[1], NULL, 10, SPLICE_F_NONBLOCK));
		break;
	case 7:
		EXPECT(-EINVAL, fsync(handle->fd));
		break;
	case 8:
		EXPECT(-EINVAL, ftruncate(handle->fd, draw(100)));
		break;
	case 9:
		flags = draw(2) ? O_NONBLOCK : 0;
		EXPECT(0, fcntl(handle->fd, F_SETFL, flags));
		EXPECT(mode | flags, fcntl(handle->fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK));
		break;
	default:
		EXPECT(0, fstat(handle->fd, &status));
		if (!pretend && !S_ISCHR(status.st_mode))
			fail("fstat", status.st_mode, S_IFCHR);
	}
}

/* A process that has the file from its parent. */
static void do_fork(struct handle *handle)
{
	bool writes = draw(2);
	int status;
	pid_t child = fork();

	if (child < 0)
		fail("fork", -errno, 0);
	pretend = child;
	if (writes)
		do_write(handle);
	else
		do_read(handle);
	if (!child)
		_exit(0);
	pretend = false;
	if (waitpid(child, &status, 0) != child || status)
		fail("a process that has the file", status, 0);
}

int main(int argc, char **argv)
{
	unsigned long most;

	if (argc != 3)
		fail("the number of arguments", argc - 1, 2);
	most = strtoul(argv[1], NULL, 10);
	seed = strtoul(argv[2], NULL, 10);
	state = seed;
	begin_memory();
	while (calls < most) {
		struct handle *handle = handles + draw(HANDLES);
		unsigned int what = draw(1000);

		if (!handle->file) {
			if (what < 500)
				open_handle();
		} else if (what < 420) {
			do_write(handle);
		} else if (what < 540) {
			do_read(handle);
		} else if (what < 610) {
			close_handle(handle);
		} else if (what < 660) {
			dup_handle(handle);
		} else if (what < 760) {
			do_positions(handle);
		} else if (what < 930) {
			do_others(handle);
		} else if (what < 960) {
			do_wild(handle);
		} else if (what < 980) {
			lose_page();
		} else if (what < 988) {
			do_fork(handle);
		} else if (what < 998) {
			do_race(handle);
		} else {
			do_signal(handle);
		}
	}
	printf("seed %lu: %lu calls\n", seed, calls);
	return 0;
}
