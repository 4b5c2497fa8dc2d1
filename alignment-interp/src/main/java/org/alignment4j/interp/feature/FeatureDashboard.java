package org.alignment4j.interp.feature;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import java.util.List;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * What a feature responds to and what it does. Immutable.
 *
 * @param feature its index
 * @param tokens tokens that were looked at
 * @param active tokens at which it is above zero
 * @param histogram how strong it is there
 * @param top texts in which it is strongest, descending
 * @param groups tokens from the strongest to the weakest
 * @param promoted tokens whose logits its direction raises most, descending
 * @param suppressed tokens whose logits its direction lowers most, ascending
 * @param correlated features that are active with it, by the size of the correlation
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FeatureDashboard(
    int feature,
    long tokens,
    long active,
    Histogram histogram,
    List<Example> top,
    List<Group> groups,
    List<TokenEffect> promoted,
    List<TokenEffect> suppressed,
    List<Correlated> correlated) {

  /** Copies the lists. */
  public FeatureDashboard {
    top = List.copyOf(top);
    groups = List.copyOf(groups);
    promoted = List.copyOf(promoted);
    suppressed = List.copyOf(suppressed);
    correlated = List.copyOf(correlated);
  }

  /**
   * Returns the share of tokens at which the feature is above zero.
   *
   * @return in [0, 1]
   */
  public double density() {
    return tokens == 0 ? 0 : (double) active / tokens;
  }

  /**
   * Bins of equal width from 0 to the largest activation.
   *
   * @param largest the largest activation; 0 where there is none
   * @param counts activations in each bin; the largest lies in the last
   */
  public record Histogram(double largest, ImmutableLongArray counts) {}

  /**
   * A part of a text around one token.
   *
   * @param text which text, from 0
   * @param position of the token in it
   * @param window the tokens shown
   * @param focus which of them is the token
   * @param activations of the feature at each token of the window; 0 at excluded ones
   */
  public record Example(
      int text, int position, TokenIds window, int focus, ImmutableDoubleArray activations) {

    /**
     * Returns the activation at the token.
     *
     * @return above zero
     */
    public double activation() {
      return activations.get(focus);
    }
  }

  /**
   * Tokens of similar activation.
   *
   * @param low smallest activation of the group
   * @param high largest activation of the group
   * @param size tokens in the group
   * @param examples some of them, drawn evenly, strongest first
   */
  public record Group(double low, double high, long size, List<Example> examples) {
    /** Copies the examples. */
    public Group {
      examples = List.copyOf(examples);
    }
  }

  /**
   * What a direction does to the logit of a token, per unit of activation and before the final
   * norm's division.
   *
   * @param token its id
   * @param logit what is added to its logit
   */
  public record TokenEffect(int token, double logit) {}

  /**
   * A feature that is active with this one.
   *
   * @param feature its index
   * @param correlation Pearson's correlation of the two activations over all tokens, in [-1, 1]
   */
  public record Correlated(int feature, double correlation) {}
}
