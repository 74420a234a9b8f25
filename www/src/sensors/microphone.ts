// A microphone at its own rate, untouched: what browsers do to make speech pleasant (echo
// cancellation, noise suppression, automatic gain) is asked to be off, because no chip will
// do it, and what the browser says of it is told. Values are shares of full scale, −1 to 1.
import { TroubleError } from "../worker/client";
import worklet from "./microphone.worklet.ts?worker&url";
import { type Listener, type Running, type Sensor, SOUND_AXIS, type SoundFacts } from "./sensor";

const CHOSEN = "lampyris.microphone";
const PATIENCE_MS = 3000;

const INSECURE =
  "Browsers give the microphone to secure pages only. Serve with `make serve LAN=1` and open the https address on this device";

export interface Microphone {
  id: string;
  title: string;
}

/** Microphones that the browser names; their names are empty until one was allowed. */
export async function microphones(): Promise<Microphone[]> {
  const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  return all
    .filter((one) => one.kind === "audioinput" && one.deviceId !== "")
    .map((one, i) => ({ id: one.deviceId, title: one.label || `Microphone ${i + 1}` }));
}

/** Calls `changed` whenever a device is plugged in or out. */
export function watchMicrophones(changed: () => void): void {
  navigator.mediaDevices?.addEventListener("devicechange", changed);
}

/** The microphone that `open` will ask for; empty: the system's own choice. */
export function chosenMicrophone(): string {
  try {
    return localStorage.getItem(CHOSEN) ?? "";
  } catch {
    return ""; // storage may be forbidden; the choice is then not kept
  }
}

export function chooseMicrophone(id: string): void {
  try {
    localStorage.setItem(CHOSEN, id);
  } catch {
    // as above
  }
}

export const microphone: Sensor = {
  id: "microphone",
  title: "Microphone",
  axes: [{ name: SOUND_AXIS, unit: "" }],
  needs_tap: true,
  unavailable() {
    if (!globalThis.isSecureContext) return INSECURE;
    if (!navigator.mediaDevices?.getUserMedia) return "This browser gives no microphone to pages";
    if (!globalThis.AudioWorkletNode) return "This browser has no AudioWorklet: it is too old";
    return "";
  },
  async open(listener) {
    if (this.unavailable()) throw trouble("The microphone can't be used here", this.unavailable());
    const stream = await ask(chosenMicrophone());
    try {
      return await listen(stream, listener);
    } catch (error) {
      for (const track of stream.getTracks()) track.stop();
      throw error;
    }
  },
};

function trouble(what: string, remedy: string): TroubleError {
  return new TroubleError({ what, place: "microphone", remedy });
}

async function ask(id: string): Promise<MediaStream> {
  const audio: MediaTrackConstraints = {
    echoCancellation: false,
    noiseSuppression: false,
    autoGainControl: false,
    channelCount: { ideal: 1 },
  };
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: id ? { ...audio, deviceId: { exact: id } } : audio,
    });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    // The chosen one is unplugged, or the browser gave it another id: any other will do.
    if (id && (name === "OverconstrainedError" || name === "NotFoundError")) return ask("");
    throw refusal(name, error);
  }
}

function refusal(name: string, error: unknown): TroubleError {
  if (name === "NotAllowedError" || name === "SecurityError")
    return trouble(
      "The microphone was not allowed",
      "Allow it for this site (the sign beside the address, or the browser's settings; the system's privacy settings count too), then switch it on again",
    );
  if (name === "NotFoundError" || name === "OverconstrainedError")
    return trouble(
      "No microphone was found",
      "Plug one in, or bring sounds as files; then switch it on again",
    );
  if (name === "NotReadableError" || name === "AbortError")
    return trouble(
      "The microphone does not answer: another program may hold it",
      "Close what else is recording, choose another microphone, or plug it in anew; then switch it on again",
    );
  return trouble(
    `The microphone can't be opened: ${error instanceof Error ? error.message : String(error)}`,
    "Choose another microphone, or reload the page",
  );
}

/** Resolves with the first samples; rejects where none come. Whatever fails, all of it is closed. */
async function listen(stream: MediaStream, listener: Listener): Promise<Running> {
  const [track] = stream.getAudioTracks();
  if (!track) throw refusal("NotFoundError", null);
  const facts = factsOf(track);
  // At the microphone's rate, so that the browser does not resample.
  const context = new AudioContext(facts.rate_hz > 0 ? { sampleRate: facts.rate_hz } : {});
  facts.rate_hz = context.sampleRate;
  let open = true;
  const close = () => {
    open = false;
    for (const one of stream.getTracks()) one.stop();
    if (context.state !== "closed") void context.close();
  };
  try {
    const node = await connected(context, stream);
    await firstSamples(context, track, node, { listener, isOpen: () => open, close });
    return { close, sound: facts };
  } catch (error) {
    close();
    throw error;
  }
}

async function connected(context: AudioContext, stream: MediaStream): Promise<AudioWorkletNode> {
  try {
    await context.audioWorklet.addModule(new URL(worklet, document.baseURI).href);
  } catch {
    throw trouble(
      "The part of the page that listens could not be loaded",
      "Check that the page's server is still there, then switch the microphone on again",
    );
  }
  try {
    const node = new AudioWorkletNode(context, "microphone", {
      channelCountMode: "max",
      channelInterpretation: "discrete",
    });
    context.createMediaStreamSource(stream).connect(node);
    // Nothing is ever written to its output; a node that leads nowhere might not be run.
    node.connect(context.destination);
    return node;
  } catch (error) {
    throw refusal("", error);
  }
}

interface Line {
  listener: Listener;
  isOpen: () => boolean;
  close: () => void;
}

/** Hands samples on from now on; resolves with the first ones. */
function firstSamples(
  context: AudioContext,
  track: MediaStreamTrack,
  node: AudioWorkletNode,
  { listener, isOpen, close }: Line,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let begun = false;
    const fail = (what: string, remedy: string) => {
      if (!isOpen()) return;
      clearTimeout(waited);
      close();
      const told = trouble(what, remedy);
      if (begun) listener.ended(told.trouble);
      else reject(told);
    };
    const waited = setTimeout(() => {
      if (context.state !== "running")
        fail(
          "The browser holds sound back until the page is pressed",
          "Press the microphone once more",
        );
      else
        fail(
          "The microphone is on, but gives no samples",
          "Choose another microphone, or plug it in anew; then switch it on again",
        );
    }, PATIENCE_MS);
    const gone = () =>
      fail(
        "The microphone is gone: it was unplugged, or its permission was taken back",
        "Plug it in or choose another one, then switch it on again",
      );
    track.onended = gone;
    track.onmute = () =>
      listener.amiss?.(
        trouble(
          "The system has muted the microphone: only silence comes",
          "Look for a mute key or a call in another program; recording goes on as soon as it is back",
        ).trouble,
      );
    track.onunmute = () => listener.amiss?.(null);
    node.port.onmessage = ({ data }: MessageEvent<{ first: number; values: Float32Array }>) => {
      if (!isOpen()) return;
      clearTimeout(waited);
      begun = true;
      resolve();
      const { first, values } = data;
      const times_ms = Float64Array.from(
        values,
        (_, i) => ((first + i) * 1000) / context.sampleRate,
      );
      listener.chunk({ first, values, times_ms });
    };
    const wake = () =>
      context
        .resume()
        .catch(() =>
          fail(
            "The browser has stopped the sound",
            "Come back to this page, then switch the microphone on again",
          ),
        );
    // Suspended, or interrupted by a call on a phone: nothing would come any more.
    context.onstatechange = () => {
      if (context.state !== "running" && isOpen()) void wake();
    };
    // It may have ended while the worklet was on its way, before anyone listened for it.
    if (track.readyState === "ended") gone();
    else void context.resume();
  });
}

function factsOf(track: MediaStreamTrack): SoundFacts {
  const said = track.getSettings();
  const told = (value: unknown) => (typeof value === "boolean" ? value : null);
  return {
    device: track.label || "Microphone",
    device_id: said.deviceId ?? "",
    rate_hz: said.sampleRate ?? 0,
    channels: said.channelCount ?? 1,
    echo_cancellation: told(said.echoCancellation),
    noise_suppression: told(said.noiseSuppression),
    auto_gain: told(said.autoGainControl),
  };
}
