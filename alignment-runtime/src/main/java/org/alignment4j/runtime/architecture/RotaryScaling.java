package org.alignment4j.runtime.architecture;

import java.util.List;
import java.util.OptionalInt;

/**
 * How the frequencies of rotary positions are changed to serve longer contexts than they were
 * trained for. Immutable and thread-safe.
 *
 * <p>Component {@code i} of {@code n} turns by {@code position·f(i)}, where plainly {@code f(i) =
 * theta^(−2i/rotaryDim)} (Su et al. 2021, eq. 15). Cosines and sines are multiplied by {@link
 * #magnitude}.
 *
 * <p>{@link Dynamic} and {@link LongRope} turn by frequencies of the length: those of a sequence
 * are {@link #at} the number of its tokens that a run reads, whatever else is in the batch. Runs
 * over whole sequences equal Hugging Face's over each sequence alone; there the longest of a batch
 * decides for all. Sequences of a packed row that share a beginning turn as the longest of them.
 *
 * <p>Decoding keeps keys that have turned. Hugging Face turns each by the frequencies of the step
 * that computed it, so that a text depends on how it was read ({@code dynamic}), or reads the whole
 * text again when it passes the trained length ({@code longrope} of Phi-3). Here all tokens of a
 * generation turn by the frequencies of the length it may reach, its prompt and all new tokens that
 * are asked for but the last, which is not read. A completion of all those tokens scores as it was
 * generated; one that ends earlier does so where both lengths have the same frequencies: always
 * within the trained length, and under {@code longrope} also where both are beyond it.
 */
public sealed interface RotaryScaling {

  /**
   * The frequency of each pair of components.
   *
   * @param theta base of the frequencies
   * @param rotaryDim components that turn; even
   * @return {@code [rotaryDim/2]}
   */
  double[] frequencies(double theta, int rotaryDim);

  /**
   * The scaling of one sequence, which no longer depends on the length; equal where frequencies
   * are.
   *
   * @param length tokens of the sequence
   */
  default RotaryScaling at(int length) {
    return this;
  }

  /**
   * The longest sequence that turns by {@link #frequencies}; empty where every one does, and {@link
   * #at} gives this for all lengths.
   */
  default OptionalInt trainedLength() {
    return OptionalInt.empty();
  }

  /** Factor on cosines and sines, so that scores are multiplied by its square. */
  default double magnitude() {
    return 1;
  }

  /** No scaling. */
  record None() implements RotaryScaling {
    @Override
    public double[] frequencies(double theta, int rotaryDim) {
      double[] f = new double[rotaryDim / 2];
      for (int i = 0; i < f.length; i++) {
        f[i] = Math.pow(theta, -2.0 * i / rotaryDim);
      }
      return f;
    }
  }

  /**
   * Position interpolation (Chen et al. 2023): every frequency divided by a factor.
   *
   * @param factor positive
   */
  record Linear(double factor) implements RotaryScaling {
    /**
     * Checks the factor.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Linear {
      requirePositive("factor", factor);
    }

    @Override
    public double[] frequencies(double theta, int rotaryDim) {
      double[] f = new None().frequencies(theta, rotaryDim);
      for (int i = 0; i < f.length; i++) {
        f[i] /= factor;
      }
      return f;
    }
  }

  /**
   * Llama 3.1's: waves longer than {@code original/low} are divided by the factor, those shorter
   * than {@code original/high} stay, and between them {@code f = (1−s)·f/factor + s·f} with {@code
   * s = (original/wave − low)/(high − low)}.
   *
   * @param factor positive
   * @param low turns within the original context below which a frequency is divided
   * @param high turns above which it stays; greater than {@code low}
   * @param original context of the training, in tokens
   */
  record Llama3(double factor, double low, double high, double original) implements RotaryScaling {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not positive or {@code high} not above {@code low}
     */
    public Llama3 {
      requirePositive("factor", factor);
      requirePositive("low", low);
      requirePositive("original", original);
      if (!(high > low)) {
        throw new IllegalArgumentException(
            "high must be greater than low " + low + " but was " + high);
      }
    }

    @Override
    public double[] frequencies(double theta, int rotaryDim) {
      double[] f = new None().frequencies(theta, rotaryDim);
      for (int i = 0; i < f.length; i++) {
        double turns = original * f[i] / (2 * Math.PI);
        double kept = Math.min(1, Math.max(0, (turns - low) / (high - low)));
        f[i] = (1 - kept) * f[i] / factor + kept * f[i];
      }
      return f;
    }
  }

  /**
   * YaRN (Peng et al. 2023, section 3.2): frequencies that turn more than {@code fast} times within
   * the original context stay, those below {@code slow} turns are divided by the factor, and a ramp
   * over the components lies between.
   *
   * @param factor positive
   * @param original context of the training, in tokens
   * @param fast turns above which a frequency stays
   * @param slow turns below which it is divided
   * @param wholeComponents whether the ramp begins and ends at whole components
   * @param magnitude factor on cosines and sines, {@code 0.1·ln(factor) + 1} in the paper
   */
  record Yarn(
      double factor,
      double original,
      double fast,
      double slow,
      boolean wholeComponents,
      double magnitude)
      implements RotaryScaling {

    /** Keeps a ramp of no length from being a division by zero. */
    private static final double SHORTEST_RAMP = 0.001;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not positive
     */
    public Yarn {
      requirePositive("factor", factor);
      requirePositive("original", original);
      requirePositive("fast", fast);
      requirePositive("slow", slow);
      requirePositive("magnitude", magnitude);
    }

    @Override
    public double[] frequencies(double theta, int rotaryDim) {
      double[] f = new None().frequencies(theta, rotaryDim);
      double first = component(fast, theta, rotaryDim);
      double last = component(slow, theta, rotaryDim);
      if (wholeComponents) {
        first = Math.floor(first);
        last = Math.ceil(last);
      }
      first = Math.max(first, 0);
      last = Math.min(last, rotaryDim - 1);
      double length = first == last ? SHORTEST_RAMP : last - first;
      for (int i = 0; i < f.length; i++) {
        double divided = Math.min(1, Math.max(0, (i - first) / length));
        f[i] = divided * f[i] / factor + (1 - divided) * f[i];
      }
      return f;
    }

    /** The component, fractional, that turns so many times within the original context. */
    private double component(double turns, double theta, int rotaryDim) {
      return rotaryDim * Math.log(original / (2 * Math.PI * turns)) / (2 * Math.log(theta));
    }
  }

  /**
   * Every frequency divided by a number of its own.
   *
   * @param divisors one for each pair of components, positive
   * @param magnitude factor on cosines and sines
   */
  record Divided(List<Double> divisors, double magnitude) implements RotaryScaling {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not positive
     */
    public Divided {
      divisors = List.copyOf(divisors);
      divisors.forEach(d -> requirePositive("a divisor", d));
      requirePositive("magnitude", magnitude);
    }

    @Override
    public double[] frequencies(double theta, int rotaryDim) {
      double[] f = new None().frequencies(theta, rotaryDim);
      for (int i = 0; i < f.length; i++) {
        f[i] /= divisors.get(i);
      }
      return f;
    }
  }

  /**
   * LongRoPE (Ding et al. 2024): every frequency divided by a number of its own, one for sequences
   * within the context of the training and another for longer ones.
   *
   * @param shortDivisors within that context, one for each pair of components, positive
   * @param longDivisors beyond it
   * @param original that context, in tokens, positive
   * @param magnitude factor on cosines and sines of every sequence
   */
  record LongRope(
      List<Double> shortDivisors, List<Double> longDivisors, int original, double magnitude)
      implements RotaryScaling {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not positive, or there are not as many divisors of
     *     one kind as of the other
     */
    public LongRope {
      shortDivisors = new Divided(shortDivisors, magnitude).divisors();
      longDivisors = new Divided(longDivisors, magnitude).divisors();
      requirePositive("original", original);
      if (shortDivisors.size() != longDivisors.size()) {
        throw new IllegalArgumentException(
            "longDivisors must be as many as shortDivisors, "
                + shortDivisors.size()
                + ", but were "
                + longDivisors.size());
      }
    }

    @Override
    public double[] frequencies(double theta, int rotaryDim) {
      return at(original).frequencies(theta, rotaryDim);
    }

    @Override
    public RotaryScaling at(int length) {
      return new Divided(length > original ? longDivisors : shortDivisors, magnitude);
    }

    @Override
    public OptionalInt trainedLength() {
      return OptionalInt.of(original);
    }
  }

  /**
   * Dynamic NTK-aware scaling (bloc97 and emozilla 2023; Peng et al. 2023, sections 3.1 and 3.3):
   * within the context of the training plain frequencies, and those of a base that grows with the
   * length of a longer sequence, {@link RaisedBase}.
   *
   * @param factor positive
   * @param original context of the training, in tokens, positive
   */
  record Dynamic(double factor, int original) implements RotaryScaling {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not positive
     */
    public Dynamic {
      requirePositive("factor", factor);
      requirePositive("original", original);
    }

    @Override
    public double[] frequencies(double theta, int rotaryDim) {
      return new None().frequencies(theta, rotaryDim);
    }

    @Override
    public RotaryScaling at(int length) {
      return length > original
          ? new RaisedBase(factor * length / original - (factor - 1))
          : new None();
    }

    @Override
    public OptionalInt trainedLength() {
      return OptionalInt.of(original);
    }
  }

  /**
   * The plain frequencies of the base {@code theta·stretch^(rotaryDim/(rotaryDim−2))}: the fastest
   * component stays and the slowest turns {@code stretch} times slower.
   *
   * @param stretch positive; {@code factor·length/original − (factor − 1)} for {@link Dynamic}
   */
  record RaisedBase(double stretch) implements RotaryScaling {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public RaisedBase {
      requirePositive("stretch", stretch);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if fewer than 4 components turn
     */
    @Override
    public double[] frequencies(double theta, int rotaryDim) {
      if (rotaryDim < FEWEST_RAISED) {
        throw new IllegalArgumentException(
            "rotaryDim must be at least "
                + FEWEST_RAISED
                + " for the base to be raised but was "
                + rotaryDim);
      }
      double base = theta * Math.pow(stretch, (double) rotaryDim / (rotaryDim - 2));
      return new None().frequencies(base, rotaryDim);
    }
  }

  /** One pair of components has no slowest one beside its fastest. */
  int FEWEST_RAISED = 4;

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be positive and finite but was " + value);
    }
  }
}
