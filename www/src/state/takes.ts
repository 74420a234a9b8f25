// From the parts of a take in the store to a recording: after each take, and at the start for
// those that a crash or a reload cut off.
import type { NewRecording } from "../engine/types/NewRecording";
import type { RecordingMeta } from "../engine/types/RecordingMeta";
import { dropTake, eachPart, type TakePart, takesOf } from "../store";
import type { SoundJobs } from "../worker/protocol";
import { add } from "./data";
import { project } from "./project";
import { attempt, notify } from "./toasts";
import type { Signal } from "./types";
import { lab } from "./workers";

/** Checks a recording and computes its id: the lab does, or a worker that is less busy. */
export type Make = (wanted: SoundJobs["make"]["in"]) => Promise<RecordingMeta>;

const makeInLab: Make = (wanted) => lab.call("make", wanted);

/** Makes a recording of a take stored in the project `open`; its name, or null where it has no readings. */
export async function keepTake(
  open: string,
  id: string,
  make: Make = makeInLab,
  remark = "",
): Promise<string | null> {
  const whole = await wholeOf(open, id);
  if (!whole) return null;
  const { head, kept } = whole;
  const { name, label, group, axes, source, created_ms, original_rate_hz, device } = head;
  const rate_hz =
    head.rate_hz ?? ("times_ms" in kept && kept.times_ms ? medianRate(kept.times_ms) : 1);
  const meta: NewRecording = {
    ...{ name: name + remark, label, group, axes, source, created_ms, rate_hz, notes: "" },
    ...(original_rate_hz ? { original_rate_hz } : {}),
    ...(device ? { device } : {}),
  };
  const made = await make({ meta, kept });
  await add(open, [{ meta: made, ...kept }], id);
  return made.name;
}

/** Counts first, then fills: at no time are parts and whole in memory together. */
async function wholeOf(open: string, id: string): Promise<{ head: TakePart; kept: Signal } | null> {
  const heads: TakePart[] = [];
  let readings = 0;
  await eachPart(open, id, (part) => {
    if (heads.length === 0) heads.push(part);
    readings += "pcm" in part ? part.pcm.length : part.times_ms.length;
  });
  const [first] = heads;
  if (!first || readings < 2) return null;
  let at = 0;
  if ("pcm" in first) {
    const pcm = new Int16Array(readings);
    await eachPart(open, id, (part) => {
      if (!("pcm" in part)) return;
      pcm.set(part.pcm, at);
      at += part.pcm.length;
    });
    return { head: first, kept: { pcm } };
  }
  const axes = first.axes.length;
  const [times_ms, values] = [new Float64Array(readings), new Float32Array(readings * axes)];
  await eachPart(open, id, (part) => {
    if ("pcm" in part) return;
    times_ms.set(part.times_ms, at);
    values.set(part.values, at * axes);
    at += part.times_ms.length;
  });
  return { head: first, kept: { times_ms, values } };
}

/** From the median pause between readings: gaps don't pull it down. */
function medianRate(times_ms: Float64Array): number {
  const pauses = times_ms.slice(1).map((t, i) => t - (times_ms[i] ?? 0));
  pauses.sort();
  return 1000 / Math.max(pauses[pauses.length >> 1] ?? 20, 0.1);
}

/** Makes recordings of takes that were cut off: called when a project is opened for writing. */
export async function recoverTakes(): Promise<void> {
  const open = project.value?.id;
  if (!open) return;
  for (const { take } of await takesOf(open)) {
    // Another one was opened meanwhile: the others wait until this one is again.
    if (project.value?.id !== open) return;
    await attempt(async () => {
      const name = await keepTake(open, take, makeInLab, " (recovered)");
      if (name === null) await dropTake(open, take);
      else notify("info", `Recovered "${name}": the page was closed while it was recorded`);
    });
  }
}
