// What the page says it has, and what lies in its store: the two must agree.

/** Recordings of the open project, as the rail says; 0 where it says none. */
export async function told(page) {
  const title = await page.locator("a[data-step=record]").getAttribute("title");
  return Number(/(\d[\d,]*) (?:recording|picture)/.exec(title ?? "")?.[1].replaceAll(",", "") ?? 0);
}

/**
 * Reads the store past the page's own code: recordings of all projects, their metas, how many lie
 * in the trash, and in `halves` what has lost its other half: an entry of the list without its
 * content, a content without an entry, something of a project that is not there.
 */
export function inStore(page) {
  return page.evaluate(async () => {
    const asked = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await asked(indexedDB.open("lampyris"));
    const tx = db.transaction(["projects", "recordings", "samples", "trash", "models"]);
    const [projects, rows, kept, removed, models] = await Promise.all([
      asked(tx.objectStore("projects").getAllKeys()),
      asked(tx.objectStore("recordings").getAll()),
      asked(tx.objectStore("samples").getAllKeys()),
      asked(tx.objectStore("trash").getAllKeys()),
      asked(tx.objectStore("models").getAllKeys()),
    ]);
    db.close();
    const keyOf = ({ project, id }) => `${project} ${id}`;
    const listed = new Set([...rows.map(keyOf), ...removed.map((key) => key.join(" "))]);
    const contents = new Set(kept.map((key) => key.join(" ")));
    const there = new Set(projects);
    const halves = [
      ...[...listed].filter((key) => !contents.has(key)).map((key) => `no content: ${key}`),
      ...[...contents].filter((key) => !listed.has(key)).map((key) => `no entry: ${key}`),
      ...rows.filter(({ project }) => !there.has(project)).map((row) => `no project: ${keyOf(row)}`),
      ...models.filter((project) => !there.has(project)).map((key) => `no project: model ${key}`),
    ];
    return {
      recordings: rows.length,
      metas: rows.map(({ meta }) => meta),
      trash: removed.length,
      models: models.length,
      halves,
    };
  });
}
