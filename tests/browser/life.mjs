// The life of a contract on its pages: members and competences in an amendment, steps that are done, what a council
// drafts, and what is due about no contract.

import { contractOfDirector, otherDirector } from "./dossiers.mjs";
import { someSite } from "./programming.mjs";
import { GENERAL, MANAGER, PRESIDENT, check, examine, fetched, portal, row, signIn, text, unfold } from "./journey.mjs";

/** The current day where the agency is, or some days later. */
const day = (later = 0) =>
  new Date(Date.now() + later * 86_400_000).toLocaleDateString("sv-SE", { timeZone: "Europe/Paris" });

const FILE = Buffer.from("Procès-verbal de réception\n");

/** Does an act of a page and waits for its outcome. */
async function act(page, address, method, fill = async () => {}) {
  await page.goto(address);
  const form = await unfold(page, method);
  await fill(form);
  // The first sends; others add a row.
  await form.getByRole("button").first().click();
  await page.waitForURL(`**fait=${method}`);
}

const refused = (page) => page.getByText("L’acte n’a pas été enregistré").waitFor();

export const life = {
  "who owes a commitment tells that its steps are done, with what shows it": async () => {
    const manager = await signIn(MANAGER);
    // Another than that of the other journeys, where an amendment waits for its signatures.
    const { contract, director } = await contractOfDirector(manager, 1);
    const stranger = await otherDirector(director);
    const entity = director.split(" ").at(-1);
    await manager.goto(`${contract}/avenants/nouveau`);
    const propose = manager.getByRole("button", { name: "Proposer l’avenant" });
    await manager.getByLabel("Intitulé", { exact: true }).fill("Équipe de liaison");
    await manager.getByLabel("Pourquoi").selectOption({ label: "Entrée ou sortie d’un membre" });
    await manager.getByLabel("Premier jour d’effet").fill(day());
    await manager.getByLabel("Membres qui entrent").fill(stranger.split(" ").at(-1));
    await propose.click();
    await refused(manager);
    const member = await manager.getByLabel("Membres qui entrent").inputValue();
    check(member === stranger.split(" ").at(-1), `a contract of one entity has no members, and nothing is lost: ${member}`);
    await manager.getByLabel("Membres qui entrent").fill("");
    await manager.getByLabel("Pourquoi").selectOption({ label: "Révision à mi-parcours" });
    const commitment = () => row(manager, "Engagement 1");
    await commitment().getByLabel("Code").first().fill("E-VIE");
    await commitment().getByLabel("Qui s’engage").selectOption({ label: "les deux parties" });
    await commitment().getByLabel("Engagement pris").fill("Ouvrir l’équipe de liaison.");
    await commitment().getByLabel("Échéancier").fill(`${day()} | Recruter <b>deux</b> infirmiers\n${day(200)} | Ouvrir`);
    await commitment().getByLabel("De la compétence de").selectOption({ label: "l’agence" });
    await propose.click();
    // A competence has its first day: that field is wrong, and no other.
    await commitment().locator("[aria-invalid=true]").waitFor();
    await commitment().getByLabel("Compétent à compter du").fill(day());
    await propose.click();
    await manager.waitForURL("**fait=ProposeAmendment");
    const amendment = manager.url().split("?")[0];

    const page = await signIn(director);
    await act(page, amendment, "OpenAmendmentNegotiation");
    for (const side of [page, manager]) await act(side, amendment, "AgreeToAmendment");
    await act(manager, amendment, "AcknowledgeImpact");
    await act(manager, amendment, "FreezeAmendment");
    await act(page, amendment, "SignAmendment", async (form) => {
      await form.getByRole("radio", { name: entity }).check();
      await form.getByLabel("En quelle qualité").fill("Directrice de l’établissement");
    });
    const general = await signIn(GENERAL);
    await act(general, amendment, "SignAmendment", async (form) => {
      await form.getByRole("radio", { name: "l’agence régionale de santé" }).check();
      await form.getByLabel("En quelle qualité").fill("Directrice générale");
    });

    await page.goto(contract);
    await page.getByRole("link", { name: "Étapes des engagements" }).click();
    await page.waitForURL("**/suivi#engagements");
    check((await text(page)).includes("compétence de l’agence"), "whose competence it is");
    const form = await unfold(page, "CompleteStep");
    await form.getByLabel("Étape").selectOption({ index: 1 });
    await form.getByLabel("Franchie le").fill(day(2));
    await form.getByLabel("Comment").fill("Deux recrutements.");
    await form.getByLabel("Ce qui le montre").setInputFiles({ name: "reception.txt", mimeType: "text/plain", buffer: FILE });
    await form.getByRole("button", { name: "Enregistrer l’étape" }).click();
    await refused(page);
    check((await page.locator("#CompleteStep").getByLabel("Comment").inputValue()) === "Deux recrutements.", "nothing is lost");
    check((await text(page)).includes("Déjà lue"), "nor the file");
    await page.locator("#CompleteStep").getByLabel("Franchie le").fill(day());
    // A session that ends keeps what was typed and the file that was read; the other one is asked for by its name.
    const photo = { name: "photo.txt", mimeType: "text/plain", buffer: Buffer.from("Deux postes pourvus.\n") };
    await page.locator("#CompleteStep").getByLabel("Ce qui le montre").setInputFiles(photo);
    await page.context().clearCookies({ name: "__Host-cpom-session" });
    await page.locator("#CompleteStep").getByRole("button", { name: "Enregistrer l’étape" }).click();
    await page.getByRole("button", { name: director }).first().click();
    await page.waitForURL("**/reprise/*");
    const kept = await text(page);
    check(kept.includes("Deux recrutements.") && kept.includes("reception.txt"), kept);
    check(kept.includes("Fichiers à choisir de nouveau : photo.txt"), kept);
    await examine(page, "reprise-fichiers");
    await page.getByLabel("Fichiers à choisir de nouveau").setInputFiles(photo);
    await page.getByRole("button", { name: "Envoyer maintenant" }).click();
    await page.waitForURL("**fait=CompleteStep");
    const said = await text(page);
    check(said.includes("franchie le") && said.includes("à franchir"), said);
    check(said.includes("Recruter <b>deux</b>"), "text stays text");
    const file = await page.getByRole("link", { name: "reception.txt" }).getAttribute("href");
    check((await fetched(page, file)).body.equals(FILE), "what shows it, byte for byte");
    await examine(page, "suivi-etapes");
    const { pathname } = new URL(page.url());
    const sheet = (await fetched(page, `${pathname}?format=csv&tableau=etapes`)).body.toString("utf8");
    check(sheet.startsWith("\ufeffPour le;") && sheet.includes("E-VIE"), "the steps as a file");
    const others = await signIn(stranger);
    check([403, 404].includes((await fetched(others, file)).status), "another establishment reads nothing of it");
    await manager.goto(portal + pathname);
    const left = manager.locator("#CompleteStep").getByLabel("Étape").locator("option");
    check((await left.count()) === 2, "the agency owes what is left, and one choice is none");
  },

  "a council drafts what is of its competence and nothing else": async () => {
    const manager = await signIn(MANAGER);
    const { site, entity } = await someSite(manager);
    await manager.goto(`${portal}/contrats/nouveau`);
    const year = new Date().getFullYear() + 1;
    await manager.getByLabel("Région").selectOption("00");
    // One that no other contract stands in the way of.
    await manager.getByLabel("Nature du contrat").selectOption({ index: 4 });
    await manager.getByLabel("Intitulé", { exact: true }).fill("Domicile, avec le département");
    await manager.getByLabel("Entités juridiques").fill(entity);
    await manager.getByLabel("Établissements couverts").fill(site);
    await manager.getByLabel("Conseils départementaux signataires").fill("00");
    await manager.getByLabel("Premier jour d’effet").fill(`${year}-01-01`);
    await manager.getByLabel("Dernier jour").fill(`${year + 4}-12-31`);
    await manager.getByLabel("Objectifs stratégiques").fill("A | Domicile | Soins\nA | Urgences | Nuit");
    await manager.getByLabel("Compétences").fill("O1 | mairie | 00 | 2026-01-01");
    await manager.getByRole("button", { name: "Créer le projet" }).click();
    await refused(manager);
    check((await text(manager)).includes("écrivez agence, département ou conjointe"), "what is wrong with the line");
    check((await manager.getByLabel("Compétences").inputValue()).includes("mairie"), "nothing is lost");
    await manager.getByLabel("Compétences").fill("O1 | conjointe | 00 | 2026-01-01");
    await manager.getByRole("button", { name: "Créer le projet" }).click();
    await manager.waitForURL("**fait=CreateContract");
    const contract = manager.url().split("?")[0];
    check((await text(manager)).includes("compétence conjointe"), "whose competence the objective is");
    await act(manager, contract, "OpenNegotiation");

    const page = await signIn(PRESIDENT);
    await page.goto(contract);
    const form = await unfold(page, "ProposeVersion");
    check((await form.innerText()).includes("Votre conseil propose"), "what is theirs is said");
    check((await form.getByLabel("Premier jour d’effet").count()) === 0, "the rest is not theirs to type");
    await form.getByLabel("Objectifs stratégiques").fill("A | Domicile | Soins et aide\nA | Urgences | Jour");
    await form.getByRole("button").first().click();
    await refused(page);
    check((await text(page)).includes("n’est pas de la compétence de votre conseil"), "what is not theirs stays");
    const again = page.locator("#ProposeVersion");
    check((await again.getByLabel("Objectifs stratégiques").inputValue()).includes("Jour"), "nothing is lost");
    await again.getByLabel("Objectifs stratégiques").fill("A | Domicile | Soins et aide\nA | Urgences | Nuit");
    await again.getByRole("button").first().click();
    await page.waitForURL("**fait=ProposeVersion");
    check((await text(page)).includes("Soins et aide"), "what the council proposes");
    check((await text(page)).includes("compétence conjointe"), "marks are kept");
    await examine(page, "contrat-conseil");
    await act(manager, contract, "AbandonContract", (form) => form.getByLabel("Motifs").fill("Essai."));
  },

  "what is due about no contract leads to its programming": async () => {
    const page = await signIn(MANAGER);
    await page.goto(`${portal}/echeances`);
    await page.getByRole("link", { name: "Publier la programmation" }).first().click();
    await page.waitForURL("**/programmations/*");
    check((await page.locator("h1").count()) === 1, "its page");
  },
};
