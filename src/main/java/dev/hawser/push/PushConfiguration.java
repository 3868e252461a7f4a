package dev.hawser.push;

import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.ConnectionObserver;
import dev.hawser.connection.ConnectionObservers;
import dev.hawser.connection.Connections;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What callbacks and controllers push with. */
@Configuration(proxyBeanMethods = false)
public class PushConfiguration {

	@Bean("hawserWebSocketServer")
	WebSocketServer webSocketServer(Connections connections, ObjectProvider<ConnectionObservers> observers) {
		ConnectionObservers found = observers.getIfAvailable();
		return new LocalWebSocketServer(connections, found == null ? ConnectionObserver.NONE : found.ofNoHub());
	}
}
