package dev.hawser.application;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.ApplicationContextEvent;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.core.ResolvableType;

/**
 * Tells listeners that their own context starts or closes, and not that another one does: the operations have a context of their own, whose
 * events Spring hands on to this one, so that every listener would be told of each stop twice.
 */
final class OwnContextEvents extends SimpleApplicationEventMulticaster {
	private final ApplicationContext own;

	OwnContextEvents(ApplicationContext own, BeanFactory beans) {
		super(beans);
		this.own = own;
	}

	@Override
	public void multicastEvent(ApplicationEvent event, @Nullable ResolvableType type) {
		if (!(event instanceof ApplicationContextEvent ofContext) || ofContext.getApplicationContext() == own) {
			super.multicastEvent(event, type);
		}
	}
}
