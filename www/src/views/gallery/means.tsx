// The mean picture of each label: what all of its pictures have in common, also what they should not.

import type { Means } from "../../engine/arrays";
import { meanPictures, watchMeans } from "../../state";
import { ClassMark } from "../../widgets/class-mark";
import { plural } from "../../widgets/format";
import { useInSight } from "../../widgets/in-sight";
import { Notice, Panel } from "../../widgets/notice";
import { Pixels } from "../../widgets/pixels";
import { labelIndex } from "../shared";

function Mean({ means, at }: { means: Means; at: number }) {
  const { width, height, channels } = means;
  const each = width * height * channels;
  const label = means.labels[at] ?? "";
  const n = means.counts[at] ?? 0;
  return (
    <li class="mean">
      <Pixels
        width={width}
        height={height}
        channels={channels}
        bytes={means.bytes.subarray(at * each, (at + 1) * each)}
        label={`Mean of ${plural(n, "picture")} of ${label}`}
      />
      <ClassMark index={labelIndex(label)} label={label} />
      <span class="fine num">{plural(n, "picture")}</span>
    </li>
  );
}

export function MeansPanel() {
  // It takes every picture there is.
  const { box } = useInSight(watchMeans);
  const { value, pending, trouble } = meanPictures.value;
  return (
    <Panel
      title="Mean pictures"
      lead="The pictures of a label laid over each other, as the model sees them, without those held out for the test. A background that shows clearly is learned as well."
      actions={pending && value ? <span class="badge">Drawing anew…</span> : null}
    >
      <div ref={box}>
        {trouble && (
          <Notice
            severity="warning"
            what={trouble.what}
            place={trouble.place}
            remedy={trouble.remedy}
          />
        )}
        {value ? (
          <ul class={pending ? "means map-old" : "means"} data-testid="means">
            {value.labels.map((label, i) => (
              <Mean key={label} means={value} at={i} />
            ))}
          </ul>
        ) : (
          !trouble && <p class="quiet-line">Making the mean picture of each label…</p>
        )}
      </div>
    </Panel>
  );
}
