// A microphone's sound on its way into a take: the engine makes 16-bit numbers of it at the
// rate that recordings keep. State between calls is the resampler's alone.
import { SoundTake } from "../engine/web";
import type { Handlers } from "./host";
import type { SoundJobs } from "./protocol";

let take: SoundTake | null = null;

export const soundJobs: Handlers<Omit<SoundJobs, "make">> = {
  beginSound: ({ from_hz, to_hz }) => {
    take?.free();
    take = null;
    take = new SoundTake(from_hz, to_hz);
    return null;
  },
  pushSound: ({ values }) => begun().push(values),
  endSound: () => {
    const rest = begun().finish();
    take?.free();
    take = null;
    return rest;
  },
};

function begun(): SoundTake {
  if (take) return take;
  throw {
    what: "No sound is being recorded",
    place: "sound worker",
    remedy: "Switch the microphone on again",
  };
}
