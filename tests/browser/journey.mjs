// What every journey is made of: a browser, somebody signed in, and the checks that every page must pass.

import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";

export const MANAGER = "chargée de contractualisation";
export const RESPONSIBLE = "responsable à l’agence";
export const GENERAL = "directrice générale";
export const CONTROLLER = "contrôleur";
export const REVIEWER = "instructrice";
export const AUDITOR = "auditeur";
export const DIRECTOR = "Direction de l’entité";

const require = createRequire(path.join(process.env.CPOM_TEST_NODE_MODULES, "here.js"));
const { chromium } = require("playwright-core");
const axe = require("axe-core");

export const portal = process.env.CPOM_TEST_PORTAL_URL;
const shots = process.env.CPOM_TEST_SCREENSHOTS;

/** WCAG 2.1 A and AA, and what axe knows of the RGAA. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "RGAAv4"];

export const browser = await chromium.launch({
  executablePath: process.env.CPOM_TEST_CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server"],
});

/** A window of somebody; `options` as Playwright takes them (theme, script, size). */
export async function visit(options = {}) {
  const context = await browser.newContext({
    locale: "fr-FR",
    viewport: { width: 1280, height: 900 },
    colorScheme: "light",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(`script: ${error.message}`));
  page.on("console", (message) => {
    const isRefusal = message.text().includes("status of 4") || message.text().includes("status of 5");
    if (message.type() === "error" && !isRefusal) page.problems.push(`console: ${message.text()}`);
  });
  return page;
}

/** Signs in as a persona whose button holds `who`. */
export async function signIn(who, options = {}) {
  const page = await visit(options);
  await page.goto(`${portal}/connexion`);
  await page.getByRole("button", { name: who }).first().click();
  await page.waitForURL(`${portal}/**`);
  return page;
}

/** Asks for an address from within a page, with its cookies; `fields` make it a form. */
export async function fetched(page, address, fields) {
  const answer = await page.evaluate(
    async ([address, fields]) => {
      const options = fields ? { method: "POST", body: new URLSearchParams(fields) } : {};
      const answer = await fetch(address, options);
      return { status: answer.status, url: answer.url, bytes: [...new Uint8Array(await answer.arrayBuffer())] };
    },
    [address, fields],
  );
  return { ...answer, body: Buffer.from(answer.bytes) };
}

/** The text of the page, spaces as one. */
export const text = async (page) => (await page.locator("main").innerText()).replaceAll(/\s+/g, " ");

/** Opens the form of an act if it is folded. */
export async function unfold(page, method) {
  const act = page.locator(`#${method}`);
  if ((await act.getAttribute("open")) === null) await act.locator("summary").click();
  return act;
}

export function check(condition, what) {
  if (!condition) throw new Error(what);
}

/** The checks of axe, in the theme the page is in. */
async function accessible(page, name) {
  await page.evaluate(axe.source);
  const result = await page.evaluate(
    (rules) => globalThis.axe.run(document, { runOnly: { type: "tag", values: rules } }),
    RULES,
  );
  const told = result.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(" ")} — ${node.failureSummary}`),
  );
  check(told.length === 0, `${name}: ${told.length} violations\n${told.slice(0, 10).join("\n")}`);
}

/** Nothing is cut off: the page scrolls in one direction only. */
async function fits(page, name) {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  check(overflow <= 1, `${name}: the page is ${overflow} pixels too wide`);
}

async function shot(page, name) {
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true });
}

/** Every check on the page that is shown: both themes, 200 and 400 %, no error, one title, screenshots kept. */
export async function examine(page, name) {
  check((await page.locator("h1").count()) === 1, `${name}: one h1`);
  check(page.problems.length === 0, `${name}: ${page.problems.join("; ")}`);
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await accessible(page, `${name} (${theme})`);
    await shot(page, `${name}-${theme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  const size = page.viewportSize();
  // Zooming to 200 or 400 % leaves half or a quarter of the width (WCAG 1.4.10).
  for (const [zoom, width] of [[200, 640], [400, 320]]) {
    await page.setViewportSize({ width, height: 800 });
    await fits(page, `${name} at ${zoom} %`);
    if (zoom === 400) await shot(page, `${name}-400`);
  }
  await page.setViewportSize(size);
}

/** Reaches something with the Tab key alone and presses Enter. */
export async function pressByKeyboard(page, name) {
  for (let step = 0; step < 120; step += 1) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const focused = document.activeElement;
      const box = focused.getBoundingClientRect();
      const style = getComputedStyle(focused);
      return {
        text: focused.textContent.trim(),
        seen: box.width > 0 && style.outlineStyle !== "none",
      };
    });
    if (here.text === name) {
      check(here.seen, `${name}: the focus is not visible`);
      await page.keyboard.press("Enter");
      return;
    }
  }
  throw new Error(`${name} cannot be reached with the keyboard`);
}

/** Runs named journeys one after the other and says which failed; CPOM_TEST_JOURNEY runs those whose name it matches. */
export async function run(journeys) {
  const failed = [];
  const wanted = new RegExp(process.env.CPOM_TEST_JOURNEY ?? "");
  for (const [name, journey] of Object.entries(journeys).filter(([name]) => wanted.test(name))) {
    const begin = Date.now();
    try {
      await journey();
      console.log(`ok      ${name} (${Date.now() - begin} ms)`);
    } catch (error) {
      failed.push(name);
      console.log(`FAILED  ${name}\n        ${error.stack.split("\n").slice(0, 14).join("\n        ")}`);
      for (const context of browser.contexts()) {
        const page = context.pages()[0];
        if (page) await shot(page, `failed-${name.replaceAll(/\W+/g, "-")}`).catch(() => {});
      }
    }
    for (const context of browser.contexts()) await context.close();
  }
  await browser.close();
  process.exit(failed.length === 0 ? 0 : 1);
}
