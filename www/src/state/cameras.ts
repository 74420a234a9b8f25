// Which cameras there are, which one is asked for, and whether the preview is a mirror.
import { signal } from "@preact/signals";
import { cameras, chooseCamera, chosenCamera, type MediaDevice, watchDevices } from "../sensors";

export const cameraList = signal<MediaDevice[]>([]);
/** Empty: the system's own choice. */
export const cameraChosen = signal(chosenCamera());
/** Null: as it suits the camera, a mirror where it looks at the person. */
export const mirrored = signal<boolean | null>(null);

export async function listCameras(): Promise<void> {
  cameraList.value = await cameras();
}

export function watchCameraList(): void {
  watchDevices(() => void listCameras());
  void listCameras();
}

/** Asked for from the next opening on. */
export function setCamera(id: string): void {
  chooseCamera(id);
  cameraChosen.value = id;
  mirrored.value = null;
}
