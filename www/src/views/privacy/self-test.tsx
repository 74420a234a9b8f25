// The promise that nothing leaves this device, put to the test.

import { signal } from "@preact/signals";
import { bytesSent, type ProbeResult, probes, runPrivacySelfTest } from "../../state";
import { count, plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Panel } from "../../widgets/notice";

const testing = signal(false);

async function test(): Promise<void> {
  testing.value = true;
  await runPrivacySelfTest();
  testing.value = false;
}

function Outcome({ result }: { result: ProbeResult }) {
  if (result.blocked === null) return <span class="muted">not tried: {result.detail}</span>;
  return (
    <span class={result.blocked ? "verdict-good" : "verdict-bad"} title={result.detail}>
      <Icon name={result.blocked ? "check" : "error"} size={16} />
      {result.blocked ? "blocked" : "got through"}
    </span>
  );
}

function Result({ results }: { results: readonly ProbeResult[] }) {
  const tried = results.filter((r) => r.blocked !== null);
  const blocked = tried.filter((r) => r.blocked).length;
  const all = blocked === tried.length;
  return (
    <div data-testid="privacy-result" data-blocked={blocked} data-total={tried.length}>
      <p class={all ? "privacy-sum verdict-good" : "privacy-sum verdict-bad"} role="status">
        <Icon name={all ? "shield" : "error"} />
        {all
          ? `All ${plural(tried.length, "attempt")} to reach another address were blocked.`
          : `${count(tried.length - blocked)} of ${plural(tried.length, "attempt")} got through. Please report this.`}
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
                <td>
                  <Outcome result={r} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

export function SelfTest() {
  return (
    <Panel
      title="Sent"
      lead={
        <span class="num">
          {count(bytesSent.value)} bytes to another address since the page was opened
        </span>
      }
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
        Counted from the browser's own list of what the page requested: anything that went to
        another address than the page's own counts, with at least the length of that address.
      </p>
      <p>
        The test tries to reach another address in every way that a browser knows: from the page,
        from each of its workers, and from the service worker that keeps it for times without a
        network. The policy must block every one.
      </p>
      {probes.value && <Result results={probes.value} />}
    </Panel>
  );
}
