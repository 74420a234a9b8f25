// Name of the project, its menu, storage and theme.

import { useRef, useState } from "preact/hooks";
import {
  chooseModelFile,
  copyLink,
  deleteProject,
  exportProject,
  importProject,
  install,
  installable,
  listProjects,
  nearlyFull,
  newProject,
  openProject,
  project,
  projects,
  readOnly,
  renameProject,
  route,
  saved,
  storage,
  training,
} from "../../state";
import { bytes, percent, plural } from "../../widgets/format";
import { Icon, type IconName, Mark } from "../../widgets/icons";
import { closePopover, Popover } from "../../widgets/popover";
import { type Theme, theme } from "../../widgets/theme";
import { NewVersion } from "./offline";

function ProjectName() {
  const [draft, setDraft] = useState<string | null>(null);
  const name = project.value?.name ?? "";
  const done = () => {
    const next = draft?.trim();
    setDraft(null);
    if (next && next !== name) void renameProject(next);
  };
  return (
    <input
      class="project-name"
      aria-label="Project name"
      value={draft ?? name}
      disabled={!project.value || readOnly.value}
      spellcheck={false}
      autocomplete="off"
      size={Math.min(28, Math.max(8, (draft ?? name).length))}
      onInput={(e) => setDraft(e.currentTarget.value)}
      onBlur={done}
      onKeyDown={(e) => {
        if (e.key === "Enter") e.currentTarget.blur();
        if (e.key === "Escape") {
          setDraft(null);
          e.currentTarget.value = name;
        }
      }}
    />
  );
}

/** Whether what was changed is safe: the store has promised it to the disk. */
function Saved() {
  if (!project.value || readOnly.value) return null;
  const now = saved.value;
  const words = { saved: "Saved", saving: "Saving…", failed: "Not saved" }[now];
  return (
    <span class={`saved saved-${now}`} data-testid="saved">
      {words}
    </span>
  );
}

/** So many other projects stand in the menu; the list has all. */
const IN_MENU = 4;

function ProjectMenu() {
  const file = useRef<HTMLInputElement>(null);
  const here = project.value;
  const others = projects.value.filter((p) => p.id !== here?.id);
  return (
    <>
      <Popover
        class="btn btn-quiet"
        title="Project"
        label="Project menu"
        onOpen={() => void listProjects()}
        button={
          <>
            <span class="wide-only">Project</span>
            <Icon name="down" size={16} />
          </>
        }
      >
        <div class="menu">
          <MenuItem icon="plus" text="New project" run={() => void newProject()} />
          <MenuItem
            icon="folder"
            text="All projects…"
            side={String(projects.value.length)}
            testId="menu-projects"
            run={() => {
              route.value = "projects";
            }}
          />
          <MenuItem
            icon="download"
            text="Save as one zip"
            testId="project-export"
            run={() => void exportProject()}
          />
          <MenuItem icon="upload" text="Open a project zip…" run={() => file.current?.click()} />
          <MenuItem
            icon="link"
            text="Copy a link to the settings"
            testId="copy-link"
            run={() => void copyLink()}
          />
          <MenuItem
            icon="train"
            text="Look into a model file…"
            testId="menu-look-into"
            run={chooseModelFile}
          />
          {here && (
            <MenuItem
              icon="trash"
              text="Delete this project"
              run={() => void deleteProject(here.id)}
            />
          )}
          {installable.value && (
            <MenuItem icon="disk" text="Install as an app" run={() => void install()} />
          )}
        </div>
        {others.length > 0 && (
          <>
            <p class="menu-title">Other projects</p>
            <div class="menu">
              {others.slice(0, IN_MENU).map((p) => (
                <MenuItem
                  key={p.id}
                  icon="folder"
                  text={p.name}
                  side={plural(p.recordings, p.task === "image" ? "picture" : "recording")}
                  run={() => void openProject(p.id)}
                />
              ))}
            </div>
          </>
        )}
        <p class="fine">
          The zip holds recordings, settings and the model. The link holds settings alone.
        </p>
      </Popover>
      <input
        ref={file}
        type="file"
        accept=".zip,application/zip"
        class="sr"
        tabIndex={-1}
        aria-label="Project zip"
        data-testid="project-import"
        onChange={(e) => {
          const chosen = e.currentTarget.files?.[0];
          e.currentTarget.value = "";
          if (chosen) void importProject(chosen);
        }}
      />
    </>
  );
}

interface ItemProps {
  icon: IconName;
  text: string;
  side?: string;
  testId?: string;
  run: () => void;
}

function MenuItem({ icon, text, side, testId, run }: ItemProps) {
  return (
    <button
      type="button"
      class="menu-item"
      data-testid={testId}
      onClick={(event) => {
        closePopover(event.currentTarget);
        run();
      }}
    >
      <Icon name={icon} size={16} />
      <span>{text}</span>
      {side && <span class="menu-side">{side}</span>}
    </button>
  );
}

const THEMES: readonly { id: Theme; icon: IconName; title: string }[] = [
  { id: "system", icon: "system", title: "as the system" },
  { id: "light", icon: "sun", title: "light" },
  { id: "dark", icon: "moon", title: "dark" },
];

function ThemeSwitch() {
  const at = THEMES.findIndex((t) => t.id === theme.value);
  const now = THEMES[at] ?? THEMES[0];
  const next = THEMES[(at + 1) % THEMES.length] ?? THEMES[0];
  if (!now || !next) return null;
  return (
    <button
      type="button"
      class="btn btn-quiet btn-icon"
      aria-label={`Theme: ${now.title}. Change to ${next.title}`}
      title={`Theme: ${now.title}`}
      onClick={() => {
        theme.value = next.id;
      }}
    >
      <Icon name={now.icon} />
    </button>
  );
}

function StorageMeter() {
  const s = storage.value;
  const text = s ? bytes(s.used) : "unknown";
  return (
    <Popover
      class={nearlyFull.value ? "btn btn-quiet storage storage-full" : "btn btn-quiet storage"}
      title="Storage in this browser"
      label={`Storage: ${text} used${nearlyFull.value ? ", nearly full" : ""}`}
      button={
        <>
          <Icon name="disk" size={16} />
          <span class="storage-text">{text}</span>
        </>
      }
    >
      {s ? (
        <>
          <dl class="facts">
            <dt>Used</dt>
            <dd>{bytes(s.used)}</dd>
            <dt>The browser allows about</dt>
            <dd>{bytes(s.quota)}</dd>
            <dt>Share used</dt>
            <dd>{s.quota > 0 ? percent(s.used / s.quota, 2) : "unknown"}</dd>
          </dl>
          <p class="fine">
            {s.persisted
              ? "The browser has promised to keep this data until you delete it."
              : "The browser may clear this data when space runs short. Save the project as a zip to be safe."}
          </p>
          <button
            type="button"
            class="btn"
            onClick={(event) => {
              closePopover(event.currentTarget);
              route.value = "projects";
            }}
          >
            See all projects
          </button>
        </>
      ) : (
        <p>This browser does not say how much is stored.</p>
      )}
    </Popover>
  );
}

export function Header() {
  const t = training.value.state;
  const lit = t === "running" || t === "preparing" || t === "finishing";
  return (
    <header class="header">
      <a class="brand" href="#record" aria-label="Lampyris, to the first step">
        <Mark lit={lit} />
        <span class="brand-name">Lampyris</span>
      </a>
      <span class="header-slash" aria-hidden="true">
        /
      </span>
      <ProjectName />
      <ProjectMenu />
      <Saved />
      {readOnly.value && (
        <span class="badge badge-warning" title="This project is open in another tab">
          <Icon name="lock" size={16} /> Read only
        </span>
      )}
      <span class="header-gap" />
      <NewVersion />
      <StorageMeter />
      <ThemeSwitch />
    </header>
  );
}
