package io.lakeprop.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.data.EncodedRow;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.NumberTransform;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.eval.Metric;
import io.lakeprop.model.CheckpointFiles;
import io.lakeprop.model.Model;
import io.lakeprop.model.Provenance;
import io.lakeprop.model.Storage;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.optim.Schedule;
import io.lakeprop.optim.UpdateRule;
import io.lakeprop.train.Averaging;
import io.lakeprop.train.EvaluationReport;
import io.lakeprop.train.Evaluator;
import io.lakeprop.train.Health;
import io.lakeprop.train.Keeper;
import io.lakeprop.train.LocalRounds;
import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundReport;
import io.lakeprop.train.Scores;
import io.lakeprop.train.Trainer;
import io.lakeprop.train.TrainerState;
import io.lakeprop.train.TrainingListener;
import io.lakeprop.train.Warning;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A training of milliseconds that does to its output folder what {@code train} does, in the same
 * order, with rounds in this thread instead of Spark's.
 */
final class SmallTraining {
  private static final int[] SHARDS = {31, 29};
  private static final FeatureEncoder ENCODER =
      new FeatureEncoder(
          List.of(new Feature.Numeric("x", false, new NumberTransform.Affine(0, 1), false)));
  private static final LabelEncoder LABEL =
      new LabelEncoder.Classes("y", "boolean", List.of("false", "true"));
  private static final BinaryCrossEntropy LOSS = new BinaryCrossEntropy();
  private static final Network NETWORK =
      Network.perceptron(Model.inputOf(ENCODER), List.of(3), Nonlinearity.TANH, 0.2f, 1);
  private static final Objective OBJECTIVE = new Objective(NETWORK, LOSS, 16, Kernel.EJML);
  private static final RoundPlan PLAN = new RoundPlan(5, 20, 2, SHARDS);
  private static final List<PackedBlock> BLOCKS = List.of(block(0), block(1));

  private final Storage storage;
  private final Console console;
  private final Job job;
  private final long rounds;
  private final Function<Checkpoints, Keeper> keeper;

  /**
   * Rounds that wait for their checkpoint, so that each run takes the same steps in one order.
   *
   * @param every rounds between two checkpoints
   */
  SmallTraining(Storage storage, Console console, String output, long rounds, long every) {
    this(storage, console, output, rounds, every, checkpoints -> new Paced(checkpoints, every));
  }

  /**
   * @param every rounds between two checkpoints
   * @param keeper stands between the trainer and the checkpoints
   */
  SmallTraining(
      Storage storage,
      Console console,
      String output,
      long rounds,
      long every,
      Function<Checkpoints, Keeper> keeper) {
    this.storage = storage;
    this.console = console;
    this.rounds = rounds;
    this.keeper = keeper;
    String text =
        String.format(
            Locale.ROOT,
            """
            table: t
            label: y
            output: %s
            training: {rounds: %d, checkpoints: {every_rounds: %d}}
            """,
            output,
            rounds,
            every);
    this.job = JobReader.read(JobTree.resolve("job.yaml", text, List.of(), Map.of()));
  }

  private static PackedBlock block(int shard) {
    Random random = new Random(shard);
    PackedBlock.Builder block = new PackedBlock.Builder(shard, 1, 0);
    for (int row = 0; row < SHARDS[shard]; row++) {
      float x = (float) random.nextGaussian();
      float label = x + random.nextGaussian() > 0 ? 1 : 0;
      block.add(new EncodedRow(shard, row, new float[] {x}, new int[0], label, 1));
    }
    return block.build();
  }

  /** {@code train --resume} (or {@code --overwrite}); the exit code. */
  int run(RunFolder.Earlier earlier) throws IOException {
    OutputFolder.of(storage, job.output()).check(earlier);
    try (RunLock lock = RunLock.take(storage, job.output(), console::waiting)) {
      OutputFolder.of(storage, job.output()).check(earlier);
      Resumption resumption =
          earlier == RunFolder.Earlier.RESUME || earlier == RunFolder.Earlier.EXTEND
              ? Resumption.find(storage, job, earlier == RunFolder.Earlier.EXTEND, console)
              : Resumption.none(job.output());
      if (earlier == RunFolder.Earlier.RESUME && RunFolder.isDone(storage, job.output())) {
        return 0;
      }
      return train(resumption, lock);
    }
  }

  private int train(Resumption resumption, RunLock lock) throws IOException {
    String resolved = Yaml.write(job.resolved());
    resumption.checkJob(job.resolved());
    TrainerState state = resumption.state(Initializer.suited(NETWORK, 1));
    Tally tally = new Tally(Metric.LOSS);
    try (RunFolder folder = RunFolder.open(storage, job.output(), resolved, state.round(), lock)) {
      folder.log().read(state.round(), tally::add);
      KeptTraining kept =
          new KeptTraining(
              own -> trainer(folder, tally, keeper.apply((Checkpoints) own)),
              new CheckpointFiles(storage, RunFolder.checkpoints(job.output())),
              job.training().checkpoints(),
              PLAN.roundsPerEpoch(),
              new Kept(folder, resolved),
              console);
      KeptTraining.Outcome outcome = kept.train(state);
      if (outcome.why().isEmpty()) {
        return outcome.exitCode();
      }
      folder.write(model(state));
      ObjectNode report = new ObjectMapper().createObjectNode();
      folder.finish(report.put("rows", tally.rows()));
    }
    return 0;
  }

  private Trainer trainer(RunFolder folder, Tally tally, Keeper own) {
    UpdateRule adam =
        new UpdateRule.Chain(
            List.of(
                new UpdateRule.ScaleByAdam(0.9f, 0.999f, 1e-8f),
                new UpdateRule.ScaleByLearningRate()));
    Scores scores = new Scores(List.of(LABEL), LOSS);
    Evaluator evaluator =
        theta -> OBJECTIVE.evaluate(theta, BLOCKS.get(0), scores.empty(), OBJECTIVE.workspace());
    return new Trainer(
        new LocalRounds(OBJECTIVE, PLAN, BLOCKS),
        PLAN,
        NETWORK.layout(),
        NETWORK.runningMoments(),
        adam,
        new Schedule.Constant(0.05),
        rounds,
        Optional.of(
            new Trainer.Validation(
                evaluator, Metric.LOG_LOSS, 2, Integer.MAX_VALUE, Optional.empty())),
        new Told(folder, tally),
        new Averaging.None(),
        Health.DEFAULT,
        own);
  }

  private static Model model(TrainerState state) {
    Provenance provenance = new Provenance("", 1, "ejml", state.bestRound(), 60, "0", List.of());
    return new Model(ENCODER, LABEL, NETWORK, LOSS, state.bestTheta().clone(), provenance);
  }

  /** Waits for the checkpoint that is due. */
  private record Paced(Checkpoints checkpoints, long every) implements Keeper {
    @Override
    public void roundDone(TrainerState state, boolean last) {
      checkpoints.roundDone(state, last);
      if (state.round() % every == 0) {
        checkpoints.write(state);
      }
    }

    @Override
    public boolean asksToStop() {
      return checkpoints.asksToStop();
    }
  }

  /** Writes rounds down and counts them. */
  private record Told(RunFolder folder, Tally tally) implements TrainingListener {
    @Override
    public void round(RoundReport report) {
      tally.add(report);
      folder.round(report);
    }

    @Override
    public void evaluation(EvaluationReport report) {
      folder.evaluation(report);
    }

    @Override
    public void warning(Warning warning) {
      tally.add(warning);
      folder.warning(warning);
    }
  }

  /** What a run puts into its checkpoints. */
  private record Kept(RunFolder folder, String job) implements Checkpoints.Run {
    @Override
    public Model best(TrainerState state) {
      return model(state);
    }

    @Override
    public SortedMap<String, String> facts() {
      return new TreeMap<>();
    }

    @Override
    public Closeable beforeCheckpoint(long round) throws IOException {
      return folder.checkpoint(round);
    }
  }
}
