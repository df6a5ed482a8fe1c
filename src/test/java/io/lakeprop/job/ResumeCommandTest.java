package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.job.RunFolder.Earlier;
import io.lakeprop.model.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that are lost and gone on with, extended or refused, as a user meets them. */
final class ResumeCommandTest {
  @TempDir private static Path folder;
  private static Resumed runs;

  @BeforeAll
  static void twoAndFourEpochs() throws IOException {
    runs = new Resumed(folder);
    runs.train("two", Earlier.REFUSE);
    runs.train("four", Earlier.REFUSE, "training.epochs=4");
  }

  @Test
  void aLostRunGoesOnToTheSameBytes() throws IOException {
    String last = runs.lost("two", "lost", 9);
    String out = runs.train("lost", Earlier.RESUME);
    assertTrue(out.contains("resume     from " + last + "\n"), out);
    runs.assertSame("two", "lost");
    assertFalse(Files.exists(runs.run("lost").resolve("LOCK")));
    out = runs.train("lost", Earlier.RESUME);
    assertEquals(
        "done       %s is finished already; the tables were not looked at (--extend trains on)\n"
            .formatted(runs.run("lost")),
        out);
  }

  /** The time that the SQL asked is the run's, also where its job file was written by half. */
  @Test
  void theClockIsThatOfTheCheckpoint() throws IOException {
    String asks =
        "table={path: %s/shops.csv, where: \"current_timestamp() > timestamp'2000-01-01'\"}"
            .formatted(folder);
    runs.train("clocked", Earlier.REFUSE, asks);
    String job = Files.readString(runs.run("clocked").resolve("job.yaml"));
    for (int length : List.of(0, 40, job.indexOf("network"))) {
      String torn = "torn-" + length;
      runs.lost("clocked", torn, 9);
      Files.writeString(runs.run(torn).resolve("job.yaml"), job.substring(0, length));
      runs.train(torn, Earlier.RESUME, asks);
      runs.assertSame("clocked", torn);
      assertEquals(
          job.replace("/clocked", ""),
          Files.readString(runs.run(torn).resolve("job.yaml")).replace("/" + torn, ""));
    }
  }

  @Test
  void aDamagedCheckpointIsNamedAndPassedOver() throws IOException {
    String last = runs.lost("two", "damaged", 10);
    Path checkpoints = runs.run("damaged").resolve("checkpoints");
    Files.write(checkpoints.resolve(last).resolve("theta.safetensors"), new byte[5]);
    String out = runs.train("damaged", Earlier.RESUME);
    String note = "note       checkpoint " + last + " is passed over: " + checkpoints;
    assertTrue(out.contains(note), out);
    assertTrue(out.contains("resume     from round-00000000"), out);
    assertFalse(out.contains("from " + last), out);
    runs.assertSame("two", "damaged");
  }

  @Test
  void aFinishedRunIsExtendedToTheBytesOfTheLongerOne() throws IOException {
    runs.copy(runs.run("two"), runs.run("extended"));
    runs.train("extended", Earlier.EXTEND, "training.epochs=4");
    runs.assertSame("four", "extended");
    assertTrue(Files.readString(runs.run("extended").resolve("job.yaml")).contains("epochs: 4"));
  }

  @Test
  void aLostRunIsExtendedToo() throws IOException {
    runs.lost("two", "lost-extended", 3);
    runs.train("lost-extended", Earlier.EXTEND, "training.epochs=4");
    runs.assertSame("four", "lost-extended");
  }

  @Test
  void aRunIsNotMadeShorter() throws IOException {
    runs.copy(runs.run("two"), runs.run("short"));
    String begin =
        "output %s must be extended to no less than it has had (--overwrite starts again), however: "
            .formatted(runs.run("short"));
    String epochs = "training.epochs=1, which are 5 rounds, with 10 done (2 or more)";
    String rounds = "training.rounds=7, with 10 done (10 or more)";
    String patience = "training.patience=7, which was 16 (16 or more)";
    assertEquals(begin + epochs, runs.refusal("short", Earlier.EXTEND, "training.epochs=1"));
    assertEquals(
        begin + epochs + "; " + rounds + "; " + patience,
        runs.refusal(
            "short",
            Earlier.EXTEND,
            "training.epochs=1",
            "training.rounds=7",
            "training.patience=7"));
    // The least that is offered is taken, and is the run as it was.
    String[] mended = {"training.epochs=2", "training.rounds=10", "training.patience=16"};
    runs.train("short", Earlier.EXTEND, mended);
    runs.assertSame("two", "short");
    runs.train("short", Earlier.EXTEND, "training.epochs=3", "training.patience=0");
    assertEquals(
        begin + "training.patience=8, which was 0 (0)",
        runs.refusal("short", Earlier.EXTEND, "training.epochs=3", "training.patience=8"));
    runs.train("short", Earlier.EXTEND, "training.epochs=3", "training.patience=0");
  }

  /** What is lost after three rounds may as well end after five. */
  @Test
  void aLostRunMayEndEarlier() throws IOException {
    runs.train("one", Earlier.REFUSE, "training.epochs=1");
    runs.lost("two", "lost-short", 3);
    runs.train("lost-short", Earlier.EXTEND, "training.epochs=1");
    runs.assertSame("one", "lost-short");
  }

  /** An earlier run goes only once nothing of the new one can be refused any more. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "label=nobody",
        "table=FOLDER/nothing.csv",
        "validation=FOLDER/job.yaml",
        "features.include=[kind]",
        "training.monitor=rmse",
        "training.average={type: uniform, from_rounds: 1000}",
        "optimizer.groups=[{slots: nobody, rate: 2}]",
        "optimizer={type: lbfgs}",
        "loss={type: hinge}",
        "network={type: layers, layers: [{type: linear, units: 97}, {type: add, from: input}]}"
      })
  void whatIsRefusedReplacesNothing(String set) throws IOException {
    Path kept = runs.run("kept");
    if (!Files.exists(kept)) {
      runs.copy(runs.run("two"), kept);
    }
    runs.refusal("kept", Earlier.REPLACE, set.replace("FOLDER", folder.toString()));
  }

  @Test
  void aMovedTableIsTheSameTable() throws IOException {
    runs.lost("two", "moved", 9);
    Path moved = Files.createDirectory(folder.resolve("elsewhere")).resolve("t.csv");
    Files.copy(folder.resolve("shops.csv"), moved);
    runs.train("moved", Earlier.RESUME, "table=" + moved);
    runs.assertSame("two", "moved");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "optimizer.learning_rate=0.5 | same job (--overwrite starts again), however:"
            + " optimizer.learning_rate was 0.005, now 0.5",
        "seed=7 | same job (--overwrite starts again), however: seed was 1, now 7",
        "training.batch=40 | training.batch was 80, now 40",
        "training.slices=4 | training.slices was 2, now 4",
        "training.epochs=4 | same job (--extend lets it train on, --overwrite starts again),"
            + " however: training.epochs was 2, now 4",
        "validation=0.2 | validation was a table, now 0.2",
        "validation=none | validation was a table, now none",
        "compute.kernel=vector | same data and kernel (--overwrite starts again), however: kernel"
            + " was",
        "table=FOLDER/valid.csv | same data and kernel (--overwrite starts again), however:"
            + " train.content was",
        "validation=FOLDER/shops.csv | validation.content was",
      })
  void whatHasChangedIsNamed(String set, String words) throws IOException {
    if (!Files.exists(runs.run("lost-for-good"))) {
      runs.lost("two", "lost-for-good", 9);
    }
    String message =
        runs.refusal("lost-for-good", Earlier.RESUME, set.replace("FOLDER", folder.toString()));
    assertTrue(message.startsWith("output " + runs.run("lost-for-good") + " must go on"), message);
    assertTrue(message.contains(words), message);
  }

  @Test
  void withoutCheckpointsNothingIsKept() throws IOException {
    runs.train("none", Earlier.REFUSE, "training.checkpoints=none", "training.epochs=1");
    assertFalse(Files.exists(runs.run("none").resolve("checkpoints")));
    String message =
        runs.refusal("none", Earlier.EXTEND, "training.checkpoints=none", "training.epochs=2");
    assertEquals(
        "output %s must have a checkpoint to extend its run from (--overwrite starts again),"
                .formatted(runs.run("none"))
            + " however: it has none",
        message);
    String again =
        runs.train("none", Earlier.RESUME, "training.checkpoints=none", "training.epochs=1");
    assertEquals(
        "done       %s is finished already; the tables were not looked at (--overwrite starts again)\n"
            .formatted(runs.run("none")),
        again);
    assertEquals(
        "output %s must go on with the same job (--overwrite starts again), however:"
                .formatted(runs.run("none"))
            + " optimizer.learning_rate was 0.005, now 0.5; seed was 1, now 7;"
            + " training.epochs was 1, now 2",
        runs.refusal("none", Earlier.RESUME, "optimizer.learning_rate=0.5", "seed=7"));
    Files.delete(runs.run("none").resolve("DONE"));
    String out = runs.train("none", Earlier.RESUME, "training.checkpoints=none");
    assertFalse(out.contains("resume"), out);
    runs.assertSame("two", "none");
  }

  /** Whether a checkpoint is there or not; what the run's own job says is the same, of course. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.batch=40 | training.batch was 80, now 40",
        "training.slices=4 | training.slices was 2, now 4",
        "network.hidden=[] | network.hidden was not there, now []; network.hidden[0] was 8, now"
            + " not there",
        "loss.class_weights=balanced | loss.class_weights was not there, now balanced",
        "validation=0.1 | validation was a table, now 0.1",
        "test=FOLDER/valid.csv | test was none, now a table",
      })
  void afterTheEndTheJobIsComparedAsWell(String set, String words) throws IOException {
    String[] sets = {set.replace("FOLDER", folder.toString())};
    runs.train("two", Earlier.RESUME, "training.batch=80", "training.slices=2");
    assertEquals(
        "output %s must go on with the same job (--overwrite starts again), however: %s"
            .formatted(runs.run("two"), words),
        runs.refusal("two", Earlier.RESUME, sets));
    Path bare = runs.run("bare");
    if (!Files.exists(bare)) {
      runs.copy(runs.run("two"), bare);
      new LocalStorage().delete(bare + "/checkpoints");
    }
    assertEquals(
        "output %s must go on with the same job (--overwrite starts again), however: %s"
            .formatted(bare, words),
        runs.refusal("bare", Earlier.RESUME, sets));
    assertTrue(runs.refusal("two", Earlier.EXTEND, sets).endsWith("however: " + words));
  }

  /** Weights that the job gives stand in the run's job as they do in it. */
  @Test
  void givenWeightsAreTheSameWeights() throws IOException {
    String kind = Files.readAllLines(folder.resolve("shops.csv")).get(1).split(",", -1)[3];
    String[] given = {"training.epochs=1", "loss={class_weights: {\"%s\": 2}}".formatted(kind)};
    runs.train("weights", Earlier.REFUSE, given);
    runs.train("weights", Earlier.RESUME, given);
    String message =
        runs.refusal("weights", Earlier.RESUME, given[0], given[1].replace(": 2}", ": 3}"));
    assertTrue(message.endsWith("loss.class_weights.%s was 2, now 3".formatted(kind)), message);
  }

  /** What went on without checkpoints is longer than its last one says. */
  @Test
  void theLengthIsThatOfTheRun() throws IOException {
    Path run = runs.run("on");
    runs.copy(runs.run("two"), run);
    runs.train("on", Earlier.EXTEND, "training.epochs=4", "training.checkpoints=none");
    runs.assertSame("four", "on");
    assertEquals("round-000000010", runs.last("on"));
    assertEquals(
        "output %s must go on with the same job (--extend lets it train on, --overwrite starts again), however: training.epochs was 4, now 2"
            .formatted(run),
        runs.refusal("on", Earlier.RESUME));
    assertEquals(
        "output %s must be extended to no less than it has had (--overwrite starts again), however: training.epochs=3, which are 15 rounds, with 20 done (4 or more)"
            .formatted(run),
        runs.refusal("on", Earlier.EXTEND, "training.epochs=3"));
    runs.train("on", Earlier.EXTEND, "training.epochs=4");
    runs.assertSame("four", "on");
  }

  @Test
  void aFinishedRunWithoutItsJobIsRefused() throws IOException {
    runs.copy(runs.run("two"), runs.run("jobless"));
    Files.delete(runs.run("jobless").resolve("job.yaml"));
    assertEquals(
        "output %s must have the job.yaml of its run (--overwrite starts again), however: it has none"
            .formatted(runs.run("jobless")),
        runs.refusal("jobless", Earlier.RESUME));
  }

  /** The last quarter of 10 rounds is not that of 20. */
  @Test
  void anAverageThatHasBegunIsExtendedWhereItsBeginningIsGiven() throws IOException {
    runs.train("swa", Earlier.REFUSE, "training.average=uniform");
    assertEquals(
        "output %s must be extended with its average from the same round on (--overwrite starts"
                .formatted(runs.run("swa"))
            + " again; where training.average has from_epochs or from_rounds, a run can be"
            + " extended), however: it was from round 8 on, now 15, with 10 done",
        runs.refusal("swa", Earlier.EXTEND, "training.average=uniform", "training.epochs=4"));
    runs.train("swa-four", Earlier.REFUSE, "training.average=uniform", "training.epochs=4");
    runs.lost("swa", "swa-lost", 3);
    runs.train("swa-lost", Earlier.EXTEND, "training.average=uniform", "training.epochs=4");
    runs.assertSame("swa-four", "swa-lost");
    String given = "training.average={type: uniform, from_rounds: 8}";
    runs.train("given-four", Earlier.REFUSE, given, "training.epochs=4");
    runs.train("swa", Earlier.REPLACE, given);
    runs.train("swa", Earlier.EXTEND, given, "training.epochs=4");
    runs.assertSame("given-four", "swa");
  }

  /** Only {@code none} is none: without rounds and minutes there is one at the end. */
  @Test
  void withoutMinutesTheEndIsKept() throws IOException {
    runs.train("end", Earlier.REFUSE, "training.checkpoints={every_minutes: 0}");
    assertEquals("round-000000010", runs.last("end"));
    runs.train(
        "end", Earlier.EXTEND, "training.checkpoints={every_minutes: 0}", "training.epochs=4");
    assertEquals("round-000000020", runs.last("end"));
    runs.assertSame("four", "end");
  }

  @Test
  void theCommandLineGoesOnAndRefuses() throws IOException {
    String[] resume = {
      "train", runs.file().toString(), "--set", "output=" + runs.run("line"), "--resume"
    };
    Ran.inSharedSession(resume).done();
    runs.assertSame("two", "line");
    Ran again = Ran.inSharedSession(resume).done();
    assertEquals(2, again.out().lines().count(), again.out());
    Ran refused =
        Ran.inSharedSession(
            "train",
            runs.file().toString(),
            "--resume",
            "--set",
            "output=" + runs.run("line"),
            "--set",
            "seed=4");
    Refusal.assertRefused(refused, List.of("seed was 1, now 4", "--overwrite"));
    Ran both = Ran.lakeprop("train", runs.file().toString(), "--resume", "--overwrite");
    assertEquals(2, both.code());
    assertTrue(both.err().contains("--overwrite"), both.err());
    assertTrue(both.err().contains("mutually exclusive"), both.err());
  }
}
