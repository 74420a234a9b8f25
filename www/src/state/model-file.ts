// The `.tflite` or `.lampyris` file that someone wants to look into. It is no part of the project: it is not
// stored, and where the person was before is where closing it leads.
import { signal } from "@preact/signals";
import { route } from "./route";
import type { RouteId } from "./types";

export const modelFile = signal<File | null>(null);
/**
 * Counts the moments in which such a file seems to be on its way: one is held over the page, or a
 * person begins to choose one. What opens it gets ready then, so that it need not be waited for.
 */
export const expected = signal(0);
let before: RouteId = "record";

export function isModelFile(file: File): boolean {
  return /\.tflite$/i.test(file.name) || isBundleFile(file);
}

/** A bundle holds the network and all that stands around it. */
export function isBundleFile(file: File): boolean {
  return /\.lampyris$/i.test(file.name);
}

export function openModelFile(file: File): void {
  if (route.value !== "network") before = route.value;
  modelFile.value = file;
  route.value = "network";
}

export function closeModelFile(): void {
  modelFile.value = null;
  route.value = before;
}

/** Kept until it has answered: some browsers forget a field that nothing points to. */
let field: HTMLInputElement | null = null;

/** Lets the person choose a file; for use in a click. */
export function chooseModelFile(): void {
  expected.value += 1;
  field = document.createElement("input");
  field.type = "file";
  // A phone that doesn't know the endings would offer nothing without the third.
  field.accept = ".tflite,.lampyris,application/octet-stream";
  field.onchange = () => {
    const file = field?.files?.[0];
    if (file) openModelFile(file);
  };
  field.click();
}

/** Until it is dropped, a file tells only its type, and no browser knows one for models. */
function mayBeModel({ kind, type }: DataTransferItem): boolean {
  return kind === "file" && (type === "" || type === "application/octet-stream");
}

/** Takes a model file that is dropped anywhere, before the view under it does. Other drops pass. */
export function watchModelDrops(): void {
  addEventListener("dragenter", (event) => {
    // One comes for each element on the way; the first is the one from outside.
    const fromOutside = event.relatedTarget === null;
    if (fromOutside && [...(event.dataTransfer?.items ?? [])].some(mayBeModel)) expected.value += 1;
  });
  addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  addEventListener(
    "drop",
    (event) => {
      const file = [...(event.dataTransfer?.files ?? [])].find(isModelFile);
      if (!file) return;
      event.preventDefault();
      event.stopPropagation();
      openModelFile(file);
    },
    { capture: true },
  );
}
