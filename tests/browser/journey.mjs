// What every journey is made of: a browser, somebody signed in, and the checks that every page must pass.

import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";

import { files, hostile, isBare, pictures } from "./telling.mjs";

export const MANAGER = "chargée de contractualisation";
export const RESPONSIBLE = "responsable à l’agence";
export const GENERAL = "directrice générale";
export const CONTROLLER = "contrôleur";
export const REVIEWER = "instructrice";
export const AUDITOR = "auditeur";
export const DIRECTOR = "Direction de l’entité";
export const PRESIDENT = "présidente du conseil départemental";

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

/** Paths that answered a GET, those that answered a page, those whose page was examined, those that answered without protection. */
const seen = { asked: new Set(), shown: new Set(), examined: new Set(), bare: new Set() };

/** Files of tables that were fetched. */
const fetchedFiles = [];

/** Pages that were examined, by who was signed in, to be read again without a script. */
const walked = new Map();

/** A window of somebody; `options` as Playwright takes them (theme, script, size). */
export async function visit(options = {}) {
  const context = await browser.newContext({
    locale: "fr-FR",
    viewport: { width: 1280, height: 900 },
    colorScheme: "light",
    ...options,
  });
  context.on("response", (answer) => {
    if (!answer.url().startsWith(`${portal}/`)) return;
    const { pathname } = new URL(answer.url());
    if (isBare(answer.headers())) seen.bare.add(pathname);
    if (answer.request().method() !== "GET" || answer.status() >= 400) return;
    seen.asked.add(pathname);
    const kind = answer.headers()["content-type"] ?? "";
    if (answer.status() === 200 && kind.startsWith("text/html")) seen.shown.add(pathname);
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
  page.persona = who;
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

/** One row of a form that has rows: « Objectif 2 ». */
export const row = (form, name) => form.getByRole("group", { name, exact: true });

/** Brings a file with one line of indicators, for the portal to look over. */
export async function bring(page, line) {
  await page.goto(`${portal}/indicateurs`);
  const buffer = Buffer.from(`FINESS;Indicateur;Période;Valeur\n${line}\n`);
  await page.getByLabel("Fichier").setInputFiles({ name: "indicateurs.csv", mimeType: "text/csv", buffer });
  await page.getByRole("button", { name: "Vérifier le fichier" }).click();
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

/** Nothing is cut off: the page scrolls in one direction only. What sticks out is named. */
async function fits(page, name) {
  const { overflow, out } = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const scrolls = (element) => {
      for (let one = element.parentElement; one; one = one.parentElement) {
        if (getComputedStyle(one).overflowX !== "visible") return true;
      }
      return false;
    };
    const told = (element) => `${element.tagName.toLowerCase()}.${element.className} « ${element.textContent.trim().slice(0, 60)} »`;
    const out = [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > width + 1 && !scrolls(element))
      .map(told);
    return { overflow: document.documentElement.scrollWidth - width, out: out.slice(-3) };
  });
  check(overflow <= 1, `${name}: the page is ${overflow} pixels too wide: ${out.join(", ")}`);
}

async function shot(page, name) {
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true });
}

/** The Tab key goes through the page: each stop is another one, can be seen, and nothing holds the focus. */
async function tabs(page, name, most = 25) {
  await page.evaluate(() => {
    // The next stop is counted from where the focus was last, even from what is no longer there.
    const start = document.createElement("span");
    start.tabIndex = -1;
    document.body.prepend(start);
    start.focus();
    start.remove();
    window.scrollTo(0, 0);
    window.stops = [];
  });
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press("Tab");
    const told = await page.evaluate(() => {
      const here = document.activeElement;
      if (!here || here === document.body) return { ended: true };
      // The parts of a date are stops of one field.
      const isPart = here.type === "date" && window.stops.at(-1) === here;
      const around = window.stops[0] === here;
      const again = !isPart && window.stops.includes(here);
      window.stops.push(here);
      const box = here.getBoundingClientRect();
      const style = getComputedStyle(here);
      const told = `${here.tagName} ${here.textContent.trim().slice(0, 40) || here.name || here.id}`;
      const visible = box.width > 0 && box.height > 0 && style.outlineStyle !== "none" && style.visibility === "visible";
      const inSight = box.bottom > 0 && box.top < innerHeight;
      return { told, around, again, visible, inSight, first: here.matches(".fr-skiplinks a") };
    });
    if (told.ended || (told.around && step > 0)) return;
    check(step !== 0 || told.first, `${name}: the first stop is the way to the content, not ${told.told}`);
    check(!told.again, `${name}: the focus does not leave ${told.told}`);
    check(told.visible, `${name}: the focus on ${told.told} cannot be seen`);
    check(told.inSight, `${name}: the focus on ${told.told} is out of sight`);
  }
}

/** Nothing needs a script or a mouse: what can be pressed is a link, a button or a field, and every form can be sent. */
async function usable(page, name) {
  const told = await page.evaluate(() => {
    const wrong = [];
    for (const node of document.querySelectorAll("[onclick], [tabindex]:not([tabindex='0']):not([tabindex='-1'])")) wrong.push(node.outerHTML.slice(0, 80));
    for (const form of document.forms) {
      if (!form.querySelector("button[type=submit], button:not([type]), input[type=submit]")) wrong.push(`a form without a button: ${form.action}`);
    }
    // What is sent says of which session it is, and which request: a double click is one command.
    for (const form of document.querySelectorAll("form[method=post]")) {
      const action = form.getAttribute("action");
      const has = (field) => Boolean(form.querySelector(`input[name=${field}]`)?.value);
      if (!has("jeton")) wrong.push(`a form without the token of its session: ${action}`);
      const isHarmlessTwice = ["/deconnexion", "/indicateurs/envoi"].includes(action) || action.endsWith("/retrait");
      if (!isHarmlessTwice && !has("request_id") && !has("envoi")) wrong.push(`a form that would count twice: ${action}`);
    }
    for (const link of document.querySelectorAll("a:not([href])")) wrong.push(`a link that leads nowhere: ${link.textContent}`);
    return wrong;
  });
  check(told.length === 0, `${name}: ${told.join("; ")}`);
}

/** Every check on the page that is shown: both themes, 200 and 400 %, keyboard, no error, one title, screenshots kept. */
export async function examine(page, name) {
  const { pathname, search } = new URL(page.url());
  seen.examined.add(pathname);
  // What a page says after an act is not said twice.
  const query = search.replaceAll(/[?&]fait=\w+/g, "");
  const who = page.persona ?? "";
  if (page.url().startsWith(portal) && seen.asked.has(pathname)) walked.set(who, (walked.get(who) ?? new Map()).set(pathname + query, name));
  check((await page.locator("h1").count()) === 1, `${name}: one h1`);
  check(page.problems.length === 0, `${name}: ${page.problems.join("; ")}`);
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await accessible(page, `${name} (${theme})`);
    await shot(page, `${name}-${theme}`);
  }
  // On paper: what it says, and nothing to press.
  await page.emulateMedia({ media: "print", colorScheme: "light" });
  check(await page.locator("h1").isVisible(), `${name}: nothing is printed`);
  const buttons = await page.locator(".fr-nav:visible, .cpom-act:visible, .cpom-filters:visible").count();
  check(buttons === 0, `${name}: ${buttons} parts to press are printed`);
  await page.emulateMedia({ media: null, colorScheme: "light" });
  const size = page.viewportSize();
  // Zooming to 200 or 400 % leaves half or a quarter of the width (WCAG 1.4.10).
  for (const [zoom, width] of [[200, 640], [400, 320]]) {
    await page.setViewportSize({ width, height: 800 });
    await fits(page, `${name} at ${zoom} %`);
    if (zoom === 400) await shot(page, `${name}-400`);
  }
  await page.setViewportSize(size);
  await usable(page, name);
  const lacking = [...(await pictures(page)), ...(await files(page, fetchedFiles))];
  check(lacking.length === 0, `${name}: ${lacking.join("; ")}`);
  await tabs(page, name);
}

/** Every page that was examined, again, in a browser that runs no script: it says the same under the same title. */
export async function readWithoutScript() {
  for (const [who, pages] of walked) {
    const options = { javaScriptEnabled: false };
    const page = who ? await signIn(who, options) : await visit(options);
    for (const [address, name] of pages) {
      const answer = await page.goto(portal + address);
      check(answer.status() < 500, `${name} without a script: ${answer.status()}`);
      check((await page.locator("h1").count()) === 1, `${name} without a script: no title`);
      check((await page.locator("main").innerText()).trim().length > 40, `${name} without a script: nothing to read`);
    }
    await page.context().close();
  }
}

/** The addresses of the portal, as its source names them, with the pattern of each. */
async function routes() {
  const source = await readFile(process.env.CPOM_TEST_ROUTES, "utf8");
  const found = [...source.matchAll(/\.route\(\s*"([^"]+)",\s*get\(/g)].map(([, route]) => route);
  check(found.length > 40, `only ${found.length} addresses were found in routes.rs`);
  const pattern = (route) => new RegExp(`^${route.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
  return found.map((route) => ({ route, pattern: pattern(route), places: route.split("{").length - 1 }));
}

/** The route that answers a path: the one with the fewest places to fill. */
const routeOf = (all, path) =>
  all.filter(({ pattern }) => pattern.test(path)).sort((one, other) => one.places - other.places)[0]?.route;

/** Addresses that a run of its own walks, over weeks (`procedure.mjs`), and answers for. */
const ELSEWHERE = ["/procedures/{id}", "/procedures/{id}/mise-en-demeure.pdf", "/procedures/{id}/decision.pdf", "/procedures/{id}/pieces/{sha256}"];

/** None of the addresses that a run answers for is left out: each was asked for, and each that answers a page was examined. */
async function leftOut(isOurs) {
  const all = await routes();
  const of = (paths) => new Set([...paths].map((path) => routeOf(all, path)));
  const [asked, shown, examined] = [of(seen.asked), of(seen.shown), of(seen.examined)];
  const never = all.map(({ route }) => route).filter((route) => isOurs(route) && !asked.has(route));
  check(never.length === 0, `no journey asks for ${never.join(", ")}`);
  const unread = [...shown].filter((route) => route && isOurs(route) && !examined.has(route));
  check(unread.length === 0, `no journey examines ${unread.join(", ")}`);
  check(seen.bare.size === 0, `answers without what protects their reader: ${[...seen.bare].join(", ")}`);
  const gone = ELSEWHERE.filter((route) => !all.some((known) => known.route === route));
  check(gone.length === 0, `no address of the portal: ${gone.join(", ")}`);
}

/** No address of the portal is left out but those that are walked elsewhere. */
export const nothingIsLeftOut = () => leftOut((route) => !ELSEWHERE.includes(route));

/** No address of a procedure is left out. */
export const noProcedureIsLeftOut = () => leftOut((route) => ELSEWHERE.includes(route));

/**
 * Every form of the pages that were examined takes markup for a text, whoever fills it in; there are more than so many. What it
 * does no longer matters: this is last.
 */
export async function nothingTypedIsMarkup(few = 40) {
  const [wrong, sent] = [[], []];
  for (const [who, pages] of walked) {
    const page = who ? await signIn(who) : await visit();
    for (const [address, name] of pages) {
      const answer = await page.goto(portal + address);
      if (answer.status() >= 400) continue;
      wrong.push(...(await hostile(page, sent)).map((told) => `${name}: ${told}`));
    }
    await page.context().close();
  }
  check(sent.length > few, `only ${sent.length} forms that take a text were found`);
  check(wrong.length === 0, wrong.join("; "));
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
      for (const [place, context] of browser.contexts().entries()) {
        const page = context.pages()[0];
        if (page) await shot(page, `failed-${name.replaceAll(/\W+/g, "-")}-${place}`).catch(() => {});
      }
    }
    for (const context of browser.contexts()) await context.close();
  }
  await browser.close();
  process.exit(failed.length === 0 ? 0 : 1);
}
