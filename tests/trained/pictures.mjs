// The pictures of a trained model, as the firmware's image `pictures` and the page take
// them: node pictures.mjs DIR writes DIR/pictures.bin.
// DIR holds chip.bin and features.i8, what the model saw of each. A picture that already has
// the size that a model sees reaches the network as it is, so those bytes plus 128 are
// pictures which must lead to the same outputs.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where the chip part's header says how long the graph is, and where it ends. */
const GRAPH_BYTES_AT = 56;
const HEADER_BYTES = 80;
const ALIGN = 16;
/** How pixels lie in memory, in the numbers of the file. */
const [GREY, RGB] = [0, 1];

const [, , dir] = process.argv;
const chip = readFileSync(join(dir, "chip.bin"));
const features = readFileSync(join(dir, "features.i8"));
const graph = Math.ceil(chip.readUInt32LE(GRAPH_BYTES_AT) / ALIGN) * ALIGN;
const [width, height, colour] = [0, 1, 2].map((i) =>
  chip.readFloatLE(HEADER_BYTES + graph + 4 * i),
);
const size = width * height * (colour ? 3 : 1);
const count = features.length / size;
if (!(Number.isInteger(count) && count > 0))
  throw new Error(`${features.length} bytes are no whole pictures`);
const head = Buffer.from(Uint32Array.of(colour ? RGB : GREY, width, height).buffer);
const pictures = [];
for (let index = 0; index < count; index++)
  pictures.push(
    head,
    features.subarray(index * size, (index + 1) * size).map((byte) => byte ^ 128),
  );
writeFileSync(join(dir, "pictures.bin"), Buffer.concat(pictures));
console.log(`${count} pictures of ${width} × ${height}`);
