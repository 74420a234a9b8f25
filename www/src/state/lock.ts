// One writer a project: two tabs that autosave would overwrite each other. The
// browser's own locks end with the tab that holds them, even if it crashes.

/** What a tab has of one project: the lock itself, or a place in the line for it. */
export interface Lock {
  readonly project: string;
  readonly writable: boolean;
  /** Lets go of the lock, or leaves the line. */
  release(): void;
}

/**
 * Asks for the project's lock, beside any other that this tab has. If another tab has it, `later`
 * is called once that one has let go and this one holds it.
 */
export async function lock(project: string, later: () => void): Promise<Lock> {
  let letGo: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const held = { project, writable: true, release: () => letGo() };
  // Insecure pages have no locks; a phone in the LAN is served over https.
  if (!navigator.locks) return held;
  const name = nameOf(project);
  const free = await new Promise<boolean>((resolve, reject) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (granted) => {
        resolve(granted !== null);
        return granted === null ? undefined : released;
      })
      .catch(reject);
  });
  if (free) return held;
  const waiting = new AbortController();
  navigator.locks
    .request(name, { signal: waiting.signal }, () => {
      later();
      return released;
    })
    // Given up because another project was opened.
    .catch(() => undefined);
  const release = () => {
    waiting.abort();
    letGo();
  };
  return { project, writable: false, release };
}

/** Does `work` while no tab has the project; false if one has it, and nothing was done. */
export async function whileFree(project: string, work: () => Promise<void>): Promise<boolean> {
  if (!navigator.locks) return work().then(() => true);
  return navigator.locks.request(nameOf(project), { ifAvailable: true }, (held) =>
    held === null ? false : work().then(() => true),
  );
}

function nameOf(project: string): string {
  return `lampyris project ${project}`;
}
