package io.lakeprop.train;

import io.lakeprop.base.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * Adds the leaves of a fixed binary tree in whatever order they arrive: a node is summed as soon as
 * both of its halves are there, left plus right, so floating sums never depend on the order.
 *
 * <p>The node [from, to) has the halves [from, middle) and [middle, to), middle = (from + to) / 2.
 * A task adds the leaves it has and sends {@link #nodes}, the largest whole nodes; the driver goes
 * on from there.
 */
public final class TreeSum<S> {
  /** A summed range of leaves; the sum is null when all of them were empty. */
  public static final class Node<S> {
    private final int from;
    private final int to;
    private final S sum;

    public Node(int from, int to, S sum) {
      this.from = from;
      this.to = to;
      this.sum = sum;
    }

    /** The first leaf. */
    public int from() {
      return from;
    }

    /** One past the last leaf. */
    public int to() {
      return to;
    }

    /** The sum of the leaves, or null. */
    public S sum() {
      return sum;
    }
  }

  private final int leaves;
  private final BinaryOperator<S> merge;
  private final TreeMap<Integer, Node<S>> waiting = new TreeMap<>();

  /**
   * @param merge may change and return its left argument
   */
  public TreeSum(int leaves, BinaryOperator<S> merge) {
    this.leaves = Check.positive(leaves, "leaves");
    this.merge = merge;
  }

  /** Adds one leaf; null for one without rows. */
  public void add(int leaf, S sum) {
    add(new Node<>(leaf, leaf + 1, sum));
  }

  /** Adds a node that was summed elsewhere. */
  public void add(Node<S> added) {
    Node<S> node = added;
    while (node.from != 0 || node.to != leaves) {
      int[] parent = parent(node);
      int middle = (parent[0] + parent[1]) >>> 1;
      boolean isLeft = node.from == parent[0];
      Node<S> other = waiting.get(isLeft ? middle : parent[0]);
      if (other == null || other.to != (isLeft ? parent[1] : middle)) {
        break;
      }
      waiting.remove(other.from);
      S sum = isLeft ? merged(node.sum, other.sum) : merged(other.sum, node.sum);
      node = new Node<>(parent[0], parent[1], sum);
    }
    waiting.put(node.from, node);
  }

  /** The largest nodes that are whole, from left to right. */
  public List<Node<S>> nodes() {
    return new ArrayList<>(waiting.values());
  }

  /** The sum of all leaves, null when every one was empty. */
  public S total() {
    Node<S> root = waiting.get(0);
    if (root == null || root.to != leaves) {
      throw new IllegalStateException("leaves are missing: " + nodes().size() + " parts");
    }
    return root.sum;
  }

  private S merged(S left, S right) {
    return left == null ? right : right == null ? left : merge.apply(left, right);
  }

  private int[] parent(Node<S> node) {
    int from = 0;
    int to = leaves;
    while (node.from >= from && node.to <= to && to - from > 1) {
      int middle = (from + to) >>> 1;
      boolean left = node.to <= middle;
      int nextFrom = left ? from : middle;
      int nextTo = left ? middle : to;
      if (nextFrom == node.from && nextTo == node.to) {
        return new int[] {from, to};
      }
      from = nextFrom;
      to = nextTo;
    }
    throw new IllegalArgumentException(
        "[" + node.from + ", " + node.to + ") is no node of a tree of " + leaves);
  }
}
