/** The buffers within a plain value, to be transferred with it. */
export function buffersOf(value: unknown, found = new Set<Transferable>()): Transferable[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (Array.isArray(value)) {
    // Lists of numbers are long and hold no buffers.
    if (typeof value[0] === "object") for (const item of value) buffersOf(item, found);
  } else if (value && typeof value === "object") {
    for (const item of Object.values(value)) buffersOf(item, found);
  }
  return [...found];
}
