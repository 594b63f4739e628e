// One procedure, from the review of a finding to its appeals, all of it on the pages: only the finding is made before
// (`procedure.rs`). No step follows from another by itself; each is somebody's, and the days that the law leaves go by in between.
// They go by for other contracts too, which are renewed, extended and closed (`term.mjs`).

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
  noProcedureIsLeftOut,
  nothingTypedIsMarkup,
  portal,
  pressByKeyboard,
  readWithoutScript,
  run,
  signIn,
  text,
  unfold,
} from "./journey.mjs";
import { beginnings, ends } from "./term.mjs";
import { act, ground, passed, refused, state, why } from "./walk.mjs";

const { review: reviewId, entity, stranger } = ground;
const review = `${portal}/revues/${reviewId}`;
const HOLDER = `${DIRECTOR} ${entity}`;
const STRANGER = `${DIRECTOR} ${stranger}`;

/** Breaks out of an attribute and of an element, and would show. */
const HOSTILE = `"><img src=x onerror="document.title='pwned'"></textarea><h1>pwned</h1>`;
const GROUNDS = "Aucune implantation autorisée n’est mise en œuvre, et le calendrier annoncé n’est pas tenu.";
const NOTICE = "Il est reproché de ne pas mettre en œuvre ce qui est autorisé.";
const REASONS = `Le manquement est établi et n’est pas justifié. ${HOSTILE}`;
const PIECE = Buffer.from("Commande de l’appareil, livrée en octobre\n");

/** What was typed is text, and no element was made of it. */
async function staysText(page) {
  check((await text(page)).includes("onerror"), "text stays text");
  check((await page.locator("main img, main [onerror]").count()) === 0, "no element was made of it");
  check((await page.locator("h1").count()) === 1, "nor a title");
}

/** Whoever has no part in a procedure finds none, nor anything of it. */
async function isUnknownTo(who, addresses) {
  const page = await signIn(who);
  for (const address of addresses) {
    await page.goto(portal);
    const { status } = await fetched(page, address);
    check(status === 404, `${address} for ${who}: ${status}`);
  }
}

let procedure;
/** Its path. */
let path;
/** The path of what the establishment joined. */
let joined;

await run({
  ...beginnings,

  "an establishment is heard before anything is proposed": async () => {
    const controller = await signIn(CONTROLLER);
    await act(controller, review, "NotifyReview", (form) => form.getByLabel("Message").fill("Vos observations sont attendues."));
    const holder = await signIn(HOLDER);
    await holder.goto(review);
    check((await text(holder)).includes("susceptible de pénalité"), "what the finding may found is said to the establishment");
    await act(holder, review, "RecordReviewReceipt");
    check((await text(holder)).includes("observations jusqu’au"), "its delay runs from the receipt");
    await act(holder, review, "SubmitObservations", async (form) => {
      await form.getByLabel("Vos observations").fill("L’appareil est commandé.");
      await form.getByLabel("Pièces jointes").setInputFiles({ name: "commande.txt", mimeType: "text/plain", buffer: PIECE });
    });
    const responsible = await signIn(RESPONSIBLE);
    const today = await passed(0);
    await act(responsible, review, "RecordReviewHearing", async (form) => {
      await form.getByLabel("Jour de l’audition").fill(today);
      await form.getByLabel("Présents").fill(`La directrice\nSon conseil ${HOSTILE}`);
      await form.getByLabel("Compte rendu").fill("Entendue en ses explications.");
    });
    await staysText(responsible);
    check((await text(responsible)).includes("Audition du"), "what was said aloud is in the file");
    check((await text(responsible)).includes("Entendue en ses explications."), "with its minutes");

    // Who measured does not examine.
    await controller.goto(review);
    check((await controller.locator("#ExamineReview").count()) === 0, "a controller does not examine");
    const reviewer = await signIn(REVIEWER);
    await act(reviewer, review, "ExamineReview", async (form) => {
      await form.getByLabel("Analyse").fill("La commande est postérieure au constat.");
      await form.getByRole("radio", { name: "Procédure proposée au directeur général" }).check();
    });
    await examine(reviewer, "procedure-revue-examinee");
    const before = await text(reviewer);
    check(before.includes("tant qu’une personne n’a pas décidé"), "nothing has an effect yet");
  },

  "a person proposes, and the establishment knows nothing of it yet": async () => {
    const page = await signIn(RESPONSIBLE);
    await page.goto(review);
    const form = await unfold(page, "ConcludeReview");
    await form.getByRole("radio", { name: "Procédure proposée au directeur général" }).check();
    await form.getByLabel("Nature de la procédure").selectOption({ label: "Résiliation (CSP R6114-9)" });
    await form.getByLabel("Motifs").fill(GROUNDS);
    const again = await refused(page, "ConcludeReview", "manquement qualifié de grave");
    check((await again.getByLabel("Motifs").inputValue()) === GROUNDS, "nothing is lost");
    await again.getByLabel("Nature de la procédure").selectOption({ label: "Pénalité (CSP R6114-10)" });
    await again.locator("button").first().click();
    await page.waitForURL("**fait=ConcludeReview");
    await page.getByRole("link", { name: "procédure est proposée" }).click();
    await page.waitForURL("**/procedures/*");
    path = new URL(page.url()).pathname;
    procedure = portal + path;

    check((await state(page)) === "proposée, sans effet", await state(page));
    const told = await text(page);
    check(told.includes("Rien ici n’a d’effet juridique tant qu’une personne n’a pas décidé"), told);
    check(told.includes(GROUNDS), "the agency reads why it was proposed");
    check((await why(page, "Ouvrir la procédure")).includes("revient au directeur général"), "who proposes does not open");
    await examine(page, "procedure-proposee");
    const contract = await page.locator(`#contexte ~ ul a[href^="/contrats/"]`).getAttribute("href");
    await page.goto(portal + contract);
    check((await page.locator(`a[href="${path}"]`).count()) > 0, "the contract leads to it");

    const holder = await signIn(HOLDER);
    await holder.goto(review);
    check((await holder.locator(`a[href^="/procedures/"]`).count()) === 0, "a proposal is preparatory");
    check(!(await text(holder)).includes(GROUNDS), "and so are its reasons");
    await isUnknownTo(HOLDER, [path, `${path}/mise-en-demeure.pdf`, `${path}/decision.pdf`]);
  },

  "a director general opens it with the keyboard alone": async () => {
    const page = await signIn(GENERAL);
    await page.goto(`${portal}/travail`);
    await page.locator(`.cpom-todo a[href="${path}"]`).first().click();
    await page.waitForURL(procedure);
    check((await page.locator("#OpenProcedure").getAttribute("open")) === null, "what commits somebody is folded");
    // The summary, then the reasons, which come first, then the button of the same name.
    await pressByKeyboard(page, "Ouvrir la procédure");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Au vu de la revue, la procédure est ouverte.");
    await pressByKeyboard(page, "Ouvrir la procédure");
    await page.waitForURL("**fait=OpenProcedure");
    check((await state(page)) === "ouverte", await state(page));
    check((await text(page)).includes("Au vu de la revue, la procédure est ouverte."), "what was typed");
    check((await why(page, "Décider")).length > 0, "there is nothing to decide yet");
    await examine(page, "procedure-ouverte");

    const holder = await signIn(HOLDER);
    await holder.goto(`${portal}/travail`);
    check((await holder.locator(`a[href="${path}"]`).count()) > 0, "the establishment finds it");
    await act(holder, procedure, "RequestFileAccess");
    const told = await text(holder);
    check(told.includes("Par une personne de l’agence"), "it knows that it was proposed");
    check(!told.includes(GROUNDS), "and reads why with the decision");
    await examine(holder, "procedure-ouverte-direction");
    await isUnknownTo(STRANGER, [path, new URL(review).pathname]);
  },

  "a formal notice is sent, received and answered": async () => {
    const general = await signIn(GENERAL);
    await act(general, procedure, "SendFormalNotice", async (form) => {
      await form.getByLabel("Motifs").fill(NOTICE);
      await form.getByLabel("Ce qui est demandé à l’établissement").fill("Mettre en œuvre ce qui est autorisé, ou s’en expliquer.");
      await form.getByLabel("Envoi").selectOption({ label: "Sur le portail" });
    });
    check((await text(general)).includes("n’est pas prouvée : le délai ne court pas"), "no delay runs before a receipt");
    check((await why(general, "Décider")).includes("La réception n’est pas prouvée"), "and nothing is decided");

    const holder = await signIn(HOLDER);
    await act(holder, procedure, "RecordProcedureReceipt");
    check((await text(holder)).includes("L’établissement peut répondre jusqu’au"), "its delay runs");
    const notice = await fetched(holder, `${path}/mise-en-demeure.pdf`);
    check(notice.body.subarray(0, 8).toString() === "%PDF-1.7", "the formal notice as a PDF");
    await act(holder, procedure, "AnswerFormalNotice", async (form) => {
      await form.getByLabel("Votre réponse").fill(`L’appareil sera livré en octobre. ${HOSTILE}`);
      await form.getByLabel("Pièces jointes").setInputFiles({ name: "livraison.txt", mimeType: "text/plain", buffer: PIECE });
    });
    await staysText(holder);
    joined = await holder.getByRole("link", { name: "livraison.txt" }).getAttribute("href");
    check((await fetched(holder, joined)).body.equals(PIECE), "what came with the answer, byte for byte");
    await examine(holder, "procedure-reponse");
    await isUnknownTo(STRANGER, [path, `${path}/mise-en-demeure.pdf`, joined]);

    const manager = await signIn(MANAGER);
    await act(manager, procedure, "GrantFileAccess", (form) => form.getByLabel("Pièces communiquées").fill("Les constats, leur calcul et les pièces."));
    await examine(manager, "procedure-chargee");
    const responsible = await signIn(RESPONSIBLE);
    await responsible.goto(procedure);
    const hearing = await unfold(responsible, "RecordProcedureHearing");
    await hearing.getByLabel("Jour de l’audition").fill("2099-01-01");
    await hearing.getByLabel("Présents").fill("La directrice, assistée de son conseil");
    await hearing.getByLabel("Compte rendu").fill("La directrice expose le calendrier.");
    const again = await refused(responsible, "RecordProcedureHearing", "L’audition n’est pas dans la période");
    check((await again.getByLabel("Compte rendu").inputValue()) === "La directrice expose le calendrier.", "nothing is lost");
    await again.getByLabel("Jour de l’audition").fill(await passed(0));
    await again.locator("button").first().click();
    await responsible.waitForURL("**fait=RecordProcedureHearing");

    await act(general, procedure, "ExtendFormalNotice", (form) => form.getByLabel("Motifs").fill("La livraison est annoncée."));
    check((await why(general, "Décider")).includes("court encore"), "no decision before the end of the delay");
    check((await general.locator("#DecideProcedure").count()) === 0, "nor its form");
    check((await why(general, "Prolonger le délai de réponse")).includes("déjà été prolongé"), "it was prolonged, once");
    const none = await fetched(general, `${path}/decision.pdf`);
    check(none.status === 404, `a decision that nobody took: ${none.status}`);
    await examine(general, "procedure-mise-en-demeure");
  },

  "a director general decides once the delay is over, and has read": async () => {
    // Both months, whichever they are.
    await passed(64);
    const page = await signIn(GENERAL);
    await page.goto(procedure);
    check((await state(page)) === "mise en demeure", "a delay that passes decides nothing");
    check((await text(page)).includes("a pris fin le"), "and it is said");
    check((await why(page, "Décider")).includes("n’ont pas encore été lues"), "what was said is read first");
    await act(page, procedure, "AcknowledgeObservations");
    check((await text(page)).includes("2 observations et auditions lues"), "how much was read");

    const form = await unfold(page, "DecideProcedure");
    const first = form.locator("textarea, select, input:not([type=hidden])").first();
    check((await first.getAttribute("name")) === "reasons", "the reasons come first");
    await form.getByLabel("Motifs").fill(REASONS);
    await form.getByLabel("Montant, en euros").fill("60 000");
    await form.getByLabel("Qui doit la pénalité").selectOption({ index: 1 });
    await form.getByLabel("Assiette du plafond, en euros").fill("1 000 000");
    await form.getByLabel("D’où vient l’assiette").fill("Compte financier du dernier exercice clos");
    const again = await refused(page, "DecideProcedure", "Le montant dépasse le plafond");
    check((await again.getByLabel("Motifs").inputValue()) === REASONS, "nothing is lost");
    await examine(page, "procedure-decision-refusee");
    await again.getByLabel("Montant, en euros").fill("12 500,50");
    await again.locator("button").first().click();
    await page.waitForURL("**fait=DecideProcedure");
    check((await state(page)) === "décidée, à notifier", await state(page));
    check((await text(page)).includes("Pénalité de 12 500,5 €"), await text(page));
    await staysText(page);
    await examine(page, "procedure-decidee");
    const decision = await fetched(page, `${path}/decision.pdf`);
    check(decision.body.subarray(0, 8).toString() === "%PDF-1.7", "the decision as a PDF");

    // It is not communicable before it is notified.
    const holder = await signIn(HOLDER);
    await holder.goto(procedure);
    check(!(await text(holder)).includes("12 500,5"), "no amount");
    check((await holder.locator(`a[href="${path}/decision.pdf"]`).count()) === 0, "no document");
    check((await fetched(holder, `${path}/decision.pdf`)).status === 404, "nor by its address");
  },

  "the decision is notified, received, paid in part and challenged": async () => {
    const today = await passed(0);
    const responsible = await signIn(RESPONSIBLE);
    await act(responsible, procedure, "NotifyDecision", (form) => form.getByLabel("Envoi").selectOption({ label: "Sur le portail" }));
    const holder = await signIn(HOLDER);
    await act(holder, procedure, "RecordProcedureReceipt");
    const told = await text(holder);
    check(told.includes("Paiement attendu au plus tard le"), "until when to pay");
    check(told.includes(GROUNDS), "why it was proposed is read with the decision");
    check((await holder.locator("#recours").count()) === 1, "with the remedies");
    check((await holder.locator("#calcul").count()) === 1, "and the part of the computation");
    const decision = await fetched(holder, `${path}/decision.pdf`);
    check(decision.body.subarray(0, 8).toString() === "%PDF-1.7", "the decision as a PDF");
    await isUnknownTo(STRANGER, [path, `${path}/decision.pdf`]);
    const appeal = (kind) =>
      act(holder, procedure, "FileAppeal", async (form) => {
        await form.getByLabel("Nature").selectOption({ label: kind });
        await form.getByLabel("Jour du recours").fill(today);
        await form.getByLabel("Moyens").fill(`L’appareil est livré. ${HOSTILE}`);
      });
    await appeal("Recours gracieux");
    await staysText(holder);

    const manager = await signIn(MANAGER);
    await act(manager, procedure, "RecordPayment", async (form) => {
      await form.getByLabel("Montant reçu, en euros").fill("2 500,50");
      await form.getByLabel("Jour du paiement").fill(today);
      await form.getByLabel("Référence").fill("Titre 12");
    });
    check((await why(manager, "Transmettre à la caisse")).includes("peut encore être payée"), "the fund waits for the end of the delay");
    const general = await signIn(GENERAL);
    await act(general, procedure, "RecordAppealOutcome", async (form) => {
      check((await form.getByLabel("Rang du recours").inputValue()) === "1", "the one that waits");
      await form.getByRole("radio", { name: "La pénalité est réduite" }).check();
      await form.getByLabel("Jour de l’issue").fill(today);
      await form.getByLabel("Motifs").fill("La livraison est tardive, et réelle.");
      await form.getByLabel("Montant réduit, en euros").fill("10 000");
    });
    const left = await text(general);
    check(left.includes("ramenée à 10 000 €") && left.includes("7 499,5 €"), left);
    await appeal("Recours contentieux");
    await examine(holder, "procedure-notifiee");
  },

  "what is not paid in time is handed to the fund by a person": async () => {
    await passed(33);
    const manager = await signIn(MANAGER);
    await manager.goto(procedure);
    check((await text(manager)).includes("Le délai de paiement a pris fin le"), "the delay is over, and nothing followed");
    await act(manager, procedure, "ReferToFund", (form) => form.getByLabel("Caisse, et article").fill("Caisse de démonstration, CSS L162-1-14, IV"));
    check((await text(manager)).includes("Transmise à la caisse"), "who did it, and when");
    await examine(manager, "procedure-transmise");
    const general = await signIn(GENERAL);
    await general.goto(procedure);
    await examine(general, "procedure-recours");

    const auditor = await signIn(AUDITOR);
    await auditor.goto(`${portal}/historique?service=contrats&dossier=${encodeURIComponent(path.slice(1))}`);
    // Proposed, opened, asked for, noticed, received, answered, communicated, heard, prolonged, read, decided, notified, received,
    // challenged, paid, reduced, challenged, referred.
    check((await auditor.locator(".cpom-chronicle > li").count()) >= 15, await text(auditor));
    check(!(await text(auditor)).includes("ne donnent pas cette empreinte"), "every hash holds");
  },

  ...ends,

  // Last: they look back at the others.
  "every page of a procedure reads the same without a script": readWithoutScript,
  "no address of a procedure is left out": noProcedureIsLeftOut,
  "no form of a procedure takes a text for markup": () => nothingTypedIsMarkup(2),
});
