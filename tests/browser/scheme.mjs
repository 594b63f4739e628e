// What a region sets out to do with its medico-social offer: scheme, calls, credits, cooperations, waiting lists.

import { DIRECTOR, GENERAL, MANAGER, RESPONSIBLE, check, examine, fetched, portal, signIn, text, unfold } from "./journey.mjs";

/** Breaks out of an attribute and of an element, and would show. */
const HOSTILE = `"><img src=x onerror="document.title='pwned'"><b>gras</b>`;

/** Does an act of the page that is shown, and waits for its outcome. */
async function act(page, method, fill) {
  const form = await unfold(page, method);
  await fill(form);
  await form.getByRole("button").last().click();
  await page.waitForURL(`**fait=${method}`);
}

/** Two FINESS numbers of the registry. */
async function sites(page) {
  await page.goto(`${portal}/etablissements`);
  return (await page.locator("tbody tr td:first-child a").allInnerTexts()).slice(0, 2);
}

export const scheme = {
  "the director general adopts the scheme, and everybody reads what answers it": async () => {
    const page = await signIn(GENERAL);
    await page.goto(`${portal}/territoires/schema?region=00`);
    check((await text(page)).includes("Aucun schéma adopté"), "a draft is not in effect");
    await page.getByRole("link", { name: "Schéma régional de démonstration" }).click();
    await page.waitForURL("**/schema/*");
    check((await text(page)).includes("Vivre chez soi"), "the axes by their titles");
    await examine(page, "schema");
    await act(page, "AdoptScheme", (form) => form.getByLabel("Arrêté").fill("Arrêté 2026-12 " + HOSTILE));
    check((await page.locator("main img").count()) === 0, "text stays text");
    await page.goto(`${portal}/territoires/schema?region=00`);
    check((await text(page)).includes("sans aucun contrat"), "what no contract answers");
    await page.getByRole("link", { name: "Services à domicile" }).click();
    await page.waitForURL("**objectif=**");
    await examine(page, "schemas");
    const sheet = (await fetched(page, "/territoires/schema?region=00&format=csv&tableau=couverture")).body.toString("utf8");
    check(sheet.startsWith("\ufeffObjectif;") && sheet.includes("Services à domicile"), "coverage as a CSV");
    const director = await signIn(DIRECTOR);
    await director.goto(`${portal}/territoires/schema?region=00`);
    check((await text(director)).includes("Schéma régional de démonstration"), "an establishment reads the scheme");
  },

  "a call for projects goes from its need to its authorisation": async () => {
    const page = await signIn(MANAGER);
    await page.goto(`${portal}/territoires`);
    await page.getByRole("link", { name: "Appels à projet" }).click();
    await page.waitForURL("**/appels-a-projet");
    await page.goto(`${portal}/territoires/appels-a-projet?region=00`);
    await act(page, "OpenProjectCall", async (form) => {
      await form.getByLabel("Intitulé").fill("Vingt places de SESSAD " + HOSTILE);
      await form.getByLabel("Territoire").selectOption({ index: 1 });
      await form.getByLabel("Catégorie").fill("182");
      await form.getByLabel("Public").selectOption({ label: "Enfants handicapés" });
      await form.getByLabel("Nombre de places").fill("20");
      await form.getByLabel("Pourquoi ce besoin").fill("Trente enfants attendent.");
    });
    const call = new URL(page.url()).pathname;
    check((await page.locator("main img").count()) === 0, "text stays text");
    check((await page.locator("#PublishProjectCall").count()) === 0, "nothing is published without a calendar");
    await act(page, "ScheduleProjectCall", async (form) => {
      await form.getByLabel("Publication").fill("2026-01-15");
      await form.getByLabel("Dernier jour").fill("2026-04-15");
      await form.getByLabel("Commission").fill("2026-06-10");
    });
    await act(page, "PublishProjectCall", async (form) => {
      await form.getByLabel("Intitulé").fill("Cahier des charges");
      await form.getByLabel("Où il est publié").fill("RAA 2026-017");
      await form.getByLabel("Critères").fill("Délai d’ouverture\nCoopérations");
      await form.locator("input[type=file]").setInputFiles({ name: "cahier.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7") });
    });
    await act(page, "RegisterCandidate", async (form) => {
      await form.getByLabel("Nom").fill("Association des Embruns");
      await form.getByLabel("Identifiant").fill("embruns");
      await form.getByLabel("Places").fill("20");
      await form.getByLabel("Reçue le").fill("2026-03-02");
    });
    await act(page, "RecordCommissionOpinion", async (form) => {
      await form.getByLabel("Séance du").fill("2026-06-10");
      await form.getByLabel("Classement").fill("embruns");
      await form.getByLabel("Avis", { exact: true }).fill("Avis favorable.");
    });
    const general = await signIn(GENERAL);
    await general.goto(portal + call);
    await act(general, "AuthoriseCandidate", async (form) => {
      await form.getByLabel("Candidat").selectOption("embruns");
      await form.getByLabel("Places").fill("20");
      await form.getByLabel("Arrêté").fill("Arrêté 2026-88");
    });
    check((await text(general)).includes("Association des Embruns"), "who is authorised");
    await examine(general, "appel-a-projet");
    await page.goto(`${portal}/territoires/appels-a-projet?region=00`);
    await examine(page, "appels-a-projet");
  },

  "credits are never engaged beyond what there is": async () => {
    const page = await signIn(RESPONSIBLE);
    await page.goto(`${portal}/territoires/credits`);
    await act(page, "OpenCreditEnvelope", async (form) => {
      await form.getByLabel("Région").selectOption("00");
      await form.getByLabel("Année").fill("2026");
      await form.getByLabel("Origine").fill("CNSA_ESSAI");
      await form.getByLabel("Intitulé").fill("Places nouvelles " + HOSTILE);
      await form.getByLabel("Montant").fill("100 000,50");
      await form.getByLabel("Notification").fill("Notification du 5 mars 2026");
    });
    check((await page.locator("main img").count()) === 0, "text stays text");
    const form = await unfold(page, "EngageCredits");
    await form.getByLabel("Montant").fill("100 000,51");
    await form.getByLabel("Pour quoi").fill("Ouverture");
    await form.getByLabel("Décision").fill("Décision 4");
    await form.getByRole("button").last().click();
    await page.getByText("L’acte n’a pas été enregistré").waitFor();
    await act(page, "EngageCredits", (form) => form.getByLabel("Montant").fill("60 000"));
    check((await text(page)).includes("40 000,5"), "what is left");
    await act(page, "ReleaseCredits", async (form) => {
      await form.getByLabel("Engagement").selectOption({ index: 1 });
      await form.getByLabel("Montant").fill("10 000");
      await form.getByLabel("Motifs").fill("Ouverture décalée");
    });
    check((await text(page)).includes("50 000,5"), "some of it came back");
    await examine(page, "enveloppe");
    await page.goto(`${portal}/territoires/credits?region=00`);
    check((await text(page)).includes("CNSA_ESSAI"), "the position of the region");
    await examine(page, "credits");
    const director = await signIn(DIRECTOR);
    await director.goto(`${portal}/territoires/credits`);
    check((await text(director)).includes("Accès réservé"), "credits are the agency’s");
  },

  "a cooperation is registered with what it saves": async () => {
    const page = await signIn(MANAGER);
    const [one, other] = await sites(page);
    await page.goto(`${portal}/territoires/cooperations`);
    await act(page, "RegisterCooperation", async (form) => {
      await form.getByLabel("Région").selectOption("00");
      await form.getByLabel("fonctions mises en commun").check();
      await form.getByLabel("Intitulé").fill("Paie commune " + HOSTILE);
      await form.getByLabel("Ce qui est fait ensemble").fill("La paie et les achats.");
      await form.getByLabel("Membres").fill(`${one}\n${other}`);
      await form.getByLabel("Premier jour").fill("2025-01-01");
      await form.getByLabel("Convention ou acte").fill("Convention du 3 décembre 2024");
      await form.getByLabel("Économies attendues").fill("2025 | 12 000 | Deux postes");
    });
    check((await page.locator("main img").count()) === 0, "text stays text");
    await act(page, "RecordSavings", async (form) => {
      await form.getByLabel("Année").fill("2025");
      await form.getByLabel("Montant").fill("9 500,25");
      await form.getByLabel("D’où vient").fill("Comptes 2025");
    });
    check((await text(page)).includes("9 500,25"), "what it saved");
    await examine(page, "cooperation");
    await page.goto(`${portal}/territoires/cooperations?region=00`);
    await examine(page, "cooperations");
  },

  "who waits is recorded, and establishments stand side by side": async () => {
    const page = await signIn(MANAGER);
    const [one, other] = await sites(page);
    await page.goto(`${portal}/territoires/attente`);
    await act(page, "RecordWaitingLists", async (form) => {
      await form.getByLabel("Région").selectOption("00");
      await form.getByLabel("Établissement").fill(one);
      await form.getByLabel("Accueil").selectOption({ label: "hébergement permanent" });
      await form.getByLabel("Public").selectOption({ label: "Personnes âgées" });
      await form.getByLabel("Compté le").fill("2026-01-31");
      await form.getByLabel("Personnes en attente").fill("14");
      await form.getByLabel("Source").fill("Enquête " + HOSTILE);
    });
    await page.goto(`${portal}/territoires/attente?region=00`);
    check((await page.locator("main img").count()) === 0, "text stays text");
    await examine(page, "attente");
    await page.goto(`${portal}/etablissements/${one}?annee=2023`);
    check((await text(page)).includes("Enquête"), "who waits there");
    await examine(page, "etablissement");
    await page.getByRole("link", { name: "Comparer à d’autres" }).click();
    await page.waitForURL("**/comparaison?finess=*");
    await page.getByLabel("Numéros FINESS").fill(`${one} ${other} 999999999`);
    await page.getByLabel("Année des chiffres").fill("2023");
    await page.getByRole("button", { name: "Comparer" }).click();
    await page.waitForURL("**annee=2023");
    check((await text(page)).includes("999999999. Vérifiez-le"), "a number that nobody has");
    check((await text(page)).includes("Places autorisées"), "places side by side");
    await examine(page, "etablissements-compares");
    const shared = new URL(page.url());
    const sheet = (await fetched(page, `${shared.pathname}${shared.search}&format=csv`)).body.toString("utf8");
    check(sheet.startsWith("\ufeffRubrique;") && sheet.includes(other), "the comparison as a CSV");
    const lost = await page.goto(`${portal}/etablissements/000000000`);
    check(lost.status() === 404, `an establishment that nobody knows: ${lost.status()}`);
  },
};
