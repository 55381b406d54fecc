/* Encke's own wire, version 1: docs/protocol.md. */
#define _GNU_SOURCE
#include "../generator.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { END_BYTES = 1024 };

static size_t post(const struct member *m, const char *path, const char *body, char *to) {
  return sprintf(to,
    "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%s%sContent-Type: application/json\r\n"
    "Content-Length: %zu\r\n\r\n%s",
    path, server_port, m->token[0] ? "Authorization: Bearer " : "", m->token,
    m->token[0] ? "\r\n" : "", strlen(body), body);
}

static size_t enter(struct member *m, char *to) {
  char body[64];
  if (m->step != 0) return 0;
  /* Members of a generator that has ended may still be in the room. */
  snprintf(body, sizeof body, "{\"nick\":\"%d-%d\"}", (int)getpid(), m->index);
  return post(m, "/v1/join", body, to);
}

static bool entered(struct member *m, const struct reply *r) {
  if (!copy_field(r, "\"token\":\"", m->token, sizeof m->token)) die("a join without a token");
  if (!copy_field(r, "\"cursor\":\"", m->cursor, sizeof m->cursor)) die("a join without a cursor");
  return true;
}

static size_t poll(struct member *m, char *to) {
  return sprintf(to,
    "GET /v1/poll?after=%s&hold=25&tab=b&turn=%d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
    "Authorization: Bearer %s\r\n\r\n",
    m->cursor, m->turn++, server_port, m->token);
}

/* What follows the entries: live, next and gap. Replies may be long, and are not searched twice. */
static struct reply end_of(const struct reply *r) {
  struct reply end = *r;
  end.body_length = r->body_length < END_BYTES ? r->body_length : END_BYTES;
  end.body = r->body + r->body_length - end.body_length;
  return end;
}

/* Cursor rule 2: a reply begins where the last one ended, or it says what it leaves out. */
static void polled(struct member *m, const struct reply *r) {
  struct reply end = end_of(r);
  if (!copy_field(r, "\"cursor\":\"", m->cursor, sizeof m->cursor)) die("a reply without a cursor");
  int64_t from = number_field(r, "\"from\":", -1), to = number_field(r, "\"to\":", -1);
  bool has_gap = memmem(end.body, end.body_length, "\"gap\":", 6) != NULL;
  if (has_gap) series_gap(false);
  else if (from < 0 || to < from || (m->read_to >= 0 && from != m->read_to)) series_gap(true);
  m->read_to = to;
  m->wait_ms = number_field(&end, "\"waitMs\":", 0);
}

static size_t say(struct member *author, int number, const char *text, char *to) {
  char body[TEXT_BYTES_MAX + 128];
  snprintf(body, sizeof body, "{\"id\":\"bench-%d-%d\",\"text\":\"%s\"}", (int)getpid(), number, text);
  return post(author, "/v1/messages", body, to);
}

static size_t leave(struct member *m, char *to) {
  return post(m, "/v1/leave", "{}", to);
}

const struct wire encke_wire = { "encke", enter, entered, poll, polled, say, leave };
