// What the scripts that time the page itself have in common.

export const row = (name, value) => console.log(`${name.padEnd(44)} ${value}`);
export const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;

/** Gives the page a zip of pictures, by path or as a file of Playwright's, and waits until it has them. */
export async function bringIn(page, file, timeout) {
  await page.getByTestId("file-input").setInputFiles(file);
  await page.locator(".toast-busy").waitFor();
  await page.locator(".toast-busy").waitFor({ state: "detached", timeout });
}

/** The numbers of the processes that pages and their workers run in. */
export async function renderers(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
}
