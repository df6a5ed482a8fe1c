package io.lakeprop.spark;

import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * The line between resident tasks and the driver: messages over Spark's own RPC, set by {@code
 * spark.plugins}.
 *
 * <p>A JVM has one Spark context, so what Spark hands out at the start stands in static fields.
 */
public final class LakepropPlugin implements SparkPlugin {
  private static final AtomicLong NEXT_BOARD = new AtomicLong();
  private static volatile DriverSide driver;
  private static volatile PluginContext executor;

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverSide();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorSide();
  }

  /** Whether this JVM's Spark context was started with the plugin; the driver's, that is. */
  static boolean onDriver() {
    return driver != null;
  }

  /** Lets tasks reach a board; returns the number by which they ask for it. */
  static long open(RoundBoard board) {
    DriverSide side = driver;
    if (side == null) {
      throw new IllegalStateException(
          "resident rounds need spark.plugins=" + LakepropPlugin.class.getName());
    }
    long number = NEXT_BOARD.getAndIncrement();
    side.boards.put(number, board);
    return number;
  }

  /** Forgets a board: tasks that still ask are told to leave. */
  static void forget(long number) {
    DriverSide side = driver;
    if (side != null) {
      side.boards.remove(number);
    }
  }

  /**
   * Asks the driver, from an executor. In local mode, where the driver is in this JVM, without
   * sending a message.
   *
   * @param question as written by {@link Question#write}
   */
  static Answer ask(byte[] question) throws Exception {
    DriverSide here = driver;
    if (here != null) {
      return here.answer(question);
    }
    PluginContext context = executor;
    if (context == null) {
      throw new IllegalStateException(
          "resident rounds need the plugin on every executor, however: it was not started here");
    }
    return new Answer((byte[]) context.ask(question));
  }

  /**
   * Passes questions on to their boards. Messages come on one thread for all tasks; in local mode
   * every task comes itself.
   */
  private static final class DriverSide implements DriverPlugin {
    private final Map<Long, RoundBoard> boards = new ConcurrentHashMap<>();

    @Override
    public Map<String, String> init(SparkContext context, PluginContext plugin) {
      driver = this;
      return Map.of();
    }

    @Override
    public Object receive(Object message) {
      return answer((byte[]) message).message();
    }

    private Answer answer(byte[] message) {
      Question question = Question.read(message);
      RoundBoard board = boards.get(question.board());
      return board == null ? Answer.of(Answer.Kind.LEAVE) : board.answer(question);
    }

    @Override
    public void shutdown() {
      boards.clear();
      driver = null;
    }
  }

  /** Keeps the way to the driver. */
  private static final class ExecutorSide implements ExecutorPlugin {
    @Override
    public void init(PluginContext context, Map<String, String> unused) {
      executor = context;
      if (driver == null) {
        // An executor's process is the application's alone: no number is written in a locale's own
        // digits, no text changes its case by a locale's rules, and no time of an ORC file its
        // hours by the machine's zone.
        Locale.setDefault(Locale.ROOT);
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
      }
    }

    @Override
    public void shutdown() {
      executor = null;
    }
  }
}
