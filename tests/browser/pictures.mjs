// Pictures for the browser tests, made here: PNG files of two kinds that a small network tells
// apart, and zips of any names and sizes.
import { crc32, deflateRawSync, deflateSync } from "node:zlib";

/** A PNG of `pixel(x, y)`, each `[red, green, blue]`. */
export function png(width, height, pixel) {
  const rows = Buffer.alloc(height * (1 + 3 * width));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows.set(pixel(x, y), y * (1 + 3 * width) + 1 + 3 * x);
  return pngOf(width, height, { depth: 8, color: 2 }, deflateSync(rows));
}

/** A PNG of rows that are compressed already. */
export function pngOf(width, height, { depth, color }, compressed) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([depth, color, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", compressed),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  out.set(body, 4);
  out.writeUInt32BE(crc32(body), 4 + body.length);
  return out;
}

/** A generator of numbers from 0 to 1 (mulberry32): the same test sees the same pictures. */
export function random(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const KINDS = ["disc", "stripes"];

/** Picture `number` of a kind: a disc, or stripes, on a ground that fades, at a place of its own. */
export function drawn(kind, number, side) {
  const next = random(number * KINDS.length + KINDS.indexOf(kind) + 1);
  const [cx, cy] = [0.3 + 0.4 * next(), 0.3 + 0.4 * next()].map((share) => share * side);
  const radius = side * (0.15 + 0.15 * next());
  const [ground, ink] = [next() * 90, 150 + next() * 90];
  const tint = [next() * 30, next() * 30, next() * 30];
  const shape = {
    disc: (x, y) => Math.hypot(x - cx, y - cy) < radius,
    stripes: (x, y) => Math.abs(y - cy) < 1.6 * radius && (x + 3 * side - cx) % radius < radius / 2,
  }[kind];
  const noise = random(number + 7);
  return png(side, side, (x, y) => {
    const light = (shape(x, y) ? ink : ground) + (20 * (x + y)) / (2 * side) + 8 * noise();
    return tint.map((one) => Math.min(255, light + one));
  });
}

/** `count` pictures in one folder a kind: `[path, bytes]`. */
export function folders(count, side) {
  return Array.from({ length: count }, (_, i) => {
    const kind = KINDS[i % KINDS.length];
    return [`${kind}/${String(i).padStart(5, "0")}.png`, drawn(kind, i, side)];
  });
}

/**
 * A zip of `[path, bytes]`, stored as they are; or of `[path, {bytes, compressed}]`, which writes
 * the same compressed bytes for each without compressing them again.
 */
export function zip(entries) {
  const [locals, central] = [[], []];
  let at = 0;
  for (const [path, given] of entries) {
    const { bytes, compressed = null } = Buffer.isBuffer(given) ? { bytes: given } : given;
    const [name, data] = [Buffer.from(path), compressed ?? bytes];
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x0800, 2); // names are UTF-8
    fields.writeUInt16LE(compressed ? 8 : 0, 4);
    fields.writeUInt32LE(given.crc ?? crc32(bytes), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(bytes.length, 18);
    fields.writeUInt16LE(name.length, 22);
    locals.push(Buffer.from("PK\x03\x04"), fields, name, data);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    central.push(Buffer.from("PK\x01\x02\x14\x00"), fields, rest, name);
    at += 30 + name.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** A zip that unpacks to `count` files of so many zeros each, and is small itself. */
export function bomb(count, bytes_each) {
  const bytes = Buffer.alloc(bytes_each);
  const compressed = deflateRawSync(bytes);
  const crc = crc32(bytes);
  return zip(
    Array.from({ length: count }, (_, i) => [`bomb/${i}.png`, { bytes, compressed, crc }]),
  );
}
