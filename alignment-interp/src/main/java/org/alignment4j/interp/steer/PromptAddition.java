package org.alignment4j.interp.steer;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selectors;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * Activation addition (Turner et al. 2023, arXiv 2308.10248): the difference of two prompts'
 * activations, token by token, added to the first tokens of every sequence. The shorter prompt is
 * filled at its end; in the paper with spaces.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PromptAddition {

  private PromptAddition() {}

  /**
   * Makes the intervention.
   *
   * @param model what is read
   * @param point where, such as the residual stream before a layer
   * @param towards prompt to move towards
   * @param from prompt to move away from
   * @param filler token that fills the shorter prompt
   * @param coefficient what the difference is multiplied by; 3 to 15 in the paper
   * @param cancellation asks to stop
   * @return an addition at the first positions, as many as the longer prompt has; a run of shorter
   *     sequences refuses it
   * @throws IllegalArgumentException if a prompt is empty or the coefficient not finite
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public static Intervention<Axes.Residual> between(
      HookedModel model,
      HookPoint<Axes.Residual> point,
      TokenIds towards,
      TokenIds from,
      int filler,
      double coefficient,
      CancellationToken cancellation) {
    if (towards.isEmpty() || from.isEmpty()) {
      throw new IllegalArgumentException(
          "prompts must have at least one token but have "
              + towards.size()
              + " and "
              + from.size());
    }
    int length = Math.max(towards.size(), from.size());
    float[] plus = activations(model, point, filled(towards, length, filler), cancellation);
    float[] minus = activations(model, point, filled(from, length, filler), cancellation);
    for (int i = 0; i < plus.length; i++) {
      plus[i] -= minus[i];
    }
    Values difference = Values.of(new int[] {length, plus.length / length}, plus);
    return Edits.add(
        point, difference, coefficient, Selectors.pos(IntStream.range(0, length).toArray()));
  }

  private static TokenIds filled(TokenIds tokens, int length, int filler) {
    int[] fill = new int[length - tokens.size()];
    Arrays.fill(fill, filler);
    return tokens.concat(TokenIds.of(fill));
  }

  private static float[] activations(
      HookedModel model, HookPoint<?> point, TokenIds tokens, CancellationToken cancellation) {
    ActivationCache cache = model.forward(tokens).cache(point).execute(cancellation).cache();
    return cache.values(point).toArray();
  }
}
