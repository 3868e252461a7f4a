package dev.hawser.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Has every test wait a minute for what must happen: only one that fails ever does, and a busy machine may need it. */
public final class Patience implements BeforeAllCallback {
	@Override
	public void beforeAll(ExtensionContext context) {
		Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
	}
}
