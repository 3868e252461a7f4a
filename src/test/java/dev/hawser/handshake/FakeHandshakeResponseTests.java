package dev.hawser.handshake;

import dev.hawser.api.HandshakeResponse;
import dev.hawser.fixtures.FakeHandshakeResponse;
import java.util.List;

class FakeHandshakeResponseTests extends HandshakeResponseContract {
	private FakeHandshakeResponse answer = FakeHandshakeResponse.to();

	@Override
	HandshakeResponse answering(List<String> offered) {
		answer = FakeHandshakeResponse.to(offered.toArray(String[]::new));
		return answer;
	}

	@Override
	int status() {
		return answer.status();
	}
}
