// How a contract does not begin, goes on or ends, over the days of a procedure (`procedure.mjs`): what a director general, an
// entity and a council do about it on its pages, and what the passing of time does alone.

import {
  AUDITOR,
  DIRECTOR,
  GENERAL,
  MANAGER,
  PRESIDENT,
  RESPONSIBLE,
  check,
  examine,
  portal,
  signIn,
  text,
  unfold,
} from "./journey.mjs";
import { act, ground, passed, patiently, refused, state, until, why } from "./walk.mjs";

const { home, stranger, renewed: asking, lastDay } = ground;
const HOLDER = `${DIRECTOR} ${home.entity}`;
/** Nobody answers what this one asks for. */
const UNHEARD = `${DIRECTOR} ${stranger}`;

const AGENCY = "l’agence régionale de santé";
const COUNCIL = "le conseil départemental";
/** What is due while a request for renewal waits. */
const ANSWER = "Répondre à la demande de renouvellement";

/** So many days after a day, as services write it. */
const later = (day, days) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

/** A day as pages write it. */
const inWords = (day) => new Date(day).toLocaleDateString("fr-FR", { dateStyle: "long", timeZone: "UTC" }).replace(/^1 /, "1er ");

/** Until when the contract of the page runs, and what became of it. */
const term = async (page) => (await page.locator(".cpom-lead").first().textContent()).replaceAll(/\s+/g, " ");
const facts = async (page) => (await page.locator(".cpom-chronicle").first().textContent()).replaceAll(/\s+/g, " ");

/** Drafts a contract and lets it be discussed: its address. */
async function negotiated(manager, { kind, title, entity, site, councils = "", from, to, objective }) {
  await manager.goto(`${portal}/contrats/nouveau`);
  await manager.getByLabel("Région").selectOption("00");
  await manager.getByLabel("Nature du contrat").selectOption({ label: kind });
  await manager.getByLabel("Intitulé", { exact: true }).fill(title);
  await manager.getByLabel("Entités juridiques").fill(entity);
  await manager.getByLabel("Établissements couverts").fill(site);
  await manager.getByLabel("Conseils départementaux signataires").fill(councils);
  await manager.getByLabel("Premier jour d’effet").fill(from);
  await manager.getByLabel("Dernier jour").fill(to);
  await manager.getByLabel("Objectifs stratégiques").fill(objective);
  await manager.getByRole("button", { name: "Créer le projet" }).click();
  await manager.waitForURL("**fait=CreateContract");
  const contract = portal + new URL(manager.url()).pathname;
  await act(manager, contract, "OpenNegotiation");
  return contract;
}

/** Both sides agree that nothing is expected in figures. */
async function withoutTargets(manager, holder, contract) {
  await patiently(manager, contract, "CreateTargetSet", (form) => form.getByLabel("S’il n’y en a aucun").fill("Rien n’est encore compté."));
  for (const page of [manager, holder]) await patiently(page, contract, "AgreeToTargetSet");
}

const sign = (page, contract, party) =>
  patiently(page, contract, "SignContract", async (form) => {
    await form.getByRole("radio", { name: party }).check();
    await form.getByLabel("En quelle qualité").fill("Direction");
  });

/** The contract of a legal entity that is in force. */
async function contractOf(page, entity) {
  await page.goto(`${portal}/contrats?etat=en-vigueur&entite=${entity}`);
  return portal + (await page.locator("tbody a").first().getAttribute("href"));
}

/** What is due on a contract, whoever acts. */
async function dues(page, contract) {
  await page.goto(`${portal}/echeances?contrat=${contract.split("/").pop()}`);
  return text(page);
}

/** Where a request for renewal stands, on the page of its contract. */
const renewal = async (page) => (await page.locator("section[aria-labelledby=terme] .fr-badge").first().textContent()).trim();

/** The contract of the care home, and until when it runs. */
let ours;
let end;
/** The one that silence renews. */
let renewed;

/** Before the procedure. */
export const beginnings = {
  "an entity refuses to sign: a procedure is proposed, and closed once it has signed": async () => {
    const today = await passed(0);
    end = later(today, 190);
    const [manager, holder] = [await signIn(MANAGER), await signIn(HOLDER)];
    ours = await negotiated(manager, {
      kind: "EHPAD et petites unités de vie",
      title: "Contrat d’un EHPAD",
      entity: home.entity,
      site: home.site,
      councils: "00",
      from: later(end, -1_790),
      to: end,
      objective: "2 | Qualité de l’accompagnement | Projets personnalisés",
    });
    await withoutTargets(manager, holder, ours);
    // The other side agrees while the page is open: who did so is told by what they do, and not by name.
    await holder.goto(ours);
    const agreement = await unfold(holder, "AgreeToVersion");
    await patiently(manager, ours, "AgreeToVersion");
    await agreement.locator("button").first().click();
    await holder.getByText("Le dossier a changé").waitFor();
    const changes = (await holder.locator("#AgreeToVersion .cpom-changes").innerText()).replaceAll(/\s+/g, " ");
    check(changes.includes("Accord d’une partie sur le texte, par chargé de contractualisation, le"), changes);
    await patiently(holder, ours, "AgreeToVersion");
    await patiently(manager, ours, "FreezeContract");

    // Whoever presides the council signs by an act that is on record.
    await act(manager, `${portal}/mandats`, "RegisterMandate", async (form) => {
      await form.getByLabel("Région").selectOption("00");
      await form.getByLabel("Pour quelle partie").fill("departments/00");
      await form.getByLabel("Identifiant de la personne").fill("person:department-president");
      await form.getByLabel("Qualité").fill("Présidente du conseil départemental");
      await form.getByLabel("Acte").fill("Délibération d’installation");
      await form.getByLabel("Publié le").fill(later(today, -30));
      await form.getByLabel("Du", { exact: true }).fill(later(today, -30));
    });
    const [general, president] = [await signIn(GENERAL), await signIn(PRESIDENT)];
    await sign(general, ours, AGENCY);
    await sign(president, ours, COUNCIL);
    check((await state(president)) === "signature en cours", await state(president));
    const life = await president.locator("section[aria-labelledby=vie-section]").textContent();
    check(life.includes("signature du conseil départemental") && !life.includes("de l’établissement"), `each party signs as what it is: ${life}`);

    const responsible = await signIn(RESPONSIBLE);
    await act(responsible, ours, "ProposeRefusalProcedure", (form) => form.getByLabel("Motifs").fill("L’entité ne signe pas, sans en donner de raison."));
    const again = await unfold(responsible, "ProposeRefusalProcedure");
    await again.getByLabel("Motifs").fill("Elle ne signe toujours pas.");
    await refused(responsible, "ProposeRefusalProcedure", "Une procédure pour refus de signer est déjà proposée");
    check((await again.getByLabel("Motifs").inputValue()) === "Elle ne signe toujours pas.", "nothing is lost");
    await examine(responsible, "terme-refus-de-signer");
    const path = await responsible.locator(`a[href^="/procedures/"]`).first().getAttribute("href");
    await holder.goto(ours);
    check((await holder.locator(`a[href^="/procedures/"]`).count()) === 0, "a proposal is preparatory");

    const awaited = async () => {
      await general.goto(`${portal}/travail`);
      return general.locator(`.cpom-todo a[href="${path}"]`).count();
    };
    check((await awaited()) === 1, "it waits for the director general");
    await general.goto(portal + path);
    check((await state(general)) === "proposée, sans effet", await state(general));
    check((await text(general)).includes("Pénalité pour refus de signer"), "what it is about");
    await sign(holder, ours, home.entity);
    check((await state(holder)) === "en vigueur", await state(holder));
    await act(general, portal + path, "DropProcedure", (form) => form.getByLabel("Motifs").fill("L’entité a signé."));
    check((await state(general)) === "close sans suite", await state(general));
    check((await awaited()) === 0, "and waits for nobody");
  },

  "a director general extends a contract, as far as its regime allows": async () => {
    const page = await signIn(GENERAL);
    await page.goto(ours);
    check((await term(page)).includes(`au ${inWords(end)}`), await term(page));
    const announced = () => page.locator("section[aria-labelledby=echeances] li", { hasText: "prorogation" }).first().textContent();
    const before = await announced();
    const form = await unfold(page, "ExtendContract");
    await form.getByLabel("Nouveau dernier jour").fill(later(end, 400));
    await form.getByLabel("Motifs").fill("L’évaluation externe est attendue.");
    const again = await refused(page, "ExtendContract", "Le nouveau terme est hors de ce que le texte permet");
    check((await again.getByLabel("Motifs").inputValue()) === "L’évaluation externe est attendue.", "nothing is lost");
    await examine(page, "terme-prorogation-refusee");
    end = later(end, 10);
    await again.getByLabel("Nouveau dernier jour").fill(end);
    await again.locator("button").first().click();
    await page.waitForURL("**fait=ExtendContract");
    check((await term(page)).includes(`au ${inWords(end)}`), await term(page));
    check((await state(page)) === "en vigueur", await state(page));
    check((await announced()) !== before, "what is due moves with its last day");
    check((await facts(page)).includes("Durée du contrat prolongée"), "and it is on record");
  },

  "an entity asks for the renewal of its contract, and nobody answers": async () => {
    const page = await signIn(UNHEARD);
    renewed = await contractOf(page, stranger);
    await act(page, renewed, "RequestRenewal", (form) => form.getByLabel("Votre demande").fill("Cinq ans de plus."));
    check((await renewal(page)) === "réponse attendue", await renewal(page));
    const general = await signIn(GENERAL);
    check((await dues(general, renewed)).includes(ANSWER), "the director general has some months to answer");
  },

  "another renewal is granted once the contract that follows is signed": async () => {
    const [manager, holder, general] = [await signIn(MANAGER), await signIn(`${DIRECTOR} ${asking}`), await signIn(GENERAL)];
    const contract = await contractOf(holder, asking);
    await act(holder, contract, "RequestRenewal", (form) => form.getByLabel("Votre demande").fill("Un autre contrat, aussi long."));
    await general.goto(contract);
    check((await why(general, "Accorder le renouvellement")).includes("Il se négocie et se signe d’abord"), "nothing follows yet");
    check((await general.locator("#GrantRenewal").count()) === 0, "nor is there a form");
    check((await dues(general, contract)).includes(ANSWER), "an answer is due");

    await manager.goto(contract);
    const sites = await manager.locator("#parties ~ div ul").nth(1).innerText();
    const next = await negotiated(manager, {
      kind: "établissement de santé",
      title: "Contrat qui prend la suite",
      entity: asking,
      site: sites.match(/(?<=FINESS )\w+/)[0],
      from: later(lastDay, 1),
      to: `${Number(lastDay.slice(0, 4)) + 5}${lastDay.slice(4)}`,
      objective: "A | Gradation des soins | Urgences",
    });
    await withoutTargets(manager, holder, next);
    for (const page of [manager, holder]) await patiently(page, next, "AgreeToVersion");
    await patiently(manager, next, "FreezeContract");
    await sign(holder, next, asking);
    await sign(general, next, AGENCY);
    check((await state(general)) === "signé", await state(general));

    await act(general, contract, "GrantRenewal", async (form) => {
      await form.getByLabel("Contrat qui prend la suite").selectOption({ index: 1 });
      await form.getByLabel("Motifs").fill("Le bilan est favorable.");
    });
    check((await renewal(general)) === "accordé", await renewal(general));
    const link = general.getByRole("link", { name: "Le contrat qui prend la suite" });
    check((await link.getAttribute("href")) === new URL(next).pathname, "it leads to what follows");
    check((await general.locator("#GrantRenewal, #RefuseRenewal").count()) === 0, "it is answered once");
    check(!(await dues(general, contract)).includes(ANSWER), "and no answer is due");
    await holder.goto(contract);
    check((await text(holder)).includes("Le bilan est favorable."), "the establishment reads why");
  },
};

/** Once the procedure is over: the days that it took are days of these contracts too. */
export const ends = {
  "silence has renewed a contract, and the director general says until when": async () => {
    await passed(28);
    const page = await signIn(GENERAL);
    await until(page, renewed, "what silence does", async () => (await renewal(page)) === "acquis par silence, terme à confirmer");
    check((await page.locator("#RefuseRenewal").count()) === 0, "it is too late to refuse");
    check(!(await dues(page, renewed)).includes(ANSWER), "and there is nothing left to answer");
    await page.goto(renewed);
    check((await term(page)).includes(`au ${inWords(lastDay)}`), "no length follows from silence");
    const form = await unfold(page, "ConfirmTacitRenewal");
    await form.getByLabel("Nouveau dernier jour").fill(lastDay);
    await form.getByLabel("Motifs").fill("Cinq ans, comme il était demandé.");
    const again = await refused(page, "ConfirmTacitRenewal", "Ce jour est hors de la période possible");
    check((await again.getByLabel("Motifs").inputValue()) === "Cinq ans, comme il était demandé.", "nothing is lost");
    const wanted = `${Number(lastDay.slice(0, 4)) + 5}${lastDay.slice(4)}`;
    await again.getByLabel("Nouveau dernier jour").fill(wanted);
    await again.locator("button").first().click();
    await page.waitForURL("**fait=ConfirmTacitRenewal");
    check((await renewal(page)) === "acquis par silence", await renewal(page));
    check((await term(page)).includes(`au ${inWords(wanted)}`), await term(page));
    check((await facts(page)).includes("Durée du contrat prolongée"), "and it is on record");
  },

  "a contract that has ended is evaluated, and its file is closed": async () => {
    const today = await passed(78);
    const [page, holder] = [await signIn(RESPONSIBLE), await signIn(HOLDER)];
    await until(page, ours, "its end", async () => (await state(page)) === "échu");
    const form = await unfold(page, "CloseContract");
    await form.getByLabel("Motifs").fill("Tout est fait.");
    await refused(page, "CloseContract", "L’évaluation finale du contrat n’est pas conclue");
    check((await form.getByLabel("Motifs").inputValue()) === "Tout est fait.", "nothing is lost");

    await act(page, `${ours}/suivi`, "PlanEvaluation", async (plan) => {
      await plan.getByLabel("Évaluation finale").check();
      await plan.getByLabel("Année évaluée").fill(today.slice(0, 4));
      await plan.getByLabel("À conclure pour le").fill(later(today, 30));
    });
    const evaluation = portal + (await page.getByRole("link", { name: "Évaluation finale" }).last().getAttribute("href"));
    await act(holder, evaluation, "SubmitEvaluationReport", (report) => report.getByLabel("Rapport de l’établissement").fill("Chaque résident a son projet."));
    await act(page, evaluation, "ConcludeEvaluation", async (conclusion) => {
      const lines = await conclusion.getByLabel("Objectif par objectif").inputValue();
      await conclusion.getByLabel("Objectif par objectif").fill(lines.replaceAll("| |", "| atteint |"));
      await conclusion.getByLabel("Conclusion").fill("L’objectif est atteint.");
    });
    await act(page, ours, "CloseContract", (again) => again.getByLabel("Motifs").fill("L’évaluation finale est conclue."));
    check((await state(page)) === "clos", await state(page));
    check((await text(page)).includes("Rien n’est dû sur ce contrat"), "nothing is due any more");
    const told = await facts(page);
    check(told.includes("Contrat clos et archivé") && told.includes("L’évaluation finale est conclue."), told);
    check((await page.locator("#CloseContract").count()) === 0, "it is closed once");
    await examine(page, "terme-clos");
    await holder.goto(ours);
    check((await state(holder)) === "clos", "which the establishment reads");
  },

  "an auditor reads what became of renewals and of the refusal to sign": async () => {
    const page = await signIn(AUDITOR);
    const recorded = async (nature) => {
      await page.goto(`${portal}/historique?service=contrats&nature=${nature}`);
      return page.locator(".cpom-chronicle > li strong").allTextContents();
    };
    const renewals = await recorded("Renewal");
    for (const fact of ["Renouvellement accordé", "Renouvellement par silence", "Renouvellement tacite confirmé"]) {
      check(renewals.includes(fact), `${fact}: ${renewals.join(", ")}`);
    }
    const dropped = await recorded("ProcedureDropped");
    check(dropped.join() === "Procédure close sans sanction", dropped.join(", "));
  },
};
