// A project with a model, made once for all tests of a file: bytes count there, not accuracy.
import { download, goTo, trainNow, untilState } from "./harness.mjs";

/** Fills a fresh visitor's project with the starter set, names it, and trains it for a moment. */
export async function quickProject(page, name, epochs = 3) {
  await page.getByTestId("starter").click();
  await untilState(page, "explore", "done");
  await page.getByLabel("Project name").fill(name);
  await page.getByLabel("Project name").blur();
  await goTo(page, "train");
  const field = page.getByLabel("Epochs", { exact: true });
  await field.fill(String(epochs));
  await field.press("Enter");
  await trainNow(page, 600_000);
}

/** The open project with its model as a zip. */
export async function projectZip(page) {
  await page.getByRole("button", { name: "Project menu" }).click();
  const { bytes } = await download(page, "project-export");
  return bytes;
}

/** Gives a fresh visitor the project of a zip, and waits for its model. */
export async function bringProject(page, zip) {
  await page
    .getByTestId("project-import")
    .setInputFiles({ name: "project.zip", mimeType: "application/zip", buffer: zip });
  await untilState(page, "quantize", "done", 300_000);
}
