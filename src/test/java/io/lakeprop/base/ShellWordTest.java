package io.lakeprop.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shell itself must give every argument back as it was. */
final class ShellWordTest {
  private static final List<String> ARGUMENTS = arguments();

  @TempDir private Path folder;

  private static List<String> arguments() {
    List<String> all = new ArrayList<>();
    for (char one = 1; one < 128; one++) {
      all.add("" + one);
      all.add("a" + one + one + "b");
      all.add("'" + one + "\"");
    }
    all.addAll(
        List.of(
            "",
            "''",
            "\\'",
            "z=regexp_replace(n, '([a-z])', '$1$1')",
            "v=`size`(\"a\") || '!!' || '$(id)'",
            "two\nlines'\n",
            "~",
            "größe 中",
            "-- # * ? [a] {a,b}"));
    return all;
  }

  @Test
  void shellsGiveItBack() throws IOException, InterruptedException {
    StringBuilder script = new StringBuilder();
    ARGUMENTS.forEach(
        argument -> script.append("printf '%s\\0' ").append(ShellWord.of(argument)).append('\n'));
    Path file = Files.writeString(folder.resolve("script"), script);
    for (String shell : List.of("sh", "bash")) {
      Process process =
          new ProcessBuilder(shell, file.toString()).redirectErrorStream(true).start();
      String echoed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), shell);
      assertEquals(String.join("\0", ARGUMENTS) + "\0", echoed, shell);
    }
  }

  @Test
  void plainWordsStayPlain() {
    assertEquals("encoding=UTF-16LE", ShellWord.of("encoding=UTF-16LE"));
    assertEquals("'sep=;'", ShellWord.of("sep=;"));
  }
}
