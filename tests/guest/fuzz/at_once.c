// SPDX-License-Identifier: GPL-2.0
/*
 * Calls at once on one file, by threads and by processes, and signals in a call.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"

#define MOST 30000

/* A call that another thread or process makes, in memory that both have. */
struct job {
	int fd;
	bool reads;
	atomic_bool there;
	long result;
	size_t len;
	unsigned char bytes[MOST];
};

static void *run(void *argument)
{
	struct job *job = argument;

	job->there = true;
	job->result = job->reads ? read(job->fd, job->bytes, job->len) :
				   write(job->fd, job->bytes, job->len);
	if (job->result < 0)
		job->result = -errno;
	return NULL;
}

static struct job *new_job(int fd, bool reads, size_t len)
{
	struct job *job = mmap(NULL, sizeof(*job), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	size_t i;

	if (job == MAP_FAILED)
		fail("mmap", -errno, 0);
	job->fd = fd;
	job->reads = reads;
	job->len = len;
	for (i = 0; i < len; i++)
		job->bytes[i] = draw(256);
	return job;
}

/* One of the jobs is run here, when the other one has begun. */
static void at_once(struct job *other, struct job *here, bool process)
{
	pthread_t thread;
	pid_t child = 0;
	int status = 0;

	if (process) {
		child = fork();
		if (!child) {
			run(other);
			_exit(0);
		}
	} else if (pthread_create(&thread, NULL, run, other)) {
		child = -1;
	}
	if (child < 0)
		fail("a thread or process", -errno, 0);
	while (!other->there)
		;
	run(here);
	if (process ? waitpid(child, &status, 0) != child || status : pthread_join(thread, NULL))
		fail("the end of a thread or process", status, 0);
	calls += 2;
}

static void expect_all(const struct job *job)
{
	if (job->result != (long)job->len)
		fail("a write at once with another", job->result, job->len);
}

/* Whether what two reads gave, one after the other, is the beginning of the tag. */
static bool begins(const struct message *message, const struct job *first, const struct job *next)
{
	long left = TAG_SIZE - first->result;

	return first->result == (long)first->len &&
	       next->result == (left < (long)next->len ? left : (long)next->len) &&
	       !memcmp(message->tag, first->bytes, first->result) &&
	       !memcmp(message->tag + first->result, next->bytes, next->result);
}

/* The bytes of each write stay together, and each byte of the tag is read once. */
void do_race(struct handle *handle)
{
	struct message *message = &handle->file->message, other;
	struct job *jobs[4];
	bool process = draw(2);
	int i;

	if (handle->file->mode != O_RDWR || message->stage != IN_BYTES)
		return;
	for (i = 0; i < 4; i++)
		jobs[i] = new_job(handle->fd, i > 1, 1 + draw(i > 1 ? TAG_SIZE : MOST));
	at_once(jobs[0], jobs[1], process);
	expect_all(jobs[0]);
	expect_all(jobs[1]);
	other = *message;
	message_add(message, jobs[0]->bytes, jobs[0]->len);
	message_add(message, jobs[1]->bytes, jobs[1]->len);
	message_add(&other, jobs[1]->bytes, jobs[1]->len);
	message_add(&other, jobs[0]->bytes, jobs[0]->len);
	message_end(message);
	message_end(&other);
	at_once(jobs[2], jobs[3], process);
	if (begins(&other, jobs[2], jobs[3]) || begins(&other, jobs[3], jobs[2]))
		*message = other;
	else if (!begins(message, jobs[2], jobs[3]) && !begins(message, jobs[3], jobs[2]))
		fail("tags of two writes and two reads at once", jobs[2]->result, jobs[3]->result);
	message->there = jobs[2]->result + jobs[3]->result;
	for (i = 0; i < 4; i++)
		munmap(jobs[i], sizeof(*jobs[i]));
}

static void hear(int signal)
{
	(void)signal;
}

/* A signal ends a write after a whole number of chunks, or comes too late. */
void do_signal(struct handle *handle)
{
	struct itimerval soon = { .it_value.tv_usec = 1 + draw(2000) }, never = { 0 };
	const struct sigaction action = { .sa_handler = hear };
	struct message *message = &handle->file->message;
	const long total = 128 * PAGE;
	struct iovec pieces[64];
	long taken;
	int i;

	if (handle->file->mode == O_RDONLY || message->stage != IN_BYTES)
		return;
	for (i = 0; i < 64; i++)
		pieces[i] = (struct iovec){ arena + PAGE * (i % 3), 2 * PAGE };
	if (sigaction(SIGALRM, &action, NULL) || setitimer(ITIMER_REAL, &soon, NULL))
		fail("a timer", -errno, 0);
	calls++;
	taken = writev(handle->fd, pieces, 64);
	setitimer(ITIMER_REAL, &never, NULL);
	if (taken <= 0 || taken > total || taken % PAGE)
		fail("a write with a signal", taken, total);
	for (i = 0; i < taken / PAGE; i++)
		message_add(message, arena + PAGE * (i / 2 % 3 + i % 2), PAGE);
}
