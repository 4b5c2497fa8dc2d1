package org.alignment4j.interp.feature;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * What directions of the residual stream do to the logits, {@code W_dec · diag(w) · W_U} with the
 * final norm's weight {@code w}: the same as {@code W_dec · W_U} of a model whose norm is folded.
 * The model itself is asked: directions are put in place of the normalised stream, beside zeros,
 * which give the biases. Stateless.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LogitEffects {
  private static final int AT_ONCE = 32;

  /** Where vectors are of the residual stream. */
  private static final Set<HookKind> STREAM =
      Collections.unmodifiableSet(
          EnumSet.of(
              HookKind.EMBED,
              HookKind.POS_EMBED,
              HookKind.RESID_PRE,
              HookKind.RESID_MID,
              HookKind.RESID_POST,
              HookKind.ATTN_OUT,
              HookKind.MLP_IN,
              HookKind.MLP_OUT));

  private LogitEffects() {}

  /**
   * Returns whether what an autoencoder writes is of the residual stream.
   *
   * @param sae the autoencoder
   * @return true when {@link #of} has a meaning for its directions
   */
  public static boolean applyTo(SparseAutoencoder sae) {
    return STREAM.contains(sae.config().site().output().kind());
  }

  /**
   * Computes effects.
   *
   * @param model the model
   * @param directions vectors of the residual stream
   * @param cancellation asks to stop
   * @return for each direction what it adds to the logit of each token, before a soft cap
   * @throws IllegalArgumentException when a direction is no vector of the stream's length
   */
  public static List<float[]> of(
      HookedModel model, List<Values> directions, CancellationToken cancellation) {
    List<float[]> effects = new ArrayList<>();
    for (int start = 0; start < directions.size(); start += AT_ONCE) {
      List<Values> part = directions.subList(start, Math.min(start + AT_ONCE, directions.size()));
      effects.addAll(some(model, part, cancellation));
    }
    return effects;
  }

  private static List<float[]> some(
      HookedModel model, List<Values> directions, CancellationToken cancellation) {
    int size = directions.get(0).size();
    float[] rows = new float[(directions.size() + 1) * size];
    for (int i = 0; i < directions.size(); i++) {
      System.arraycopy(directions.get(i).toArray(), 0, rows, (i + 1) * size, size);
    }
    Values values = Values.of(new int[] {directions.size() + 1, 1, size}, rows);
    float[] logits =
        model
            .forward(Collections.nCopies(directions.size() + 1, TokenIds.of(0)))
            .at(HookPoints.lnFinal(), Edits.replace(values))
            .cache(HookPoints.unembedOut())
            .execute(cancellation)
            .cache()
            .values(HookPoints.unembedOut())
            .toArray();
    int vocabulary = logits.length / (directions.size() + 1);
    List<float[]> effects = new ArrayList<>();
    for (int i = 1; i <= directions.size(); i++) {
      float[] effect = new float[vocabulary];
      for (int token = 0; token < vocabulary; token++) {
        effect[token] = logits[i * vocabulary + token] - logits[token];
      }
      effects.add(effect);
    }
    return effects;
  }
}
