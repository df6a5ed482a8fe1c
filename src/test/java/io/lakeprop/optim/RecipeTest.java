package io.lakeprop.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.nn.ParameterLayout.Range;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which rules a recipe is made of, in which order, and over which parts of theta. */
class RecipeTest {
  /** Layer a: a matrix and its bias; b: one that is frozen; c: an embedding with a decay. */
  private static final Parameters PARAMETERS =
      new Parameters(
          List.of(
              new Part(0, 2, 3, "a", Part.Kind.WEIGHT, 1, 0.1),
              new Part(6, 1, 2, "a", Part.Kind.OTHER, 1, 0),
              new Part(8, 2, 2, "b", Part.Kind.WEIGHT, 0, 0.1),
              new Part(12, 3, 1, "c", Part.Kind.EMBEDDING, 0.5, 0.2)));

  private static final Recipe.Clipping ALL =
      new Recipe.Clipping(Optional.of(1.0), Optional.of(2.0), Optional.of(3.0), Optional.of(4.0));

  @Test
  void boundsComeFirstPenaltiesNextAndTheNormLast() {
    Recipe recipe =
        new Recipe(ALL, new Recipe.Penalties(0.01, 0.02, Optional.of(5.0)), new Optimizer.Sgd());
    UpdateRule freeze = new RangeRule.Freeze(List.of(new Range(8, 12)));
    List<Units> units = List.of(new Units(0, 2, 3));
    List<Range> weights = List.of(new Range(0, 6), new Range(12, 15));
    List<UpdateRule> expected =
        List.of(
            freeze,
            new UpdateRule.ClipByValue(1),
            new NormRule.ClipByParameterNorm(2, units),
            new NormRule.ClipByLayerNorm(
                3, List.of(new Range(0, 8), new Range(8, 12), new Range(12, 15))),
            new UpdateRule.ClipByGlobalNorm(4),
            new RangeRule.AddSigns(0.01, weights),
            new RangeRule.AddDecayedWeights(0.02, weights),
            new RangeRule.AddDecayedWeights(0.1, List.of(new Range(0, 6))),
            new RangeRule.AddDecayedWeights(0.2, List.of(new Range(12, 15))),
            new UpdateRule.ScaleByLearningRate(),
            new RangeRule.ScaleRanges(0.5, List.of(new Range(12, 15))),
            new NormRule.ProjectOntoNorm(5, units),
            freeze);
    assertEquals(new UpdateRule.Chain(expected), recipe.rule(PARAMETERS));
  }

  @Test
  void whatIsNotAskedForIsNoRule() {
    Parameters plain = new Parameters(List.of(new Part(0, 2, 3, "a", Part.Kind.WEIGHT, 1, 0)));
    Recipe recipe = new Recipe(Recipe.Clipping.NONE, Recipe.Penalties.NONE, new Optimizer.Sgd());
    assertEquals(
        new UpdateRule.Chain(List.of(new UpdateRule.ScaleByLearningRate())), recipe.rule(plain));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1, 1, clip_value",
    "1, 0, 1, 1, clip_adaptive",
    "1, 1, 0, 1, clip_layer_norm",
    "1, 1, 1, 0, clip_norm"
  })
  void boundsMustBePositive(double value, double adaptive, double layer, double norm, String key) {
    String message =
        assertThrows(
                InvalidInput.class,
                () ->
                    new Recipe.Clipping(
                        Optional.of(value),
                        Optional.of(adaptive),
                        Optional.of(layer),
                        Optional.of(norm)))
            .getMessage();
    assertTrue(message.startsWith(key + " must be positive"), message);
  }

  @ParameterizedTest
  @CsvSource({"-0.1, 0, 1, l1", "0, -0.1, 1, l2", "0, 0, 0, max_norm"})
  void penaltiesMustNotPush(double l1, double l2, double maxNorm, String key) {
    String message =
        assertThrows(InvalidInput.class, () -> new Recipe.Penalties(l1, l2, Optional.of(maxNorm)))
            .getMessage();
    assertTrue(message.startsWith(key + " must be"), message);
  }

  /** L-BFGS remembers pairs of vectors, and says how many. */
  @Test
  void theLineSearchHasItsOwnRule() {
    Optimizer search = new Optimizer.LimitedMemoryBfgs(3, 1e-5);
    List<UpdateRule> rules = search.rules(PARAMETERS);
    assertEquals(1, rules.size());
    assertEquals(
        new Lbfgs(3, 1e-5, PARAMETERS.decay(part -> true)), rules.get(0), "all decay is its own");
    assertTrue(search.vectors() > 6, "two vectors a step and what the search needs");
    assertEquals(2, new Optimizer.LimitedMemoryBfgs(4, 1e-5).vectors() - search.vectors());
  }
}
