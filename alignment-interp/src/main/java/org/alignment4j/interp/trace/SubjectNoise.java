package org.alignment4j.interp.trace;

import static org.alignment4j.api.hook.HookPoints.embed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Values;
import org.alignment4j.interp.fact.SubjectPrompt;
import org.apiguardian.api.API;

/**
 * Gaussian noise on the embeddings of a subject's tokens (Meng et al. 2022, section 2.1).
 *
 * @param deviation standard deviation of each coordinate, not negative
 * @param samples noised copies of a prompt, at least 1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SubjectNoise(double deviation, int samples) {

  /** Multiples of the embeddings' deviation in the paper. */
  public static final double FACTOR = 3;

  /** Noised copies in the paper. */
  public static final int SAMPLES = 10;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the deviation is negative or not finite, or there is no
   *     sample
   */
  public SubjectNoise {
    if (!(deviation >= 0) || Double.isInfinite(deviation)) {
      throw new IllegalArgumentException(
          "deviation must be finite and not negative but was " + deviation);
    }
    if (samples < 1) {
      throw new IllegalArgumentException("samples must be positive but was " + samples);
    }
  }

  /**
   * The published noise: ten copies of {@value #FACTOR} times the standard deviation, over all
   * coordinates of all subject tokens of a set of facts.
   *
   * @param model the model
   * @param prompts the set's prompts, at least one
   * @param cancellation asks to stop, between prompts
   * @return the noise
   * @throws IllegalArgumentException when there is no prompt, or tokens do not fit the model
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static SubjectNoise of(
      HookedModel model, List<SubjectPrompt> prompts, CancellationToken cancellation) {
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("the noise needs at least one prompt but had none");
    }
    List<float[]> embeddings = new ArrayList<>();
    for (SubjectPrompt prompt : prompts) {
      cancellation.throwIfCancelled("the embeddings of subjects");
      Values values =
          model
              .forward(prompt.tokens())
              .cache(embed())
              .stopAtLayer(0)
              .execute(cancellation)
              .cache()
              .values(embed());
      int width = values.shape()[2];
      float[] data = values.toArray();
      for (int p = prompt.subjectFirst(); p <= prompt.subjectLast(); p++) {
        embeddings.add(Arrays.copyOfRange(data, p * width, (p + 1) * width));
      }
    }
    return new SubjectNoise(FACTOR * deviation(embeddings), SAMPLES);
  }

  /** The standard deviation of all numbers, divisor n - 1. */
  static double deviation(List<float[]> vectors) {
    double sum = 0;
    long n = 0;
    for (float[] vector : vectors) {
      for (float x : vector) {
        sum += x;
        n++;
      }
    }
    double mean = sum / n;
    double squares = 0;
    for (float[] vector : vectors) {
      for (float x : vector) {
        squares += (x - mean) * (x - mean);
      }
    }
    return Math.sqrt(squares / (n - 1));
  }

  /**
   * Draws the noise of a prompt.
   *
   * @param width of an embedding
   * @param random draws it
   * @return {@code [samples, length, width]}, zero but at the subject
   */
  Values draw(SubjectPrompt prompt, int width, RandomGenerator random) {
    int length = prompt.tokens().size();
    float[] noise = new float[samples * length * width];
    for (int row = 0; row < samples; row++) {
      for (int p = prompt.subjectFirst(); p <= prompt.subjectLast(); p++) {
        for (int i = 0; i < width; i++) {
          noise[(row * length + p) * width + i] = (float) (deviation * random.nextGaussian());
        }
      }
    }
    return Values.of(new int[] {samples, length, width}, noise);
  }
}
