package org.alignment4j.interp.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * How edges are scored. A score estimates what the mean metric changes when the edge alone is
 * corrupted, {@code (corrupted[u] - clean[u]) . dM/d input[v]}; the methods differ in where they
 * take the gradient.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface ScoreMethod {

  /** At the clean run: edge attribution patching (Syed et al. 2023, equation 3). */
  record Eap() implements ScoreMethod {
    @Override
    public String toString() {
      return "EAP";
    }
  }

  /**
   * Averaged over runs whose input is {@code corrupted + f (clean - corrupted)}: EAP-IG on inputs
   * (Hanna et al. 2024, equation 3).
   *
   * @param steps of the integral, positive
   * @param endpoints at which fractions f
   */
  record EapIgInputs(int steps, Endpoints endpoints) implements ScoreMethod {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when steps are not positive
     */
    public EapIgInputs {
      requireSteps(steps, endpoints);
    }

    @Override
    public String toString() {
      return "EAP-IG over inputs in " + steps + " steps (" + endpoints.label() + ")";
    }
  }

  /**
   * Averaged over runs in which what the edge's source writes is {@code corrupted + f (clean -
   * corrupted)}: EAP-IG on activations. An edge counts in the runs of its own source only.
   *
   * @param steps of the integral, positive
   * @param endpoints at which fractions f
   */
  record EapIgActivations(int steps, Endpoints endpoints) implements ScoreMethod {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when steps are not positive
     */
    public EapIgActivations {
      requireSteps(steps, endpoints);
    }

    @Override
    public String toString() {
      return "EAP-IG over activations in " + steps + " steps (" + endpoints.label() + ")";
    }
  }

  /** The mean of the gradients with the clean and with the corrupted input. */
  record CleanCorrupted() implements ScoreMethod {
    @Override
    public String toString() {
      return "the mean of clean and corrupted gradients";
    }
  }

  /** No estimate: one run for each edge. For small graphs. */
  record Exact() implements ScoreMethod {
    @Override
    public String toString() {
      return "a run for each edge";
    }
  }

  /** Where an integral over {@code f} from 0 (corrupted) to 1 (clean) is evaluated. */
  enum Endpoints {
    /** {@code f = k/m, k = 0..m-1}: the corrupted run is among them, the clean one is not. */
    LEFT,
    /** {@code f = k/m, k = 1..m}: the clean run is among them, the corrupted one is not. */
    RIGHT,
    /** {@code f = k/m, k = 0..m}, both ends at half weight: the trapezoid rule. */
    BOTH,
    /** {@code f = (k+1/2)/m, k = 0..m-1}: the midpoint rule. */
    MIDPOINT;

    String label() {
      return switch (this) {
        case LEFT -> "left ends";
        case RIGHT -> "right ends";
        case BOTH -> "trapezoid rule";
        case MIDPOINT -> "midpoint rule";
      };
    }
  }

  /**
   * Returns EAP-IG on inputs with the midpoint rule.
   *
   * @param steps of the integral, positive
   * @return the method
   * @throws IllegalArgumentException when steps are not positive
   */
  static ScoreMethod eapIg(int steps) {
    return new EapIgInputs(steps, Endpoints.MIDPOINT);
  }

  /** A run of an integral. */
  record Step(double clean, double weight) {}

  /** The runs of an integral; weights sum to 1. */
  static List<Step> steps(int steps, Endpoints endpoints) {
    List<Step> all = new ArrayList<>();
    int last = endpoints == Endpoints.BOTH ? steps : steps - 1;
    for (int k = 0; k <= last; k++) {
      double fraction =
          switch (endpoints) {
            case LEFT, BOTH -> (double) k / steps;
            case RIGHT -> (k + 1.0) / steps;
            case MIDPOINT -> (k + 0.5) / steps;
          };
      boolean half = endpoints == Endpoints.BOTH && (k == 0 || k == last);
      all.add(new Step(fraction, (half ? 0.5 : 1) / steps));
    }
    return all;
  }

  private static void requireSteps(int steps, Endpoints endpoints) {
    Objects.requireNonNull(endpoints, "endpoints");
    if (steps < 1) {
      throw new IllegalArgumentException("steps must be positive but was " + steps);
    }
  }
}
