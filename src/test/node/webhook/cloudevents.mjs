// A backend that reads events with CloudEvents' own package for Node. node cloudevents.mjs <port>. Each event is written to standard output, one JSON
// a line, and a message is answered with its own data.
import { HTTP } from 'cloudevents';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

createServer(async (request, response) => {
	const body = await buffer(request);
	if (request.method === 'OPTIONS') {
		response.setHeader('WebHook-Allowed-Origin', '*').end();
		return;
	}
	const binary = request.headers['content-type'] === 'application/octet-stream';
	const event = HTTP.toEvent({ headers: request.headers, body: binary ? body : body.toString() });
	event.validate();
	console.log(JSON.stringify({ ...event, data: binary ? body.toString('hex') : event.data }));
	if (event.type === 'azure.webpubsub.user.message') {
		response.setHeader('Content-Type', event.datacontenttype).end(event.data);
	}
	else {
		response.writeHead(204).end();
	}
}).listen(Number(process.argv[2]), '127.0.0.1');
