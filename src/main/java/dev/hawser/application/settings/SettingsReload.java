package dev.hawser.application.settings;

import dev.hawser.application.hub.HandshakePolicies;
import dev.hawser.application.hub.HubEndpoint;
import dev.hawser.application.hub.HubEndpoints;
import dev.hawser.application.hub.HubSettings;
import dev.hawser.handshake.HandshakePolicy;
import dev.hawser.operations.OperatorKey;
import dev.hawser.operations.Reload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Puts changed limits, origins and keys in force without dropping a connection: when an operator asks, and, if so configured,
 * every few seconds. A configuration with a bad value changes nothing.
 */
public final class SettingsReload implements Reload, AutoCloseable {
	private static final Logger LOG = LoggerFactory.getLogger(SettingsReload.class);

	private final ConfigurableEnvironment environment;
	private final HubEndpoints hubs;
	private final HandshakePolicies verifiers;
	private final OperatorKey operatorKey;
	private final HawserSettings atStart;
	private final ReentrantLock lock = new ReentrantLock();
	private final ScheduledExecutorService watching = Executors
			.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("hawser-reload").factory());
	private HawserSettings inForce;
	/** What was last wrong, so that a watched file is not complained of every few seconds. */
	private @Nullable String lastError;

	public SettingsReload(ConfigurableEnvironment environment, HubEndpoints hubs, HandshakePolicies verifiers, OperatorKey operatorKey,
			HawserSettings settings) {
		this.environment = environment;
		this.hubs = hubs;
		this.verifiers = verifiers;
		this.operatorKey = operatorKey;
		this.atStart = settings;
		this.inForce = settings;
		Duration interval = settings.reloadInterval();
		if (interval.isPositive()) {
			watching.scheduleWithFixedDelay(this::reload, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	@Override
	public Outcome reload() {
		lock.lock();
		try {
			HawserSettings fresh = SettingsReader.read(RereadEnvironment.like(environment));
			apply(fresh);
			List<String> needRestart = needRestart(fresh);
			if (!fresh.equals(inForce)) {
				LOG.info("The configuration has changed and is in force{}",
						needRestart.isEmpty() ? "" : "; these properties need a restart: " + String.join(", ", needRestart));
			}
			inForce = fresh;
			lastError = null;
			return new Outcome(true, null, needRestart);
		}
		catch (RuntimeException e) {
			return refused(e);
		}
		finally {
			lock.unlock();
		}
	}

	private Outcome refused(RuntimeException failure) {
		String error = SettingsFailureAnalyzer.describe(failure);
		if (!error.equals(lastError)) {
			LOG.error("The changed configuration is refused, and the old one stays in force: {}", error);
			lastError = error;
		}
		return new Outcome(false, error, List.of());
	}

	/** All verifiers are made before the first hub is changed, since a key file may be missing. */
	private void apply(HawserSettings fresh) {
		Map<HubEndpoint, HandshakePolicy> policies = new LinkedHashMap<>();
		for (HubEndpoint hub : hubs.all()) {
			HubSettings settings = fresh.hubs().get(hub.name());
			if (settings != null) {
				policies.put(hub, verifiers.successor(hub.policy(), settings.handshake()));
			}
		}
		policies.forEach((hub, policy) -> {
			HandshakePolicy old = hub.policy();
			hub.replace(fresh.hubs().get(hub.name()), policy);
			if (old.verifier() != policy.verifier()) {
				verifiers.dispose(old);
			}
		});
		operatorKey.replace(fresh.operations());
	}

	private List<String> needRestart(HawserSettings fresh) {
		List<String> names = new ArrayList<>();
		Map<String, Object[]> fixed = new LinkedHashMap<>();
		fixed.put("hawser.callbacks", new Object[] { atStart.callbacks(), fresh.callbacks() });
		fixed.put("hawser.client-address", new Object[] { atStart.clientAddress(), fresh.clientAddress() });
		fixed.put("hawser.drain", new Object[] { atStart.drain(), fresh.drain() });
		fixed.put("hawser.hubs", new Object[] { paths(atStart), paths(fresh) });
		fixed.put("hawser.node", new Object[] { atStart.node(), fresh.node() });
		fixed.put("hawser.reload-interval", new Object[] { atStart.reloadInterval(), fresh.reloadInterval() });
		fixed.put("hawser.request", new Object[] { atStart.request(), fresh.request() });
		fixed.forEach((name, values) -> {
			if (!Objects.equals(values[0], values[1])) {
				names.add(name);
			}
		});
		return names;
	}

	private static Map<String, List<String>> paths(HawserSettings settings) {
		Map<String, List<String>> paths = new LinkedHashMap<>();
		settings.hubs().forEach((name, hub) -> paths.put(name, HubEndpoint.paths(name, hub)));
		return paths;
	}

	@Override
	public void close() {
		watching.shutdownNow();
		hubs.all().forEach(hub -> verifiers.dispose(hub.policy()));
	}
}
