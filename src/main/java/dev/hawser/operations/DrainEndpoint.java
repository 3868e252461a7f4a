package dev.hawser.operations;

import dev.hawser.operations.Drain.Progress;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** {@code /actuator/drain}: takes this node out of service without stopping it, and back. */
@WebEndpoint(id = "drain")
final class DrainEndpoint {
	private final Drain drain;

	DrainEndpoint(Drain drain) {
		this.drain = drain;
	}

	/** The state of the drain now. */
	@ReadOperation
	public Progress progress() {
		return drain.progress();
	}

	/** Begins a drain, unless one is under way. */
	@WriteOperation
	public Progress begin() {
		drain.begin();
		return drain.progress();
	}

	/** Ends the drain: new connections are accepted again. 409 when the server stops. */
	@DeleteOperation
	public WebEndpointResponse<Progress> end() {
		boolean ended = drain.end();
		return new WebEndpointResponse<>(drain.progress(), ended ? WebEndpointResponse.STATUS_OK : 409);
	}
}
