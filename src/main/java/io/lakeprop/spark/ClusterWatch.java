package io.lakeprop.spark;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleConsumer;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.RDDInfo;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Hears from Spark's scheduler, for the life of a run, what happens to executors and tasks, and
 * tells it as {@link ClusterNews}.
 *
 * <p>Tasks that are ended on purpose (resident tasks that are given up, the slower of two copies,
 * cancelled jobs) are killed tasks to Spark, and no failures here.
 */
public final class ClusterWatch implements AutoCloseable {
  private static final long LATEST_NEWS_MILLIS = 5_000;

  private final SparkContext context;
  private final ClusterNews news;
  private final Ear ear;

  private ClusterWatch(SparkContext context, TrainingData.Listener listener) {
    this.context = context;
    this.news = new ClusterNews(listener::note);
    this.ear = new Ear(news, listener::progress);
    context.addSparkListener(ear);
  }

  /**
   * Begins to watch.
   *
   * @param listener gets notes on a thread of Spark's
   */
  public static ClusterWatch over(SparkSession session, TrainingData.Listener listener) {
    return new ClusterWatch(session.sparkContext(), listener);
  }

  /** What happened so far, with the events that are still on their way. */
  public Faults faults() {
    try {
      context.listenerBus().waitUntilEmpty(LATEST_NEWS_MILLIS);
    } catch (TimeoutException e) {
      // Counted as far as it was heard.
    }
    return news.faults();
  }

  @Override
  public void close() {
    context.removeSparkListener(ear);
  }

  /** Spark calls it on one thread, event by event. */
  private static final class Ear extends SparkListener {
    private static final String CAUSED_BY = "Caused by: ";

    private final ClusterNews news;
    private final DoubleConsumer progress;
    private final Map<Integer, Integer> tasks = new HashMap<>();
    private final Map<Integer, Integer> done = new HashMap<>();
    private final Map<Integer, Work> stages = new HashMap<>();
    private final Map<Integer, String> failures = new HashMap<>();
    private final Map<String, String> hosts = new HashMap<>();

    Ear(ClusterNews news, DoubleConsumer progress) {
      this.news = news;
      this.progress = progress;
    }

    @Override
    public void onExecutorAdded(SparkListenerExecutorAdded event) {
      hosts.put(event.executorId(), event.executorInfo().executorHost());
      news.joined(named(event.executorId()));
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
      news.gone(named(event.executorId()), event.reason());
      hosts.remove(event.executorId());
    }

    /** Executors that were there before the watch are known by their tasks. */
    private String named(String executor) {
      return hosts.containsKey(executor) ? executor + " on " + hosts.get(executor) : executor;
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
      StageInfo stage = event.stageInfo();
      Work work = Work.of(event.properties());
      stages.put(stage.stageId(), work);
      tasks.put(stage.stageId(), stage.numTasks());
      done.put(stage.stageId(), 0);
      if (work == Work.ROUND) {
        news.roundsBegin();
      }
      if (stage.shuffleDepId().isDefined() && work != Work.PACKING && encodes(stage)) {
        news.packsAgain(work);
      } else if (stage.attemptNumber() > 0) {
        news.runsAgain(work);
      }
    }

    private static boolean encodes(StageInfo stage) {
      for (RDDInfo rdd : CollectionConverters.asJava(stage.rddInfos())) {
        if (rdd.name().equals(BlockPacker.ENCODED)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted event) {
      stages.remove(event.stageInfo().stageId());
      tasks.remove(event.stageInfo().stageId());
      done.remove(event.stageInfo().stageId());
      failures.remove(event.stageInfo().stageId());
    }

    /** Only a task that gets another try is news: of one that does not, the command's end tells. */
    @Override
    public void onTaskStart(SparkListenerTaskStart event) {
      TaskInfo task = event.taskInfo();
      hosts.putIfAbsent(task.executorId(), task.host());
      if (task.attemptNumber() > 0 && !task.speculative()) {
        String failure = failures.remove(event.stageId());
        if (failure != null) {
          news.triesAgain(work(event.stageId()), failure);
        }
      }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
      if (event.taskInfo().successful() && done.containsKey(event.stageId())) {
        int all = done.merge(event.stageId(), 1, Integer::sum);
        progress.accept(Math.min(1, (double) all / tasks.get(event.stageId())));
      }
      if (event.reason() instanceof ExceptionFailure failure) {
        failures.put(event.stageId(), words(failure));
        news.failed();
      } else if (event.taskInfo().speculative() && event.taskInfo().successful()) {
        news.copyWon(work(event.stageId()));
      }
    }

    private Work work(int stage) {
      return stages.getOrDefault(stage, Work.OTHER);
    }

    /** The innermost cause: what Spark puts around it says less. */
    private static String words(ExceptionFailure failure) {
      return failure
          .fullStackTrace()
          .lines()
          .filter(line -> line.startsWith(CAUSED_BY))
          .reduce((outer, inner) -> inner)
          .or(() -> failure.fullStackTrace().lines().findFirst())
          .map(line -> line.replaceFirst("^(" + CAUSED_BY + ")?([\\w$]+\\.)*", ""))
          .orElse(failure.className());
    }
  }
}
