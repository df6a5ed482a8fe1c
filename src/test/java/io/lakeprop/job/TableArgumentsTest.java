package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.data.TableSpec;
import io.lakeprop.spark.HadoopStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class TableArgumentsTest {
  @TempDir private Path folder;

  /** Commas separate paths, whatever their schemes, but in braces and in a name that is there. */
  @Test
  void commasSeparatePaths() throws IOException {
    Files.writeString(folder.resolve("a,10:30.csv"), "x\n1\n");
    for (List<String> paths :
        List.of(
            List.of("a.csv", "b.csv"),
            List.of("a.csv", "s3a://lake/b.csv"),
            List.of("a:b.csv", "file:/lake/b.csv"),
            List.of("{a,b}.csv", "c.csv"),
            List.of(folder + "/a,10:30.csv"))) {
      TableArguments arguments =
          CommandLine.populateCommand(new TableArguments(), "--table", String.join(",", paths));
      TableSpec.Files files =
          (TableSpec.Files) arguments.spec(new HadoopStorage(new Configuration()), "UTC").source();
      assertEquals(paths, files.paths());
    }
  }
}
