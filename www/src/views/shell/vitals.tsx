// The vital signs: what the model will cost, and how good it is, on every screen. Before there
// is a model they show the plan's figures.

import type { ComponentChildren } from "preact";
import type { Estimate } from "../../engine/types/Estimate";
import { bytesSent, report, route, steps } from "../../state";
import { Gauge } from "../../widgets/bars";
import { Breakdown, estimate } from "../../widgets/breakdown";
import { count, percent, plural, quantity } from "../../widgets/format";
import { closePopover, Popover } from "../../widgets/popover";
import { currentFootprint, fromModel } from "../footprint";
import { evaluatedOn } from "../quantize/evaluated";
import { ofPictures, thingsWord, windows, windowsWord } from "../shared";

interface VitalProps {
  id: string;
  name: string;
  value: string;
  title: string;
  gauge?: number;
  known?: boolean;
  children: ComponentChildren;
}

function Vital({ id, name, value, title, gauge, known = true, children }: VitalProps) {
  return (
    <li class="vital">
      <Popover
        class="vital-button"
        testId={`vital-${id}`}
        title={title}
        button={
          <>
            <span class="vital-name">{name}</span>
            <span class={known ? "vital-value" : "vital-value vital-unknown"}>{value}</span>
            {gauge === undefined ? <span class="gauge gauge-none" /> : <Gauge share={gauge} />}
          </>
        }
      >
        {children}
      </Popover>
    </li>
  );
}

interface CostProps {
  id: string;
  name: string;
  title: string;
  figure: Estimate | null;
}

function Cost({ id, name, title, figure }: CostProps) {
  if (!figure) {
    return (
      <Vital id={id} name={name} title={title} value="unknown" known={false}>
        <p>Known as soon as there are {thingsWord()} to plan with. Begin in Record.</p>
      </Vital>
    );
  }
  const { high, limit, unit } = figure;
  const share = high !== null && limit ? high / limit : undefined;
  return (
    <Vital
      id={id}
      name={name}
      title={title}
      value={estimate(figure)}
      known={figure.low !== null && high !== null}
      {...(share === undefined ? {} : { gauge: share })}
    >
      <Breakdown figure={figure} />
      {share !== undefined && limit !== null && (
        <p>
          {percent(share, 1)} of the {quantity(limit, unit)} that the board has.
        </p>
      )}
      <p class="fine">
        {fromModel()
          ? "Of the trained model."
          : "Planned from the present settings; nothing needs to be trained for this."}
      </p>
    </Vital>
  );
}

function Accuracy() {
  const r = report.value;
  const stale = steps.value.quantize.state === "stale" || steps.value.train.state === "stale";
  if (!r) {
    return (
      <Vital id="accuracy" name="Accuracy" title="Accuracy" value="unknown" known={false}>
        <p>
          Known after training, on {windowsWord().toLowerCase()} that the network has never seen.
        </p>
      </Vital>
    );
  }
  const a = percent(r.accuracy_float);
  const b = percent(r.accuracy_int8);
  return (
    <Vital
      id="accuracy"
      name={stale ? "Accuracy · out of date" : "Accuracy"}
      title="Accuracy, float → int8"
      value={`${a.replace(" %", "")} → ${b}`}
    >
      <dl class="facts">
        <dt>Float network</dt>
        <dd>{a}</dd>
        <dt>int8 model</dt>
        <dd>{b}</dd>
        {!ofPictures.value && (
          <>
            <dt>int8, by recording</dt>
            <dd>{percent(r.accuracy_int8_by_recording)}</dd>
          </>
        )}
        <dt>Same answer</dt>
        <dd>{percent(r.agreement)}</dd>
      </dl>
      <p class="fine">
        On {windows(r.windows_test)}
        {!ofPictures.value && ` of ${plural(r.recordings_test, "recording")}`} of the{" "}
        {evaluatedOn(r)}.{stale && " Something changed since: train again."}
      </p>
    </Vital>
  );
}

export function Vitals() {
  const f = currentFootprint();
  const sent = bytesSent.value;
  const on = f ? ` on ${f.board_name}` : "";
  return (
    <section class="vitals" aria-label="Vital signs">
      <ul>
        <Cost id="flash" name="Flash" title={`Flash${on}`} figure={f?.flash ?? null} />
        <Cost id="ram" name="RAM" title={`RAM${on}`} figure={f?.ram ?? null} />
        <Cost
          id="latency"
          name="Latency"
          title={`Latency of one decision${on}`}
          figure={f?.latency ?? null}
        />
        <Cost id="power" name="Avg. power" title={`Average power${on}`} figure={f?.power ?? null} />
        <Accuracy />
        <Vital id="bytes" name="Sent" title="Bytes sent" value={`${count(sent)} bytes`}>
          <p>
            {sent === 0
              ? "Nothing has left this device: the page's own rules forbid every connection to another address."
              : "Requests to another address were seen. That must not happen; please look at the self-test."}
          </p>
          <button
            type="button"
            class="btn"
            onClick={(event) => {
              closePopover(event.currentTarget);
              route.value = "privacy";
            }}
          >
            What is stored and sent
          </button>
        </Vital>
      </ul>
    </section>
  );
}
