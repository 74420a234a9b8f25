// What is stored where, what was sent, and how far that can be trusted. Within reach at any time.

import { offline, prepareOffline } from "../../state";
import "../../styles/beside.css";
import { Panel } from "../../widgets/notice";
import { offlineWords } from "../shell/offline";
import { SelfTest } from "./self-test";
import { Forget, Stored } from "./stored";

function Limits() {
  return (
    <Panel title="What no page can promise">
      <ul class="plain-list">
        <li>
          The page's host sees that the page was loaded, from which address and by which browser;
          nothing after that.
        </li>
        <li>A link that you follow leads to its site, which sees that you came.</li>
        <li>Extensions of your browser may read any page, and send what they read.</li>
        <li>
          The browser itself, and whoever can use this device, can see what is stored here: it is
          not encrypted.
        </li>
        <li>
          A host that was taken over could serve another page. What is kept here changes only when
          you take a new version.
        </li>
      </ul>
    </Panel>
  );
}

function Offline() {
  return (
    <Panel
      title="Without a network"
      lead={offlineWords(offline.value)}
      actions={
        offline.value.state === "failed" && (
          <button type="button" class="btn" onClick={() => void prepareOffline()}>
            Try again
          </button>
        )
      }
    >
      <p>
        The page keeps a copy of its own files, so that it opens and works without a network. A
        newer version is fetched beside it and waits until you take it.
      </p>
    </Panel>
  );
}

export function Privacy() {
  return (
    <>
      <div class="view-head">
        <h1>Privacy</h1>
        <p>Everything stays on this device. Here is what lies where, and how to check it.</p>
      </div>
      <div class="columns columns-even">
        <div class="stacked">
          <Stored />
          <Offline />
          <Forget />
        </div>
        <div class="stacked">
          <SelfTest />
          <Limits />
        </div>
      </div>
    </>
  );
}
