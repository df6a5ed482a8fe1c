package io.lakeprop.nn;

/** A layer that reads the output of an earlier one besides that of the layer before it. */
public sealed interface Skip extends Layer permits Add, Concat {
  /** Name of the earlier layer, or {@link Network#INPUT}. */
  String from();

  /** Numbers that a row of it has. */
  int skipped();
}
