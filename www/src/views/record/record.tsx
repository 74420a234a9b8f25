// Step 1: recordings, from a sensor or from files.

import { useState } from "preact/hooks";
import { recordings } from "../../state";
import { Large } from "../gallery/lazy";
import { thingsWord } from "../shared";
import { CapturePanel } from "./capture";
import { Cutter } from "./cutter/lazy";
import { DropZone, FilesPanel } from "./files";
import { RecordingList } from "./list";
import { Welcome } from "./welcome";

export function Record() {
  const n = recordings.value.length;
  const [began_empty] = useState(n === 0);
  return (
    <DropZone>
      <div class="view-head">
        <h1>Record</h1>
        <p>A few {thingsWord()} of each kind, from more than one person or day, teach best.</p>
      </div>
      {(began_empty || n === 0) && <Welcome recordings={n} />}
      <div class="columns columns-record">
        <CapturePanel />
        <FilesPanel />
      </div>
      <Cutter />
      {n > 0 && <RecordingList />}
      <Large />
    </DropZone>
  );
}
