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

function OnMessage(string $fd, string $user, string $data): string
{
	return "$user: $data";
}

function OnClose(string $fd, string $user, array $end): void
{
	error_log("$user has left");
}

// From here on: which event is it, and what do the callbacks answer?
$fd = $_SERVER['HTTP_CE_CONNECTIONID'] ?? '';
$user = rawurldecode($_SERVER['HTTP_CE_USERID'] ?? '');
$body = file_get_contents('php://input');
[$status, $type, $answer] = match ($_SERVER['HTTP_CE_EVENTNAME'] ?? '') {
	'connect' => OnHandShake($fd, json_decode($body, true)),
	'connected' => [200, 'text/plain', OnOpen($fd, $user)],
	'message' => [200, 'text/plain', OnMessage($fd, $user, $body)],
	'disconnected' => [200, 'text/plain', OnClose($fd, $user, json_decode($body, true))],
	default => [200, 'text/html', file_get_contents('../chat.html')], // also the answer to the handler check
};
http_response_code($status);
header('WebHook-Allowed-Origin: *');
header("Content-Type: $type");
echo $answer;
