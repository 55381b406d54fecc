/* Times that something took: a histogram, exact to 10 us, however many there are. */
#include "generator.h"
#include <stdlib.h>
#include <string.h>

enum { STEP_NS = 10000, STEPS = 6000000 };

void times_clear(struct times *t) {
  if (t->counts == NULL) t->counts = calloc(STEPS, sizeof *t->counts);
  else if (t->count > 0) memset(t->counts, 0, STEPS * sizeof *t->counts);
  t->count = 0;
  t->max_ms = 0;
}

void times_add(struct times *t, int64_t ns) {
  int64_t step = ns < 0 ? 0 : ns / STEP_NS;
  t->counts[step < STEPS ? step : STEPS - 1]++;
  t->count++;
  if (ns / 1e6 > t->max_ms) t->max_ms = ns / 1e6;
}

double times_at(const struct times *t, double share) {
  int64_t below = 0;
  for (int step = 0; step < STEPS && t->count > 0; step++) {
    below += t->counts[step];
    if (below > 0 && below >= share * t->count) return step * (STEP_NS / 1e6);
  }
  return 0;
}
