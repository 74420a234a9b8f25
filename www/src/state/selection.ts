// What is selected among many: single ones, stretches, all.
import { signal } from "@preact/signals";

export class Selection {
  readonly ids = signal<ReadonlySet<string>>(new Set());
  /** Where a stretch begins, and what was selected before it. */
  #anchor: string | null = null;
  #before: ReadonlySet<string> = new Set();

  set(id: string, on: boolean): void {
    const next = new Set(this.ids.value);
    if (on) next.add(id);
    else next.delete(id);
    this.ids.value = next;
    this.#anchor = id;
    this.#before = next;
  }

  toggle(id: string): void {
    this.set(id, !this.ids.value.has(id));
  }

  /** All from where the last single one was, or else `from`, to `to`, in the order shown. */
  stretch(order: readonly string[], from: string, to: string): void {
    if (this.#anchor === null || !order.includes(this.#anchor)) {
      this.#anchor = from;
      this.#before = this.ids.value;
    }
    const [a, b] = [order.indexOf(this.#anchor), order.indexOf(to)].sort((x, y) => x - y);
    this.ids.value = new Set([...this.#before, ...order.slice(a, (b ?? 0) + 1)]);
  }

  all(order: readonly string[]): void {
    this.ids.value = new Set(order);
    this.#anchor = null;
  }

  clear(): void {
    this.all([]);
  }
}
