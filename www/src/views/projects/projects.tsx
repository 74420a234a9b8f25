// All projects of this browser, and the room that they take.

import { useEffect, useState } from "preact/hooks";
import {
  askToKeep,
  countStored,
  deleteProject,
  duplicateProject,
  listProjects,
  nearlyFull,
  newProject,
  openProject,
  type ProjectSummary,
  project,
  projects,
  readOnly,
  refreshStorage,
  renameAny,
  route,
  sizesByProject,
  storage,
} from "../../state";
import "../../styles/beside.css";
import { Gauge } from "../../widgets/bars";
import { bytes, moment, percent, plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Notice, Panel } from "../../widgets/notice";

async function open(id: string): Promise<void> {
  await openProject(id);
  if (project.value?.id === id) route.value = "record";
}

function Name({ one }: { one: ProjectSummary }) {
  const [draft, setDraft] = useState<string | null>(null);
  const done = () => {
    const next = draft?.trim();
    setDraft(null);
    if (next && next !== one.name) void renameAny(one.id, next);
  };
  return (
    <input
      class="project-row-name"
      aria-label={`Name of ${one.name}`}
      value={draft ?? one.name}
      spellcheck={false}
      autocomplete="off"
      disabled={one.id === project.value?.id && readOnly.value}
      onInput={(e) => setDraft(e.currentTarget.value)}
      onBlur={done}
      onKeyDown={(e) => {
        if (e.key === "Enter") e.currentTarget.blur();
        if (e.key === "Escape") setDraft(null);
      }}
    />
  );
}

function Row({ one }: { one: ProjectSummary }) {
  const here = one.id === project.value?.id;
  const size = sizesByProject.value;
  const facts = [
    plural(one.recordings, one.task === "image" ? "picture" : "recording"),
    size ? bytes(size.get(one.id) ?? 0) : "counting…",
    moment(one.changed_ms),
  ];
  return (
    <li class={here ? "project-row project-row-open" : "project-row"} data-testid="project-row">
      <div class="project-row-text">
        <Name one={one} />
        <p class="fine num">{facts.join(" · ")}</p>
      </div>
      <div class="project-row-actions">
        {here ? (
          <span class="badge">Open now</span>
        ) : (
          <button type="button" class="btn btn-small" onClick={() => void open(one.id)}>
            Open<span class="sr"> {one.name}</span>
          </button>
        )}
        <button
          type="button"
          class="btn btn-small"
          onClick={() => void duplicateProject(one.id).then(countStored)}
        >
          Duplicate<span class="sr"> {one.name}</span>
        </button>
        <button
          type="button"
          class="btn btn-quiet btn-icon btn-small"
          aria-label={`Delete ${one.name}`}
          disabled={here && readOnly.value}
          onClick={() => void deleteProject(one.id)}
        >
          <Icon name="trash" size={16} />
        </button>
      </div>
    </li>
  );
}

function Storage() {
  const info = storage.value;
  return (
    <Panel title="Storage in this browser" lead={info ? null : "This browser does not say"}>
      {info && (
        <>
          <p class="num">
            {bytes(info.used)} of about {bytes(info.quota)} that the browser allows (
            {percent(info.quota > 0 ? info.used / info.quota : 0, 1)})
          </p>
          <Gauge share={info.quota > 0 ? info.used / info.quota : 0} />
          {nearlyFull.value && (
            <Notice
              severity="warning"
              what="The store is nearly full"
              remedy="Save projects as files, then delete those that you no longer need."
            />
          )}
          <div class="storage-promise">
            <p class="fine">
              {info.persisted
                ? "The browser has promised to keep this until you delete it."
                : "The browser may clear this when space runs short. A project file is safe."}
            </p>
            {!info.persisted && (
              <button type="button" class="btn btn-small" onClick={() => void askToKeep()}>
                Ask it to keep this
              </button>
            )}
          </div>
        </>
      )}
    </Panel>
  );
}

export function Projects() {
  useEffect(() => {
    void listProjects();
    void countStored();
    void refreshStorage();
  }, []);
  return (
    <>
      <div class="view-head">
        <h1>Projects</h1>
        <p>Each has its own samples, settings and model. They save themselves as you work.</p>
      </div>
      <Panel
        title={plural(projects.value.length, "project")}
        actions={
          <button
            type="button"
            class="btn"
            onClick={() =>
              void newProject().then(() => {
                route.value = "record";
              })
            }
          >
            <Icon name="plus" size={16} /> New project
          </button>
        }
      >
        <ul class="project-rows">
          {projects.value.map((one) => (
            <Row key={one.id} one={one} />
          ))}
        </ul>
      </Panel>
      <Storage />
    </>
  );
}
