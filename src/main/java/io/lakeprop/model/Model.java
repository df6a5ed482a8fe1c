package io.lakeprop.model;

import io.lakeprop.base.Check;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.data.PredictionBounds;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableRow;
import io.lakeprop.nn.CategoryEncoding;
import io.lakeprop.nn.Heads;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.OneLabelLoss;
import io.lakeprop.nn.QuantileLoss;
import io.lakeprop.nn.TableInput;
import java.util.ArrayList;
import java.util.List;

/**
 * A trained model: encoder, network, parameters, and what the logits mean.
 *
 * <p>It never changes and may be shared by threads, and so may a {@link Predictor}.
 */
public final class Model {
  private final FeatureEncoder encoder;
  private final List<LabelEncoder> labels;
  private final LabelOffset offset;
  private final Network network;
  private final Loss loss;
  private final float[] theta;
  private final Provenance provenance;
  private final TableMeaning table;

  /** How rows to predict are read. */
  private final AsInTraining asInTraining;

  /**
   * A model of one label, without offset.
   *
   * @throws InvalidInput when the parts do not fit together
   */
  public Model(
      FeatureEncoder encoder,
      LabelEncoder label,
      Network network,
      Loss loss,
      float[] theta,
      Provenance provenance) {
    this(encoder, List.of(label), LabelOffset.NONE, network, loss, theta, provenance);
  }

  /**
   * A model that knows nothing of the table it was trained on.
   *
   * @throws InvalidInput when the parts do not fit together
   */
  public Model(
      FeatureEncoder encoder,
      List<LabelEncoder> labels,
      LabelOffset offset,
      Network network,
      Loss loss,
      float[] theta,
      Provenance provenance) {
    this(encoder, labels, offset, network, loss, theta, provenance, TableMeaning.UNKNOWN);
  }

  /**
   * @param table how the training table was read
   * @throws InvalidInput when the parts do not fit together
   */
  public Model(
      FeatureEncoder encoder,
      List<LabelEncoder> labels,
      LabelOffset offset,
      Network network,
      Loss loss,
      float[] theta,
      Provenance provenance,
      TableMeaning table) {
    this.table = table;
    this.asInTraining = new AsInTraining(encoder, table);
    this.encoder = encoder;
    this.labels = List.copyOf(labels);
    this.offset = offset;
    this.network = network;
    this.loss = loss;
    this.theta = theta.clone();
    this.provenance = provenance;
    if (!network.input().equals(inputOf(encoder))) {
      throw new InvalidInput(
          "the network's input must be what the features give, %s, however: %s"
              .formatted(inputOf(encoder), network.input()));
    }
    Check.require(
        theta.length == network.layout().size(),
        "theta must have " + network.layout().size() + " numbers",
        "length",
        theta.length);
    Check.require(
        loss.logits() == network.outputs(),
        "the network must give " + loss.logits() + " logits a row",
        "outputs",
        network.outputs());
    Check.require(
        loss.labels() == labels.size(),
        "the loss must read " + labels.size() + " labels a row",
        "labels",
        loss.labels());
    for (int i = 0; i < labels.size(); i++) {
      check(labels.get(i), loss.byLabel().get(i));
    }
    boolean asked =
        loss instanceof Heads several
            ? several.heads().stream().anyMatch(head -> head.offsetFactor() > 0)
            : !offset.isNone();
    Check.require(
        asked != offset.isNone(),
        "a model must have an offset column where one of its heads has an offset factor",
        "offset",
        offset.name());
  }

  /** Within which a row's predictions stay. */
  PredictionBounds bounds() {
    return boundsOf(labels, loss);
  }

  /** Within which the predictions of labels by a loss stay. */
  public static PredictionBounds boundsOf(List<LabelEncoder> labels, Loss loss) {
    return PredictionBounds.of(
        labels, loss.byLabel().stream().mapToInt(OneLabelLoss::predictions).toArray());
  }

  /** How the training table was read, and any that is scored must be. */
  public TableMeaning table() {
    return table;
  }

  /** A row in which what stood for a missing value in training does so, too. */
  TableRow asInTraining(TableRow row) {
    return asInTraining.read(row);
  }

  private static void check(LabelEncoder label, OneLabelLoss loss) {
    Check.require(
        label instanceof LabelEncoder.Classes c
            ? loss.target().classes() && loss.predictions() == c.values().size()
            : !loss.target().classes(),
        "the loss must give a prediction a class, or estimates of a number",
        "predictions",
        loss.predictions());
  }

  /** The network input that an encoder feeds. */
  public static TableInput inputOf(FeatureEncoder encoder) {
    List<TableInput.Category> categories = new ArrayList<>();
    for (Feature.Categorical feature : encoder.categories()) {
      categories.add(
          new TableInput.Category(
              feature.name(),
              feature.width() == 0
                  ? new CategoryEncoding.OneHot(feature.cardinality())
                  : new CategoryEncoding.Embedding(feature.cardinality(), feature.width())));
    }
    return new TableInput(encoder.numbers(), categories);
  }

  /** From a table's row to the network's input. */
  public FeatureEncoder encoder() {
    return encoder;
  }

  /** What the predictions mean, in the order of the heads. */
  public List<LabelEncoder> labels() {
    return labels;
  }

  /**
   * What each number of a prediction is: for a class {@code label=class}, whose probability it is;
   * for an estimate {@code label}; for a quantile {@code label_level}.
   */
  public List<String> predictions() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      String label = labels.get(i).name();
      if (labels.get(i) instanceof LabelEncoder.Classes classes) {
        classes.values().forEach(value -> names.add(label + "=" + value));
      } else if (loss.byLabel().get(i) instanceof QuantileLoss several) {
        several.quantiles().forEach(level -> names.add(label + "_" + level));
      } else {
        names.add(label);
      }
    }
    return names;
  }

  /** What is added to the logits. */
  public LabelOffset offset() {
    return offset;
  }

  /** The layers. */
  public Network network() {
    return network;
  }

  /** The loss it was trained with. */
  public Loss loss() {
    return loss;
  }

  /** The parameters; not to be written. */
  public float[] theta() {
    return theta;
  }

  /** Where it comes from; null in the copy that an executor scores with. */
  public Provenance provenance() {
    return provenance;
  }

  /** A predictor, which any threads may share. */
  public Predictor predictor() {
    return predictor(Kernel.EJML);
  }

  /**
   * A predictor that multiplies matrices with a kernel. EJML, the default, is pure Java; the others
   * are faster for wide networks.
   */
  public Predictor predictor(Kernel kernel) {
    return new Predictor(this, new BatchPool(this, kernel), false);
  }

  /**
   * The same as {@link #predictor()}: it has the name and the argument of the time when a predictor
   * was one thread's.
   *
   * @param rows means nothing
   */
  public Predictor predictor(int rows) {
    Check.positive(rows, "rows");
    return predictor();
  }

  /** Buffers for one thread that predicts up to {@code rows} rows at once. */
  public Batch batch(int rows, Kernel kernel) {
    return new Batch(this, rows, kernel);
  }
}
