package org.alignment4j.examples.compare;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.runtime.DecoderModel;

/**
 * The Cringe loss of held-out pairs (Adolphs et al. 2022, arXiv 2211.05826) with α 1 and k 1, per
 * token of both answers: cross-entropy of the better answer, and softplus of how far the logit of
 * each token of the worse answer is above the highest of the others.
 *
 * @param gate what a pair's loss is multiplied by
 */
record CringeObjective(Gate gate) implements Objective {

  private static final int ROWS = 16;

  /** How much a pair counts. */
  enum Gate {
    /** All pairs alike. */
    OPEN {
      @Override
      double of(double margin) {
        return 1;
      }
    },
    /** The less, the further the better answer is ahead: {@code σ((b − M)/τ)}. */
    BY_MARGIN {
      @Override
      double of(double margin) {
        return 1 / (1 + Math.exp((margin - OFFSET) / TEMPERATURE));
      }
    };

    /** b of the gate. */
    static final double OFFSET = 10;

    /** τ of the gate. */
    static final double TEMPERATURE = 10;

    /** The factor of a pair whose better answer is so many nats likelier. */
    abstract double of(double margin);
  }

  /** What a forward pass says of an answer. */
  private record Scored(double logProb, double contrast) {}

  @Override
  public String title() {
    return "held-out loss";
  }

  @Override
  public Direction direction() {
    return Direction.LOWER;
  }

  @Override
  public Values of(MethodContext context, Policy policy, List<MeasuredReply> replies) {
    HeldOutPairs pairs = context.heldOutPairs();
    List<PreferenceExample> examples = pairs.examples();
    List<Scored> good = scored(policy.model(), examples, true);
    List<Scored> bad = scored(policy.model(), examples, false);
    double[] losses = new double[examples.size()];
    for (int i = 0; i < losses.length; i++) {
      double tokens = examples.get(i).chosen().size() + examples.get(i).rejected().size();
      double factor = gate.of(good.get(i).logProb() - bad.get(i).logProb());
      losses[i] = factor * (bad.get(i).contrast() - good.get(i).logProb()) / tokens;
    }
    return new Values(losses, pairs.prompts());
  }

  private static List<Scored> scored(
      DecoderModel model, List<PreferenceExample> examples, boolean better) {
    List<Scored> all = new ArrayList<>();
    for (int from = 0; from < examples.size(); from += ROWS) {
      List<PreferenceExample> some = examples.subList(from, Math.min(examples.size(), from + ROWS));
      List<TokenIds> sequences =
          some.stream().map(e -> e.prompt().concat(better ? e.chosen() : e.rejected())).toList();
      ForwardResult result = model.forward(sequences).execute();
      for (int row = 0; row < some.size(); row++) {
        all.add(score(result, row, sequences.get(row), some.get(row).prompt().size()));
      }
    }
    return all;
  }

  private static Scored score(ForwardResult result, int row, TokenIds ids, int prompt) {
    double logProb = 0;
    double contrast = 0;
    for (int t = prompt; t < ids.size(); t++) {
      float[] logits = result.logits(row, t - 1);
      int token = ids.get(t);
      double other = Double.NEGATIVE_INFINITY;
      for (int v = 0; v < logits.length; v++) {
        if (v != token) {
          other = Math.max(other, logits[v]);
        }
      }
      double most = Math.max(other, logits[token]);
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit - most);
      }
      logProb += logits[token] - most - Math.log(sum);
      double lead = logits[token] - other;
      contrast += Math.max(0, lead) + Math.log1p(Math.exp(-Math.abs(lead)));
    }
    return new Scored(logProb, contrast);
  }
}
