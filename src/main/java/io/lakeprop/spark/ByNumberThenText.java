package io.lakeprop.spark;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Optional;

/** Orders class names: numbers by value before all else, then texts. */
final class ByNumberThenText implements Comparator<String> {
  @Override
  public int compare(String left, String right) {
    Optional<BigDecimal> a = number(left);
    Optional<BigDecimal> b = number(right);
    if (a.isPresent() && b.isPresent()) {
      int order = a.get().compareTo(b.get());
      return order != 0 ? order : left.compareTo(right);
    }
    return a.isPresent() ? -1 : b.isPresent() ? 1 : left.compareTo(right);
  }

  private static Optional<BigDecimal> number(String text) {
    try {
      return Optional.of(new BigDecimal(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
