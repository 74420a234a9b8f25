// Runs int8 models in a page: .tflite files, and bundles (model.lampyris) from the playground.
//
//   import { Engine } from "./lampyris_infer.js";
//   const engine = await Engine.load();
//   const model = engine.open(new Uint8Array(await (await fetch("model.tflite")).arrayBuffer()));
//   model.input(0).set(values);
//   model.run();
//   const scores = model.output(0).slice();

/** What the engine could not do: what is wrong, where, and the remedy. */
export class EngineError extends Error {
  constructor([what, place, remedy]) {
    super(`${what} (${place}): ${remedy}`);
    this.name = "EngineError";
    Object.assign(this, { what, place, remedy });
  }
}

/** The kernels, in the order that the engine counts them in. */
export const KERNELS = ["four_windows", "one_window", "channels"];
/** Kernels that come so much later than the engine are left out. */
const PATIENCE_MS = 500;
const KINDS = [Int8Array, Uint8Array, Float32Array];

/** The bytes of a module, wherever they are: bytes already, an address, or nothing. */
async function bytesOf(source) {
  if (source === undefined || source instanceof Uint8Array || source instanceof ArrayBuffer)
    return source;
  const answer = await fetch(source);
  if (!answer.ok) throw new EngineError([`status ${answer.status}`, `${source}`, "check the address"]);
  return answer.arrayBuffer();
}

export class Engine {
  #wasm;

  constructor(exports, path) {
    this.#wasm = exports;
    /** The engine's memory. It grows when models are opened. */
    this.memory = exports.memory;
    /** Which kernels are at work: "relaxed" where this processor multiplies four bytes at once, exactly; else "simd128". */
    this.path = path;
  }

  /**
   * Loads the engine, and its kernels for relaxed SIMD where browser and processor have it.
   * Both are addresses or bytes; without the second, all work is done by the first.
   */
  static async load(
    engine = new URL("lampyris_infer.wasm", import.meta.url),
    kernels = new URL("relaxed.wasm", import.meta.url),
  ) {
    const coming = bytesOf(kernels).catch(() => undefined);
    const { instance } = await WebAssembly.instantiate(await bytesOf(engine), {}).catch((error) => {
      if (error instanceof EngineError) throw error;
      throw new EngineError([error.message, "the engine's module", "serve lampyris_infer.wasm as it was built"]);
    });
    const patience = new Promise((wake) => setTimeout(wake, PATIENCE_MS));
    const more = await Promise.race([coming, patience]);
    const path = more && (await quicken(instance.exports, more)) ? "relaxed" : "simd128";
    return new Engine(instance.exports, path);
  }

  /** Opens a file's bytes (a Uint8Array or an ArrayBuffer). Throws an EngineError where it is damaged or holds what isn't supported. */
  open(given) {
    const wasm = this.#wasm;
    const file = given instanceof ArrayBuffer ? new Uint8Array(given) : given;
    const at = wasm.lampyris_buffer(file.length);
    if (at === 0)
      throw new EngineError([`no room for ${file.length} bytes`, "the file", "give a smaller one"]);
    new Uint8Array(wasm.memory.buffer).set(file, at);
    const number = wasm.lampyris_open();
    if (number < 0) throw new EngineError(text(wasm).split("\n"));
    return new Model(wasm, number);
  }
}

/** Puts the kernels for relaxed SIMD to work; false where that can't be. */
async function quicken(wasm, bytes) {
  try {
    const { instance } = await WebAssembly.instantiate(bytes, { env: { memory: wasm.memory } });
    if (instance.exports.version?.() !== wasm.lampyris_version()) return false;
    KERNELS.forEach((name, i) => {
      wasm.__indirect_function_table.set(wasm.lampyris_place(i), instance.exports[name]);
    });
    return wasm.lampyris_adopt(instance.exports.probe()) === 1;
  } catch {
    // A browser without relaxed SIMD refuses the module, and nothing is lost.
    return false;
  }
}

function text(wasm) {
  const bytes = new Uint8Array(wasm.memory.buffer, wasm.lampyris_text(), wasm.lampyris_text_len());
  return new TextDecoder().decode(bytes);
}

export class Model {
  #wasm;
  #number;
  #views = new Map();
  #buffer;

  constructor(wasm, number) {
    this.#wasm = wasm;
    this.#number = number;
    const facts = (output) =>
      Array.from({ length: wasm.lampyris_ends(number, output) }, (_, i) => {
        const fact = (which) => wasm.lampyris_end(number, output, i, which);
        return { length: fact(1), type: KINDS[fact(2)], scale: fact(3), zeroPoint: fact(4) };
      });
    /** Of each input and output: how many values, their type, what a step is worth, what means 0. */
    this.inputs = facts(0);
    this.outputs = facts(1);
    wasm.lampyris_labels(number);
    /** What the outputs mean; empty where the file doesn't say. */
    this.labels = text(wasm).split("\n").filter((label) => label !== "");
  }

  /** The values of input `i`, to be written before each run: a view of the engine's memory. */
  input(i = 0) {
    return this.#view(0, i, this.inputs);
  }

  /** The values of output `i` after a run: a view of the engine's memory, overwritten by the next. */
  output(i = 0) {
    return this.#view(1, i, this.outputs);
  }

  /** Runs the model on what its inputs hold. */
  run() {
    if (this.#number < 0) throw new EngineError(["a model that was given back", "run", "open it again"]);
    this.#wasm.lampyris_run(this.#number);
  }

  /** Forgets what earlier runs have left in the state of a streaming model. */
  reset() {
    this.#wasm.lampyris_reset(this.#number);
  }

  /** Gives the model's memory back; it must not be used any more. */
  free() {
    this.#wasm.lampyris_close(this.#number);
    this.#number = -1;
    this.#views.clear();
    this.inputs = this.outputs = [];
  }

  #view(output, i, ends) {
    const { buffer } = this.#wasm.memory;
    // Views end when the memory grows.
    if (buffer !== this.#buffer) this.#views.clear();
    this.#buffer = buffer;
    const key = 2 * i + output;
    let view = this.#views.get(key);
    if (view === undefined) {
      const end = ends[i];
      if (end === undefined) throw new RangeError(`the model has no ${output ? "output" : "input"} ${i}`);
      const at = this.#wasm.lampyris_end(this.#number, output, i, 0);
      view = new end.type(buffer, at, end.length);
      this.#views.set(key, view);
    }
    return view;
  }
}
