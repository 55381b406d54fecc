/** The scenarios, in the order in which they run and are reported. */
import type { Scenario } from '../scenario.ts';
import { durable } from './durable.ts';
import { fanOut, fanOutLongJournal } from './fan-out.ts';
import { joins } from './joins.ts';
import { memory } from './memory.ts';
import { page } from './page.ts';
import { post } from './post.ts';
import { highestRate, rate } from './rate.ts';
import { restart } from './restart.ts';
import { start } from './start.ts';

export const scenarios: readonly Scenario[] = [
  fanOut,
  fanOutLongJournal,
  rate,
  highestRate,
  durable,
  joins,
  post,
  restart,
  memory,
  page,
  start,
];
