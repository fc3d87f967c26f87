// What the clients of others need before they can begin: the service key, a token, a registered system, and plain assertions.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { randomUUID, webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto; // Node 18

export { assert };
export const key = JSON.parse(readFileSync(process.env.SERVICE_KEY, "utf8"));
export const api = key.endpoints.Api;

export async function token() {
    const basic = Buffer.from(`${key.uaa.clientid}:${key.uaa.clientsecret}`).toString("base64");
    const answer = await fetch(`${key.uaa.url}/oauth/token`, {
        method: "POST",
        headers: { authorization: `Basic ${basic}` },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    assert.equal(answer.status, 200);
    return (await answer.json()).access_token;
}

/** Registers a system with SID `sid`; answers its LMS ID. */
export async function register(bearer, sid) {
    const answer = await fetch(`${api}/landscape-management/v1/Registration`, {
        method: "POST",
        headers: {
            authorization: `Bearer ${bearer}`,
            "content-type": "application/json",
            "idempotency-key": randomUUID(),
            "x-correlation-id": randomUUID(),
        },
        body: JSON.stringify({
            systemId: sid, client: "000", description: "third-party client", systemNumber: "000000000850000001",
            installationNumber: "0020000001", dbHost: "db", dbType: "HDB", systemType: "ABAP", serviceType: "SAP_S4HANA",
            role: "DEV", rootUrl: "https://dev.example.com:44300", externalId: "000",
            components: [{ name: "ST-PI", release: "740", supportPackage: 31 }],
            instances: [{ host: "ci", number: 0, services: ["ABAP"] }],
        }),
    });
    assert.equal(answer.status, 201, await answer.clone().text());
    return (await answer.json()).lmsId;
}

/** The call is refused with this status and a text that contains `words`. */
export async function refused(answer, status, words) {
    const text = await answer.text();
    assert.equal(answer.status, status, text);
    assert.ok(text.includes(words), `"${words}" is not in: ${text}`);
}
