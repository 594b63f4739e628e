// How contracts go on, over the days of a procedure (`procedure.mjs`): what a director general and an entity do about it on
// their pages, and what the passing of time does alone.

import {
  AUDITOR,
  DIRECTOR,
  GENERAL,
  MANAGER,
  check,
  portal,
  signIn,
  text,
  unfold,
} from "./journey.mjs";
import { act, ground, passed, patiently, refused, state, until, why } from "./walk.mjs";

const { stranger, renewed: asking, lastDay } = ground;
/** Nobody answers what this one asks for. */
const UNHEARD = `${DIRECTOR} ${stranger}`;

const AGENCY = "l’agence régionale de santé";
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
async function negotiated(manager, { kind, title, entity, site, from, to, objective }) {
  await manager.goto(`${portal}/contrats/nouveau`);
  await manager.getByLabel("Région").selectOption("00");
  await manager.getByLabel("Nature du contrat").selectOption({ label: kind });
  await manager.getByLabel("Intitulé", { exact: true }).fill(title);
  await manager.getByLabel("Entités juridiques").fill(entity);
  await manager.getByLabel("Établissements couverts").fill(site);
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

/** The one that silence renews. */
let renewed;

/** Before the procedure. */
export const beginnings = {
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

  "an auditor reads what became of renewals": async () => {
    const page = await signIn(AUDITOR);
    const recorded = async (nature) => {
      await page.goto(`${portal}/historique?service=contrats&nature=${nature}`);
      return page.locator(".cpom-chronicle > li strong").allTextContents();
    };
    const renewals = await recorded("Renewal");
    for (const fact of ["Renouvellement accordé", "Renouvellement par silence", "Renouvellement tacite confirmé"]) {
      check(renewals.includes(fact), `${fact}: ${renewals.join(", ")}`);
    }
  },
};
