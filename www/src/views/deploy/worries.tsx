// Why the model runs at the sensor and not in a cloud, in four numbers of this very project.

import type { Task } from "../../engine/types/Task";
import { bytesSent, live, overview, project, recordings } from "../../state";
import { estimate } from "../../widgets/breakdown";
import { bytes, count, figure, percent } from "../../widgets/format";
import { Icon, type IconName } from "../../widgets/icons";
import { currentFootprint } from "../footprint";
import { thingsWord } from "../shared";

const DAY_S = 86_400;
const BYTES_PER_VALUE = 2; // a 16-bit reading, as accelerometers and microphones give it
const BYTES_PER_EVENT = 9; // a time in ms (8) and a label (1)

/** A CR2032 (225 mAh at 3 V, 2430 J) lasts a year at this average power. */
const YEAR_UW = 77;

interface WorryProps {
  icon: IconName;
  name: string;
  value: string;
  text: string;
}

function Worry({ icon, name, value, text }: WorryProps) {
  return (
    <li class="worry">
      <p class="worry-name">
        <Icon name={icon} size={16} /> {name}
      </p>
      <p class="worry-value num">{value}</p>
      <p class="fine">{text}</p>
    </li>
  );
}

/** Below this share of windows awake, what was seen here says something about the duty cycle. */
const LEAST_WINDOWS = 20;

/** What is taken in, by task, as it is called. */
const TAKEN: Readonly<Record<Task, { one: string; all: string }>> = {
  motion: { one: "reading", all: "readings" },
  audio: { one: "sound", all: "sound" },
  image: { one: "picture", all: "pictures" },
};

/** How the chip saves energy between decisions, in this project's own numbers. */
function duty(task: Task, hop_ms: number, gate: number): string {
  const pace = `It works for a moment every ${figure(hop_ms, 4)} ms and sleeps in between.`;
  const { windows, awake } = live.value;
  if (task === "image") return `${pace} Fewer pictures a second would let it sleep longer.`;
  if (gate <= 0) return `${pace} A gate in Run would let it sleep through silence as well.`;
  const seen =
    windows >= LEAST_WINDOWS
      ? ` In the last run ${percent(awake / windows, 0)} of windows were awake.`
      : "";
  return `${pace} The gate skips windows in which nothing happens; the figure is without it.${seen}`;
}

export function Worries() {
  const settings = project.value?.settings;
  const footprint = currentFootprint();
  if (!settings) return null;
  const { task } = settings;
  const { one, all } = TAKEN[task];
  const axes =
    settings.axes.length || (recordings.value[0]?.axes.length ?? (task === "audio" ? 1 : 3));
  const decisions = (DAY_S * 1000) / Math.max(1, settings.hop_ms);
  // Of a picture, what the model sees: a byte each. What a camera gives is more.
  const each = task === "image" ? 1 : BYTES_PER_VALUE;
  const values =
    task === "image"
      ? decisions * (overview.value?.features ?? 0)
      : settings.rate_hz * axes * DAY_S;
  const power = footprint?.power;
  return (
    <section aria-label="The four worries">
      <ul class="worries">
        <Worry
          icon="shield"
          name="Privacy"
          value={`${count(bytesSent.value)} bytes sent`}
          text={`No ${one}, label or model has left this device.`}
        />
        <Worry
          icon="clock"
          name="Latency"
          value={footprint ? estimate(footprint.latency) : "unknown"}
          text={`From the ${task === "image" ? "picture" : "last reading"} to the answer on the chip${overview.value ? "" : `; needs ${thingsWord()}`}. No round trip.`}
        />
        <Worry
          icon="disk"
          name="Storage"
          value={`${bytes(values * each)} → ${bytes(decisions * BYTES_PER_EVENT)}`}
          text={`A day of raw ${all} (${task === "image" ? "as small as the model sees them" : `${each} bytes each`}) against an entry for each of ${count(decisions)} decisions (${BYTES_PER_EVENT} bytes); fewer if only changes are kept.`}
        />
        <Worry
          icon="battery"
          name="Energy"
          value={power ? estimate(power) : "unknown"}
          text={`Average power of the processor, against the ${YEAR_UW} µW at which a CR2032 coin cell (225 mAh) nominally lasts a year. ${duty(task, settings.hop_ms, settings.decision.gate.level)}`}
        />
      </ul>
    </section>
  );
}
