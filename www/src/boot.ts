// Starts the page's machinery: engine, store, last project. Views show `booted`.
import { booted, bootTrouble } from "./state/boot-state";
import { watchCameraList } from "./state/cameras";
import { listSensors, watchHiding } from "./state/capture";
import { watchConditions } from "./state/conditions";
import { overviewSettled, recordings, watchOverview } from "./state/data";
import { watchLinks } from "./state/link";
import { watchLiveModel } from "./state/live";
import { watchMicrophoneList } from "./state/microphones";
import { watchPacking } from "./state/model";
import { watchModelDrops } from "./state/model-file";
import { watchInstalling, watchOffline } from "./state/offline";
import { watchRequests } from "./state/privacy";
import { catalog, saveNow } from "./state/project";
import { openLast } from "./state/projects";
import { watchRoute } from "./state/route";
import { notify, tell, troubleOf } from "./state/toasts";
import { fetchTrainer } from "./state/training";
import { lab } from "./state/workers";
import { whenOutdated } from "./store";

const PATIENCE_MS = 4000;
const MANY = 500;

async function boot(): Promise<void> {
  watchRequests();
  watchRoute();
  watchModelDrops();
  watchInstalling();
  // What nobody caught is told, too: never a dead page.
  addEventListener("unhandledrejection", (event) => tell(event.reason));
  addEventListener("error", (event) => {
    // Sizes that settle one frame later are told as an error, and are none.
    if (!event.message.startsWith("ResizeObserver loop")) tell(event.error ?? event.message);
  });
  addEventListener("pagehide", () => void saveNow());
  whenOutdated(() =>
    notify("warning", "Another tab has deleted or renewed the store", {
      detail: {
        what: "This tab no longer has access to the stored projects",
        place: "browser storage",
        remedy: "Reload this page",
      },
    }),
  );
  try {
    listSensors();
    watchMicrophoneList();
    watchCameraList();
    catalog.value = await lab.call("catalog", null);
    await openLast();
    watchOverview();
    watchPacking();
    watchConditions();
    watchHiding();
    watchLiveModel();
    // A view that is filled in later would jump under the reader; one that never comes, or comes
    // late because there is much to look at, is no reason to keep the data from them.
    if (recordings.value.length <= MANY)
      await Promise.race([overviewSettled(), new Promise((wake) => setTimeout(wake, PATIENCE_MS))]);
    booted.value = "ready";
    // What keeps the page fetches the trainer as well.
    if (!watchOffline()) fetchTrainer();
    watchLinks();
  } catch (error) {
    bootTrouble.value = troubleOf(error);
    booted.value = "failed";
  }
}

void boot();
