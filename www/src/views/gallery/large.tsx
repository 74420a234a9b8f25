// One picture, large: as it was taken, as the model sees it, what is known of it, what the model
// says. Arrow keys go on; everything that is changed here can be undone.

import { useEffect, useRef, useState } from "preact/hooks";
import type { RecordingMeta } from "../../engine/types/RecordingMeta";
import {
  bitmapOf,
  judgedPicture,
  lookAtPicture,
  project,
  readOnly,
  relabel,
  remove,
  report,
  seenPicture,
  setGroup,
  setSplit,
  steps,
} from "../../state";
import { ScoreBar } from "../../widgets/bars";
import { ClassMark, classColor } from "../../widgets/class-mark";
import { SelectField, TextField } from "../../widgets/fields";
import { count, moment, percent } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Notice } from "../../widgets/notice";
import { Pixels } from "../../widgets/pixels";
import { byId, groups, labels, mainLabel, SPLITS, sizeOf, splitOf } from "../shared";
import { Toasts } from "../shell/messages";
import { partOf } from "./filter";
import { opened } from "./opened";

function Whole({ meta }: { meta: RecordingMeta }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [trouble, setTrouble] = useState("");
  const [width, height] = meta.size ?? [1, 1];
  useEffect(() => {
    let alive = true;
    setTrouble("");
    bitmapOf(meta.id).then(
      (picture) => {
        if (alive) canvas.current?.getContext("2d")?.drawImage(picture, 0, 0);
      },
      (error: unknown) => {
        if (alive) setTrouble(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      alive = false;
    };
  }, [meta.id]);
  return (
    <>
      <canvas
        key={meta.id}
        ref={canvas}
        width={width}
        height={height}
        role="img"
        aria-label={`${meta.name}, as it was taken`}
      />
      {trouble && <Notice severity="error" what={trouble} />}
    </>
  );
}

/** The picture, and beside it what is left of it for the model. */
function Both({ meta }: { meta: RecordingMeta }) {
  const seen = seenPicture.value?.id === meta.id ? seenPicture.value : null;
  const shown = seen?.shown;
  return (
    <div class="large-both">
      <figure>
        <Whole meta={meta} />
        <figcaption class="fine num">As it was taken, {sizeOf(meta)}</figcaption>
      </figure>
      <figure>
        {shown ? (
          <Pixels {...shown} label="What the model sees of it" />
        ) : (
          <div class="large-wait" role="status">
            {seen?.trouble ? "" : "Looking…"}
          </div>
        )}
        <figcaption class="fine num">
          What the model sees
          {shown &&
            `, ${shown.width} × ${shown.height} px, ${shown.channels === 3 ? "in colour" : "in grey"}`}
        </figcaption>
      </figure>
      {seen?.trouble && (
        <Notice
          severity="warning"
          what={seen.trouble.what}
          place={seen.trouble.place}
          remedy={seen.trouble.remedy}
        />
      )}
      <Facts meta={meta} />
    </div>
  );
}

function Scores({ meta }: { meta: RecordingMeta }) {
  const r = report.value;
  const judged = judgedPicture.value?.id === meta.id ? judgedPicture.value : null;
  const scores = judged?.scores;
  if (r && judged?.asking)
    return (
      <p class="fine" role="status">
        Asking the model…
      </p>
    );
  if (!r || !scores) return null;
  const said = scores.indexOf(Math.max(...scores));
  const right = r.labels[said] === mainLabel(meta);
  const stale = steps.value.quantize.state === "stale";
  return (
    <section class="large-scores" aria-label="What the model says">
      <h3>
        The model says "{r.labels[said]}"
        {right ? ", rightly" : `; the label is "${mainLabel(meta)}"`}
      </h3>
      <ul class="now-scores">
        {r.labels.map((label, i) => (
          <li key={label}>
            <ClassMark index={i} label={label} />
            <ScoreBar share={scores[i] ?? 0} ink={classColor(i)} />
            <span class="num">{percent(scores[i] ?? 0, 0)}</span>
          </li>
        ))}
      </ul>
      {stale && <p class="fine">The model is of before the last changes: train again.</p>}
    </section>
  );
}

function Facts({ meta }: { meta: RecordingMeta }) {
  const part = partOf(meta);
  const facts = [
    ["Size", sizeOf(meta)],
    ["Taken", moment(meta.created_ms)],
    ["From", meta.device ?? (meta.source === "import" ? "a file" : meta.source)],
    ["Used", splitOf(part ?? "auto")?.use ?? ""],
    ...(meta.notes ? [["Notes", meta.notes]] : []),
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Fields({ meta }: { meta: RecordingMeta }) {
  const locked = readOnly.value;
  return (
    <div class="large-fields" key={`${meta.id}${mainLabel(meta)}${meta.group}`}>
      <TextField
        title="Label"
        value={mainLabel(meta)}
        suggestions={labels.value}
        disabled={locked}
        onValue={(v) => void relabel([meta.id], v)}
      />
      <TextField
        title="Person or occasion"
        value={meta.group ?? ""}
        suggestions={groups.value}
        disabled={locked}
        onValue={(v) => void setGroup([meta.id], v)}
      />
      <SelectField
        title="Use for"
        value={meta.split}
        options={SPLITS}
        disabled={locked}
        onValue={(v) => {
          const split = SPLITS.find((one) => one.id === v);
          if (split) void setSplit([meta.id], split.id);
        }}
      />
    </div>
  );
}

interface Way {
  at: number;
  among: readonly string[];
  go: (step: number) => void;
}

/** Where one is among those that one came from, as far as they are still there. */
function wayOf(id: string, all: readonly string[]): Way {
  const among = all.filter((one) => one === id || byId.value.has(one));
  const at = among.indexOf(id);
  return {
    at,
    among,
    go: (step) => {
      const next = among[at + step];
      if (next !== undefined) opened.value = { id: next, among };
    },
  };
}

function Content({ meta, way }: { meta: RecordingMeta; way: Way }) {
  const leave = () => {
    const next = way.among[way.at + 1] ?? way.among[way.at - 1];
    const among = way.among.filter((id) => id !== meta.id);
    opened.value = next === undefined ? null : { id: next, among };
    void remove([meta.id]);
  };
  return (
    <>
      <header class="large-head">
        <h2 class="clip">{meta.name}</h2>
        <span class="fine num">
          {count(way.at + 1)} of {count(way.among.length)}
        </span>
        <span class="push" />
        <button
          type="button"
          class="btn btn-icon"
          aria-label="Previous picture"
          title="Previous (arrow left)"
          disabled={way.at <= 0}
          onClick={() => way.go(-1)}
        >
          <Icon name="left" size={16} />
        </button>
        <button
          type="button"
          class="btn btn-icon"
          aria-label="Next picture"
          title="Next (arrow right)"
          disabled={way.at >= way.among.length - 1}
          onClick={() => way.go(1)}
        >
          <Icon name="right" size={16} />
        </button>
        <button
          type="button"
          class="btn btn-icon btn-quiet"
          aria-label="Close"
          onClick={() => {
            opened.value = null;
          }}
        >
          <Icon name="close" size={16} />
        </button>
      </header>
      <div class="large-body">
        <Both meta={meta} />
        <div class="large-side">
          <Scores meta={meta} />
          <Fields meta={meta} />
          <button
            type="button"
            class="btn btn-small btn-danger"
            disabled={readOnly.value}
            onClick={leave}
          >
            <Icon name="trash" size={16} /> Delete picture
          </button>
        </div>
      </div>
    </>
  );
}

export function LargePicture() {
  const dialog = useRef<HTMLDialogElement>(null);
  const at = opened.value;
  const meta = at ? byId.value.get(at.id) : undefined;
  const settings = project.value?.settings;
  const way = at ? wayOf(at.id, at.among) : null;

  const open = meta !== undefined;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);

  const shape = JSON.stringify([settings?.task, settings?.block]);
  const model = report.value?.model_sha256;
  const id = meta?.id;
  // `shape` and `model` stand for what the answer depends on.
  useEffect(() => {
    if (id !== undefined && settings) lookAtPicture(id, settings);
  }, [id, shape, model]);

  return (
    <dialog
      ref={dialog}
      class="large"
      aria-label={meta ? `Picture ${meta.name}` : "Picture"}
      data-testid="large"
      onClose={() => {
        opened.value = null;
      }}
      onClick={(e) => {
        // Beside it: the dialog itself is under its content everywhere else.
        if (e.target === dialog.current) opened.value = null;
      }}
      onKeyDown={(e) => {
        if (e.target instanceof HTMLInputElement || e.target instanceof HTMLSelectElement) return;
        const step: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };
        const by = step[e.key];
        if (by === undefined) return;
        e.preventDefault();
        way?.go(by);
      }}
    >
      {meta && way && <Content meta={meta} way={way} />}
      {meta && <Toasts />}
    </dialog>
  );
}
