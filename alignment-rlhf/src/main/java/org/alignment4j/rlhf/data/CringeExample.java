package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A prompt with a good answer, a bad one or both, as tokens.
 *
 * @param prompt tokens the answers follow, at least one
 * @param good tokens of the good answer, end token included; null for none
 * @param bad tokens of the bad answer, end token included; null for none
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CringeExample(TokenIds prompt, @Nullable TokenIds good, @Nullable TokenIds bad) {

  /**
   * Checks the tokens.
   *
   * @throws IllegalArgumentException when there is no answer, or a part has no token
   */
  public CringeExample {
    if ((good == null && bad == null)
        || prompt.isEmpty()
        || (good != null && good.isEmpty())
        || (bad != null && bad.isEmpty())) {
      throw new IllegalArgumentException(
          "a prompt and one or two answers must have tokens but are %s, %s and %s"
              .formatted(prompt, good, bad));
    }
  }

  /**
   * Returns an answer found good or bad.
   *
   * @param example the answer
   * @return the same without the other answer
   */
  public static CringeExample of(UnpairedExample example) {
    return example.desirable()
        ? new CringeExample(example.prompt(), example.answer(), null)
        : new CringeExample(example.prompt(), null, example.answer());
  }

  /**
   * Returns a pair whose likelier better answer is the good one.
   *
   * @param example the pair
   * @return both answers
   */
  public static CringeExample of(PreferenceExample example) {
    return example.probability() >= 0.5
        ? new CringeExample(example.prompt(), example.chosen(), example.rejected())
        : new CringeExample(example.prompt(), example.rejected(), example.chosen());
  }

  /**
   * Returns the columns this takes in a row.
   *
   * @return tokens of the prompt and of its answers
   */
  public int length() {
    return prompt.size() + goodTokens() + badTokens();
  }

  /**
   * Returns the tokens of the good answer.
   *
   * @return 0 without one
   */
  public int goodTokens() {
    return good == null ? 0 : good.size();
  }

  /**
   * Returns the tokens of the bad answer.
   *
   * @return 0 without one
   */
  public int badTokens() {
    return bad == null ? 0 : bad.size();
  }

  /**
   * Returns the prompt with what answers there are.
   *
   * @return the good answer before the bad one
   */
  public Answers answers() {
    List<TokenIds> answers = new ArrayList<>();
    if (good != null) {
      answers.add(good);
    }
    if (bad != null) {
      answers.add(bad);
    }
    return new Answers(prompt, answers);
  }
}
