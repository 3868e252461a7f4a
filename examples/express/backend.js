import { WebPubSubEventHandler } from '@azure/web-pubsub-express';
import express from 'express';

const user = (request) => decodeURIComponent(request.context.userId ?? '');

const chat = new WebPubSubEventHandler('default', {
	path: '/hawser/',
	handleConnect: (request, response) => request.query.name?.[0]
		? response.success({ userId: request.query.name[0] })
		: response.fail(401, 'Say your name: ?name=ann'),
	onConnected: (request) => console.log(user(request), 'is here'),
	handleUserEvent: (request, response) => response.success(`${user(request)}: ${request.data}`, 'text'),
	onDisconnected: (request) => console.log(user(request), 'has left'),
});

express()
	.use(chat.getMiddleware()) // before everything that reads bodies, such as express.json()
	.get('/', (_, response) => response.sendFile('chat.html', { root: '..' }))
	.listen(process.argv[2] ?? 8080, '127.0.0.1');
