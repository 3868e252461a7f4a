package dev.hawser.handshake;

import dev.hawser.api.HandshakeResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class HandshakeAnswerTests extends HandshakeResponseContract {
	private HandshakeAnswer answer = new HandshakeAnswer(List.of(), () -> Map.of(), new HashMap<>());

	@Override
	HandshakeResponse answering(List<String> offered) {
		answer = new HandshakeAnswer(offered, () -> Map.of(), new HashMap<>());
		return answer;
	}

	@Override
	int status() {
		return answer.status();
	}
}
