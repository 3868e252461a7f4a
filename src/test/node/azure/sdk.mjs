// A backend with the unmodified @azure/web-pubsub and its client with the unmodified @azure/web-pubsub-client, of the hub `chat`. All that both know is
// a connection string. node sdk.mjs <connection string> [<reverse proxy endpoint>]. With such an endpoint only the backend is tried, since clients would
// go to the endpoint of the connection string. Ends with 0 when all is as it should be.
import { odata, WebPubSubServiceClient } from '@azure/web-pubsub';
import { WebPubSubClient, WebPubSubJsonProtocol } from '@azure/web-pubsub-client';
import assert from 'node:assert/strict';
import { Inbox } from './inbox.mjs';

const [connectionString, reverseProxyEndpoint] = process.argv.slice(2);
const service = new WebPubSubServiceClient(connectionString, 'chat', { allowInsecureConnection: true, reverseProxyEndpoint });

async function connect(userId, options) {
	const client = new WebPubSubClient({ getClientAccessUrl: async () => (await service.getClientAccessToken({ userId, ...options })).url },
		{ protocol: WebPubSubJsonProtocol(), autoReconnect: false });
	const peer = { client, inbox: new Inbox(), stopped: new Promise(resolve => client.on('stopped', resolve)) };
	client.on('group-message', ({ message }) => peer.inbox.add([message.group, message.data]));
	client.on('server-message', ({ message }) => peer.inbox.add(message.data));
	const connected = new Promise(resolve => client.on('connected', resolve));
	await client.start();
	peer.id = (await connected).connectionId;
	assert.ok(peer.id);
	return peer;
}

if (reverseProxyEndpoint) {
	assert.ok(!await service.userExists('ann/b'));
	await service.sendToAll('hello', { contentType: 'text/plain', filter: odata`userId ne ${'bob'}`, messageTtlSeconds: 5 });
	process.exit(0);
}

const ann = await connect('u 1/x', { roles: ['webpubsub.joinLeaveGroup', 'webpubsub.sendToGroup'], groups: ['room/1'] });
const bob = await connect('bob', { roles: ['webpubsub.joinLeaveGroup.lobby'] });

await service.sendToAll({ to: 'all' });
assert.deepEqual(await ann.inbox.next(), { to: 'all' });
assert.deepEqual(await bob.inbox.next(), { to: 'all' });

await service.sendToAll('not bob', { contentType: 'text/plain', filter: odata`userId ne ${'bob'}` });
await service.sendToUser('u 1/x', 'to a user', { contentType: 'text/plain' });
await service.sendToConnection(bob.id, 'to a connection', { contentType: 'text/plain' });
assert.equal(await ann.inbox.next(), 'not bob');
assert.equal(await ann.inbox.next(), 'to a user');
assert.equal(await bob.inbox.next(), 'to a connection');

const room = service.group('room/1');
await room.addUser('bob');
await room.sendToAll({ to: 'group' }, { excludedConnections: [ann.id] });
assert.deepEqual(await bob.inbox.next(), ['room/1', { to: 'group' }]);
await room.removeUser('bob');
await room.sendToAll(new Uint8Array([1, 2, 3]).buffer);
const [group, data] = await ann.inbox.next();
assert.deepEqual([group, [...new Uint8Array(data)]], ['room/1', [1, 2, 3]]);

await bob.client.joinGroup('lobby');
await assert.rejects(bob.client.joinGroup('attic'));
await bob.client.sendToGroup('lobby', 'a', 'text').then(() => assert.fail('bob may not send'), () => {});
await service.grantPermission(bob.id, 'sendToGroup', { targetName: 'lobby' });
assert.ok(await service.hasPermission(bob.id, 'sendToGroup', { targetName: 'lobby' }));
await bob.client.sendToGroup('lobby', 'hello', 'text');
assert.deepEqual(await bob.inbox.next(), ['lobby', 'hello']);

assert.ok(await service.userExists('u 1/x'));
assert.ok(await service.connectionExists(ann.id));
assert.ok(await service.groupExists('room/1'));
assert.ok(!await service.userExists('carl'));

await service.closeConnection(ann.id, { reason: 'enough' });
await ann.stopped;
assert.ok(!await service.userExists('u 1/x'));
await service.closeUserConnections('bob');
await bob.stopped;

const stranger = new WebPubSubServiceClient(connectionString.replace(/AccessKey=[^;]*/, 'AccessKey=' + 'a'.repeat(44)), 'chat',
	{ allowInsecureConnection: true });
await assert.rejects(stranger.sendToAll('hello', { contentType: 'text/plain' }), { statusCode: 401, code: 'Unauthorized' });
