package io.lakeprop.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.nn.Activation;
import io.lakeprop.nn.Add;
import io.lakeprop.nn.AlphaDropout;
import io.lakeprop.nn.BatchEnsembleLinear;
import io.lakeprop.nn.BatchNorm;
import io.lakeprop.nn.Concat;
import io.lakeprop.nn.Dropout;
import io.lakeprop.nn.GaussianNoise;
import io.lakeprop.nn.Layer;
import io.lakeprop.nn.LayerNorm;
import io.lakeprop.nn.Linear;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.nn.PRelu;
import io.lakeprop.nn.PeriodicEmbedding;

/** The layers of model.json, written and read; the keys are on the package's page. */
final class LayerJson {
  private LayerJson() {}

  static void write(ObjectNode json, Network.Named named) {
    json.put("name", named.name());
    Layer layer = named.layer();
    if (layer instanceof Linear linear) {
      json.put("type", "linear").put("inputs", linear.inputs()).put("outputs", linear.outputs());
    } else if (layer instanceof Activation activation) {
      json.put("type", "activation").put("function", JsonObject.key(activation.function()));
      json.put("inputs", activation.inputs());
    } else if (layer instanceof PRelu prelu) {
      json.put("type", "prelu").put("inputs", prelu.inputs());
    } else if (layer instanceof Dropout dropout) {
      json.put("type", "dropout").put("rate", dropout.rate()).put("inputs", dropout.inputs());
    } else if (layer instanceof AlphaDropout dropout) {
      json.put("type", "alpha_dropout").put("rate", dropout.rate());
      json.put("inputs", dropout.inputs());
    } else if (layer instanceof GaussianNoise noise) {
      json.put("type", "gaussian_noise").put("deviation", noise.deviation());
      json.put("inputs", noise.inputs());
    } else if (layer instanceof BatchNorm norm) {
      json.put("type", "batch_norm").put("momentum", norm.momentum());
      json.put("epsilon", norm.epsilon()).put("inputs", norm.inputs());
    } else if (layer instanceof LayerNorm norm) {
      json.put("type", "layer_norm").put("epsilon", norm.epsilon()).put("inputs", norm.inputs());
    } else if (layer instanceof PeriodicEmbedding periodic) {
      json.put("type", "periodic_embedding").put("inputs", periodic.inputs());
      json.put("frequencies", periodic.frequencies()).put("width", periodic.width());
    } else if (layer instanceof BatchEnsembleLinear linear) {
      json.put("type", "batch_ensemble_linear").put("members", linear.members());
      json.put("width", linear.width()).put("units", linear.units());
    } else if (layer instanceof Add add) {
      json.put("type", "add").put("from", add.from()).put("inputs", add.inputs());
    } else if (layer instanceof Concat concat) {
      json.put("type", "concat").put("from", concat.from());
      json.put("inputs", concat.inputs()).put("skipped", concat.skipped());
    }
  }

  static Network.Named read(JsonObject json) {
    String name = json.text("name");
    String type = json.text("type");
    Layer layer =
        switch (type) {
          case "linear" -> new Linear(json.whole("inputs"), json.whole("outputs"));
          case "activation" ->
              new Activation(
                  json.constant("function", Nonlinearity.values()), json.whole("inputs"));
          case "prelu" -> new PRelu(json.whole("inputs"));
          case "dropout" -> new Dropout(json.real("rate"), json.whole("inputs"));
          case "alpha_dropout" -> new AlphaDropout(json.real("rate"), json.whole("inputs"));
          case "gaussian_noise" -> new GaussianNoise(json.real("deviation"), json.whole("inputs"));
          case "batch_norm" ->
              new BatchNorm(json.real("momentum"), json.real("epsilon"), json.whole("inputs"));
          case "layer_norm" -> new LayerNorm(json.real("epsilon"), json.whole("inputs"));
          case "periodic_embedding" ->
              new PeriodicEmbedding(
                  json.whole("inputs"), json.whole("frequencies"), json.whole("width"));
          case "batch_ensemble_linear" ->
              new BatchEnsembleLinear(
                  json.whole("members"), json.whole("width"), json.whole("units"));
          case "add" -> new Add(json.text("from"), json.whole("inputs"));
          case "concat" ->
              new Concat(json.text("from"), json.whole("inputs"), json.whole("skipped"));
          default -> throw json.refusal("type", "must be a layer of this release", type);
        };
    json.end();
    return new Network.Named(name, layer);
  }
}
