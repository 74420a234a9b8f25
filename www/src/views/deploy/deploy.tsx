// Step 6: the files to take away, what they will cost on a board, and what stays private.

import { report, route } from "../../state";
import { Empty } from "../../widgets/notice";
import { BoardPanel } from "./board";
import { DownloadPanel, ProjectFiles } from "./downloads";
import { DangerPanel, PrivacyPanel } from "./privacy";
import { Worries } from "./worries";

export function Deploy() {
  const r = report.value;
  return (
    <>
      <div class="view-head">
        <h1>Deploy</h1>
        <p>Take the model with you, and see what it will cost on the chip.</p>
      </div>
      <Worries />
      {r ? (
        <DownloadPanel report={r} />
      ) : (
        <Empty
          title="No model to take along yet"
          text="Train a network first; its files wait here."
        >
          <button
            type="button"
            class="btn btn-primary"
            onClick={() => {
              route.value = "train";
            }}
          >
            Go to Train
          </button>
        </Empty>
      )}
      <BoardPanel />
      <div class="columns columns-even">
        <PrivacyPanel />
        <div class="stacked">
          <ProjectFiles />
          <DangerPanel />
        </div>
      </div>
    </>
  );
}
