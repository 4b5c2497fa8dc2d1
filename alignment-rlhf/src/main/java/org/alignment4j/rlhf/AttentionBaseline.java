package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RatedExample;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * An attention head over a frozen model's states of a prompt, fitted to rewards by least squares
 * (Baheti et al. 2023, arXiv 2305.14718): states h of the last block, divided by their root mean
 * square, are averaged with the weights {@code softmax(q·h/√d)}, and the value is {@code w·mean/√d
 * + b}. One head, with Adam (Kingma and Ba 2015) from {@code q = w = 0}; rewards are standardised
 * for the fit. The same data and settings give the same bits on the same machine.
 *
 * <p>States of all different prompts are held in memory, four bytes a token and dimension.
 *
 * @param epochs passes over the answers, at least 1; 10 in the paper
 * @param batchSize answers of a step, at least 1
 * @param learningRate positive and finite
 * @param seed decides the order
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AttentionBaseline(int epochs, int batchSize, double learningRate, long seed)
    implements PromptBaseline {

  private static final int TOKENS_PER_RUN = 512;

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public AttentionBaseline {
    if (epochs < 1 || batchSize < 1 || !(learningRate > 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException(
          "epochs, batchSize and learningRate must be positive and finite but were %s, %s and %s"
              .formatted(epochs, batchSize, learningRate));
    }
  }

  @Override
  public double[] values(
      DecoderModel reference, List<RatedExample> examples, CancellationToken cancellation) {
    Map<TokenIds, Integer> numbers = new LinkedHashMap<>();
    int[] prompts =
        examples.stream()
            .mapToInt(e -> numbers.computeIfAbsent(e.prompt(), p -> numbers.size()))
            .toArray();
    List<float[]> states = states(reference, List.copyOf(numbers.keySet()), cancellation);
    double mean = examples.stream().mapToDouble(RatedExample::reward).average().orElseThrow();
    double variance =
        examples.stream().mapToDouble(e -> square(e.reward() - mean)).average().orElseThrow();
    double deviation = variance > 0 ? Math.sqrt(variance) : 1;
    double[] targets =
        examples.stream().mapToDouble(e -> (e.reward() - mean) / deviation).toArray();
    AttentionValue head = new AttentionValue(reference.architecture().config().hiddenSize());
    Epochs order = new Epochs(examples.size(), batchSize, epochs, seed);
    for (long step = 1; step <= order.steps(); step++) {
      cancellation.throwIfCancelled("fitting the values of prompts");
      for (int example : order.batch(step)) {
        head.accumulate(states.get(prompts[example]), targets[example]);
      }
      head.update(learningRate);
    }
    double[] byPrompt = states.stream().mapToDouble(head::value).toArray();
    double[] values = new double[prompts.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = mean + deviation * byPrompt[prompts[i]];
    }
    return values;
  }

  private static double square(double x) {
    return x * x;
  }

  /** Normalised states of the last block of each prompt, {@code [tokens · d]}. */
  static List<float[]> states(
      DecoderModel model, List<TokenIds> prompts, CancellationToken cancellation) {
    return states(model, prompts, own -> own, cancellation);
  }

  /**
   * What is made of the normalised states of the last block of each prompt.
   *
   * @param made of {@code [tokens · d]}, which are not kept
   */
  static <T> List<T> states(
      DecoderModel model,
      List<TokenIds> prompts,
      Function<float[], T> made,
      CancellationToken cancellation) {
    HookPoint<?> last = HookPoints.residPost(model.layerCount() - 1);
    List<T> states = new ArrayList<>();
    int from = 0;
    while (from < prompts.size()) {
      cancellation.throwIfCancelled("reading the states of prompts");
      int to = from + 1;
      int longest = prompts.get(from).size();
      while (to < prompts.size()
          && (to + 1 - from) * Math.max(longest, prompts.get(to).size()) <= TOKENS_PER_RUN) {
        longest = Math.max(longest, prompts.get(to).size());
        to++;
      }
      ForwardResult result =
          model
              .forward(prompts.subList(from, to))
              .cache(Objects.requireNonNull(last))
              .execute(cancellation);
      Values all = result.cache().values(last);
      float[] data = all.toArray();
      int seq = all.shape()[1];
      int width = all.shape()[2];
      for (int i = from; i < to; i++) {
        float[] own = new float[prompts.get(i).size() * width];
        System.arraycopy(data, (i - from) * seq * width, own, 0, own.length);
        normalise(own, width);
        states.add(made.apply(own));
      }
      from = to;
    }
    return states;
  }

  private static void normalise(float[] states, int width) {
    for (int start = 0; start < states.length; start += width) {
      double sum = 0;
      for (int i = start; i < start + width; i++) {
        sum += square(states[i]);
      }
      float scale = (float) (1 / Math.sqrt(sum / width + 1e-12));
      for (int i = start; i < start + width; i++) {
        states[i] *= scale;
      }
    }
  }
}
