// How much there is of each class, and how it is divided.

import type { Overview } from "../../engine/types/Overview";
import { StackedBar } from "../../widgets/bars";
import { ClassMark, classColor } from "../../widgets/class-mark";
import { count, duration, plural } from "../../widgets/format";
import { Panel } from "../../widgets/notice";
import { ofPictures, windows, windowsWord } from "../shared";

export function Balance({ overview }: { overview: Overview }) {
  const rows = overview.labels;
  const pictures = ofPictures.value;
  const whole = Math.max(1, ...rows.map((l) => l.train + l.validation + l.test));
  const sum = (key: "train" | "validation" | "test") => rows.reduce((n, l) => n + l[key], 0);
  return (
    <Panel
      title="Balance"
      lead={
        <span class="num">
          {windows(sum("train") + sum("validation") + sum("test"))}: {count(sum("train"))} to train
          on, {count(sum("validation"))} to choose by, {count(sum("test"))} to test on
        </span>
      }
    >
      <table class="balance">
        <thead class="sr">
          <tr>
            <th scope="col">{pictures ? "Class" : "Class, recordings and time"}</th>
            <th scope="col">{windowsWord()} by use</th>
            <th scope="col">{windowsWord()} together</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((l, i) => (
            <tr key={l.label}>
              <th scope="row">
                <ClassMark index={i} label={l.label} />
                <span class="source">
                  {pictures
                    ? plural(l.recordings, "picture")
                    : `${plural(l.recordings, "recording")}, ${duration(l.seconds)}`}
                </span>
              </th>
              <td class="balance-bar">
                <StackedBar
                  whole={whole}
                  ink={classColor(i)}
                  label={`${l.label}: ${windows(l.train)} to train, ${l.validation} to validate, ${l.test} to test`}
                  segments={[
                    { name: "Train", value: l.train, look: "train" },
                    { name: "Validation", value: l.validation, look: "validation" },
                    { name: "Test", value: l.test, look: "test" },
                  ]}
                />
              </td>
              <td class="num balance-sum">{count(l.train + l.validation + l.test)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul class="legend">
        <li>
          <span class="stack-key stack-train" /> Train
        </li>
        <li>
          <span class="stack-key stack-validation" /> Validation
        </li>
        <li>
          <span class="stack-key stack-test" /> Held-out test
        </li>
      </ul>
    </Panel>
  );
}
