// What is recorded and who does it: the same two fields for every sensor.

import { signal, useSignalEffect } from "@preact/signals";
import { TextField } from "../../widgets/fields";
import { groups, labels } from "../shared";

export const label = signal("");
export const group = signal("");

interface Props {
  placeholder: string;
  help: string;
  /** What is said of the second field. */
  groupHelp?: string;
}

const KEPT_TOGETHER = "Kept together when data is split.";

export function TakeNames({ placeholder, help, groupHelp = KEPT_TOGETHER }: Props) {
  // A first label is suggested, so that the button is not dead for an unknown reason.
  useSignalEffect(() => {
    if (label.peek() === "" && labels.value[0]) label.value = labels.value[0];
  });
  return (
    <div class="field-row">
      <TextField
        live
        title="Label"
        value={label.value}
        suggestions={labels.value}
        placeholder={placeholder}
        help={help}
        onValue={(v) => {
          label.value = v;
        }}
      />
      <TextField
        live
        title="Person or occasion"
        value={group.value}
        suggestions={groups.value}
        placeholder="optional"
        help={groupHelp}
        onValue={(v) => {
          group.value = v;
        }}
      />
    </div>
  );
}
