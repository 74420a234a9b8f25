// A camera, at the browser's usual size: a picture is made much smaller before a network sees
// it. The element that shows it is what pictures are taken of.
import { type MediaDevice, mediaDevices } from "./media-device";
import {
  type CameraFacts,
  type Listener,
  PICTURE_AXIS,
  type Pictures,
  type Running,
  type Sensor,
} from "./sensor";

const PATIENCE_MS = 5000;
/** Where the browser does not tell of each new picture, it is looked for this often. */
const LOOK_MS = 30;

/** In the place of a camera's id: whichever looks this way. Ids of cameras have no colon. */
const FACING = { "facing:environment": "environment", "facing:user": "user" } as const;
const SIDES: readonly MediaDevice[] = [
  { id: "facing:environment", title: "Back camera" },
  { id: "facing:user", title: "Front camera" },
];

const device = mediaDevices({
  name: "camera",
  kind: "videoinput",
  files: "pictures",
  held: "uses the camera",
  usual: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } },
  instead: (id) =>
    id in FACING ? { facingMode: { ideal: FACING[id as keyof typeof FACING] } } : null,
});
const { trouble, refusal } = device;
export const { chosen: chosenCamera, choose: chooseCamera } = device;

export async function cameras(): Promise<MediaDevice[]> {
  const named = await device.all();
  // Something held in the hand has a front and a back, even before the browser names them.
  const held = matchMedia("(pointer: coarse)").matches;
  return held ? [...SIDES, ...named] : named;
}

export const camera: Sensor = {
  id: "camera",
  title: "Camera",
  axes: [{ name: PICTURE_AXIS, unit: "" }],
  needs_tap: true,
  unavailable: () => device.unavailable(),
  async open(listener) {
    if (this.unavailable()) throw trouble("The camera can't be used here", this.unavailable());
    return device.open((stream) => look(stream, listener));
  },
};

/** Resolves with the first picture; rejects where none comes. Whatever fails, all of it is closed. */
async function look(stream: MediaStream, listener: Listener): Promise<Running> {
  const [track] = stream.getVideoTracks();
  if (!track) throw refusal("NotFoundError", null);
  const element = document.createElement("video");
  element.muted = true;
  element.playsInline = true;
  element.srcObject = stream;
  const stop = new AbortController();
  const close = () => {
    stop.abort();
    track.stop();
    element.srcObject = null;
  };
  try {
    await firstPicture(track, element, { listener, stop: stop.signal, close });
  } catch (error) {
    close();
    throw error;
  }
  const pictures: Pictures = {
    element,
    size: () => [element.videoWidth, element.videoHeight],
    camera: factsOf(track, element),
  };
  return { close, pictures };
}

interface Line {
  listener: Listener;
  /** Aborted once it is closed. */
  stop: AbortSignal;
  close: () => void;
}

/** Tells of each picture from now on; resolves with the first one. */
function firstPicture(
  track: MediaStreamTrack,
  element: HTMLVideoElement,
  { listener, stop, close }: Line,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let begun = false;
    const fail = (what: string, remedy: string) => {
      if (stop.aborted) return;
      clearTimeout(waited);
      close();
      const told = trouble(what, remedy);
      if (begun) listener.ended(told.trouble);
      else reject(told);
    };
    const waited = setTimeout(
      () =>
        fail(
          "The camera is on, but gives no pictures",
          "Look for a cover or a switch at the camera, choose another one, or plug it in anew; then switch it on again",
        ),
      PATIENCE_MS,
    );
    stop.addEventListener("abort", () => clearTimeout(waited));
    watchTrack(track, { listener, stop, gone: fail });
    const first = () => {
      clearTimeout(waited);
      begun = true;
      resolve();
    };
    // Some browsers tell of pictures only once the element is on the page.
    element.addEventListener("loadeddata", first, { signal: stop });
    eachPicture(element, stop, (t_ms) => {
      first();
      listener.frame?.(t_ms);
    });
    // Browsers stop what a hidden page plays, and some do not begin again by themselves.
    const play = () => void element.play().catch(() => undefined);
    document.addEventListener("visibilitychange", play, { signal: stop });
    play();
  });
}

/** Says when the camera is gone, and when the system keeps its pictures back. */
function watchTrack(
  track: MediaStreamTrack,
  line: { listener: Listener; stop: AbortSignal; gone: (what: string, remedy: string) => void },
): void {
  const { listener, stop } = line;
  const gone = () =>
    line.gone(
      "The camera is gone: it was unplugged, or its permission was taken back",
      "Plug it in or choose another one, then switch it on again",
    );
  const on = { signal: stop };
  track.addEventListener("ended", gone, on);
  track.addEventListener(
    "mute",
    () =>
      listener.amiss?.(
        trouble(
          "The system keeps the camera's pictures back: the last one stands still",
          "Look for a cover, a key that switches the camera off, or a call in another program; it goes on as soon as the camera is back",
        ).trouble,
      ),
    on,
  );
  track.addEventListener("unmute", () => listener.amiss?.(null), on);
  const { deviceId } = track.getSettings();
  // Not every browser ends the track of a camera that was pulled out.
  const counted = async () => {
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => null);
    const known = all?.some((one) => one.kind === "videoinput" && one.deviceId !== "");
    if (deviceId && known && !all?.some((one) => one.deviceId === deviceId)) gone();
  };
  navigator.mediaDevices.addEventListener("devicechange", () => void counted(), on);
  // It may have ended before anyone listened for it.
  if (track.readyState === "ended") gone();
}

/** Calls `seen` with the time of each new picture until it is stopped. */
function eachPicture(
  element: HTMLVideoElement,
  stop: AbortSignal,
  seen: (t_ms: number) => void,
): void {
  if (!("requestVideoFrameCallback" in element)) {
    lookForPictures(element, stop, seen);
    return;
  }
  let asked = 0;
  const next = (t_ms: number) => {
    if (stop.aborted) return;
    asked = element.requestVideoFrameCallback(next);
    seen(t_ms);
  };
  asked = element.requestVideoFrameCallback(next);
  stop.addEventListener("abort", () => element.cancelVideoFrameCallback(asked));
}

function lookForPictures(
  element: HTMLVideoElement,
  stop: AbortSignal,
  seen: (t_ms: number) => void,
): void {
  let last = 0;
  const timer = setInterval(() => {
    const { currentTime, videoWidth } = element;
    if (currentTime === last || videoWidth === 0) return;
    last = currentTime;
    seen(performance.now());
  }, LOOK_MS);
  stop.addEventListener("abort", () => clearInterval(timer));
}

function factsOf(track: MediaStreamTrack, element: HTMLVideoElement): CameraFacts {
  const said = track.getSettings();
  return {
    device: track.label || "Camera",
    device_id: said.deviceId ?? "",
    width: element.videoWidth,
    height: element.videoHeight,
    // A camera that does not say where it looks stands on a screen, as a rule.
    front: said.facingMode !== "environment",
  };
}
