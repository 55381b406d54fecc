/*
 * The load generator: one process, one thread, one epoll loop. It holds the polls of N different
 * members on N connections, sends messages one at a time, and looks at every reply: what the reply
 * brings is checked (every message, once, in order) and timed, from the moment before the message
 * was written to its socket until the moment after the reply was read from another. Both moments
 * are read from CLOCK_MONOTONIC in this process, and the first travels in the message's text.
 *
 * It is written in C so that it is not what is measured: it must take less time over a reply than
 * the server needs to write one, and says at the end which share of the time it was idle.
 *
 *     generator encke|nchan PORT MEMBERS BYTES
 *
 * BYTES is the length of a message's text for Encke, and of a whole message for Nchan. It says
 * "held" when all polls are held. Then each line "send COUNT GAP_MS" on its standard input sends
 * messages, GAP_MS apart, and is answered by one line of JSON. The end of its input ends it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Members that join at the same time: what a busy room sees, and far below any listen queue. */
enum { JOINING_MAX = 128 };
/* A reply to a join carries a snapshot of the room; nothing here is longer. */
enum { REPLY_BYTES_MAX = 512 * 1024 };
/* A message that did not arrive everywhere so long after the last one was sent is lost. */
enum { DEADLINE_MS = 15000 };
/* After the last delivery the server still takes the new polls: that, too, is work to measure. */
enum { SETTLE_MS = 500 };
/* Source addresses, so that no limit on ports per address comes near. */
enum { SOURCES = 8 };

enum state { CONNECTING, JOINING, POLLING, READY, SENDING };

/* A member with its connection. The last one is the sender, which never polls. */
struct member {
  int fd;
  enum state state;
  int turn;
  int expected;        /* the number of the next message that it must receive */
  int64_t asked_ns;
  char token[192];
  char cursor[128];    /* Encke's cursor, or both of Nchan's headers */
  char *partial;       /* a reply that has not arrived as a whole, or NULL */
  size_t partial_length;
};

struct reply {
  int status;
  const char *head, *body;
  size_t head_length, body_length;
};

static bool is_encke;
static int port, members, bytes;
static struct member *all, *sender;
static int epoll, joined, joining, started;

/* The command under way. */
static int sent, to_send, send_gap_ms, delivered;
static int64_t next_send_ns, last_event_ns, begun_ns, begun_cpu_ns;
static uint32_t *latencies_us, *acks_us;
static int acks;
static int64_t burst_ns, burst_cpu_ns, delivering_ns, delivering_cpu_ns;
static int64_t replies, reply_bytes, repeated, disordered, reconnects, wait_ms_max;
static int numbered;         /* messages sent since the beginning */
static char filler[8192];

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int64_t cpu_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void die(const char *format, ...) {
  va_list values;
  va_start(values, format);
  fprintf(stderr, "generator: ");
  vfprintf(stderr, format, values);
  fprintf(stderr, "\n");
  exit(1);
}

static void watch(struct member *m, uint32_t events, int how) {
  struct epoll_event event = { .events = events, .data.ptr = m };
  if (epoll_ctl(epoll, how, m->fd, &event) != 0) die("epoll_ctl: %s", strerror(errno));
}

/* --- Requests -------------------------------------------------------------------------------- */

static void begin_connecting(struct member *m) {
  int one = 1;
  m->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (m->fd < 0) die("no socket for member %d: %s", (int)(m - all), strerror(errno));
  setsockopt(m->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  /* Port numbers are then shared out when the connection is made, per pair of addresses. */
  setsockopt(m->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
  struct sockaddr_in source = { .sin_family = AF_INET };
  source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (m - all) % SOURCES);
  if (bind(m->fd, (struct sockaddr *)&source, sizeof source) != 0) die("bind: %s", strerror(errno));
  struct sockaddr_in server = { .sin_family = AF_INET, .sin_port = htons(port) };
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int failed = connect(m->fd, (struct sockaddr *)&server, sizeof server);
  if (failed && errno != EINPROGRESS) die("connect: %s", strerror(errno));
  m->state = CONNECTING;
  watch(m, EPOLLOUT, EPOLL_CTL_ADD);
}

static void request(struct member *m, enum state next, const char *format, ...) {
  char text[16384];
  va_list values;
  va_start(values, format);
  int length = vsnprintf(text, sizeof text, format, values);
  va_end(values);
  /* A request is far smaller than a socket's buffer, and there is never a second one in it. */
  m->state = next;
  m->asked_ns = now_ns();
  if (send(m->fd, text, length, MSG_NOSIGNAL) != length) die("send: %s", strerror(errno));
}

static void post(struct member *m, enum state next, const char *path, const char *body) {
  const char *bearer = m->token[0] ? "Authorization: Bearer " : "";
  const char *end = m->token[0] ? "\r\n" : "";
  request(m, next,
    "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%s%sContent-Type: application/json\r\n"
    "Content-Length: %zu\r\n\r\n%s",
    path, port, bearer, m->token, end, strlen(body), body);
}

static void join(struct member *m) {
  char body[64];
  /* Members of a generator that has ended may still be in the room. */
  snprintf(body, sizeof body, "{\"nick\":\"%d-%d\"}", (int)getpid(), (int)(m - all));
  post(m, JOINING, "/v1/join", body);
}

static void poll(struct member *m) {
  if (is_encke) {
    request(m, POLLING,
      "GET /v1/poll?after=%s&hold=25&tab=b&turn=%d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
      "Authorization: Bearer %s\r\n\r\n",
      m->cursor, m->turn++, port, m->token);
  } else {
    request(m, POLLING, "GET /poll HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\n", port, m->cursor);
  }
}

static void say(void) {
  char mark[64], body[sizeof filler + 256];
  int length = snprintf(mark, sizeof mark, "bench %d %lld ", numbered++, (long long)now_ns());
  int rest = bytes > length ? bytes - length : 0;
  if (is_encke) {
    const char *format = "{\"id\":\"bench-%d\",\"text\":\"%s%.*s\"}";
    snprintf(body, sizeof body, format, numbered, mark, rest, filler);
    post(sender, SENDING, "/v1/messages", body);
  } else {
    snprintf(body, sizeof body, "%s%.*s", mark, rest, filler);
    post(sender, SENDING, "/publish", body);
  }
  sent++;
  burst_ns = sender->asked_ns;
  burst_cpu_ns = cpu_ns();
}

/* --- Replies --------------------------------------------------------------------------------- */

/* The value of a header, or NULL. */
static const char *header(const struct reply *r, const char *name) {
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

/* Copies what follows `before` in the body, up to a quote. */
static void copy_field(const struct reply *r, const char *before, char *to, size_t size) {
  const char *at = memmem(r->body, r->body_length, before, strlen(before));
  if (at == NULL) die("no %s in: %.*s", before, (int)r->body_length, r->body);
  at += strlen(before);
  const char *end = memchr(at, '"', r->body + r->body_length - at);
  if (end == NULL || (size_t)(end - at) >= size) die("%s is too long", before);
  memcpy(to, at, end - at);
  to[end - at] = '\0';
}

static void copy_header(const struct reply *r, const char *name, const char *as, char **to) {
  const char *value = header(r, name);
  if (value == NULL) die("no %s in: %.*s", name, (int)r->head_length, r->head);
  *to += sprintf(*to, "%s: %.*s\r\n", as, (int)strcspn(value, "\r"), value);
}

static void keep_cursor(struct member *m, const struct reply *r) {
  if (is_encke) {
    copy_field(r, "\"cursor\":\"", m->cursor, sizeof m->cursor);
    return;
  }
  char *to = m->cursor;
  copy_header(r, "Last-Modified", "If-Modified-Since", &to);
  copy_header(r, "Etag", "If-None-Match", &to);
}

/* Checks and times every message in a reply. */
static void receive(struct member *m, const struct reply *r, int64_t at_ns) {
  const char *end = r->body + r->body_length;
  const char *mark = r->body;
  while ((mark = memmem(mark, end - mark, "bench ", 6)) != NULL) {
    char *after;
    int number = strtol(mark + 6, &after, 10);
    int64_t sent_ns = strtoll(after, NULL, 10);
    mark = after;
    if (number < m->expected) { repeated++; continue; }
    if (number > m->expected) disordered++;
    m->expected = number + 1;
    last_event_ns = at_ns;
    if (delivered < members * to_send) latencies_us[delivered++] = (at_ns - sent_ns) / 1000;
    if (delivered == members * sent) {
      delivering_ns += at_ns - burst_ns;
      delivering_cpu_ns += cpu_ns() - burst_cpu_ns;
    }
  }
  const char *wait = memmem(r->body, r->body_length, "\"waitMs\":", 9);
  if (wait != NULL && atoll(wait + 9) > wait_ms_max) wait_ms_max = atoll(wait + 9);
  replies++;
  reply_bytes += r->body_length;
}

static void start_members(void) {
  while (joining < JOINING_MAX && started <= members) {
    joining++;
    begin_connecting(&all[started++]);
  }
}

static void begin(struct member *m) {
  joining--;
  joined++;
  last_event_ns = now_ns();
  if (m == sender) m->state = READY;
  else poll(m);
  start_members();
}

static void answer(struct member *m, const struct reply *r, int64_t at_ns) {
  if (r->status < 200 || r->status > 299) {
    die("status %d: %.*s", r->status, (int)r->body_length, r->body);
  }
  switch (m->state) {
  case JOINING:
    copy_field(r, "\"token\":\"", m->token, sizeof m->token);
    keep_cursor(m, r);
    begin(m);
    break;
  case POLLING:
    receive(m, r, at_ns);
    keep_cursor(m, r);
    poll(m);
    break;
  case SENDING:
    acks_us[acks++] = (at_ns - m->asked_ns) / 1000;
    m->state = READY;
    break;
  default:
    die("a reply to no request: %.*s", (int)r->head_length, r->head);
  }
}

/* A connection that the server closed: the poll goes on upon a new one, with the same cursor. */
static void reconnect(struct member *m) {
  if (m->state != POLLING) die("the connection of member %d was closed", (int)(m - all));
  reconnects++;
  close(m->fd);
  free(m->partial);
  m->partial = NULL;
  begin_connecting(m);
}

static void readable(struct member *m) {
  static char text[REPLY_BYTES_MAX];
  size_t length = 0;
  if (m->partial != NULL) {
    memcpy(text, m->partial, length = m->partial_length);
    free(m->partial);
    m->partial = NULL;
  }
  ssize_t got = recv(m->fd, text + length, sizeof text - length, 0);
  int64_t at_ns = now_ns();
  if (got < 0 && errno == EAGAIN) got = 0;
  else if (got <= 0) { reconnect(m); return; }
  length += got;
  struct reply r;
  size_t taken = take_reply(text, length, &r);
  if (taken == length) { answer(m, &r, at_ns); return; }
  if (taken != 0) die("more than one reply to one request: %.200s", text + taken);
  m->partial = malloc(length);
  m->partial_length = length;
  memcpy(m->partial, text, length);
}

static void writable(struct member *m) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(m->fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) die("connect: %s", strerror(error));
  watch(m, EPOLLIN, EPOLL_CTL_MOD);
  if (m->turn > 0 || (m->cursor[0] && m != sender)) poll(m);
  else if (is_encke) join(m);
  else begin(m);
}

/* --- Commands -------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b) {
  uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
  return (left > right) - (left < right);
}

static double ms_at(uint32_t *values_us, int count, double share) {
  if (count == 0) return 0;
  int index = share * count;
  return values_us[index < count ? index : count - 1] / 1000.0;
}

static void report(void) {
  int64_t wall_ns = now_ns() - begun_ns, used_ns = cpu_ns() - begun_cpu_ns;
  int missing = 0;
  for (int i = 0; i < members; i++) missing += numbered - all[i].expected;
  qsort(latencies_us, delivered, sizeof *latencies_us, ascending);
  qsort(acks_us, acks, sizeof *acks_us, ascending);
  printf("{\"delivered\":%d,\"missing\":%d,\"repeated\":%ld,\"disordered\":%ld,",
    delivered, missing, repeated, disordered);
  printf("\"p50Ms\":%.3f,\"p99Ms\":%.3f,\"maxMs\":%.3f,\"ackP50Ms\":%.3f,",
    ms_at(latencies_us, delivered, 0.5), ms_at(latencies_us, delivered, 0.99),
    ms_at(latencies_us, delivered, 1), ms_at(acks_us, acks, 0.5));
  printf("\"replies\":%ld,\"replyBytes\":%.1f,\"waitMsMax\":%ld,\"reconnects\":%ld,",
    replies, replies ? (double)reply_bytes / replies : 0, wait_ms_max, reconnects);
  printf("\"wallMs\":%.1f,\"usedMs\":%.1f,\"idle\":%.4f,\"idleDelivering\":%.4f}\n",
    wall_ns / 1e6, used_ns / 1e6, 1 - (double)used_ns / wall_ns,
    delivering_ns ? 1 - (double)delivering_cpu_ns / delivering_ns : 0);
  fflush(stdout);
  to_send = 0;
}

static void command(void) {
  char line[128];
  ssize_t length = read(STDIN_FILENO, line, sizeof line - 1);
  if (length <= 0) exit(0);
  line[length] = '\0';
  if (sscanf(line, "send %d %d", &to_send, &send_gap_ms) != 2) die("not a command: %s", line);
  if (to_send < 1) die("nothing to send");
  latencies_us = realloc(latencies_us, sizeof *latencies_us * members * to_send);
  acks_us = realloc(acks_us, sizeof *acks_us * to_send);
  sent = acks = delivered = 0;
  delivering_ns = delivering_cpu_ns = 0;
  replies = reply_bytes = repeated = disordered = reconnects = wait_ms_max = 0;
  begun_ns = next_send_ns = last_event_ns = now_ns();
  begun_cpu_ns = cpu_ns();
}

/* Does what is due, and returns how many milliseconds may pass before there is something again. */
static int due(void) {
  static bool is_held;
  int64_t now = now_ns();
  if (!is_held && joined == members + 1 && now - last_event_ns > SETTLE_MS * 1000000LL) {
    is_held = true;
    printf("held\n");
    fflush(stdout);
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
    epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event);
  }
  if (to_send == 0) return 50;
  if (sent < to_send && now >= next_send_ns && sender->state == READY) {
    say();
    next_send_ns += send_gap_ms * 1000000LL;
  }
  bool is_over = sent == to_send && acks == to_send;
  int64_t quiet_ms = (now - last_event_ns) / 1000000;
  if (is_over && delivered == members * to_send && quiet_ms >= SETTLE_MS) report();
  else if (is_over && quiet_ms >= DEADLINE_MS) report();
  int64_t wait_ms = (next_send_ns - now) / 1000000;
  return sent == to_send ? 10 : wait_ms < 0 ? 1 : wait_ms > 50 ? 50 : wait_ms;
}

int main(int count, char **values) {
  if (count != 5) die("give encke|nchan PORT MEMBERS BYTES");
  is_encke = strcmp(values[1], "encke") == 0;
  port = atoi(values[2]);
  members = atoi(values[3]);
  bytes = atoi(values[4]);
  if (bytes >= (int)sizeof filler) die("a message has at most %zu bytes", sizeof filler - 1);
  memset(filler, 'x', sizeof filler - 1);
  all = calloc(members + 1, sizeof *all);
  sender = &all[members];
  epoll = epoll_create1(EPOLL_CLOEXEC);
  start_members();
  for (;;) {
    struct epoll_event events[512];
    int ready = epoll_wait(epoll, events, 512, due());
    for (int i = 0; i < ready; i++) {
      struct member *m = events[i].data.ptr;
      if (m == NULL) command();
      else if (m->state == CONNECTING) writable(m);
      else readable(m);
    }
  }
}
