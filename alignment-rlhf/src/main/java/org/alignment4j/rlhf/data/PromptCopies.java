package org.alignment4j.rlhf.data;

import java.util.List;
import org.alignment4j.api.model.TokenIds;

/**
 * The copies of a prompt in a row: one that its answers share, and one for each answer that must
 * not share it, since rotary frequencies depend on the length of a sequence and it would turn the
 * others by its own. Copies are made when first asked for. Not thread-safe.
 */
final class PromptCopies {

  private final ScoredRows rows;
  private final TokenIds prompt;
  private final int sharedLength;
  private int shared = -1;

  /**
   * Of the present row.
   *
   * @param sharedLength as {@link RowPlan#sharedLength()}
   */
  PromptCopies(ScoredRows rows, TokenIds prompt, int sharedLength) {
    this.rows = rows;
    this.prompt = prompt;
    this.sharedLength = sharedLength;
  }

  /** The place of the copy that an answer follows. */
  int before(TokenIds answer) {
    if (prompt.size() + answer.size() > sharedLength) {
      return rows.add(prompt);
    }
    if (shared < 0) {
      shared = rows.add(prompt);
    }
    return shared;
  }

  /** The column of a copy at which the first token of its answers is predicted. */
  int last(int copy) {
    return rows.column(copy, prompt.size() - 1);
  }

  /** Columns of the copies and the answers. */
  static int length(TokenIds prompt, List<TokenIds> answers, int sharedLength) {
    int alone = (int) answers.stream().filter(a -> prompt.size() + a.size() > sharedLength).count();
    int copies = alone + (alone < answers.size() ? 1 : 0);
    return copies * prompt.size() + answers.stream().mapToInt(TokenIds::size).sum();
  }
}
