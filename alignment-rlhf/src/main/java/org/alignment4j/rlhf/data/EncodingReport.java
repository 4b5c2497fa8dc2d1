package org.alignment4j.rlhf.data;

import java.util.List;
import org.apiguardian.api.API;

/**
 * What happened to examples on their way to tokens.
 *
 * @param examples examples given
 * @param kept examples that can be trained on
 * @param promptsCut examples whose prompt lost turns on the left
 * @param turnsCut turns lost in all
 * @param completionsCut answers that lost their end
 * @param reasons the first few reasons why examples were dropped, each with the example's index
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EncodingReport(
    int examples,
    int kept,
    int promptsCut,
    int turnsCut,
    int completionsCut,
    List<String> reasons) {

  /** Copies the reasons. */
  public EncodingReport {
    reasons = List.copyOf(reasons);
  }

  /**
   * Returns how many examples were left out.
   *
   * @return examples given less those kept
   */
  public int dropped() {
    return examples - kept;
  }
}
