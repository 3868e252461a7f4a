import { ask, element, foreign, Log, say, size, template } from './console.js';

const MOST_BYTES = 64;
const PING = '{"type":"ping"}';

/** Lines that do the same as the client on the page. A text in quotes is one in JSON, which is one in these languages too. */
function code(url, subprotocol) {
	const where = JSON.stringify(url);
	const name = JSON.stringify(subprotocol);
	const sent = subprotocol ? '{"type":"event","event":"hello","dataType":"text","data":"hello"}' : 'hello';
	const text = JSON.stringify(sent);
	const php = value => `'${value.replace(/[\\']/g, '\\$&')}'`;
	return {
		JavaScript: `const socket = new WebSocket(${where}${subprotocol ? ', ' + name : ''});
socket.onopen = () => socket.send(${text});
socket.onmessage = event => {
	console.log(event.data);
	socket.close(1000, 'done');
};
socket.onclose = event => console.log('closed', event.code, event.reason);`,
		PHP: `<?php // needs no library, and sends up to 125 bytes; for more take one, such as phrity/websocket
$url = parse_url(${php(url)});
$host = $url['host'] . ':' . ($url['port'] ?? ($url['scheme'] === 'wss' ? 443 : 80));
$socket = stream_socket_client(($url['scheme'] === 'wss' ? 'tls' : 'tcp') . "://$host") ?: exit(1);
fwrite($socket, "GET $url[path]" . (isset($url['query']) ? "?$url[query]" : '') . " HTTP/1.1\\r\\nHost: $host\\r\\nConnection: Upgrade\\r\\n"
	. "Upgrade: websocket\\r\\nSec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: " . base64_encode(random_bytes(16)) . "\\r\\n"${subprotocol ? `\n	. 'Sec-WebSocket-Protocol: ' . ${php(subprotocol)} . "\\r\\n"` : ''} . "\\r\\n");
$status = fgets($socket);
while (trim(fgets($socket)) !== '');
if (!str_contains($status, ' 101 ')) exit($status);

function send($socket, int $opcode, string $data) {
	$mask = random_bytes(4);
	fwrite($socket, pack('C2', 0x80 | $opcode, 0x80 | strlen($data)) . $mask . ($data ^ str_repeat($mask, 32)));
}
function receive($socket): string {
	$length = unpack('C2', stream_get_contents($socket, 2))[2];
	if ($length > 125) {
		$length = $length === 126 ? unpack('n', stream_get_contents($socket, 2))[1] : unpack('J', stream_get_contents($socket, 8))[1];
	}
	return stream_get_contents($socket, $length);
}

send($socket, 1, ${php(sent)});
echo receive($socket), "\\n";
send($socket, 8, pack('n', 1000) . 'done');`,
		Python: `# pip install websockets
import asyncio
from websockets import connect

async def main():
    async with connect(${where}${subprotocol ? `, subprotocols=[${name}]` : ''}) as socket:
        await socket.send(${text})
        print(await socket.recv())
        await socket.close(1000, "done")

asyncio.run(main())`,
		Java: `// java Try.java
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

class Try {
	public static void main(String[] arguments) throws Exception {
		var answer = new CompletableFuture<String>();
		var socket = HttpClient.newHttpClient().newWebSocketBuilder()${subprotocol ? `\n				.subprotocols(${name})` : ''}
				.buildAsync(URI.create(${where}), new WebSocket.Listener() {
					@Override
					public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
						answer.complete(text.toString());
						return WebSocket.Listener.super.onText(from, text, last);
					}
				}).join();
		socket.sendText(${text}, true).join();
		System.out.println(answer.get());
		socket.sendClose(1000, "done").join();
	}
}`,
	};
}

/** A client of this server, in the operator's browser. */
export function tryIt(parent, session) {
	parent.append(template('try'));
	const connect = parent.querySelector('#connect');
	const talk = parent.querySelector('#talk');
	const end = parent.querySelector('#end');
	const ping = parent.querySelector('#ping');
	const log = new Log(parent.querySelector('.log'));
	connect.hub.append(...session.hubs.map(hub => element('option', hub)));
	parent.querySelector('#unsafe').hidden = location.protocol !== 'https:' || !session.clientUrl.startsWith('ws:');
	parent.querySelector('#make').disabled = session.right !== 'ACT';
	let socket = null;

	function url(token) {
		const path = connect.subprotocol.value ? '/client/hubs/' + connect.hub.value : session.paths[session.hubs.indexOf(connect.hub.value)];
		return session.clientUrl + path + (token ? '?access_token=' + encodeURIComponent(token) : '');
	}
	function examples() {
		parent.querySelector('.code').replaceChildren(...Object.entries(code(url(connect.token.value && 'TOKEN'), connect.subprotocol.value))
			.flatMap(([language, text]) => [element('h3', language), element('pre', text, { tabindex: 0, role: 'region', 'aria-label': language })]));
	}
	function enable(on) {
		for (const form of [talk, end]) {
			form.querySelectorAll('input,button:not(#clear)').forEach(part => { part.disabled = !on; });
		}
		ping.disabled = !on || !socket.protocol;
	}
	function frame(direction, data) {
		const text = typeof data === 'string' ? data : [...new Uint8Array(data, 0, Math.min(MOST_BYTES, data.byteLength))].map(byte => byte.toString(16).padStart(2, '0')).join(' ');
		log.add(Date.now(), [direction, typeof data === 'string' ? 'text' : 'binary', size(data) + ':', foreign(text)]);
	}
	function send(data) {
		say('');
		socket.send(data);
		frame('→', data);
	}

	connect.addEventListener('input', examples);
	connect.addEventListener('submit', event => {
		event.preventDefault();
		say('');
		socket?.close();
		const begun = performance.now();
		const subprotocol = connect.subprotocol.value;
		const mine = new WebSocket(url(connect.token.value), subprotocol ? [subprotocol] : []);
		socket = mine;
		mine.binaryType = 'arraybuffer';
		log.add(Date.now(), ['connecting to', foreign(url(connect.token.value && 'TOKEN'))]);
		mine.onopen = () => {
			log.add(Date.now(), [`open after ${Math.round(performance.now() - begun)} ms`, mine.protocol && 'with ' + mine.protocol]);
			enable(true);
		};
		mine.onmessage = message => frame('←', message.data);
		mine.onclose = closed => {
			log.add(Date.now(), [`closed with ${closed.code}`, closed.reason && foreign(closed.reason), closed.code === 1006 && '(refused or broken; the view Events says why)'], 'close');
			if (socket === mine) {
				enable(false);
			}
		};
	});
	parent.querySelector('#make').addEventListener('click', async () => {
		try {
			connect.token.value = (await ask('token', { hub: connect.hub.value })).token;
			examples();
			say('This token is good for an hour, and for this page only.');
		} catch (error) {
			say(error.message, true);
		}
	});
	parent.querySelector('#clear').addEventListener('click', () => log.clear());
	ping.addEventListener('click', () => send(PING));
	talk.addEventListener('submit', event => {
		event.preventDefault();
		send(event.submitter?.value === 'binary' ? new TextEncoder().encode(talk.text.value).buffer : talk.text.value);
		talk.text.value = '';
		talk.text.focus();
	});
	end.addEventListener('submit', event => {
		event.preventDefault();
		try {
			socket.close(Number(end.code.value), end.reason.value);
			say('');
			log.add(Date.now(), ['→', 'close', end.code.value, foreign(end.reason.value)]);
		} catch (error) {
			say('A browser may close with 1000 or with 3000 to 4999 only, and a reason of at most 123 bytes.', true);
		}
	});
	examples();
	return () => socket?.close();
}
