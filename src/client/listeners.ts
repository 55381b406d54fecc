/** Who wants to hear of what. */
export interface Listeners<Events> {
  /** The answer ends it. */
  readonly on: <Name extends keyof Events>(
    name: Name,
    listener: (detail: Events[Name]) => void,
  ) => () => void;
  /**
   * Tells everybody, now and in order. What one of them throws stops neither the others nor the
   * poll loop, and comes out where the program sees it.
   */
  readonly tell: <Name extends keyof Events>(name: Name, detail: Events[Name]) => void;
  /** Resolves when everybody has been told of something, whatever it is. */
  readonly news: () => Promise<void>;
}

export function listeners<Events>(): Listeners<Events> {
  const all = new Set<One<Events>>();
  const waiting: (() => void)[] = [];
  return {
    on(name, listener) {
      // The same function added twice is two listeners.
      const one = { name, listener } as One<Events>;
      all.add(one);
      return () => all.delete(one);
    },
    tell(name, detail) {
      for (const one of all) {
        try {
          if (one.name === name) one.listener(detail);
        } catch (error) {
          queueMicrotask(() => {
            throw error;
          });
        }
      }
      for (const goOn of waiting.splice(0)) goOn();
    },
    news: () => new Promise((resolve) => waiting.push(resolve)),
  };
}

interface One<Events> {
  readonly name: keyof Events;
  readonly listener: (detail: unknown) => void;
}
