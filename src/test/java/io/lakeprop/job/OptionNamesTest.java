package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** An option that submit.sh takes for Spark would never reach a command of the same name. */
class OptionNamesTest {
  private static final Pattern SPARK_OPTION = Pattern.compile("(--[a-z-]+)=\\*");

  @Test
  void noCommandHasAnOptionOfSpark() throws IOException {
    Set<String> ofSpark =
        SPARK_OPTION
            .matcher(Files.readString(Path.of("submit.sh")))
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(ofSpark.containsAll(Set.of("--master", "--conf", "--name")), ofSpark.toString());
    Set<String> ours = new TreeSet<>();
    for (CommandLine command : Main.commandLine().getSubcommands().values()) {
      command.getCommandSpec().options().forEach(o -> ours.addAll(Arrays.asList(o.names())));
    }
    assertTrue(ours.contains("--table"), ours.toString());
    ours.retainAll(ofSpark);
    assertEquals(Set.of(), ours);
  }
}
