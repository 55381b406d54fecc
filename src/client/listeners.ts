/** Who wants to hear of something. */
export interface Listeners<T> {
  /** The answer ends it. */
  readonly add: (listener: (value: T) => void) => () => void;
  /**
   * Tells everybody, each in a task of their own: what one of them throws stops neither the others
   * nor the poll loop, and comes out where the program sees it.
   */
  readonly tell: (value: T) => void;
}

export function listeners<T>(): Listeners<T> {
  const all = new Set<(value: T) => void>();
  return {
    add(listener) {
      // Wrapped, so that the same function added twice is two listeners.
      const one = (value: T): void => listener(value);
      all.add(one);
      return () => all.delete(one);
    },
    tell(value) {
      for (const listener of all) {
        queueMicrotask(() => {
          if (all.has(listener)) listener(value);
        });
      }
    },
  };
}
