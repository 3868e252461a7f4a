package dev.hawser.push;

import dev.hawser.api.Clients;
import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.ConnectionObserver;
import dev.hawser.connection.Connections;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans with which callbacks, controllers and operators reach connections. */
@Configuration(proxyBeanMethods = false)
class PushConfiguration {

	@Bean("hawserSentOnce")
	SentOnce sentOnce() {
		return new SentOnce();
	}

	@Bean("hawserClients")
	Clients clients(Connections connections, SentOnce once, ObjectProvider<RemotePush> others) {
		LocalClients local = new LocalClients(connections);
		RemotePush remote = others.getIfAvailable();
		return remote == null ? local : new SharedClients(local, once, remote);
	}

	@Bean("hawserLocalOrders")
	LocalOrders localOrders(Connections connections, SentOnce once, ObjectProvider<ConnectionWatch> watch) {
		return new LocalOrders(new LocalClients(connections), once,
				watch.getIfAvailable(() -> (_, after) -> ConnectionWatch.Seen.nothingAfter(after)));
	}

	@Bean("hawserConnectionTokens")
	ConnectionTokens connectionTokens(ObjectProvider<ConnectionTokens.Keys> keys) {
		ConnectionTokens.Keys shared = keys.getIfAvailable();
		return new ConnectionTokens(shared == null ? List::of : shared);
	}

	@Bean("hawserWebSocketServer")
	WebSocketServer webSocketServer(Connections connections, ObjectProvider<ConnectionObserver.Factory> observers) {
		List<ConnectionObserver.Factory> told = observers.orderedStream().toList();
		return new LocalWebSocketServer(connections, result -> told.forEach(each -> each.pushedInVain(result)));
	}
}
