package dev.hawser.application;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.AnnotationBeanNameGenerator;
import org.springframework.context.annotation.ClassPathBeanDefinitionScanner;
import org.springframework.core.io.ResourceLoader;

/**
 * Registers an application's components as beans. A component without a name of its own is named by its full class name, so that it
 * never collides with a bean of the server, of Spring or of another jar. The name that Spring would have given it still works as a
 * {@code @Qualifier}.
 */
final class ComponentScan extends ClassPathBeanDefinitionScanner {
	private static final AnnotationBeanNameGenerator SHORT = AnnotationBeanNameGenerator.INSTANCE;

	ComponentScan(BeanDefinitionRegistry registry, ResourceLoader classes) {
		super(registry);
		setResourceLoader(classes);
		setBeanNameGenerator(new AnnotationBeanNameGenerator() {
			@Override
			protected String buildDefaultBeanName(BeanDefinition definition) {
				return String.valueOf(definition.getBeanClassName());
			}
		});
	}

	@Override
	protected void postProcessBeanDefinition(AbstractBeanDefinition definition, String name) {
		super.postProcessBeanDefinition(definition, name);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, SHORT.generateBeanName(definition, getRegistry())));
	}
}
