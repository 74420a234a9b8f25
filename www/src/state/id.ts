// Names for what has no content to be named after.

/** 128 random bits; `crypto.randomUUID` is for secure pages only. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
