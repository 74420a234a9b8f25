// Playback of a recorded sound: one at a time, from any place in it.
import { signal } from "@preact/signals";
import type { RecordingMeta } from "../engine/types/RecordingMeta";
import { recordings, samplesOf } from "./data";
import { notify, troubleOf } from "./toasts";

/** What is heard now: a stretch of a recording, in seconds from its start. */
export interface Playing {
  id: string;
  from_s: number;
  until_s: number;
}

export const playing = signal<Playing | null>(null);

/** Fades the ends, so that a cut in the middle of a wave does not click. */
const FADE_S = 0.005;

let context: AudioContext | null = null;
let source: AudioBufferSourceNode | null = null;
let begun_s = 0;
/** Grows with each wish, so that samples which come late are noticed. */
let wish = 0;

/** Whether a recording is a sound: one axis, fast enough to be heard. */
export function isSound(meta: RecordingMeta): boolean {
  return meta.axes.length === 1 && meta.axes[0]?.name === "audio";
}

/** Plays a recording, or `seconds` of it from `from_s`. What was playing ends. */
export async function play(id: string, from_s = 0, seconds?: number): Promise<void> {
  stopPlaying();
  const mine = ++wish;
  const meta = recordings.peek().find((one) => one.id === id);
  if (!meta || !isSound(meta)) return;
  try {
    // Made while the person's tap is still fresh: browsers keep sound silent without one.
    context ??= new AudioContext();
    await context.resume();
    const { values } = await samplesOf(id);
    if (mine !== wish) return;
    const first = Math.max(0, Math.round(from_s * meta.rate_hz));
    const last = seconds === undefined ? values.length : first + Math.round(seconds * meta.rate_hz);
    const part = values.slice(first, last);
    if (part.length === 0) return;
    const buffer = context.createBuffer(1, part.length, meta.rate_hz);
    buffer.copyToChannel(part as Float32Array<ArrayBuffer>, 0);
    start(context, buffer);
    const from = first / meta.rate_hz;
    playing.value = { id, from_s: from, until_s: from + buffer.duration };
  } catch (error) {
    if (mine === wish) notify("error", "The sound can't be played", { detail: troubleOf(error) });
  }
}

function start(on: AudioContext, buffer: AudioBuffer): void {
  const node = on.createBufferSource();
  const gain = on.createGain();
  node.buffer = buffer;
  node.connect(gain).connect(on.destination);
  begun_s = on.currentTime;
  const fade = Math.min(FADE_S, buffer.duration / 4);
  gain.gain.setValueAtTime(0, begun_s);
  gain.gain.linearRampToValueAtTime(1, begun_s + fade);
  gain.gain.setValueAtTime(1, begun_s + buffer.duration - fade);
  gain.gain.linearRampToValueAtTime(0, begun_s + buffer.duration);
  node.onended = () => {
    if (source === node) stopPlaying();
  };
  node.start();
  source = node;
}

export function stopPlaying(): void {
  wish += 1;
  const node = source;
  source = null;
  node?.stop();
  node?.disconnect();
  playing.value = null;
}

/** Where in the recording one hears now, in seconds; null while nothing plays. */
export function playhead(): number | null {
  const now = playing.peek();
  if (!now || !context) return null;
  return Math.min(now.until_s, now.from_s + context.currentTime - begun_s);
}
