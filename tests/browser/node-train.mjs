// Trains in Node what the page trained: node node-train.mjs PROJECT.zip [BATCHES]
//
// The same two modules, the recordings and settings of a project that the page saved.
// BATCHES is the length of a slice, of which nothing may depend. Prints the bundle's SHA-256.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const PKG = join(dirname(fileURLToPath(import.meta.url)), "../../pkg");

/** A module of wasm-pack's `--target web`, which is no package: its text is imported. */
export async function load(name, file) {
  const source = readFileSync(join(PKG, name, `${file}.js`));
  const module = await import(`data:text/javascript;base64,${source.toString("base64")}`);
  await module.default({ module_or_path: readFileSync(join(PKG, name, `${file}_bg.wasm`)) });
  return module;
}

/** Trains and quantizes the project in `zip`, its settings `changed`; returns the files' bytes. */
export async function trainInNode(zip, batches = 1, changed = (settings) => settings) {
  const { Lab } = await load("web", "lampyris_web");
  const { JobReader, Trainer } = await load("web-train", "lampyris_web_train");
  const project = Lab.read_project(zip);
  const settings = changed(project.settings());
  const lab = new Lab();
  for (const [i, meta] of project.metas().entries()) {
    const encoded = project.encoded(i);
    if (encoded) lab.put_picture(meta, encoded, project.look(i));
    else lab.put(meta, project.values(i), project.times(i));
  }
  const reader = new JobReader();
  const stream = lab.job_stream(settings);
  for (let piece = stream.next(lab); piece; piece = stream.next(lab)) reader.push(piece);
  const trainer = new Trainer(reader);
  while (!trainer.advance(batches).finished);
  const report = lab.quantize(settings, trainer.finish());
  return { report, bundle: lab.bundle(), tflite: lab.tflite() };
}

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { bundle, report } = await trainInNode(
    readFileSync(process.argv[2]),
    Number(process.argv[3] ?? 1),
  );
  console.log(sha256(bundle), `int8 ${(report.accuracy_int8 * 100).toFixed(2)} %`);
}
