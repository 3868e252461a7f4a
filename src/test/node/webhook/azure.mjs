// A backend with the unmodified @azure/web-pubsub-express. node azure.mjs <port>. What comes is written to standard output, one JSON a line; the
// query parameter `as` of a client says how its connect is answered, and the text of a message says how the message is.
import { WebPubSubEventHandler } from '@azure/web-pubsub-express';
import express from 'express';

const note = (event, details) => console.log(JSON.stringify({ event, ...details }));

const replies = {
	count({ context }, response) {
		const count = context.states.count + 1;
		response.setState('count', count);
		response.success(`message ${count} of ${context.userId}`, 'text');
	},
	nothing: (_, response) => response.success(),
	json: (_, response) => response.success('{"a":1}', 'json'),
	fail: (_, response) => response.fail(400, 'no'),
};

const chat = new WebPubSubEventHandler('default', {
	path: '/hawser/',
	handleConnect({ context, claims, query, queries, headers, subprotocols }, response) {
		note('connect', { userId: context.userId, claims, query, queries, agent: headers['user-agent'], subprotocols });
		switch (query.as?.[0]) {
			case 'veto': return response.fail(401, 'pay first');
			case 'plain': return response.success();
			default:
				response.setState('count', 0);
				return response.success({ userId: 'ann', groups: ['room-1'], roles: ['webpubsub.sendToGroup'], subprotocol: 'chat.v1' });
		}
	},
	onConnected: ({ context }) => note('connected', { userId: context.userId, states: context.states }),
	handleUserEvent(request, response) {
		if (request.dataType === 'binary') {
			response.success(Buffer.from(request.data).reverse(), 'binary');
			return;
		}
		replies[request.data](request, response);
	},
	onDisconnected: ({ context, reason, code, wasClean, initiator }) =>
		note('disconnected', { userId: context.userId, states: context.states, reason, code, wasClean, initiator }),
});

express().use(chat.getMiddleware()).listen(Number(process.argv[2]), '127.0.0.1');
