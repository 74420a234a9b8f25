// What can be taken away, how big it is, and what each file is for.

import { computed } from "@preact/signals";
import type { Footprint } from "../../engine/types/Footprint";
import type { Report } from "../../engine/types/Report";
import { download, exportDataset, exportProject, recordings, steps } from "../../state";
import { tooLarge } from "../../state/board-costs";
import { bytes } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Notice, Panel } from "../../widgets/notice";
import { currentFootprint } from "../footprint";
import { things, thingsWord } from "../shared";
import { ExportCards, Hash } from "./exports";

interface FileProps {
  name: string;
  size: string;
  purpose: string;
  testId: string;
  run: () => void;
}

function FileCard({ name, size, purpose, testId, run }: FileProps) {
  return (
    <li class="file">
      <div class="file-text">
        <p class="file-name">
          <span class="mono">{name}</span>
          <span class="num muted">{size}</span>
        </p>
        <p class="fine">{purpose}</p>
      </div>
      <button
        type="button"
        class="btn"
        data-testid={testId}
        aria-label={`Download ${name}`}
        onClick={run}
      >
        <Icon name="download" size={16} /> Download
      </button>
    </li>
  );
}

/** Whether the chosen board has room for the model, where that is worth a word. */
function Room({ footprint }: { footprint: Footprint }) {
  const trouble = tooLarge(footprint);
  if (trouble)
    return (
      <div data-testid="export-room" data-verdict={footprint.verdict}>
        <Notice
          severity="error"
          what={trouble.what}
          place={trouble.place}
          remedy={`${trouble.remedy}. Below are the files all the same, for another board.`}
        />
      </div>
    );
  if (footprint.verdict !== "does_not_fit" && footprint.verdict !== "tight") return null;
  return (
    <div data-testid="export-room" data-verdict={footprint.verdict}>
      <Notice severity="warning" what={footprint.reason} place={footprint.board_name} />
    </div>
  );
}

export function DownloadPanel({ report }: { report: Report }) {
  const stale = steps.value.quantize.state === "stale";
  const footprint = currentFootprint();
  return (
    <Panel title="The model" lead="Everything here was made on this device.">
      <Hash hash={report.model_sha256} />
      {stale && (
        <Notice
          severity="warning"
          what={steps.value.quantize.why}
          remedy="These are the files of the earlier model. Train again to renew them."
        />
      )}
      {footprint && <Room footprint={footprint} />}
      <h3 class="part-head">For a chip: builds and runs as it is</h3>
      <ExportCards of="project" />
      <h3 class="part-head">Plain files</h3>
      <ul class="files">
        <FileCard
          name="model.tflite"
          size={bytes(report.tflite_bytes)}
          purpose="For every tool that reads TensorFlow Lite. Labels and what the network is given are written inside."
          testId="download-tflite"
          run={() => void download("tflite")}
        />
        <FileCard
          name="model.lampyris"
          size={`${bytes(report.flash_bytes)} on the chip`}
          purpose="The bundle: features, network and decision in one, with golden cases to check a port against. Drop it on this page to open it again."
          testId="download-bundle"
          run={() => void download("bundle")}
        />
        <FileCard
          name="report.json"
          size="a few kB"
          purpose="Every figure of this page, for scripts and for your records."
          testId="download-report"
          run={() => void download("report")}
        />
      </ul>
    </Panel>
  );
}

/** Pictures or recordings; only their number counts here. */
const held = computed(() => things(recordings.value.length));

export function ProjectFiles() {
  return (
    <Panel title="The work" lead={`${held.value}, settings and the model`}>
      <ul class="files files-plain">
        <FileCard
          name="project.zip"
          size=""
          purpose="Everything, to go on elsewhere or to keep."
          testId="download-project"
          run={() => void exportProject()}
        />
        <FileCard
          name="recordings.zip"
          size=""
          purpose={`The ${thingsWord()} by label, one folder each, for other tools.`}
          testId="download-dataset"
          run={() => void exportDataset()}
        />
      </ul>
    </Panel>
  );
}
