/*
 * Lanes: connections upon which members write. A lane carries one request at a time, and each
 * message of a series belongs to one lane, in turn; so a message that must wait for the one before
 * it waits in its own time, which counts from when it was due.
 */
#define _GNU_SOURCE
#include "generator.h"
#include <stdlib.h>

struct lane *lanes;
int lanes_count;

/* The member who leaves next, or -1 when nobody is asked to. */
static int leaving = -1;
static int left;
static int64_t begun_ns;

void lanes_open(int count) {
  if (lanes_count > 0) {
    if (count != lanes_count) die("there are %d lanes already", lanes_count);
    return;
  }
  lanes = calloc(count, sizeof *lanes);
  lanes_count = count;
  for (int i = 0; i < count; i++) {
    struct lane *l = &lanes[i];
    l->link.kind = LANE;
    l->link.fd = -1;
    l->index = l->message = i;
    l->leaving = -1;
    connection_open(&l->link);
  }
}

static struct member *author_of(struct lane *l) {
  return members[l->index % members_count];
}

/* Asks what is due on this lane, if anything is. Returns when something may be. */
static int64_t ask_due(struct lane *l, int64_t now) {
  char text[REQUEST_BYTES_MAX];
  size_t length;
  if (l->leaving >= 0 || leaving >= 0) {
    if (l->leaving < 0) {
      if (leaving == members_count) return INT64_MAX;
      l->leaving = leaving++;
      /* Whatever their poll is answered with from now on, they do not ask again. */
      members[l->leaving]->state = LEFT;
    }
    length = wire->leave(members[l->leaving], text);
  } else {
    int64_t due_ns = series_message_due_ns(l->message);
    if (due_ns > now) return due_ns;
    length = series_say(l->message, author_of(l), now, text);
  }
  connection_ask(&l->link, text, length);
  return INT64_MAX;
}

int64_t lanes_due(int64_t now) {
  int64_t next_ns = INT64_MAX;
  for (int i = 0; i < lanes_count; i++) {
    struct connection *link = &lanes[i].link;
    if (!link->is_open || link->is_waiting || link->again_ns != 0) continue;
    int64_t due_ns = ask_due(&lanes[i], now);
    if (due_ns < next_ns) next_ns = due_ns;
  }
  return next_ns;
}

void lane_opened(struct lane *l) {
  (void)l;
}

void lane_closed(struct lane *l) {
  if (l->link.again_ns == 0) wheel_add(&l->link, backoff_ms(++l->attempts, true, 0));
}

void lane_again(struct lane *l) {
  if (!l->link.is_open) connection_open(&l->link);
}

static void one_left(struct lane *l) {
  struct member *m = members[l->leaving];
  l->leaving = -1;
  connection_close(&m->link);
  if (++left < members_count) return;
  leaving = -1;
  tell("{\"left\":%d,\"refused\":%d,\"wallMs\":%.1f}", left, tally.refused,
    (now_ns() - begun_ns) / 1e6);
}

void lane_replied(struct lane *l, const struct reply *r, int64_t at_ns) {
  if (r->status < 200 || r->status > 299) {
    refused(r);
    double retry_ms = may_try_again(r) ? number_field(r, "\"retryMs\":", 0) : 1000;
    wheel_add(&l->link, backoff_ms(++l->attempts, false, retry_ms));
    return;
  }
  l->attempts = 0;
  if (l->leaving >= 0) { one_left(l); return; }
  series_acknowledged(l->message, at_ns);
  l->message += lanes_count;
}

void members_leave(void) {
  if (wire->leave == NULL) die("nobody leaves on this wire");
  leaving = left = 0;
  begun_ns = now_ns();
}
