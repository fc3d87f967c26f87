// @odata/client, a generic OData v4 client: features are made, found, counted, read page by page, changed and deleted.
import { OData, EdmV4 } from "@odata/client";
import { assert, key, api, token } from "./stand_in.mjs";

const client = OData.New4({
    serviceEndpoint: `${api}/calm-features/v1/`,
    commonHeaders: { authorization: `Bearer ${await token()}` },
});
const features = client.getEntitySet("Features");
const options = () => client.newOptions();

// A person made a project and its first feature in the app.
await fetch(`${process.env.ADMIN}/api/v1/cloud/projects`, { method: "POST", body: JSON.stringify({ name: "FI" }) });
await fetch(`${process.env.ADMIN}/api/v1/cloud/features`, { method: "POST", body: JSON.stringify({ title: "first", project: "FI" }) });
const [{ uuid: first, projectId }] = await features.query();
await features.delete(EdmV4.Guid.from(first));

const made = [];
for (const [title, priorityCode] of [["pay on time", 10], ["dunning", 30], ["posting period", 30], ["it's a quote", 20]])
    made.push(await features.create({ title, priorityCode, projectId }));
assert.equal(new Set(made.map((one) => one.uuid)).size, 4);
assert.ok(made.every((one) => /^6-\d+$/.test(one.displayId) && one.statusCode === "CREATED"));

// $filter, $orderby, $top, $skip, $select, $count, $expand.
const titles = (rows) => rows.map((row) => row.title);
assert.deepEqual(titles(await features.query(client.newFilter().property("title").eq("dunning"))), ["dunning"]);
assert.deepEqual(titles(await features.query(client.newFilter().property("title").eq("it''s a quote"))), ["it's a quote"]);
assert.deepEqual(titles(await features.query(client.newFilter().property("uuid").eq(EdmV4.Guid.from(made[1].uuid)))), ["dunning"]);
assert.deepEqual(
    titles(await features.query(options().filter(client.newFilter().property("priorityCode").between(20, 30)).orderby("title", "asc"))),
    ["dunning", "it's a quote", "posting period"]);
// All four by priority and title: dunning, posting period, it's a quote, pay on time. Asked for is the middle of them.
const by_priority = options().orderbyMulti([{ field: "priorityCode", order: "desc" }, { field: "title", order: "asc" }]);
assert.deepEqual(titles(await features.query(by_priority)), ["dunning", "posting period", "it's a quote", "pay on time"]);
assert.deepEqual(
    titles(await features.query(by_priority.top(2).skip(1).select(["title"]))), // the query option $skip
    ["posting period", "it's a quote"]);
assert.equal(await features.count(client.newFilter().property("priorityCode").eq(30)), 2);
assert.equal(await features.count(), 4);
const selected = await features.query(options().select("title").filter("contains(title,'period')"));
assert.deepEqual(selected.map(({ title, description }) => [title, description]), [["posting period", undefined]]);
const [expanded] = await features.query(options().expand(["toStatus", "toPriority"]).filter(client.newFilter().property("title").eq("dunning")));
assert.equal(expanded.toStatus.code, "CREATED");
assert.equal(expanded.toPriority.code, 30);

// One by its key, in each way of writing it; changed, refused, deleted.
for (const id of [EdmV4.Guid.from(made[0].uuid), made[0].uuid, { uuid: EdmV4.Guid.from(made[0].uuid) }])
    assert.equal((await features.retrieve(id)).title, "pay on time");
await features.update(EdmV4.Guid.from(made[0].uuid), { title: "pay at once", statusCode: "IN_REALIZATION" });
const changed = await features.retrieve(EdmV4.Guid.from(made[0].uuid), options().expand("toStatus"));
assert.equal(changed.title, "pay at once");
assert.equal(changed.statusCode, "IN_REALIZATION");
await features.update(EdmV4.Guid.from(made[0].uuid), changed); // as it was read, with annotations and toStatus
await assert.rejects(features.create({ priorityCode: 10 }), /title/);
await assert.rejects(features.update(EdmV4.Guid.from(made[0].uuid), { statusCode: "NO_SUCH" }), /statusCode/);
await assert.rejects(features.query(options().filter("nonsense eq 1")), /nonsense/);
for (const one of made) await features.delete(EdmV4.Guid.from(one.uuid));
assert.equal(await features.count(), 0);
await assert.rejects(features.retrieve(EdmV4.Guid.from(made[0].uuid)), /has no/);
