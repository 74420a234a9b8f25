// Loss and accuracy over epochs, for what is trained on and for what is not.

import { useMemo } from "preact/hooks";
import type { EpochRow } from "../../engine/types/EpochRow";
import { project, training } from "../../state";
import { figure, percent } from "../../widgets/format";
import { type Line, LineChart } from "../../widgets/line-chart";

const HEIGHT = 208;
const NONE: EpochRow[] = [];

function lines(train: number[], validation: (number | null)[]): Line[] {
  return [
    { name: "Train", ink: "--chart-train", dash: [6, 4], values: train },
    { name: "Validation", ink: "--chart-validation", values: validation },
  ];
}

/** A figure of the validation windows, where there are any. */
function orNone(value: number | null | undefined, show: (v: number) => string): string {
  return value === null || value === undefined ? "none" : show(value);
}

export function Curves() {
  const progress = training.value.progress;
  const history = progress?.history ?? NONE;
  const epochs = project.value?.settings.training.epochs ?? 2;
  const data = useMemo(() => {
    const x = history.map((_, i) => i + 1);
    return {
      x: x.length > 0 ? x : [1],
      x_range: [1, Math.max(2, epochs)] as [number, number],
      loss: lines(
        history.map((e) => e.train_loss),
        history.map((e) => e.validation_loss),
      ),
      accuracy: lines(
        history.map((e) => e.train_accuracy),
        history.map((e) => e.validation_accuracy),
      ),
    };
  }, [history, epochs]);
  const last = history.at(-1);
  const best = progress?.best_epoch ?? 0;
  const marks = (at: "top" | "bottom") =>
    progress && best > 0 && progress.finished ? [{ x: best, text: `best: epoch ${best}`, at }] : [];
  const told = (what: string, a: string, b: string) =>
    last
      ? `${what} after epoch ${history.length}: train ${a}, validation ${b}.${best > 0 ? ` Best epoch ${best}.` : ""}`
      : `${what}: no epoch yet.`;
  return (
    <div class="curves">
      <section>
        <h3>
          Loss <span class="fine">lower is better</span>
        </h3>
        <LineChart
          x={data.x}
          x_range={data.x_range}
          lines={data.loss}
          marks={marks("top")}
          height={HEIGHT}
          x_title="epoch"
          show={(v) => figure(v, 2)}
          label={told(
            "Loss",
            figure(last?.train_loss ?? 0, 3),
            orNone(last?.validation_loss, (v) => figure(v, 3)),
          )}
        />
      </section>
      <section>
        <h3>
          Accuracy <span class="fine">higher is better</span>
        </h3>
        <LineChart
          x={data.x}
          x_range={data.x_range}
          lines={data.accuracy}
          marks={marks("bottom")}
          height={HEIGHT}
          x_title="epoch"
          y_range={[0, 1]}
          show={(v) => percent(v, 0)}
          label={told(
            "Accuracy",
            percent(last?.train_accuracy ?? 0),
            orNone(last?.validation_accuracy, percent),
          )}
        />
      </section>
    </div>
  );
}
