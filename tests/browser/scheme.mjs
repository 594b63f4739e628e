// What a region sets out to do with its medico-social offer: scheme, calls, credits, cooperations, waiting lists.

import { DIRECTOR, GENERAL, MANAGER, RESPONSIBLE, check, examine, fetched, portal, row, signIn, text, unfold } from "./journey.mjs";

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

/** The number of a legal entity with a contract in force, amended where one could be. */
async function amended(page) {
  await page.goto(`${portal}/contrats?etat=en-vigueur`);
  await page.locator("tbody a").first().click();
  await page.waitForURL("**/contrats/*");
  return (await page.locator("#parties ~ div .fr-hint-text").first().innerText()).match(/FINESS (\w+)/)[1];
}

export const scheme = {
  "the director general adopts the scheme, and everybody reads what answers it": async () => {
    const page = await signIn(GENERAL);
    await page.goto(`${portal}/travail`);
    check((await text(page)).includes("Ce projet de schéma attend votre arrêté"), "what waits for a decision");
    await examine(page, "travail-a-decider");
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

  "axes are recorded row by row, without a script": async () => {
    const page = await signIn(RESPONSIBLE, { javaScriptEnabled: false });
    await page.goto(`${portal}/territoires/schema/nouveau?region=00`);
    await page.getByRole("link", { name: "Axes nationaux" }).click();
    await page.waitForURL("**/schema/axes");
    const form = await unfold(page, "RecordAxes");
    await form.getByLabel("Région qui l’enregistre").selectOption("00");
    await form.getByLabel("Identifiant de la version").fill("axes-2029");
    await form.getByLabel("Utilisée à partir du").fill("2029-01-01");
    await form.getByLabel("Texte d’où viennent").fill("Arrêté imaginaire " + HOSTILE);
    await row(form, "Axe 1").getByLabel("Code").fill("domicile");
    await row(form, "Axe 1").getByLabel("Intitulé").fill("Vivre chez soi");
    await form.getByRole("button", { name: "Ajouter : axe" }).click();
    await row(form, "Axe 2").getByLabel("Code").fill("EQUITE");
    await row(form, "Axe 2").getByLabel("Intitulé").fill("Réduire les inégalités");
    check((await row(form, "Axe 1").getByLabel("Intitulé").inputValue()) === "Vivre chez soi", "a row more loses nothing");
    const record = form.getByRole("button", { name: "Enregistrer cette version" });
    await record.click();
    await row(form, "Axe 1").getByText("Le format n’est pas celui attendu.").waitFor();
    check((await row(form, "Axe 2").getByLabel("Code").inputValue()) === "EQUITE", "nothing is lost");
    await row(form, "Axe 1").getByLabel("Code").fill("DOMICILE");
    await record.click();
    await page.waitForURL("**fait=RecordAxes");
    check((await text(page)).includes("Réduire les inégalités"), "the axes of the version");
    check((await page.locator("main img").count()) === 0, "text stays text");
    const reader = await signIn(GENERAL);
    await reader.goto(`${portal}/territoires/schema/axes`);
    await examine(reader, "axes");
  },

  "a scheme is drafted and replaced row by row": async () => {
    const page = await signIn(MANAGER);
    await page.goto(`${portal}/territoires/schema?region=00`);
    await page.getByRole("link", { name: "Préparer un schéma" }).click();
    await page.waitForURL("**/schema/nouveau?region=00");
    await examine(page, "schema-nouveau");
    let form = await unfold(page, "DraftScheme");
    await form.getByLabel("Intitulé", { exact: true }).first().fill("Schéma suivant " + HOSTILE);
    await form.getByLabel("Nom court").fill("SRS_SUIVANT");
    await form.getByLabel("Premier jour").fill("2029-01-01");
    await form.getByLabel("Dernier jour").fill("2033-12-31");
    await form.getByLabel("Où le texte est publié").fill("RAA 2029");
    await form.getByLabel("Axes nationaux").selectOption("axisVersions/axes-2024");
    const one = row(form, "Objectif 1");
    await one.getByLabel("Identifiant").fill("sessad-1");
    await one.getByLabel("Axe").selectOption("DOMICILE");
    await one.getByLabel("Intitulé").fill("Services à domicile");
    await one.getByLabel("Territoire").selectOption({ index: 1 });
    await one.getByLabel("Catégorie").fill("sessad");
    await one.getByLabel("Public").selectOption({ label: "Enfants handicapés" });
    await one.getByLabel("Places à créer").fill("20");
    await one.getByLabel("Pour l’année").fill("2031");
    const save = form.getByRole("button", { name: "Enregistrer le projet" });
    await save.click();
    await one.getByText("Le format n’est pas celui attendu.").waitFor();
    check((await one.getByLabel("Places à créer").inputValue()) === "20", "nothing is lost");
    await one.getByLabel("Catégorie").fill("182");
    await save.click();
    await page.waitForURL("**fait=DraftScheme");
    check((await page.locator("main img").count()) === 0, "text stays text");
    check((await text(page)).includes("Services à domicile"), "what it sets");

    await page.getByRole("link", { name: "Modifier le projet" }).click();
    await page.waitForURL("**/modification");
    await examine(page, "schema-modification");
    const edited = page.url();
    form = await unfold(page, "ReplaceScheme");
    await form.getByRole("button", { name: "Ajouter : objectif" }).click();
    const two = row(form, "Objectif 2");
    await two.getByLabel("Identifiant").fill("sessad-1");
    await two.getByLabel("Axe").selectOption("EQUITE");
    await two.getByLabel("Intitulé").fill("Places nouvelles");
    await two.getByLabel("Territoire").selectOption({ index: 2 });
    await two.getByLabel("Catégorie").fill("182");
    await two.getByLabel("Public").selectOption({ label: "Enfants handicapés" });
    await two.getByLabel("Pour l’année").fill("2032");
    await two.getByLabel("Crédits").fill("250 000,50");
    const replace = form.getByRole("button", { name: "Remplacer le projet" });
    await replace.click();
    await page.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await two.getByLabel("Intitulé").inputValue()) === "Places nouvelles", "two objectives of one name are refused, and kept");
    await two.getByLabel("Identifiant").fill("places-2");
    await replace.click();
    await page.waitForURL("**fait=ReplaceScheme");
    check((await text(page)).includes("Places nouvelles") && (await text(page)).includes("250 000,5"), "both objectives");
    const director = await signIn(DIRECTOR);
    await director.goto(edited);
    check((await text(director)).includes("Accès réservé"), "the agency drafts");
  },

  "a call for projects goes from its need to its authorisation": async () => {
    const page = await signIn(MANAGER);
    const [site] = await sites(page);
    const entity = await amended(page);
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
      await form.getByLabel("Numéro FINESS").fill(entity);
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

    await page.goto(portal + call);
    await page.getByRole("link", { name: "Enregistrer les places" }).click();
    await page.waitForURL("**/places?**");
    const places = await unfold(page, "RecordCapacities");
    check((await places.getByLabel("Acte").inputValue()) === "Arrêté 2026-88", "under the act of the authorisation");
    const line = row(places, "Ligne 1");
    await line.getByLabel("Établissement").fill("999999999");
    await line.getByLabel("Ligne").fill("sessad");
    await line.getByLabel("Catégorie").first().fill("182");
    await line.getByLabel("Accueil").selectOption({ label: "à domicile, en milieu ordinaire" });
    await line.getByLabel("Public").selectOption({ label: "Enfants handicapés" });
    await line.getByLabel("Places autorisées").fill("20");
    await line.getByLabel("Places financées").fill("18");
    await line.getByLabel("À partir du").fill("2026-09-01");
    await line.getByLabel("Commune").fill("00001");
    await line.getByLabel("Plans").fill("PLAN_ESSAI");
    const record = places.getByRole("button", { name: "Enregistrer", exact: true });
    await record.click();
    await page.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await line.getByLabel("Places financées").inputValue()) === "18", "nothing is lost");
    await line.getByLabel("Établissement").fill(site);
    await record.click();
    await page.waitForURL("**fait=RecordCapacities");
    await page.goto(`${portal}/territoires/places?region=00&etablissement=${site}`);
    check((await text(page)).includes("PLAN_ESSAI"), "the places of the site, with their plan");
    await examine(page, "places");

    await page.goto(portal + call);
    const link = await unfold(page, "LinkProjectCall");
    await link.getByRole("button").last().click();
    await page.getByText("L’acte n’a pas été enregistré").waitFor();
    await act(page, "LinkProjectCall", async (form) => {
      await form.getByLabel("Places enregistrées").selectOption({ index: 1 });
      const amendments = form.getByLabel("Avenant");
      if ((await amendments.locator("option").count()) > 1) await amendments.selectOption({ index: 1 });
    });
    check((await text(page)).includes(`établissement(s) ${site}`), "the places that followed");
    await examine(page, "appel-relie");
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
    await page.goto(`${portal}/contrats?etat=en-vigueur`);
    const number = await page.locator("tbody a").first().innerText();
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
    const revised = await unfold(page, "ReviseCooperation");
    check((await revised.getByLabel("Économies attendues").inputValue()).includes("Deux postes"), "what was agreed is in the form");
    await revised.getByLabel("Membres").fill(one);
    await revised.getByLabel("Convention ou acte").fill("Avenant à la convention");
    await revised.getByRole("button").last().click();
    await page.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await revised.getByLabel("Convention ou acte").inputValue()) === "Avenant à la convention", "nothing is lost");
    await act(page, "ReviseCooperation", async (form) => {
      await form.getByLabel("Membres").fill(`${one}\n${other}`);
      await form.getByLabel("Contrats où elle figure").fill(number);
    });
    check((await text(page)).includes("Avenant à la convention"), "what is agreed now");
    check((await page.getByRole("link", { name: number }).count()) === 1, "the contract by its number");
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
