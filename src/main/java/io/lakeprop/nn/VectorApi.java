package io.lakeprop.nn;

import java.lang.reflect.Constructor;

/**
 * The way to the classes that need the JVM's vector module, which is still incubating and is there
 * only where the JVM was started with {@code --add-modules jdk.incubator.vector}; Spark's launcher
 * does so.
 */
final class VectorApi {
  /** The passes on vectors, or as loops where there is no module. */
  static final Elements ELEMENTS = isThere() ? load("VectorElements") : new PlainElements();

  private VectorApi() {}

  static boolean isThere() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /** A new object of one of the classes, by its simple name. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <T> T load(String name) {
    try {
      Constructor<?> constructor = Class.forName("io.lakeprop.nn." + name).getDeclaredConstructor();
      return (T) constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the build has not made " + name, e);
    }
  }
}
