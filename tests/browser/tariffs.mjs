// What EHPAD are given: values of the point, targets, the equation, modulations set aside; and establishments side by side.

import { DIRECTOR, GENERAL, MANAGER, PRESIDENT, check, examine, fetched, portal, signIn, text, unfold } from "./journey.mjs";

/** Breaks out of an attribute and of an element, and would show. */
const HOSTILE = `"><img src=x onerror="document.title='pwned'"><b>gras</b>`;

/** What a modulation is computed from, where no allowance is on record. */
export const AMOUNTS = "tarif=2025&activite=2024&soins=1300000&resultat=1300000&dependance=400000";

/** Does an act of the page that is shown, and waits for its outcome. */
async function act(page, method, fill) {
  const form = await unfold(page, method);
  await fill(form);
  await form.getByRole("button").last().click();
  await page.waitForURL(`**fait=${method}`);
}

/** The path of an establishment whose days of 2024 are known. */
export async function occupied(page) {
  await page.goto(`${portal}/etablissements`);
  const numbers = (await page.locator("tbody tr td:first-child a").allInnerTexts()).slice(0, 12);
  for (const number of numbers) {
    await page.goto(`${portal}/etablissements/${number.trim()}/tarifs/modulation?${AMOUNTS}`);
    if ((await text(page)).includes("Rien n’en est appliqué")) return `/etablissements/${number.trim()}`;
  }
  throw new Error("no modulation of 2025 can be computed");
}

/** A home of the region whose accounts are known. */
async function accountable(page) {
  await page.goto(`${portal}/etablissements?q=EHPAD`);
  const numbers = (await page.locator("tbody tr td:first-child a").allInnerTexts()).slice(0, 12);
  for (const number of numbers) {
    const site = `/etablissements/${number.trim()}`;
    await page.goto(`${portal}${site}/finances`);
    if ((await text(page)).includes("errd.csv")) return site;
  }
  throw new Error("no accounts are known");
}

export const tariffs = {
  "a value of the point is recorded, and the equation computed step by step": async () => {
    const page = await signIn(MANAGER);
    await page.goto(`${portal}/territoires`);
    await page.getByRole("link", { name: "Tarifs des EHPAD" }).click();
    await page.waitForURL("**/territoires/tarifs");
    await act(page, "RecordPointValues", async (form) => {
      await form.getByLabel("Région").selectOption("00");
      await form.getByLabel("Département").fill("00");
      await form.getByLabel("Année", { exact: true }).fill("2025");
      await form.getByLabel("Option tarifaire").selectOption({ label: "tarif partiel" });
      await form.getByLabel("Pharmacie à usage intérieur").selectOption({ label: "sans" });
      await form.getByLabel("Valeur du point").fill("13,10");
      await form.getByLabel("Source").fill("Arrêté du 2 juin 2025 " + HOSTILE);
    });
    await act(page, "RecordHomeCareAmounts", async (form) => {
      await form.getByLabel("Région").selectOption("00");
      await form.getByLabel("Année", { exact: true }).fill("2025");
      await form.getByLabel("Montant par place").fill("4 000,50");
      await form.getByLabel("Forfaits hebdomadaires").fill("p1 | Soins <i>courants</i> | 95,20\nP2 | Soins renforcés | 210");
      await form.getByLabel("Source").fill("Arrêté du 2 juin 2025");
    });
    await page.goto(`${portal}/territoires/tarifs?region=00`);
    check((await text(page)).includes("13,1"), "the value on record");
    check((await text(page)).includes("Soins <i>courants</i>") && (await text(page)).includes("95,2"), "what care at home is paid");
    check((await page.locator("main img").count()) === 0, "text stays text");
    await examine(page, "valeurs-du-point");
    const sheet = (await fetched(page, "/territoires/tarifs?region=00&format=csv&tableau=points")).body.toString("utf8");
    check(sheet.startsWith("\ufeffDépartement;") && sheet.includes("13,1"), "values as a CSV");

    const equation = `${await occupied(page)}/tarifs/equation`;
    await page.goto(portal + equation);
    await page.getByLabel("Année", { exact: true }).fill("2025");
    await page.getByLabel("GMP validé").fill("737");
    await page.getByLabel("PMP validé").fill("231");
    await page.getByLabel("Option tarifaire").selectOption({ label: "tarif partiel" });
    await page.getByRole("button", { name: "Calculer" }).click();
    await page.waitForURL("**gmp=737**");
    check((await text(page)).includes("1 749 229,9"), "the result");
    check((await text(page)).includes("Proposition calculée"), "it says what it is");
    check((await text(page)).includes("R314-159"), "where the coefficient comes from");
    await examine(page, "equation");
    const trace = (await fetched(page, `${equation}?annee=2025&gmp=737&pmp=231&option=2&format=csv&tableau=equation`)).body;
    check(trace.toString("utf8").startsWith("\ufeffTerme;"), "the trace as a CSV");
    await page.goto(`${portal}${equation}?annee=2025&gmp=737&pmp=231&option=1`);
    check((await text(page)).includes("Le calcul n’est pas possible"), "no value for the other option");
    await page.goto(`${portal}${equation}?gmp=${encodeURIComponent(HOSTILE)}&pmp=1`);
    check((await page.locator("main img").count()) === 0, "what is typed in an address stays text");
  },

  "targets are set ahead and stand beside what was reached": async () => {
    const page = await signIn(MANAGER);
    const site = await occupied(page);
    await page.goto(portal + site);
    await page.getByRole("link", { name: "Tarifs et modulation" }).click();
    await page.waitForURL("**/tarifs");
    const target = await unfold(page, "RecordAllowanceTargets");
    await target.getByLabel("Année visée").fill("2026");
    await target.getByLabel("Source").fill("CPOM, annexe tarifaire " + HOSTILE);
    await target.getByRole("button").last().click();
    await page.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await target.getByLabel("Source").inputValue()).includes("annexe"), "nothing is lost");
    await act(page, "RecordAllowanceTargets", (form) => form.getByLabel("Convergence visée").fill("100"));
    await act(page, "RecordAllowances", async (form) => {
      await form.getByLabel("Année", { exact: true }).fill("2025");
      await form.getByLabel("Forfait soins").fill("1 248 000");
      await form.getByLabel("Résultat de l’équation").fill("1 300 000");
      await form.getByLabel("Forfait dépendance").fill("400 000");
      await form.getByLabel("Décision tarifaire").fill("Décision 2025-31");
    });
    check((await text(page)).includes("En 2025, le forfait soins est à 96 %"), await text(page));
    check((await text(page)).includes("La cible de 2026 est de 100 %"), "what is aimed at");
    check((await page.locator("main figure svg").count()) === 1, "aimed at and reached, by year");
    check((await page.locator("main img").count()) === 0, "text stays text");
    await examine(page, "tarifs");
    const sheet = (await fetched(page, `${site}/tarifs?format=csv&tableau=trajectoire`)).body.toString("utf8");
    check(sheet.startsWith("\ufeffAnnée;") && sheet.includes("1248000"), "years as a CSV");
    const book = await fetched(page, `${site}/tarifs?format=xlsx&tableau=trajectoire`);
    check(book.body.subarray(0, 2).toString() === "PK", "and as an XLSX");
  },

  "accounts are read year by year, with the files they come from": async () => {
    const page = await signIn(MANAGER);
    const site = await accountable(page);
    await page.goto(portal + site);
    await page.getByRole("link", { name: "Comptes et crédits" }).click();
    await page.waitForURL("**/finances");
    check((await text(page)).includes("Résultat net comptable de 2024"), "the page answers first");
    check((await text(page)).includes("Rien ne découle de ces chiffres"), "what the figures are not");
    check((await text(page)).includes("errd.csv"), "the file they come from");
    await examine(page, "finances");
    const sheet = (await fetched(page, `${site}/finances?format=csv&tableau=errd`)).body.toString("utf8");
    check(sheet.startsWith("\ufeffRubrique;En;2023;2024"), "figures by year as a CSV");
    const book = await fetched(page, `${site}/finances?format=xlsx&tableau=errd`);
    check(book.body.subarray(0, 2).toString() === "PK", "and as an XLSX");
    await page.getByLabel("Jusqu’à l’année").fill("2023");
    await page.getByRole("button", { name: "Afficher" }).click();
    await page.waitForURL("**jusqua=2023");
    check((await page.locator("th", { hasText: "2024" }).count()) === 0, "earlier years alone");
    await page.goto(`${portal}${site}/finances?jusqua=1990`);
    check((await text(page)).includes("Aucun compte n’est connu jusqu’à cette année"), "no account so early");
    const president = await signIn(PRESIDENT);
    const answer = await president.goto(`${portal}${site}/finances`);
    check(answer.status() === 403 || answer.status() === 404, `a council reads accounts of the sites it signs for: ${answer.status()}`);
  },

  "a modulation is computed, and its authority alone sets it aside": async () => {
    const manager = await signIn(MANAGER);
    const modulation = `${await occupied(manager)}/tarifs/modulation`;
    check((await manager.locator("#WaiveModulation").count()) === 0, "the agency’s staff decides nothing");
    await examine(manager, "modulation-calculee");

    const page = await signIn(GENERAL);
    await page.goto(portal + modulation);
    check((await text(page)).includes("Rien n’est automatique"), "it says so before anything else");
    check((await page.locator("#WaiveModulation").count()) === 0, "nothing is set aside of nothing");
    await page.goto(`${portal}${modulation}?${AMOUNTS}`);
    const form = await unfold(page, "WaiveModulation");
    const first = form.locator("textarea, select, input:not([type=hidden])").first();
    check((await first.getAttribute("name")) === "reasons", "reasons come first");
    check((await first.getAttribute("required")) !== null, "and cannot be left out");
    await form.getByLabel("Motifs").fill("Une aile fermée six mois " + HOSTILE);
    await form.getByLabel("Situation exceptionnelle").selectOption({ label: "travaux" });
    await form.getByLabel("Part à laquelle il est renoncé").fill("150");
    await form.getByLabel("Décision tarifaire").fill("Arrêté 2025-12");
    await form.getByRole("button").last().click();
    await page.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await form.getByLabel("Motifs").inputValue()).includes("Une aile"), "nothing is lost");
    await act(page, "WaiveModulation", (again) => again.getByLabel("Part à laquelle il est renoncé").fill("50"));
    check((await text(page)).includes("Arrêté 2025-12"), "the decision is listed");
    check((await text(page)).includes("travaux"), "with its situation");
    check((await page.locator("main img").count()) === 0, "text stays text");
    await examine(page, "modulation");

    await manager.goto(portal + modulation);
    check((await text(manager)).includes("Une aile fermée six mois"), "the agency reads why");
    const president = await signIn(PRESIDENT);
    await president.goto(`${portal}${modulation}?${AMOUNTS}`);
    check(!(await president.locator("body").innerText()).includes("Arrêté 2025-12"), "a council reads what it signs, and nothing else");
    await president.goto(`${portal}/territoires/tarifs?region=00`);
    check((await text(president)).includes("13,1"), "and the values of its own département");
  },

  "the clause of a contract is tried on what was realised": async () => {
    const page = await signIn(MANAGER);
    const site = await occupied(page);
    await page.goto(`${portal}${site}/tarifs`);
    await page.getByRole("link", { name: "Clause d’activité" }).click();
    await page.waitForURL("**/tarifs/clause");
    await page.getByLabel("Année d’activité").fill("2024");
    await page.getByLabel("Accueil, pour un taux d’occupation").selectOption({ label: "hébergement permanent" });
    await page.getByLabel("Cible", { exact: true }).fill("120");
    await page.getByLabel("Montant modulé").fill("100 000");
    await page.getByLabel("Où elle figure").fill("CPOM, article 12 " + HOSTILE);
    await page.getByRole("button", { name: "Calculer" }).click();
    await page.waitForURL("**cible=120**");
    check((await text(page)).includes("Le calcul n’est pas possible"), "a clause has a cap");
    check((await text(page)).includes("Plafond"), "which is named as on the page");
    await page.getByLabel("Plafond de la minoration").fill("5");
    await page.getByRole("button", { name: "Calculer" }).click();
    await page.waitForURL("**plafond=5**");
    check((await text(page)).includes("Proposition calculée : −5 000 €. Rien n’en est appliqué"), await text(page));
    check((await page.locator("main img").count()) === 0, "what is typed in an address stays text");
    await examine(page, "clause");
    const { pathname, search } = new URL(page.url());
    const trace = (await fetched(page, `${pathname}${search}&format=csv&tableau=clause`)).body.toString("utf8");
    check(trace.startsWith("\ufeffTerme;"), "the trace as a CSV");
  },

  "establishments of a category stand side by side, and nobody is ranked": async () => {
    const page = await signIn(MANAGER);
    await page.goto(portal + (await occupied(page)));
    await page.getByRole("link", { name: "Face à sa catégorie" }).click();
    await page.waitForURL("**/territoires/comparaison?**");
    await page.goto(`${portal}/territoires/comparaison?region=00&annee=2024`);
    check((await text(page)).includes("Une question, pas une note"), "what the comparison is not");
    check((await page.locator("main figure svg circle").count()) >= 10, "a dot for each establishment");
    check((await text(page)).includes("à poser"), "who is asked something");
    await examine(page, "comparaison-categorie");
    await page.getByLabel("Comparer sur").selectOption({ label: "un indicateur, par place financée" });
    await page.getByLabel("Indicateur", { exact: true }).selectOption("EHPAD_DAYS");
    await page.getByRole("button", { name: "Comparer" }).click();
    await page.waitForURL("**indicateur=EHPAD_DAYS**");
    check((await text(page)).includes("320"), "days for each place");
    const asked = "/territoires/comparaison?region=00&annee=2024&tableau=comparaison";
    const sheet = (await fetched(page, `${asked}&format=csv`)).body.toString("utf8");
    check(sheet.startsWith("\ufeffÉtablissement;"), "the comparison as a CSV");
    const book = await fetched(page, `${asked}&format=xlsx`);
    check(book.body.subarray(0, 2).toString() === "PK", "and as an XLSX");
    await page.goto(`${portal}/territoires/comparaison?region=00&categorie=${encodeURIComponent(HOSTILE)}`);
    check((await page.locator("main img").count()) === 0, "what is typed in an address stays text");
    const director = await signIn(DIRECTOR);
    await director.goto(`${portal}/territoires/comparaison`);
    check((await text(director)).includes("Accès réservé"), "establishments do not see one another");
  },
};
