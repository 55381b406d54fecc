/* A series of messages: said when due, checked and timed when received, and told in one line. */
#define _GNU_SOURCE
#include "generator.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* After the last delivery the server still takes the new polls: that, too, is work to measure. */
enum { SETTLE_MS = 300 };

struct tally tally;
int text_bytes = 100;

static bool is_running, is_quiet;
static int first_number, next_number;    /* messages are numbered through all series */
static int count, receivers;
static int64_t gap_ns, drain_ns, begun_ns, begun_cpu_ns, last_event_ns;
static int64_t *due_ns;                  /* when each message that was sent was due, or 0 */
static int sent, acknowledged;
static int64_t delivered, repeated, gaps, silent_gaps, replies, body_bytes, head_bytes;
static double wait_ms_max;
static struct times latencies, acks;

/* Which messages each receiver has: a row of bits, and how many. And a hash of their order. */
static uint8_t *seen;
static size_t row_bytes;
static struct got { int count; uint64_t order; } *got;
/* The last message of each lane that the first receiver has: an author's own order. */
static int *newest;
static int64_t inverted;

/* The time in which the one message of a quiet room was on its way, and what we used of it. */
static int64_t said_ns, said_cpu_ns, delivering_ns, delivering_cpu_ns;

static char filler[TEXT_BYTES_MAX];

void series_begin(int messages, int gap_us, bool quiet, int drain_ms) {
  if (messages < 1 || members_count < 1) die("there is nothing to send, or nobody to receive it");
  if (is_running) die("a series is under way");
  memset(filler, 'x', sizeof filler);
  is_quiet = quiet;
  count = messages;
  receivers = members_count;
  first_number = next_number;
  next_number += count;
  gap_ns = gap_us * 1000LL;
  drain_ns = drain_ms * 1000000LL;
  row_bytes = (count + 7) / 8;
  free(seen);
  free(got);
  seen = calloc(receivers, row_bytes);
  got = calloc(receivers, sizeof *got);
  free(due_ns);
  due_ns = calloc(count, sizeof *due_ns);
  newest = realloc(newest, lanes_count * sizeof *newest);
  memset(newest, 0xff, lanes_count * sizeof *newest);
  for (int i = 0; i < lanes_count; i++) lanes[i].message = i;
  sent = acknowledged = 0;
  delivered = repeated = inverted = gaps = silent_gaps = replies = body_bytes = head_bytes = 0;
  delivering_ns = delivering_cpu_ns = 0;
  wait_ms_max = 0;
  memset(&tally, 0, sizeof tally);
  times_clear(&latencies);
  times_clear(&acks);
  begun_ns = last_event_ns = now_ns();
  begun_cpu_ns = cpu_ns();
  is_running = true;
}

int64_t series_message_due_ns(int message) {
  if (!is_running || message >= count) return INT64_MAX;
  if (!is_quiet) return begun_ns + message * gap_ns;
  bool is_alone = message == sent && delivered == (int64_t)receivers * sent && acknowledged == sent;
  return is_alone ? last_event_ns + gap_ns : INT64_MAX;
}

size_t series_say(int message, struct member *author, int64_t now, char *to) {
  char text[TEXT_BYTES_MAX + 64];
  if (due_ns[message] == 0) {
    due_ns[message] = is_quiet ? now : series_message_due_ns(message);
    sent++;
  }
  int length = snprintf(text, sizeof text, "bench %d ", first_number + message);
  int rest = text_bytes > length ? text_bytes - length : 0;
  snprintf(text + length, sizeof text - length, "%.*s", rest, filler);
  said_ns = now;
  said_cpu_ns = cpu_ns();
  return wire->say(author, first_number + message, text, to);
}

void series_acknowledged(int message, int64_t at_ns) {
  if (!is_running) return;
  acknowledged++;
  last_event_ns = at_ns;
  times_add(&acks, at_ns - due_ns[message]);
}

static void take(struct member *m, int number, int64_t at_ns) {
  int message = number - first_number;
  if (message < 0 || message >= count || due_ns[message] == 0) { repeated++; return; }
  uint8_t *byte = &seen[m->index * row_bytes + message / 8], bit = 1 << message % 8;
  if (*byte & bit) { repeated++; return; }
  *byte |= bit;
  got[m->index].count++;
  got[m->index].order = got[m->index].order * 0x9e3779b97f4a7c15ULL + message + 1;
  if (m->index == 0) {
    int *before = &newest[message % lanes_count];
    if (message < *before) inverted++;
    *before = message;
  }
  times_add(&latencies, at_ns - due_ns[message]);
  delivered++;
  if (at_ns > last_event_ns) last_event_ns = at_ns;
  if (!is_quiet || delivered != (int64_t)receivers * sent) return;
  delivering_ns += now_ns() - said_ns;
  delivering_cpu_ns += cpu_ns() - said_cpu_ns;
}

void series_received(struct member *m, const struct reply *r, int64_t at_ns) {
  if (!is_running || m->index >= receivers) return;
  const char *end = r->body + r->body_length, *mark = r->body;
  while (mark < end && (mark = memmem(mark, end - mark, "bench ", 6)) != NULL) {
    take(m, atoi(mark + 6), at_ns);
    /* A text is at least so long, and there is no other in it. */
    mark += text_bytes;
  }
  replies++;
  body_bytes += r->body_length;
  head_bytes += r->head_length;
  if (m->wait_ms > wait_ms_max) wait_ms_max = m->wait_ms;
}

void series_gap(bool is_silent) {
  if (is_silent) silent_gaps++;
  else gaps++;
}

/* Everybody who received all of them must have received them in the same order. */
static int64_t disordered(void) {
  int64_t others = 0;
  const struct got *first = NULL;
  for (int i = 0; i < receivers; i++) {
    if (got[i].count < count) continue;
    if (first == NULL) first = &got[i];
    others += got[i].order != first->order;
  }
  return others + inverted;
}

static void report(void) {
  int64_t wall_ns = now_ns() - begun_ns, used_ns = cpu_ns() - begun_cpu_ns;
  int64_t missing = (int64_t)receivers * count - delivered;
  is_running = false;
  tell("{\"count\":%d,\"receivers\":%d,\"delivered\":%ld,\"missing\":%ld,\"repeated\":%ld,"
    "\"disordered\":%ld,\"unacknowledged\":%d,\"refused\":%d,\"lost\":%d,\"reconnects\":%d,"
    "\"gaps\":%ld,\"silentGaps\":%ld,\"p50Ms\":%.3f,\"p99Ms\":%.3f,\"maxMs\":%.3f,"
    "\"ackP50Ms\":%.3f,\"ackP99Ms\":%.3f,\"ackMaxMs\":%.3f,\"replies\":%ld,\"bodyBytes\":%.1f,"
    "\"headBytes\":%.1f,\"waitMsMax\":%.0f,\"wallMs\":%.1f,\"usedMs\":%.1f,"
    "\"idle\":%.4f,\"idleDelivering\":%.4f}",
    count, receivers, delivered, missing, repeated, disordered(), count - acknowledged,
    tally.refused, tally.lost, tally.reconnects, gaps, silent_gaps, times_at(&latencies, 0.5),
    times_at(&latencies, 0.99), latencies.max_ms, times_at(&acks, 0.5), times_at(&acks, 0.99),
    acks.max_ms, replies, replies ? (double)body_bytes / replies : 0,
    replies ? (double)head_bytes / replies : 0, wait_ms_max, wall_ns / 1e6,
    used_ns / 1e6, 1 - (double)used_ns / wall_ns,
    delivering_ns ? 1 - (double)delivering_cpu_ns / delivering_ns : 0);
}

int64_t series_due(int64_t now) {
  if (!is_running) return INT64_MAX;
  bool is_complete = acknowledged == count && delivered == (int64_t)receivers * count;
  int64_t last_due_ns = is_quiet ? last_event_ns : begun_ns + (count - 1) * gap_ns;
  int64_t end_ns = is_complete ? last_event_ns + SETTLE_MS * 1000000LL : last_due_ns + drain_ns;
  if (now < end_ns) return end_ns;
  report();
  return INT64_MAX;
}
