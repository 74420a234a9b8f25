// A microphone at its own rate, untouched: what browsers do to make speech pleasant (echo
// cancellation, noise suppression, automatic gain) is asked to be off, because no chip will
// do it, and what the browser says of it is told. Values are shares of full scale, −1 to 1.
import { mediaDevices } from "./media-device";
import worklet from "./microphone.worklet.ts?worker&url";
import { type Listener, type Running, type Sensor, SOUND_AXIS, type SoundFacts } from "./sensor";

const PATIENCE_MS = 3000;

const device = mediaDevices({
  name: "microphone",
  kind: "audioinput",
  files: "sounds",
  held: "is recording",
  usual: {
    echoCancellation: false,
    noiseSuppression: false,
    autoGainControl: false,
    channelCount: { ideal: 1 },
  },
});
const { trouble, refusal } = device;
export const { all: microphones, chosen: chosenMicrophone, choose: chooseMicrophone } = device;

export const microphone: Sensor = {
  id: "microphone",
  title: "Microphone",
  axes: [{ name: SOUND_AXIS, unit: "" }],
  needs_tap: true,
  unavailable() {
    const why = device.unavailable();
    if (why || globalThis.AudioWorkletNode) return why;
    return "This browser has no AudioWorklet: it is too old";
  },
  async open(listener) {
    if (this.unavailable()) throw trouble("The microphone can't be used here", this.unavailable());
    return device.open((stream) => listen(stream, listener));
  },
};

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
