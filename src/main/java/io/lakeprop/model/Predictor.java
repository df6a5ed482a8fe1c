package io.lakeprop.model;

import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.TableRow;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Recompute;
import io.lakeprop.nn.Workspace;
import io.lakeprop.nn.WorkspacePlan;
import java.util.Map;

/**
 * Predicts rows with a model, without any engine.
 *
 * <p>Owns buffers and belongs to one thread. A {@link Model} may be shared: threads that make a
 * predictor each from one model give the answers that one thread would, to the bit, and share its
 * parameters.
 *
 * <pre>{@code
 * Model model = ModelFiles.read(new LocalStorage(), "runs/adult/model");
 * Predictor predictor = model.predictor(1);
 * double[] p = predictor.predict(Map.of("age", 39, "workclass", "State-gov"));
 * }</pre>
 */
public final class Predictor {
  private final Model model;
  private final Workspace workspace;
  private final float[] numbers;
  private final int[] ids;
  private final float[] predictions;

  Predictor(Model model, int rows, Kernel kernel) {
    this.model = model;
    WorkspacePlan plan =
        new WorkspacePlan(model.network(), rows, model.loss().labels(), new Recompute.None());
    this.workspace = new Workspace(plan, kernel.gemm());
    this.numbers = new float[model.encoder().numbers()];
    this.ids = new int[model.encoder().categories().size()];
    this.predictions = new float[rows * model.loss().predictions()];
  }

  /** Rows that fit into one call of {@link #predict(int)}. */
  public int rows() {
    return workspace.rows();
  }

  /** Encodes a row into place {@code row}. */
  public void put(int row, TableRow values) {
    put(row, values, model.offset().isNone() ? 0 : Double.NaN);
  }

  /**
   * Encodes a row into place {@code row}.
   *
   * @param offset the value of the model's offset column; refused when it is no number
   */
  public void put(int row, TableRow values, double offset) {
    workspace.logitOffsets()[row] = model.offset().encode(offset);
    model.encoder().encode(values, numbers, 0, ids, 0);
    workspace.put(row, numbers, 0, ids, 0);
  }

  /**
   * Predicts the rows that were put in.
   *
   * @return (rows, predictions a row), as {@link Model#predictions} names them: label after label
   *     probabilities of the classes or standardised estimates; overwritten by the next call
   */
  public float[] predict(int rows) {
    model.network().forward(workspace, model.theta(), rows, null);
    if (!model.offset().isNone()) {
      workspace.shiftLogits(rows, model.loss().offsetFactors());
    }
    model.loss().predict(rows, workspace.logits(), predictions);
    return predictions;
  }

  /**
   * Predicts one row given as column names and values. A column that is absent is missing.
   *
   * @return as {@link Model#predictions} names them: label after label probabilities of the classes
   *     or estimates in the label's unit
   */
  public double[] predict(Map<String, ?> values) {
    MapRow row = new MapRow(model.encoder().features(), values);
    put(0, row, model.offset().isNone() ? 0 : row.numberOf(model.offset().name()));
    float[] result = predict(1);
    double[] copy = new double[model.loss().predictions()];
    int i = 0;
    for (int label = 0; label < model.labels().size(); label++) {
      int end = i + model.loss().byLabel().get(label).predictions();
      for (; i < end; i++) {
        copy[i] =
            model.labels().get(label) instanceof LabelEncoder.Quantity number
                ? number.decode(result[i])
                : result[i];
      }
    }
    return copy;
  }

  /**
   * The losses of the rows of the last {@link #predict(int)}, given their labels; both (rows,
   * labels a row).
   */
  public float[] losses(int rows, float[] labels) {
    model.loss().labelLosses(rows, workspace.logits(), labels, workspace.losses());
    return workspace.losses();
  }
}
