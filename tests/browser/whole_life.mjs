// One contract, from its draft to the finding that is reviewed, and the proof of what was done, all of it on the pages;
// only the registry and the people are made before (`whole_life.rs`). The contract takes effect on the first day of the
// year that is over, so that the year can be controlled without moving the clock of the services.

import process from "node:process";

import {
  AUDITOR,
  CONTROLLER,
  DIRECTOR,
  GENERAL,
  MANAGER,
  RESPONSIBLE,
  REVIEWER,
  check,
  examine,
  fetched,
  portal,
  run,
  signIn,
  text,
  unfold,
} from "./journey.mjs";

const { entity, sites, subject, indicator, year, shared } = JSON.parse(process.env.CPOM_TEST_LIFE);
const HOLDER = `${DIRECTOR} ${entity}`;
const TITLE = `CPOM ${year}-${year + 4}, d’un bout à l’autre`;
const REASONS = "Au vu du constat et des observations, un plan d’action avec une étape est retenu.";

/** Services learn from one another by their events: what was just done may take a moment to be known. */
const PATIENCE = 60_000;

/** Shows a page again until it says what is awaited. */
async function until(page, address, what, isThere) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    await page.goto(address);
    if (await isThere()) return;
    check(Date.now() < end, `it did not happen in time: ${what}`);
    await page.waitForTimeout(300);
  }
}

/** Does an act of a page, again while what it needs is still on its way. */
async function act(page, address, method, fill = async () => {}) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    await page.goto(address);
    if ((await page.locator(`#${method}`).count()) > 0) {
      const form = await unfold(page, method);
      await fill(form);
      await Promise.all([page.waitForEvent("load"), form.locator("button").first().click()]);
      if (new URL(page.url()).searchParams.get("fait") === method) return;
    }
    check(Date.now() < end, `${method} at ${address}: ${(await text(page)).slice(0, 2_000)}`);
    await page.waitForTimeout(500);
  }
}

/** The state that stands above the title of a dossier. */
const state = async (page) => (await page.locator(".cpom-head__over .fr-badge").first().textContent()).trim();

const isShown = (page, selector) => async () => (await page.locator(selector).count()) > 0;

/** The current day where the agency is. */
const today = () => new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Paris" });

let contract;
let campaign;
let review;

await run({
  "a manager drafts, and the establishment says what it thinks": async () => {
    const manager = await signIn(MANAGER);
    await manager.goto(`${portal}/contrats/nouveau`);
    await manager.getByLabel("Région").selectOption("00");
    await manager.getByLabel("Intitulé", { exact: true }).fill(TITLE);
    await manager.getByLabel("Entités juridiques").fill(entity);
    await manager.getByLabel("Établissements couverts").fill(sites.join("\n"));
    await manager.getByLabel("Premier jour d’effet").fill(`${year}-01-01`);
    await manager.getByLabel("Dernier jour").fill(`${year + 4}-12-31`);
    await manager.getByLabel("Objectifs stratégiques").fill("A | Gradation des soins | Urgences\nB | Pilotage | Comptes");
    await manager.getByLabel("Instances à consulter").fill("Conférence médicale d’établissement");
    await manager.getByRole("button", { name: "Créer le projet" }).click();
    await manager.waitForURL("**fait=CreateContract");
    contract = portal + new URL(manager.url()).pathname;
    await act(manager, contract, "OpenNegotiation");

    const holder = await signIn(HOLDER);
    await act(holder, `${contract}/versions`, "RecordPosition", async (form) => {
      await form.getByLabel("Objectif", { exact: true }).selectOption({ index: 1 });
      await form.getByLabel("accepte sous réserve").check();
      await form.getByLabel("Ce qu’il faudrait changer").fill("Un point d’étape chaque trimestre.");
    });
    await act(manager, contract, "ProposeVersion", async (form) => {
      await form.getByLabel("Objectifs stratégiques").fill("A | Gradation des soins | Urgences, avec un point d’étape chaque trimestre\nB | Pilotage | Comptes");
      await form.getByLabel("Ce qui change").fill("Le point d’étape que demande l’établissement.");
    });
    await holder.goto(`${contract}/versions`);
    check((await holder.locator("article.fr-card").count()) === 2, "both versions are read");
    check((await text(holder)).includes("chaque trimestre"), "with what changed");
    await examine(holder, "vie-negociation");
  },

  "both sides agree on the objectives and on the text": async () => {
    const [manager, holder] = [await signIn(MANAGER), await signIn(HOLDER)];
    const years = Array.from({ length: 5 }, (_, rank) => `${year + rank} : 1 000`).join(" ; ");
    const objective = `Séjours attendus | pilotage | ${subject} | ${indicator} | séjours | ${years}`;
    await act(manager, contract, "CreateTargetSet", (form) => form.getByLabel("Objectifs chiffrés").fill(objective));
    await act(manager, contract, "ReplaceObjectives", async (form) => {
      const lines = await form.getByLabel("Objectifs chiffrés").inputValue();
      check(lines.includes("pilotage"), `the objectives are there to be changed: ${lines}`);
      await form.getByLabel("Objectifs chiffrés").fill(lines.replace("Séjours attendus", "Séjours attendus à l’hôpital"));
    });
    check((await text(manager)).includes("Séjours attendus"), "the objective and its targets");
    for (const page of [manager, holder]) await act(page, contract, "AgreeToTargetSet");
    for (const page of [manager, holder]) await act(page, contract, "AgreeToVersion");
    await act(manager, contract, "RecordOpinion", async (form) => {
      await form.getByLabel("Instance", { exact: true }).selectOption({ index: 1 });
      await form.getByLabel("favorable", { exact: true }).check();
      await form.getByLabel("Date de l’avis").fill(`${year - 1}-11-15`);
    });
    await act(manager, contract, "FreezeContract");
    check((await state(manager)) === "prêt à signer", await state(manager));
  },

  "the establishment and the director general sign": async () => {
    const holder = await signIn(HOLDER);
    await act(holder, contract, "SignContract", async (form) => {
      await form.getByRole("radio", { name: entity }).check();
      await form.getByLabel("En quelle qualité").fill("Directrice de l’établissement");
    });
    check((await state(holder)) === "signature en cours", await state(holder));
    const general = await signIn(GENERAL);
    await act(general, contract, "SignContract", async (form) => {
      await form.getByRole("radio", { name: "l’agence régionale de santé" }).check();
      await form.getByLabel("En quelle qualité").fill("Directrice générale");
    });
    // No person brings a signed contract into force: its first day does.
    await until(general, contract, "entry into force", async () => (await state(general)) === "en vigueur");
    await examine(general, "vie-en-vigueur");
  },

  "the establishment sends its indicators in a spreadsheet": async () => {
    const page = await signIn(HOLDER);
    const model = await fetched(page, "/indicateurs/modele");
    check(model.body.subarray(0, 2).toString() === "PK", "a workbook made for this contract");
    const months = Array.from({ length: 12 }, (_, month) => `${subject};${indicator};${year}-${String(month + 1).padStart(2, "0")};40`);
    const buffer = Buffer.from(["FINESS;Indicateur;Période;Valeur", ...months].join("\n"));
    const received = `${portal}/indicateurs?finess=${subject}&annee=${year}`;
    const end = Date.now() + PATIENCE;
    for (;;) {
      await page.goto(`${portal}/indicateurs`);
      await page.getByLabel("Fichier").setInputFiles({ name: "indicateurs.csv", mimeType: "text/csv", buffer });
      await page.getByRole("button", { name: "Vérifier le fichier" }).click();
      await page.getByText("lignes prêtes à partir").waitFor();
      check((await page.locator(".cpom-cell-error").count()) === 0, "every cell is right");
      await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Transmettre les lignes prêtes" }).click()]);
      const said = await text(page);
      await page.goto(received);
      if ((await page.locator("tbody tr").count()) === 12) break;
      check(Date.now() < end, `not every value was taken: ${said.slice(0, 2_000)}`);
      await page.waitForTimeout(500);
    }
  },

  "a manager sets a tolerance, and a controller measures the year": async () => {
    const manager = await signIn(RESPONSIBLE);
    await manager.goto(`${portal}/tolerances`);
    const draft = await unfold(manager, "CreateTolerancePolicy");
    await draft.getByLabel("Région", { exact: true }).selectOption("00");
    await draft.getByLabel("Première année").fill(String(year));
    await draft.getByLabel("Dernière année").fill(String(year + 4));
    await draft.getByLabel("Motifs").fill("Première politique de la région.");
    await draft.locator("button").first().click();
    await manager.waitForURL("**fait=CreateTolerancePolicy");
    // Nothing was ever measured in the region: there is nothing to try it on.
    await act(manager, manager.url().split("?")[0], "AdoptTolerancePolicy", async (form) => {
      await form.getByLabel("En vigueur à partir du").fill(today());
      await form.getByLabel("Motifs").fill("Première politique de la région.");
    });

    const controller = await signIn(CONTROLLER);
    await controller.goto(`${portal}/campagnes`);
    const planned = await unfold(controller, "CreateCampaign");
    await planned.getByLabel("Région", { exact: true }).selectOption("00");
    await planned.getByLabel("Année contrôlée").fill(String(year));
    await planned.getByLabel("Politique de tolérance").selectOption({ index: 1 });
    await planned.locator("button").first().click();
    await controller.waitForURL("**fait=CreateCampaign");
    campaign = controller.url().split("?")[0];
    await act(controller, campaign, "FreezeCampaign");
    await act(controller, campaign, "StartCampaign");
    await until(controller, campaign, "every control is measured", isShown(controller, "#ShareCampaign"));
    await act(controller, campaign, "ShareCampaign", (form) => form.getByLabel("Message").fill("Les résultats de l’année."));
    await examine(controller, "vie-campagne");
    await until(controller, `${portal}/constats`, "a finding", isShown(controller, "tbody a"));
    await controller.locator("tbody a").first().click();
    await controller.waitForURL("**/constats/*");
    check((await text(controller)).includes("ne décide rien"), "what the computation contributes");
    await until(controller, `${portal}/revues?etat=ouverte`, "a review", isShown(controller, "tbody a"));
    review = portal + (await controller.locator("tbody a").first().getAttribute("href"));
    await act(controller, review, "NotifyReview", (form) => form.getByLabel("Message").fill("Vos observations sont attendues."));
  },

  "the establishment answers, a reviewer examines, a manager concludes": async () => {
    const holder = await signIn(HOLDER);
    const piece = Buffer.from("Chantier du bloc, de mars à juin\n");
    await act(holder, review, "SubmitObservations", async (form) => {
      await form.getByLabel("Vos observations").fill("Des travaux ont limité l’activité.");
      await form.getByLabel("Pièces jointes").setInputFiles({ name: "travaux.txt", mimeType: "text/plain", buffer: piece });
    });
    const joined = await holder.getByRole("link", { name: "travaux.txt" }).getAttribute("href");
    check((await fetched(holder, joined)).body.equals(piece), "what came with the answer, byte for byte");

    const reviewer = await signIn(REVIEWER);
    await act(reviewer, review, "ExamineReview", async (form) => {
      await form.getByLabel("Analyse").fill("L’explication concorde avec le calendrier des travaux.");
      await form.getByRole("radio", { name: "Plan d’action" }).check();
    });
    const manager = await signIn(RESPONSIBLE);
    await act(manager, review, "ConcludeReview", async (form) => {
      await form.getByRole("radio", { name: "Plan d’action" }).check();
      await form.getByLabel("Motifs").fill(REASONS);
      await form.getByLabel("Étapes du plan d’action").fill(`${year + 2}-12-31 Retrouver l’activité prévue`);
    });
    check((await text(manager)).includes(REASONS), "the conclusion and its reasons");
    await examine(manager, "vie-revue-conclue");
    await act(manager, review, "CompleteMilestone", async (form) => {
      await form.getByLabel("Étape atteinte").selectOption({ label: `Retrouver l’activité prévue, pour le 31 décembre ${year + 2}` });
      await form.getByLabel("Ce qui a été constaté").fill("L’activité est <b>retrouvée</b>.");
    });
    check((await text(manager)).includes("L’activité est <b>retrouvée</b>."), "the step is reached, and text stays text");
    check((await manager.locator("#CompleteMilestone").count()) === 0, "no step is left");
    await examine(manager, "vie-revue-plan");
    await holder.goto(review);
    check((await text(holder)).includes(REASONS), "which the establishment reads");
    check((await text(holder)).includes("atteinte le"), "with the step that is reached");
  },

  "the establishment asks for a renewal, and the director general answers with reasons": async () => {
    const [holder, general] = [await signIn(HOLDER), await signIn(GENERAL)];
    await holder.goto(contract);
    const rule = await unfold(holder, "RequestRenewal");
    check((await rule.innerText()).replaceAll(/\s+/g, " ").includes("12 mois avant le dernier jour"), "what the regime says of a request");
    await act(holder, contract, "RequestRenewal", (form) => form.getByLabel("Votre demande").fill("Cinq ans de plus, <i>maternité comprise</i>."));
    check((await text(holder)).includes("<i>maternité comprise</i>"), "text stays text");
    check((await text(holder)).includes("le silence de l’agence renouvelle"), "until when it is answered, and what silence does");
    check((await holder.locator("#RequestRenewal").count()) === 0, "it is asked for once");
    await examine(holder, "vie-renouvellement-demande");

    await general.goto(contract);
    await general.locator("summary", { hasText: "Ce qui n’est pas possible" }).click();
    check((await text(general)).includes("Il se négocie et se signe d’abord"), "it is granted with the contract that follows");
    await act(general, contract, "RefuseRenewal", (form) => form.getByLabel("Motifs").fill("Le projet régional de santé est révisé l’an prochain."));
    check((await text(general)).includes("Le contrat va à son terme"), "the answer");
    await examine(general, "vie-renouvellement-reponse");
    await holder.goto(contract);
    check((await text(holder)).includes("Le projet régional de santé est révisé"), "and its reasons, which the establishment reads");
    check((await holder.locator("#RequestRenewal").count()) === 1, "another may be asked for");
  },

  "a member leaves a contract of two legal entities, and joins it again": async () => {
    const [first, second] = shared;
    const [manager, general] = [await signIn(MANAGER), await signIn(GENERAL)];
    const [holder, member] = [await signIn(`${DIRECTOR} ${first.entity}`), await signIn(`${DIRECTOR} ${second.entity}`)];
    await manager.goto(`${portal}/contrats/nouveau`);
    await manager.getByLabel("Région").selectOption("00");
    await manager.getByLabel("Intitulé", { exact: true }).fill("Contrat de deux entités");
    await manager.getByLabel("Entités juridiques").fill(`${first.entity}\n${second.entity}`);
    await manager.getByLabel("Établissements couverts").fill([...first.sites, ...second.sites].join("\n"));
    await manager.getByLabel("Premier jour d’effet").fill(`${year}-01-01`);
    await manager.getByLabel("Dernier jour").fill(`${year + 4}-12-31`);
    await manager.getByLabel("Objectifs stratégiques").fill("A | Gradation des soins | Filière commune");
    await manager.getByRole("button", { name: "Créer le projet" }).click();
    await manager.waitForURL("**fait=CreateContract");
    const pair = portal + new URL(manager.url()).pathname;
    await act(manager, pair, "OpenNegotiation");
    const years = Array.from({ length: 5 }, (_, rank) => `${year + rank} : 1 000`).join(" ; ");
    const objective = `Séjours attendus | pilotage | ${first.subject} | ${indicator} | séjours | ${years}`;
    await act(manager, pair, "CreateTargetSet", (form) => form.getByLabel("Objectifs chiffrés").fill(objective));
    for (const page of [manager, holder]) await act(page, pair, "AgreeToTargetSet");
    for (const page of [manager, holder]) await act(page, pair, "AgreeToVersion");
    await act(manager, pair, "FreezeContract");
    const everybody = [
      [holder, first.entity],
      [member, second.entity],
      [general, "l’agence régionale de santé"],
    ];
    const sign = async (address, method) => {
      for (const [page, party] of everybody) {
        await act(page, address, method, async (form) => {
          await form.getByRole("radio", { name: party }).check();
          await form.getByLabel("En quelle qualité").fill("Direction");
        });
      }
    };
    await sign(pair, "SignContract");
    await until(manager, pair, "entry into force", async () => (await state(manager)) === "en vigueur");

    /** An amendment by which the member comes or goes from today on, frozen. */
    const moving = async (title, way) => {
      await act(manager, `${pair}/avenants/nouveau`, "ProposeAmendment", async (form) => {
        await form.getByLabel("Intitulé", { exact: true }).fill(title);
        await form.getByLabel("Pourquoi").selectOption({ label: "Entrée ou sortie d’un membre" });
        await form.getByLabel("Premier jour d’effet").fill(today());
        await form.getByLabel(`Membres qui ${way}`).fill(second.entity);
        await form.getByLabel(`Établissements qui ${way}`).fill(second.sites.join("\n"));
      });
      const amendment = portal + new URL(manager.url()).pathname;
      check((await text(manager)).includes("Qui entre et qui sort"), "who comes and who goes");
      await act(holder, amendment, "OpenAmendmentNegotiation");
      for (const page of [holder, manager]) await act(page, amendment, "AgreeToAmendment");
      await act(manager, amendment, "AcknowledgeImpact");
      await act(manager, amendment, "FreezeAmendment");
      return amendment;
    };
    const inEffect = (address) => until(manager, address, "its effect", async () => (await state(manager)) === "en vigueur");

    const leaving = await moving("Sortie d’un membre", "sortent");
    check((await text(manager)).includes("doit signer"), "who goes signs");
    await examine(manager, "vie-avenant-membre-sort");
    await sign(leaving, "SignAmendment");
    await inEffect(leaving);
    const gone = await member.goto(pair);
    check(gone.status() === 404, `who left reads it no more: ${gone.status()}`);

    const joining = await moving("Entrée d’un membre", "entrent");
    await member.goto(`${portal}/travail`);
    const awaited = member.locator(".cpom-todo__item:has(h2)").filter({ hasText: "Entrée d’un membre" });
    check((await awaited.count()) === 1, "who joins finds it among what waits for them");
    check((await awaited.innerText()).includes("attend votre signature"), "and why");
    const shown = await member.goto(joining);
    check(shown.status() === 200, `who joins reads the amendment: ${shown.status()}`);
    check((await text(member)).includes("doit signer"), "who comes signs");
    await examine(member, "vie-avenant-membre-entre");
    await sign(joining, "SignAmendment");
    check((await text(general)).includes("a signé"), "and has signed");
    await inEffect(joining);
    const back = await member.goto(pair);
    check(back.status() === 200, `who joined reads the contract: ${back.status()}`);
  },

  "an auditor reads the whole life and proves it": async () => {
    const page = await signIn(AUDITOR);
    const dossier = (address, collection) => `${collection}/${new URL(address).pathname.split("/").pop()}`;
    const history = (name) => `${portal}/historique?service=contrats&dossier=${encodeURIComponent(name)}`;
    await page.goto(history(dossier(contract, "contracts")));
    // Drafted, negotiated, proposed again, agreed on twice, consulted, frozen, signed twice, in force.
    check((await page.locator(".cpom-chronicle > li").count()) >= 8, await text(page));
    check(!(await text(page)).includes("ne donnent pas cette empreinte"), "every hash holds");
    await examine(page, "vie-historique");
    await page.goto(history(dossier(review, "reviews")));
    // Opened, notified, answered, examined, concluded.
    check((await page.locator(".cpom-chronicle > li").count()) >= 5, await text(page));
    await page.goto(`${portal}/historique?service=tous&racine=${encodeURIComponent(dossier(contract, "contracts"))}`);
    const registers = new Set(await page.locator(".cpom-chronicle .fr-tag").allTextContents());
    for (const register of ["Contrats et revues", "Objectifs et indicateurs", "Campagnes et constats"]) {
      check(registers.has(register), `one history of the contract across registers: ${[...registers].join(", ")}`);
    }
    await examine(page, "vie-historique-de-tous");
    await page.goto(history(dossier(review, "reviews")));
    const proof = await page.getByRole("link", { name: "Prouver ce fait" }).last().getAttribute("href");
    await until(page, portal + proof, "the conclusion is sealed", async () => (await text(page)).includes("preuve conforme"));
    await examine(page, "vie-preuve");
    const sheet = (await fetched(page, `/historique?service=contrats&dossier=${encodeURIComponent(dossier(review, "reviews"))}&format=csv`)).body;
    check(sheet.toString("utf8").startsWith("\ufeff"), "the history as a file");
  },
});
