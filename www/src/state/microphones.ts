// Which microphones there are, and which one is asked for.
import { signal } from "@preact/signals";
import {
  chooseMicrophone,
  chosenMicrophone,
  type MediaDevice,
  microphones,
  watchDevices,
} from "../sensors";

export const microphoneList = signal<MediaDevice[]>([]);
/** Empty: the system's own choice. */
export const microphoneChosen = signal(chosenMicrophone());

export async function listMicrophones(): Promise<void> {
  microphoneList.value = await microphones();
}

export function watchMicrophoneList(): void {
  watchDevices(() => void listMicrophones());
  void listMicrophones();
}

/** Asked for from the next opening on. */
export function setMicrophone(id: string): void {
  chooseMicrophone(id);
  microphoneChosen.value = id;
}
