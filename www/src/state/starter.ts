// The starter data sets that the empty page offers: made by our own scripts, shipped
// with the page as files of their own.
import type { Task } from "../engine/types/Task";
import { TroubleError } from "../worker/client";
import type { PathFile } from "../worker/protocol";

const ROOTS: Readonly<Record<Task, string>> = {
  motion: "../../../models/starter-motion/",
  audio: "../../../models/starter-sound/",
  image: "../../../models/starter-picture/",
};
const FILES = import.meta.glob<string>("../../../models/starter-*/**/*.{csv,json,labels,wav,zip}", {
  query: "?url",
  import: "default",
  eager: true,
});

export function starterFiles(task: Task): Promise<PathFile[]> {
  const root = ROOTS[task];
  return Promise.all(
    Object.entries(FILES)
      .filter(([source]) => source.startsWith(root))
      .map(async ([source, url]) => {
        const path = source.slice(root.length);
        const response = await fetch(url).catch(() => null);
        if (!response?.ok)
          throw new TroubleError({
            what: "The starter data set could not be fetched",
            place: path,
            remedy: "Check that the page's server is still there, then try again",
          });
        return { path, file: new File([await response.blob()], path) };
      }),
  );
}
