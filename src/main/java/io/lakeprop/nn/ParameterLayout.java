package io.lakeprop.nn;

import io.lakeprop.base.InvalidInput;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which window of theta belongs to which slot.
 *
 * <p>Theta, the gradient and every vector that an optimizer remembers share one layout. Offsets,
 * decay masks, names in files and names in messages all come from here.
 */
public final class ParameterLayout implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A slot in its place: the full name, such as {@code hidden.weight}, and the first index. */
  public record Placed(String name, int offset, Slot slot) implements Serializable {
    /** The name of the layer, or input, that has it. */
    public String owner() {
      return name.substring(0, name.length() - slot.name().length() - 1);
    }

    /** One past the last index. */
    public int end() {
      return offset + (int) slot.size();
    }
  }

  /** The indices from {@code start} up to, not including, {@code end}. */
  public record Range(int start, int end) implements Serializable {}

  /** The window of a layer's slots. */
  public record LayerRange(String layer, Range range) implements Serializable {}

  private final ArrayList<Placed> slots = new ArrayList<>();
  private final int size;

  private ParameterLayout(List<Placed> placed, int size) {
    slots.addAll(placed);
    this.size = size;
  }

  /** Slots with their owners' names, one after another. */
  static final class Builder {
    private final List<Placed> placed = new ArrayList<>();
    private long next;

    /** Appends the slots of one owner and returns the offset of the first. */
    int add(String owner, List<Slot> slots) {
      int first = (int) next;
      for (Slot slot : slots) {
        placed.add(new Placed(owner + "." + slot.name(), (int) next, slot));
        next += slot.size();
        if (next > Integer.MAX_VALUE - 8) {
          throw new InvalidInput(
              "a network must have fewer than 2^31 parameters, however: it has "
                  + next
                  + " by "
                  + owner
                  + "."
                  + slot.name());
        }
      }
      return first;
    }

    /** Refuses two slots of one name, of which a file could hold but one. */
    ParameterLayout build() {
      Set<String> names = new HashSet<>();
      for (Placed slot : placed) {
        if (!names.add(slot.name())) {
          throw new InvalidInput(
              "slots must have different names, however: \"" + slot.name() + "\" stands twice");
        }
      }
      return new ParameterLayout(placed, (int) next);
    }
  }

  /** Number of parameters in all. */
  public int size() {
    return size;
  }

  /** The slots in the order of their offsets. */
  public List<Placed> slots() {
    return List.copyOf(slots);
  }

  /** The name of one parameter, such as {@code hidden.weight[3,7]} or {@code hidden.bias[2]}. */
  public String describe(int index) {
    for (Placed placed : slots) {
      if (index >= placed.offset() && index < placed.end()) {
        int inside = index - placed.offset();
        int columns = placed.slot().columns();
        String place =
            placed.slot().rows() == 1 ? "" + inside : inside / columns + "," + inside % columns;
        return placed.name() + "[" + place + "]";
      }
    }
    throw new IndexOutOfBoundsException("parameter " + index + " of " + size);
  }

  /** The windows of all slots of which {@code test} holds, neighbours joined. */
  public List<Range> ranges(Predicate<Slot> test) {
    List<Range> ranges = new ArrayList<>();
    for (Placed placed : slots) {
      if (test.test(placed.slot())) {
        Range last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
        if (last != null && last.end() == placed.offset()) {
          ranges.set(ranges.size() - 1, new Range(last.start(), placed.end()));
        } else {
          ranges.add(new Range(placed.offset(), placed.end()));
        }
      }
    }
    return ranges;
  }

  /** The windows of the layers, each of those of its slots of which {@code test} holds. */
  public List<LayerRange> layers(Predicate<Slot> test) {
    return joined(
        slots.stream()
            .filter(placed -> test.test(placed.slot()))
            .map(p -> new LayerRange(p.owner(), new Range(p.offset(), p.end())))
            .toList());
  }

  /** Neighbouring windows of one layer made one. */
  public static List<LayerRange> joined(List<LayerRange> windows) {
    List<LayerRange> joined = new ArrayList<>();
    for (LayerRange window : windows) {
      LayerRange last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last != null && last.layer().equals(window.layer())) {
        Range both = new Range(last.range().start(), window.range().end());
        joined.set(joined.size() - 1, new LayerRange(last.layer(), both));
      } else {
        joined.add(window);
      }
    }
    return joined;
  }

  /** The windows that weight decay touches. */
  public List<Range> decayed() {
    return ranges(slot -> slot.role().decayed());
  }
}
