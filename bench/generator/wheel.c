/* Time: the clock, and a wheel of milliseconds for what is to be tried again later. */
#define _GNU_SOURCE
#include "generator.h"
#include <stdlib.h>
#include <time.h>

/* The clock by which the kernel stamps what arrives; a benchmark does not live to see it set. */
int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int64_t cpu_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

enum { SLOTS = 65536 };
static struct connection *slots[SLOTS];
static int waiting;
static int64_t turned_ms;

void wheel_add(struct connection *c, double in_ms) {
  if (c->again_ns != 0) die("a connection waits for two things");
  if (in_ms > SLOTS - 2) in_ms = SLOTS - 2;
  int64_t at_ns = now_ns() + (int64_t)(in_ms * 1e6);
  if (waiting++ == 0) turned_ms = now_ns() / 1000000;
  c->again_ns = at_ns;
  int64_t at_ms = at_ns / 1000000 + 1;
  c->later = slots[at_ms % SLOTS];
  slots[at_ms % SLOTS] = c;
}

void wheel_turn(int64_t now) {
  while (waiting > 0 && turned_ms < now / 1000000) {
    struct connection **slot = &slots[++turned_ms % SLOTS];
    struct connection *c = *slot;
    *slot = NULL;
    while (c != NULL) {
      struct connection *later = c->later;
      waiting--;
      c->again_ns = 0;
      if (c->kind == MEMBER) member_again((struct member *)c);
      else lane_again((struct lane *)c);
      c = later;
    }
  }
}

int64_t wheel_next_ns(int64_t now) {
  return waiting > 0 ? now + 1000000 : INT64_MAX;
}

double backoff_ms(int attempt, bool is_lost, double retry_ms) {
  double ceiling_ms = 500;
  for (int i = 1; i < attempt && ceiling_ms < 30000; i++) ceiling_ms *= 2;
  if (ceiling_ms > 30000) ceiling_ms = 30000;
  if (is_lost && attempt == 1) ceiling_ms = 100;
  return retry_ms + drand48() * ceiling_ms;
}
