/* Members: they come in, poll again and again, come back after a failure, and leave. */
#define _GNU_SOURCE
#include "generator.h"
#include <stdlib.h>
#include <string.h>

/* Who comes in at the same time, when no pace is asked for: far below any listen queue. */
enum { ENTERING_MAX = 128 };

struct member **members;
int members_count, members_in;

static int started;              /* of all members, those whose connection was opened */
static int lost;
static int held_before;          /* members that were there when the last hold began */
static bool is_paced, is_told = true;
static int64_t begun_ns, begun_cpu_ns;
static struct times entries;     /* how long coming in took, from when it was due */

static struct member *first, *last;   /* the polls to send */

void members_hold(int count, int over_ms) {
  held_before = members_count;
  members = realloc(members, (members_count + count) * sizeof *members);
  begun_ns = now_ns();
  begun_cpu_ns = cpu_ns();
  is_paced = over_ms > 0;
  is_told = false;
  times_clear(&entries);
  for (int i = 0; i < count; i++) {
    struct member *m = calloc(1, sizeof *m);
    m->link.kind = MEMBER;
    m->link.fd = -1;
    m->index = members_count;
    m->read_to = -1;
    m->due_ns = begun_ns + (int64_t)over_ms * 1000000 * i / count;
    members[members_count++] = m;
  }
}

int64_t members_due(int64_t now) {
  while (started < members_count) {
    struct member *m = members[started];
    if (is_paced && m->due_ns > now) return m->due_ns;
    if (!is_paced && started - members_in - lost >= ENTERING_MAX) return INT64_MAX;
    if (!is_paced) m->due_ns = now;
    started++;
    connection_open(&m->link);
  }
  if (is_told || members_in + lost < members_count) return INT64_MAX;
  is_told = true;
  int64_t wall_ns = now - begun_ns;
  tell("{\"held\":%d,\"refused\":%d,\"lost\":%d,\"reconnects\":%d,\"entryP50Ms\":%.3f,"
    "\"entryP99Ms\":%.3f,\"entryMaxMs\":%.3f,\"wallMs\":%.1f,\"idle\":%.4f}",
    members_in - held_before, tally.refused, lost, tally.reconnects,
    times_at(&entries, 0.5), times_at(&entries, 0.99), entries.max_ms, wall_ns / 1e6,
    1 - (double)(cpu_ns() - begun_cpu_ns) / wall_ns);
  return INT64_MAX;
}

static void queue_poll(struct member *m) {
  if (m->is_queued) return;
  m->is_queued = true;
  m->next = NULL;
  if (first == NULL) first = m;
  else last->next = m;
  last = m;
}

bool members_poll(int most) {
  char text[REQUEST_BYTES_MAX];
  while (first != NULL && most-- > 0) {
    struct member *m = first;
    first = m->next;
    m->is_queued = false;
    /* The connection may have been lost while the poll waited; then it is asked upon the next. */
    if (m->state == POLLING && m->link.is_open && !m->link.is_waiting) {
      connection_ask(&m->link, text, wire->poll(m, text));
    }
  }
  return first != NULL;
}

static void enter(struct member *m) {
  char text[REQUEST_BYTES_MAX];
  size_t length = wire->enter(m, text);
  if (length > 0) { connection_ask(&m->link, text, length); return; }
  m->state = POLLING;
  members_in++;
  times_add(&entries, now_ns() - m->due_ns);
  queue_poll(m);
}

void members_tell_waiting(void) {
  int waiting = 0;
  for (int i = 0; i < members_count; i++) {
    waiting += members[i]->state == POLLING && members[i]->link.is_waiting;
  }
  tell("{\"waiting\":%d}", waiting);
}

void member_opened(struct member *m) {
  if (m->state == ENTERING) enter(m);
  else if (m->state == POLLING) queue_poll(m);
  else connection_close(&m->link);
}

/* What a connection had under way is asked again upon the next, with the same cursor. */
void member_closed(struct member *m) {
  if (m->state == LOST || m->state == LEFT || m->link.again_ns != 0) return;
  wheel_add(&m->link, backoff_ms(++m->attempts, true, 0));
}

void member_again(struct member *m) {
  if (m->state == LOST || m->state == LEFT) return;
  if (!m->link.is_open) connection_open(&m->link);
  else if (m->state == ENTERING) enter(m);
  else queue_poll(m);
}

static void was_refused(struct member *m, const struct reply *r) {
  refused(r);
  if (may_try_again(r)) {
    wheel_add(&m->link, backoff_ms(++m->attempts, false, number_field(r, "\"retryMs\":", 0)));
    return;
  }
  tally.lost++;
  lost++;
  if (m->state == POLLING) members_in--;
  m->state = LOST;
  connection_close(&m->link);
}

void member_replied(struct member *m, const struct reply *r, int64_t at_ns) {
  if (m->state == LEFT) { connection_close(&m->link); return; }
  if (r->status < 200 || r->status > 299) { was_refused(m, r); return; }
  m->attempts = 0;
  if (m->state == ENTERING) {
    if (wire->entered(m, r)) m->step = -1;
    else m->step++;
    enter(m);
    return;
  }
  m->wait_ms = 0;
  wire->polled(m, r);
  series_received(m, r, at_ns);
  if (m->wait_ms > 0) wheel_add(&m->link, m->wait_ms);
  else queue_poll(m);
}
