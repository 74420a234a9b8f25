// Finding the sounds of a long take by their energy.

import { useState } from "preact/hooks";
import { findPieces, project } from "../../../state";
import { Icon } from "../../../widgets/icons";

const LOUDER = [6, 10, 15, 20];

export function Finder({ id }: { id: string }) {
  const window_ms = project.value?.settings.window_ms ?? 1000;
  const [length, setLength] = useState(String(window_ms));
  const [louder, setLouder] = useState("10");
  return (
    <form
      key={id}
      class="cut-find"
      onSubmit={(e) => {
        e.preventDefault();
        void findPieces({ length_ms: Number(length), threshold_db: Number(louder) });
      }}
    >
      <button type="submit" class="btn btn-small btn-primary" data-testid="cut-find">
        <Icon name="explore" size={16} /> Find the sounds
      </button>
      <select
        aria-label="Length of each piece"
        value={length}
        onChange={(e) => setLength(e.currentTarget.value)}
      >
        <option value={String(window_ms)}>{window_ms / 1000} s each, a window</option>
        <option value="0">as long as each sound</option>
      </select>
      <select
        aria-label="How much louder than the background"
        value={louder}
        onChange={(e) => setLouder(e.currentTarget.value)}
      >
        {LOUDER.map((db) => (
          <option key={db} value={String(db)}>
            {db} dB above the background
          </option>
        ))}
      </select>
    </form>
  );
}
