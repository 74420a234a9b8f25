// Entry of the page: styles, then the frame. State starts itself when it is first imported.

import { render } from "preact";
import { App } from "./app";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/overlays.css";
import "./styles/shell.css";
import "./styles/rail.css";
import "./styles/vitals.css";
import "./styles/messages.css";
import "./styles/panels.css";
import "./styles/charts.css";
import "./styles/record.css";
import "./styles/camera.css";
import "./styles/recordings.css";
import "./styles/cutter.css";
import "./styles/explore.css";
import "./styles/train.css";
import "./styles/quantize.css";
import "./styles/run.css";
import "./styles/deploy.css";
import "./styles/motion.css";

const root = document.getElementById("app");
if (root) render(<App />, root);
