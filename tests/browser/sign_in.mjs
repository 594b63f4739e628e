// Signing in at a certified provider: authorization code, PKCE, nonce, userinfo in both forms, and out again.

import process from "node:process";

import { check, examine, text, visit } from "./journey.mjs";

const { issuer, plain, signed } = JSON.parse(process.env.CPOM_TEST_OIDC ?? "{}");

/** What the provider asks on its own pages: who it is, and whether the portal may know. */
async function agree(page) {
  await page.locator("input[name=login]").fill("ada.martin");
  await page.locator("input[name=password]").fill("n’importe lequel");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  // What the provider's own pages lack is no problem of the portal.
  page.problems.length = 0;
}

/** Begins a sign-in; says the address at which the provider was asked. */
async function begin(page, portal) {
  const asked = page.waitForRequest((request) => request.url().startsWith(`${issuer}/auth?`));
  await page.goto(`${portal}/connexion?retour=/aide`);
  return new URL((await asked).url());
}

async function session(page) {
  const cookies = await page.context().cookies();
  return cookies.find((cookie) => cookie.name === "__Host-cpom-session");
}

/** Begins a sign-in, asks the provider for another one, and tells what the portal answers to what comes back. */
async function altered(portal, field, value) {
  const page = await visit();
  const address = await begin(page, portal);
  check(address.searchParams.get("code_challenge_method") === "S256", "a proof key");
  address.searchParams.set(field, value);
  await page.goto(address.href);
  const back = page.waitForResponse((answer) => answer.url().startsWith(`${portal}/connexion/retour`));
  await agree(page);
  const answer = await back;
  await page.waitForLoadState();
  return { page, status: answer.status() };
}

async function inAndOut(portal) {
  const page = await visit();
  await begin(page, portal);
  await agree(page);
  await page.waitForURL(`${portal}/aide`);
  const header = await page.locator("header").innerText();
  check(header.includes("Ada Martin"), `who is signed in: ${header}`);
  check(header.includes("chargé de contractualisation"), "what the provider says of the person");
  check(await session(page), "a session");
  await page.getByRole("button", { name: "Se déconnecter" }).click();
  await page.waitForURL(`${issuer}/session/end?**`);
  await page.getByRole("button", { name: "Yes, sign me out" }).click();
  await page.waitForURL(`${portal}/?state=**`);
  check(!(await session(page)), "no session is left");
  // The provider has forgotten the person too: it asks again.
  await begin(page, portal);
  await page.locator("input[name=login]").waitFor();
}

export const signIns = {
  "a certified provider signs in and out, userinfo as JSON": async () => inAndOut(plain),

  "a certified provider signs in and out, userinfo as a signed JWT": async () => inAndOut(signed),

  "an answer for another nonce signs nobody in": async () => {
    const { page, status } = await altered(plain, "nonce", "un-autre-nonce-que-celui-de-ce-navigateur");
    check(status === 403, `the portal answers ${status}`);
    check((await text(page)).includes("La preuve d’identité reçue n’est pas valable"), await text(page));
    check(!(await session(page)), "no session");
    await examine(page, "connexion-refusee");
  },

  "an answer for another state signs nobody in": async () => {
    const { page, status } = await altered(plain, "state", "un-autre-etat-que-celui-de-ce-navigateur");
    check(status === 400, `the portal answers ${status}`);
    check(!(await session(page)), "no session");
  },

  "a person who gives up at the provider is told so": async () => {
    const page = await visit();
    await begin(page, plain);
    await page.getByRole("link", { name: "Cancel" }).click();
    await page.waitForURL(`${plain}/connexion/retour**`);
    check((await text(page)).includes("n’a pas accepté la connexion"), await text(page));
    check(!(await session(page)), "no session");
  },
};
