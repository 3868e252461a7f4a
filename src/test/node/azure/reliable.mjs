// The unmodified client of Azure Web PubSub, with its defaults: node reliable.mjs URL COUNT
// Joins group "in", sends COUNT numbered messages to group "out", and writes down each event, one a line.
import { WebPubSubClient } from "@azure/web-pubsub-client";

const [url, count] = process.argv.slice(2);
const client = new WebPubSubClient({ getClientAccessUrl: async () => url });
const say = (...words) => console.log(words.join(" "));

client.on("connected", (e) => say("connected", e.connectionId));
client.on("disconnected", (e) => say("disconnected", e.connectionId));
client.on("stopped", () => say("stopped"));
client.on("group-message", (e) => say("got", e.message.data));
client.on("server-message", (e) => say("server", e.message.data));

await client.start();
await client.joinGroup("in");
say("joined");
for (let i = 1; i <= Number(count); i++) {
	// an id of its own: for a repetition the client would take another one, and the server could not know it
	const result = await client.sendToGroup("out", i, "json", { ackId: 1000 + i });
	if (result.isDuplicated) {
		say("duplicated", i);
	}
}
say("sent", count);
