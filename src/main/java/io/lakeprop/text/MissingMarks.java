package io.lakeprop.text;

import io.lakeprop.base.MissingTexts;
import io.lakeprop.base.MissingTimes;
import java.io.Serial;
import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The texts that mean "no value here", compared without blanks around them. */
public final class MissingMarks implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final ArrayList<String> everywhere;
  private final MissingTexts inAnyColumn;
  private final HashSet<String> amongNumbers;

  private MissingMarks(List<String> everywhere, List<String> amongNumbers) {
    this.everywhere = new ArrayList<>(everywhere);
    this.inAnyColumn = new MissingTexts(everywhere);
    this.amongNumbers = new HashSet<>(amongNumbers);
  }

  /**
   * Those of a job.
   *
   * @param own what the job lists, which alone counts then; empty for the usual ones
   */
  public static MissingMarks of(Optional<List<String>> own) {
    return own.map(list -> new MissingMarks(list, List.of()))
        .orElseGet(() -> new MissingMarks(MissingTexts.USUAL, MissingTexts.AMONG_NUMBERS));
  }

  /** These and more. */
  public MissingMarks and(List<String> marks) {
    List<String> all = new ArrayList<>(everywhere);
    all.addAll(marks);
    return new MissingMarks(all, List.copyOf(amongNumbers));
  }

  /** These and more. */
  public MissingMarks and(MissingTexts more) {
    return and(more.texts());
  }

  /** These without some texts, which are values. */
  public MissingMarks without(Set<String> values) {
    if (values.isEmpty()) {
      return this;
    }
    List<String> left = new ArrayList<>(everywhere);
    left.removeIf(mark -> values.contains(mark.strip()));
    List<String> leftAmongNumbers = new ArrayList<>(amongNumbers);
    leftAmongNumbers.removeAll(values);
    return new MissingMarks(left, leftAmongNumbers);
  }

  /** The marks that count everywhere, as they were given. */
  public List<String> everywhere() {
    return List.copyOf(everywhere);
  }

  /** Whether a text means a missing value in any column. */
  public boolean hold(String text) {
    return inAnyColumn.hold(text);
  }

  /** Whether a text, or none, means a missing value in a column of a type. */
  public boolean hold(String text, TextType type) {
    if (text == null) {
      return true;
    }
    return type.kind() == TextType.Kind.STRING
        ? hold(text)
        : holdAmongNumbers(text) || holdTime(text, type);
  }

  /** Whether a text is a time in another writing of which a mark is one, or is the day. */
  private boolean holdTime(String text, TextType type) {
    MissingTimes times = inAnyColumn.times();
    if (times.isNone()) {
      return false;
    }
    return switch (type.kind()) {
      case DATE ->
          type.parse(text)
              .filter(day -> times.holdDay((Integer) day, ZoneId.of(type.format().zone())))
              .isPresent();
      case TIMESTAMP -> holdMicros(text, type, ZoneId.of(type.format().zone()));
      case TIMESTAMP_NTZ -> holdMicros(text, type, ZoneOffset.UTC);
      default -> false;
    };
  }

  private boolean holdMicros(String text, TextType type, ZoneId zone) {
    return type.parse(text)
        .filter(micros -> inAnyColumn.times().holdMicros((Long) micros, zone))
        .isPresent();
  }

  /** The same of a text in a column whose type nobody knows yet. */
  boolean holdTime(String text, TimeFormat format) {
    return holdTime(text, TextType.of(TextType.Kind.DATE, format))
        || holdTime(text, TextType.of(TextType.Kind.TIMESTAMP, format));
  }

  /**
   * The marks of a job, and those among them that are written as its dates and timestamps are once
   * more, as any other table has them.
   */
  public static List<String> alsoInIso(List<String> own, TimeFormat format) {
    Set<String> all = new LinkedHashSet<>(own);
    for (String mark : own) {
      format
          .days(mark.strip())
          .map(days -> LocalDate.ofEpochDay(days).toString())
          .or(() -> format.localMicros(mark.strip()).map(MissingMarks::iso))
          .or(
              () ->
                  format.micros(mark.strip()).map(micros -> iso(micros) + "Z")) // It names a zone.
          .ifPresent(all::add);
    }
    return List.copyOf(all);
  }

  private static String iso(long micros) {
    return LocalDateTime.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), ZoneOffset.UTC)
        .toString()
        .replace('T', ' ');
  }

  /**
   * Whether a text means a missing value in a column of numbers, dates or truth values; there
   * {@code -999.0} is the mark {@code -999}, too.
   */
  public boolean holdAmongNumbers(String text) {
    return hold(text)
        || amongNumbers.contains(text.strip())
        || (inAnyColumn.hasNumbers() && isNumber(text.strip()));
  }

  private boolean isNumber(String text) {
    return NumberText.isFinite(text) && inAnyColumn.hold(Double.parseDouble(text), false);
  }
}
