package io.lakeprop.spark;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;

/**
 * A standalone cluster of two workers with a core each, whose executors are processes. It is what
 * {@code local-cluster[2,1,1024]} is, but that the workers have addresses of their own: Spark never
 * runs two copies of a task on one host.
 */
public final class TwoHosts implements AutoCloseable {
  private static final int MEGABYTES = 1024;
  private final RpcEnv master;
  private final RpcEnv[] workers = new RpcEnv[2];

  /** Starts master and workers in this JVM. */
  public TwoHosts() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master.rest.enabled", "false")
            .set("spark.shuffle.service.enabled", "false");
    master = Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf)._1();
    for (int i = 0; i < workers.length; i++) {
      String[] masters = {url()};
      String host = "127.0.0." + (i + 1);
      workers[i] =
          Worker.startRpcEnvAndEndpoint(
              host, 0, 0, 1, MEGABYTES, masters, work(), Option.apply(i), conf, Option.empty());
    }
  }

  private static String work() {
    return java.nio.file.Path.of("target", "workers").toAbsolutePath().toString();
  }

  private String url() {
    return "spark://127.0.0.1:" + master.address().port();
  }

  /** Replaces the shared session by one on this cluster. */
  public void restart(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(TestSpark.executorProcesses());
    settings.put("spark.executor.memory", MEGABYTES + "m");
    // As in conf/standalone.properties: the default costs seconds each time that blocks move.
    settings.put("spark.locality.wait", "200ms");
    settings.putAll(more);
    TestSpark.restart(url(), settings);
  }

  @Override
  public void close() {
    for (RpcEnv worker : workers) {
      worker.shutdown();
    }
    master.shutdown();
  }
}
