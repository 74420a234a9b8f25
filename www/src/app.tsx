// The page's frame: header, vital signs, the six steps, and the view of the step one is at.

import { useEffect, useRef } from "preact/hooks";
import { booted, bootTrouble, readOnly, route } from "./state";
import { Deploy } from "./views/deploy/deploy";
import { Explore } from "./views/explore/explore";
import { Network } from "./views/network/lazy";
import { Quantize } from "./views/quantize/quantize";
import { Record } from "./views/record/record";
import { Run } from "./views/run/run";
import { Header } from "./views/shell/header";
import { Messages } from "./views/shell/messages";
import { Rail } from "./views/shell/rail";
import { STEPS } from "./views/shell/steps";
import { Vitals } from "./views/shell/vitals";
import { Train } from "./views/train/train";
import { Boundary } from "./widgets/boundary";
import { Mark } from "./widgets/icons";
import { Notice } from "./widgets/notice";

const VIEWS = {
  record: Record,
  explore: Explore,
  train: Train,
  quantize: Quantize,
  run: Run,
  deploy: Deploy,
  network: Network,
} as const;

function Starting() {
  return (
    <div class="starting" role="status">
      <Mark lit />
      <p>Waking up…</p>
    </div>
  );
}

function Failed() {
  const trouble = bootTrouble.value;
  return (
    <div class="starting">
      <Mark lit={false} />
      <Notice
        severity="error"
        what={trouble?.what ?? "The page could not start"}
        place={trouble?.place ?? "starting"}
        remedy={trouble?.remedy ?? "Reload the page, or use another browser."}
      />
    </div>
  );
}

export function App() {
  const main = useRef<HTMLElement>(null);
  const at = route.value;
  const last = useRef(at);

  useEffect(() => {
    const step = STEPS.find((s) => s.id === at);
    document.title = `${step?.title ?? "Look into a model"} · Lampyris`;
    if (last.current === at) return;
    last.current = at;
    scrollTo({ top: 0 });
    main.current?.focus({ preventScroll: true });
  }, [at]);

  const View = VIEWS[at] ?? Record;
  // A model file needs neither the store nor a project.
  const ready = booted.value === "ready" || at === "network";
  return (
    <div class="app">
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <div class="top">
        <Header />
        <Vitals />
      </div>
      <Rail />
      <main id="main" ref={main} tabIndex={-1} data-view={at}>
        {readOnly.value && at !== "network" && (
          <Notice
            severity="warning"
            what="This project is open in another tab"
            remedy="Look as you like; to change something, close the other tab and reload this one."
          />
        )}
        {!ready && booted.value === "starting" && <Starting />}
        {!ready && booted.value === "failed" && <Failed />}
        {ready && (
          <Boundary key={at} name="This step">
            <View />
          </Boundary>
        )}
      </main>
      <Messages />
    </div>
  );
}
