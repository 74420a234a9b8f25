// What a newcomer sees first. Once there are recordings the same place points to the next step:
// it keeps its size, so that nothing jumps while the recordings arrive.

import { busy, chooseModelFile, loadStarter, readOnly, route } from "../../state";
import { count } from "../../widgets/format";
import { Icon } from "../../widgets/icons";

function Invitation({ shown }: { shown: boolean }) {
  return (
    <div class="welcome-text" inert={!shown}>
      <h2>Teach a chip to recognise a movement</h2>
      <p>
        Record two or more kinds of movement, a few seconds each, give each kind a name, and this
        page trains a network small enough for a microcontroller. Nothing leaves this device.
      </p>
      <div class="empty-actions">
        <button
          type="button"
          class="btn btn-primary"
          data-testid={shown ? "starter" : undefined}
          disabled={busy.value !== null || readOnly.value}
          onClick={() => void loadStarter()}
        >
          Begin with the starter recordings
        </button>
        <span class="fine">
          No sensor at hand? The starter set has everything to try all six steps.
        </span>
      </div>
      <p class="welcome-other">
        Or{" "}
        <button
          type="button"
          class="link"
          data-testid={shown ? "look-into" : undefined}
          onClick={chooseModelFile}
        >
          look into a .tflite model
        </button>{" "}
        of yours: drop it anywhere on this page.
      </p>
    </div>
  );
}

function WayOn({ shown, recordings }: { shown: boolean; recordings: number }) {
  return (
    <div class="welcome-text" inert={!shown}>
      <h2>{count(recordings)} recordings are here</h2>
      <p>See what they hold, or go straight on and train.</p>
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
    </div>
  );
}

export function Welcome({ recordings }: { recordings: number }) {
  return (
    <section class="welcome">
      <Invitation shown={recordings === 0} />
      <WayOn shown={recordings > 0} recordings={recordings} />
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
