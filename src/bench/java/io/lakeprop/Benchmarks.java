package io.lakeprop;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * Runs benchmarks with JMH's own arguments, then prints how many times as much {@link Work} a
 * second each method of a class has done as each other one with the same parameters.
 *
 * <p>Ratios within one run are what can be compared from machine to machine.
 */
public final class Benchmarks {
  private static final String WORK = "done";

  private Benchmarks() {}

  public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
    Collection<RunResult> results = new Runner(new CommandLineOptions(arguments)).run();
    Map<String, Map<String, Double>> rates = new TreeMap<>();
    for (RunResult result : results) {
      String name = result.getParams().getBenchmark();
      int dot = name.lastIndexOf('.');
      List<String> parameters = new ArrayList<>();
      result
          .getParams()
          .getParamsKeys()
          .forEach(key -> parameters.add(key + "=" + result.getParams().getParam(key)));
      if (result.getSecondaryResults().containsKey(WORK)) {
        rates
            .computeIfAbsent(
                name.substring(name.lastIndexOf('.', dot - 1) + 1, dot) + " " + parameters,
                key -> new TreeMap<>())
            .put(name.substring(dot + 1), result.getSecondaryResults().get(WORK).getScore());
      }
    }
    rates.forEach(Benchmarks::print);
  }

  private static void print(String title, Map<String, Double> rates) {
    System.out.printf("%n%s%n%20s %10s", title, "", "work/s");
    rates.keySet().forEach(other -> System.out.printf(" %16s", "/ " + other));
    System.out.println();
    rates.forEach(
        (name, rate) -> {
          System.out.printf(Locale.ROOT, "%20s %10.3g", name, rate);
          rates.values().forEach(other -> System.out.printf(Locale.ROOT, " %16.2f", rate / other));
          System.out.println();
        });
  }
}
