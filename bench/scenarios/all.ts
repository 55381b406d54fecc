/** The scenarios, in the order in which they run and are reported. */
import type { Scenario } from '../scenario.ts';
import { fanOut, fanOutLongJournal } from './fan-out.ts';

export const scenarios: readonly Scenario[] = [fanOut, fanOutLongJournal];
