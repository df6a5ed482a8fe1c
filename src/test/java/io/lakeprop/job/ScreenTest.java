package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.spark.TestProcesses;
import io.lakeprop.spark.TestSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What README shows of a terminal and of a file is what a run prints, but for its numbers: those of
 * time and speed, and the scores of a training that is shorter here.
 */
@Timeout(180)
final class ScreenTest {
  private static final Pattern NUMBER = Pattern.compile("[0-9][0-9,.:]*");
  private static final Set<String> DIFFERENT =
      Set.of("lakeprop", "kernel", "epoch", "ended", "done");

  @TempDir private static Path folder;

  @BeforeAll
  static void job() throws IOException {
    CustomersTable.in(folder);
    Files.writeString(
        folder.resolve("job.yaml"),
        "table: customers.csv\nlabel: churned\noutput: runs/customers\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"terminal of 80 columns", "terminal of 60 columns", "log file"})
  void readmeShowsWhatARunPrints(String where) throws Exception {
    String columns = where.replaceAll("[^0-9]", "");
    List<String> command = TestProcesses.java();
    TestSpark.settings("local[2]").forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of(Main.class.getName(), "train", "job.yaml", "--overwrite"));
    command.addAll(List.of("--set", "training.rounds=96"));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectError(folder.resolve("err").toFile());
    if (!columns.isEmpty()) {
      builder.environment().put("LAKEPROP_TTY", "1");
      builder.environment().put("COLUMNS", columns);
    }
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> out + "\n" + err());
    List<String> screen = screen(out);
    for (String line : screen) {
      assertTrue(columns.isEmpty() || line.length() <= Integer.parseInt(columns), line);
    }
    assertEquals(plain(readme(where)), plain(screen));
  }

  private static String err() {
    try {
      return Files.readString(folder.resolve("err"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Lines as they stand at the end, with the progress line as it stood when the rounds ended. */
  private static List<String> screen(String out) {
    List<String> lines = new ArrayList<>();
    for (String line : out.split("\n", -1)) {
      String progress = "";
      String[] drawn = line.split("\r", -1);
      for (int i = 0; i + 1 < drawn.length; i++) {
        progress = drawn[i].startsWith("epoch ") ? drawn[i] : progress;
      }
      if (!progress.isEmpty()) {
        lines.add(progress);
      }
      lines.add(drawn[drawn.length - 1]);
    }
    return lines;
  }

  /** The block of README behind a line of this text. */
  private static List<String> readme(String where) throws IOException {
    Matcher block =
        Pattern.compile("(?s)" + where + "[^\n]*\n+```text\n(.*?)```")
            .matcher(Files.readString(Path.of("README.md")));
    assertTrue(block.find(), where);
    return block.group(1).lines().toList();
  }

  /** Without what differs from run to run: lines that do are there by their headings alone. */
  private static String plain(List<String> lines) {
    List<String> plain = new ArrayList<>();
    String heading = "";
    for (String line : lines) {
      boolean goesOn = line.startsWith(" ");
      boolean isNoteOfTheEnd = line.startsWith("note") && heading.equals("ended");
      heading = goesOn || isNoteOfTheEnd ? heading : line.split(" ", 2)[0];
      boolean again = heading.equals("epoch") && plain.get(plain.size() - 1).equals("epoch");
      if (!DIFFERENT.contains(heading)) {
        plain.add(NUMBER.matcher(line.stripTrailing()).replaceAll("#").replaceAll(" +", " "));
      } else if (!goesOn && !isNoteOfTheEnd && !again) {
        plain.add(heading);
      }
    }
    return String.join("\n", plain).replaceAll("local\\[.*?]", "local").strip();
  }
}
