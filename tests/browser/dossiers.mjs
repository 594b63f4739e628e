// What hangs on a contract: positions, amendments, deadlines; and the proof of what was recorded.

import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { AUDITOR, DIRECTOR, MANAGER, RESPONSIBLE, check, examine, fetched, portal, row, signIn, text, unfold, visit } from "./journey.mjs";

/** Breaks out of an attribute and of an element, and would show. */
const HOSTILE = `"><img src=x onerror="document.title='pwned'"></textarea><h1>pwned</h1>{{ 7*7 }}`;

/** A contract in force of a legal entity whose director can be chosen: its address, and the director. */
export async function contractOfDirector(page, skipped = 0) {
  const guest = await visit();
  await guest.goto(`${portal}/connexion`);
  const names = await guest.getByRole("button", { name: DIRECTOR }).allInnerTexts();
  for (const name of names) {
    const entity = name.match(/entité (\w+)/)[1];
    await page.goto(`${portal}/contrats?etat=en-vigueur&entite=${entity}`);
    const links = page.locator("tbody a");
    if ((await links.count()) > 0 && skipped-- === 0) {
      return { contract: portal + (await links.first().getAttribute("href")), director: `${DIRECTOR} ${entity}` };
    }
  }
  throw new Error("no contract in force of a director who can be chosen");
}

/** Does an act of a page and waits for its outcome. */
async function act(page, address, method, fill = async () => {}) {
  await page.goto(address);
  const form = await unfold(page, method);
  await fill(form);
  // The first sends; others add a row.
  await form.getByRole("button").first().click();
  await page.waitForURL(`**fait=${method}`);
}

export const dossiers = {
  "both sides say what they think of a text": async () => {
    const page = await signIn(MANAGER);
    await page.goto(`${portal}/contrats?etat=negociation`);
    await page.locator("tbody a").first().click();
    await page.waitForURL("**/contrats/*");
    await page.getByRole("link", { name: "négociation et versions" }).click();
    await page.waitForURL("**/versions");
    const form = await unfold(page, "RecordPosition");
    await form.getByLabel("Objectif").selectOption({ index: 1 });
    await form.getByLabel("accepte sous réserve").check();
    await form.getByLabel("Ce qu’il faudrait changer").fill(HOSTILE);
    await form.getByRole("button").click();
    await page.waitForURL("**fait=RecordPosition");
    check((await text(page)).includes("onerror"), "text stays text");
    check((await page.locator("main img").count()) === 0, "no element was made of it");
    await examine(page, "negociation");
  },

  "an amendment is negotiated, read and frozen": async () => {
    const manager = await signIn(MANAGER);
    const { contract, director } = await contractOfDirector(manager);
    await manager.goto(contract);
    await manager.getByRole("link", { name: "Proposer un avenant" }).click();
    await manager.waitForURL("**/avenants/nouveau");
    await examine(manager, "avenant-nouveau");
    await manager.getByLabel("Intitulé", { exact: true }).fill("Équipe mobile <i>gériatrique</i>");
    await manager.getByLabel("Pourquoi").selectOption({ label: "Financement" });
    await manager.getByLabel("Premier jour d’effet").fill("2027-01-01");
    await manager.getByLabel("Moyens ajoutés").fill("F-MOBILE | FIR | 2027 | 120 000,50 | Équipe mobile | sur bilan");
    // Another row is asked for; what was typed stays, and nothing is proposed yet.
    await row(manager, "Engagement 1").getByLabel("Code").first().fill("E-MOBILE");
    await manager.getByRole("button", { name: "Ajouter : engagement" }).click();
    await row(manager, "Engagement 2").waitFor();
    check((await manager.getByLabel("Moyens ajoutés").inputValue()).includes("120 000,50"), "a row more loses nothing");
    const commitment = row(manager, "Engagement 1");
    check((await commitment.getByLabel("Code").first().inputValue()) === "E-MOBILE", "nor what rows hold");
    await commitment.getByLabel("Qui s’engage").selectOption({ label: "l’établissement" });
    await commitment.getByLabel("Engagement pris").fill("Ouvrir l’équipe mobile.\nEn deux temps.");
    await commitment.getByLabel("Échéancier").fill("au printemps | Recruter");
    await row(manager, "Article 1").getByLabel("Code").fill("ART-MOBILE");
    await row(manager, "Article 1").getByLabel("Intitulé de l’article").fill("Équipe <img src=x> mobile");
    await row(manager, "Article 1").getByLabel("Texte").fill("Elle intervient\ndans tout le territoire.");
    await manager.getByRole("button", { name: "Proposer l’avenant" }).click();
    await manager.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await row(manager, "Article 1").getByLabel("Texte").inputValue()).includes("dans tout"), "nothing is lost");
    await row(manager, "Engagement 1").getByLabel("Échéancier").fill("2027-06-30 | Recruter");
    await manager.getByRole("button", { name: "Proposer l’avenant" }).click();
    await manager.waitForURL("**fait=ProposeAmendment");
    check((await manager.locator("main img").count()) === 0, "no element was made of an article");
    const amendment = manager.url().split("?")[0];
    check((await text(manager)).includes("120 000,5"), "the money it brings");
    check((await text(manager)).includes("Équipe mobile <i>gériatrique</i>"), "text stays text");
    await examine(manager, "avenant-propose");

    const page = await signIn(director);
    await page.goto(amendment);
    await examine(page, "avenant-direction");
    await act(page, amendment, "OpenAmendmentNegotiation");
    await act(page, amendment, "ReviseAmendment", async (form) => {
      const objective = row(form, "Objectif 1");
      await objective.getByLabel("Code").fill("O-MOBILE");
      await objective.getByLabel("Axe").fill("A");
      await objective.getByLabel("Intitulé de l’objectif").fill("Gériatrie de liaison");
      await objective.getByLabel("Description").fill("Deux équipes");
    });
    check((await text(page)).includes("Gériatrie de liaison"), "what the director adds");
    check((await text(page)).includes("Ouvrir l’équipe mobile"), "commitments stay");
    check((await text(page)).includes("120 000,5"), "and what stood stays");
    await act(page, amendment, "AgreeToAmendment");
    await act(manager, amendment, "AgreeToAmendment");
    await act(manager, amendment, "AcknowledgeImpact");
    await act(manager, amendment, "FreezeAmendment");
    check((await text(manager)).includes("prêt à signer"), "it waits for its signatures");
    const document = await fetched(manager, new URL(amendment).pathname + "/document");
    check(JSON.parse(document.body.toString("utf8")), "the bytes that are signed");
    const pdf = await fetched(manager, new URL(amendment).pathname + "/avenant.pdf");
    check(pdf.body.subarray(0, 8).toString() === "%PDF-1.7", "the amendment as a PDF");
    await examine(manager, "avenant-fige");
    await manager.goto(contract);
    await examine(manager, "contrat-avenant");
    await manager.goto(`${contract}/consolide?au=2024-06-01`);
    check((await text(manager)).includes("sans avenant en vigueur"), "the text of that day");
    const named = await manager.locator("main a[href^='/etablissements/']").first().innerText();
    check(/\S+ \(\w{9}\)$/.test(named), `sites by their names: ${named}`);
    for (const file of ["contrat.pdf", "consolide.pdf?au=2024-06-01"]) {
      const set = await fetched(manager, `${new URL(contract).pathname}/${file}`);
      check(set.body.subarray(0, 8).toString() === "%PDF-1.7", `${file} is a PDF`);
    }
    await examine(manager, "consolide");
    const guest = await signIn(await otherDirector(director));
    const hidden = await guest.goto(amendment);
    check(hidden.status() === 404, `another establishment's amendment: ${hidden.status()}`);
    const elsewhere = await guest.goto(`${contract}/consolide`);
    check(elsewhere.status() === 404, `another establishment's contract: ${elsewhere.status()}`);
  },

  "what is due is listed and goes into a calendar": async () => {
    const page = await signIn(MANAGER);
    await page.goto(`${portal}/echeances`);
    await examine(page, "echeances-miennes");
    await page.goto(`${portal}/echeances?pour=tous`);
    const lines = await page.locator("tbody tr").count();
    check(lines > 0, "deadlines");
    const folded = page.locator("tbody details").first();
    await folded.locator("summary").click();
    check((await folded.getByRole("link").count()) > 1, "what several contracts owe on one day is one line, with each of them");
    await examine(page, "echeances");
    const sheet = (await fetched(page, "/echeances?pour=tous&format=csv")).body.toString("utf8");
    check(sheet.startsWith("\ufeffJour;") && sheet.trim().split("\r\n").length > lines + 1, "a file has them one by one");
    const calendar = (await fetched(page, "/echeances/calendrier?pour=tous")).body.toString("utf8");
    check(calendar.startsWith("BEGIN:VCALENDAR") && calendar.includes("BEGIN:VEVENT"), "an iCalendar file");
  },

  "an auditor takes away a proof and checks it alone": async () => {
    const page = await signIn(AUDITOR);
    await page.goto(`${portal}/historique?service=contrats`);
    await page.getByRole("link", { name: "Prouver ce fait" }).first().click();
    await page.waitForURL("**/preuve");
    check((await text(page)).includes("preuve conforme"), await text(page));
    await examine(page, "preuve");
    const here = new URL(page.url()).pathname;
    const proof = (await fetched(page, `${here}/preuve`)).body;
    const bytes = (await fetched(page, `${here}/octets`)).body;
    check(Buffer.from(JSON.parse(proof.toString("utf8")).event, "base64").equals(bytes), "the same bytes");
    const verifier = (await fetched(page, "/historique/verifier.py")).body;
    const folder = await mkdtemp(path.join(tmpdir(), "cpom-proof-"));
    await writeFile(path.join(folder, "verifier.py"), verifier);
    await writeFile(path.join(folder, "preuve.json"), proof);
    const answer = spawnSync("python3", ["verifier.py", "preuve.json"], { cwd: folder, encoding: "utf8" });
    await rm(folder, { recursive: true });
    check(answer.status === 0 && answer.stdout.includes("conforme"), `${answer.status} ${answer.stdout} ${answer.stderr}`);
    const stranger = await signIn(MANAGER);
    const refused = await stranger.goto(portal + here);
    check([403, 404].includes(refused.status()), `a proof for whoever may not read it: ${refused.status()}`);
  },

  "an auditor orders an export and downloads it": async () => {
    const page = await signIn(AUDITOR);
    await page.goto(`${portal}/historique`);
    await page.getByRole("link", { name: "Exports enregistrés" }).click();
    await page.waitForURL("**/historique/exports");
    await examine(page, "exports-vides");
    let form = await unfold(page, "CreateSavedExport");
    await form.getByLabel("Dossier").fill(HOSTILE.slice(0, 90));
    await form.getByRole("button").click();
    await page.waitForURL("**fait=CreateSavedExport");
    check((await page.locator("main img").count()) === 0, "no element was made of it");
    await page.goto(`${portal}/historique/exports`);
    form = await unfold(page, "CreateSavedExport");
    await form.getByLabel("Registre").selectOption("contrats");
    await form.getByLabel("Région").selectOption({ index: 1 });
    await form.getByLabel("Du", { exact: true }).fill("2020-01-01");
    await form.getByLabel("Type de fait").fill("Contract");
    await form.getByRole("button").click();
    await page.waitForURL("**fait=CreateSavedExport");
    const file = page.getByRole("row", { name: /à partir du.*faits de type/ }).getByRole("link", { name: "Télécharger" }).first();
    for (let wait = 0; (await file.count()) === 0; wait += 1) {
      check(wait < 40, "the export is made");
      await page.waitForTimeout(500);
      await page.goto(`${portal}/historique/exports`);
    }
    await examine(page, "exports");
    const href = await file.getAttribute("href");
    const lines = (await fetched(page, href)).body.toString("utf8").trimEnd().split("\n");
    check(lines.length > 1 && lines.every((line) => JSON.parse(line).event.type.includes("Contract")), "one event a line, of that type");
    const stranger = await signIn(MANAGER);
    const refused = await stranger.goto(portal + href);
    check([403, 404].includes(refused.status()), `an export of somebody else: ${refused.status()}`);
  },

  "nothing that is typed becomes markup": async () => {
    const page = await signIn(MANAGER);
    const { contract } = await contractOfDirector(page);
    const forms = [`${portal}/contrats/nouveau`, `${contract}/avenants/nouveau`];
    for (const address of forms) {
      await page.goto(address);
      for (const field of await page.locator("main form input[type=text], main form textarea").all()) await field.fill(HOSTILE);
      for (const field of await page.locator("main form input[type=date]").all()) await field.fill("2030-01-01");
      for (const field of await page.locator("main form select").all()) await field.selectOption({ index: 1 });
      await page.locator("main form button[type=submit]").first().click();
      await page.waitForLoadState("load");
      check((await page.locator("main img").count()) === 0, `${address}: an element was made`);
      check((await page.locator("h1").count()) === 1, `${address}: a title was made`);
      check(!(await page.title()).includes("pwned"), `${address}: a script ran`);
      check((await page.locator("main textarea").first().inputValue()).includes("onerror"), `${address}: what was typed is kept`);
    }
    for (const query of ["/contrats?q=", "/echeances?avant=", "/historique?auteur=", "/etablissements?q=", "/territoires/flux?activite="]) {
      await page.goto(portal + query + encodeURIComponent(HOSTILE));
      check((await page.locator("main img").count()) === 0, `${query}: an element was made`);
    }
    const responsible = await signIn(RESPONSIBLE);
    await responsible.goto(`${portal}/historique?dossier=${encodeURIComponent(HOSTILE)}`);
    check((await responsible.locator("main img").count()) === 0, "the history");
  },
};

export async function otherDirector(director) {
  const guest = await visit();
  await guest.goto(`${portal}/connexion`);
  const names = await guest.getByRole("button", { name: DIRECTOR }).allInnerTexts();
  const entity = names.map((name) => name.match(/entité (\w+)/)[1]).find((one) => !director.endsWith(one));
  return `${DIRECTOR} ${entity}`;
}
