package org.alignment4j.rlhf.reward;

/** An answer in steps that a model cannot read, so that who made it of a text can name the text. */
final class UnreadableSolutionException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  private final int index;
  private final String problem;

  /**
   * Names the answer.
   *
   * @param index its place among those given
   * @param problem what is wrong with it
   */
  UnreadableSolutionException(int index, String problem) {
    super("solutions[%s]: %s".formatted(index, problem));
    this.index = index;
    this.problem = problem;
  }

  int index() {
    return index;
  }

  String problem() {
    return problem;
  }
}
