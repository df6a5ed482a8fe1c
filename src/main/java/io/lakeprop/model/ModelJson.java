package io.lakeprop.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.data.Calendar;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.data.NotFinite;
import io.lakeprop.data.NumberTransform;
import io.lakeprop.data.NumberUnit;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TimeRange;
import io.lakeprop.nn.CategoryEncoding;
import io.lakeprop.nn.Heads;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.OneLabelLoss;
import io.lakeprop.nn.TableInput;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;

/** model.json, written and read; the keys are on the package's page. */
final class ModelJson {
  static final int FORMAT_VERSION = 1;
  private static final ObjectMapper JSON = StrictJson.mapper();

  private ModelJson() {}

  static ObjectNode write(Model model) {
    ObjectNode root = JSON.createObjectNode();
    root.put("format_version", FORMAT_VERSION);
    network(root.putObject("network"), model.network());
    if (model.loss() instanceof Heads several) {
      HeadsJson.write(root.putArray("heads"), model.labels(), several);
    } else {
      root.set("loss", LossJson.write((OneLabelLoss) model.loss()));
    }
    ArrayNode features = root.putArray("features");
    model.encoder().features().forEach(feature -> feature(features.addObject(), feature));
    if (model.labels().size() == 1) {
      LabelJson.write(root.putObject("label"), model.labels().get(0));
    }
    if (!model.offset().isNone()) {
      root.putObject("offset")
          .put("name", model.offset().name())
          .put("scale", model.offset().scale());
    }
    if (!model.table().equals(TableMeaning.UNKNOWN)) {
      TableJson.write(root.putObject("table"), model.table());
    }
    Provenance from = model.provenance();
    ObjectNode provenance = root.putObject("provenance");
    provenance
        .put("lakeprop", from.lakeprop())
        .put("seed", from.seed())
        .put("kernel", from.kernel())
        .put("rounds", from.rounds())
        .put("training_rows", from.trainingRows())
        .put("training_fingerprint", from.trainingFingerprint());
    if (!from.classWeights().isEmpty()) {
      ArrayNode weights = provenance.putArray("class_weights");
      from.classWeights().forEach(weights::add);
    }
    return root;
  }

  /** A model's parts; theta comes from the other file. */
  record Parts(
      FeatureEncoder encoder,
      List<LabelEncoder> labels,
      LabelOffset offset,
      Network network,
      Loss loss,
      Provenance provenance,
      TableMeaning table) {}

  static Parts read(JsonObject root) {
    int version = root.whole("format_version");
    if (version != FORMAT_VERSION) {
      throw root.refusal(
          "format_version", "must be " + FORMAT_VERSION + " for this release", "" + version);
    }
    Network network = network(root.object("network"));
    List<Feature> features = root.objects("features", ModelJson::feature);
    HeadsJson.Learnt learnt =
        root.has("heads")
            ? HeadsJson.read(root)
            : new HeadsJson.Learnt(
                List.of(LabelJson.read(root.object("label"))),
                LossJson.read(root, network.outputs()));
    LabelOffset offset = root.has("offset") ? offset(root.object("offset")) : LabelOffset.NONE;
    TableMeaning table =
        root.has("table") ? TableJson.read(root.object("table")) : TableMeaning.UNKNOWN;
    Provenance provenance = provenance(root.object("provenance"));
    root.end();
    return new Parts(
        new FeatureEncoder(features),
        learnt.labels(),
        offset,
        network,
        learnt.loss(),
        provenance,
        table);
  }

  private static void network(ObjectNode json, Network network) {
    json.put("numeric", network.input().numeric());
    ArrayNode categories = json.putArray("categories");
    for (TableInput.Category category : network.input().categories()) {
      boolean oneHot = category.encoding() instanceof CategoryEncoding.OneHot;
      categories
          .addObject()
          .put("name", category.name())
          .put("encoding", oneHot ? "one_hot" : "embedding")
          .put("cardinality", category.encoding().cardinality())
          .put("width", category.encoding().width());
    }
    ArrayNode layers = json.putArray("layers");
    network.layers().forEach(named -> LayerJson.write(layers.addObject(), named));
  }

  private static Network network(JsonObject json) {
    TableInput input =
        new TableInput(json.whole("numeric"), json.objects("categories", ModelJson::category));
    Network network = new Network(input, json.objects("layers", LayerJson::read));
    json.end();
    return network;
  }

  private static TableInput.Category category(JsonObject json) {
    String name = json.text("name");
    int cardinality = json.whole("cardinality");
    int width = json.whole("width");
    String encoding = json.text("encoding");
    CategoryEncoding made =
        switch (encoding) {
          case "one_hot" -> new CategoryEncoding.OneHot(cardinality);
          case "embedding" -> new CategoryEncoding.Embedding(cardinality, width);
          default -> throw json.refusal("encoding", "must be one_hot or embedding", encoding);
        };
    json.end();
    return new TableInput.Category(name, made);
  }

  private static void feature(ObjectNode json, Feature feature) {
    if (feature instanceof Feature.Numeric numeric) {
      json.put("type", "numeric").put("name", numeric.name()).put("log", numeric.log());
      json.put("indicator", numeric.indicator());
      notFinite(json, numeric.notFinite());
      if (numeric.unit() != NumberUnit.PLAIN) {
        json.put("unit", JsonObject.key(numeric.unit()));
      }
      if (numeric.range().isKnown()) {
        json.put("smallest", numeric.range().smallest());
        json.put("largest", numeric.range().largest());
      }
      if (numeric.calendar().isRead()) {
        json.put("calendar", numeric.calendar().zone().getId());
      }
      transform(json.putObject("transform"), numeric.transform());
    } else if (feature instanceof Feature.Vector vector) {
      json.put("type", "vector").put("name", vector.name()).put("length", vector.length());
      json.put("log", vector.log()).put("indicator", vector.indicator());
      notFinite(json, vector.notFinite());
      ArrayNode transforms = json.putArray("transforms");
      vector.transforms().forEach(transform -> transform(transforms.addObject(), transform));
    } else if (feature instanceof Feature.Categorical categorical) {
      json.put("type", "categorical").put("name", categorical.name());
      texts(json.putArray("values"), categorical.values());
      json.put("missing", categorical.missing()).put("rare", JsonObject.key(categorical.rare()));
      texts(json.putArray("rare_values"), categorical.rareValues());
      json.put("width", categorical.width());
    }
  }

  private static Feature feature(JsonObject json) {
    String type = json.text("type");
    String name = json.text("name");
    Feature feature =
        switch (type) {
          case "numeric" ->
              new Feature.Numeric(
                  name,
                  json.flag("log"),
                  transform(json.object("transform")),
                  json.flag("indicator"),
                  notFinite(json),
                  json.constant("unit", NumberUnit.values(), NumberUnit.PLAIN),
                  range(json),
                  calendar(json));
          case "vector" ->
              new Feature.Vector(
                  name,
                  json.whole("length"),
                  json.flag("log"),
                  json.objects("transforms", ModelJson::transform),
                  json.flag("indicator"),
                  notFinite(json));
          case "categorical" ->
              new Feature.Categorical(
                  name,
                  json.texts("values"),
                  json.flag("missing"),
                  json.constant("rare", Feature.Rare.values()),
                  json.texts("rare_values"),
                  json.whole("width"));
          default -> throw json.refusal("type", "must be numeric, vector or categorical", type);
        };
    json.end();
    return feature;
  }

  /** The zone of the calendar that a date or timestamp is read by, where it is. */
  private static Calendar calendar(JsonObject json) {
    if (!json.has("calendar")) {
      return Calendar.NONE;
    }
    String zone = json.text("calendar");
    try {
      return Calendar.in(ZoneId.of(zone));
    } catch (DateTimeException e) {
      throw json.refusal("calendar", "must be a time zone", zone);
    }
  }

  /** Models from before ranges were kept have none. */
  private static TimeRange range(JsonObject json) {
    if (!json.has("smallest") && !json.has("largest")) {
      return TimeRange.UNKNOWN;
    }
    TimeRange range = new TimeRange(json.number("smallest"), json.number("largest"));
    if (!range.isKnown()) {
      throw json.refusal("largest", "must be at least smallest", "" + range.largest());
    }
    if (!json.has("unit")) {
      throw json.refusal("smallest", "must stand beside a unit", "" + range.smallest());
    }
    return range;
  }

  /** What is as usual is not written: so it was before there was another treatment. */
  private static void notFinite(ObjectNode json, NotFinite notFinite) {
    if (notFinite.nan() != NotFinite.DEFAULT.nan()) {
      json.put("nan", JsonObject.key(notFinite.nan()));
    }
    if (notFinite.infinity() != NotFinite.DEFAULT.infinity()) {
      json.put("infinity", JsonObject.key(notFinite.infinity()));
    }
  }

  private static NotFinite notFinite(JsonObject json) {
    return new NotFinite(
        json.constant("nan", NotFinite.Treatment.values(), NotFinite.DEFAULT.nan()),
        json.constant("infinity", NotFinite.Treatment.values(), NotFinite.DEFAULT.infinity()));
  }

  private static void transform(ObjectNode json, NumberTransform transform) {
    if (transform instanceof NumberTransform.Affine affine) {
      json.put("type", "affine").put("center", affine.center()).put("scale", affine.scale());
    } else if (transform instanceof NumberTransform.SmoothClip clip) {
      json.put("type", "smooth_clip").put("center", clip.center()).put("scale", clip.scale());
    } else if (transform instanceof NumberTransform.Quantile quantile) {
      json.put("type", "quantile");
      Arrays.stream(quantile.values()).forEach(json.putArray("values")::add);
      Arrays.stream(quantile.shares()).forEach(json.putArray("shares")::add);
    }
  }

  private static NumberTransform transform(JsonObject json) {
    String type = json.text("type");
    NumberTransform transform =
        switch (type) {
          case "affine" -> new NumberTransform.Affine(json.number("center"), json.number("scale"));
          case "smooth_clip" ->
              new NumberTransform.SmoothClip(json.number("center"), json.number("scale"));
          case "quantile" ->
              new NumberTransform.Quantile(json.numbers("values"), json.numbers("shares"));
          default -> throw json.refusal("type", "must be affine, smooth_clip or quantile", type);
        };
    json.end();
    return transform;
  }

  private static LabelOffset offset(JsonObject json) {
    LabelOffset offset = new LabelOffset(json.text("name"), json.number("scale"));
    json.end();
    if (offset.isNone()) {
      throw json.refusal("name", "must be a column", "\"\"");
    }
    return offset;
  }

  private static Provenance provenance(JsonObject json) {
    Provenance provenance =
        new Provenance(
            json.text("lakeprop"),
            json.wholeLong("seed"),
            json.text("kernel"),
            json.wholeLong("rounds"),
            json.wholeLong("training_rows"),
            json.text("training_fingerprint"),
            HeadsJson.classWeights(json));
    json.end();
    return provenance;
  }

  private static void texts(ArrayNode json, List<String> texts) {
    texts.forEach(json::add);
  }
}
