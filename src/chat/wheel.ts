/**
 * All time-outs of the chat on one wheel: a hashed timing wheel (G. Varghese and A. Lauck, 1987,
 * scheme 6). Setting and cancelling cost the same whether ten or a hundred thousand are set, and
 * one timer of the machine turns the wheel for all of them.
 *
 * A slot is a ring of items that know their neighbours, closed by an item that never falls due. So
 * an item is put in and taken out with a few assignments, without hashing and without a search.
 *
 * A time-out fires up to one tick late, never early.
 */
export class WheelItem {
  /** When it falls due, on the monotonic clock in milliseconds. Owned by the wheel while set. */
  dueMs = 0;
  /** The neighbours in the slot; null while no time-out is set. For the wheel alone. */
  wheelBefore: WheelItem | null = null;
  wheelAfter: WheelItem | null = null;
}

/** Closes a ring of items. */
class Slot extends WheelItem {
  override wheelBefore: WheelItem = this;
  override wheelAfter: WheelItem = this;

  add(item: WheelItem): void {
    const last = this.wheelBefore;
    item.wheelBefore = last;
    item.wheelAfter = this;
    last.wheelAfter = item;
    this.wheelBefore = item;
  }
}

export class Wheel<Item extends WheelItem> {
  readonly #tickMs: number;
  readonly #slots: readonly Slot[];
  /** What fell due and has not been handed over yet. */
  readonly #due = new Slot();
  /** The last tick whose slot has been emptied. */
  #tick: number;
  #size = 0;

  constructor(tickMs: number, slots: number, nowMs: number) {
    this.#tickMs = tickMs;
    this.#slots = Array.from({ length: slots }, () => new Slot());
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

  /** Sees to it that a time-out fires by then: one that is set to an earlier time stays. */
  setBy(item: Item, dueMs: number): void {
    if (item.wheelAfter === null || item.dueMs > dueMs) this.set(item, dueMs);
  }

  /** Cancels a time-out; harmless when it is not set. */
  cancel(item: Item): void {
    if (remove(item)) this.#size--;
  }

  /**
   * Turns the wheel to now and hands over what fell due, each no longer set. What is cancelled by
   * one that is handed over before it does not fire.
   */
  turn(nowMs: number, fire: (item: Item) => void): void {
    const target = Math.floor(nowMs / this.#tickMs);
    // After a long pause every slot is visited once, not once a tick.
    const first = Math.max(this.#tick + 1, target - this.#slots.length + 1);
    for (let tick = first; tick <= target; tick++) this.#collect(this.#slotAt(tick), nowMs);
    this.#tick = Math.max(this.#tick, target);
    for (;;) {
      const item = this.#due.wheelAfter;
      if (item === this.#due) return;
      this.cancel(item as Item);
      fire(item as Item);
    }
  }

  #collect(slot: Slot, nowMs: number): void {
    for (let item: WheelItem = slot.wheelAfter; item !== slot;) {
      const next = item.wheelAfter as WheelItem;
      if (item.dueMs <= nowMs) {
        remove(item);
        this.#due.add(item);
      }
      item = next;
    }
  }

  #slotOf(dueMs: number): Slot {
    // One tick later than the division says: at its slot's turn the item is surely due. What is
    // overdue already goes to the next slot to be visited.
    return this.#slotAt(Math.max(Math.floor(dueMs / this.#tickMs), this.#tick) + 1);
  }

  #slotAt(tick: number): Slot {
    return this.#slots[tick % this.#slots.length] as Slot;
  }
}

/** Takes an item out of its ring; false when it is in none. */
function remove(item: WheelItem): boolean {
  const { wheelBefore, wheelAfter } = item;
  if (wheelBefore === null || wheelAfter === null) return false;
  wheelBefore.wheelAfter = wheelAfter;
  wheelAfter.wheelBefore = wheelBefore;
  item.wheelBefore = null;
  item.wheelAfter = null;
  return true;
}
