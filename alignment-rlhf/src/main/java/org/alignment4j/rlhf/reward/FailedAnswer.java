package org.alignment4j.rlhf.reward;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.apiguardian.api.API;

/**
 * Finds which of many answers a reward model refuses or has no number for: a model that fails of
 * one answer fails of all that it is asked together, and its message often does not say of which.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FailedAnswer {

  private FailedAnswer() {}

  /**
   * Asks a model. Where it throws {@link IllegalArgumentException} it is asked again of halves of
   * the answers until one is left, in all of no more answers than before.
   *
   * @param model scores
   * @param answers what it is asked of
   * @param places what each answer is called, by its index
   * @param cancellation asks to stop
   * @return what the model gives
   * @throws IllegalArgumentException as the model, with the place of the answer before its message
   *     where it is found
   */
  public static List<Reward> naming(
      RewardModel model,
      List<PromptCompletion> answers,
      IntFunction<String> places,
      CancellationToken cancellation) {
    try {
      return model.score(answers, cancellation);
    } catch (IllegalArgumentException e) {
      OptionalInt failed = first(model, answers, cancellation);
      if (failed.isEmpty() || said(e, places.apply(failed.getAsInt()))) {
        throw e;
      }
      throw new IllegalArgumentException(
          "%s: %s".formatted(places.apply(failed.getAsInt()), e.getMessage()), e);
    }
  }

  private static boolean said(IllegalArgumentException e, String place) {
    return String.valueOf(e.getMessage()).contains(place);
  }

  private static OptionalInt first(
      RewardModel model, List<PromptCompletion> answers, CancellationToken cancellation) {
    int from = 0;
    int to = answers.size();
    if (to < 2) {
      return to == 1 ? OptionalInt.of(0) : OptionalInt.empty();
    }
    try {
      while (to - from > 1) {
        int middle = (from + to) >>> 1;
        if (fails(model, answers.subList(from, middle), cancellation)) {
          to = middle;
        } else {
          from = middle;
        }
      }
      return fails(model, answers.subList(from, to), cancellation)
          ? OptionalInt.of(from)
          : OptionalInt.empty();
    } catch (CancelledException e) {
      throw e;
    } catch (RuntimeException e) {
      // The first failure is what the caller is to hear of.
      return OptionalInt.empty();
    }
  }

  private static boolean fails(
      RewardModel model, List<PromptCompletion> answers, CancellationToken cancellation) {
    try {
      model.score(List.copyOf(answers), cancellation);
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }
}
