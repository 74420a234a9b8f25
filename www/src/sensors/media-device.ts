// What a camera and a microphone have in common: which there are, which one is asked for, and why
// one can't be had.
import { TroubleError } from "../worker/client";

export interface MediaDevice {
  id: string;
  title: string;
}

/** The words and keys that differ. */
interface Kind {
  /** As a person reads it within a sentence; what is kept of the choice is under its name. */
  name: "camera" | "microphone";
  kind: "videoinput" | "audioinput";
  /** What can be brought as files instead. */
  files: string;
  /** What another program does with it. */
  held: string;
  /** What `getUserMedia` is asked for, the chosen device apart. */
  usual: MediaTrackConstraints;
  /** In the place of a device's id: what is asked for instead of it. */
  instead?: (id: string) => MediaTrackConstraints | null;
}

export function mediaDevices({ name, kind, files, held, usual, instead }: Kind) {
  const key = `lampyris.${name}`;
  const Name = name[0]?.toUpperCase() + name.slice(1);

  const trouble = (what: string, remedy: string): TroubleError =>
    new TroubleError({ what, place: name, remedy });

  function refusal(error: string, whole: unknown): TroubleError {
    if (error === "NotAllowedError" || error === "SecurityError")
      return trouble(
        `The ${name} was not allowed`,
        "Allow it for this site (the sign beside the address, or the browser's settings; the system's privacy settings count too), then switch it on again",
      );
    if (error === "NotFoundError" || error === "OverconstrainedError")
      return trouble(
        `No ${name} was found`,
        `Plug one in, or bring ${files} as files; then switch it on again`,
      );
    if (error === "NotReadableError" || error === "AbortError")
      return trouble(
        `The ${name} does not answer: another program may hold it`,
        `Close what else ${held}, choose another ${name}, or plug it in anew; then switch it on again`,
      );
    return trouble(
      `The ${name} can't be opened: ${whole instanceof Error ? whole.message : String(whole)}`,
      `Choose another ${name}, or reload the page`,
    );
  }

  async function ask(id: string): Promise<MediaStream> {
    const chosen = instead?.(id) ?? (id ? { deviceId: { exact: id } } : {});
    const wanted = { ...usual, ...chosen };
    try {
      return await navigator.mediaDevices.getUserMedia(
        kind === "videoinput" ? { video: wanted } : { audio: wanted },
      );
    } catch (error) {
      const of = error instanceof DOMException ? error.name : "";
      // The chosen one is unplugged, or the browser gave it another id: any other will do.
      if (id && (of === "OverconstrainedError" || of === "NotFoundError")) return ask("");
      throw refusal(of, error);
    }
  }

  /** The device that `open` will ask for; empty: the system's own choice. */
  function chosen(): string {
    try {
      return localStorage.getItem(key) ?? "";
    } catch {
      return ""; // storage may be forbidden; the choice is then not kept
    }
  }

  return {
    trouble,
    refusal,
    chosen,
    choose(id: string): void {
      try {
        localStorage.setItem(key, id);
      } catch {
        // as above
      }
    },
    /** Why the page can't have one at all; empty where it can. */
    unavailable(): string {
      if (!globalThis.isSecureContext)
        return `Browsers give the ${name} to secure pages only. Serve with \`make serve LAN=1\` and open the https address on this device`;
      return navigator.mediaDevices ? "" : `This browser gives no ${name} to pages`;
    },
    /** Those that the browser names; their names are empty until one was allowed. */
    async all(): Promise<MediaDevice[]> {
      const found = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
      return found
        .filter((one) => one.kind === kind && one.deviceId !== "")
        .map((one, i) => ({ id: one.deviceId, title: one.label || `${Name} ${i + 1}` }));
    },
    /** Asks for the chosen one and hands it over; where that fails, it is off again. */
    async open<Opened>(use: (stream: MediaStream) => Promise<Opened>): Promise<Opened> {
      const stream = await ask(chosen());
      try {
        return await use(stream);
      } catch (error) {
        for (const track of stream.getTracks()) track.stop();
        throw error;
      }
    },
  };
}

/** Calls `changed` whenever a device is plugged in or out. */
export function watchDevices(changed: () => void): void {
  navigator.mediaDevices?.addEventListener("devicechange", changed);
}
