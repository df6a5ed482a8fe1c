package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.io.Serializable;
import java.util.List;

/**
 * The way in for table rows: numbers as they are, then each categorical column by its encoding.
 *
 * <p>Shapes, n rows: numbers (n, numeric), ids (n, categories), x (n, outputs).
 *
 * @param numeric encoded numbers a row
 */
public record TableInput(int numeric, List<Category> categories) implements Serializable {
  /** A categorical column and its encoding; the name goes into slot names. */
  public record Category(String name, CategoryEncoding encoding) implements Serializable {}

  public TableInput {
    Check.notNegative(numeric, "numeric");
    categories = List.copyOf(categories);
    long width = width(numeric, categories);
    Check.require(width > 0, "the input must have at least one column", "columns", width);
    Check.width(width, "columns");
  }

  /** Numbers a row of x has. */
  public int outputs() {
    return (int) width(numeric, categories);
  }

  /** Whether any gradient is wanted below the first layer. */
  boolean learns() {
    return categories.stream().anyMatch(category -> !category.encoding().slots().isEmpty());
  }

  void addSlots(ParameterLayout.Builder layout) {
    for (Category category : categories) {
      layout.add("input." + category.name(), category.encoding().slots());
    }
  }

  /** Fills the categorical columns of x; the numeric ones are already there. */
  void forward(Pass pass, int[] ids, float[] x) {
    int width = outputs();
    int column = numeric;
    int offset = 0;
    for (int c = 0; c < categories.size(); c++) {
      CategoryEncoding encoding = categories.get(c).encoding();
      for (int row = 0; row < pass.rows; row++) {
        int id = ids[row * categories.size() + c];
        encoding.forward(id, pass.theta, offset, x, row * width + column);
      }
      column += encoding.width();
      offset += parameters(encoding);
    }
  }

  /** Adds the gradient of the categorical columns to the embeddings. */
  void backward(Pass pass, int[] ids, float[] dx) {
    int width = outputs();
    int column = numeric;
    int offset = 0;
    for (int c = 0; c < categories.size(); c++) {
      CategoryEncoding encoding = categories.get(c).encoding();
      for (int row = 0; row < pass.rows; row++) {
        int id = ids[row * categories.size() + c];
        encoding.backward(id, dx, row * width + column, pass.gradient, offset);
      }
      column += encoding.width();
      offset += parameters(encoding);
    }
  }

  private static int parameters(CategoryEncoding encoding) {
    return encoding.slots().stream().mapToInt(slot -> (int) slot.size()).sum();
  }

  private static long width(int numeric, List<Category> categories) {
    return numeric + categories.stream().mapToLong(c -> c.encoding().width()).sum();
  }
}
