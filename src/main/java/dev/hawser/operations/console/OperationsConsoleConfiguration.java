package dev.hawser.operations.console;

import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * The page on the operations' port, in the context that serves it. Named in a file under {@code META-INF/spring}. It has no annotation and is
 * not imported, since an import would always put the page on the clients' port.
 */
class OperationsConsoleConfiguration {

	@Bean("hawserOperationsConsole")
	ServletRegistrationBean<ConsoleServlet> operationsConsole(Login login, SignIns signIns, ConsoleApi api, EventStream stream,
			ClientUrl clientUrl) {
		ServletRegistrationBean<ConsoleServlet> registration = new ServletRegistrationBean<>(
				new ConsoleServlet(login, signIns, api, stream, clientUrl), "/console/*");
		registration.setAsyncSupported(true);
		registration.setEnabled(login.settings().enabled());
		return registration;
	}
}
