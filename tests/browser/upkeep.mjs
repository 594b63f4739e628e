// What is kept beside contracts: follow-up, mandates, changes of the registry, tolerance policies.

import { AUDITOR, DIRECTOR, MANAGER, RESPONSIBLE, check, examine, fetched, portal, signIn, text, unfold, visit } from "./journey.mjs";

/** Breaks out of an attribute and of an element, and would show. */
const HOSTILE = `"><img src=x onerror="document.title='pwned'"><b>gras</b>`;

/** A contract in force of a legal entity whose director can be chosen: its path, and the director. */
async function contractOfDirector(page) {
  const guest = await visit();
  await guest.goto(`${portal}/connexion`);
  const names = await guest.getByRole("button", { name: DIRECTOR }).allInnerTexts();
  for (const name of names) {
    const entity = name.match(/entité (\w+)/)[1];
    await page.goto(`${portal}/contrats?etat=en-vigueur&entite=${entity}`);
    const links = page.locator("tbody a");
    if ((await links.count()) > 0) return { contract: await links.first().getAttribute("href"), director: `${DIRECTOR} ${entity}` };
  }
  throw new Error("no contract in force of a director who can be chosen");
}

/** Does an act of the page that is shown, and waits for its outcome. */
async function act(page, method, fill) {
  const form = await unfold(page, method);
  await fill(form);
  await form.getByRole("button").last().click();
  await page.waitForURL(`**fait=${method}`);
}

export const upkeep = {
  "an evaluation is planned, reported and concluded": async () => {
    const manager = await signIn(MANAGER);
    const { contract, director } = await contractOfDirector(manager);
    await manager.goto(portal + contract);
    await manager.getByRole("link", { name: "Suivi, évaluations et réunions" }).click();
    await manager.waitForURL("**/suivi");
    await act(manager, "PlanEvaluation", async (form) => {
      await form.getByLabel("Évaluation annuelle").check();
      await form.getByLabel("Année évaluée").fill("2025");
      await form.getByLabel("À conclure pour le").fill("2027-06-30");
    });
    await examine(manager, "suivi");
    const path = await manager.getByRole("link", { name: "Évaluation annuelle 2025" }).last().getAttribute("href");

    const holder = await signIn(director);
    await holder.goto(portal + path);
    await examine(holder, "evaluation-direction");
    await act(holder, "SubmitEvaluationReport", (form) => form.getByLabel("Rapport de l’établissement").fill(HOSTILE));
    check((await text(holder)).includes("onerror"), "text stays text");
    check((await holder.locator("main img").count()) === 0, "no element was made of it");

    await manager.goto(portal + path);
    const form = await unfold(manager, "ConcludeEvaluation");
    const lines = await form.getByLabel("Objectif par objectif").inputValue();
    await form.getByLabel("Conclusion").fill("Des progrès, à confirmer.");
    await form.getByRole("button").last().click();
    await manager.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await form.getByLabel("Conclusion").inputValue()) === "Des progrès, à confirmer.", "nothing is lost");
    await form.getByLabel("Objectif par objectif").fill(lines.replaceAll("| |", "| en partie |"));
    await form.getByRole("button").last().click();
    await manager.waitForURL("**fait=ConcludeEvaluation");
    check((await text(manager)).includes("atteint en partie"), "what is said of each objective");
    await examine(manager, "evaluation-conclue");
  },

  "a meeting has its minutes and what it decided": async () => {
    const page = await signIn(MANAGER);
    const { contract, director } = await contractOfDirector(page);
    await page.goto(`${portal}${contract}/suivi`);
    await act(page, "PlanMeeting", async (form) => {
      await form.getByLabel("Revue de contrat").check();
      await form.getByLabel("Jour", { exact: true }).fill("2026-11-20");
      await form.getByLabel("Ordre du jour").fill("Activité et projets " + HOSTILE);
    });
    const path = await page.getByRole("link", { name: "Revue de contrat" }).last().getAttribute("href");
    await page.goto(portal + path);
    await act(page, "RecordMinutes", async (form) => {
      await form.getByLabel("Compte rendu").fill("Les parties ont examiné l’activité.");
      await form.getByLabel("Présents").fill("Ada Martin, directrice\nBob Durand, agence");
      await form.getByLabel("Décisions").fill("Ouvrir l’unité | Direction | 2027-03-01\nRevoir la cible | Agence");
    });
    await act(page, "CompleteDecision", async (form) => {
      await form.getByLabel("Ouvrir l’unité").check();
      await form.getByLabel("Faite le").fill("2026-11-21");
    });
    check((await text(page)).includes("faite"), "a decision is done");
    await examine(page, "reunion");
    const sheet = (await fetched(page, `${path}?format=csv`)).body.toString("utf8");
    check(sheet.startsWith("\ufeffDécision;") && sheet.includes("21/11/2026"), "decisions as a CSV");
    const holder = await signIn(director);
    await holder.goto(portal + path);
    check((await text(holder)).includes("Ada Martin, directrice"), "the establishment reads the minutes");
  },

  "what a contract was given stands beside what it did": async () => {
    const page = await signIn(MANAGER);
    const { contract } = await contractOfDirector(page);
    await page.goto(portal + contract);
    await page.getByRole("link", { name: "Moyens versés et résultats" }).click();
    await page.waitForURL("**/moyens");
    await act(page, "RecordFundings", async (form) => {
      await form.getByLabel("Année").fill("2024");
      await form.getByLabel("Nature").selectOption({ label: "soins" });
      await form.getByLabel("Montant").fill("1 250 000,75");
      await form.getByLabel("Source").fill("Décision 2024-7 " + HOSTILE);
    });
    await page.goto(`${portal}${contract}/moyens?annee=2024`);
    check((await text(page)).includes("1 250 000,75"), "what was given");
    check((await page.locator("main img").count()) === 0, "text stays text");
    const allowance = await unfold(page, "RecordAllowances");
    await allowance.getByLabel("Établissement").selectOption({ index: 1 });
    await allowance.getByLabel("Année").fill("2024");
    await allowance.getByLabel("Forfait soins").fill("beaucoup");
    await allowance.getByLabel("Résultat de l’équation").fill("1 300 000");
    await allowance.getByLabel("Décision tarifaire").fill("Décision 2024-8 " + HOSTILE);
    await allowance.getByRole("button").last().click();
    await page.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await allowance.getByLabel("Résultat de l’équation").inputValue()) === "1 300 000", "nothing is lost");
    await act(page, "RecordAllowances", (form) => form.getByLabel("Forfait soins").fill("1 235 000,50"));
    check((await text(page)).includes("1 235 000,5"), "the allowance of the establishment");
    check((await page.locator("main img").count()) === 0, "text stays text");
    await examine(page, "moyens");
  },

  "a delegation is registered and ended": async () => {
    const page = await signIn(MANAGER);
    await page.goto(`${portal}/mandats`);
    await act(page, "RegisterMandate", async (form) => {
      await form.getByLabel("Région").selectOption("00");
      await form.getByLabel("Pour quelle partie").fill("ars");
      await form.getByLabel("Identifiant de la personne").fill("person:delegate");
      await form.getByLabel("Qualité").fill("Directrice déléguée " + HOSTILE);
      await form.getByLabel("Acte").fill("Arrêté du 2 janvier 2026, RAA 2026-041");
      await form.getByLabel("Publié le").fill("2026-01-02");
      await form.getByLabel("Du", { exact: true }).fill("2026-01-03");
    });
    check((await page.locator("main img").count()) === 0, "text stays text");
    await page.getByRole("link", { name: "mettre fin (person:delegate)" }).first().click();
    await examine(page, "mandats");
    await act(page, "EndMandate", async (form) => {
      await form.getByLabel("Dernier jour").fill("2027-12-31");
      await form.getByLabel("Motifs").fill("Changement d’affectation");
    });
    check((await text(page)).includes("31 décembre 2027"), "its last day");
    const auditor = await signIn(AUDITOR);
    await auditor.goto(`${portal}/mandats`);
    check((await auditor.locator("main form").count()) === 0, "an auditor reads");
    await examine(auditor, "mandats-auditeur");
  },

  "a change of the registry waits for somebody to say what was done": async () => {
    const page = await signIn(MANAGER);
    await page.goto(`${portal}/travail`);
    await page.getByRole("link", { name: "Changements à examiner" }).click();
    await page.waitForURL("**/taches");
    await examine(page, "taches");
    await page.goto(`${portal}/taches?closes=oui`);
    check((await page.locator("h1").innerText()) === "Changements à examiner", "closed ones too");
  },

  "what an auditor reads is on record": async () => {
    const page = await signIn(AUDITOR);
    await page.goto(`${portal}/historique`);
    await page.getByRole("link", { name: "Lectures des auditeurs" }).click();
    await page.waitForURL("**/lectures");
    check((await page.locator("tbody").innerText()).includes("l’historique"), "the reading of the history, in words");
    await examine(page, "lectures");
    const sheet = (await fetched(page, "/historique/lectures?format=csv")).body.toString("utf8");
    check(sheet.startsWith("\ufeffQuand;"), "readings as a CSV");
    const stranger = await signIn(MANAGER);
    await stranger.goto(`${portal}/historique/lectures`);
    check((await text(stranger)).includes("Accès réservé"), "they are the auditors’ and the director general’s");
  },

  "a tolerance policy is drafted, simulated on the past, and adopted by a manager": async () => {
    const page = await signIn(RESPONSIBLE);
    await page.goto(`${portal}/campagnes`);
    await page.getByRole("link", { name: "Politiques de tolérance" }).click();
    await page.waitForURL("**/tolerances");
    const measured = (await page.locator("tbody a").first().innerText()).match(/— (\d{4})/)[1];
    await examine(page, "tolerances");
    const form = await unfold(page, "CreateTolerancePolicy");
    await form.getByLabel("Région").selectOption("00");
    await form.getByLabel("Première année").fill("2031");
    await form.getByLabel("Dernière année").fill("2030");
    await form.getByLabel("Motifs").fill("Moins de bruit " + HOSTILE);
    await form.getByRole("button").last().click();
    await page.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await form.getByLabel("Motifs").inputValue()).startsWith("Moins de bruit"), "nothing is lost");
    await form.getByLabel("Première année").fill(measured);
    await form.getByLabel("Conforme jusqu’à, en %").fill("12,5");
    await form.getByLabel("Mineur jusqu’à, en %").fill("25");
    await form.getByLabel("Autres seuils").fill("chaises | 1 | 2 | 3");
    await form.getByRole("button").last().click();
    await page.getByText("n’est pas ce que compte un objectif").waitFor();
    await form.getByLabel("Autres seuils").fill("places, implantations | 0 | 2,5 | 0");
    await form.getByRole("button").last().click();
    await page.waitForURL("**fait=CreateTolerancePolicy");
    check((await text(page)).includes("jusqu’à 12,5 %"), "what it says");
    check((await text(page)).includes("places, implantations"), "its bands");
    check((await page.locator("#AdoptTolerancePolicy").count()) === 0, "nobody adopts what was not simulated");
    const why = page.locator(".cpom-refused").getByText("n’a pas été essayée sur le passé");
    check((await why.count()) === 1, "and it is said why");
    await examine(page, "tolerance-projet");
    await act(page, "SimulateTolerancePolicy", (act) => act.getByLabel("Années").fill(measured));
    check((await text(page)).includes("Sur les années déjà mesurées"), "what it would have changed");
    await examine(page, "tolerance-simulee");
    const adopt = await unfold(page, "AdoptTolerancePolicy");
    check((await adopt.getByLabel("Remplace").locator("option").count()) > 1, "what it may replace");
    const director = await signIn(DIRECTOR);
    await director.goto(page.url());
    await page.getByRole("link", { name: "Préparer une autre politique" }).click();
    await page.waitForURL("**modele=**");
    const again = await page.locator("#CreateTolerancePolicy").getByLabel("Autres seuils").inputValue();
    check(again === "places, implantations | 0 | 2,5 | 0", `another one starts from it: ${again}`);
    check((await director.getByText("Adopter cette politique").count()) === 0, "an establishment adopts nothing");
  },
};
