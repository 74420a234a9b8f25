// What belongs to a microphone: which one it is, so that one that fails can be replaced; and
// once it is on, what the browser does to its sound, and how loud it is.

import {
  capture,
  level,
  microphoneChosen,
  microphoneList,
  type SoundFacts,
  setMicrophone,
} from "../../state";
import { Meter } from "../../widgets/meter";
import { Notice } from "../../widgets/notice";
import { DeviceChoice } from "./device-choice";

const TREATMENTS: readonly { title: string; of: (facts: SoundFacts) => boolean | null }[] = [
  { title: "echo cancellation", of: (f) => f.echo_cancellation },
  { title: "noise suppression", of: (f) => f.noise_suppression },
  { title: "automatic gain", of: (f) => f.auto_gain },
];

const list = (names: string[]) => names.join(names.length > 2 ? ", " : " and ");

function Facts({ facts }: { facts: SoundFacts }) {
  const named = (value: boolean | null) =>
    TREATMENTS.filter((one) => one.of(facts) === value).map((one) => one.title);
  const [off, on, untold] = [named(false), named(true), named(null)];
  return (
    <>
      <p class="fine sound-facts">
        <span class="num">
          {facts.rate_hz / 1000} kHz,{" "}
          {facts.channels === 1 ? "mono" : `${facts.channels} channels, mixed`}
        </span>
        {off.length > 0 && ` · off: ${list(off)}`}
        {untold.length > 0 && ` · not told by this browser: ${list(untold)}`}
      </p>
      {on.length > 0 && (
        <Notice
          severity="warning"
          what={`The browser still applies ${list(on)}`}
          remedy="A chip has nothing of the kind, so the model may hear other sounds there: choose another microphone or browser where you can."
        />
      )}
    </>
  );
}

function Chooser({ sound }: { sound: SoundFacts | null }) {
  return (
    <DeviceChoice
      sensor="microphone"
      // The one in use may be another than was asked for: that one is unplugged.
      value={sound?.device_id ?? microphoneChosen.value}
      name={sound?.device ?? null}
      all={microphoneList.value}
      onChoose={setMicrophone}
    />
  );
}

/** Above the trace. */
export function MicrophoneBar({ on }: { on: boolean }) {
  const { sound, amiss, state } = capture.value;
  if (!on || !sound)
    return state === "failed" ? (
      <div class="sound-bar">
        <div class="sound-line">
          <Chooser sound={null} />
        </div>
      </div>
    ) : null;
  const { rms, held, clipping, dead } = level.value;
  return (
    <div class="sound-bar">
      <div class="sound-line">
        <Chooser sound={sound} />
        <Meter rms={rms} held={held} clipping={clipping} />
      </div>
      <Facts facts={sound} />
      {amiss ? (
        <Notice severity="warning" what={amiss.what} place={amiss.place} remedy={amiss.remedy} />
      ) : (
        dead && (
          <Notice
            severity="warning"
            what="Only zeros come from this microphone"
            remedy="It is muted, or its plug is empty: look for a mute key, or choose another one above."
          />
        )
      )}
    </div>
  );
}
