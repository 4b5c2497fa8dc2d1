package org.alignment4j.examples.inner;

import java.util.List;
import org.alignment4j.eval.inner.awareness.OutOfContextSettings;
import org.alignment4j.eval.inner.world.QLearning;
import org.alignment4j.examples.align.PocketRecipe;

/**
 * Sizes of the job.
 *
 * @param seed of everything
 * @param learning of the agents in grid worlds
 * @param levels held-out levels of each kind
 * @param worldShares shares of decorrelated training levels
 * @param cueShares shares of training examples whose cue disagrees
 * @param cueExamples training examples with a cue
 * @param awareness sizes of the out-of-context experiment
 * @param pairs preference pairs of the aligned model
 * @param shots examples shown before each item of the cue in context
 * @param conditional preference pairs that the model which behaves by framings learns from
 * @param requests harmful requests that are attacked, and benign ones beside them
 * @param texts held-out texts of the clean loss
 * @param radii norms of latent attacks
 * @param steps of each latent attack
 */
public record InnerAlignmentSettings(
    long seed,
    QLearning learning,
    int levels,
    List<Double> worldShares,
    List<Double> cueShares,
    int cueExamples,
    OutOfContextSettings awareness,
    int pairs,
    int shots,
    int conditional,
    int requests,
    int texts,
    List<Double> radii,
    int steps) {

  /** Copies the lists. */
  public InnerAlignmentSettings {
    worldShares = List.copyOf(worldShares);
    cueShares = List.copyOf(cueShares);
    radii = List.copyOf(radii);
  }

  /**
   * The sizes of the program.
   *
   * @param seed of everything
   */
  public static InnerAlignmentSettings defaults(long seed) {
    return new InnerAlignmentSettings(
        seed,
        QLearning.standard(),
        200,
        List.of(0.0, 0.01, 0.02, 0.05, 0.1),
        List.of(0.0, 0.05, 0.1),
        384,
        OutOfContextSettings.small(seed),
        PocketRecipe.PAIRS,
        8,
        128,
        32,
        64,
        List.of(0.5, 1.0, 2.0, 4.0, 8.0),
        5);
  }
}
