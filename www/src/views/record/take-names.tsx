// What is recorded and who does it: the same two fields for every sensor.

import { signal, useSignalEffect } from "@preact/signals";
import { project } from "../../state";
import { ClassMark } from "../../widgets/class-mark";
import { TextField } from "../../widgets/fields";
import { groups, labels } from "../shared";

export const label = signal("");
export const group = signal("");

/** The project that they were given in. */
let namedFor = "";

interface Props {
  placeholder: string;
  help: string;
  /** What is said of the second field. */
  groupHelp?: string;
  /** Labels that there are stand ready to be chosen, and none is chosen for the person. */
  choices?: boolean;
}

const KEPT_TOGETHER = "Kept together when data is split.";

function Choices() {
  if (labels.value.length === 0) return null;
  return (
    <fieldset class="chips label-choices">
      <legend class="sr">Labels that there are</legend>
      {labels.value.map((one, i) => (
        <button
          key={one}
          type="button"
          class="chip chip-button"
          aria-pressed={label.value.trim() === one}
          onClick={() => {
            label.value = one;
          }}
        >
          <ClassMark index={i} label={one} />
        </button>
      ))}
    </fieldset>
  );
}

export function TakeNames({
  placeholder,
  help,
  groupHelp = KEPT_TOGETHER,
  choices = false,
}: Props) {
  useSignalEffect(() => {
    const open = project.value?.id ?? "";
    if (open !== namedFor) {
      // What was said in one project means nothing in another.
      namedFor = open;
      label.value = group.value = "";
    }
    // A first label is suggested, so that the button is not dead for an unknown reason.
    const [first] = labels.value;
    if (!choices && label.peek() === "" && first) label.value = first;
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
      {choices && <Choices />}
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
