package io.lakeprop.model;

import io.lakeprop.base.Mix;
import io.lakeprop.data.PredictionBounds;
import io.lakeprop.data.TableRow;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Recompute;
import io.lakeprop.nn.Workspace;
import io.lakeprop.nn.WorkspacePlan;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The buffers of one thread that predicts many rows at a time: rows are put in, then predicted
 * together.
 *
 * <p>A batch belongs to the thread that first puts a row in, and refuses every other one: what two
 * threads put into one place would be answered with the row of either. Threads that have a row at a
 * time share a {@link Predictor} instead.
 */
public final class Batch {
  private final Model model;
  private final PredictionBounds bounds;
  private final Workspace workspace;
  private final float[] numbers;
  private final int[] ids;
  private final float[] predictions;
  private TableRow read;
  private final AtomicReference<Thread> owner = new AtomicReference<>();

  Batch(Model model, int rows, Kernel kernel) {
    this.model = model;
    this.bounds = model.bounds();
    WorkspacePlan plan =
        new WorkspacePlan(model.network(), rows, model.loss().labels(), new Recompute.None());
    this.workspace = new Workspace(plan, kernel.gemm());
    this.numbers = new float[model.encoder().numbers()];
    this.ids = new int[model.encoder().categories().size()];
    this.predictions = new float[rows * model.loss().predictions()];
  }

  /** Rows that fit into one call of {@link #predict}. */
  public int rows() {
    return workspace.rows();
  }

  /**
   * Encodes a row into place {@code row}.
   *
   * @param offset the value of the model's offset column, refused when it is no number; any number
   *     for a model without one
   * @throws IllegalStateException when the batch is another thread's
   */
  public void put(int row, TableRow values, double offset) {
    checkOwner();
    workspace.logitOffsets()[row] = model.offset().encode(offset);
    read = model.asInTraining(values);
    model.encoder().encode(read, numbers, 0, ids, 0);
    workspace.put(row, numbers, 0, ids, 0);
  }

  /** The row that was put in last, as training would have read it. */
  public TableRow read() {
    return read;
  }

  /** The categories of the row that was put in last; overwritten by the next one. */
  public int[] ids() {
    return ids;
  }

  /**
   * The hash of the encoded row that was put in last: rows that are alike to the model have the
   * same, however their tables write them.
   */
  public long content() {
    return Mix.mix(Arrays.hashCode(numbers), Arrays.hashCode(ids));
  }

  /**
   * Predicts the first rows that were put in.
   *
   * @return (rows, predictions a row), as {@link Model#predictions} names them: label after label
   *     probabilities of the classes or standardised estimates; overwritten by the next call
   * @throws IllegalStateException when the batch is another thread's
   */
  public float[] predict(int rows) {
    checkOwner();
    model.network().forward(workspace, model.theta(), rows, null);
    if (!model.offset().isNone()) {
      workspace.shiftLogits(rows, model.loss().offsetFactors());
    }
    model.loss().predict(rows, workspace.logits(), predictions);
    bounds.keep(rows, predictions);
    return predictions;
  }

  /**
   * The losses of the rows of the last {@link #predict}, given their labels; both (rows, labels a
   * row).
   */
  public float[] losses(int rows, float[] labels) {
    checkOwner();
    model.loss().labelLosses(rows, workspace.logits(), labels, workspace.losses());
    return workspace.losses();
  }

  /** The next thread that puts a row in may have the batch. */
  void release() {
    read = null; // A caller's row is not kept.
    owner.set(null);
  }

  private void checkOwner() {
    Thread own = Thread.currentThread();
    if (owner.get() != own && !owner.compareAndSet(null, own)) {
      throw new IllegalStateException(
          "a batch must be used by the thread that first put a row into it, however: \"%s\" (threads may share a Predictor)"
              .formatted(own.getName()));
    }
  }
}
