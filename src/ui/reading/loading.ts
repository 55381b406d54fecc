import type { Failure } from '../../client/answer.ts';

/** How it stands with what is read on demand. */
export type Loading = 'ready' | 'loading' | Failure;

/**
 * Whether to read now. After a failure only who asks `again` is heard: scrolling alone would ask
 * without end.
 */
export function mayLoad(state: Loading, again?: 'again'): boolean {
  return state === 'ready' || (again !== undefined && state !== 'loading');
}

export function isFailure(state: Loading): state is Failure {
  return typeof state !== 'string';
}
