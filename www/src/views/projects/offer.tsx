// What a settings link would change, and whether it may.

import { useEffect, useRef } from "preact/hooks";
import {
  acceptAsProject,
  acceptSettings,
  type Difference,
  declineSettings,
  offered,
  project,
  readOnly,
} from "../../state";
import "../../styles/beside.css";
import { plural } from "../../widgets/format";
import { Notice } from "../../widgets/notice";

/** A path as a person reads it: "training › learning rate". */
function named(path: string): string {
  return path.replaceAll(".", " › ").replaceAll("_", " ");
}

/** A value in few words; of a list of layers their kinds. */
function worded(value: unknown): string {
  if (value === undefined) return "default";
  if (!Array.isArray(value)) return typeof value === "object" ? JSON.stringify(value) : `${value}`;
  const kinds = value.map((one) => (one as { kind?: string })?.kind ?? JSON.stringify(one));
  return kinds.length > 0 ? kinds.join(", ").replaceAll("_", " ") : "none";
}

function Changes({ differences }: { differences: readonly Difference[] }) {
  if (differences.length === 0) return <p>They are the same as this project's.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
    <section class="scroll-y" tabIndex={0} aria-label="What would change">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">Now</th>
            <th scope="col">By the link</th>
          </tr>
        </thead>
        <tbody>
          {differences.map(({ path, before, after }) => (
            <tr key={path}>
              <th scope="row">{named(path)}</th>
              <td>{worded(before)}</td>
              <td>{worded(after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function Offer() {
  const dialog = useRef<HTMLDialogElement>(null);
  const offer = offered.value;
  useEffect(() => {
    if (offer) dialog.current?.showModal();
  }, [offer]);
  if (!offer) return null;
  const unfit = readOnly.value ? "It is open in another tab" : offer.unfit;
  return (
    <dialog
      ref={dialog}
      class="dialog dialog-wide"
      aria-label="Settings from a link"
      data-testid="offer"
      onClose={declineSettings}
    >
      <h2>Settings from a link</h2>
      <p>
        {plural(offer.differences.length, "setting")} for {offer.settings.task} would change. The
        link holds no recordings; your labels and axes stay as they are.
      </p>
      <Changes differences={offer.differences} />
      {unfit && <Notice severity="note" what={`Not for this project: ${unfit}`} />}
      <div class="dialog-actions">
        <button type="button" class="btn" onClick={declineSettings}>
          Leave it
        </button>
        <button type="button" class="btn" onClick={() => void acceptAsProject()}>
          New project
        </button>
        <button
          type="button"
          class="btn btn-primary"
          disabled={unfit !== "" || offer.differences.length === 0}
          onClick={acceptSettings}
        >
          Apply to {project.value?.name ?? "this project"}
        </button>
      </div>
    </dialog>
  );
}
