// Playing a recording of sound, all of it or a stretch: one at a time.
import { signal } from "@preact/signals";
import { recordings, samplesOf } from "./data";
import { attempt } from "./toasts";

export interface Playing {
  id: string;
  /** The stretch, in seconds from the recording's start. */
  from_s: number;
  to_s: number;
}

export const playing = signal<Playing | null>(null);

let context: AudioContext | null = null;
let source: AudioBufferSourceNode | null = null;
/** The context's time at which the recording would have begun. */
let zero_s = 0;
let asked = 0;

/** Plays from `from_s` on; a press that comes before the samples do wins. */
export async function play(id: string, from_s = 0, to_s = Number.POSITIVE_INFINITY): Promise<void> {
  stopPlaying();
  const mine = asked;
  const meta = recordings.value.find((one) => one.id === id);
  if (!meta) return;
  await attempt(async () => {
    const { values } = await samplesOf(id);
    if (mine !== asked || values.length === 0) return;
    context ??= new AudioContext();
    const sound = context;
    await sound.resume();
    const buffer = sound.createBuffer(1, values.length, meta.rate_hz);
    buffer.copyToChannel(values as Float32Array<ArrayBuffer>, 0);
    if (mine !== asked) return;
    const to = Math.min(to_s, buffer.duration);
    const begun = sound.createBufferSource();
    begun.buffer = buffer;
    begun.connect(sound.destination);
    begun.onended = () => {
      if (source === begun) stopPlaying();
    };
    source = begun;
    zero_s = sound.currentTime - from_s;
    begun.start(0, from_s, Math.max(0, to - from_s));
    playing.value = { id, from_s, to_s: to };
  });
}

export function stopPlaying(): void {
  asked += 1;
  const now = source;
  source = null;
  now?.stop();
  playing.value = null;
}

/** Where it is being played just now, in seconds from the recording's start. */
export function playedAt(): number | null {
  return context && playing.peek() ? context.currentTime - zero_s : null;
}
