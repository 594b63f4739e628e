// Territories: what everybody reads, and what the agency and establishments work on.

import { GENERAL, MANAGER, RESPONSIBLE, check, examine, fetched, portal, row, signIn, text, unfold, visit } from "./journey.mjs";

const SERIES = `${portal}/taux/mco-00-2023`;

export const territories = {
  "anybody reads published rates": async () => {
    const page = await visit();
    await page.goto(`${portal}/taux`);
    await examine(page, "taux");
    await page.locator(`.fr-card--link a[href="/taux/mco-00-2023"]`).first().click();
    await page.waitForURL("**/taux/mco-00-2023");
    check((await page.locator("figure svg").count()) === 2, "a map and intervals");
    check((await page.locator("figure svg a .pic-area").count()) === 6, "every territory has its shape");
    check((await text(page)).includes("Contours"), "where shapes come from");
    const first = page.locator("figure svg a").first();
    await first.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/#territoire-/);
    check((await page.locator("tr:target").count()) === 1, "a shape leads to its row");
    check((await text(page)).includes("<b>région synthétique</b>"), "text stays text");
    check((await text(page)).includes("nettement"), "the page answers first");
    await examine(page, "taux-publies");
    await page.getByLabel("Activité", { exact: true }).selectOption("OBSTETRIQUE");
    await page.getByRole("button", { name: "Afficher" }).click();
    await page.waitForURL("**activite=OBSTETRIQUE");
    check((await text(page)).includes("effectif trop faible"), "small counts are not told");
    check((await page.locator("figure svg .pic-hatched").count()) > 0, "what is hidden is hatched");
    await examine(page, "taux-publies-secret");
    const shown = (await fetched(page, "/taux/mco-00-2023/2?format=csv")).body.toString("utf8");
    check(shown.startsWith("\ufeffTerritoire;"), "the table as a CSV");
    const file = (await fetched(page, "/taux/mco-00-2023/2/fichier/csv")).body.toString("utf8");
    check(file.startsWith("territory;"), "the published file");
    const json = JSON.parse((await fetched(page, "/taux/mco-00-2023/2/fichier/json")).body.toString("utf8"));
    check(json.rates.length > 0, "the same as JSON");
    check((await fetched(page, "/taux/mco-00-2023/2/fichier/dictionnaire")).status === 200, "the dictionary");
    await page.goto(`${SERIES}/1`);
    check((await text(page)).includes("Cette version a été corrigée"), "a corrected version says so");
    for (const path of ["/taux/inconnu", "/taux/mco-00-2023/9", "/taux/mco-00-2023/x", "/taux/%3Cb%3E", "/taux/mco-00-2023/2/fichier/exe"]) {
      const lost = await page.goto(portal + path);
      check(lost.status() === 404, `${path}: ${lost.status()}`);
    }
  },

  "the agency reads its territories": async () => {
    const page = await signIn(MANAGER);
    await page.goto(`${portal}/territoires`);
    check((await page.locator("figure svg a .pic-area").count()) === 6, "the territories on the ground");
    await examine(page, "territoires");
    await page.locator(`figure svg a[href*="territoire=Z1"]`).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("**territoire=Z1**");
    await page.goto(`${portal}/territoires/cascade?region=00`);
    check((await page.locator("figure svg").count()) === 2, "a picture for each line");
    check((await page.locator("figure svg text", { hasText: "écart" }).count()) >= 2, "the gap of each line is drawn");
    await examine(page, "cascade");
    await page.getByLabel("Au jour du").fill("2025-06-30");
    await page.getByRole("button", { name: "Afficher" }).click();
    await page.waitForURL("**au=2025-06-30**");
    check((await text(page)).includes("30 juin 2025"), "the cascade on a day that is chosen");
    await page.goto(`${portal}/territoires/cascade?region=93`);
    check((await text(page)).includes("Aucun cadre régional"), "an empty cascade speaks");
    await examine(page, "cascade-vide");
    await page.goto(`${portal}/territoires/flux?region=00`);
    await page.getByLabel("Année").fill("2023");
    await page.getByLabel("Activité").fill("CHIRURGIE");
    await page.getByRole("button", { name: "Calculer" }).click();
    await page.waitForURL("**activite=CHIRURGIE**");
    check((await text(page)).includes("se faire soigner ailleurs"), "who leaves most");
    check((await page.locator(".cpom-maps svg a .pic-area").count()) === 12, "who leaves and who comes, in every territory");
    for (const table of ["flux", "origines-et-lieux-de-soins", "parts-de-marche"]) {
      for (const format of ["csv", "xlsx"]) {
        const file = await page.locator(`a[href*="format=${format}"][href$="tableau=${table}"]`).getAttribute("href");
        const begin = (await fetched(page, file)).body.subarray(0, 3).toString("latin1");
        check(begin === { csv: "\u00ef\u00bb\u00bf", xlsx: "PK\u0003" }[format], `${table} as ${format}`);
      }
    }
    await examine(page, "flux");
    await page.goto(`${portal}/territoires/activite?region=00`);
    await page.getByLabel("Territoire", { exact: true }).selectOption({ label: "Vallée haute" });
    await page.getByLabel("Année").fill("2023");
    await page.getByRole("button", { name: "Calculer" }).click();
    await page.waitForURL("**annee=2023**");
    check((await text(page)).includes("À âge et sexe égaux"), "the page answers first");
    check((await page.locator("figure svg .pic-bar--open").count()) === 3, "what is produced there");
    check((await page.locator(".cpom-maps svg a .pic-area").count()) === 12, "what is used and what is produced, in every territory");
    await page.getByLabel("Activité de la carte").selectOption("CHIRURGIE");
    await page.getByRole("button", { name: "Montrer cette activité" }).click();
    await page.waitForURL("**carte=CHIRURGIE**");
    check((await page.locator("#carte option:checked").getAttribute("value")) === "CHIRURGIE", "the map is of what was chosen");
    await page.locator(`.cpom-maps svg a[href="#territoire-Z1"]`).first().focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/#territoire-Z1$/);
    check((await page.locator("tr:target").count()) === 1, "a shape leads to its row");
    const everywhere = await page.locator(`a[href*="tableau=activite-par-territoire"][href*="format=csv"]`).getAttribute("href");
    const rows = (await fetched(page, everywhere)).body.toString("utf8").split("\r\n").filter(Boolean);
    check(rows.length === 7 && rows[0].startsWith("\ufeffTerritoire;Code;Cas attendus;"), "the map as a table");
    const weight = (await fetched(page, page.url())).bytes.length;
    check(weight < 100_000, `the page weighs ${weight} bytes`);
    await examine(page, "activite");
    await page.goto(`${portal}/territoires/besoins?region=00`);
    check((await page.locator("figure svg").count()) === 2, "equipment rates and a map");
    await page.getByText("Essayer un scénario").click();
    await page.locator("#territoire1").selectOption({ index: 2 });
    await page.locator("#nombre1").fill("60");
    await page.getByRole("button", { name: "Calculer" }).click();
    await page.waitForURL("**nombre1=60**");
    check((await text(page)).includes("scénario"), "before and after");
    check((await page.locator(".cpom-maps svg").count()) === 2, "a map of each");
    await examine(page, "besoins");
  },

  "a framework is drafted line by line and agreed by a side": async () => {
    const page = await signIn(MANAGER);
    await page.goto(`${portal}/territoires/cascade?region=00`);
    await page.getByRole("link", { name: "Les cadres de la région" }).click();
    await page.waitForURL("**/territoires/cadres?region=00");
    check((await text(page)).includes("convenu"), "the framework in effect was agreed");
    await examine(page, "cadres");
    const draft = await unfold(page, "DraftFramework");
    await draft.getByLabel("Premier jour").fill("2029-01-01");
    await draft.getByLabel("Dernier jour").fill("2033-12-31");
    const field = (name) => row(page.locator("#DraftFramework"), "Ligne 1").locator(`[name="lines.${name}"]`);
    await field("activity").fill("CHIRURGIE");
    await field("mode").selectOption({ label: "tous modes" });
    await field("indicator").fill("MCO_STAYS");
    await field("unit").selectOption({ label: "séjours" });
    await field("baseline").fill("300 000,5");
    await field("baseline_year").fill("2023");
    await field("growth_percent").fill("3");
    await field("source").fill("Activité engendrée");
    await draft.getByRole("button", { name: "Ajouter : ligne" }).click();
    await page.waitForURL("**/actes/DraftFramework#*");
    check((await field("baseline").inputValue()) === "300 000,5", "what was typed stays");
    check((await page.locator("#DraftFramework .cpom-row").count()) === 2, "a row more");
    await page.getByRole("button", { name: "Enregistrer le projet" }).click();
    await page.waitForURL("**/actes/DraftFramework");
    check((await page.locator("#DraftFramework [role=alert]").count()) > 0, "a line without its year is refused");
    await field("target_year").fill("2033");
    await page.getByRole("button", { name: "Enregistrer le projet" }).click();
    await page.waitForURL("**fait=DraftFramework");
    check((await text(page)).includes("projet"), "a draft");
    await examine(page, "cadre-projet");

    const general = await signIn(GENERAL);
    await general.goto(`${portal}/territoires/cadres?region=00`);
    const agreement = await unfold(general, "AgreeToFramework");
    await agreement.getByRole("button").click();
    await general.waitForURL("**fait=AgreeToFramework");
    check((await general.locator("table").first().innerText()).includes("agence"), "one side has agreed");
  },

  "an inflection is discussed and retained": async () => {
    const page = await signIn(MANAGER);
    await page.goto(`${portal}/territoires/dialogues`);
    await examine(page, "dialogues");
    await page.locator(".cpom-todo a").first().click();
    await page.waitForURL("**/dialogues/*");
    check((await text(page)).includes("<script>alert(1)</script>"), "text stays text");
    check((await text(page)).includes("Taux publié") && (await text(page)).includes("Activité (PMSI)"), "the diagnosis cites its figures");
    await examine(page, "dialogue");
    const dialogue = page.url();
    const late = await page.context().newPage();
    await late.goto(dialogue);
    const session = await unfold(page, "RecordSession");
    await session.getByLabel("Jour").fill("2025-11-03");
    await session.getByLabel("Objet").fill("Diagnostic");
    await session.getByLabel("Compte rendu").fill("Les chiffres sont lus ensemble.");
    await session.getByRole("button").click();
    await page.waitForURL("**fait=RecordSession");
    check((await text(page)).includes("Les chiffres sont lus ensemble."), "a sitting is written");
    // Whoever had opened the page before is told what was done meanwhile, without a right to the history.
    const missed = await unfold(late, "RecordSession");
    await missed.getByLabel("Jour").fill("2025-11-04");
    await missed.getByLabel("Objet").fill("Suite du diagnostic");
    await missed.getByLabel("Compte rendu").fill("Ce que j’avais noté.");
    await missed.getByRole("button").click();
    await late.getByText("Le dossier a changé").waitFor();
    const told = await text(late);
    check(told.includes("Séance consignée, par chargé de contractualisation ("), `what changed, and who did it: ${told}`);
    const noted = await late.locator("#RecordSession").getByLabel("Compte rendu").inputValue();
    check(noted === "Ce que j’avais noté.", `what was typed is lost: ${noted}`);
    await late.close();
    const diagnosis = await unfold(page, "RecordDiagnosis");
    await diagnosis.getByLabel("Ce que l’on constate").fill("Des séjours de proximité.");
    await diagnosis.getByLabel("Activité importée").selectOption({ index: 1 });
    await diagnosis.getByLabel("Chiffre d’activité cité").fill("7 séjours");
    await diagnosis.getByRole("button").click();
    await page.waitForURL("**/actes/RecordDiagnosis");
    check((await page.locator("#RecordDiagnosis [role=alert]").count()) > 0, "a small count is not cited");
    const beside = page.locator("#RecordDiagnosis .fr-input-group--error", { hasText: "Chiffre d’activité cité" });
    check((await beside.innerText()).includes("un effectif de 1 à 10"), "why is said beside the figure");
    const corrected = await unfold(page, "RecordDiagnosis");
    check((await corrected.getByLabel("Ce que l’on constate").inputValue()).includes("proximité"), "what was typed stays");
    await corrected.getByLabel("Chiffre d’activité cité").fill("1 240 séjours");
    await corrected.getByRole("button").click();
    await page.waitForURL("**fait=RecordDiagnosis");
    check((await text(page)).includes("Des séjours de proximité."), "a diagnosis is written with its figure");
    await page.locator(".cpom-todo a").first().click();
    await page.waitForURL("**/inflexions/*");
    check((await text(page)).includes("désaccord écrit"), "dissent is written");
    const inflection = page.url();
    await page.getByLabel("Rééquilibrage").fill("deux");
    await page.getByRole("button", { name: "Essayer" }).click();
    await page.waitForURL("**reequilibrage=deux**");
    check((await text(page)).includes("ne peut pas être calculé"), "what is no number is said");
    await page.getByLabel("Rééquilibrage").fill("0,5");
    await page.getByRole("button", { name: "Essayer" }).click();
    await page.waitForURL("**reequilibrage=0%2C5**");
    check((await page.locator("figure svg .pic-mean").count()) > 0, "production today and at the horizon");
    check((await page.locator(`a[href*="tableau=production-projetee"]`).count()) === 2, "what would be produced, as files");
    check((await text(page)).includes("Facteur d’inadéquation"), "what people set is on the page");
    await examine(page, "inflexion-essai");
    await page.getByLabel("Production", { exact: true }).selectOption({ label: "par établissement" });
    await page.getByRole("button", { name: "Essayer" }).click();
    await page.waitForURL("**producteurs=etablissements**");
    check((await text(page)).includes("qui produit le plus"), "the largest producer by its name");
    check((await page.locator("#RetainProjection").count()) === 0, "by establishment it is not kept");
    await page.getByLabel("Production", { exact: true }).selectOption({ label: "par territoire" });
    await page.getByRole("button", { name: "Essayer" }).click();
    await page.waitForURL("**producteurs=&**");
    const tried = await unfold(page, "RetainProjection");
    await tried.getByLabel("Pourquoi ces paramètres").fill("Rapprocher d’un demi-écart.");
    await tried.getByRole("button").click();
    await page.waitForURL("**fait=RetainProjection");
    await page.goto(dialogue);
    check((await text(page)).includes("Rapprocher d’un demi-écart."), "it is retained with its reasons");
    await examine(page, "dialogue-projection");
    await page.goto(inflection);
    const act = await unfold(page, "RecordPosition");
    await act.getByLabel("Établissement").selectOption({ label: await act.locator("option", { hasText: "Clinique" }).innerText() });
    await act.getByLabel("favorable", { exact: true }).check();
    await act.getByRole("button").click();
    await page.waitForURL("**fait=RecordPosition");
    await examine(page, "inflexion");

    const responsible = await signIn(RESPONSIBLE);
    await responsible.goto(inflection);
    const decision = await unfold(responsible, "AgreeInflection");
    await decision.getByRole("button").click();
    await responsible.waitForURL("**fait=AgreeInflection");
    check((await text(responsible)).includes("retenue"), "it is retained");
    await examine(responsible, "inflexion-retenue");

    await page.goto(dialogue);
    const proposal = await unfold(page, "ProposeInflection");
    await proposal.getByLabel("développer", { exact: true }).check();
    await proposal.getByLabel("Grande activité").fill("MEDECINE");
    await proposal.getByLabel("Mode", { exact: true }).selectOption({ label: "tous modes" });
    await proposal.getByLabel("Indicateur").fill("MCO_STAYS");
    await proposal.getByLabel("Unité", { exact: true }).selectOption({ label: "séjours" });
    await proposal.getByLabel("Volume de départ").fill("1 000");
    await proposal.getByLabel("Année de départ").fill("2023");
    await proposal.getByLabel("Volume visé").fill("1 100");
    await proposal.getByLabel("Année visée").fill("2026");
    await proposal.getByLabel("Pourquoi").fill("La médecine manque dans la vallée.");
    await proposal.getByLabel("Taux publié").selectOption({ index: 1 });
    await proposal.getByLabel("Taux cité").fill("indice 0,90");
    await proposal.getByLabel("Activité importée").selectOption({ index: 1 });
    await proposal.getByLabel("Chiffre d’activité cité").fill("1 000 séjours");
    await proposal.getByRole("button").click();
    await page.waitForURL("**fait=ProposeInflection");
    check((await page.locator("h1").innerText()).includes("Médecine"), "an inflection is proposed on the page");
  },

  "a manager publishes what is computed, and a refusal loses nothing": async () => {
    const page = await signIn(RESPONSIBLE);
    await page.goto(`${portal}/territoires/activite?region=00&annee=2023`);
    await examine(page, "activite-publication");
    const form = await unfold(page, "PublishRates");
    await form.getByLabel("Série").fill("essai-00-2023");
    await form.getByLabel("Intitulé").fill("Essai <i>de publication</i>");
    await form.getByLabel("Méthode").fill("Séjours rapportés aux habitants, à âge et sexe égaux.");
    await form.getByLabel("Sources").fill("PMSI et recensement, données fictives.");
    // There is no earlier version: nothing is published.
    await form.getByLabel("Ce qui est corrigé").fill("Un découpage.");
    await form.getByRole("button").last().click();
    await page.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await page.locator("#PublishRates").getByLabel("Intitulé").inputValue()) === "Essai <i>de publication</i>", "nothing is lost");
    check((await page.getByRole("heading", { name: "Les chiffres" }).count()) === 1, "what it is about is still shown");
    check((await fetched(page, "/taux/essai-00-2023")).status === 404, "nothing is published");
  },
};
