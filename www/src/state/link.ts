// A link that brings the pipeline's settings and nothing else: `#settings=1.<base64url of
// zlib of JSON>`. It holds what differs from the task's defaults, so that it stays short.
//
// Left out is all that names something of the recordings: merged, background and "none of these"
// labels, and chosen axes. Names may tell more than their author meant to, and they mean nothing
// where the recordings are not. The part behind `#` is never sent to any host.
import { signal } from "@preact/signals";
import type { Catalog } from "../engine/types/Catalog";
import type { Settings } from "../engine/types/Settings";
import { TroubleError } from "../worker/client";
import { recordings } from "./data";
import { catalog, project, replaceSettings } from "./project";
import { newProject } from "./projects";
import { defaultsOf, isGroup } from "./settings";
import { notify, tell } from "./toasts";
import { lab } from "./workers";

const VERSION = 1;
const START = "#settings=";
const MOST_LETTERS = 20_000;
const MOST_BYTES = 200_000;

/** One field that the link would set. */
export interface Difference {
  path: string;
  before: unknown;
  after: unknown;
}

export interface OfferedSettings {
  settings: Settings;
  /** From the open project's, or from the defaults where the task is another. */
  differences: Difference[];
  /** Why the open project can't take them; empty if it can. */
  unfit: string;
}

/** What a link that was opened brings, until the person has decided. */
export const offered = signal<OfferedSettings | null>(null);

interface Content {
  /** Of the settings themselves. */
  version: number;
  task: string;
  changes: Record<string, unknown>;
}

/** Fields that name something of the recordings. */
const NAMING = new Set(["merge", "background", "axes", "decision.none"]);

// ── out ──────────────────────────────────────────────────────────────────────

export async function linkOf(settings: Settings): Promise<string> {
  const usual = defaultsOf(settings.task);
  const content: Content = {
    version: settings.version,
    task: settings.task,
    changes: changesFrom(usual, settings),
  };
  const packed = await piped(
    new TextEncoder().encode(JSON.stringify(content)),
    new CompressionStream("deflate"),
    MOST_BYTES,
  );
  const letters = btoa(String.fromCharCode(...packed));
  const safe = letters.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return `${location.href.split("#")[0]}${START}${VERSION}.${safe}`;
}

export async function copyLink(): Promise<void> {
  const now = project.value;
  if (!now) return;
  try {
    await navigator.clipboard.writeText(await linkOf(now.settings));
    notify("success", "Copied a link to these settings; it holds no recordings and no names");
  } catch {
    tell(
      trouble(
        "The browser does not let this page use the clipboard",
        "Allow it in the page's permissions, or open the page by https",
      ),
    );
  }
}

/** A network is told whole, and a block with all its settings; other groups field by field. */
function goesWhole(path: string): boolean {
  return path === "block" || path === "network";
}

function changesFrom(usual: object, settings: object, under = ""): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(settings)) {
    const path = under + key;
    const before = (usual as Record<string, unknown>)[key];
    if (NAMING.has(path) || path === "version" || path === "task" || same(before, value)) continue;
    if (isGroup(value) && isGroup(before) && !goesWhole(path)) {
      const inner = changesFrom(before, value, `${path}.`);
      if (Object.keys(inner).length > 0) changes[key] = inner;
    } else changes[key] = value;
  }
  return changes;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

// ── in ───────────────────────────────────────────────────────────────────────

/** Takes a link from the address, now and whenever one is put there; the address is tidied. */
export function watchLinks(): void {
  const look = () => {
    const { hash } = location;
    if (!hash.startsWith(START)) return;
    history.replaceState(null, "", location.href.split("#")[0]);
    void openLink(hash).catch(tell);
  };
  addEventListener("hashchange", look);
  look();
}

async function openLink(hash: string): Promise<void> {
  const settings = await settingsIn(hash.slice(START.length));
  await refuseIllegal(settings);
  const open = project.value;
  const sameTask = open?.settings.task === settings.task;
  const base = open && sameTask ? open.settings : defaultsOf(settings.task);
  offered.value = {
    settings,
    differences: differences(base, settings),
    unfit: sameTask || recordings.value.length === 0 ? "" : "Its recordings are of another kind",
  };
}

/** The engine has the last word: where it can draw no network, it tells first of all why. */
async function refuseIllegal(settings: Settings): Promise<void> {
  const { layers, issues } = await lab.call("overview", { settings });
  const why = issues.find(({ severity }) => severity === "error");
  if (layers.length > 0 || !why) return;
  throw trouble(`These settings can't be used: ${why.what}`, why.remedy);
}

async function settingsIn(text: string): Promise<Settings> {
  const [, version, letters] = /^(\d+)\.([\w-]+)$/.exec(text) ?? [];
  if (!version || !letters || letters.length > MOST_LETTERS) throw damaged();
  if (Number(version) > VERSION) throw newer();
  const content = await contentOf(letters);
  const known = catalog.value as Catalog;
  if (typeof content.version !== "number" || !isGroup(content.changes)) throw damaged();
  if (content.version > known.defaults.version) throw newer();
  if (content.version < known.defaults.version)
    throw trouble(
      "These settings are of an older version",
      "Set them anew here, or ask for a new link",
    );
  const usual = known.tasks.find(({ id }) => id === content.task)?.defaults;
  if (!usual) throw newer();
  return changed(usual, content.changes, "") as Settings;
}

async function contentOf(letters: string): Promise<Content> {
  try {
    const plain = atob(letters.replaceAll("-", "+").replaceAll("_", "/"));
    const packed = Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
    const bytes = await piped(packed, new DecompressionStream("deflate"), MOST_BYTES);
    const content = JSON.parse(new TextDecoder().decode(bytes));
    if (isGroup(content)) return content as unknown as Content;
  } catch {
    // Cut short, mistyped, or something else altogether: zlib's checksum sees it.
  }
  throw damaged();
}

/** The defaults with the changes in them; a change of something unknown is refused. */
function changed(usual: object, changes: object, under: string): object {
  const whole = structuredClone(usual) as Record<string, unknown>;
  for (const [key, value] of Object.entries(changes)) {
    const path = under + key;
    if (!Object.hasOwn(whole, key)) throw newer(path);
    const before = whole[key];
    if (NAMING.has(path) || kindOf(before) !== kindOf(value)) throw damaged();
    const inner = isGroup(before) && isGroup(value) && !goesWhole(path);
    whole[key] = inner ? changed(before, value, `${path}.`) : value;
  }
  return whole;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "list" : typeof value;
}

async function piped(
  bytes: Uint8Array,
  through: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(through);
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw damaged();
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

function differences(before: object, after: object, under = ""): Difference[] {
  return Object.entries(after).flatMap(([key, value]) => {
    const path = under + key;
    const old = (before as Record<string, unknown>)[key];
    if (NAMING.has(path) || same(old, value)) return [];
    if (isGroup(value) && isGroup(old)) return differences(old, value, `${path}.`);
    return [{ path, before: old, after: value }];
  });
}

export function declineSettings(): void {
  offered.value = null;
}

/** Gives the offered settings to the open project, with its own labels and axes kept. */
export function acceptSettings(): void {
  const [offer, open] = [offered.value, project.value];
  offered.value = null;
  if (!offer || !open || offer.unfit) return;
  const { merge, background, axes, decision } = open.settings;
  const own = { merge, background, axes };
  const settings = {
    ...offer.settings,
    ...own,
    decision: { ...offer.settings.decision, none: decision.none },
  };
  replaceSettings(settings, "The link's settings are in this project now");
}

export async function acceptAsProject(): Promise<void> {
  const offer = offered.value;
  offered.value = null;
  if (offer) await newProject("Settings from a link", offer.settings);
}

// ── refusals ─────────────────────────────────────────────────────────────────

function trouble(what: string, remedy: string): TroubleError {
  return new TroubleError({ what, place: "settings link", remedy });
}

function damaged(): TroubleError {
  return trouble(
    "This settings link is damaged",
    "Copy it once more, whole: it may have been cut by a line's end",
  );
}

function newer(what = ""): TroubleError {
  return trouble(
    `This settings link was made by a newer version${what && `: it sets ${what}`}`,
    "Reload the page to get the newest version, then open the link again",
  );
}
