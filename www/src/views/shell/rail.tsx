// The six steps: where one is, how far each is, and why.

import { route, type StepId, steps } from "../../state";
import { Icon, type IconName, StateIcon } from "../../widgets/icons";
import { ofPictures } from "../shared";
import { OfflineLine } from "./offline";
import { STATE_WORDS, STEPS } from "./steps";

/** A microphone and a waveform stand for readings; pictures have signs of their own. */
function iconOf(id: StepId): IconName {
  if (!ofPictures.value) return id;
  return id === "record" ? "camera" : id === "explore" ? "pictures" : id;
}

export function Rail() {
  const at = route.value;
  return (
    <nav class="rail" aria-label="Steps">
      <ol>
        {STEPS.map(({ id, title }) => {
          const { state, why } = steps.value[id];
          return (
            <li key={id} class={`rail-item rail-${state}`}>
              <a
                href={`#${id}`}
                data-step={id}
                data-state={state}
                aria-current={at === id ? "page" : undefined}
                title={`${STATE_WORDS[state]}: ${why}`}
                onClick={(event) => {
                  event.preventDefault();
                  route.value = id;
                }}
              >
                <span class="rail-icon">
                  <Icon name={iconOf(id)} />
                </span>
                <span class="rail-text">
                  <span class="rail-title">{title}</span>
                  <span class="rail-why">
                    <span class="sr">{STATE_WORDS[state]}: </span>
                    {why}
                  </span>
                </span>
                <span class="rail-state">
                  <StateIcon state={state} />
                </span>
              </a>
            </li>
          );
        })}
      </ol>
      <button
        type="button"
        class="rail-foot"
        onClick={() => {
          route.value = "privacy";
        }}
      >
        <Icon name="lock" size={16} />
        <span>
          Everything stays on this device.
          <OfflineLine />
        </span>
      </button>
    </nav>
  );
}
