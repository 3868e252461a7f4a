<?php
// The four callbacks of a Swoole server, under their names there; $fd is the connection's id.

function OnHandShake(string $fd, array $request): array
{
	$name = $request['query']['name'][0] ?? '';
	return $name === '' ? [401, 'text/plain', 'Say your name: ?name=ann'] : [200, 'application/json', json_encode(['userId' => $name])];
}

function OnOpen(string $fd, string $user): void
{
	error_log("$user is here");
}

function OnMessage(string $fd, string $user, string $data): void
{
	sendToAll("$user: $data");
}

function OnClose(string $fd, string $user, array $end): void
{
	error_log("$user has left");
}

// Swoole's $server->push to everyone: a call of the push API, with a token that the shared key signs.
function sendToAll(string $text): void
{
	$url = (getenv('PUSH_URL') ?: 'http://127.0.0.1:9502') . '/api/hubs/default/:send';
	$part = fn(string $bytes) => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
	$signed = $part('{"alg":"HS256"}') . '.' . $part(json_encode(['aud' => $url, 'exp' => time() + 60]));
	$key = getenv('PUSH_KEY') ?: 'example-key-for-your-own-machine-only';
	$token = $signed . '.' . $part(hash_hmac('sha256', $signed, $key, true));
	file_get_contents($url, false, stream_context_create(['http' => ['method' => 'POST', 'content' => $text, 'timeout' => 5,
		'header' => "Authorization: Bearer $token\r\nContent-Type: text/plain"]]));
}

// From here on: which event is it, and what do the callbacks answer?
$fd = $_SERVER['HTTP_CE_CONNECTIONID'] ?? '';
$user = rawurldecode($_SERVER['HTTP_CE_USERID'] ?? '');
$body = file_get_contents('php://input');
[$status, $type, $answer] = match ($_SERVER['HTTP_CE_EVENTNAME'] ?? '') {
	'connect' => OnHandShake($fd, json_decode($body, true)),
	'connected' => [200, 'text/plain', OnOpen($fd, $user)],
	'message' => [204, 'text/plain', OnMessage($fd, $user, $body)],
	'disconnected' => [200, 'text/plain', OnClose($fd, $user, json_decode($body, true))],
	default => [200, 'text/html', file_get_contents('../chat.html')], // also the answer to the handler check
};
http_response_code($status);
header('WebHook-Allowed-Origin: *');
header("Content-Type: $type");
echo $answer;
