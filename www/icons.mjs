// Draws the icons that an installed page needs from icons/lampyris.svg, which is a square and
// some circles: node www/icons.mjs. The pictures are kept in the repository.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, deflateSync } from "node:zlib";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "public/icons");
const UNITS = 32;
/** Points within a pixel, across and down: edges come out smooth. */
const FINE = 4;

const svg = readFileSync(join(FOLDER, "lampyris.svg"), "utf8");
const number = (tag, name) => Number(new RegExp(` ${name}="([^"]+)"`).exec(tag)?.[1] ?? 1);
const rgb = (tag) =>
  [1, 3, 5].map((at) => parseInt(/#[0-9a-f]{6}/.exec(tag)[0].slice(at, at + 2), 16));
const [rect] = /<rect[^>]+>/.exec(svg);
const ground = { rgb: rgb(rect), corner: number(rect, "rx") };
const circles = [...svg.matchAll(/<circle[^>]+>/g)].map(([tag]) => ({
  x: number(tag, "cx"),
  y: number(tag, "cy"),
  r: number(tag, "r"),
  alpha: number(tag, "opacity"),
  rgb: rgb(tag),
}));

function inSquare(x, y, corner) {
  const over = (v) => Math.max(corner - v, v - (UNITS - corner), 0);
  return x >= 0 && y >= 0 && x <= UNITS && y <= UNITS && Math.hypot(over(x), over(y)) <= corner;
}

/** Colour and cover, 0 to 1, at a point of the drawing. */
function at(x, y, corner) {
  if (corner > 0 && !inSquare(x, y, corner)) return [0, 0, 0, 0];
  let colour = ground.rgb;
  for (const one of circles)
    if (Math.hypot(x - one.x, y - one.y) <= one.r)
      colour = colour.map((v, i) => v + (one.rgb[i] - v) * one.alpha);
  return [...colour, 1];
}

/** RGBA rows; `shrink` leaves a margin of the ground's colour, for masks that cut the edge away. */
function draw(size, { corner, shrink }) {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let py = 0; py < size; py++)
    for (let px = 0; px < size; px++) {
      const sum = [0, 0, 0, 0];
      for (let s = 0; s < FINE * FINE; s++) {
        const [dx, dy] = [(s % FINE) + 0.5, Math.floor(s / FINE) + 0.5];
        const unit = (p, d) => (((p + d / FINE) / size - 0.5) / shrink + 0.5) * UNITS;
        const [r, g, b, a] = at(unit(px, dx), unit(py, dy), corner);
        for (const [i, v] of [r * a, g * a, b * a, a].entries()) sum[i] += v;
      }
      const start = py * (size * 4 + 1) + 1 + px * 4;
      const cover = sum[3] || 1;
      for (let i = 0; i < 3; i++) rows[start + i] = Math.round(sum[i] / cover);
      rows[start + 3] = Math.round((sum[3] / FINE ** 2) * 255);
    }
  return rows;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function png(size, rows) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const ROUND = { corner: ground.corner, shrink: 1 };
const FULL = { corner: 0, shrink: 0.8 };
for (const [name, size, how] of [
  ["icon-192", 192, ROUND],
  ["icon-512", 512, ROUND],
  ["maskable-512", 512, FULL],
  ["touch-180", 180, FULL],
])
  writeFileSync(join(FOLDER, `${name}.png`), png(size, draw(size, how)));
