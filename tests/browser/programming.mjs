// The programming of medico-social contracts, from its draft to its publication, by those who decide together.

import { DIRECTOR, GENERAL, MANAGER, check, examine, fetched, portal, signIn, text, unfold } from "./journey.mjs";

const PRESIDENT = "présidente du conseil départemental";
/** Breaks out of an attribute and of an element, and would show. */
const HOSTILE = `"><img src=x onerror="document.title='pwned'"><b>gras</b>`;

/** Sends the form of an act of the page that is shown. */
async function send(page, method, fill) {
  const form = await unfold(page, method);
  await fill(form);
  await form.getByRole("button").last().click();
}

/** Does an act, and waits for its outcome. */
async function act(page, method, fill) {
  await send(page, method, fill);
  await page.waitForURL(`**fait=${method}`);
}

/** An open site of the registry, and the legal entity that runs it. */
export async function someSite(page) {
  await page.goto(`${portal}/etablissements`);
  const row = page.locator("tbody tr").filter({ hasText: "ouvert" }).first();
  const cells = await row.locator("td").allInnerTexts();
  return { site: cells[0].trim(), entity: cells[2].trim().match(/[0-9A-Z]{9}(?=\)?$)/)[0] };
}

export const programming = {
  "a programming is drafted, approved by both authorities and published": async () => {
    const page = await signIn(MANAGER);
    const { site, entity } = await someSite(page);
    await page.goto(`${portal}/mandats`);
    await act(page, "RegisterMandate", async (form) => {
      await form.getByLabel("Région").selectOption("00");
      await form.getByLabel("Pour quelle partie").fill("departments/00");
      await form.getByLabel("Identifiant de la personne").fill("person:department-president");
      await form.getByLabel("Qualité").fill("Présidente du conseil départemental");
      await form.getByLabel("Acte").fill("Procès-verbal d’élection du 2 janvier 2026");
      await form.getByLabel("Publié le").fill("2026-01-02");
      await form.getByLabel("Du", { exact: true }).fill("2026-01-03");
    });

    await page.goto(`${portal}/contrats`);
    await page.getByRole("link", { name: "Programmation médico-sociale" }).click();
    await page.waitForURL("**/programmations");
    const first = new Date().getFullYear() + 1;
    const draft = async (form) => {
      await form.getByLabel("Région").selectOption("00");
      await form.getByLabel("EHPAD et petites unités de vie").check();
      await form.getByLabel("Conseils départementaux").fill("00");
      await form.getByLabel("Première année").fill(String(first));
      await form.getByLabel("Contrats à signer").fill(`${entity} | ${site} | ${first} | ${HOSTILE}`);
    };
    await act(page, "DraftProgramming", draft);
    const decision = page.url().split("?")[0];
    check((await page.locator("main img").count()) === 0, "text stays text");
    check((await page.getByText("Une approbation est attendue").count()) === 1, "nothing is published yet");
    check((await text(page)).includes(`31 décembre ${first - 1}`), "the day by which it is published");
    await examine(page, "programmation-projet");
    await act(page, "ReviseProgramming", (form) => form.getByLabel("Ce que cette version change").fill("Première version " + HOSTILE));
    check((await page.locator("main img").count()) === 0, "text stays text");
    await page.goto(`${portal}/programmations`);
    await send(page, "DraftProgramming", draft);
    await page.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await text(page)).includes("déjà en préparation"), "one draft of a series at a time");

    const director = await signIn(DIRECTOR);
    const hidden = await director.goto(decision);
    check(hidden.status() === 404, `a draft is no business of establishments: ${hidden.status()}`);
    const general = await signIn(GENERAL);
    const awaited = async (who) => {
      await who.goto(`${portal}/travail`);
      return who.locator(`.cpom-todo__item:has(h2) a[href="${new URL(decision).pathname}"]`).count();
    };
    check((await awaited(general)) === 1, "a draft waits for the agency");
    await general.goto(decision);
    await act(general, "ApproveProgramming", (form) => form.getByLabel("En quelle qualité").fill("Directrice générale"));
    check((await awaited(general)) === 0, "and for the council alone once the agency has approved");
    const president = await signIn(PRESIDENT);
    check((await awaited(president)) === 1, "a draft waits for the council");
    await president.goto(`${portal}/contrats`);
    await president.getByRole("link", { name: "Programmation médico-sociale" }).click();
    await president.waitForURL("**/programmations");
    await president.locator(`a[href="${new URL(decision).pathname}"]`).click();
    await president.waitForURL("**/programmations/*");
    await act(president, "ApproveProgramming", (form) => form.getByLabel("En quelle qualité").fill("Présidente du conseil"));
    await examine(president, "programmation-departement");

    await page.goto(decision);
    await act(page, "PublishProgramming", async (form) => {
      await form.getByLabel("Acte publié").fill("RAA 00-" + first);
      await form.getByLabel("Publié le").fill(new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Paris" }));
    });
    const said = await text(page);
    check(said.includes("en vigueur") && said.includes("publiée à temps"), said);
    await examine(page, "programmation");
    const here = new URL(decision).pathname;
    const sheet = (await fetched(page, `${here}?format=csv&tableau=contrats-programmes`)).body.toString("utf8");
    check(sheet.startsWith("\ufeffAnnée;") && sheet.includes(site), "its contracts as a CSV");
    const book = await fetched(page, `${here}?format=xlsx&tableau=approbations`);
    check(book.body.subarray(0, 2).toString() === "PK", "its approvals as a spreadsheet");
    await page.goto(`${portal}/programmations?region=00&nature=ehpad&etat=publiee&departement=00`);
    check((await page.locator("tbody tr").count()) === 1, "the decision among those of the département");
    await examine(page, "programmations");
    const shown = await director.goto(decision);
    check(shown.status() === 200, `a published decision is public: ${shown.status()}`);
  },
};
