package io.lakeprop.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A machine for which there is no native library, a JVM without vectors: training goes on. */
class KernelFallbackTest {
  /** What such a process says. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      System.out.println(Kernel.choose(Optional.empty()).words());
      System.out.println(Kernel.choose(Optional.of(Kernel.OPENBLAS)).name());
      float[] y = new float[1];
      Kernel.OPENBLAS
          .gemm()
          .forward(1, 2, 1, new float[] {2, 3}, new float[] {5, 7, 11}, 0, new float[] {11}, 0, y);
      System.out.println(y[0]);
    }
  }

  @Test
  void withVectorsTheyAreNext() throws Exception {
    List<String> lines = run("-Dos.arch=riscv64", "--add-modules", "jdk.incubator.vector");
    assertTrue(
        lines.get(0).matches("vector [0-9a-f]{8}; no openblas: .*/linux-riscv64/.*"), lines.get(0));
    assertTrue(lines.get(1).startsWith("vector "), lines.get(1));
    assertEquals("42.0", lines.get(2));
  }

  @Test
  void withoutAnythingElseEjmlIsThere() throws Exception {
    List<String> lines = run("-Dos.arch=riscv64");
    assertTrue(
        lines
            .get(0)
            .matches("ejml [0-9a-f]{8}; no openblas: .*; no vector: .*jdk.incubator.vector"),
        lines.get(0));
    assertEquals("42.0", lines.get(2));
  }

  /** A library that is there but cannot be loaded is as good as none. */
  @Test
  void aLibraryThatCannotBeUnpackedIsPassedOver() throws Exception {
    List<String> lines =
        run(
            "-Dorg.bytedeco.javacpp.cachedir=/proc/none",
            "-Duser.home=/proc/none",
            "-Djava.io.tmpdir=/proc/none");
    assertTrue(lines.get(0).startsWith("ejml "), lines.get(0));
    assertEquals("42.0", lines.get(2));
  }

  /** A variable that is set for another program can halve the speed of this one. */
  @Test
  void codeForAnotherProcessorIsSaid() throws Exception {
    Process process = start(Map.of("OPENBLAS_CORETYPE", "Haswell"));
    String line = lines(process).get(0);
    assertTrue(
        line.matches("openblas [0-9a-f]{8} \\(code for Haswell, as OPENBLAS_CORETYPE asks\\)"),
        line);
    assertEquals("", Kernel.VECTOR.asked(Map.of("OPENBLAS_CORETYPE", "Haswell")));
    assertEquals("", Kernel.OPENBLAS.asked(Map.of()));
  }

  private static List<String> run(String... options) throws IOException, InterruptedException {
    return lines(start(Map.of(), options));
  }

  private static Process start(Map<String, String> environment, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static List<String> lines(Process process) throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    return out.lines().toList();
  }
}
