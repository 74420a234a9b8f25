// What the project's model costs on every board, for whoever compares them.
import { effect, signal } from "@preact/signals";
import type { Footprint } from "../engine/types/Footprint";
import { bytes } from "../widgets/format";
import { model } from "./model";
import { project } from "./project";
import { tell } from "./toasts";
import type { Trouble } from "./types";
import { lab } from "./workers";

/** In the order of the boards' table; empty without a model, and until it is known. */
export const boardCosts = signal<Footprint[]>([]);

/** Follows the model, the battery and the usage while somebody looks; ends with the function given back. */
export function watchBoardCosts(): () => void {
  let turn = 0;
  return effect(() => {
    const mine = ++turn;
    const bundle = model.value?.bundle;
    const settings = project.value?.settings;
    if (!bundle || !settings) {
      boardCosts.value = [];
      return;
    }
    lab.call("footprints", { bundle, settings }).then(
      (found) => {
        if (mine === turn) boardCosts.value = found;
      },
      (error) => {
        if (mine === turn) tell(error);
      },
    );
  });
}

/** Why a board has no room for a model at all; null where it has, or nobody knows. */
export function tooLarge(footprint: Footprint): Trouble | null {
  const over = [
    { name: "flash", of: footprint.flash },
    { name: "RAM", of: footprint.ram_whole },
  ].filter(({ of }) => of.low !== null && of.limit !== null && of.low > of.limit);
  if (over.length === 0) return null;
  const told = over.map(
    ({ name, of }) =>
      `${bytes(of.low ?? 0)} of ${name}, and the board has ${bytes(of.limit ?? 0)} for it`,
  );
  return {
    what: `The model needs at least ${told.join("; ")}`,
    place: footprint.board_name,
    remedy: "Choose a board with more memory, or train a smaller network",
  };
}
