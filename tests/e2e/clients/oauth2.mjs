// openid-client, the certified OAuth 2 library: client credentials in the header and in the body, scopes, refusals.
import { assert, key, api, refused } from "./stand_in.mjs";
import { createRemoteJWKSet, jwtVerify } from "jose";
import * as oauth from "openid-client";

const server = { issuer: key.uaa.url, token_endpoint: `${key.uaa.url}/oauth/token`, jwks_uri: `${key.uaa.url}/token_keys` };
const as = (authentication) => new oauth.Configuration(server, key.uaa.clientid, undefined, authentication);
const read = async (token) => fetch(`${api}/calm-features/v1/FeatureStatus`, { headers: { authorization: `Bearer ${token}` } });

for (const authentication of [oauth.ClientSecretBasic(key.uaa.clientsecret), oauth.ClientSecretPost(key.uaa.clientsecret)]) {
    const answer = await oauth.clientCredentialsGrant(as(authentication));
    assert.equal(answer.token_type, "bearer");
    assert.ok(answer.expiresIn() > 3600);
    assert.ok(answer.scope.includes("calm-api.features.read"));
    assert.equal((await read(answer.access_token)).status, 200);
}

// A token is never issued in the future: who checks its age takes it at once.
const fresh = await oauth.clientCredentialsGrant(as(oauth.ClientSecretBasic(key.uaa.clientsecret)));
const { payload } = await jwtVerify(fresh.access_token, createRemoteJWKSet(new URL(server.jwks_uri)), { maxTokenAge: "1 minute" });
assert.equal(payload.client_id, key.uaa.clientid);

// What is asked for by name is all there is, and the API says what is missing.
const few = await oauth.clientCredentialsGrant(as(oauth.ClientSecretBasic(key.uaa.clientsecret)), { scope: "calm-api.tasks.read" });
assert.match(few.scope, /^\S+\.calm-api\.tasks\.read$/);
await refused(await read(few.access_token), 403, "calm-api.features.read");

await assert.rejects(oauth.clientCredentialsGrant(as(oauth.ClientSecretPost("wrong"))),
    (error) => error.status === 401 && error.cause[0].parameters.realm === "UAA/client"); // the library stops at the challenge
await assert.rejects(
    oauth.clientCredentialsGrant(as(oauth.ClientSecretPost(key.uaa.clientsecret)), { scope: "no.such.scope" }),
    (error) => error.status === 400 && error.error === "invalid_scope");
await assert.rejects(oauth.genericGrantRequest(as(oauth.ClientSecretPost(key.uaa.clientsecret)), "password", { username: "u", password: "p" }),
    (error) => error.status === 400 && error.error === "unsupported_grant_type");
