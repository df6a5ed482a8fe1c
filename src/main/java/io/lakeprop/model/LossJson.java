package io.lakeprop.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.lakeprop.nn.AbsoluteError;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.FocalLoss;
import io.lakeprop.nn.GammaLoss;
import io.lakeprop.nn.HingeLoss;
import io.lakeprop.nn.HuberLoss;
import io.lakeprop.nn.OneLabelLoss;
import io.lakeprop.nn.PoissonLoss;
import io.lakeprop.nn.QuantileLoss;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.SquaredError;
import io.lakeprop.nn.TweedieLoss;

/** A loss in model.json: its name alone, or an object where it has parameters of its own. */
final class LossJson {
  private LossJson() {}

  static JsonNode write(OneLabelLoss loss) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", name(loss));
    if (loss instanceof SoftmaxCrossEntropy softmax && softmax.labelSmoothing() > 0) {
      json.put("label_smoothing", softmax.labelSmoothing());
    } else if (loss instanceof BinaryCrossEntropy binary
        && !binary.equals(new BinaryCrossEntropy())) {
      json.put("label_smoothing", binary.labelSmoothing());
      json.put("positive_weight", binary.positiveWeight());
    } else if (loss instanceof FocalLoss focal) {
      json.put("gamma", focal.gamma());
    } else if (loss instanceof HuberLoss huber) {
      json.put("delta", huber.delta());
    } else if (loss instanceof QuantileLoss several) {
      ArrayNode levels = json.putArray("quantiles");
      several.quantiles().forEach(levels::add);
    } else if (loss instanceof TweedieLoss tweedie) {
      json.put("power", tweedie.power());
    }
    return json.size() == 1 ? new TextNode(name(loss)) : json;
  }

  private static String name(OneLabelLoss loss) {
    if (loss instanceof SoftmaxCrossEntropy) {
      return "softmax_cross_entropy";
    } else if (loss instanceof BinaryCrossEntropy) {
      return "binary_cross_entropy";
    } else if (loss instanceof FocalLoss) {
      return "focal";
    } else if (loss instanceof HingeLoss) {
      return "hinge";
    } else if (loss instanceof SquaredError) {
      return "squared_error";
    } else if (loss instanceof AbsoluteError) {
      return "absolute_error";
    } else if (loss instanceof HuberLoss) {
      return "huber";
    } else if (loss instanceof QuantileLoss) {
      return "quantile";
    } else if (loss instanceof PoissonLoss) {
      return "poisson";
    }
    return loss instanceof GammaLoss ? "gamma" : "tweedie";
  }

  /**
   * @param root that has the key {@code loss}
   * @param logits of the loss, as the network or the label says
   */
  static OneLabelLoss read(JsonObject root, int logits) {
    if (root.isText("loss")) {
      return plain(root, root.text("loss"), logits);
    }
    JsonObject json = root.object("loss");
    String type = json.text("type");
    OneLabelLoss loss =
        switch (type) {
          case "softmax_cross_entropy" ->
              new SoftmaxCrossEntropy(logits, json.real("label_smoothing"));
          case "binary_cross_entropy" ->
              new BinaryCrossEntropy(json.real("label_smoothing"), json.real("positive_weight"));
          case "focal" -> new FocalLoss(json.real("gamma"));
          case "huber" -> new HuberLoss(json.real("delta"));
          case "quantile" -> new QuantileLoss(json.reals("quantiles"));
          case "tweedie" -> new TweedieLoss(json.real("power"));
          default -> throw json.refusal("type", "must be a loss with parameters", type);
        };
    json.end();
    return loss;
  }

  private static OneLabelLoss plain(JsonObject root, String name, int logits) {
    return switch (name) {
      case "softmax_cross_entropy" -> new SoftmaxCrossEntropy(logits);
      case "binary_cross_entropy" -> new BinaryCrossEntropy();
      case "hinge" -> new HingeLoss();
      case "squared_error" -> new SquaredError();
      case "absolute_error" -> new AbsoluteError();
      case "poisson" -> new PoissonLoss();
      case "gamma" -> new GammaLoss();
      default -> throw root.refusal("loss", "must be a loss of this release", name);
    };
  }
}
