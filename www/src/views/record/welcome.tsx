// What a newcomer sees first. Once there are recordings the same place, now a single line, points
// to the next step.

import type { Task } from "../../engine/types/Task";
import {
  busy,
  chooseModelFile,
  chooseTask,
  loadStarter,
  project,
  readOnly,
  route,
} from "../../state";
import { plural } from "../../widgets/format";
import { Icon, type IconName } from "../../widgets/icons";
import { ofPictures } from "../shared";

const TASKS: readonly {
  id: Task;
  title: string;
  icon: IconName;
  text: string;
  begin: string;
  starter: string;
}[] = [
  {
    id: "motion",
    title: "A movement",
    icon: "sensor",
    begin: "Begin with starter movements",
    text: "A wave, a circle, a shake: from a phone's accelerometer.",
    starter: "starter",
  },
  {
    id: "audio",
    title: "A sound",
    icon: "record",
    begin: "Begin with starter sounds",
    text: "A word, a clap, a machine that runs rough: from a microphone.",
    starter: "starter-sound",
  },
  {
    id: "image",
    title: "A picture",
    icon: "camera",
    begin: "Begin with starter pictures",
    text: "A sign, a pose, a part that is in its place: from a camera.",
    starter: "starter-picture",
  },
];

/** One of the things a project can be about: to begin with one's own, or with what is there. */
function TaskCard({ task }: { task: (typeof TASKS)[number] }) {
  const settings = project.value?.settings;
  const blocked = busy.value !== null || readOnly.value;
  return (
    <li class="task-card">
      <label class="task-choice">
        <input
          type="radio"
          name="task"
          data-testid={`task-${task.id}`}
          checked={settings ? settings.task === task.id : false}
          disabled={blocked}
          onChange={() => chooseTask(task.id)}
        />
        <Icon name={task.icon} />
        <strong>{task.title}</strong>
      </label>
      <p>{task.text}</p>
      <button
        type="button"
        class="btn btn-primary"
        data-testid={task.starter}
        disabled={blocked}
        onClick={() => void loadStarter(task.id)}
      >
        {task.begin}
      </button>
    </li>
  );
}

function Invitation() {
  return (
    <div>
      <p>
        Record two or more kinds, give each a name, and this page trains a network small enough for
        a microcontroller. Nothing leaves this device.
      </p>
      <p class="welcome-other">
        Each starter set has everything to try all six steps. Or{" "}
        <button type="button" class="link" data-testid="look-into" onClick={chooseModelFile}>
          look into a .tflite or .lampyris model
        </button>{" "}
        of yours: drop it anywhere on this page.
      </p>
    </div>
  );
}

function WayOn({ recordings }: { recordings: number }) {
  return (
    <section class="welcome welcome-compact">
      <h2>
        {ofPictures.value
          ? plural(recordings, "picture is", "pictures are")
          : plural(recordings, "recording is", "recordings are")}{" "}
        here
      </h2>
      <div class="empty-actions">
        <button
          type="button"
          class="btn btn-primary"
          onClick={() => {
            route.value = "explore";
          }}
        >
          Explore them <Icon name="right" size={16} />
        </button>
        <button
          type="button"
          class="link"
          onClick={() => {
            route.value = "train";
          }}
        >
          or train at once
        </button>
      </div>
    </section>
  );
}

export function Welcome({ recordings }: { recordings: number }) {
  if (recordings > 0) return <WayOn recordings={recordings} />;
  return (
    <section class="welcome">
      <h2>Teach a chip to recognise</h2>
      <ul class="task-cards" aria-label="What this project is about">
        {TASKS.map((task) => (
          <TaskCard key={task.id} task={task} />
        ))}
      </ul>
      <Invitation />
      <svg class="welcome-art" viewBox="0 0 320 140" aria-hidden="true">
        <path class="art-grid" d="M0 70h320" />
        <path
          class="art-wave"
          d="M0 70c10 0 12-4 20-4s10 8 18 8 10-6 18-6 8 4 16 4 10-46 20-46 12 92 24 92 12-82 24-82 12 62 22 62 10-34 18-34 8 8 16 8"
        />
        <path class="art-link" d="M196 72h22M250 72h18" />
        <circle class="art-dot" cx="226" cy="52" r="4" />
        <circle class="art-dot" cx="226" cy="72" r="4" />
        <circle class="art-dot" cx="226" cy="92" r="4" />
        <circle class="art-dot" cx="244" cy="62" r="4" />
        <circle class="art-dot" cx="244" cy="82" r="4" />
        <circle class="art-halo" cx="288" cy="72" r="26" />
        <circle class="art-lamp" cx="288" cy="72" r="11" />
      </svg>
    </section>
  );
}
