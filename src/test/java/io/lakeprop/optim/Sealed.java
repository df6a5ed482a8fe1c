package io.lakeprop.optim;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The records below a sealed type, those below its sealed parts too. */
final class Sealed {
  private Sealed() {}

  static Set<Class<?>> leaves(Class<?> type) {
    return stream(type).collect(Collectors.toSet());
  }

  private static Stream<Class<?>> stream(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(Sealed::stream)
        : Stream.of(type);
  }
}
