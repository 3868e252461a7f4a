package dev.hawser.handshake;

import dev.hawser.api.HandshakeResponse;
import java.util.List;

class HandshakeAnswerTests extends HandshakeResponseContract {
	private HandshakeAnswer answer = new HandshakeAnswer(List.of());

	@Override
	HandshakeResponse answering(List<String> offered) {
		answer = new HandshakeAnswer(offered);
		return answer;
	}

	@Override
	int status() {
		return answer.status();
	}
}
