// One writer a project: two tabs that autosave would overwrite each other. The
// browser's own locks end with the tab that holds them, even if it crashes.

let release: () => void = () => undefined;
let waiting = new AbortController();

/**
 * Takes the project's lock; false if another tab has it. Then `later` is called once
 * that tab has let go and this one holds the lock.
 */
export async function lock(project: string, later: () => void): Promise<boolean> {
  unlock();
  // Insecure pages have no locks; a phone in the LAN is served over https.
  if (!navigator.locks) return true;
  const name = nameOf(project);
  const free = await new Promise<boolean>((resolve, reject) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (held) => {
        resolve(held !== null);
        return held === null ? undefined : untilReleased();
      })
      .catch(reject);
  });
  if (free) return true;
  waiting = new AbortController();
  navigator.locks
    .request(name, { signal: waiting.signal }, () => {
      later();
      return untilReleased();
    })
    // Given up because another project was opened.
    .catch(() => undefined);
  return false;
}

/** Does `work` while no other tab has the project; false if one has it, and nothing was done. */
export async function whileFree(project: string, work: () => Promise<void>): Promise<boolean> {
  if (!navigator.locks) return work().then(() => true);
  return navigator.locks.request(nameOf(project), { ifAvailable: true }, (held) =>
    held === null ? false : work().then(() => true),
  );
}

function nameOf(project: string): string {
  return `lampyris project ${project}`;
}

export function unlock(): void {
  waiting.abort();
  release();
}

function untilReleased(): Promise<void> {
  return new Promise((resolve) => {
    release = resolve;
  });
}
