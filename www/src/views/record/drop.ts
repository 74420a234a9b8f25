// Files out of a drop: folders are walked, and each file keeps its path, because the path may
// name its class.

/** The browser's own entries, older than the file system API and the only ones everywhere. */
type Entry = FileSystemEntry;

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

async function children(entry: FileSystemDirectoryEntry): Promise<Entry[]> {
  const reader = entry.createReader();
  const all: Entry[] = [];
  for (;;) {
    // A reader hands out about a hundred entries at a time, and none when it has finished.
    const some = await new Promise<Entry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

async function walk(entry: Entry, into: File[]): Promise<void> {
  if (entry.isFile) {
    const file = await fileOf(entry as FileSystemFileEntry);
    const path = entry.fullPath.replace(/^\//, "");
    // `webkitRelativePath` is read-only on File, but an own property may stand before it.
    Object.defineProperty(file, "webkitRelativePath", { value: path });
    into.push(file);
  } else if (entry.isDirectory) {
    for (const child of await children(entry as FileSystemDirectoryEntry)) await walk(child, into);
  }
}

/** All files of a drop, folders included. The entries must be taken before the first pause. */
export async function droppedFiles(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((e) => e !== null);
  if (entries.length === 0) return [...data.files];
  const files: File[] = [];
  for (const entry of entries) await walk(entry, files);
  return files;
}
