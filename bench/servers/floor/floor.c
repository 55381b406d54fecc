/*
 * The floor: the smallest program that answers Encke's wire with as many bytes as Encke does. One
 * process, one epoll loop, everything in memory, nothing checked, nothing written down: whatever a
 * server does, it does at least this. It holds the polls of whoever asks, and when a message is
 * posted it writes the same bytes to all of them.
 *
 *     floor PORT REPLY_BYTES      REPLY_BYTES: a reply with one message, head included
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_BYTES_MAX = 16384, TEXT_BYTES_MAX = 9000, KEPT = 4096, CONNECTIONS_MAX = 65536 };

static char *texts[KEPT];             /* the newest messages, by number */
static int head;                      /* the number of the newest */
static int reply_bytes;
static int held[CONNECTIONS_MAX], held_count;

static void put(int fd, const char *text, int length) {
  /* A connection whose buffer is full has 4 MB to read; whoever is so slow is let go. */
  if (send(fd, text, length, MSG_NOSIGNAL | MSG_DONTWAIT) != length) shutdown(fd, SHUT_RDWR);
}

/* Writes the reply that brings what came after a number. Returns its length. */
static int compose(char *to, size_t size, int after) {
  static char body[KEPT * 64 + TEXT_BYTES_MAX];
  int length = sprintf(body, "{\"cursor\":\"%d\",\"from\":%d,\"to\":%d,\"entries\":[", head, after, head);
  for (int i = after + 1; i <= head && length < KEPT * 64; i++) {
    length += sprintf(body + length, "%s{\"text\":\"%s\"}", i > after + 1 ? "," : "", texts[i % KEPT]);
  }
  length += sprintf(body + length, "]}");
  const char *head_format =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n";
  char line[256];
  /* White space after the body is as good as any other byte. */
  int rest = reply_bytes - sprintf(line, head_format, length) - length;
  if (rest > 0) { memset(body + length, ' ', rest); length += rest; }
  int line_length = sprintf(line, head_format, length);
  if (line_length + length > (int)size) return 0;
  memcpy(to, line, line_length);
  memcpy(to + line_length, body, length);
  return line_length + length;
}

static void say(int fd, const char *request) {
  static char reply[1 << 20];
  const char *text = strstr(request, "\"text\":\"");
  const char *end = text == NULL ? NULL : strchr(text += 8, '"');
  if (end == NULL) return;
  head++;
  free(texts[head % KEPT]);
  texts[head % KEPT] = strndup(text, end - text);
  int length = compose(reply, sizeof reply, head - 1);
  int count = held_count;
  held_count = 0;
  for (int i = 0; i < count; i++) put(held[i], reply, length);
  const char *created = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";
  put(fd, created, strlen(created));
}

static void answer(int fd, const char *request) {
  static char reply[1 << 20];
  if (memcmp(request, "GET /v1/poll?after=", 19) == 0) {
    int after = atoi(request + 19);
    if (after == head) held[held_count++] = fd;
    else put(fd, reply, compose(reply, sizeof reply, after));
  } else if (memcmp(request, "POST /v1/join", 13) == 0) {
    char body[64];
    int length = sprintf(body, "{\"token\":\"t\",\"cursor\":\"%d\"}", head);
    const char *format = "HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%s";
    put(fd, reply, sprintf(reply, format, length, body));
  } else if (memcmp(request, "POST /v1/messages", 17) == 0) {
    say(fd, request);
  } else {
    const char *empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    put(fd, empty, strlen(empty));
  }
}

static void leave(int fd) {
  for (int i = 0; i < held_count; i++) {
    if (held[i] == fd) held[i--] = held[--held_count];
  }
  close(fd);
}

int main(int count, char **values) {
  if (count != 3) return 64;
  reply_bytes = atoi(values[2]);
  struct rlimit most;
  getrlimit(RLIMIT_NOFILE, &most);
  most.rlim_cur = most.rlim_max;
  setrlimit(RLIMIT_NOFILE, &most);
  int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0), epoll = epoll_create1(0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(values[1])) };
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) return 1;
  if (listen(listener, 4096) != 0) return 1;
  struct epoll_event event = { .events = EPOLLIN, .data.fd = listener };
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    struct epoll_event events[512];
    int ready = epoll_wait(epoll, events, 512, -1);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) {
        int accepted = accept(listener, NULL, NULL);
        event.data.fd = accepted;
        if (accepted >= 0) epoll_ctl(epoll, EPOLL_CTL_ADD, accepted, &event);
        continue;
      }
      /* The generator's requests arrive whole, one at a time: little has to be parsed. */
      char request[REQUEST_BYTES_MAX];
      ssize_t got = recv(fd, request, sizeof request - 1, 0);
      if (got <= 0) { leave(fd); continue; }
      request[got] = '\0';
      answer(fd, request);
    }
  }
}
