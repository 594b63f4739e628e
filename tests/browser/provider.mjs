// A certified OpenID provider (npm `oidc-provider`) for two portals: one reads userinfo as JSON, the other as a signed JWT.
// It asks whoever comes for any login and any password, as its development pages do, and requires PKCE.

import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

const library = path.join(process.env.CPOM_TEST_NODE_MODULES, "oidc-provider/lib/index.js");
const { Provider } = await import(pathToFileURL(library).href);

const { issuer, port, clients } = JSON.parse(process.argv[2]);

const provider = new Provider(issuer, {
  clients: clients.map(({ id, secret, portal, signed }) => ({
    client_id: id,
    client_secret: secret,
    redirect_uris: [`${portal}/connexion/retour`],
    post_logout_redirect_uris: [`${portal}/`],
    ...(signed && { userinfo_signed_response_alg: "RS256" }),
  })),
  claims: { openid: ["sub"], profile: ["given_name", "usual_name", "roles", "regions"] },
  cookies: { keys: ["only for these tests"] },
  features: { jwtUserinfo: { enabled: true } },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, given_name: "Ada", usual_name: "Martin", roles: ["contract_manager"], regions: ["00"] }),
  }),
  pkce: { required: () => true },
});
provider.listen(port, "127.0.0.1");
