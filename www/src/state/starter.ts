// The starter data set that the empty page offers: made by our own script, shipped
// with the page as files of its own.
import { TroubleError } from "../worker/client";
import type { PathFile } from "../worker/protocol";

const ROOT = "../../../models/starter-motion/";
const FILES = import.meta.glob<string>(
  "../../../models/starter-motion/**/*.{csv,json,labels,zip}",
  {
    query: "?url",
    import: "default",
    eager: true,
  },
);

export function starterFiles(): Promise<PathFile[]> {
  return Promise.all(
    Object.entries(FILES).map(async ([source, url]) => {
      const path = source.slice(ROOT.length);
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
