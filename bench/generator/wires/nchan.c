/* Nchan: messages are published as they are; a poll's cursor is a pair of headers. */
#define _GNU_SOURCE
#include "../generator.h"
#include <stdio.h>
#include <string.h>

static size_t enter(struct member *m, char *to) {
  (void)m;
  (void)to;
  return 0;
}

static bool entered(struct member *m, const struct reply *r) {
  (void)m;
  (void)r;
  return true;
}

static size_t poll(struct member *m, char *to) {
  return sprintf(to, "GET /poll HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\n", server_port, m->cursor);
}

static char *copy_header(const struct reply *r, const char *name, const char *as, char *to) {
  const char *value = header(r, name);
  if (value == NULL) die("no %s in: %.*s", name, (int)r->head_length, r->head);
  return to + sprintf(to, "%s: %.*s\r\n", as, (int)strcspn(value, "\r"), value);
}

static void polled(struct member *m, const struct reply *r) {
  char *to = copy_header(r, "Last-Modified", "If-Modified-Since", m->cursor);
  copy_header(r, "Etag", "If-None-Match", to);
}

static size_t say(struct member *author, int number, const char *text, char *to) {
  (void)author;
  (void)number;
  return sprintf(to,
    "POST /publish HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: text/plain\r\n"
    "Content-Length: %zu\r\n\r\n%s",
    server_port, strlen(text), text);
}

const struct wire nchan_wire = { "nchan", enter, entered, poll, polled, say, NULL };
