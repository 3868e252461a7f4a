import { ask, element, line, say, template } from './console.js';

function code(url, subprotocol) {
	const offered = subprotocol ? `, '${subprotocol}'` : '';
	return {
		JavaScript: `const socket = new WebSocket('${url}'${offered});\nsocket.onmessage = event => console.log(event.data);\nsocket.onopen = () => socket.send('hello');`,
		Python: `# pip install websockets\nfrom websockets.sync.client import connect\n\nwith connect("${url}"${subprotocol ? `, subprotocols=["${subprotocol}"]` : ''}) as socket:\n    socket.send("hello")\n    print(socket.recv())`,
		PHP: `// composer require phrity/websocket\n$client = new WebSocket\\Client('${url}');${subprotocol ? `\n$client->addHeader('Sec-WebSocket-Protocol', '${subprotocol}');` : ''}\n$client->text('hello');\necho $client->receive()->getContent();`,
		Java: `WebSocket socket = HttpClient.newHttpClient().newWebSocketBuilder()${subprotocol ? `\n    .subprotocols("${subprotocol}")` : ''}\n    .buildAsync(URI.create("${url}"), new WebSocket.Listener() { }).join();\nsocket.sendText("hello", true).join();`,
	};
}

/** A client of this server, in the operator's browser. */
export function tryIt(parent, session) {
	parent.append(template('try'));
	const connect = parent.querySelector('#connect');
	const talk = parent.querySelector('#talk');
	const log = parent.querySelector('.log');
	connect.hub.append(...session.hubs.map(hub => element('option', hub)));
	let socket = null;

	function url(shown) {
		const path = connect.subprotocol.value ? '/client/hubs/' + connect.hub.value : session.paths[session.hubs.indexOf(connect.hub.value)];
		const token = connect.token.value;
		return session.clientUrl + path + (token ? '?access_token=' + (shown ? 'TOKEN' : encodeURIComponent(token)) : '');
	}
	function examples() {
		parent.querySelector('.code').replaceChildren(...Object.entries(code(url(true), connect.subprotocol.value))
			.flatMap(([language, text]) => [element('h3', language), element('pre', text, { tabindex: 0 })]));
	}
	function enable(on) {
		talk.querySelectorAll('input,button').forEach(part => { part.disabled = !on; });
	}
	function size(data) {
		return typeof data === 'string' ? new TextEncoder().encode(data).length : data.byteLength;
	}
	function frame(direction, data) {
		const text = typeof data === 'string' ? data : [...new Uint8Array(data)].slice(0, 64).map(byte => byte.toString(16).padStart(2, '0')).join(' ');
		line(log, Date.now(), `${direction} ${typeof data === 'string' ? 'text' : 'binary'} ${size(data)} bytes: ${text}`);
	}

	connect.addEventListener('input', examples);
	connect.addEventListener('submit', event => {
		event.preventDefault();
		socket?.close();
		const opened = performance.now();
		const subprotocol = connect.subprotocol.value;
		const mine = new WebSocket(url(false), subprotocol ? [subprotocol] : []);
		socket = mine;
		mine.binaryType = 'arraybuffer';
		mine.onopen = () => {
			line(log, Date.now(), `open after ${Math.round(performance.now() - opened)} ms`);
			enable(true);
		};
		mine.onmessage = message => frame('←', message.data);
		mine.onclose = end => {
			line(log, Date.now(), `closed with ${end.code}${end.reason ? ' ' + end.reason : ''}${end.code === 1006 ? ': refused or broken; the view Events says why' : ''}`, 'close');
			if (socket === mine) {
				enable(false);
			}
		};
	});
	parent.querySelector('#make').addEventListener('click', async () => {
		try {
			connect.token.value = (await ask('token', { hub: connect.hub.value })).token;
			examples();
		} catch (error) {
			say(error.message, true);
		}
	});
	talk.addEventListener('submit', event => {
		event.preventDefault();
		const text = talk.text.value;
		if (event.submitter?.value === 'close') {
			try {
				socket.close(Number(talk.code.value), text);
			} catch (error) {
				say('A browser may close with 1000 or with 3000 to 4999 only.', true);
			}
			return;
		}
		const data = event.submitter?.value === 'binary' ? new TextEncoder().encode(text).buffer : text;
		socket.send(data);
		frame('→', data);
		talk.text.value = '';
	});
	examples();
	return () => socket?.close();
}
