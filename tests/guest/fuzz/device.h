/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of the fuzzer of /dev/lib_poly1305 share.
 */
#ifndef FUZZ_DEVICE_H
#define FUZZ_DEVICE_H

#include <stdbool.h>
#include <sys/uio.h>

#include "message.h"

#define DEVICE "/dev/lib_poly1305"
#define PAGE 4096
#define FILES 6
#define HANDLES 12

/* An open file, which is one message, and the descriptors of it. */
struct file {
	int references;
	int mode;
	struct message message;
};

struct handle {
	int fd;
	struct file *file;
};

extern struct file files[FILES];
extern struct handle handles[HANDLES];
extern unsigned long calls;
/* Memory of all kinds; the first page can be written. */
extern unsigned char *arena;

void fail(const char *what, long got, long wanted);
/* A number below that one. */
unsigned long draw(unsigned long end);
struct handle *open_handle(void);
void close_handle(struct handle *handle);

void begin_memory(void);
struct iovec pick_piece(void);
/* How many bytes come before one that cannot be read, or written. */
size_t accessible(const unsigned char *at, size_t len, bool writing);
/* What is in the arena must be what was kept, and bytes that were read to the pieces. */
void shadow_keep(void);
void shadow_expect(const struct iovec *pieces, const unsigned char *bytes, size_t len);
/* The bytes of a page become zeroes, and the page one that is not there before a fault. */
void lose_page(void);

/* Calls at once on one file, which end its message. */
void do_race(struct handle *handle);
/* A write that a signal ends, or not. */
void do_signal(struct handle *handle);

#endif
