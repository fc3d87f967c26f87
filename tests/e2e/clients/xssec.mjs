// @sap/xssec, what applications on BTP check their callers with: our tokens against our key set, good ones and bad ones.
import xssec from "@sap/xssec";
import { assert, key } from "./stand_in.mjs";

const service = new xssec.XsuaaService(key.uaa);
const { access_token: jwt } = await service.fetchClientCredentialsToken();
const context = await xssec.createSecurityContext(service, { jwt });
assert.equal(context.token.header.alg, process.env.TOKEN_ALGORITHM);
assert.equal(context.token.clientId, key.uaa.clientid);
assert.equal(context.token.zid, key.uaa.identityzoneid);
for (const scope of ["imp-cdm-feature-display-ui", "imp-cdm-feature-manage-ui", "calm-api.features.read"])
    assert.ok(context.checkLocalScope(scope), scope);
assert.ok(!context.checkLocalScope("no.such.scope"));

// The same, as the service key of another application that our tokens were not made for.
const stranger = new xssec.XsuaaService({ ...key.uaa, clientid: "sb-other!b1|sapcloudalm!b2", xsappname: "other!b1" });
await assert.rejects(xssec.createSecurityContext(stranger, { jwt }), xssec.errors.WrongAudienceError);

// One bit of the claims or of the signature, and it is nobody's token any more.
const [head, claims, signature] = jwt.split(".");
const more = JSON.parse(Buffer.from(claims, "base64url"));
more.scope.push("no.such.scope");
for (const forged of [
    [head, Buffer.from(JSON.stringify(more)).toString("base64url"), signature],
    [head, claims, (signature[0] === "A" ? "B" : "A") + signature.slice(1)],
])
    await assert.rejects(xssec.createSecurityContext(service, { jwt: forged.join(".") }),
        xssec.errors.InvalidTokenSignatureError);

// A wrong secret is refused as a UAA does it.
const wrong = new xssec.XsuaaService({ ...key.uaa, clientsecret: "wrong" });
await assert.rejects(wrong.fetchClientCredentialsToken(), (error) => error.responseCode === 401 && /Bad credentials/.test(error.responseText));
