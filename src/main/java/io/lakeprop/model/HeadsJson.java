package io.lakeprop.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.nn.Heads;
import io.lakeprop.nn.Loss;
import java.util.ArrayList;
import java.util.List;

/** Several labels and their losses in model.json: what stands there in place of one of each. */
final class HeadsJson {
  private HeadsJson() {}

  /** What a model has learnt, and by which loss. */
  record Learnt(List<LabelEncoder> labels, Loss loss) {}

  static void write(ArrayNode json, List<LabelEncoder> labels, Heads several) {
    for (Heads.Head head : several.heads()) {
      ObjectNode own = json.addObject();
      LabelJson.write(own.putObject("label"), labels.get(json.size() - 1));
      own.set("loss", LossJson.write(head.loss()));
      own.put("weight", head.weight());
      if (!head.classWeights().isEmpty()) {
        head.classWeights().forEach(own.putArray("class_weights")::add);
      }
      if (head.offsetFactor() > 0) {
        own.put("offset_factor", head.offsetFactor());
      }
    }
  }

  /**
   * @param root that has the key {@code heads}
   */
  static Learnt read(JsonObject root) {
    List<LabelEncoder> labels = new ArrayList<>();
    List<Heads.Head> heads = root.objects("heads", json -> head(json, labels));
    return new Learnt(labels, new Heads(heads));
  }

  private static Heads.Head head(JsonObject json, List<LabelEncoder> labels) {
    LabelEncoder label = LabelJson.read(json.object("label"));
    labels.add(label);
    int logits = label instanceof LabelEncoder.Classes classes ? classes.values().size() : 1;
    Heads.Head head =
        new Heads.Head(
            LossJson.read(json, logits),
            json.real("weight"),
            classWeights(json),
            json.has("offset_factor") ? json.real("offset_factor") : 0);
    json.end();
    return head;
  }

  /** Weights by class number; none where the key is absent. */
  static List<Float> classWeights(JsonObject json) {
    return json.has("class_weights") ? json.reals("class_weights") : List.of();
  }
}
