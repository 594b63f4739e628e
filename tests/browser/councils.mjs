// What departmental councils say and decide under their own name: a position on an objective, a computed modulation of
// dependence that is set aside.

import { someSite } from "./programming.mjs";
import { AMOUNTS, occupied } from "./tariffs.mjs";
import { MANAGER, PRESIDENT, check, examine, fetched, portal, signIn, text, unfold } from "./journey.mjs";

/** Breaks out of an attribute and of an element, and would show. */
const HOSTILE = `"><img src=x onerror="document.title='pwned'"><b>gras</b>`;

/** Somebody who acts for the councils 00 and 13 (`councils.rs`). */
const BOTH = "Aïcha Renaud, deux conseils";

/** Does an act of a page and waits for its outcome. */
async function act(page, address, method, fill = async () => {}) {
  await page.goto(address);
  const form = await unfold(page, method);
  await fill(form);
  await form.getByRole("button").first().click();
  await page.waitForURL(`**fait=${method}`);
}

/** A contract under negotiation that these councils will sign. */
async function negotiated(manager, { site, entity }, councils) {
  const year = new Date().getFullYear() + 1;
  await manager.goto(`${portal}/contrats/nouveau`);
  await manager.getByLabel("Région").selectOption("00");
  // One that no other contract stands in the way of.
  await manager.getByLabel("Nature du contrat").selectOption({ index: 4 });
  await manager.getByLabel("Intitulé", { exact: true }).fill("Accueil, avec les départements");
  await manager.getByLabel("Entités juridiques").fill(entity);
  await manager.getByLabel("Établissements couverts").fill(site);
  await manager.getByLabel("Conseils départementaux signataires").fill(councils);
  await manager.getByLabel("Premier jour d’effet").fill(`${year}-01-01`);
  await manager.getByLabel("Dernier jour").fill(`${year + 4}-12-31`);
  await manager.getByLabel("Objectifs stratégiques").fill("A | Accueil | Jour et nuit");
  await manager.getByRole("button", { name: "Créer le projet" }).click();
  await manager.waitForURL("**fait=CreateContract");
  const contract = manager.url().split("?")[0];
  await act(manager, contract, "OpenNegotiation");
  return contract;
}

/** Shows a page again until something is there, or is not: what was just done is told from service to service. */
async function until(page, address, selector, isThere, what) {
  for (let wait = 0; ; wait += 1) {
    await page.goto(address);
    if ((await page.locator(selector).count()) > 0 === isThere) return;
    check(wait < 60, `${what}: ${(await text(page)).slice(0, 500)}`);
    await page.waitForTimeout(500);
  }
}

const abandon = (manager, contract) =>
  act(manager, contract, "AbandonContract", (form) => form.getByLabel("Motifs").fill("Essai."));

/** The legal entity that runs a site of the first page of the registry. */
async function entityOf(page, site) {
  await page.goto(`${portal}/etablissements`);
  const cells = await page.locator("tbody tr").filter({ hasText: site }).first().locator("td").allInnerTexts();
  return cells[2].trim().match(/[0-9A-Z]{9}(?=\)?$)/)[0];
}

export const councils = {
  "who acts for two councils says which of them speaks of an objective": async () => {
    const manager = await signIn(MANAGER);
    const contract = await negotiated(manager, await someSite(manager), "00\n13");
    const versions = `${contract}/versions`;

    const page = await signIn(BOTH);
    await page.goto(versions);
    const form = await unfold(page, "RecordPosition");
    await form.getByLabel("Objectif", { exact: true }).selectOption({ index: 1 });
    await form.getByLabel("accepte sous réserve").check();
    await form.getByLabel("Ce qu’il faudrait changer").fill("Ouvrir la nuit. " + HOSTILE);
    await form.getByRole("button").last().click();
    await page.getByText("dites lequel prend position").waitFor();
    const typed = await form.getByLabel("Ce qu’il faudrait changer").inputValue();
    check(typed.includes("Ouvrir la nuit"), `nothing is lost: ${typed}`);
    await form.getByLabel("Conseil départemental qui parle").selectOption({ label: "conseil départemental 13" });
    await form.getByRole("button").last().click();
    await page.waitForURL("**fait=RecordPosition");
    await act(page, versions, "RecordPosition", async (again) => {
      await again.getByLabel("Objectif", { exact: true }).selectOption({ index: 1 });
      await again.getByLabel("accepte", { exact: true }).check();
      await again.getByLabel("Conseil départemental qui parle").selectOption({ label: "conseil départemental 00" });
    });
    const heads = await page.getByRole("columnheader").allInnerTexts();
    const place = (code) => heads.findIndex((head) => head.includes(`Conseil départemental ${code}`));
    check(place("00") > 0 && place("13") > 0, `each council has its column: ${heads.join(", ")}`);
    const row = page.locator("tbody tr").first();
    const said = (await row.locator("th, td").allInnerTexts()).map((cell) => cell.replaceAll(/\s+/g, " "));
    check(said[place("13")].includes("accepte sous réserve"), `what 13 says: ${said[place("13")]}`);
    check(said[place("13")].includes("Ouvrir la nuit"), "and why");
    check(said[place("00")].startsWith("accepte") && !said[place("00")].includes("réserve"), `what 00 says: ${said[place("00")]}`);
    check((await page.locator("main img").count()) === 0, "text stays text");
    await examine(page, "positions-conseils");
    const sheet = (await fetched(page, `${new URL(versions).pathname}?format=csv`)).body.toString("utf8");
    check(sheet.includes("Conseil départemental 13"), "the positions as a CSV");

    // Who acts for one of them has nothing to choose.
    const president = await signIn(PRESIDENT);
    await president.goto(versions);
    const own = await unfold(president, "RecordPosition");
    check((await own.getByLabel("Conseil départemental qui parle").count()) === 0, "one council speaks for itself");
    await abandon(manager, contract);
  },

  "the president of a council sets aside a computed modulation of dependence": async () => {
    const manager = await signIn(MANAGER);
    const establishment = await occupied(manager);
    const site = establishment.split("/").pop();
    const entity = await entityOf(manager, site);
    const modulation = `${portal}${establishment}/tarifs/modulation?${AMOUNTS}`;

    const page = await signIn(PRESIDENT);
    await until(page, modulation, "#WaiveModulation", false, "a council decides of what it signs, and of nothing else");
    const contract = await negotiated(manager, { site, entity }, "00");
    await until(page, modulation, "#WaiveModulation", true, "the council sees the establishment");
    check((await text(page)).includes("Rien n’est automatique"), "it says so before anything else");
    const form = await unfold(page, "WaiveModulation");
    const first = form.locator("textarea, select, input:not([type=hidden])").first();
    check((await first.getAttribute("name")) === "reasons", "reasons come first");
    await form.getByLabel("Motifs").fill("Une épidémie au printemps " + HOSTILE);
    await form.getByLabel("Situation exceptionnelle").selectOption({ label: "épidémie" });
    await form.getByLabel("Part à laquelle il est renoncé").fill("150");
    await form.getByLabel("Décision tarifaire").fill("Arrêté départemental 2025-4");
    await form.getByRole("button").last().click();
    await page.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await form.getByLabel("Motifs").inputValue()).includes("Une épidémie"), "nothing is lost");
    await form.getByLabel("Part à laquelle il est renoncé").fill("100");
    await form.getByRole("button").last().click();
    await page.waitForURL("**fait=WaiveModulation");
    const told = await text(page);
    check(told.includes("Arrêté départemental 2025-4") && told.includes("épidémie"), "the decision is listed, with its situation");
    check(told.includes("président de conseil départemental"), "and who decided");
    check((await page.locator("main img").count()) === 0, "text stays text");
    await examine(page, "modulation-dependance");
    await manager.goto(modulation);
    check((await text(manager)).includes("Une épidémie au printemps"), "the agency reads why");
    await abandon(manager, contract);
  },
};
