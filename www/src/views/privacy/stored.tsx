// What lies in this browser, by place and kind, and the button that forgets all of it.

import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { countStored, deleteEverything, type StoredHere, storedHere } from "../../state";
import { ConfirmButton } from "../../widgets/dialog";
import { bytes, plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Panel } from "../../widgets/notice";

function Row({
  name,
  size,
  children,
}: {
  name: string;
  size: number;
  children: ComponentChildren;
}) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{children}</td>
      <td class="num">{bytes(size)}</td>
    </tr>
  );
}

const KINDS = [
  ["readings", "Movements", "readings of each sensor"],
  ["sounds", "Sounds", "16-bit numbers"],
  ["pictures", "Pictures", "as files, without the place and time a camera writes into them"],
  ["models", "Models", "the trained network, its files and its report"],
  ["takes", "Unfinished takes", "parts of a recording that is not whole yet"],
] as const;

function Table({ here }: { here: StoredHere }) {
  return (
    <table class="table stored" data-testid="stored">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Where, and as what</th>
          <th scope="col" class="num">
            Size
          </th>
        </tr>
      </thead>
      <tbody>
        {KINDS.filter(([kind]) => here.sizes[kind] > 0).map(([kind, name, as]) => (
          <Row key={kind} name={name} size={here.sizes[kind]}>
            IndexedDB, {as}
          </Row>
        ))}
        <Row name="The page itself" size={here.page.bytes}>
          Cache, {plural(here.page.files, "file")}
        </Row>
        {here.keys.map((key) => (
          <Row key={key.name} name={key.meaning} size={key.bytes}>
            localStorage, <span class="mono">{key.name}</span>
          </Row>
        ))}
      </tbody>
    </table>
  );
}

export function Stored() {
  useEffect(() => void countStored(), []);
  const here = storedHere.value;
  return (
    <Panel
      title="Stored in this browser"
      lead={
        here
          ? `${plural(here.projects, "project")} with ${plural(here.recordings, "recording")}, here and nowhere else`
          : "Counting…"
      }
    >
      {here && <Table here={here} />}
      <p class="fine">
        No cookies. Settings, labels and names lie with the recordings and are small. What was
        deleted a moment ago is still counted, as long as it can be had back.
      </p>
    </Panel>
  );
}

export function Forget() {
  return (
    <Panel
      title="Forget everything"
      lead="Deletes all projects, recordings, models and choices, and the kept page."
    >
      <ConfirmButton
        class="btn btn-danger"
        button={
          <>
            <Icon name="trash" size={16} /> Delete everything
          </>
        }
        title="Delete everything?"
        confirm="Delete everything"
        onConfirm={() => void deleteEverything()}
      >
        <p>
          Every project, recording and model of this page is deleted from this browser, whichever
          tab it is open in. This cannot be undone. A project file saved before can be opened again.
        </p>
        <p class="fine">
          The page then loads anew, for which it needs a network: what was kept for times without
          one is gone as well.
        </p>
      </ConfirmButton>
    </Panel>
  );
}
