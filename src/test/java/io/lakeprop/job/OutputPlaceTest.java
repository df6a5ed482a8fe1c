package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.NotReadable;
import io.lakeprop.spark.Outage;
import io.lakeprop.spark.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run's folder, its job file and its tables keep apart. */
final class OutputPlaceTest {
  @TempDir private Path folder;

  @BeforeEach
  void files() throws IOException {
    FolderTree.make(
        folder,
        Map.of(
            "data/t.csv", "a,y\n1,2\n",
            "data/day=1/p.csv", "a,y\n1,2\n",
            "data/day=2/p.csv", "a,y\n1,2\n",
            "out/own.csv", "a,y\n1,2\n",
            "out/old/v.csv", "a,y\n1,2\n",
            "out/12:30.csv", "a,y\n1,2\n",
            "da:y/t.csv", "a,y\n1,2\n",
            "job.yaml", "x"));
    FolderTree.make(
        folder,
        Map.of(
            "out/old/x.json", "{}",
            "out/old/y.parquet", "",
            "out/old/z.orc", "",
            "out/old/model/m.csv", "a"));
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("data"));
    Files.createSymbolicLink(folder.resolve("linked.csv"), folder.resolve("out/own.csv"));
  }

  private void check(String output, String table, String more) throws IOException {
    String text =
        "table: %s\nlabel: y\noutput: %s\n%s"
            .formatted(table, folder.resolve(output), more)
            .replace("IN/", folder + "/");
    Job job = JobReader.read(JobTree.resolve("job.yaml", text, List.of(), Map.of()));
    SparkSession session = TestSpark.session();
    OutputPlace place =
        OutputPlace.ofRun(session.sparkContext().hadoopConfiguration(), job.output());
    new TablesApart(place).check(session, job.data());
  }

  @Test
  void aSampleWithAColonInItsNameIsApart() throws IOException {
    Configuration hadoop = TestSpark.session().sparkContext().hadoopConfiguration();
    TableSpec spec = new TableSpec(new TableSpec.Sample("a:b", 9), Map.of(), Optional.empty());
    OutputPlace place = OutputPlace.ofRun(hadoop, folder.resolve("out").toString());
    new TablesApart(place).checkNamed(spec, hadoop);
    OutputPlace same = OutputPlace.ofRun(hadoop, "./a:b/out");
    assertThrows(InvalidInput.class, () -> new TablesApart(same).checkNamed(spec, hadoop));
  }

  @ParameterizedTest(name = "{0} and {1} {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "out | IN/out/own.csv |",
        "out | IN/out |",
        "out | IN/out/old |",
        "out | IN/out/*.csv |",
        "out | IN/out/1*.csv |",
        "out | IN/o*/12:30.csv |",
        "da:y | IN/da:y/t.csv |",
        "out | '{path: [IN/data/t.csv, IN/out/own.csv]}' |",
        "out | IN/linked.csv |",
        "out | IN/data/t.csv | 'validation: IN/out/own.csv'",
        "out | IN/data/t.csv | 'test: {path: IN/out/old, format: csv}'",
        "out | '{sql: \"select * from csv.`IN/out/own.csv`\"}' |",
        "data/run | IN/data |",
        "data | IN/data |",
        "data/day=1/run | IN/data |",
        "link/run | IN/data |",
        "data/run | IN/link |",
        "data/run | '{path: IN/data, format: delta}' |",
        "data/day=3 | IN/data/day=* |",
        "data/day=3/run | IN/data/* |",
        "data/run | 'IN/data/{run,day=1}' |",
        "data/run | 'IN/{data/run,data/day=1}' |",
        "data/day=3 | IN/link/day=* |",
        "data/day=3 | IN/l*k/day=* |",
        "link/day=3 | IN/data/day=* |",
        "data/run | IN/*/*/*.json |",
        "data/run | IN/*/*/model/* |",
        "data/run | '{sql: \"select * from csv.`IN/data`\"}' |",
        "data/sample/run | '{path: IN/data/sample, sample: 9}' |",
        "data | '{path: IN/data/sample, sample: 9}' |",
        ". | IN/data/t.csv |",
        "out/../data/run | IN/data |",
      })
  void theyAreRefusedTogether(String output, String table, String more) throws IOException {
    Map<String, String> before = FolderTree.of(folder);
    InvalidInput refusal =
        assertThrows(InvalidInput.class, () -> check(output, table, more == null ? "" : more));
    String message = refusal.getMessage();
    assertTrue(message.contains(" lies in ") || message.contains("it is table "), message);
    assertEquals(before, FolderTree.of(folder));
  }

  /** Predictions and reports are written by the same rules; a table's next reader finds neither. */
  @ParameterizedTest(name = "{0} {1} and {2}: {3}")
  @CsvSource({
    "parquet, data/scored, IN/data/*, refused",
    "parquet, data/day=scored, IN/data/day=*, refused",
    "parquet, data/scored, IN/data/*/*, refused",
    "parquet, data/scored, IN/*/*/*.parquet, refused",
    "parquet, data/deep/scored, IN/data/*, refused",
    "orc, data/scored, IN/*/*/*.orc, refused",
    "csv, data/scored, IN/data/*/p*.csv, refused",
    "csv, data/scored, IN/data/day=?/p.csv, fine",
    "parquet, data/scored, IN/data/*/*.csv, fine",
    "parquet, data/_scored, IN/data/*, fine",
    "parquet, data/scored, IN/data/t.csv, fine",
    "parquet, scored, IN/data/*, fine",
    "report, data/metrics.json, IN/data, refused",
    "report, link/metrics.json, IN/data, refused",
    "report, data/metrics.json, IN/data/*, refused",
    "report, data/day=1/m.json, IN/data/day=*, refused",
    "report, data/t.csv, IN/data/t.csv, refused",
    "report, data/metrics.json, IN/data/t.csv, fine",
    "report, data/metrics.json, IN/data/*.csv, fine",
    "report, metrics.json, IN/data, fine",
  })
  void whatATableWillFindIsNoPlace(String kind, String output, String table, String what)
      throws IOException {
    Configuration hadoop = TestSpark.session().sparkContext().hadoopConfiguration();
    String path = folder.resolve(output).toString();
    OutputPlace place =
        kind.equals("report")
            ? OutputPlace.ofReport(hadoop, path)
            : OutputPlace.ofTable(hadoop, path, kind, List.of());
    TableSpec spec = table(table.replace("IN", folder.toString()));
    if (what.equals("fine")) {
      new TablesApart(place).checkNamed(spec, hadoop);
    } else {
      String message =
          assertThrows(InvalidInput.class, () -> new TablesApart(place).checkNamed(spec, hadoop))
              .getMessage();
      String mend = kind.equals("report") ? "(name another file)" : "(name another folder)";
      assertTrue(message.contains(path) && message.endsWith(mend), message);
    }
  }

  /** Names are no URIs, off the local disk either. */
  @ParameterizedTest
  @ValueSource(strings = {"my reports", "50%", "a%20b", "[1]", "{x}", "x^2", "it's \"so\"", "a:b"})
  void aStoresNamesAreTakenAsTheyAre(String name) throws IOException {
    Configuration hadoop = Outage.none().configuration(new Configuration(false));
    Path own = Files.createDirectory(folder.resolve(name));
    String store = "store://" + own;
    ObjectNode report = new ObjectMapper().createObjectNode().put("y", 1);
    new JsonReport(hadoop, store + "/" + name + "/e.json", "x", Set.of("y")).write(report);
    assertTrue(Files.exists(own.resolve(name).resolve("e.json")), FolderTree.of(folder).toString());
    RunMark.own().write(new LocalStorage(), own.toString());
    OutputPlace model = OutputPlace.ofRun(hadoop, store + "/model/" + name);
    assertTrue(
        assertThrows(InvalidInput.class, model::checkRuns)
            .getMessage()
            .contains("it lies in the place of model of run store:" + own + " (name another"));
    Files.createDirectories(own.resolve("day=1"));
    Files.writeString(own.resolve("day=1/t.csv"), "a,y\n1,2\n");
    OutputPlace day = OutputPlace.ofTable(hadoop, store + "/day=" + name, "csv", List.of());
    TableSpec table = table("store://" + folder + "/*/day=*");
    assertThrows(InvalidInput.class, () -> new TablesApart(day).checkNamed(table, hadoop));
  }

  private static TableSpec table(String path) {
    return new TableSpec(
        new TableSpec.Files(List.of(path), Optional.empty(), Map.of(), Optional.empty()),
        Map.of(),
        Optional.empty());
  }

  /**
   * A role of a store that may use some folder alone has no say above it, and no business there.
   */
  @Test
  void whatNobodyMayLookAtAboveIsNotAsked() throws IOException {
    FolderTree.make(folder, Map.of("team/a/x", "x"));
    RunMark.own().write(new LocalStorage(), folder.resolve("team/run").toString());
    Outage outage = Outage.none();
    Configuration hadoop = outage.configuration(new Configuration(false));
    outage.deny(step -> !step.contains(folder + "/team/"));
    String store = "store://" + folder;
    OutputPlace.ofReport(hadoop, store + "/team/a/e.json").checkRuns();
    OutputPlace.ofReport(hadoop, store + "/team/e.json").checkRuns();
    assertThrows(
        InvalidInput.class,
        () ->
            OutputPlace.ofTable(hadoop, store + "/team/run/model/x", "csv", List.of()).checkRuns());
    assertThrows(
        NotReadable.class, () -> OutputPlace.ofReport(hadoop, store + "/e.json").checkRuns());
  }

  @ParameterizedTest(name = "{0} beside {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "run | IN/data",
        "data/run | IN/data/t.csv",
        "data/run | IN/data/*.csv",
        "data/run | IN/data/day=*",
        "data2 | IN/data",
        "data/_run | IN/data/*",
        "data/.run | IN/data/*",
        "data/run | IN/data/*/*.csv",
        "data/run | '{sql: \"select * from csv.`IN/data/t.csv`\"}'",
        "datasets | IN/data*/t.csv",
        "run | IN/not/there",
        "run | '{sql: \"select * from csv.`IN/data/t.csv`\"}'",
        "run | '{sql: \"select nonsense\"}'",
        "sample/run | '{path: IN/sample2, sample: 9}'",
      })
  void whatLiesApartIsFine(String output, String table) throws IOException {
    check(output, table, "");
  }

  @Test
  void theJobFileIsNotInTheOutput() throws IOException {
    Path job = folder.resolve("job.yaml");
    Path linked = Files.createSymbolicLink(folder.resolve("out/mine.yaml"), job);
    for (Path output :
        List.of(folder, folder.resolve("data/.."), folder.getParent(), Path.of("/"))) {
      OutputPlace place =
          OutputPlace.ofRun(
              TestSpark.session().sparkContext().hadoopConfiguration(), output.toString());
      assertTrue(
          assertThrows(InvalidInput.class, () -> place.checkJobFile(job.toString()))
              .getMessage()
              .contains("job file " + job + " lies in it"));
      assertThrows(InvalidInput.class, () -> place.checkJobFile(linked.toString()));
    }
    OutputPlace.ofRun(
            TestSpark.session().sparkContext().hadoopConfiguration(),
            folder.resolve("run").toString())
        .checkJobFile(job.toString());
  }

  /** The README's own name for the job file, and the flag that once deleted all beside it. */
  @ParameterizedTest
  @CsvSource({"''", "--resume", "--overwrite", "--extend"})
  void theFolderOfTheJobIsNoOutput(String flag) throws IOException {
    Path project = folder.resolve("project");
    FolderTree.make(
        project,
        Map.of(
            "job.yaml",
            "table: %s/data/t.csv\nlabel: y\noutput: %s\n".formatted(folder, project),
            "thesis.txt",
            "years"));
    Map<String, String> before = FolderTree.of(project);
    String job = project.resolve("job.yaml").toString();
    Ran ran = flag.isEmpty() ? Ran.lakeprop("train", job) : Ran.lakeprop("train", job, flag);
    Refusal.assertRefused(ran, List.of("job file " + job + " lies in it", "name another folder"));
    assertEquals(before, FolderTree.of(project));
  }
}
