package dev.hawser.operations;

import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** {@code /actuator/reload}: reads the configuration again. */
@WebEndpoint(id = "reload")
final class ReloadEndpoint {
	private static final int UNPROCESSABLE_CONTENT = 422;

	private final Reload reload;

	ReloadEndpoint(Reload reload) {
		this.reload = reload;
	}

	/** 200 when the new configuration is in force; 422 when it is refused and the old one stays in force. */
	@WriteOperation
	public WebEndpointResponse<Reload.Outcome> reload() {
		Reload.Outcome outcome = reload.reload();
		return new WebEndpointResponse<>(outcome, outcome.applied() ? WebEndpointResponse.STATUS_OK : UNPROCESSABLE_CONTENT);
	}
}
