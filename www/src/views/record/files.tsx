// Bringing files: chosen, a folder, or dropped anywhere on this step.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { ImportOptions } from "../../engine/types/ImportOptions";
import {
  busy,
  importFiles,
  importProblems,
  importRefused,
  isModelFile,
  loadStarter,
  openModelFile,
  project,
  readOnly,
  recordings,
} from "../../state";
import { NumberField, TextField } from "../../widgets/fields";
import { plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Notice, Panel } from "../../widgets/notice";
import { labels, thingsWord } from "../shared";
import { droppedFiles } from "./drop";

const options = signal<ImportOptions>({ label: null, rate_hz: null, group_by: null });
const over = signal(false);

function bring(files: File[]): void {
  const [first] = files;
  if (first && files.length === 1 && isModelFile(first)) openModelFile(first);
  else if (files.length > 0 && !readOnly.value) void importFiles(files, options.value);
}

/** The whole step takes a drop; a frame shows that it would. */
export function DropZone({ children }: { children: ComponentChildren }) {
  const carriesFiles = (e: DragEvent) => e.dataTransfer?.types.includes("Files") ?? false;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the buttons do the same
    <div
      class={over.value ? "drop-zone drop-over" : "drop-zone"}
      onDragOver={(e) => {
        if (!carriesFiles(e)) return;
        e.preventDefault();
        over.value = true;
      }}
      onDragLeave={(e) => {
        if (!e.currentTarget.contains(e.relatedTarget as Node | null)) over.value = false;
      }}
      onDrop={(e) => {
        if (!e.dataTransfer || !carriesFiles(e)) return;
        e.preventDefault();
        over.value = false;
        void droppedFiles(e.dataTransfer).then(bring);
      }}
    >
      {children}
    </div>
  );
}

function Options() {
  const o = options.value;
  const set = (change: Partial<ImportOptions>) => {
    options.value = { ...options.value, ...change };
  };
  const given = [o.label, o.rate_hz, o.group_by].filter((v) => v !== null).length;
  return (
    <details class="details">
      <summary>
        Import options
        {given > 0 && <span class="badge">{given} set</span>}
      </summary>
      <TextField
        live
        title="Label for all files"
        value={o.label ?? ""}
        suggestions={labels.value}
        placeholder="from the file or its folder"
        help="Leave empty to take it from the file, its folder or its name."
        onValue={(v) => set({ label: v.trim() === "" ? null : v.trim() })}
      />
      <NumberField
        title="Rate, where a file has no time column"
        unit="Hz"
        value={o.rate_hz ?? 0}
        min={0}
        max={100000}
        help="0: the file must say its own times."
        onValue={(v) => set({ rate_hz: v > 0 ? v : null })}
      />
      <TextField
        live
        title="Column that names the group"
        value={o.group_by ?? ""}
        placeholder="for example person"
        help="Rows of one group are never split apart."
        onValue={(v) => set({ group_by: v.trim() === "" ? null : v.trim() })}
      />
    </details>
  );
}

const SHOWN_PROBLEMS = 20;

function Problems() {
  const problems = importProblems.value;
  const refused = importRefused.value;
  if (problems.length === 0) return null;
  return (
    <div class="problems" role="alert">
      <div class="problems-head">
        <p>
          <strong>{plural(refused, "file was", "files were")} left out</strong>
        </p>
        <button
          type="button"
          class="btn btn-small"
          onClick={() => {
            importProblems.value = [];
            importRefused.value = 0;
          }}
        >
          Dismiss
        </button>
      </div>
      {problems.slice(0, SHOWN_PROBLEMS).map((p) => (
        <Notice
          key={`${p.path}${p.what}`}
          severity="warning"
          what={p.what}
          place={p.path}
          remedy={p.remedy}
        />
      ))}
      {refused > SHOWN_PROBLEMS && <p class="fine">and {refused - SHOWN_PROBLEMS} more.</p>}
    </div>
  );
}

export function FilesPanel() {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const blocked = busy.value !== null || readOnly.value;
  const take = (input: HTMLInputElement) => {
    const chosen = [...(input.files ?? [])];
    input.value = "";
    bring(chosen);
  };
  return (
    <Panel title="From files">
      <div class="drop-target">
        <Icon name="upload" size={28} />
        <p>
          <strong>Drop files, folders or a zip here</strong>
        </p>
        <p class="fine">
          JPEG or PNG pictures and WAV sounds of any usual rate, one folder a label; CSV with a
          header row; Edge Impulse exports (with info.labels).
        </p>
        <div class="drop-buttons">
          <button
            type="button"
            class="btn"
            disabled={blocked}
            onClick={() => files.current?.click()}
          >
            <Icon name="upload" size={16} /> Choose files
          </button>
          <button
            type="button"
            class="btn"
            disabled={blocked}
            onClick={() => folder.current?.click()}
          >
            <Icon name="folder" size={16} /> Choose a folder
          </button>
        </div>
        <input
          ref={files}
          class="sr"
          type="file"
          multiple
          tabIndex={-1}
          aria-label="Files to import"
          data-testid="file-input"
          onChange={(e) => take(e.currentTarget)}
        />
        <input
          ref={(element) => {
            folder.current = element;
            element?.setAttribute("webkitdirectory", "");
          }}
          class="sr"
          type="file"
          multiple
          tabIndex={-1}
          aria-label="Folder to import"
          data-testid="folder-input"
          onChange={(e) => take(e.currentTarget)}
        />
      </div>
      <Options />
      <Problems />
      {recordings.value.length > 0 && (
        <p class="fine">
          Want more to try with?{" "}
          <button
            type="button"
            class="link"
            data-testid="starter"
            disabled={blocked}
            onClick={() => void loadStarter(project.value?.settings.task ?? "motion")}
          >
            Add the starter {thingsWord()}
          </button>
        </p>
      )}
    </Panel>
  );
}
