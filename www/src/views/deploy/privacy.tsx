// The promise that nothing leaves this device, put to the test; and the button that forgets all.

import { signal } from "@preact/signals";
import {
  bytesSent,
  deleteEverything,
  type ProbeResult,
  probes,
  recordings,
  runPrivacySelfTest,
} from "../../state";
import { ConfirmButton } from "../../widgets/dialog";
import { count, plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Panel } from "../../widgets/notice";

const testing = signal(false);

async function test(): Promise<void> {
  testing.value = true;
  await runPrivacySelfTest();
  testing.value = false;
}

function Result({ results }: { results: readonly ProbeResult[] }) {
  const blocked = results.filter((r) => r.blocked).length;
  const all = blocked === results.length;
  return (
    <div data-testid="privacy-result" data-blocked={blocked} data-total={results.length}>
      <p class={all ? "privacy-sum verdict-good" : "privacy-sum verdict-bad"} role="status">
        <Icon name={all ? "shield" : "error"} />
        {all
          ? `All ${plural(results.length, "attempt")} to reach another address were blocked.`
          : `${count(results.length - blocked)} of ${plural(results.length, "attempt")} got through. Please report this.`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <section class="scroll-y" tabIndex={0} aria-label="Attempts">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">By</th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            {results.map((r) => (
              <tr key={`${r.where}${r.how}`}>
                <th scope="row">{r.where}</th>
                <td>{r.how}</td>
                <td title={r.detail}>
                  <span class={r.blocked ? "verdict-good" : "verdict-bad"}>
                    <Icon name={r.blocked ? "check" : "error"} size={16} />
                    {r.blocked ? "blocked" : "got through"}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

export function PrivacyPanel() {
  return (
    <Panel
      title="Privacy"
      lead={<span class="num">{count(bytesSent.value)} bytes sent to another address so far</span>}
      actions={
        <button
          type="button"
          class="btn"
          data-testid="privacy-run"
          disabled={testing.value}
          onClick={() => void test()}
        >
          {testing.value ? "Testing…" : probes.value ? "Test again" : "Test it"}
        </button>
      }
    >
      <p>
        The page and each of its workers try to reach another address in every way a browser knows.
        The page's own policy must block them all.
      </p>
      {probes.value && <Result results={probes.value} />}
      <p class="fine">
        What no policy can prevent: following a link, or an extension of your browser that reads
        pages.
      </p>
    </Panel>
  );
}

export function DangerPanel() {
  return (
    <Panel
      title="Forget everything"
      lead="Deletes all projects, recordings and models from this browser."
    >
      <ConfirmButton
        class="btn btn-danger"
        button={
          <>
            <Icon name="trash" size={16} /> Delete everything
          </>
        }
        title="Delete everything?"
        confirm="Delete everything"
        onConfirm={() => void deleteEverything()}
      >
        <p>
          All projects, {plural(recordings.value.length, "recording")} of this one included, and
          every model are deleted from this browser. This cannot be undone. A project zip saved
          before can be opened again.
        </p>
      </ConfirmButton>
    </Panel>
  );
}
