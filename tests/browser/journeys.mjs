// One journey for each persona, over the whole suite and the synthetic region.

import { createHash } from "node:crypto";

import {
  AUDITOR,
  CONTROLLER,
  DIRECTOR,
  GENERAL,
  MANAGER,
  PRESIDENT,
  RESPONSIBLE,
  REVIEWER,
  bring,
  check,
  examine,
  fetched,
  nothingIsLeftOut,
  nothingTypedIsMarkup,
  portal,
  pressByKeyboard,
  readWithoutScript,
  run,
  signIn,
  text,
  unfold,
  visit,
} from "./journey.mjs";
import { councils } from "./councils.mjs";
import { dossiers } from "./dossiers.mjs";
import { life } from "./life.mjs";
import { missions } from "./missions.mjs";
import { programming } from "./programming.mjs";
import { publicContracts } from "./public_contracts.mjs";
import { scheme } from "./scheme.mjs";
import { signIns } from "./sign_in.mjs";
import { tariffs } from "./tariffs.mjs";
import { territories } from "./territories.mjs";
import { upkeep } from "./upkeep.mjs";
import { worklist } from "./worklist.mjs";

const REASONS =
  "Au vu des constats et des observations, un suivi trimestriel est retenu. <script>alert(1)</script> & « guillemets »";

/** The legal entities whose directors can be chosen on the sign-in page. */
async function offeredEntities() {
  const page = await visit();
  await page.goto(`${portal}/connexion`);
  const names = await page.getByRole("button", { name: DIRECTOR }).allInnerTexts();
  return names.map((name) => name.match(/entité (\w+)/)[1]);
}

/** An open review of a contract whose director can be chosen: its address, and the director. */
async function openReview(page) {
  const offered = await offeredEntities();
  await page.goto(`${portal}/revues?etat=ouverte`);
  const links = page.locator("tbody a");
  const paths = await links.evaluateAll((nodes) => nodes.map((node) => node.getAttribute("href")));
  for (const path of paths) {
    await page.goto(portal + path);
    await page.getByRole("link", { name: "Le contrat et ses objectifs" }).click();
    await page.waitForURL("**/contrats/*");
    const party = (await page.locator("#parties ~ div .fr-hint-text").first().innerText()).match(/FINESS (\w+)/)[1];
    if (offered.includes(party)) return { review: portal + path, director: `${DIRECTOR} ${party}` };
  }
  throw new Error("no open review concerns a director who can be chosen");
}

let reviewed;
let director;

await run({
  "anybody reads the public pages": async () => {
    const page = await visit();
    for (const [path, name] of [
      ["/", "accueil"],
      ["/controle-explique", "controle-explique"],
      ["/accessibilite", "accessibilite"],
      ["/donnees-personnelles", "donnees-personnelles"],
      ["/mentions-legales", "mentions-legales"],
      ["/aide", "aide"],
    ]) {
      const answer = await page.goto(portal + path);
      check(answer.status() === 200, `${path}: ${answer.status()}`);
      await examine(page, name);
    }
    const lost = await page.goto(`${portal}/nulle-part`);
    check(lost.status() === 404, "an address that leads nowhere");
    await examine(page, "introuvable");
  },

  "answers carry what protects their reader": async () => {
    const page = await visit();
    const answer = await page.goto(portal);
    const headers = answer.headers();
    check(!headers["content-security-policy"].includes("unsafe"), "no inline script or style");
    check(headers["content-security-policy"].includes("frame-ancestors 'none'"), "framing");
    check(headers["x-content-type-options"] === "nosniff", "nosniff");
    check(headers["cache-control"] === "no-store", "pages are not kept");
    const asked = await page.goto(`${portal}/contrats`);
    check(asked.url().includes("/authorize"), "a private page asks to sign in");
    const elsewhere = await signIn(MANAGER);
    await elsewhere.goto(`${portal}/connexion?retour=https://evil.example/`);
    check(new URL(elsewhere.url()).origin === portal, "no redirect leaves the portal");
    for (const path of ["//evil.example/", "https://evil.example/", "/\\evil.example"]) {
      await elsewhere.goto(`${portal}/affichage/sombre?retour=${encodeURIComponent(path)}`);
      check(new URL(elsewhere.url()).origin === portal, `a choice of colours leads to ${path}`);
    }
    const cookies = await elsewhere.context().cookies();
    const ours = cookies.filter(({ name }) => name.startsWith("__Host-cpom"));
    check(ours.length > 1 && ours.every((one) => one.httpOnly && one.secure && one.path === "/"), "every cookie of the portal");
    const session = cookies.find((cookie) => cookie.name === "__Host-cpom-session");
    check(session?.httpOnly && session.secure && session.sameSite === "Lax", "the session cookie");
    const forged = await fetched(elsewhere, "/deconnexion", { jeton: "faux" });
    check(forged.status === 400, `a form with a wrong token: ${forged.status}`);
    const foreign = await elsewhere.request.post(`${portal}/deconnexion`, {
      form: {},
      headers: { origin: "https://evil.example" },
    });
    check(foreign.status() === 403, `a form from elsewhere: ${foreign.status()}`);
  },

  "a contract manager finds a contract and drafts another": async () => {
    const page = await signIn(MANAGER);
    await examine(page, "travail");
    await page.goto(`${portal}/contrats`);
    await examine(page, "contrats");
    await page.getByLabel("État").selectOption("en-vigueur");
    await page.getByRole("button", { name: "Rechercher" }).click();
    await page.waitForURL("**etat=en-vigueur**");
    const [one, other] = await page.locator("tbody a").allInnerTexts();
    await page.goto(`${portal}/contrats/comparaison?a=${one}&b=${other}`);
    check((await text(page)).includes("Objectifs chiffrés"), "contracts side by side");
    check((await page.locator(".cpom-picture svg").count()) === 1, "how their objectives stand, as a picture");
    await examine(page, "comparaison");
    await page.goto(`${portal}/contrats?etat=en-vigueur`);
    await page.locator("tbody a").first().click();
    await page.waitForURL("**/contrats/*");
    check((await page.locator(".cpom-objective svg").count()) > 0, "objectives are drawn");
    check((await text(page)).includes("Cible"), "and told in a table");
    await examine(page, "contrat");
    const contract = new URL(page.url()).pathname;
    await page.getByRole("link", { name: "Les voir sur la carte" }).click();
    await page.waitForURL("**/carte");
    check((await page.locator("figure svg circle").count()) > 0, "its sites on a map");
    check((await page.locator("figure svg .pic-ground").count()) > 0, "borders under the sites");
    await examine(page, "carte");
    await page.goto(portal + contract);
    const sheet = (await fetched(page, `${contract}?format=csv`)).body.toString("utf8");
    check(sheet.startsWith("\ufeffObjectif;"), "a CSV with a byte order mark");
    const book = await fetched(page, `${contract}?format=xlsx`);
    check(book.body.subarray(0, 2).toString() === "PK", "an XLSX");
    const parties = await page.locator("#parties ~ div .fr-hint-text").allInnerTexts();
    const [entity, site] = parties.map((line) => line.match(/FINESS (\w+)/)[1]);
    await page.goto(page.url() + "/versions");
    await examine(page, "versions");

    await page.goto(`${portal}/contrats/nouveau`);
    await examine(page, "contrat-nouveau");
    await page.getByLabel("Région").selectOption("00");
    await page.getByLabel("Intitulé", { exact: true }).fill("Avenir <b>2035</b>");
    await page.getByLabel("Entités juridiques").fill(entity);
    await page.getByLabel("Établissements couverts").fill(site);
    await page.getByLabel("Premier jour d’effet").fill("2035-01-01");
    await page.getByLabel("Dernier jour").fill("2039-12-31");
    await page.getByLabel("Objectifs stratégiques").fill("A | Gradation des soins | Urgences");
    // The money of a council that does not sign is refused, and what was typed stays.
    await page.getByLabel("Moyens").fill("F1 | département 00 | 2035 | 1 000 | Aide");
    await page.getByRole("button", { name: "Créer le projet" }).click();
    await page.getByText("L’acte n’a pas été enregistré").waitFor();
    check((await page.getByLabel("Moyens").inputValue()).includes("département 00"), "nothing is lost");
    await page.getByLabel("Moyens").fill("F1 | FIR | 2035 | 1 000 | Aide");
    await page.getByRole("button", { name: "Créer le projet" }).click();
    await page.waitForURL("**fait=CreateContract");
    check((await text(page)).includes("Avenir <b>2035</b>"), "text stays text");
    await examine(page, "contrat-projet");
    const open = await unfold(page, "OpenNegotiation");
    await open.getByRole("button").click();
    await page.waitForURL("**fait=OpenNegotiation");
    check((await text(page)).includes("en négociation"), "the negotiation is open");
  },

  "a stale page loses nothing and a double click is one act": async () => {
    const page = await signIn(MANAGER);
    await page.goto(`${portal}/contrats?etat=negociation`);
    await page.locator("tbody a").first().click();
    await page.waitForURL("**/contrats/*");
    const other = await page.context().newPage();
    await other.goto(page.url());
    const first = await unfold(page, "ProposeVersion");
    await first.getByLabel("Ce qui change").fill("Première proposition");
    await first.getByRole("button").click();
    await page.waitForURL("**fait=ProposeVersion");
    const second = await unfold(other, "ProposeVersion");
    await second.getByLabel("Ce qui change").fill("Ce que j’avais écrit");
    await second.getByRole("button").click();
    await other.getByText("Le dossier a changé").waitFor();
    check((await text(other)).includes("du texte proposée, par"), "what changed, and who did it");
    const typed = await other.locator("#ProposeVersion").getByLabel("Ce qui change").inputValue();
    check(typed === "Ce que j’avais écrit", `what was typed is lost: ${typed}`);
    await other.locator("#ProposeVersion").getByRole("button").click();
    await other.waitForURL("**fait=ProposeVersion");

    await page.reload();
    const form = await page.locator("#ProposeVersion form").evaluate((node) =>
      Object.fromEntries([...new FormData(node)].map(([key, value]) => [key, String(value)])),
    );
    const action = await page.locator("#ProposeVersion form").getAttribute("action");
    const [once, twice] = await Promise.all([fetched(page, action, form), fetched(page, action, form)]);
    check(once.url.includes("fait=") && twice.url.includes("fait="), `${once.url} ${twice.url}`);
    await page.goto(page.url().split("?")[0] + "/versions");
    const versions = await page.locator("article.fr-card").count();
    check(versions === 4, `${versions} versions: a double click counted twice`);
    const link = page.getByRole("link", { name: "Télécharger le projet, version 3 (PDF)" });
    const draft = await fetched(page, await link.getAttribute("href"));
    check(draft.body.subarray(0, 8).toString() === "%PDF-1.7", "an earlier version as a draft");
    const none = await fetched(page, `${new URL(page.url()).pathname}/99/projet.pdf`);
    check(none.status === 404, `a version that was never proposed: ${none.status}`);
  },

  // Here: the next journey gives the negotiated contract up.
  "both sides say what they think of a text": dossiers["both sides say what they think of a text"],

  "a form sent after the session ended is kept": async () => {
    const page = await signIn(MANAGER);
    await page.goto(`${portal}/contrats?etat=negociation`);
    await page.locator("tbody a").first().click();
    await page.waitForURL("**/contrats/*");
    const act = await unfold(page, "AbandonContract");
    await act.getByLabel("Motifs").fill("Texte écrit avant la fin de la session");
    // Who comes back to a form that was sent finds what was typed, and can send it again.
    await act.locator("form").evaluate((form) => {
      form.dataset.sent = "yes";
      window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    });
    // Somebody who signed in again in another tab: the form is that of an earlier session.
    const lost = () => page.context().clearCookies({ name: "__Host-cpom-session" });
    await lost();
    const other = await page.context().newPage();
    await other.goto(`${portal}/connexion`);
    await other.getByRole("button", { name: MANAGER }).first().click();
    await other.waitForURL(`${portal}/**`);
    await act.getByRole("button").click();
    await page.waitForURL("**/reprise/*");
    check((await text(page)).includes("Texte écrit avant"), "the text is shown again");
    await examine(page, "reprise");
    await page.getByRole("button", { name: "Revoir le formulaire" }).click();
    await page.getByText("Il n’a pas pu l’être quand vous l’avez envoyé").waitFor();
    const again = page.locator("#AbandonContract");
    const typed = await again.getByLabel("Motifs").inputValue();
    check(typed === "Texte écrit avant la fin de la session", `the form is not as it was typed: ${typed}`);
    await examine(page, "reprise-formulaire");
    // The address that a form is sent to is no page: who asks for it comes back to that of the form.
    await other.goto(page.url());
    check(other.url() === page.url().split("/actes/")[0], `the page of the form: ${other.url()}`);
    await lost();
    await again.getByRole("button").click();
    await page.getByRole("button", { name: MANAGER }).click();
    await page.waitForURL("**/reprise/*");
    await page.getByRole("button", { name: "Envoyer maintenant" }).click();
    await page.waitForURL("**fait=AbandonContract");
    check((await text(page)).includes("abandonné"), "and sent");
  },

  "a controller follows a campaign and its findings": async () => {
    const page = await signIn(CONTROLLER);
    await page.goto(`${portal}/campagnes`);
    await examine(page, "campagnes");
    await page.locator("tbody a").first().click();
    await page.waitForURL("**/campagnes/*");
    check((await text(page)).includes("aucun effet juridique"), "it says what a finding is not");
    await examine(page, "campagne");
    await page.goto(`${portal}/constats?gravite=majeur`);
    await examine(page, "constats");
    const sheet = (await fetched(page, "/constats?gravite=majeur&format=csv")).body.toString("utf8");
    check(sheet.includes(";majeur;") && !sheet.includes(";mineur;"), "the export follows the filters");
    await page.locator("tbody a").first().click();
    await page.waitForURL("**/constats/*");
    check((await text(page)).includes("ne décide rien"), "what the computation contributes");
    check((await text(page)).includes("Un constat a été établi."), "from the measure to the outcome");
    await examine(page, "constat");
    ({ review: reviewed, director } = await openReview(page));
    await page.goto(reviewed);
    const act = await unfold(page, "NotifyReview");
    await act.getByLabel("Message").fill("Vos observations sont attendues. " + REASONS);
    await act.getByRole("button").click();
    await page.waitForURL("**fait=NotifyReview");
    await examine(page, "revue-notifiee");
  },

  "an establishment director answers, and sees nobody else's files": async () => {
    const page = await signIn(director);
    await examine(page, "travail-direction");
    await page.goto(reviewed);
    const answer = await unfold(page, "SubmitObservations");
    await answer.getByLabel("Vos observations").fill("Des travaux ont limité l’activité.");
    const piece = Buffer.from("Chantier du bloc, de mars à juin\n");
    await answer.getByLabel("Pièces jointes").setInputFiles({ name: "travaux.txt", mimeType: "text/plain", buffer: piece });
    await answer.locator("button").last().click();
    await page.waitForURL("**fait=SubmitObservations");
    check((await text(page)).includes("Des travaux ont limité"), "the answer is in the file");
    const joined = await page.getByRole("link", { name: "travaux.txt" }).getAttribute("href");
    check((await fetched(page, joined)).body.equals(piece), "and so is what came with it, byte for byte");
    await examine(page, "revue-direction");
    const findings = await page.locator(`a[href^="/constats/"]`).evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    await page.goto(`${portal}/contrats`);
    await examine(page, "contrats-direction");
    await page.locator("tbody a").first().click();
    await page.waitForURL("**/contrats/*");
    await examine(page, "contrat-direction");
    const own = new URL(page.url()).pathname;
    const signed = await page.getByRole("link", { name: "Télécharger les octets signés" }).getAttribute("href");
    const bytes = (await fetched(page, signed)).body;
    const hash = createHash("sha256").update(bytes).digest("hex");
    check((await text(page)).includes(hash), "the document that is downloaded has the hash that the page shows");
    await page.goto(`${portal}/indicateurs`);
    const template = await fetched(page, "/indicateurs/modele");
    check(template.body.subarray(0, 2).toString() === "PK", "a workbook to fill in");
    await examine(page, "indicateurs");
    await bring(page, "123456789;séjours;hier;beaucoup");
    await page.getByText("n’est pas un numéro FINESS").waitFor();
    await examine(page, "indicateurs-verification");
    // Right in its form, and of nobody here: the service refuses the line, and keeps it.
    await bring(page, "590782637;MCO_STAYS;2025;40");
    await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Transmettre les lignes prêtes" }).click()]);
    await page.goto(`${portal}/indicateurs/envois`);
    await examine(page, "envois");
    await page.getByRole("link", { name: "1 ligne refusée" }).first().click();
    await page.getByText("590782637").waitFor();
    const refused = new URL(page.url()).pathname;
    await examine(page, "envoi-lignes-refusees");
    const stranger = await signIn((await offeredEntities()).map((entity) => `${DIRECTOR} ${entity}`).find((name) => name !== director));
    const hidden = await stranger.goto(reviewed);
    check(hidden.status() === 404, `another establishment's review: ${hidden.status()}`);
    const parts = ["", "/versions", "/carte", "/moyens", "/suivi", "/consolide", "/document", "/contrat.pdf", "/consolide.pdf", "/avenants/nouveau"];
    for (const path of [...parts.map((part) => own + part), ...findings, joined, refused]) {
      const lost = await fetched(stranger, path);
      check(lost.status === 404, `${path} of another establishment: ${lost.status}`);
    }
    await page.goto(`${portal}/campagnes`);
    check((await text(page)).includes("Accès réservé"), "campaigns are the agency's");
    await examine(page, "acces-reserve");
  },

  "a reviewer examines and a manager concludes": async () => {
    const page = await signIn(REVIEWER);
    await page.goto(reviewed);
    check((await page.locator("#pairs").count()) === 1, "the findings among their peers");
    check((await page.locator("#territoire").innerText()).includes("taux"), "what is published of the territory");
    const context = await unfold(page, "AddReviewContext");
    await context.getByLabel("Intitulé").fill("Les mêmes objectifs <i>ailleurs</i>");
    await context.getByLabel("Ce qu’il apporte").fill(REASONS);
    await context.getByLabel("Comparaison à verser au dossier").selectOption({ index: 1 });
    await context.getByLabel("Territoire à verser au dossier").selectOption({ index: 1 });
    await context.getByRole("button", { name: "Verser au dossier" }).click();
    await page.waitForURL("**fait=AddReviewContext");
    const piece = page.getByRole("link", { name: /^comparaison-/ }).first();
    const joined = await fetched(page, await piece.getAttribute("href"));
    check(joined.body.toString("utf8").includes("ni une note ni une conclusion"), "the computed text is joined");
    const near = page.getByRole("link", { name: /^territoire-/ }).first();
    const cited = await fetched(page, await near.getAttribute("href"));
    check(cited.body.toString("utf8").includes("publishedRateSets/"), "what is published of the territory is joined and cited");
    await examine(page, "revue-contexte");
    const act = await unfold(page, "ExamineReview");
    await act.getByLabel("Analyse").fill(REASONS);
    await act.getByLabel("Plan d’action").check();
    await act.getByRole("button").click();
    await page.waitForURL("**fait=ExamineReview");
    check((await text(page)).includes("<script>alert(1)</script>"), "text stays text");
    await examine(page, "revue-examinee");
    await page.goto(`${portal}/revues`);
    await examine(page, "revues");

    const manager = await signIn(RESPONSIBLE);
    await manager.goto(reviewed);
    await examine(manager, "revue-responsable");
    const conclude = await unfold(manager, "ConcludeReview");
    await conclude.getByLabel("Procédure proposée au directeur général").check();
    await conclude.getByLabel("Motifs").fill(REASONS);
    await conclude.getByRole("button").click();
    await manager.getByText("Aucun constat joint ne peut fonder une procédure").waitFor();
    check((await conclude.getByLabel("Motifs").inputValue()) === REASONS, "nothing is lost");
    await conclude.getByLabel("Sans suite").check();
    await conclude.getByRole("button").click();
    await manager.waitForURL("**fait=ConcludeReview");
    await examine(manager, "revue-conclue");
  },

  "a director general sees what waits for a signature": async () => {
    const page = await signIn(GENERAL);
    await examine(page, "travail-direction-generale");
    await page.goto(`${portal}/contrats?etat=en-vigueur`);
    await page.locator("tbody a").first().click();
    await page.waitForURL("**/contrats/*");
    check((await page.locator(".cpom-objective svg").count()) > 0, "objectives from the controls");
    await examine(page, "contrat-direction-generale");
  },

  "the president of a council finds what waits for a signature": async () => {
    const page = await signIn(PRESIDENT);
    await page.goto(`${portal}/travail`);
    check((await page.locator("h1").innerText()) === "À faire", "the work list of a council");
    await examine(page, "travail-conseil");
  },

  "an auditor reads the history and its proofs": async () => {
    const page = await signIn(AUDITOR);
    await page.goto(`${portal}/historique`);
    await page.getByText("Ce qui a été enregistré").first().click();
    check((await text(page)).includes("donnent bien cette empreinte"), "the hash is computed again");
    check(!(await text(page)).includes("ne donnent pas cette empreinte"), "and holds");
    await examine(page, "historique");
    await page.goto(`${portal}/historique?service=contrats&nature=ContractSigned&etablissement=&issue=`);
    const told = await page.locator(".cpom-chronicle li strong").allInnerTexts();
    check(told.length > 0 && told.every((fact) => /Signature|signé/.test(fact)), `signatures alone: ${told}`);
    await page.goto(`${portal}/historique?service=contrats&issue=OUTCOME_ACTION_PLAN&etablissement=130000000`);
    check((await text(page)).includes("Aucun fait ne correspond"), "no such outcome for nobody");
    await page.goto(`${portal}/contrats?etat=en-vigueur`);
    const number = (await page.locator("tbody a").first().innerText()).trim();
    await page.goto(`${portal}/historique`);
    await page.getByLabel("Contrat et ce qui s’y rattache").fill(number);
    await page.getByLabel("Registre").selectOption("tous");
    await page.getByRole("button", { name: "Rechercher" }).click();
    await page.waitForURL("**racine=**");
    check((await text(page)).includes("Projet de contrat créé"), "a contract is found by its number, in every register");
    await page.goto(`${portal}/etablissements`);
    await examine(page, "etablissements");
    const refused = await page.goto(`${portal}/contrats/00000000-0000-0000-0000-000000000000`);
    check(refused.status() === 404, "an unknown contract");
  },

  "the keyboard alone is enough": async () => {
    const page = await visit();
    await page.goto(portal);
    await pressByKeyboard(page, "Se connecter");
    await page.getByRole("heading", { name: "Qui êtes-vous ?" }).waitFor();
    await page.getByRole("button", { name: REVIEWER }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(`${portal}/travail`);
    await pressByKeyboard(page, "Revues");
    await page.waitForURL("**/revues");
    await pressByKeyboard(page, "Aller au contenu").catch(() => {});
    await page.goto(`${portal}/revues`);
    const first = (await page.locator("tbody a").first().innerText()).trim();
    await pressByKeyboard(page, first);
    await page.waitForURL("**/revues/*");

    // And it is enough to do something: a folded form is opened, filled in and sent, and what it made is taken back.
    const manager = await signIn(MANAGER);
    await manager.goto(`${portal}/contrats?etat=en-vigueur`);
    await pressByKeyboard(manager, "Garder cette recherche sous un nom");
    await manager.keyboard.press("Tab");
    await manager.keyboard.type("Écrit au clavier");
    await pressByKeyboard(manager, "Garder la recherche");
    await manager.waitForURL("**fait=KeepList");
    check((await text(manager)).includes("Écrit au clavier"), "what was typed is kept");
    await pressByKeyboard(manager, "Retirer");
    await manager.waitForURL("**fait=DropList");
    check(!(await text(manager)).includes("Écrit au clavier"), "and taken back");
  },

  "everything works without a script": async () => {
    const page = await signIn(MANAGER, { javaScriptEnabled: false });
    await page.goto(`${portal}/contrats`);
    await page.getByLabel("État").selectOption("en-vigueur");
    await page.getByRole("button", { name: "Rechercher" }).click();
    await page.waitForURL("**etat=en-vigueur**");
    await page.locator("tbody a").first().click();
    await page.waitForURL("**/contrats/*");
    await page.getByText("Les dates en toutes lettres").click();
    await page.getByRole("link", { name: "sombre" }).click();
    await page.waitForURL("**/contrats/*");
    check((await page.locator("html").getAttribute("data-fr-scheme")) === "dark", "the dark theme");
    await page.getByRole("button", { name: "Se déconnecter" }).click();
    await page.waitForURL(`${portal}/`);
    await page.goto(`${portal}/travail`);
    check(page.url().includes("/authorize"), "signed out");
  },

  ...territories,
  ...dossiers,
  ...publicContracts,
  ...upkeep,
  ...missions,
  ...scheme,
  ...programming,
  ...life,
  ...tariffs,
  ...councils,
  ...worklist,
  ...signIns,

  // Last: they look back at the others.
  "every page reads the same without a script": readWithoutScript,
  "no address of the portal is left out": nothingIsLeftOut,
  "no form of any page takes a text for markup": nothingTypedIsMarkup,
});
