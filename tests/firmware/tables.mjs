// Tables as CSV: a header, then rows; what a row is called stands before what it says.

/** Rows as objects, under the names of the header. */
export function parse(text) {
  const [header, ...rows] = text
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i]])));
}

/** The text of rows that all have the same columns. */
export function format(rows) {
  const lines = [Object.keys(rows[0]), ...rows.map((row) => Object.values(row))];
  return lines.map((line) => `${line.join(",")}\n`).join("");
}

/**
 * What differs between a stored table and a measured one, as sentences. `key` names the
 * columns that say which row it is; of the others, numbers may differ by one in a
 * hundred, or by `slack` where that is more. Stored rows for which `expected` is false
 * may be missing.
 */
export function differences(stored, measured, key, slack, expected) {
  const name = (row) => key.map((column) => row[column]).join(", ");
  const left = new Map(stored.map((row) => [name(row), row]));
  const found = [];
  for (const row of measured) {
    const before = left.get(name(row));
    left.delete(name(row));
    if (!before) found.push(`${name(row)}: is new`);
    for (const column of Object.keys(before ?? {}).filter((c) => !key.includes(c))) {
      const [was, is] = [before[column], String(row[column])];
      const close = Math.abs(is - was) <= Math.max(Math.abs(was) / 100, slack);
      if (was !== is && !close) found.push(`${name(row)}: ${column} was ${was}, is ${is}`);
    }
  }
  for (const [row, value] of left) if (expected(value)) found.push(`${row}: is gone`);
  return found;
}
