package org.alignment4j.rlhf.decoding;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.alignment4j.runtime.generate.DecodeSession;

/**
 * Decoding in which every row has further rows beside it, one for each undesired attribute, that
 * read the same completion behind another input; all of them keep their keys and values. Only the
 * debiased distribution is seen outside. Immutable.
 *
 * @param sessions decode without debiasing
 * @param inputs self-debiasing inputs of each prompt, by its index in the call, as many for each
 * @param attributes number of inputs of each prompt, at least 1
 * @param debiasing how strongly
 */
record DebiasedSessions(
    DecodeSession.Factory sessions,
    Map<Integer, List<int[]>> inputs,
    int attributes,
    Debiasing debiasing)
    implements DecodeSession.Factory {

  @Override
  public DecodeSession open(int[] sequences, int capacity, int steps) {
    int longest = 0;
    int[] all = new int[sequences.length * rows()];
    for (int i = 0; i < all.length; i++) {
      all[i] = sequences[i / rows()];
    }
    for (int sequence : sequences) {
      for (int[] input : inputs(sequence)) {
        longest = Math.max(longest, input.length);
      }
    }
    DecodeSession inner = sessions.open(all, Math.max(capacity, longest + steps), steps);
    return new Session(inner, sequences.clone());
  }

  @Override
  public boolean sharesPrompts() {
    return sessions.sharesPrompts();
  }

  private List<int[]> inputs(int sequence) {
    return Objects.requireNonNull(inputs.get(sequence));
  }

  /** Rows of the inner session for each row outside. */
  private int rows() {
    return 1 + attributes;
  }

  private final class Session implements DecodeSession {

    private final DecodeSession inner;
    private final int[] sequences;

    Session(DecodeSession inner, int[] sequences) {
      this.inner = inner;
      this.sequences = sequences;
    }

    @Override
    public float[] prefill(List<int[]> prompts) {
      List<int[]> all = new ArrayList<>();
      for (int row = 0; row < prompts.size(); row++) {
        all.add(prompts.get(row));
        all.addAll(inputs(sequences[row]));
      }
      return debiased(inner.prefill(all), prompts.size());
    }

    @Override
    public float[] step(int[] tokens) {
      int[] all = new int[tokens.length * rows()];
      for (int i = 0; i < all.length; i++) {
        all[i] = tokens[i / rows()];
      }
      return debiased(inner.step(all), tokens.length);
    }

    private float[] debiased(float[] logits, int count) {
      int vocab = logits.length / (count * rows());
      float[] scores = new float[count * vocab];
      for (int row = 0; row < count; row++) {
        List<double[]> biased = new ArrayList<>();
        for (int a = 1; a < rows(); a++) {
          biased.add(row(logits, vocab, row * rows() + a));
        }
        double[] own = debiasing.scores(row(logits, vocab, row * rows()), biased);
        for (int w = 0; w < vocab; w++) {
          scores[row * vocab + w] = (float) own[w];
        }
      }
      return scores;
    }

    private static double[] row(float[] logits, int vocab, int row) {
      return IntStream.range(row * vocab, (row + 1) * vocab).mapToDouble(i -> logits[i]).toArray();
    }

    @Override
    public void select(int[] rows) {
      int[] all = new int[rows.length * rows()];
      for (int i = 0; i < all.length; i++) {
        all[i] = rows[i / rows()] * rows() + i % rows();
      }
      inner.select(all);
    }

    /** Of the prompts alone, whose tokens usage counts as such. */
    @Override
    public int[] reused() {
      int[] all = inner.reused();
      return IntStream.range(0, all.length / rows()).map(row -> all[row * rows()]).toArray();
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
