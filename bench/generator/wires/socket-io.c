/*
 * Socket.IO 5 over Engine.IO 4, restricted to HTTP long polling: a handshake, a connect packet, the
 * namespace's answer, then polls. A ping (2) is answered with a pong (3) before the next poll.
 */
#define _GNU_SOURCE
#include "../generator.h"
#include <stdio.h>
#include <string.h>

static const char path[] = "/socket.io/?EIO=4&transport=polling";

static size_t get(const struct member *m, char *to) {
  return sprintf(to, "GET %s%s%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n",
    path, m->token[0] ? "&sid=" : "", m->token, server_port);
}

static size_t post(const struct member *m, const char *packet, char *to) {
  return sprintf(to,
    "POST %s&sid=%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: text/plain;charset=UTF-8\r\n"
    "Content-Length: %zu\r\n\r\n%s",
    path, m->token, server_port, strlen(packet), packet);
}

static size_t enter(struct member *m, char *to) {
  switch (m->step) {
  case 0: return get(m, to);
  case 1: return post(m, "40", to);
  case 2: return get(m, to);
  default: return 0;
  }
}

static bool entered(struct member *m, const struct reply *r) {
  if (m->step == 0 && !copy_field(r, "\"sid\":\"", m->token, sizeof m->token)) die("no session");
  return m->step == 2 && memmem(r->body, r->body_length, "40{", 3) != NULL;
}

static size_t poll(struct member *m, char *to) {
  if (!m->owes) return get(m, to);
  m->owes = false;
  return post(m, "3", to);
}

/* Packets are separated by the character 30. */
static void polled(struct member *m, const struct reply *r) {
  const char *end = r->body + r->body_length;
  for (const char *packet = r->body; packet != NULL && packet < end;) {
    if (*packet == '2') m->owes = true;
    packet = memchr(packet, '\x1e', end - packet);
    if (packet != NULL) packet++;
  }
}

static size_t say(struct member *author, int number, const char *text, char *to) {
  char packet[TEXT_BYTES_MAX + 128];
  snprintf(packet, sizeof packet, "42[\"say\",{\"key\":\"bench-%d\",\"text\":\"%s\"}]", number, text);
  return post(author, packet, to);
}

const struct wire socket_io_wire = { "socket-io", enter, entered, poll, polled, say, NULL };
