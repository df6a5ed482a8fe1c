package io.lakeprop.base;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What others call a constant: its names in papers and in other libraries. A file that has one of
 * them is refused, and the refusal names the constant; nothing is read by another name.
 *
 * <p>Case, {@code -} and {@code _} do not matter here: {@code mse} stands for {@code MSE}, too.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface AlsoCalled {
  /** The other names, in small letters. */
  String[] value();
}
