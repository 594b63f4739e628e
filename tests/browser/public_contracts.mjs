// Contracts in force for everybody, search without end, and lists that are kept and shared.

import { DIRECTOR, MANAGER, RESPONSIBLE, check, examine, fetched, portal, signIn, text, visit } from "./journey.mjs";

export const publicContracts = {
  "anybody reads the contracts in force": async () => {
    const page = await visit();
    await page.goto(portal);
    await page.getByRole("link", { name: "Contrats en vigueur" }).first().click();
    await page.waitForURL("**/contrats-en-vigueur");
    const rows = page.locator("tbody tr");
    check((await rows.count()) > 10, "the contracts in force");
    await examine(page, "contrats-publics");
    const number = (await rows.first().locator("a").innerText()).trim();
    const csv = (await fetched(page, "/contrats-en-vigueur?format=csv")).body.toString("utf8");
    check(csv.startsWith("\ufeffNuméro;") && csv.includes(number), "the list as a CSV");
    const book = await fetched(page, "/contrats-en-vigueur?format=xlsx");
    check(book.body.subarray(0, 2).toString() === "PK", "the list as an XLSX");
    const { contrats } = JSON.parse((await fetched(page, "/contrats-en-vigueur?format=json")).body.toString("utf8"));
    check(contrats.length > 10 && contrats.every((one) => one.titulaires.length > 0), "the list as JSON");

    const holder = contrats.find((one) => one.titulaires[0].nom).titulaires[0].nom;
    await page.getByLabel("Rechercher").fill(holder.toUpperCase());
    await page.getByRole("button", { name: "Rechercher" }).click();
    await page.waitForURL("**q=**");
    check((await rows.count()) >= 1, `found by the name of its holder: ${holder}`);
    await page.goto(`${portal}/contrats-en-vigueur?q=personne-ne-porte-ce-nom`);
    check((await text(page)).includes("Aucun contrat en vigueur ne correspond"), "nothing is found");
    await page.goto(`${portal}/contrats-en-vigueur?q=${encodeURIComponent(number)}`);
    check((await rows.count()) === 1, "found by its number");
    await rows.first().locator("a").click();
    await page.waitForURL("**/contrats-en-vigueur/*");
    check((await text(page)).includes("Demander le reste"), "how to ask for the rest");
    const document = await fetched(page, `${new URL(page.url()).pathname}/contrat.pdf`);
    check(document.body.subarray(0, 8).toString() === "%PDF-1.7", "the contract as a PDF for the public");
    check((await page.locator("body").innerText()).includes("Se connecter"), "nobody is signed in");
    await examine(page, "contrat-public");
    const sites = (await fetched(page, `${new URL(page.url()).pathname}?format=csv`)).body.toString("utf8");
    check(sites.startsWith("\ufeffFINESS;"), "its sites as a CSV");

    const manager = await signIn(MANAGER);
    const unsigned = [];
    for (const state of ["projet", "negociation", "abandonne"]) {
      await manager.goto(`${portal}/contrats?etat=${state}`);
      for (const link of await manager.locator("tbody a").all()) unsigned.push((await link.getAttribute("href")).split("/").pop());
    }
    for (const path of [...unsigned, "00000000-0000-0000-0000-000000000000", "%3Cb%3E"]) {
      const lost = await page.goto(`${portal}/contrats-en-vigueur/${path}`);
      check(lost.status() === 404, `${path}: ${lost.status()}`);
    }
  },

  "a search is kept under a name and shared with colleagues": async () => {
    const page = await signIn(MANAGER);
    await page.goto(`${portal}/contrats`);
    const site = await page.evaluate(async () => (await fetch("/contrats/suggestions?q=clini")).json());
    check(site.length > 0 && site.every((name) => /clini/i.test(name.normalize("NFD"))), `suggestions: ${site}`);
    await page.getByText("Recherche avancée").click();
    await page.getByLabel("Nature").selectOption({ index: 1 });
    await page.getByLabel("Prend fin avant le").fill("2099-01-01");
    await page.getByLabel("État").selectOption("en-vigueur");
    await page.getByRole("button", { name: "Rechercher" }).click();
    await page.waitForURL("**nature=**");
    await page.getByText("Garder cette recherche sous un nom").click();
    const name = "À renouveler <b>bientôt</b>";
    await page.getByLabel("Nom", { exact: true }).fill(name);
    await page.getByLabel("Visible par").selectOption({ index: 1 });
    await page.getByRole("button", { name: "Garder la recherche" }).click();
    await page.waitForURL("**fait=KeepList");
    check((await text(page)).includes(name), "the name stays text");
    await examine(page, "listes");
    await page.getByText("Garder cette recherche sous un nom").click();
    await page.getByLabel("Nom", { exact: true }).fill(name);
    await page.getByRole("button", { name: "Garder la recherche" }).click();
    await page.getByText("Cette liste n’a pas été gardée").waitFor();

    const colleague = await signIn(RESPONSIBLE);
    await colleague.goto(`${portal}/contrats`);
    await colleague.getByRole("link", { name }).click();
    await colleague.waitForURL("**fin-avant=2099-01-01**");
    check((await colleague.getByRole("button", { name: "Retirer la liste" }).count()) === 0, "another’s list stays");
    const director = await signIn(DIRECTOR);
    await director.goto(`${portal}/contrats`);
    check(!(await text(director)).includes("renouveler"), "an establishment sees no list of the agency");

    await page.goto(`${portal}/contrats`);
    await page.getByRole("button", { name: `Retirer la liste ${name}` }).click();
    await page.waitForURL("**fait=DropList");
    check(!(await text(page)).includes("renouveler"), "it is gone");
  },
};
