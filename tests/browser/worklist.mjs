// What waits for somebody, on the page that says so: amendments with their annexes, evaluations and meetings; and the
// e-mails that remind of them.

import { contractOfDirector, otherDirector } from "./dossiers.mjs";
import { CONTROLLER, MANAGER, PRESIDENT, check, examine, fetched, portal, signIn, text, unfold } from "./journey.mjs";

/** The current day where the agency is, or some days later. */
const day = (later = 0) =>
  new Date(Date.now() + later * 86_400_000).toLocaleDateString("sv-SE", { timeZone: "Europe/Paris" });

const FILE = Buffer.from("Plan de financement\n");

/** Sends the form of an act. A field for a file has the role of a button too. */
const send = (form) => form.locator("button").first().click();

/** Does an act of a page and waits for its outcome. */
async function act(page, address, method, fill = async () => {}) {
  await page.goto(address);
  const form = await unfold(page, method);
  await fill(form);
  await send(form);
  await page.waitForURL(`**fait=${method}`);
}

/** A draft over the first site of a contract, long after it: its address. */
async function draftOver(page, contract) {
  await page.goto(contract);
  const lists = page.locator("#parties ~ div ul");
  const numbers = async (place) => (await lists.nth(place).innerText()).match(/(?<=FINESS )\w+/g);
  const [entities, [site]] = [await numbers(0), await numbers(1)];
  await page.goto(`${portal}/contrats/nouveau`);
  check((await text(page)).includes("Ses annexes se joignent ensuite"), "where annexes are brought");
  await page.getByLabel("Région").selectOption("00");
  await page.getByLabel("Intitulé", { exact: true }).fill("Projet annexé");
  await page.getByLabel("Entités juridiques").fill(entities.join("\n"));
  await page.getByLabel("Établissements couverts").fill(site);
  await page.getByLabel("Premier jour d’effet").fill("2041-01-01");
  await page.getByLabel("Dernier jour").fill("2045-12-31");
  await page.getByLabel("Objectifs stratégiques").fill("A | Gradation des soins | Urgences");
  await page.getByRole("button", { name: "Créer le projet" }).click();
  await page.waitForURL("**fait=CreateContract");
  return portal + new URL(page.url()).pathname;
}

/** How often something stands on the work list: as one's own, and as what others have to do. */
async function waiting(page, what) {
  await page.goto(`${portal}/travail`);
  const of = (level) => page.locator(`.cpom-todo__item:has(${level})`).filter(what(page));
  return { own: of("h2"), others: of("h3") };
}

async function waits(page, what, expected, why) {
  const { own, others } = await waiting(page, what);
  const found = [await own.count(), await others.count()];
  check(found.join() === (expected === "own" ? "1,0" : expected === "others" ? "0,1" : "0,0"), `${why}: ${found}`);
}

export const worklist = {
  "an amendment waits for who acts, and its annexes come with it": async () => {
    const manager = await signIn(MANAGER);
    const { contract, director } = await contractOfDirector(manager, 1);
    const title = "Plan de relance <b>annexé</b>";
    await act(manager, `${contract}/avenants/nouveau`, "ProposeAmendment", async (form) => {
      await form.getByLabel("Intitulé", { exact: true }).fill(title);
      await form.getByLabel("Pourquoi").selectOption({ label: "Révision à mi-parcours" });
      await form.getByLabel("Premier jour d’effet").fill(day(30));
    });
    const amendment = manager.url().split("?")[0];
    const it = () => ({ hasText: title });
    const holder = await signIn(director);
    await waits(holder, it, "own", "what the agency proposes waits for the establishment");
    check((await text(holder)).includes("dites si vous acceptez d’en discuter"), "and why");
    await examine(holder, "travail-avenant");
    await waits(manager, it, "others", "and for nobody at the agency");
    check((await text(manager)).includes("Qui agit : l’établissement"), "who acts is said");
    await examine(manager, "travail-autres");

    await act(holder, amendment, "OpenAmendmentNegotiation");
    await waits(manager, it, "own", "what is discussed waits for an agreement");
    await manager.goto(amendment);
    const form = await unfold(manager, "AddAnnex");
    const file = { name: "plan <b>.txt", mimeType: "text/plain", buffer: FILE };
    await form.getByLabel("Code de l’annexe").fill("A 1 <i>");
    await form.getByLabel("Intitulé de l’annexe").fill("Plan de financement <img src=x>");
    await form.getByLabel("Fichier de l’annexe").setInputFiles(file);
    await form.getByLabel("Communication au public").selectOption({ index: 2 });
    await send(form);
    await manager.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await form.getByLabel("Intitulé de l’annexe").inputValue()).startsWith("Plan de financement"), "nothing is lost");
    check((await text(manager)).includes("Déjà lue : plan <b>.txt"), "nor the file");
    await form.getByLabel("Code de l’annexe").fill("A1");
    await send(form);
    await manager.waitForURL("**fait=AddAnnex");
    await act(manager, amendment, "AddAnnex", async (again) => {
      await again.getByLabel("Code de l’annexe").fill("A2");
      await again.getByLabel("Intitulé de l’annexe").fill("Calendrier");
      await again.getByLabel("Texte de l’annexe").fill("Au printemps,\npuis à l’automne.");
    });
    check((await text(manager)).includes("Annexe A1 : Plan de financement <img src=x>"), "text stays text");
    check((await text(manager)).includes("puis à l’automne"), "an annex that is a text");
    check((await manager.locator("main img").count()) === 0, "no element was made of it");
    await examine(manager, "avenant-annexes");
    await act(manager, amendment, "RemoveAnnex", (again) => again.getByLabel("Annexe").selectOption({ label: "A2 — Calendrier" }));
    check(!(await text(manager)).includes("puis à l’automne"), "it is taken away");

    await holder.goto(amendment);
    const link = await holder.getByRole("link", { name: "plan <b>.txt" }).getAttribute("href");
    check((await fetched(holder, link)).body.equals(FILE), "its file, byte for byte");
    const stranger = await signIn(await otherDirector(director));
    check((await fetched(stranger, link)).status === 404, "another establishment reads nothing of it");
    await stranger.goto(`${portal}/travail`);
    check(!(await text(stranger)).includes(title), "nor that there is one");

    await act(holder, amendment, "AgreeToAmendment");
    await waits(holder, it, "others", "who has agreed waits for the other side");
    await act(manager, amendment, "AgreeToAmendment");
    await waits(manager, it, "own", "what both agree on waits to be frozen");
    check((await text(manager)).includes("conséquences restent à lire"), "and why");
    await act(manager, amendment, "WithdrawAmendment", (again) => again.getByLabel("Motifs").fill("Essai."));
    for (const page of [manager, holder]) await waits(page, it, "none", "what is given up waits for nobody");
  },

  "whoever drafts a contract brings its annexes, and the other side reads them": async () => {
    const manager = await signIn(MANAGER);
    const { contract: signed, director } = await contractOfDirector(manager, 1);
    const contract = await draftOver(manager, signed);
    const versions = `${contract}/versions`;
    await manager.goto(versions);
    const form = await unfold(manager, "AddAnnex");
    await form.getByLabel("Code de l’annexe").fill("A1");
    await form.getByLabel("Intitulé de l’annexe").fill("Plan <img src=x>");
    await send(form);
    await manager.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await text(manager)).includes("ou choisissez son fichier"), "and why");
    const again = manager.locator("#AddAnnex");
    check((await again.getByLabel("Intitulé de l’annexe").inputValue()) === "Plan <img src=x>", "nothing is lost");
    const file = { name: "plan <b>.txt", mimeType: "text/plain", buffer: FILE };
    await again.getByLabel("Fichier de l’annexe").setInputFiles(file);
    await again.getByLabel("Communication au public").selectOption({ index: 2 });
    // Another annex comes meanwhile: the page says so, and neither what was typed nor the file is lost.
    const other = await manager.context().newPage();
    await act(other, versions, "AddAnnex", async (meanwhile) => {
      await meanwhile.getByLabel("Code de l’annexe").fill("A0");
      await meanwhile.getByLabel("Intitulé de l’annexe").fill("Glossaire");
      await meanwhile.getByLabel("Texte de l’annexe").fill("Les mots du contrat.");
    });
    await other.close();
    await send(again);
    await manager.getByText("Le dossier a changé").waitFor();
    const stale = await text(manager);
    check(stale.includes("du texte proposée, par"), `what changed, and who did it: ${stale}`);
    check(stale.includes("Déjà lue : plan <b>.txt"), `the file is lost: ${stale}`);
    await examine(manager, "annexe-perimee");
    await send(again);
    await manager.waitForURL("**fait=AddAnnex");
    await act(manager, contract, "OpenNegotiation");

    const holder = await signIn(director);
    await holder.goto(contract);
    check((await text(holder)).includes("Annexe A1 : Plan <img src=x>"), "the contract tells its annexes");
    check((await holder.locator("main img").count()) === 0, "no element was made of it");
    const link = await holder.getByRole("link", { name: "plan <b>.txt" }).getAttribute("href");
    check((await fetched(holder, link)).body.equals(FILE), "its file, byte for byte");
    await act(holder, versions, "AddAnnex", async (other) => {
      await other.getByLabel("Code de l’annexe").fill("A2");
      await other.getByLabel("Intitulé de l’annexe").fill("Calendrier");
      await other.getByLabel("Texte de l’annexe").fill("Au printemps,\npuis à l’automne.");
      await other.getByLabel("Ce qui change").fill("Le calendrier que nous demandons.");
    });
    check((await text(holder)).includes("puis à l’automne"), "an annex that is a text");
    check((await holder.locator("article.fr-card").count()) === 4, "each act is a version");
    await examine(holder, "annexes-projet");
    const stranger = await signIn(await otherDirector(director));
    check((await fetched(stranger, link)).status === 404, "another establishment reads nothing of it");

    await act(manager, versions, "RemoveAnnex", (other) => other.getByLabel("Annexe").selectOption({ label: "A1 — Plan <img src=x>" }));
    check((await manager.locator("#annexes ~ div").innerText()).includes("Calendrier"), "the other annex stays");
    check((await fetched(manager, link)).body.equals(FILE), "the versions that named it still do");
    await examine(manager, "annexes-versions");
    await act(manager, contract, "AbandonContract", (other) => other.getByLabel("Motifs").fill("Essai."));
  },

  "a review waits for who acts, and the others are told who": async () => {
    const manager = await signIn(MANAGER);
    await manager.goto(`${portal}/travail`);
    const ofReviews = manager.locator(".cpom-todo__item:has(h3)").filter({ has: manager.locator('a[href^="/revues/"]') });
    const told = async (item) => (await item.innerText()).replaceAll(/\s+/g, " ");
    const open = ofReviews.filter({ hasText: "portés à la connaissance" }).first();
    check((await told(open)).includes("Qui agit : le contrôleur"), await told(open));
    const review = await open.getByRole("link").getAttribute("href");
    const at = (page) => ({ has: page.locator(`a[href="${review}"]`) });
    const controller = await signIn(CONTROLLER);
    await waits(controller, at, "own", "it waits for a controller");
    await act(controller, portal + review, "NotifyReview", (form) => form.getByLabel("Message").fill("Vos observations sont attendues."));
    await waits(controller, at, "none", "once it is notified, for no controller");
    const { others } = await waiting(manager, at);
    check((await told(others)).includes("Qui agit : l’établissement"), await told(others));
    await examine(manager, "travail-revues");
  },

  "evaluations and meetings wait for who reports, concludes and keeps the minutes": async () => {
    const manager = await signIn(MANAGER);
    const { contract, director } = await contractOfDirector(manager, 1);
    await act(manager, `${contract}/suivi`, "PlanEvaluation", async (form) => {
      await form.getByLabel("Évaluation annuelle").check();
      await form.getByLabel("Année évaluée").fill("2024");
      await form.getByLabel("À conclure pour le").fill(day(20));
    });
    const evaluation = await manager.getByRole("link", { name: "Évaluation annuelle 2024" }).last().getAttribute("href");
    await act(manager, `${contract}/suivi`, "PlanMeeting", async (form) => {
      await form.getByLabel("Comité de suivi").check();
      await form.getByLabel("Jour", { exact: true }).fill(day(10));
      await form.getByLabel("Ordre du jour").fill("Où en est le contrat <b>?</b>");
    });
    const meeting = await manager.getByRole("link", { name: "Comité de suivi" }).last().getAttribute("href");
    const at = (address) => (page) => ({ has: page.locator(`a[href="${address}"]`) });

    const holder = await signIn(director);
    await waits(holder, at(evaluation), "own", "a report waits for the establishment");
    await waits(holder, at(meeting), "others", "minutes are kept by the agency");
    await waits(manager, at(evaluation), "others", "a report is awaited");
    await waits(manager, at(meeting), "own", "a meeting is to be held");
    await act(holder, portal + evaluation, "SubmitEvaluationReport", (form) => form.getByLabel("Rapport de l’établissement").fill("Bilan de l’année."));
    await waits(holder, at(evaluation), "others", "what was reported waits for the agency");
    await waits(manager, at(evaluation), "own", "which concludes");
    await examine(manager, "travail-suivi");
    const { own } = await waiting(manager, at(evaluation));
    await own.getByRole("link").click();
    await manager.waitForURL(`**${evaluation}`);
  },

  "somebody chooses how to be reminded of what is due": async () => {
    const page = await signIn(MANAGER);
    await page.goto(`${portal}/echeances`);
    await page.getByRole("link", { name: "Rappels par courriel" }).click();
    await page.waitForURL("**/echeances/rappels");
    check((await text(page)).includes("30 jours avant, 7 jours avant, la veille et le lendemain"), await text(page));
    check((await text(page)).includes("chargé de contractualisation"), "of what, by function");
    await examine(page, "rappels");
    const form = page.locator("#UpdateNoticePreferences");
    await form.getByLabel("Adresse électronique").fill(`"><img src=x> n’est pas une adresse`);
    await form.getByLabel("un par jour au plus").check();
    await form.getByRole("button").last().click();
    await page.getByText("Ce n’est pas une adresse électronique").waitFor();
    check((await form.getByLabel("Adresse électronique").inputValue()).includes("n’est pas une"), "nothing is lost");
    check((await page.locator("main img").count()) === 0, "no element was made of it");
    await form.getByLabel("Adresse électronique").fill("camille.roux@ars.example");
    await form.getByRole("button").last().click();
    await page.waitForURL("**fait=UpdateNoticePreferences");
    check((await text(page)).includes("Un courriel par jour au plus, à camille.roux@ars.example"), "what was chosen");
    await page.reload();
    check(await page.locator("#UpdateNoticePreferences").getByLabel("un par jour au plus").isChecked(), "and is kept");
    const president = await signIn(PRESIDENT);
    await president.goto(`${portal}/echeances/rappels`);
    check((await text(president)).includes("des contrats que signe votre conseil"), "what a council is told of");
    check(!(await text(president)).includes("camille"), "one’s own choice, and nobody else’s");
  },

  "a director accepts to receive on the portal what is notified, and takes it back": async () => {
    const { director } = await contractOfDirector(await signIn(MANAGER));
    const page = await signIn(director);
    await page.goto(`${portal}/echeances/rappels`);
    check((await text(page)).includes("rien n’est réputé reçu sur le portail"), "nobody said anything yet");
    const give = await unfold(page, "GiveDeliveryConsent");
    await give.getByLabel("Adresse électronique").fill("n’est pas une adresse");
    await give.getByRole("button").last().click();
    await page.getByText("Ce n’est pas une adresse électronique").waitFor();
    await page.locator("#GiveDeliveryConsent").getByLabel("Adresse électronique").fill("direction@ch.example");
    await page.locator("#GiveDeliveryConsent").getByRole("button").last().click();
    await page.waitForURL("**fait=GiveDeliveryConsent");
    check((await text(page)).includes("avec un avertissement à direction@ch.example"), "what was accepted, and since when");
    await examine(page, "rappels-direction");
    await (await unfold(page, "WithdrawDeliveryConsent")).getByRole("button").last().click();
    await page.waitForURL("**fait=WithdrawDeliveryConsent");
    check((await page.locator("#WithdrawDeliveryConsent").count()) === 0, "there is nothing left to take back");
  },
};
