// The phone's accelerometer, as DeviceMotionEvent gives it: gravity included, in
// m/s², positive upward when the phone lies on its back (W3C Device Orientation,
// section "devicemotion"). Safari's sign is the opposite, and is turned here.
import { TroubleError } from "../worker/client";
import type { Listener, Running, Sensor } from "./sensor";

const SILENCE_MS = 2000;
const STANDARD_GRAVITY = 9.80665;
/** Readings looked at before the unit is believed. */
const UNIT_READINGS = 12;
/** Between 1 (g) and 9.8 (m/s²), on a scale of ratios. */
const UNIT_BORDER = 3.1;

const INSECURE =
  "Browsers give motion to secure pages only. Serve with `make serve LAN=1` and open the https address on this device";

type AskableMotion = typeof DeviceMotionEvent & {
  requestPermission?: () => Promise<"granted" | "denied">;
};

function askable(): AskableMotion | null {
  const motion = globalThis.DeviceMotionEvent as AskableMotion | undefined;
  return motion?.requestPermission ? motion : null;
}

export const accelerometer: Sensor = {
  id: "accelerometer",
  title: "Accelerometer",
  axes: ["x", "y", "z"].map((name) => ({ name, unit: "m/s2" })),
  get needs_tap() {
    return askable() !== null;
  },
  unavailable() {
    if (!globalThis.isSecureContext) return INSECURE;
    if (!globalThis.DeviceMotionEvent) return "This browser gives no motion to pages";
    return "";
  },
  async open(listener) {
    if (this.unavailable()) throw trouble("The accelerometer can't be used here", INSECURE);
    const permission = await (askable()
      ?.requestPermission?.()
      .catch(() => "denied") ?? "granted");
    if (permission !== "granted")
      throw trouble(
        "Motion was not allowed",
        "Allow motion and orientation for this site in the browser's settings, reload, then try again",
      );
    return listen(listener);
  },
};

function trouble(what: string, remedy: string): TroubleError {
  return new TroubleError({ what, place: "accelerometer", remedy });
}

/** Resolves with the first readings, or rejects after a silence. */
function listen(listener: Listener): Promise<Running> {
  const readings = new Readings(listener);
  return new Promise((resolve, reject) => {
    const close = () => {
      clearTimeout(silence);
      removeEventListener("devicemotion", hear);
    };
    const silence = setTimeout(() => {
      close();
      reject(
        trouble(
          "This device has no motion sensor, or the browser keeps it from this page",
          "Open this page on a phone over https, or choose a recording to replay",
        ),
      );
    }, SILENCE_MS);
    const hear = (event: DeviceMotionEvent) => {
      // A desktop without a sensor sends one event full of nulls.
      const a = event.accelerationIncludingGravity;
      if (a?.x == null || a.y == null || a.z == null) return;
      clearTimeout(silence);
      readings.take(event.timeStamp, a.x, a.y, a.z);
      resolve({ close });
    };
    addEventListener("devicemotion", hear);
  });
}

/** Turns sign and unit; holds back the first few readings until the unit is known. */
class Readings {
  readonly #listener: Listener;
  /** Safari on iPhone and iPad: every browser there is Apple's. */
  readonly #sign = navigator.vendor.startsWith("Apple") ? -1 : 1;
  #scale: number | null = null;
  #held: number[][] = [];
  #last = Number.NEGATIVE_INFINITY;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  take(t_ms: number, x: number, y: number, z: number): void {
    // Two events with one time stamp happen where clocks are coarse; the first counts.
    if (t_ms <= this.#last) return;
    this.#last = t_ms;
    if (this.#scale !== null) {
      this.#send([[t_ms, x, y, z]], this.#scale);
      return;
    }
    this.#held.push([t_ms, x, y, z]);
    if (this.#held.length < UNIT_READINGS) return;
    // A hand that holds a phone feels one gravity, more or less: 1 in g, 9.8 in m/s².
    const sizes = this.#held.map(([, ...a]) => Math.hypot(...a)).sort((a, b) => a - b);
    const middle = sizes[sizes.length >> 1] ?? STANDARD_GRAVITY;
    this.#scale = this.#sign * (middle > 0.2 && middle < UNIT_BORDER ? STANDARD_GRAVITY : 1);
    this.#send(this.#held, this.#scale);
    this.#held = [];
  }

  #send(readings: number[][], scale: number): void {
    this.#listener.chunk({
      times_ms: Float64Array.from(readings, ([t = 0]) => t),
      values: Float32Array.from(readings.flatMap(([, ...a]) => a.map((value) => value * scale))),
    });
  }
}
