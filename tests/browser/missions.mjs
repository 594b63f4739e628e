// What controllers do on documents and on site: a mission with its files, remarks and report.

import { createHash } from "node:crypto";

import { CONTROLLER, DIRECTOR, MANAGER, REVIEWER, check, examine, fetched, portal, signIn, text, unfold } from "./journey.mjs";

/** Breaks out of an attribute and of an element, and would show. */
const HOSTILE = `"><img src=x onerror="document.title='pwned'"><b>gras</b>`;

/** Today in Paris, and some days before or after, as a date field wants it. */
const day = (away) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" }).format(new Date(Date.now() + away * 86_400_000));

/** Does an act of the page that is shown, and waits for its outcome. */
async function act(page, method, fill) {
  const form = await unfold(page, method);
  await fill(form);
  await form.getByRole("button").last().click();
  await page.waitForURL(`**fait=${method}`);
}

export const missions = {
  "controllers carry out a mission": async () => {
    const page = await signIn(CONTROLLER);
    await page.goto(`${portal}/campagnes`);
    await page.locator("tbody a").first().click();
    await page.waitForURL("**/campagnes/*");
    // A contract that this campaign measures.
    const contract = await page.locator(`section[aria-labelledby="controles"] tbody a`).first().innerText();
    const [year] = (await page.locator("h1").innerText()).match(/\d{4}/);
    await page.getByRole("link", { name: "Les missions sur pièces et sur place" }).click();
    await page.waitForURL("**/missions?campagne=*");
    await act(page, "CreateProgramme", async (form) => {
      await form.getByLabel("Région").selectOption("00");
      await form.getByLabel("Année").fill("2026");
      await form.getByLabel("Intitulé").fill("Sécurité des soins " + HOSTILE);
      await form.getByLabel("Priorités").fill("Les contrats en écart deux ans de suite.");
    });
    check((await page.locator("main img").count()) === 0, "text stays text");

    const form = await unfold(page, "CreateMission");
    await form.getByLabel("Contrat", { exact: false }).first().fill("inconnu");
    const campaign = await form.locator("option", { hasText: `campagne ${year}` }).first().getAttribute("value");
    await form.getByLabel("Campagne").selectOption(campaign);
    await form.getByLabel("sur place").check();
    await form.getByLabel("Référence").fill("LM-2026-7");
    await form.getByLabel("Date de la lettre").fill(day(-2));
    await form.getByLabel("Qui l’a signée").fill("Hélène Marchand, directrice générale");
    await form.getByLabel("Premier jour").fill(day(-1));
    await form.getByLabel("Dernier jour").fill(day(3));
    await form.getByRole("button").last().click();
    await page.getByText("ne porte ce numéro").waitFor();
    check((await form.getByLabel("Référence").inputValue()) === "LM-2026-7", "nothing is lost");
    await form.getByLabel("Contrat", { exact: false }).first().fill(contract);
    await form.getByRole("button").last().click();
    await page.waitForURL("**fait=CreateMission");
    const mission = new URL(page.url()).pathname;

    const bytes = Buffer.from("Relevé des présences\nmardi : 12\n");
    await act(page, "UploadEvidence", async (form) => {
      await form.getByLabel("Ce qu’elle montre").fill("Présences " + HOSTILE);
      await form.getByLabel("Fichier").setInputFiles({ name: "présences.txt", mimeType: "text/plain", buffer: bytes });
    });
    check((await page.locator("main img").count()) === 0, "text stays text");
    const piece = await page.getByRole("link", { name: "présences.txt" }).getAttribute("href");
    const kept = (await fetched(page, piece)).body;
    check(kept.equals(bytes), "the file comes back byte for byte");
    check((await text(page)).includes(createHash("sha256").update(bytes).digest("hex").slice(0, 16)), "under its hash");
    const refused = await unfold(page, "UploadEvidence");
    await refused.getByLabel("Ce qu’elle montre").fill("Un programme");
    await refused.getByLabel("Fichier").setInputFiles({ name: "outil.exe", mimeType: "application/x-msdownload", buffer: bytes });
    await refused.getByRole("button").last().click();
    await page.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await refused.getByLabel("Ce qu’elle montre").inputValue()) === "Un programme", "nothing is lost");
    check((await text(page)).includes("À choisir de nouveau : outil.exe"), "which file is not kept");

    await act(page, "RecordRemark", async (form) => {
      await form.getByLabel("écart", { exact: true }).check();
      await form.getByLabel("Ce que vous avez vu").fill("Le registre n’est pas tenu " + HOSTILE);
      await form.getByLabel("Texte ou clause").fill("CSP, article R6111-9");
      await form.getByLabel("Gravité").selectOption({ label: "majeur" });
      await form.locator("input[name=evidence]").check();
    });
    check((await text(page)).includes("CSP, article R6111-9"), "what it departs from");
    await examine(page, "mission");
    await act(page, "ReportMission", (form) => form.getByLabel("Conclusions").fill("Un écart, à discuter."));
    await page.getByRole("link", { name: "ouvrir le constat" }).click();
    await page.waitForURL("**/constats/*");
    await act(page, "CorrectFinding", async (form) => {
      await form.getByLabel("Gravité").selectOption({ label: "mineur" });
      await form.getByLabel("Motifs").fill("La clause n’oblige que depuis mars " + HOSTILE);
    });
    check((await text(page)).includes("La clause n’oblige que depuis mars"), "why it was corrected");
    check((await page.locator("main img").count()) === 0, "a reason stays text");
    await examine(page, "constat-corrige");

    await page.goto(portal + mission);
    const over = page.locator(".cpom-refused").getByText("La mission est terminée");
    check((await over.count()) === 4, "nothing is added any more, and it is said why");

    const reviewer = await signIn(REVIEWER);
    await reviewer.goto(`${portal}/missions`);
    check((await text(reviewer)).includes("rapport rendu"), "it is over");
    await examine(reviewer, "missions");
    const sheet = (await fetched(reviewer, "/missions?format=csv&tableau=missions")).body.toString("utf8");
    check(sheet.startsWith("\ufeffLettre;") && sheet.includes("LM-2026-7"), "missions as a CSV");

    const manager = await signIn(MANAGER);
    const answer = await manager.goto(portal + mission);
    check(answer.status() === 403, `a mission for whoever may not read it: ${answer.status()}`);
    await manager.goto(`${portal}/missions`);
    check((await text(manager)).includes("Réservé aux contrôleurs"), "programmes only");
    const director = await signIn(DIRECTOR);
    await director.goto(`${portal}/missions`);
    check((await text(director)).includes("Accès réservé"), "missions are the agency’s");
  },
};
