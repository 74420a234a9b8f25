// The page's frame: header, vital signs, the six steps, and the view of where one is.

import { useEffect, useRef } from "preact/hooks";
import {
  type BesideId,
  booted,
  bootTrouble,
  expected,
  offered,
  type RouteId,
  readOnly,
  route,
} from "./state";
import { lazy } from "./views/lazy";
import { Record } from "./views/record/record";
import { Header } from "./views/shell/header";
import { Messages } from "./views/shell/messages";
import { Rail } from "./views/shell/rail";
import { STEPS } from "./views/shell/steps";
import { Vitals } from "./views/shell/vitals";
import { Boundary } from "./widgets/boundary";
import { Mark } from "./widgets/icons";
import { Notice } from "./widgets/notice";

const LAZY = {
  explore: lazy("Explore", async () => (await import("./views/explore/explore")).Explore),
  train: lazy("Train", async () => (await import("./views/train/train")).Train),
  quantize: lazy("Quantize", async () => (await import("./views/quantize/quantize")).Quantize),
  run: lazy("Run", async () => (await import("./views/run/run")).Run),
  deploy: lazy("Deploy", async () => (await import("./views/deploy/deploy")).Deploy),
  network: lazy("Network", async () => (await import("./views/network/network")).Network),
  projects: lazy("Projects", async () => (await import("./views/projects/projects")).Projects),
  privacy: lazy("Privacy", async () => (await import("./views/privacy/privacy")).Privacy),
} as const;
const OFFER = lazy("Settings", async () => (await import("./views/projects/offer")).Offer);

const BESIDE: Readonly<Record<BesideId, string>> = {
  network: "Look into a model",
  projects: "Projects",
  privacy: "Privacy",
};

const viewOf = (at: RouteId) => (at === "record" ? Record : LAZY[at].View);

/** What the six steps need, before they are asked for. What stands beside them waits until it is. */
function fetchSteps(): void {
  for (const step of STEPS) if (step.id !== "record") LAZY[step.id].fetch();
}

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
    const title = STEPS.find((s) => s.id === at)?.title ?? BESIDE[at as BesideId];
    document.title = `${title} · Lampyris`;
    if (last.current === at) return;
    last.current = at;
    scrollTo({ top: 0 });
    main.current?.focus({ preventScroll: true });
  }, [at]);

  // Beside the engine, not after it.
  useEffect(() => {
    if (at !== "record") LAZY[at].fetch();
  }, [at]);
  useEffect(() => expected.subscribe((times) => times > 0 && LAZY.network.fetch()), []);
  const up = booted.value === "ready";
  useEffect(() => {
    if (!up) return;
    const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 1000));
    idle(fetchSteps);
  }, [up]);

  const View = viewOf(at);
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
        {readOnly.value && STEPS.some((s) => s.id === at) && (
          <Notice
            severity="warning"
            what="This project is open in another tab"
            remedy="Look as you like. Once the other tab is closed, it can be changed here by itself."
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
      {offered.value && <OFFER.View />}
      <Messages />
    </div>
  );
}
