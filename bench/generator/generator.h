/*
 * The load generator: one process, one thread, one epoll loop. It brings N different members into
 * a room, each upon a connection of its own, holds their polls, has some of them write, and looks
 * at every reply: what it brings is checked (every message, once, in one order for everybody) and
 * timed.
 *
 * It is written in C so that it is not what is measured. Three things keep it out of the figures:
 *
 * - A message is timed from when it was due, whether or not the one before it was acknowledged by
 *   then; a server that is slow cannot slow down the questions that would show it.
 * - The moment of arrival is the kernel's (SO_TIMESTAMPNS): when the last byte of a reply was put
 *   into the receiver's socket, not when this process came to read it.
 * - Receiving comes first: new polls wait in a queue, and only a few are sent between two looks at
 *   what has arrived.
 *
 * It says at the end which share of the time it was idle.
 */
#ifndef GENERATOR_H
#define GENERATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- Connections (connection.c) -------------------------------------------------------------- */

/* A lane is a connection upon which members write; a poll needs the member's own. */
enum kind { MEMBER, LANE };

struct connection {
  enum kind kind;
  int fd;                    /* -1 while there is none */
  int source;                /* which of the source addresses is its own */
  bool is_open;
  bool is_waiting;           /* a request has been sent, and its reply has not arrived */
  char *partial;             /* a reply that has not arrived as a whole, or NULL */
  size_t partial_length;
  int64_t again_ns;          /* when its timer ends, or 0 */
  struct connection *later;  /* the next one in the same slot of the wheel */
};

struct reply {
  int status;
  const char *head, *body;
  size_t head_length, body_length;
};

void connections_begin(int port);
/* Opens a connection; `opened` is told when it is there, `closed` when it cannot be had. */
void connection_open(struct connection *c);
void connection_close(struct connection *c);
void connection_ask(struct connection *c, const char *text, size_t length);
/* Takes what has arrived, or that the connection is open, or that it is gone. */
void connection_ready(struct connection *c);
/* The value of a header, or NULL. */
const char *header(const struct reply *r, const char *name);
/* The number after `name` (such as `"to":`) in the body, or `otherwise`. */
int64_t number_field(const struct reply *r, const char *name, int64_t otherwise);
/* Copies what follows `before` in the body, up to a quote. False when it is not there. */
bool copy_field(const struct reply *r, const char *before, char *to, size_t size);

/* --- Time (wheel.c, times.c) -------------------------------------------------------------------------- */

int64_t now_ns(void);
int64_t cpu_ns(void);
/* Calls `again` for the connection in so many milliseconds, at most a minute. */
void wheel_add(struct connection *c, double in_ms);
void wheel_turn(int64_t now);
/* When something may be due next. */
int64_t wheel_next_ns(int64_t now);

/* How long something took, many times over: counted in steps of 10 us, up to a minute. */
struct times { uint32_t *counts; int64_t count; double max_ms; };

void times_clear(struct times *t);
void times_add(struct times *t, int64_t ns);
/* The time that this share of them stayed below, in milliseconds. */
double times_at(const struct times *t, double share);

/* How long the client of Encke waits after a failure: src/client/backoff.ts. */
double backoff_ms(int attempt, bool is_lost, double retry_ms);

/* --- Members (members.c) --------------------------------------------------------------------- */

enum state { ENTERING, POLLING, LOST, LEFT };

struct member {
  struct connection link;    /* first, so that either is the other */
  int index;
  enum state state;
  int step;                  /* of entering: which request is under way */
  int turn;                  /* of polling */
  int attempts;              /* failures in a row */
  int64_t due_ns;            /* when it was to come in */
  bool owes;                 /* the wire wants an answer before the next poll: Engine.IO's pong */
  double wait_ms;            /* what the last reply asked to wait before the next poll */
  int64_t read_to;           /* the seq that the last reply reached, where the wire has one */
  char token[192];           /* a token, a session's id, a client's id */
  char cursor[128];          /* Encke's cursor, or both of Nchan's headers */
  bool is_queued;
  struct member *next;       /* in the queue of polls to send */
};

extern struct member **members;
extern int members_count, members_in;

/* Brings members in, as fast as the server takes them, or evenly over a time. */
void members_hold(int count, int over_ms);
void members_tell_waiting(void);
void members_leave(void);
/* Sends at most so many of the polls that are due. Returns whether there are more. */
bool members_poll(int most);
/* Opens the connections of those who are due. Returns when the next one is. */
int64_t members_due(int64_t now);
void member_opened(struct member *m);
void member_closed(struct member *m);
void member_replied(struct member *m, const struct reply *r, int64_t at_ns);
void member_again(struct member *m);

/* --- Messages (series.c, lanes.c) ------------------------------------------------------------ */

struct lane {
  struct connection link;
  int index;
  int message;               /* of the series: the one under way, or the next */
  int leaving;               /* the member whose leave is under way, or -1 */
  int attempts;
};

extern struct lane *lanes;
extern int lanes_count;

/* Opens so many, if they are not open yet. */
void lanes_open(int count);
void lane_opened(struct lane *l);
void lane_closed(struct lane *l);
void lane_replied(struct lane *l, const struct reply *r, int64_t at_ns);
void lane_again(struct lane *l);
int64_t lanes_due(int64_t now);

/*
 * Sends messages at a pace, or in a quiet room: each one so long after the one before has arrived
 * everywhere. Gives up on what has not arrived so long after the last one was due.
 */
void series_begin(int count, int gap_us, bool is_quiet, int drain_ms);
/* Tells the result when the series is over. Returns when to look again. */
int64_t series_due(int64_t now);
/* When a message of the series is due; INT64_MAX when it is not known yet, or there is none. */
int64_t series_message_due_ns(int message);
/* Composes the request that says a message. */
size_t series_say(int message, struct member *author, int64_t now, char *to);
void series_acknowledged(int message, int64_t at_ns);
/* Takes every message in a reply, checks it and times it. */
void series_received(struct member *m, const struct reply *r, int64_t at_ns);
/* What a reply left out: it says so, or it does not. */
void series_gap(bool is_silent);

/* What went otherwise than asked for; told with the series, or with what else was asked for. */
extern struct tally { int refused, lost, reconnects; } tally;
/* Counts a reply that is a refusal, and shows the first few. */
void refused(const struct reply *r);
/* Whether the same request may succeed later. */
bool may_try_again(const struct reply *r);

extern int text_bytes;

/* --- Wires (wires/encke.c, nchan.c, socket-io.c, faye.c) ------------------------------------------- */

enum { REQUEST_BYTES_MAX = 16384, TEXT_BYTES_MAX = 8192 };

/* How a server is talked to. Each function composes a request, or reads the reply to one. */
struct wire {
  const char *name;
  /* The request of this step of coming in; 0 when there is none, and the member is in. */
  size_t (*enter)(struct member *m, char *to);
  /* Takes the reply. Returns whether the member is in; otherwise the next step follows. */
  bool (*entered)(struct member *m, const struct reply *r);
  size_t (*poll)(struct member *m, char *to);
  void (*polled)(struct member *m, const struct reply *r);
  /* Says a text, under a number that stays the same when it is said again. */
  size_t (*say)(struct member *author, int number, const char *text, char *to);
  /* Leaves the room; NULL where there is none. */
  size_t (*leave)(struct member *m, char *to);
};

extern const struct wire encke_wire, nchan_wire, socket_io_wire, faye_wire;
extern const struct wire *wire;
extern int server_port;

/* --- The rest (main.c) ----------------------------------------------------------------------- */

void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
/* One line of JSON on standard output. */
void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
