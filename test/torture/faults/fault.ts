/** What is broken on purpose. */
import type { Stage } from '../stage.ts';

export interface Fault {
  readonly name: string;
  /** Whether the serving process ends by it. */
  readonly endsProcess: boolean;
  /** How often it is drawn, compared with others. */
  readonly weight: number;
  /** Why it is impossible here; null when it is possible. */
  readonly needs: (stage: Pick<Stage, 'disk'>) => string | null;
  /**
   * Breaks something, makes sure that it broke, and mends what would not mend itself. Answers with
   * how it is known that it happened. Throws when it did not.
   */
  readonly inject: (stage: Stage) => Promise<string>;
}

/** It needs nothing but a server. */
export const nothing = (): null => null;
