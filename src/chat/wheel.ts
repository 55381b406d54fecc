/**
 * All time-outs of the chat on one wheel: a hashed timing wheel (G. Varghese and A. Lauck, 1987,
 * scheme 6). Setting and cancelling cost the same whether ten or a hundred thousand are set, and
 * one timer of the machine turns the wheel for all of them.
 *
 * A time-out fires up to one tick late, never early.
 */
export interface WheelItem {
  /** When it falls due, on the monotonic clock in milliseconds. Owned by the wheel while set. */
  dueMs: number;
}

export class Wheel<Item extends WheelItem> {
  readonly #tickMs: number;
  readonly #slots: Set<Item>[];
  /** The last tick whose slot has been emptied. */
  #tick: number;
  #size = 0;

  constructor(tickMs: number, slots: number, nowMs: number) {
    this.#tickMs = tickMs;
    this.#slots = Array.from({ length: slots }, () => new Set<Item>());
    this.#tick = Math.floor(nowMs / tickMs);
  }

  get size(): number {
    return this.#size;
  }

  /** Sets a time-out. One that is set already moves. */
  set(item: Item, dueMs: number): void {
    this.cancel(item);
    item.dueMs = dueMs;
    this.#slotOf(dueMs).add(item);
    this.#size++;
  }

  /** Cancels a time-out; harmless when it is not set. */
  cancel(item: Item): void {
    if (this.#slotOf(item.dueMs).delete(item)) this.#size--;
  }

  /** Turns the wheel to now and hands over what fell due, each no longer set. */
  turn(nowMs: number, fire: (item: Item) => void): void {
    const target = Math.floor(nowMs / this.#tickMs);
    // After a long pause every slot is visited once, not once a tick.
    const first = Math.max(this.#tick + 1, target - this.#slots.length + 1);
    const due: Item[] = [];
    for (let tick = first; tick <= target; tick++) {
      const slot = this.#slots[tick % this.#slots.length] as Set<Item>;
      for (const item of slot) {
        if (item.dueMs > nowMs) continue;
        slot.delete(item);
        due.push(item);
      }
    }
    this.#tick = Math.max(this.#tick, target);
    this.#size -= due.length;
    for (const item of due) fire(item);
  }

  #slotOf(dueMs: number): Set<Item> {
    // One tick later than the division says: at its slot's turn the item is surely due. What is
    // overdue already goes to the next slot to be visited.
    const tick = Math.max(Math.floor(dueMs / this.#tickMs) + 1, 0);
    return this.#slots[tick % this.#slots.length] as Set<Item>;
  }
}
