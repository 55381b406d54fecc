/*
 * The command line and the loop.
 *
 *     generator encke|nchan|socket-io|faye PORT TEXT_BYTES
 *
 * Each line of its standard input is a command; each answer is one line of JSON. Commands that take
 * their time may overlap: a series goes on while members come in.
 *
 *     hold N OVER_MS                    brings N more members in, over a time, or at once (0)
 *     lanes N                           opens N connections to write upon, each of another member
 *     quiet COUNT GAP_US DRAIN_MS       sends messages one at a time, each received by all before
 *     send COUNT GAP_US DRAIN_MS        sends messages at a pace, whatever becomes of them
 *     waiting                           tells how many members wait for the reply to a poll
 *     leave                             everybody leaves the room
 *
 * The end of its input ends it.
 */
#define _GNU_SOURCE
#include "generator.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

/* Replies taken, and polls sent, between two looks at what has arrived. */
enum { TAKEN_MAX = 128, POLLS_MAX = 32 };

const struct wire *wire;
int server_port;
int epoll;

void die(const char *format, ...) {
  va_list values;
  va_start(values, format);
  fprintf(stderr, "generator: ");
  vfprintf(stderr, format, values);
  fprintf(stderr, "\n");
  exit(1);
}

void tell(const char *format, ...) {
  va_list values;
  va_start(values, format);
  vprintf(format, values);
  va_end(values);
  putchar('\n');
  fflush(stdout);
}

void refused(const struct reply *r) {
  if (tally.refused++ >= 3) return;
  fprintf(stderr, "generator: status %d: %.*s\n", r->status, (int)r->body_length, r->body);
}

bool may_try_again(const struct reply *r) {
  return r->status == 429 || r->status >= 500;
}

static void command(char *line) {
  int count, gap_us, drain_ms, over_ms;
  if (sscanf(line, "hold %d %d", &count, &over_ms) == 2) members_hold(count, over_ms);
  else if (sscanf(line, "lanes %d", &count) == 1) lanes_open(count);
  else if (sscanf(line, "quiet %d %d %d", &count, &gap_us, &drain_ms) == 3)
    series_begin(count, gap_us, true, drain_ms);
  else if (sscanf(line, "send %d %d %d", &count, &gap_us, &drain_ms) == 3)
    series_begin(count, gap_us, false, drain_ms);
  else if (strcmp(line, "waiting") == 0) members_tell_waiting();
  else if (strcmp(line, "leave") == 0) members_leave();
  else die("not a command: %s", line);
}

static void commands(void) {
  static char text[4096];
  static size_t length;
  ssize_t got = read(STDIN_FILENO, text + length, sizeof text - 1 - length);
  if (got <= 0) exit(0);
  length += got;
  text[length] = '\0';
  char *line = text;
  for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
    *end = '\0';
    command(line);
  }
  length -= line - text;
  memmove(text, line, length);
}

static int64_t earlier(int64_t a, int64_t b) {
  return a < b ? a : b;
}

/* Does what is due, and returns when something is again. */
static int64_t due(void) {
  int64_t now = now_ns();
  wheel_turn(now);
  int64_t next_ns = earlier(members_due(now), lanes_due(now));
  return earlier(next_ns, earlier(series_due(now), wheel_next_ns(now)));
}

static const struct wire *wire_named(const char *name) {
  const struct wire *all[] = { &encke_wire, &nchan_wire, &socket_io_wire, &faye_wire };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    if (strcmp(all[i]->name, name) == 0) return all[i];
  }
  die("no such wire: %s", name);
}

int main(int count, char **values) {
  if (count != 4) die("give WIRE PORT TEXT_BYTES");
  wire = wire_named(values[1]);
  server_port = atoi(values[2]);
  text_bytes = atoi(values[3]);
  if (text_bytes >= TEXT_BYTES_MAX) die("a text has at most %d bytes", TEXT_BYTES_MAX - 1);
  connections_begin(server_port);
  epoll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event input = { .events = EPOLLIN, .data.ptr = NULL };
  epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &input);
  for (;;) {
    int64_t wait_ns = due() - now_ns();
    if (members_poll(POLLS_MAX) || wait_ns < 0) wait_ns = 0;
    if (wait_ns > 1000000000) wait_ns = 1000000000;
    struct timespec wait = { .tv_nsec = wait_ns % 1000000000, .tv_sec = wait_ns / 1000000000 };
    struct epoll_event events[TAKEN_MAX];
    int ready = epoll_pwait2(epoll, events, TAKEN_MAX, &wait, NULL);
    for (int i = 0; i < ready; i++) {
      if (events[i].data.ptr == NULL) commands();
      else connection_ready(events[i].data.ptr);
    }
  }
}
