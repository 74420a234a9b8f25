// What lies in IndexedDB, and how older shapes become the present one.
//
// Raw recordings are the truth. Their metas lie apart from their samples, so that
// thousands are listed at once. What is derived (the model) carries what made it.
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
import type { Progress } from "../engine/types/Progress";
import type { RecordingMeta } from "../engine/types/RecordingMeta";
import type { Report } from "../engine/types/Report";
import type { Settings } from "../engine/types/Settings";
import type { Kept, Latency, Pcm, ProjectState } from "../state/types";

export const NAME = "lampyris";
export const VERSION = 3;

export interface StoredProject extends ProjectState {
  /** Set while a deletion can still be undone; gone at the next start. */
  deleted_ms: number | null;
}

/** What a model was made from: enough to say later what has changed. */
export interface MadeWith {
  settings: Settings;
  recordings: Pick<RecordingMeta, "id" | "spans" | "group" | "split">[];
}

export interface StoredModel {
  /** The trained float net, as `Trainer.finish` gave it. */
  trained: Uint8Array;
  bundle: Uint8Array;
  tflite: Uint8Array;
  report: Report;
  progress: Progress | null;
  seconds: number;
  made_with: MadeWith;
  latency: Latency | null;
}

/** The head of a take in progress: what its recording will be made of. */
export interface TakeHead {
  name: string;
  label: string;
  group: string | null;
  axes: { name: string; unit: string }[];
  source: string;
  created_ms: number;
  /** Sound only: the rate of its 16-bit numbers, the microphone's own, and its name. */
  rate_hz?: number;
  original_rate_hz?: number;
  device?: string;
}

/** Readings in the order they came; `part` counts from 0. */
export type TakePart = TakeHead & Readings & { take: string; part: number };

/** Sound comes evenly; other sensors give each reading its time. */
export type Readings = Pcm | { times_ms: Float64Array; values: Float32Array };

export interface Schema extends DBSchema {
  projects: { key: string; value: StoredProject };
  recordings: {
    key: [project: string, id: string];
    value: { project: string; id: string; meta: RecordingMeta };
    indexes: { project: string };
  };
  samples: { key: [project: string, id: string]; value: Kept };
  /** Removed recordings whose samples still lie there, for as long as that can be undone. */
  trash: {
    key: [project: string, id: string];
    value: { project: string; id: string; meta: RecordingMeta; removed_ms: number };
    indexes: { removed: number };
  };
  models: { key: string; value: StoredModel };
  takes: {
    key: [project: string, take: string, part: number];
    value: TakePart & { project: string };
  };
}

type Upgrade = (
  db: IDBPDatabase<Schema>,
  transaction: IDBPTransaction<Schema, StoreNames<Schema>[], "versionchange">,
) => void | Promise<void>;

/** Row `n` leads from version `n` to `n + 1`; a row, once released, never changes. */
const UPGRADES: Upgrade[] = [
  (db) => {
    db.createObjectStore("projects", { keyPath: "id" });
    db.createObjectStore("recordings", { keyPath: ["project", "id"] }).createIndex(
      "project",
      "project",
    );
    db.createObjectStore("samples");
    db.createObjectStore("models");
    db.createObjectStore("takes", { keyPath: ["project", "take", "part"] });
  },
  // Sound is kept as 16-bit numbers beside the older shape, which stays as it is. The new version
  // keeps pages that know nothing of them from opening the store.
  () => undefined,
  // Pictures are kept as files beside the other shapes, which stay as they are; what is removed
  // lies in the trash for a while.
  (db) => {
    db.createObjectStore("trash", { keyPath: ["project", "id"] }).createIndex(
      "removed",
      "removed_ms",
    );
  },
];

export async function upgrade(
  db: IDBPDatabase<Schema>,
  from: number,
  to: number,
  transaction: IDBPTransaction<Schema, StoreNames<Schema>[], "versionchange">,
): Promise<void> {
  for (const step of UPGRADES.slice(from, to)) await step(db, transaction);
}
