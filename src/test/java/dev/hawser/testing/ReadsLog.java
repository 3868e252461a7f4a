package dev.hawser.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * On test classes whose methods get a {@link org.springframework.boot.test.system.CapturedOutput}: what the whole JVM writes. No
 * other class runs beside them, since its lines would be among theirs.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Isolated("reads what the JVM writes")
@ExtendWith(OutputCaptureExtension.class)
public @interface ReadsLog {
}
