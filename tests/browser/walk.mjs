// What the walk by a clock that it moves is made of (`procedure.mjs`): the days that go by, an act and its outcome, what is
// refused and why, and where a dossier stands.

import process from "node:process";

import { check, text, unfold } from "./journey.mjs";

/** What stands before the walk begins (`procedure.rs`). */
export const ground = JSON.parse(process.env.CPOM_TEST_PROCEDURE);

/** Services learn from one another by their events, and the clock of contracts ticks: that may take a moment. */
const PATIENCE = 60_000;

/** Lets days go by, where they are to; which day it then is. Who was signed in signs in again. */
export async function passed(days) {
  const answer = await fetch(`${ground.clock}/${days}`);
  return (await answer.text()).trim();
}

/** Does an act of a page and waits for its outcome. */
export async function act(page, address, method, fill = async () => {}) {
  await page.goto(address);
  const form = await unfold(page, method);
  await fill(form);
  // The first sends.
  await form.locator("button").first().click();
  await page.waitForURL(`**fait=${method}`);
}

/** Sends the form of an act that is shown, which is refused for what is said: everything typed stays. */
export async function refused(page, method, said) {
  await page.locator(`#${method}`).locator("button").first().click();
  await page.getByText("L’acte n’a pas été enregistré").waitFor();
  const told = (await page.locator(`#${method} [role=alert]`).innerText()).replaceAll(/\s+/g, " ");
  check(told.includes(said), `${method}: ${told}`);
  return page.locator(`#${method}`);
}

/** Why an act of the page is not possible now. */
export async function why(page, title) {
  const named = page.locator("strong", { hasText: new RegExp(`^${title}$`) });
  const told = page.locator(".cpom-refused li").filter({ has: named }).locator(".cpom-refused__why");
  return (await told.first().textContent()).replaceAll(/\s+/g, " ");
}

/** The state that stands above the title. */
export const state = async (page) => (await page.locator(".cpom-head__over .fr-badge").first().textContent()).trim();

/** Shows a page again until it says what is awaited. */
export async function until(page, address, what, isThere) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    await page.goto(address);
    if (await isThere()) return;
    check(Date.now() < end, `it did not happen in time: ${what}: ${(await text(page)).slice(0, 2_000)}`);
    await page.waitForTimeout(300);
  }
}

/** Does an act of a page, again while what it needs is still on its way. */
export async function patiently(page, address, method, fill = async () => {}) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    await page.goto(address);
    if ((await page.locator(`#${method}`).count()) > 0) {
      const form = await unfold(page, method);
      await fill(form);
      await Promise.all([page.waitForEvent("load"), form.locator("button").first().click()]);
      if (new URL(page.url()).searchParams.get("fait") === method) return;
    }
    check(Date.now() < end, `${method} at ${address}: ${(await text(page)).slice(0, 2_000)}`);
    await page.waitForTimeout(300);
  }
}
