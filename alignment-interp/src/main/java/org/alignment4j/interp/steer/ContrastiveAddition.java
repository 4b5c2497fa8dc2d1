package org.alignment4j.interp.steer;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.activation.ActivationCollector;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.TokenPositions;
import org.alignment4j.interp.direction.Direction;
import org.alignment4j.interp.direction.MeanEstimator;
import org.apiguardian.api.API;

/**
 * Contrastive activation addition (Rimsky et al. 2023, arXiv 2312.06681): the mean difference of
 * activations at the answer's letter, over pairs that differ in that letter. To be added at block
 * outputs after the instruction ({@link Steering#instructionEnd}, {@link Steering#addFromEach});
 * layers near the middle and coefficients of −2 to 2 in the paper.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ContrastiveAddition {

  /** What is asked of the letters. */
  public enum Balance {
    /**
     * Every letter is the positive answer equally often, or what tells the letters apart stays in
     * the direction.
     */
    REQUIRED,
    /** Letters as they come. */
    ANY
  }

  private ContrastiveAddition() {}

  /**
   * Extracts a raw direction at each site.
   *
   * @param model what is read
   * @param pairs the pairs
   * @param sites where, such as block outputs of several layers
   * @param balance what is asked of the letters
   * @param cancellation asks to stop at the next batch
   * @return one direction a site, as long as the mean difference
   * @throws IllegalArgumentException if there is no pair, letters are not balanced and must be, or
   *     the means are the same at a site
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public static List<Direction> directions(
      HookedModel model,
      LetterPairs pairs,
      List<ActivationSite> sites,
      Balance balance,
      CancellationToken cancellation) {
    if (pairs.pairs().isEmpty()) {
      throw new IllegalArgumentException(
          "pairs must hold at least one pair but "
              + pairs.skipped()
              + " questions were skipped and none is left");
    }
    if (balance == Balance.REQUIRED && !pairs.balanced()) {
      throw new IllegalArgumentException(
          "letters must be the positive answer equally often but by token they are "
              + pairs.positiveLetters()
              + "; exchange the letters of some questions, or allow any balance");
    }
    List<TokenIds> sequences = new ArrayList<>();
    for (LetterPair pair : pairs.pairs()) {
      sequences.add(pair.positive());
      sequences.add(pair.negative());
    }
    List<MeanEstimator> means = new ArrayList<>();
    List<double[]> positives = new ArrayList<>();
    for (int s = 0; s < sites.size(); s++) {
      positives.add(new double[0]);
    }
    ActivationCollector.of(model, sites).stream(
        sequences,
        TokenPositions.last(),
        batch -> {
          for (int s = 0; s < sites.size(); s++) {
            var rows = batch.get(s).rows();
            if (means.size() == s) {
              means.add(new MeanEstimator(rows.width()));
            }
            for (int i = 0; i < rows.count(); i++) {
              double[] row = rows.row(i);
              if (batch.get(s).examples().get(i) % 2 == 0) {
                positives.set(s, row);
              } else {
                means.get(s).update(difference(positives.get(s), row));
              }
            }
          }
        },
        cancellation);
    List<Direction> directions = new ArrayList<>();
    for (int s = 0; s < sites.size(); s++) {
      String variant =
          "contrastive mean difference at the letter, " + pairs.pairs().size() + " pairs";
      directions.add(Direction.raw(means.get(s).mean(), sites.get(s), model.id(), variant));
    }
    return List.copyOf(directions);
  }

  private static double[] difference(double[] a, double[] b) {
    double[] out = a.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] -= b[i];
    }
    return out;
  }

  /**
   * How probable the positive letter is among both, {@code p(match)/(p(A)+p(B))} where the letter
   * is to come.
   *
   * @param model what is asked, steered or not
   * @param pairs the pairs
   * @param cancellation asks to stop at the next pair
   * @return one share a pair
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public static double[] matchShares(
      HookedModel model, LetterPairs pairs, CancellationToken cancellation) {
    double[] shares = new double[pairs.pairs().size()];
    for (int i = 0; i < shares.length; i++) {
      LetterPair pair = pairs.pairs().get(i);
      TokenIds asked = pair.positive().slice(0, pair.positive().size() - 1);
      ForwardResult result = model.forward(asked).execute(cancellation);
      float[] logits = result.logits(0, -1);
      double margin = (double) logits[pair.negativeLetter()] - logits[pair.positiveLetter()];
      shares[i] = 1 / (1 + Math.exp(margin));
    }
    return shares;
  }
}
