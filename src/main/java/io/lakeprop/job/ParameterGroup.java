package io.lakeprop.job;

import io.lakeprop.base.Check;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.nn.ParameterLayout.Placed;
import io.lakeprop.nn.Slot;
import io.lakeprop.optim.Parameters;
import io.lakeprop.optim.Part;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Slots that are trained in a way of their own; of several groups that a slot is in, the first
 * counts.
 *
 * @param where in the job file
 * @param slots names with * for any characters and ? for one
 * @param rate factor of the learning rate; 0 freezes
 * @param weightDecay of all its slots, biases too; empty for what slots have without a group
 */
record ParameterGroup(
    String where,
    Optional<String> slots,
    Optional<Slot.Role> role,
    double rate,
    Optional<Double> weightDecay) {
  private static final Pattern WILDCARDS = Pattern.compile("[*?]|[^*?]+");

  ParameterGroup {
    Check.require(
        slots.isPresent() != role.isPresent(),
        "a group must have one of slots and role",
        "role",
        role.map(Section::name).orElse("none"));
    Check.notNegative(rate, "rate");
    weightDecay.ifPresent(decay -> Check.notNegative(decay, "weight_decay"));
  }

  /** From the keys of a job file. */
  static ParameterGroup of(
      String where,
      Optional<String> slots,
      Optional<Slot.Role> role,
      Optional<Double> rate,
      Optional<Double> decay,
      boolean frozen) {
    boolean says = frozen || rate.isPresent() || decay.isPresent();
    Check.require(says, "a group must have one of rate, weight_decay and frozen", "frozen", frozen);
    boolean both = frozen && (rate.isPresent() || decay.isPresent());
    Check.require(!both, "a frozen group must have no rate and no weight_decay", "frozen", frozen);
    rate.ifPresent(factor -> Check.positive(factor, "rate"));
    return new ParameterGroup(where, slots, role, frozen ? 0 : rate.orElse(1.0), decay);
  }

  private boolean has(Placed placed) {
    if (!placed.slot().role().learnt()) {
      return false;
    }
    return slots.isPresent()
        ? glob(slots.get()).matcher(placed.name()).matches()
        : placed.slot().role() == role.orElseThrow();
  }

  private static Pattern glob(String text) {
    return Pattern.compile(
        WILDCARDS
            .matcher(text)
            .replaceAll(
                match ->
                    Matcher.quoteReplacement(
                        switch (match.group()) {
                          case "*" -> ".*";
                          case "?" -> ".";
                          default -> Pattern.quote(match.group());
                        })));
  }

  /** How each slot is trained; a group without slots is refused, and a network without any left. */
  static Parameters parameters(Job.Optimizer optimizer, ParameterLayout layout) {
    for (ParameterGroup group : optimizer.groups()) {
      if (layout.slots().stream().noneMatch(group::has)) {
        throw new InvalidInput(
            "%s: optimizer.groups: %s must be one of the network's slots, however: they are %s"
                .formatted(
                    group.where(),
                    group.slots().orElseGet(() -> "role " + Section.name(group.role().get())),
                    layout.slots().stream().map(Placed::name).toList()));
      }
    }
    List<Part> parts = layout.slots().stream().map(placed -> part(optimizer, placed)).toList();
    if (parts.stream().allMatch(part -> part.rate() == 0)) {
      throw new InvalidInput(
          "optimizer.groups must leave a slot to train, however: all are frozen");
    }
    return new Parameters(parts);
  }

  private static Part part(Job.Optimizer optimizer, Placed placed) {
    Optional<ParameterGroup> group =
        optimizer.groups().stream().filter(candidate -> candidate.has(placed)).findFirst();
    Slot slot = placed.slot();
    Part.Kind kind = kind(slot.role());
    return new Part(
        placed.offset(),
        slot.rows(),
        slot.columns(),
        placed.owner(),
        kind,
        group.map(ParameterGroup::rate).orElse(1.0),
        group
            .flatMap(ParameterGroup::weightDecay)
            .orElse(kind == Part.Kind.OTHER ? 0 : optimizer.weightDecay()));
  }

  private static Part.Kind kind(Slot.Role role) {
    return switch (role) {
      case WEIGHT -> Part.Kind.WEIGHT;
      case EMBEDDING -> Part.Kind.EMBEDDING;
      case BIAS, SCALE, SLOPE, FREQUENCY, MEAN, VARIANCE -> Part.Kind.OTHER;
    };
  }
}
