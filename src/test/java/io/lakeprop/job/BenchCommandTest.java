package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The benchmark runs as asked, and its figures hang together. */
final class BenchCommandTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "auto, auto, resident rounds, openblas|vector, 2",
    "job, vector, job rounds, vector, 2",
    "local, ejml, local, ejml, 1"
  })
  void figuresHangTogether(String rounds, String kernel, String way, String kernels, int tasks) {
    Path json = folder.resolve("bench.json");
    Ran.lakeprop(
            "bench",
            "--layers",
            "10,30,4",
            "--batch",
            "128",
            "--rows",
            "1000",
            "--seconds",
            "0.3",
            "--rounds",
            rounds,
            "--kernel",
            kernel,
            "--json",
            json.toString())
        .done();
    JsonNode report = Ran.json(json);
    assertEquals(10 * 30 + 30 + 30 * 4 + 4, report.get("parameters").asInt());
    assertEquals(way, report.get("rounds").asText());
    assertTrue(report.get("kernel").asText().matches("(" + kernels + ") [0-9a-f]{8}"), kernel);
    assertEquals(tasks, report.get("tasks").asInt());
    double flops = 4.0 * 10 * 30 + 6.0 * 30 * 4;
    double rate = report.get("rows_per_second").asDouble();
    assertTrue(rate > 0);
    assertEquals(rate * flops * 1e-9, report.get("gflops").asDouble(), 1e-9 * rate);
    assertEquals(
        report.get("gflops").asDouble() / report.get("sgemm_peak_gflops").asDouble(),
        report.get("fraction_of_peak").asDouble(),
        1e-12);
    JsonNode median = report.get("round_ms");
    assertTrue(median.get("compute").asDouble() > 0);
    assertTrue(median.get("total").asDouble() >= median.get("compute").asDouble());
    assertTrue(
        report.get("round_ms_p90").get("total").asDouble() >= median.get("total").asDouble());
    // Rounds follow one another: their times add up to the clock's, but for warm-up and reports.
    double rowsARound = 128 * report.get("measured_rounds").asInt() * 1e3 / rate;
    assertTrue(rowsARound > 300, "measured only " + rowsARound + " ms");
  }

  @Test
  void aNetworkThatIsNoneIsRefused() throws IOException {
    Ran ran = Ran.lakeprop("bench", "--layers", "10");
    assertEquals(2, ran.code());
    assertEquals(
        "error: --layers must be at least two widths above 0, such as 54,256,256,7, however: [10]",
        ran.err().strip());
    ran = Ran.lakeprop("bench", "--batch", "100", "--rows", "10");
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("however: batch=100 rows=10"), ran.err());
    ran = Ran.lakeprop("bench", "--round-floor", "--layers", "10,3", "--seconds=1", "--batch=8192");
    assertEquals(2, ran.code());
    assertEquals(
        "error: --round-floor has rounds of its own and must stand without options of others,"
            + " however: --layers and --batch are there (leave them out)",
        ran.err().strip());
    Path notes = Files.writeString(folder.resolve("notes.txt"), "mine");
    ran = Ran.lakeprop("bench", "--json", notes.toString());
    assertTrue(ran.err().contains("--json " + notes + " must be a new file"), ran.err());
    assertEquals("mine", Files.readString(notes));
  }
}
