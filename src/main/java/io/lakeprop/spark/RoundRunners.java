package io.lakeprop.spark;

import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;

/** From a choice to what runs the rounds. */
final class RoundRunners {
  private RoundRunners() {}

  /**
   * Rounds over a packed table.
   *
   * @param note told when another way than the first of the choice goes on
   */
  static RoundRunner of(
      JavaSparkContext context,
      RoundsChoice choice,
      Objective objective,
      RoundPlan plan,
      PackedTable table,
      Slots slots,
      Consumer<String> note) {
    List<FastestRounds.Contender> contenders = new ArrayList<>();
    for (FanIn way : choice.ways()) {
      contenders.add(
          new FastestRounds.Contender(
              way.words(), new JobRounds(context, objective, plan, table, slots, way)));
    }
    if (!choice.resident()) {
      return new FastestRounds(contenders, note);
    }
    RoundRunner fallback =
        contenders.isEmpty()
            ? new JobRounds(context, objective, plan, table, slots, FanIn.ONE_SUM)
            : new FastestRounds(contenders, note);
    RoundRunner resident =
        new ResidentRounds(
            context,
            objective,
            plan,
            table,
            slots,
            fallback,
            ResidentRounds.LONGEST_START_MILLIS,
            note);
    if (!choice.trial()) {
      return resident;
    }
    contenders.add(0, new FastestRounds.Contender(choice.words(), resident));
    return new FastestRounds(contenders, note);
  }
}
