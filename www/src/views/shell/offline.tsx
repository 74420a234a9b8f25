// Whether the page opens without a network, and the newer version that waits to be taken.

import { newVersion, type Offline, offline, renew } from "../../state";
import { Icon } from "../../widgets/icons";
import { closePopover, Popover } from "../../widgets/popover";

export function offlineWords({ state, done, total, why }: Offline): string {
  if (state === "ready") return "Ready offline";
  if (state === "impossible") return `Not offline here: ${why}`;
  if (state === "failed") return `Not ready offline: ${why}`;
  return total > 0 ? `Preparing for offline: ${done} of ${total}` : "Preparing for offline";
}

/** A quiet line: no more than a reader wants who asks. */
export function OfflineLine() {
  const now = offline.value;
  const words = offlineWords(now);
  const short = now.state === "impossible" || now.state === "failed" ? words.split(":")[0] : words;
  return (
    <span data-testid="offline" data-state={now.state} title={words}>
      {short}
    </span>
  );
}

export function NewVersion() {
  if (!newVersion.value) return null;
  return (
    <Popover
      class="btn btn-small btn-new"
      title="A new version is there"
      label="A new version is there"
      testId="new-version"
      button={
        <>
          <Icon name="stale" size={16} />
          <span class="wide-only">New version</span>
        </>
      }
    >
      <p>Reload when it suits you. Your work is saved first, and nothing of it changes.</p>
      <button
        type="button"
        class="btn btn-primary"
        data-testid="renew"
        onClick={(event) => {
          closePopover(event.currentTarget);
          void renew();
        }}
      >
        Save and reload
      </button>
    </Popover>
  );
}
