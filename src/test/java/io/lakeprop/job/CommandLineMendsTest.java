package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refusals of evaluate and predict offer options that these commands have. */
final class CommandLineMendsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "table.malformed: skip leaves them out|--malformed skip leaves them out",
        "(options: {encoding: UTF-16LE})|(--option encoding=UTF-16LE)",
        "options: {quote: ''} reads|--option quote= reads",
        "options: {escape: '\\'} those|--option 'escape=\\' those",
        "options: {sep: \";\"} if|--option 'sep=;' if",
        "(derive: {eur: \"replace(eur, ',', '.')\"} reads)|(--derive"
            + " 'eur=replace(eur, '\\'','\\'', '\\''.'\\'')' reads)",
        "derive: {\"a: b\": \"x \\\"y\\\" \\\\d \\u0009\"}|--derive 'a: b=x \"y\" \\d \\u0009'",
        "table.derive: {v_1: \"`v`[1]\"}|--derive 'v_1=`v`[1]'",
        "nothing: {of: this}|nothing: {of: this}"
      })
  void keysBecomeOptions(String job, String commandLine) {
    assertEquals(commandLine, CommandLineMends.of(job));
  }

  @Test
  void theyHelp() throws IOException {
    List<String> lines = new ArrayList<>(List.of("x,name,y"));
    for (int i = 0; i < 200; i++) {
      lines.add("%d,\u00e4%d,%s".formatted(i % 50, i % 5, i % 10 < 5 ? "yes" : "no"));
    }
    Path table = Files.write(folder.resolve("t.csv"), lines);
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            "table: %s/t.csv\nlabel: y\noutput: %s/run\nnetwork: {hidden: 8}\ntraining: {epochs: 1}\n"
                .formatted(folder, folder));
    Ran.lakeprop("train", job.toString()).done();
    Path broken = Files.writeString(table.resolveSibling("b.csv"), "x,name,y\n1,a,no\nmany,b,no\n");
    assertMended(broken, "--malformed skip", "--malformed", "skip");
    Path latin = folder.resolve("latin.csv");
    Files.write(latin, lines, StandardCharsets.ISO_8859_1);
    assertMended(latin, "--option encoding=", "--option", "encoding=ISO-8859-1");
  }

  private void assertMended(Path table, String offered, String... mend) {
    List<String> command =
        new ArrayList<>(List.of("evaluate", "--model=" + folder + "/run", "--table=" + table));
    Ran refused = Ran.lakeprop(command.toArray(String[]::new));
    assertEquals(2, refused.code(), refused.err());
    assertTrue(refused.err().contains(offered), refused.err());
    command.addAll(List.of(mend));
    Ran.lakeprop(command.toArray(String[]::new)).done();
  }
}
