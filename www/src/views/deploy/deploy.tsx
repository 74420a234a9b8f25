// Step 6: the files to take away, what they will cost on a board, and what stays private.

import { bytesSent, report, route } from "../../state";
import { count } from "../../widgets/format";
import { Empty, Panel } from "../../widgets/notice";
import { BoardPanel } from "./board";
import { DownloadPanel, ProjectFiles } from "./downloads";
import { ReplayPanel } from "./replay";
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
      <ReplayPanel />
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
        <ProjectFiles />
        <Privacy />
      </div>
    </>
  );
}

function Privacy() {
  return (
    <Panel
      title="Privacy"
      lead={<span class="num">{count(bytesSent.value)} bytes sent to another address so far</span>}
      actions={
        <button
          type="button"
          class="btn"
          onClick={() => {
            route.value = "privacy";
          }}
        >
          What is stored and sent
        </button>
      }
    >
      <p>
        What lies in this browser and as what, a test of every way out, how far that can be trusted,
        and the button that forgets everything.
      </p>
    </Panel>
  );
}
