// What a sensor is: something that, once opened, yields readings with their times,
// at its own pace. Resampling is the engine's business, never a sensor's.
import type { Axis } from "../engine/types/Axis";
import type { Samples, Trouble } from "../state/types";

/** Readings in the order they were taken; `values` is `[readings, axes]`, interleaved. */
export interface Chunk {
  /** Milliseconds on the sensor's own clock, rising. */
  times_ms: Float64Array;
  values: Float32Array;
  /** Of sensors that count their readings: the number of the first one here. A jump is a gap. */
  first?: number;
}

export interface Listener {
  chunk(chunk: Chunk): void;
  /** It stopped by itself: it has come to its end (null) or can't go on. */
  ended(trouble: Trouble | null): void;
  /** It goes on, but something is amiss; null once it is well again. */
  amiss?(trouble: Trouble | null): void;
  /** Of what gives pictures: there is a new one, at this time of the page's clock. */
  frame?(t_ms: number): void;
}

/** How the browser says that sound reaches the page; null: it does not say. */
export interface SoundFacts {
  /** The microphone's own name. */
  device: string;
  device_id: string;
  rate_hz: number;
  channels: number;
  echo_cancellation: boolean | null;
  noise_suppression: boolean | null;
  auto_gain: boolean | null;
}

/** What the browser says of a camera. */
export interface CameraFacts {
  /** The camera's own name. */
  device: string;
  device_id: string;
  width: number;
  height: number;
  /** It looks at the person who looks at the screen, as far as is known. */
  front: boolean;
}

/** Pictures, one after another: the element always shows the present one, upright. */
export interface Pictures {
  /** Belongs on the page while it is shown; what is taken is what it shows. */
  element: HTMLVideoElement | HTMLCanvasElement;
  /** Width and height in pixels of the present picture; it may change as a phone is turned. */
  size(): [number, number];
  /** Cameras only. */
  camera: CameraFacts | null;
  /** Of stored pictures: what the present one is, and its file. */
  caption?(): string;
  file?(): Promise<Blob>;
}

export interface Running {
  close(): void;
  /** Microphones only. */
  sound?: SoundFacts;
  /** What gives pictures only. */
  pictures?: Pictures;
}

export interface Sensor {
  id: string;
  title: string;
  axes: Axis[];
  /** The browser asks for permission, and only a tap may make it ask. */
  needs_tap: boolean;
  /** Why this device or page can't use it; empty where it can. */
  unavailable(): string;
  /** Resolves once readings are sure to come; rejects with a `TroubleError`. */
  open(listener: Listener): Promise<Running>;
}

/** The one axis of a sound; the engine knows a sound by it. */
export const SOUND_AXIS = "audio";

export function isSound(axes: readonly Axis[]): boolean {
  return axes.length === 1 && axes[0]?.name === SOUND_AXIS;
}

/** The one axis of a picture; the engine knows a picture by it. */
export const PICTURE_AXIS = "picture";

export function isPicture(axes: readonly Axis[]): boolean {
  return axes.length === 1 && axes[0]?.name === PICTURE_AXIS;
}

/** A gap is a pause longer than this. */
export const GAP_MS = 250;

/** What a replay needs of a recording. */
export interface Replayable extends Samples {
  id: string;
  name: string;
  axes: Axis[];
  rate_hz: number;
}
