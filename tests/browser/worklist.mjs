// What waits for somebody, on the page that says so: amendments with their annexes, evaluations and meetings; and the
// e-mails that remind of them.

import { contractOfDirector, otherDirector } from "./dossiers.mjs";
import { MANAGER, PRESIDENT, check, examine, fetched, portal, signIn, text, unfold } from "./journey.mjs";

/** The current day where the agency is, or some days later. */
const day = (later = 0) =>
  new Date(Date.now() + later * 86_400_000).toLocaleDateString("sv-SE", { timeZone: "Europe/Paris" });

const FILE = Buffer.from("Plan de financement\n");

/** Does an act of a page and waits for its outcome. */
async function act(page, address, method, fill = async () => {}) {
  await page.goto(address);
  const form = await unfold(page, method);
  await fill(form);
  await form.getByRole("button").first().click();
  await page.waitForURL(`**fait=${method}`);
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
    await form.getByRole("button").first().click();
    await manager.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await form.getByLabel("Intitulé de l’annexe").inputValue()).startsWith("Plan de financement"), "nothing is lost");
    await form.getByLabel("Code de l’annexe").fill("A1");
    await form.getByLabel("Fichier de l’annexe").setInputFiles(file);
    await form.getByRole("button").first().click();
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
};
