// Which picture is shown large, and among which others one goes from it.

import { signal } from "@preact/signals";

export const opened = signal<{ id: string; among: readonly string[] } | null>(null);

/** Shows a picture large, over whatever view one is in. */
export function openPicture(id: string, among: readonly string[] = [id]): void {
  opened.value = { id, among };
}
