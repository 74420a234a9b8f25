// Trains one workload of the peers' benchmark with the page's trainer. Runs in the page
// and answers in the peers' form: best epoch of all repetitions, accuracy on held-out rows.
import { load } from "/pages/data.mjs";
import init, { Trainer } from "/engine/lampyris_web_train.js";

const dense = (units) => ({ kind: "dense", units, activation: "relu" });
const conv = (filters, kernel, stride = [1, 1]) => ({
  kind: "conv2d",
  filters,
  kernel,
  stride,
  padding: "same",
  activation: "relu",
});
const depthwise = { ...conv(0, [3, 3]), kind: "depthwise_conv2d" };
const pool = (size) => ({ kind: "max_pool", size });
const conv1d = (filters) => ({
  kind: "conv1d",
  filters,
  kernel: 3,
  stride: 1,
  padding: "same",
  activation: "relu",
});

/** The peers' networks, layer by layer. */
const NETWORKS = {
  motion: [dense(20), dense(10)],
  head: [dense(16)],
  kws1d: [conv1d(8), pool([2, 1]), conv1d(16), pool([2, 1])],
  dscnn: [
    conv(64, [10, 4], [2, 2]),
    ...Array.from({ length: 4 }, () => [depthwise, conv(64, [1, 1])]).flat(),
    { kind: "average_pool", size: [25, 5] },
  ],
  image: [8, 16, 32].flatMap((filters) => [conv(filters, [3, 3]), pool([2, 2])]),
};

function accuracy(trainer, { x, y, n }, classes) {
  const logits = trainer.logits(x);
  let right = 0;
  for (let i = 0; i < n; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    right += row.indexOf(Math.max(...row)) === y[i];
  }
  return right / n;
}

export default async function ({ name, trainN, reps = 3 }) {
  await init();
  const data = load(name, trainN);
  const [height, width, channels] =
    data.shape.length === 1 ? [1, 1, data.shape[0]] : [...data.shape, 1];
  const spec = {
    input: { height, width, channels },
    classes: data.classes,
    hidden: NETWORKS[name],
  };
  const options = {
    epochs: data.epochs,
    batch_size: data.batch,
    learning_rate: data.lr,
    cosine: false,
    seed: 7,
  };
  const batches = Math.ceil(data.tr.n / data.batch);
  const runs = [];
  for (let r = 0; r < reps; r++) {
    const start = performance.now();
    const trainer = Trainer.of_rows(spec, options, data.tr.x, Uint32Array.from(data.tr.y));
    const epochs = [];
    for (let finished = false; !finished; ) {
      const before = performance.now();
      finished = trainer.advance(batches).finished;
      epochs.push(performance.now() - before);
    }
    runs.push({
      totalMs: performance.now() - start,
      epochs: epochs.length,
      bestEpochMs: Math.min(...epochs),
      medianEpochMs: [...epochs].sort((a, b) => a - b)[epochs.length >> 1],
      acc: accuracy(trainer, data.te, data.classes),
    });
    trainer.free();
  }
  const perSecond = (key) => (data.tr.n / Math.min(...runs.map((run) => run[key]))) * 1000;
  return {
    name,
    n: data.tr.n,
    runs,
    samplesPerS: perSecond("bestEpochMs"),
    samplesPerSMedian: perSecond("medianEpochMs"),
  };
}
