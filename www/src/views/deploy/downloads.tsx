// What can be taken away, how big it is, and what each file is for.

import { computed } from "@preact/signals";
import type { Report } from "../../engine/types/Report";
import { download, exportDataset, exportProject, recordings, steps } from "../../state";
import { bytes } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Notice, Panel } from "../../widgets/notice";
import { things, thingsWord } from "../shared";

interface FileProps {
  name: string;
  size: string;
  purpose: string;
  testId: string;
  primary?: boolean;
  run: () => void;
}

function FileCard({ name, size, purpose, testId, primary = false, run }: FileProps) {
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
        class={primary ? "btn btn-primary" : "btn"}
        data-testid={testId}
        aria-label={`Download ${name}`}
        onClick={run}
      >
        <Icon name="download" size={16} /> Download
      </button>
    </li>
  );
}

export function DownloadPanel({ report }: { report: Report }) {
  const stale = steps.value.quantize.state === "stale";
  return (
    <Panel
      title="The model"
      lead={
        <>
          Its name is the SHA-256 of the bytes that go to the chip:{" "}
          <span class="mono hash" title={report.model_sha256}>
            {report.model_sha256}
          </span>
        </>
      }
    >
      {stale && (
        <Notice
          severity="warning"
          what={steps.value.quantize.why}
          remedy="These are the files of the earlier model. Train again to renew them."
        />
      )}
      <ul class="files">
        <FileCard
          primary
          name="model.tflite"
          size={bytes(report.tflite_bytes)}
          purpose="For TensorFlow Lite Micro and every tool that reads it. Labels and what the network is given are written inside."
          testId="download-tflite"
          run={() => void download("tflite")}
        />
        <FileCard
          name="model.lampyris"
          size={`${bytes(report.flash_bytes)} on the chip`}
          purpose="The bundle: features, network and decision in one, with golden cases to check a port against."
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
