package io.lakeprop.model;

import io.lakeprop.data.Calendar;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.LabelBounds;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.NotFinite;
import io.lakeprop.data.NumberTransform;
import io.lakeprop.data.NumberUnit;
import io.lakeprop.data.TimeRange;
import io.lakeprop.nn.Activation;
import io.lakeprop.nn.Add;
import io.lakeprop.nn.AlphaDropout;
import io.lakeprop.nn.BatchEnsembleLinear;
import io.lakeprop.nn.BatchNorm;
import io.lakeprop.nn.Concat;
import io.lakeprop.nn.Dropout;
import io.lakeprop.nn.GaussianNoise;
import io.lakeprop.nn.Heads;
import io.lakeprop.nn.Layer;
import io.lakeprop.nn.LayerNorm;
import io.lakeprop.nn.Linear;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.nn.OneLabelLoss;
import io.lakeprop.nn.PRelu;
import io.lakeprop.nn.PeriodicEmbedding;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A model with whatever the types allow: names of any text, numbers of any size. */
final class RandomModel {
  private final Random random;
  private int names;

  RandomModel(Random random) {
    this.random = random;
  }

  Model model() {
    FeatureEncoder encoder = new FeatureEncoder(some(1, 4, this::feature));
    int heads = random.nextInt(3) == 0 ? 2 + random.nextInt(2) : 1;
    boolean shifted = random.nextInt(3) == 0;
    List<OneLabelLoss> losses = new ArrayList<>();
    List<LabelEncoder> labels = new ArrayList<>();
    for (int i = 0; i < heads; i++) {
      losses.add(new RandomLoss(random).loss());
      labels.add(label(losses.get(i)));
    }
    Loss loss = heads == 1 ? losses.get(0) : heads(losses, shifted);
    Network network = network(encoder, loss.logits());
    return new Model(
        encoder,
        labels,
        shifted ? new LabelOffset(name(), positive()) : LabelOffset.NONE,
        network,
        loss,
        theta(network.layout().size()),
        provenance());
  }

  private Feature feature() {
    return switch (random.nextInt(3)) {
      case 0 -> {
        NumberUnit unit = one(NumberUnit.values());
        double smallest = random.nextInt();
        TimeRange range =
            unit == NumberUnit.PLAIN || yes()
                ? TimeRange.UNKNOWN
                : new TimeRange(smallest, smallest + random.nextInt(1 << 30));
        yield new Feature.Numeric(
            name(), yes(), transform(), yes(), NotFinite.DEFAULT, unit, range, calendar(range));
      }
      case 1 -> {
        int length = 1 + random.nextInt(4);
        int transforms = yes() ? 1 : length;
        yield new Feature.Vector(
            name(), length, yes(), some(transforms, transforms, this::transform), yes());
      }
      default -> categorical();
    };
  }

  private Calendar calendar(TimeRange range) {
    List<String> zones = List.of("UTC", "Europe/Berlin", "-03:30");
    return range.isKnown() && yes()
        ? Calendar.in(ZoneId.of(zones.get(random.nextInt(zones.size()))))
        : Calendar.NONE;
  }

  private Feature categorical() {
    Feature.Rare rare = one(Feature.Rare.values());
    return new Feature.Categorical(
        name(),
        some(2, 5, this::name),
        yes(),
        rare,
        rare == Feature.Rare.LISTED ? some(1, 3, this::name) : List.of(),
        random.nextInt(3));
  }

  private NumberTransform transform() {
    if (yes()) {
      return yes()
          ? new NumberTransform.Affine(number(), positive())
          : new NumberTransform.SmoothClip(number(), positive());
    }
    int knots = 1 + random.nextInt(5);
    double[] values = random.doubles(1000, -1e9, 1e9).distinct().limit(knots).sorted().toArray();
    double[] shares = random.doubles(knots).sorted().toArray();
    return new NumberTransform.Quantile(values, shares);
  }

  private LabelEncoder label(OneLabelLoss loss) {
    if (loss.target().classes()) {
      int classes = loss.predictions();
      return new LabelEncoder.Classes(
          name(),
          name(),
          some(classes, classes, this::name),
          one(LabelSettings.Missing.values()),
          one(LabelSettings.Rare.values()));
    }
    LabelEncoder.Range range = one(LabelEncoder.Range.values());
    return new LabelEncoder.Quantity(
        name(), number(), positive(), range, one(LabelSettings.Missing.values()), bounds());
  }

  private LabelBounds bounds() {
    double smallest = number();
    return yes() ? LabelBounds.NONE : new LabelBounds(smallest, smallest + positive());
  }

  private Heads heads(List<OneLabelLoss> losses, boolean shifted) {
    List<Heads.Head> heads = new ArrayList<>();
    for (OneLabelLoss loss : losses) {
      int classes = loss.target().classes() && yes() ? loss.predictions() : 0;
      List<Float> weights = some(classes, classes, () -> (float) (0.01 + random.nextDouble()));
      boolean own = shifted && (heads.isEmpty() || yes());
      float factor = own ? 0.1f + random.nextFloat() : 0;
      heads.add(new Heads.Head(loss, 0.01f + random.nextFloat(), weights, factor));
    }
    return new Heads(heads);
  }

  private Network network(FeatureEncoder encoder, int logits) {
    List<Network.Named> layers = new ArrayList<>();
    List<Integer> widths = new ArrayList<>(List.of(Model.inputOf(encoder).outputs()));
    List<String> before = new ArrayList<>(List.of(Network.INPUT));
    for (int i = random.nextInt(6); i > 0; i--) {
      int width = widths.get(widths.size() - 1);
      Layer layer = layer(width, before, widths);
      layers.add(new Network.Named("layer " + name(), layer));
      before.add(layers.get(layers.size() - 1).name());
      widths.add(layer.outputs());
    }
    layers.add(new Network.Named("head", new Linear(widths.get(widths.size() - 1), logits)));
    return new Network(Model.inputOf(encoder), layers);
  }

  private Layer layer(int width, List<String> before, List<Integer> widths) {
    int skipped = random.nextInt(before.size());
    return switch (random.nextInt(12)) {
      case 0 -> new Linear(width, 1 + random.nextInt(5));
      case 1 -> new Activation(one(Nonlinearity.values()), width);
      case 2 -> new PRelu(width);
      case 3 -> new Dropout(0.9f * random.nextFloat(), width);
      case 4 -> new AlphaDropout(0.9f * random.nextFloat(), width);
      case 5 -> new GaussianNoise(0.01f + random.nextFloat(), width);
      case 6 -> new BatchNorm(0.9f * random.nextFloat(), 1e-5f, width);
      case 7 -> new LayerNorm(1e-6f + random.nextFloat(), width);
      case 8 -> new PeriodicEmbedding(width, 1 + random.nextInt(3), 1 + random.nextInt(3));
      case 9 -> new BatchEnsembleLinear(1, width, 1 + random.nextInt(3));
      case 10 -> new Concat(before.get(skipped), width, widths.get(skipped));
      default -> {
        int same = widths.lastIndexOf(width);
        yield new Add(before.get(same), width);
      }
    };
  }

  private float[] theta(int size) {
    float[] theta = new float[size];
    for (int i = 0; i < size; i++) {
      float any = Float.intBitsToFloat(random.nextInt());
      theta[i] = Float.isFinite(any) ? any : -0f;
    }
    return theta;
  }

  private Provenance provenance() {
    return new Provenance(
        name(),
        random.nextLong(),
        name(),
        random.nextLong(),
        random.nextLong(),
        name(),
        some(0, 3, random::nextFloat));
  }

  private <T> T one(T[] of) {
    return of[random.nextInt(of.length)];
  }

  private boolean yes() {
    return random.nextBoolean();
  }

  private double number() {
    double any = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(any) ? any : random.nextGaussian();
  }

  private double positive() {
    return Math.max(Double.MIN_VALUE, Math.abs(number()));
  }

  /** Any Unicode, quotes and control characters included, and different from all others. */
  private String name() {
    int length = random.nextInt(6);
    StringBuilder name = new StringBuilder();
    IntStream.generate(this::codePoint).limit(length).forEach(name::appendCodePoint);
    return name.append(names++ == 0 ? "" : names).toString();
  }

  private int codePoint() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(0x80);
      case 1 -> "\"\\/\u0000\u2028\n.[${%".codePointAt(random.nextInt(11));
      case 2 -> random.nextInt(Character.MIN_SURROGATE);
      default -> 0xE000 + random.nextInt(Character.MAX_CODE_POINT + 1 - 0xE000);
    };
  }

  private <T> List<T> some(int least, int most, Supplier<T> one) {
    return Stream.generate(one).limit(least + random.nextInt(most - least + 1)).toList();
  }
}
