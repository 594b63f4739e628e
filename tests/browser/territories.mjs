// Territories: what everybody reads, and what the agency and establishments work on.

import { MANAGER, RESPONSIBLE, check, examine, fetched, portal, signIn, text, unfold, visit } from "./journey.mjs";

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
    await examine(page, "cascade");
    await page.goto(`${portal}/territoires/cascade?region=93`);
    check((await text(page)).includes("Aucun cadre régional"), "an empty cascade speaks");
    await examine(page, "cascade-vide");
    await page.goto(`${portal}/territoires/flux?region=00`);
    await page.getByLabel("Année").fill("2023");
    await page.getByLabel("Activité").fill("CHIRURGIE");
    await page.getByRole("button", { name: "Calculer" }).click();
    await page.waitForURL("**activite=CHIRURGIE**");
    check((await text(page)).includes("se faire soigner ailleurs"), "who leaves most");
    await examine(page, "flux");
    await page.goto(`${portal}/territoires/activite?region=00`);
    await page.getByLabel("Territoire", { exact: true }).selectOption({ label: "Vallée haute" });
    await page.getByLabel("Année").fill("2023");
    await page.getByRole("button", { name: "Calculer" }).click();
    await page.waitForURL("**annee=2023**");
    check((await text(page)).includes("À âge et sexe égaux"), "the page answers first");
    check((await page.locator("figure svg .pic-bar--open").count()) === 3, "what is produced there");
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

  "an inflection is discussed and retained": async () => {
    const page = await signIn(MANAGER);
    await page.goto(`${portal}/territoires/dialogues`);
    await examine(page, "dialogues");
    await page.locator(".cpom-todo a").first().click();
    await page.waitForURL("**/dialogues/*");
    check((await text(page)).includes("<script>alert(1)</script>"), "text stays text");
    await examine(page, "dialogue");
    await page.locator(".cpom-todo a").first().click();
    await page.waitForURL("**/inflexions/*");
    check((await text(page)).includes("désaccord écrit"), "dissent is written");
    const inflection = page.url();
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
  },
};
