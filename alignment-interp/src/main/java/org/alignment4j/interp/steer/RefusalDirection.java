package org.alignment4j.interp.steer;

import static org.alignment4j.api.hook.Layers.all;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.direction.Direction;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * The selected direction, and what can be done with it.
 *
 * @param selected the selected candidate
 * @param candidates all candidates with their scores
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RefusalDirection(RefusalCandidate selected, List<RefusalCandidate> candidates) {

  /** Copies. */
  public RefusalDirection {
    candidates = List.copyOf(candidates);
  }

  /** The raw direction, at the input of its block. */
  public Direction direction() {
    return selected.direction();
  }

  /**
   * Removes a direction from everything that is written to the residual stream: every block's
   * input, attention output and MLP output, at all tokens (equation 4 of the paper).
   */
  public static List<Intervention<?>> ablation(Direction direction) {
    Values v = direction.values();
    return List.of(
        Edits.projectOut(HookPoints.residPre(all()), v),
        Edits.projectOut(HookPoints.attnOut(all()), v),
        Edits.projectOut(HookPoints.mlpOut(all()), v));
  }

  /** {@link #ablation(Direction)} of this direction. */
  public List<Intervention<?>> ablation() {
    return ablation(direction());
  }

  /** Adds the raw direction at the input of its block, at all tokens (equation 3 of the paper). */
  public Intervention<?> induction() {
    return Steering.add(direction(), 1);
  }

  /**
   * The model with {@link OrthogonalWeights#without weights that cannot write the direction}.
   *
   * @return a new model, to be closed; it can be saved
   */
  public DecoderModel orthogonalised(DecoderModel model) {
    return OrthogonalWeights.without(model, direction());
  }

  /**
   * How far the logits of two models are apart, such as of one with ablation hooks and one with
   * orthogonalised weights: norms of what is written (Gemma 2), tied embeddings and norms of
   * embeddings set them apart.
   *
   * @param sequences what both read
   * @param cancellation asks to stop at the next sequence
   * @return the largest difference of a logit at any token
   * @throws IllegalArgumentException if there is no sequence
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public static double largestLogitDifference(
      HookedModel one,
      HookedModel other,
      List<TokenIds> sequences,
      CancellationToken cancellation) {
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("sequences must hold at least one sequence");
    }
    double most = 0;
    for (TokenIds tokens : sequences) {
      var first = one.forward(tokens).execute(cancellation);
      var second = other.forward(tokens).execute(cancellation);
      for (int position = 0; position < tokens.size(); position++) {
        most =
            Math.max(
                most,
                Steering.largestDifference(first.logits(0, position), second.logits(0, position)));
      }
    }
    return most;
  }
}
