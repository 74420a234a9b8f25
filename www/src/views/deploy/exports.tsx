// A model as what builds and runs on a chip: one card for each kind of export, and beside them
// whether the chosen board has room for it.

import { useEffect } from "preact/hooks";
import type { TargetInfo } from "../../engine/types/TargetInfo";
import { catalog } from "../../state";
import {
  aboutBytes,
  cancelExport,
  copyHash,
  type ExportOf,
  type ExportState,
  exportName,
  exportState,
  makeExport,
  measureKits,
} from "../../state/exports";
import { bytes, plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Notice } from "../../widgets/notice";
import "../../styles/exports.css";
import { stepsAfter } from "./export-steps";

/** So many files are listed; of a longer list the rest is counted. */
const LISTED = 60;

/** What is said of the size before it is known to the byte. */
function about(of: ExportOf, target: TargetInfo): string {
  const size = aboutBytes(of, target);
  return size === null ? "zip" : `zip, about ${bytes(size)}`;
}

function Inside({ now }: { now: ExportState }) {
  if (!now.made) return <p class="fine">Looking…</p>;
  const { files } = now.made;
  return (
    <ul class="export-files">
      {files.slice(0, LISTED).map((file) => (
        <li key={file.path}>
          <span class="mono">{file.path}</span>
          <span class="num muted">{bytes(file.bytes)}</span>
        </li>
      ))}
      {files.length > LISTED && <li class="muted">and {files.length - LISTED} more</li>}
    </ul>
  );
}

function Working({ now, of, target }: { now: ExportState; of: ExportOf; target: TargetInfo }) {
  const fetched = now.total > 0 ? `${bytes(now.done)} of ${bytes(now.total)}` : bytes(now.done);
  const told = now.state === "packing" ? "Packing…" : `Fetching the kits: ${fetched}`;
  return (
    <div class="export-working">
      <progress
        aria-label={`Making ${target.title}`}
        max={1}
        value={
          now.state === "fetching" && now.total > 0 ? Math.min(1, now.done / now.total) : undefined
        }
      />
      <span class="fine num" role="status">
        {told}
      </span>
      <button
        type="button"
        class="btn btn-small"
        data-testid={`export-cancel-${target.id}`}
        onClick={() => cancelExport(of, target.id)}
      >
        Cancel
      </button>
    </div>
  );
}

function ExportCard({ of, target }: { of: ExportOf; target: TargetInfo }) {
  const now = exportState(of, target.id);
  const working = now.state === "fetching" || now.state === "packing";
  const { made } = now;
  const folder = exportName(of, target.id);
  return (
    <li class="export" data-testid={`export-${target.id}`} data-state={now.state}>
      <h3>{target.title}</h3>
      <p class="fine">{target.help}</p>
      <div class="export-get">
        {working ? (
          <Working now={now} of={of} target={target} />
        ) : (
          <button
            type="button"
            class="btn"
            data-testid={`export-download-${target.id}`}
            aria-label={`Download ${target.title}`}
            onClick={() => void makeExport(of, target, true)}
          >
            <Icon name="download" size={16} /> Download
          </button>
        )}
        <span class="export-size num" data-testid={`export-size-${target.id}`}>
          {made
            ? `zip, ${bytes(made.bytes)}, ${plural(made.files.length, "file")}`
            : about(of, target)}
        </span>
      </div>
      {now.state === "failed" && now.trouble && (
        <div role="alert">
          <Notice
            severity="error"
            what={now.trouble.what}
            place={now.trouble.place}
            remedy={now.trouble.remedy}
          />
        </div>
      )}
      <details
        class="details"
        onToggle={(event) => {
          if (event.currentTarget.open && !made) void makeExport(of, target, false);
        }}
      >
        <summary data-testid={`export-inside-${target.id}`}>What is inside</summary>
        <Inside now={now} />
      </details>
      <div class="export-then">
        <h4>Then do this</h4>
        <ol>
          {stepsAfter(target.id, folder).map((step) => (
            <li key={step.text}>
              {step.text}
              {step.command && <code class="command">{step.command}</code>}
            </li>
          ))}
        </ol>
      </div>
    </li>
  );
}

/** A card for each kind of export that this build has. */
export function ExportCards({ of }: { of: ExportOf }) {
  const targets = catalog.value?.targets ?? [];
  useEffect(() => void measureKits(targets), [targets]);
  return (
    <ul class="exports">
      {targets.map((target) => (
        <ExportCard key={target.id} of={of} target={target} />
      ))}
    </ul>
  );
}

/** The model's name in full, and where it is found again. */
export function Hash({ hash }: { hash: string }) {
  return (
    <div class="hash-line">
      <code class="hash" data-testid="model-hash">
        {hash}
      </code>
      <button
        type="button"
        class="btn btn-small"
        data-testid="copy-hash"
        aria-label="Copy the model's SHA-256"
        onClick={() => void copyHash(hash)}
      >
        <Icon name="copy" size={16} /> Copy
      </button>
      <p class="fine">
        The SHA-256 of the bytes that go to the chip. The same hash is in the card of every export
        and is printed by the firmware: so you know which model is on which board.
      </p>
    </div>
  );
}
