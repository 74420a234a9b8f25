// Which microphones there are, and which one is asked for.
import { signal } from "@preact/signals";
import {
  chooseMicrophone,
  chosenMicrophone,
  type Microphone,
  microphones,
  watchMicrophones,
} from "../sensors";

export const microphoneList = signal<Microphone[]>([]);
/** Empty: the system's own choice. */
export const microphoneChosen = signal(chosenMicrophone());

export async function listMicrophones(): Promise<void> {
  microphoneList.value = await microphones();
}

export function watchMicrophoneList(): void {
  watchMicrophones(() => void listMicrophones());
  void listMicrophones();
}

/** Asked for from the next opening on. */
export function setMicrophone(id: string): void {
  chooseMicrophone(id);
  microphoneChosen.value = id;
}
