/* Connections: opened, written to, read from, with every reply taken apart and timed. */
#define _GNU_SOURCE
#include "generator.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* A reply to a join carries a snapshot of the room, one to a poll up to 200 entries or 256 kB. */
enum { REPLY_BYTES_MAX = 1024 * 1024 };
/* Source addresses, so that no limit on ports per address comes near. */
enum { SOURCES = 8 };

extern int epoll;
static int port;
static int made;

void connections_begin(int to) {
  port = to;
}

static void opened(struct connection *c) {
  if (c->kind == MEMBER) member_opened((struct member *)c);
  else lane_opened((struct lane *)c);
}

static void closed(struct connection *c) {
  connection_close(c);
  tally.reconnects++;
  if (c->kind == MEMBER) member_closed((struct member *)c);
  else lane_closed((struct lane *)c);
}

static void replied(struct connection *c, const struct reply *r, int64_t at_ns) {
  c->is_waiting = false;
  if (c->kind == MEMBER) member_replied((struct member *)c, r, at_ns);
  else lane_replied((struct lane *)c, r, at_ns);
}

static void watch(struct connection *c, uint32_t events, int how) {
  struct epoll_event event = { .events = events, .data.ptr = c };
  if (epoll_ctl(epoll, how, c->fd, &event) != 0) die("epoll_ctl: %s", strerror(errno));
}

void connection_open(struct connection *c) {
  int one = 1;
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (c->fd < 0) die("no socket: %s", strerror(errno));
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (setsockopt(c->fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one) != 0) die("no timestamps");
  /* Port numbers are then shared out when the connection is made, per pair of addresses. */
  setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
  if (c->source == 0) c->source = ++made;
  struct sockaddr_in source = { .sin_family = AF_INET };
  source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + c->source % SOURCES);
  if (bind(c->fd, (struct sockaddr *)&source, sizeof source) != 0) die("bind: %s", strerror(errno));
  struct sockaddr_in server = { .sin_family = AF_INET, .sin_port = htons(port) };
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int failed = connect(c->fd, (struct sockaddr *)&server, sizeof server);
  if (failed && errno == ECONNREFUSED) { closed(c); return; }
  if (failed && errno != EINPROGRESS) die("connect: %s", strerror(errno));
  watch(c, EPOLLOUT, EPOLL_CTL_ADD);
}

void connection_close(struct connection *c) {
  if (c->fd >= 0) close(c->fd);
  c->fd = -1;
  c->is_open = c->is_waiting = false;
  free(c->partial);
  c->partial = NULL;
}

void connection_ask(struct connection *c, const char *text, size_t length) {
  c->is_waiting = true;
  /* A request is far smaller than a socket's buffer, and there is never a second one in it. A
   * connection that is gone is heard of by epoll. */
  ssize_t sent = send(c->fd, text, length, MSG_NOSIGNAL);
  if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return;
  if (sent != (ssize_t)length) die("send: %s", strerror(errno));
}

/* Takes one reply from what was read. Returns its length, or 0 when a part is still missing. */
static size_t take_reply(const char *text, size_t length, struct reply *r) {
  const char *end = memmem(text, length, "\r\n\r\n", 4);
  if (end == NULL) return 0;
  r->head = text;
  r->head_length = end + 4 - text;
  r->body = end + 4;
  if (r->head_length < 16 || memcmp(text, "HTTP/1.1 ", 9) != 0) die("not a reply: %.40s", text);
  r->status = atoi(text + 9);
  const char *declared = header(r, "Content-Length");
  if (declared == NULL && r->status != 204) die("a reply without Content-Length: %.200s", text);
  r->body_length = declared == NULL ? 0 : strtoul(declared, NULL, 10);
  if (r->head_length + r->body_length > REPLY_BYTES_MAX) die("a reply is too large");
  return r->head_length + r->body_length <= length ? r->head_length + r->body_length : 0;
}

/* When the kernel put what was read into the socket, on the clock of `now_ns`. */
static int64_t arrived_ns(struct msghdr *read) {
  struct cmsghdr *note = CMSG_FIRSTHDR(read);
  if (note == NULL || note->cmsg_type != SCM_TIMESTAMPNS) return now_ns();
  struct timespec at;
  memcpy(&at, CMSG_DATA(note), sizeof at);
  return at.tv_sec * 1000000000LL + at.tv_nsec;
}

static void readable(struct connection *c) {
  static char text[REPLY_BYTES_MAX + 1];
  char notes[64];
  size_t length = 0;
  if (c->partial != NULL) memcpy(text, c->partial, length = c->partial_length);
  struct iovec room = { text + length, REPLY_BYTES_MAX - length };
  struct msghdr read = { .msg_iov = &room, .msg_iovlen = 1, .msg_control = notes };
  read.msg_controllen = sizeof notes;
  ssize_t got = recvmsg(c->fd, &read, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) { closed(c); return; }
  int64_t at_ns = arrived_ns(&read);
  free(c->partial);
  c->partial = NULL;
  length += got;
  text[length] = '\0';
  struct reply r;
  size_t taken = take_reply(text, length, &r);
  if (taken == length && c->is_waiting) { replied(c, &r, at_ns); return; }
  if (taken != 0) die("a reply to no request: %.200s", c->is_waiting ? text + taken : text);
  c->partial = malloc(length);
  c->partial_length = length;
  memcpy(c->partial, text, length);
}

void connection_ready(struct connection *c) {
  if (c->fd < 0) return;
  if (c->is_open) { readable(c); return; }
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) { closed(c); return; }
  c->is_open = true;
  watch(c, EPOLLIN, EPOLL_CTL_MOD);
  opened(c);
}

const char *header(const struct reply *r, const char *name) {
  size_t length = strlen(name);
  const char *end = r->head + r->head_length;
  for (const char *line = r->head; line != NULL && line + length < end;) {
    if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
      line += length + 1;
      while (*line == ' ') line++;
      return line;
    }
    line = memchr(line, '\n', end - line);
    if (line != NULL) line++;
  }
  return NULL;
}

int64_t number_field(const struct reply *r, const char *name, int64_t otherwise) {
  const char *at = memmem(r->body, r->body_length, name, strlen(name));
  return at == NULL ? otherwise : atoll(at + strlen(name));
}

bool copy_field(const struct reply *r, const char *before, char *to, size_t size) {
  const char *at = memmem(r->body, r->body_length, before, strlen(before));
  if (at == NULL) return false;
  at += strlen(before);
  const char *end = memchr(at, '"', r->body + r->body_length - at);
  if (end == NULL || (size_t)(end - at) >= size) die("%s is too long", before);
  memcpy(to, at, end - at);
  to[end - at] = '\0';
  return true;
}
