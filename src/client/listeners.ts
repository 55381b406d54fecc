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
}

export function listeners<Events>(): Listeners<Events> {
  const all: { [Name in keyof Events]?: Set<(detail: Events[Name]) => void> } = {};
  return {
    on(name, listener) {
      // Wrapped, so that the same function added twice is two listeners.
      const one: typeof listener = (detail) => listener(detail);
      const those = (all[name] ??= new Set());
      those.add(one);
      return () => those.delete(one);
    },
    tell(name, detail) {
      for (const listener of all[name] ?? []) {
        try {
          listener(detail);
        } catch (error) {
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
  };
}
