/* Faye: the Bayeux protocol by long polling. A handshake, a subscription, then connects. */
#define _GNU_SOURCE
#include "../generator.h"
#include <stdio.h>
#include <string.h>

static size_t post(const char *body, char *to) {
  return sprintf(to,
    "POST /chat HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
    "Content-Length: %zu\r\n\r\n%s",
    server_port, strlen(body), body);
}

static size_t enter(struct member *m, char *to) {
  char body[512];
  switch (m->step) {
  case 0:
    return post("[{\"channel\":\"/meta/handshake\",\"version\":\"1.0\","
      "\"supportedConnectionTypes\":[\"long-polling\"],\"id\":\"1\"}]", to);
  case 1:
    snprintf(body, sizeof body, "[{\"channel\":\"/meta/subscribe\",\"clientId\":\"%s\","
      "\"subscription\":\"/room\",\"id\":\"2\"}]", m->token);
    return post(body, to);
  default:
    return 0;
  }
}

static bool entered(struct member *m, const struct reply *r) {
  if (memmem(r->body, r->body_length, "\"successful\":true", 17) == NULL) die("not taken in");
  if (m->step == 0 && !copy_field(r, "\"clientId\":\"", m->token, sizeof m->token)) die("no id");
  return m->step == 1;
}

static size_t poll(struct member *m, char *to) {
  char body[512];
  snprintf(body, sizeof body, "[{\"channel\":\"/meta/connect\",\"clientId\":\"%s\","
    "\"connectionType\":\"long-polling\",\"id\":\"%d\"}]", m->token, 3 + m->turn++);
  return post(body, to);
}

static void polled(struct member *m, const struct reply *r) {
  (void)m;
  (void)r;
}

static size_t say(struct member *author, int number, const char *text, char *to) {
  char body[TEXT_BYTES_MAX + 512];
  snprintf(body, sizeof body, "[{\"channel\":\"/room\",\"clientId\":\"%s\",\"id\":\"s%d\","
    "\"data\":{\"key\":\"bench-%d\",\"text\":\"%s\"}}]", author->token, number, number, text);
  return post(body, to);
}

const struct wire faye_wire = { "faye", enter, entered, poll, polled, say, NULL };
