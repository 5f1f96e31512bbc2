// SPDX-License-Identifier: GPL-2.0
/*
 * A process of a test guest: sends data both ways over a TCP connection with TLS
 * by the kernel (ChaCha20-Poly1305), and compares what arrives.
 */
#include <errno.h>
#include <linux/tls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Most bytes in a record of TLS. */
#define RECORD 16384

static void fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

/* Two ends of a connection. */
static void connected(int ends[2])
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	ends[0] = socket(AF_INET, SOCK_STREAM, 0);
	if (listener < 0 || ends[0] < 0)
		fail("socket");
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&address, &size) ||
	    connect(ends[0], (struct sockaddr *)&address, size))
		fail("connect");
	ends[1] = accept(listener, NULL, NULL);
	if (ends[1] < 0)
		fail("accept");
	close(listener);
}

static void set_key(int fd, int direction, unsigned char key_byte)
{
	struct tls12_crypto_info_chacha20_poly1305 info = {
		.info.version = TLS_1_2_VERSION,
		.info.cipher_type = TLS_CIPHER_CHACHA20_POLY1305,
	};

	memset(info.key, key_byte, sizeof(info.key));
	memset(info.iv, key_byte + 1, sizeof(info.iv));
	if (setsockopt(fd, SOL_TLS, direction, &info, sizeof(info)))
		fail("TLS_CIPHER_CHACHA20_POLY1305");
}

/* One record from one end to the other. */
static void pass(int from, int to, size_t len)
{
	static unsigned char sent[RECORD], received[RECORD];
	static unsigned int random = 1;
	size_t done = 0;
	ssize_t some;
	size_t i;

	for (i = 0; i < len; i++) {
		random = random * 1664525 + 1013904223;
		sent[i] = random >> 24;
	}
	if (write(from, sent, len) != (ssize_t)len)
		fail("write");
	while (done < len) {
		some = read(to, received + done, len - done);
		if (some <= 0)
			fail("read");
		done += some;
	}
	if (memcmp(sent, received, len)) {
		fprintf(stderr, "other bytes arrive in a record of %zu\n", len);
		exit(1);
	}
}

int main(void)
{
	size_t total = 0;
	size_t len;
	int ends[2];
	int i;

	connected(ends);
	for (i = 0; i < 2; i++) {
		if (setsockopt(ends[i], SOL_TCP, TCP_ULP, "tls", sizeof("tls")))
			fail("TCP_ULP");
		set_key(ends[i], TLS_TX, 0x10 + i);
		set_key(ends[i], TLS_RX, 0x10 + !i);
	}
	/* Every length up to 600, some to the most, and other ones back. */
	for (len = 1; len <= 600; len++) {
		pass(ends[0], ends[1], len);
		pass(ends[1], ends[0], 601 - len);
		total += 601;
	}
	for (; len <= RECORD; len += 997) {
		pass(ends[0], ends[1], len);
		pass(ends[1], ends[0], RECORD + 601 - len);
		total += RECORD + 601;
	}
	printf("%zu bytes\n", total);
	return 0;
}
