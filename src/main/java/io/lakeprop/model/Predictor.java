package io.lakeprop.model;

import io.lakeprop.base.EditDistance;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.MissingTexts;
import io.lakeprop.data.Feature;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.TableMeaning;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Predicts rows with a model, without any engine.
 *
 * <p>It never changes and may be shared by any threads, virtual ones too: each gets the answers
 * that one thread alone would get, to the bit. It is cheap to keep; its buffers are made when they
 * are first needed, one set for each thread that predicts at the same time.
 *
 * <pre>{@code
 * Model model = ModelFiles.read(new LocalStorage(), "runs/adult/model");
 * Predictor predictor = model.predictor().strict();
 * double[] p = predictor.predict(Map.of("age", 39, "workclass", "State-gov"));
 * }</pre>
 */
public final class Predictor {
  private final Model model;
  private final BatchPool pool;
  private final boolean strict;
  private final ZoneId zone;
  private final ZoneId clock;
  private final Map<String, String> types;
  private final Map<String, MissingTexts> marks;

  /** What means that there is no offset. */
  private final MissingTexts noOffset;

  Predictor(Model model, BatchPool pool, boolean strict) {
    this.model = model;
    this.pool = pool;
    this.strict = strict;
    this.zone = ZoneId.of(model.table().timeZone());
    this.clock = ZoneId.of(model.table().zoneOfTimes());
    this.types = model.table().typesOfValues();
    TableMeaning known = model.table().knowing(model.encoder(), model.labels());
    this.marks =
        known.derive().keySet().stream()
            .collect(Collectors.toUnmodifiableMap(name -> name, known::missingInResult));
    this.noOffset = model.table().missingIn(model.offset().name());
  }

  /**
   * The same predictor, that refuses a row which lacks the key of a feature or of the offset: so a
   * misspelt name does not pass for a missing value. A null is a missing value and may be given.
   * Keys that no feature has are allowed, since rows often bring more columns than a model reads.
   */
  public Predictor strict() {
    return new Predictor(model, pool, true);
  }

  /**
   * Predicts one row given as column names and values. A column that is absent is missing, unless
   * the predictor is {@link #strict}.
   *
   * <p>A number may be any {@link Number} or a boolean (1 is true); for a column of dates a {@link
   * java.time.LocalDate}, a {@link java.sql.Date} (its local day) or days since 1970-01-01; for one
   * of timestamps an {@link java.time.Instant}, {@link java.time.OffsetDateTime}, {@link
   * java.time.ZonedDateTime}, {@link java.time.LocalDateTime} (in the zone of the training table),
   * {@link java.util.Date}, {@link java.sql.Timestamp} or seconds since 1970-01-01T00:00:00Z. A
   * category may be any of these, a text, a character or an enum's constant; its text is the one
   * that Spark would give it, of a timestamp in the zone of the training table. What stood for a
   * missing value in a training table of texts ({@code NA}, an empty text) does so here. A vector
   * is an array or a list of numbers. Arrays and maps must not change during the call.
   *
   * @return as {@link Model#predictions} names them: label after label probabilities of the classes
   *     or estimates in the label's unit
   * @throws InvalidInput when a value is of another type (of a category: one that cannot be read as
   *     the column's type in training, as "01.01.2024" among dates), a number is not finite, or a
   *     date or timestamp is so far from those of training that its unit must be another
   */
  public double[] predict(Map<String, ?> values) {
    if (strict) {
      checkKeys(values);
    }
    MapRow row = new MapRow(model.encoder().features(), values, zone, clock, types, marks);
    double offset = model.offset().isNone() ? 0 : offset(row);
    Batch batch = pool.take();
    try {
      batch.put(0, row, offset);
      return inUnits(batch.predict(1));
    } finally {
      pool.giveBack(batch);
    }
  }

  /** What the row gives; NaN, which is refused, where it means a missing value. */
  private double offset(MapRow row) {
    String name = model.offset().name();
    double given = row.numberOf(name);
    boolean isSingle = "FLOAT".equals(types.get(name)) || row.isSingle(name);
    return noOffset.hold(given, isSingle) ? Double.NaN : given;
  }

  /** A copy with estimates in the label's unit. */
  private double[] inUnits(float[] predictions) {
    double[] copy = new double[model.loss().predictions()];
    int i = 0;
    for (int label = 0; label < model.labels().size(); label++) {
      int end = i + model.loss().byLabel().get(label).predictions();
      for (; i < end; i++) {
        copy[i] =
            model.labels().get(label) instanceof LabelEncoder.Quantity number
                ? number.decode(predictions[i])
                : predictions[i];
      }
    }
    return copy;
  }

  private void checkKeys(Map<String, ?> values) {
    for (Feature feature : model.encoder().features()) {
      checkKey(feature.name(), values);
    }
    if (!model.offset().isNone()) {
      checkKey(model.offset().name(), values);
    }
  }

  private void checkKey(String name, Map<String, ?> values) {
    if (!values.containsKey(name)) {
      List<String> unknown = new ArrayList<>(values.keySet());
      model.encoder().features().forEach(feature -> unknown.remove(feature.name()));
      Optional<String> meant = EditDistance.nearest(name, unknown);
      throw new InvalidInput(
          "a row must have the key \"%s\", with null for a missing value, however: %s"
              .formatted(
                  name,
                  meant
                      .map(key -> "it has \"%s\" (did you mean \"%s\"?)".formatted(key, name))
                      .orElse("it is not there")));
    }
  }
}
