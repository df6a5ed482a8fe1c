package io.lakeprop.job;

import io.lakeprop.base.Check;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.nn.Heads;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.OneLabelLoss;
import io.lakeprop.train.ClassWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the job says of the losses of its labels, in their order. */
record HeadSettings(List<Head> heads) {
  /**
   * The loss of a label, and its weight among several.
   *
   * @param offset the column that is added to its logits
   */
  record Head(LossSettings loss, float weight, Optional<String> offset) {
    Head {
      Check.positive(weight, "weight");
    }
  }

  HeadSettings {
    heads = List.copyOf(heads);
  }

  /** Of one label. */
  static HeadSettings of(LossSettings loss) {
    return new HeadSettings(List.of(new Head(loss, 1, Optional.empty())));
  }

  /** The same loss for each of so many labels; their mean. */
  static HeadSettings mean(LossSettings loss, int labels) {
    List<Head> heads = new ArrayList<>();
    while (heads.size() < labels) {
      heads.add(new Head(loss, 1f / labels, Optional.empty()));
    }
    return new HeadSettings(heads);
  }

  /**
   * The loss for the labels.
   *
   * @param rowsOfClasses training rows of each class of each label
   * @throws io.lakeprop.base.InvalidInput when it cannot learn such a label
   */
  Loss loss(List<LabelEncoder> labels, List<List<Long>> rowsOfClasses) {
    List<Heads.Head> bound = new ArrayList<>();
    for (Head head : heads) {
      LabelEncoder label = labels.get(bound.size());
      OneLabelLoss loss = head.loss().of(label);
      ClassWeights weights = head.loss().weights(label, rowsOfClasses.get(bound.size()));
      float factor = head.offset().isPresent() ? (float) (1 / label.logitUnit()) : 0;
      bound.add(new Heads.Head(loss, head.weight(), weights.weights(), factor));
    }
    return bound.size() == 1 ? bound.get(0).loss() : new Heads(bound);
  }

  /** The weights of the only label's classes; those of several labels are part of the loss. */
  ClassWeights classWeights(List<LabelEncoder> labels, List<List<Long>> rowsOfClasses) {
    return heads.size() == 1
        ? heads.get(0).loss().weights(labels.get(0), rowsOfClasses.get(0))
        : ClassWeights.NONE;
  }
}
