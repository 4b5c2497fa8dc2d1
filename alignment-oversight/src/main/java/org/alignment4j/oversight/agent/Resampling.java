package org.alignment4j.oversight.agent;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.budget.Allowance;
import org.apiguardian.api.API;

/**
 * Draws replies to a prompt until enough of them keep their form: what is missing is drawn again
 * with the same prompt and another seed, as often as there are attempts and as far as the budget
 * reaches. Forms read what is said aloud, without thinking. Replies of one attempt are asked for
 * together, at most as many as calls are left. A greedy model says the same again: it has one
 * attempt, unless it is warmed. Immutable and as safe for concurrent calls as the model.
 *
 * @param model who replies
 * @param options how replies are sampled; the seed is replaced for each attempt
 * @param attempts most attempts, at least 1
 * @param warmed whether a greedy model is drawn from at temperature 1 from the second attempt on
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Resampling(
    LanguageModel model, SamplingOptions options, int attempts, boolean warmed) {
  /** The number of attempts unless another is given. */
  public static final int ATTEMPTS = 3;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there is no attempt
   */
  public Resampling {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(options, "options");
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be at least 1 but were " + attempts);
    }
  }

  /** Returns three attempts, one of a greedy model. */
  public static Resampling of(LanguageModel model, SamplingOptions options) {
    return new Resampling(model, options, ATTEMPTS, false);
  }

  /**
   * Draws replies.
   *
   * @param form what a reply must be like
   * @param count how many that keep it are wanted, at least 1
   * @param role who replies, for seeds
   * @param round which round it is, for seeds
   * @param context seed, budget and cancellation
   * @return what was drawn; fewer where the budget ended
   * @throws IllegalArgumentException if none is wanted
   * @throws BudgetExceededException if the budget has no room for a first reply
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public <T> Resampled<T> draw(
      Prompt prompt,
      ReplyParser<T> form,
      int count,
      String role,
      int round,
      OversightContext context) {
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1 but was " + count);
    }
    Allowance allowance = Allowance.of("drawing replies of " + role, context);
    List<Resampled.Drawn<T>> replies = new ArrayList<>();
    int most = options.isGreedy() && !warmed ? 1 : attempts;
    int missing = count;
    try {
      for (int attempt = 0; attempt < most && missing > 0; attempt++) {
        OversightContext next = allowance.next();
        int room = allowance.room(missing);
        for (Completion reply :
            FormedModel.ask(
                model,
                Collections.nCopies(room, prompt),
                Collections.nCopies(room, form),
                options(attempt, CallSeed.of(context.seed(), role, round, attempt)),
                next.cancellation())) {
          allowance.spend(reply.usage());
          String aloud = Speech.of(reply.text()).visible();
          Parsed<T> parsed = form.parse(new Reply(aloud, reply.truncated()));
          replies.add(new Resampled.Drawn<>(attempt + 1, reply.text(), parsed));
          missing -= parsed instanceof Parsed.Value<T> ? 1 : 0;
        }
      }
    } catch (BudgetExceededException limit) {
      if (replies.isEmpty()) {
        throw limit;
      }
    }
    return new Resampled<>(replies, allowance.spent());
  }

  private SamplingOptions options(int attempt, long seed) {
    SamplingOptions.Builder drawn = options.toBuilder().seed(seed);
    return attempt > 0 && options.isGreedy() ? drawn.temperature(1).build() : drawn.build();
  }
}
