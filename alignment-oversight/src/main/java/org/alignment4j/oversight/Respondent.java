package org.alignment4j.oversight;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.agent.FormedModel;
import org.alignment4j.oversight.agent.Speech;
import org.apiguardian.api.API;

/**
 * A model that answers prompts of a protocol. A reply that does not keep its form is drawn again
 * with the same prompt and another seed; a greedy model is not asked twice: it would say the same.
 * Forms read what is said aloud, without thinking. Prompts of one step are asked together.
 * Immutable and as safe for concurrent calls as the model.
 *
 * @param model who answers
 * @param options how replies are sampled; the seed is replaced for each step and attempt
 * @param attempts most draws of a reply, at least 1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Respondent(LanguageModel model, SamplingOptions options, int attempts) {
  private static final int ATTEMPTS = 3;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there is no attempt
   */
  public Respondent {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(options, "options");
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be at least 1 but were " + attempts);
    }
  }

  /** Returns a respondent with three attempts. */
  public static Respondent of(LanguageModel model, SamplingOptions options) {
    return new Respondent(model, options, ATTEMPTS);
  }

  /**
   * Has the model answer one prompt; see {@link #askAll}.
   *
   * @throws org.alignment4j.api.BudgetExceededException if the budget leaves no room
   */
  public <T> Draw<T> ask(
      Prompt prompt, ReplyParser<T> form, String role, int round, Proceedings proceedings) {
    return askAll(List.of(prompt), List.of(form), role, round, proceedings).finished().get(0);
  }

  /**
   * Has the model answer the prompts of one step. What it cost is spent in the proceedings.
   *
   * @param forms what each reply must be like
   * @param role who answers, for seeds
   * @param round which step, for seeds
   * @return one draw for each prompt, in order; where the budget ended, what it had room for
   * @throws IllegalArgumentException if there is not one form for each prompt
   */
  public <T> Drawn<T> askAll(
      List<? extends Prompt> prompts,
      List<? extends ReplyParser<T>> forms,
      String role,
      int round,
      Proceedings proceedings) {
    if (prompts.size() != forms.size()) {
      throw new IllegalArgumentException(
          "there must be one form for each of "
              + prompts.size()
              + " prompts but there are "
              + forms.size());
    }
    List<Draw<T>> draws = new ArrayList<>();
    try {
      ask(prompts, forms, role, round, proceedings, draws);
      return new Drawn<>(draws, Optional.empty());
    } catch (BudgetExceededException limit) {
      return new Drawn<>(draws, Optional.of(limit));
    }
  }

  /** Adds draws in the order of the prompts, and then replaces those that are drawn again. */
  private <T> void ask(
      List<? extends Prompt> prompts,
      List<? extends ReplyParser<T>> forms,
      String role,
      int round,
      Proceedings proceedings,
      List<Draw<T>> draws) {
    int rounds = options.isGreedy() ? 1 : attempts;
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      open.add(i);
    }
    for (int attempt = 0; attempt < rounds && !open.isEmpty(); attempt++) {
      for (int from = 0; from < open.size(); ) {
        OversightContext context = proceedings.next();
        int count = room(context.budget().calls(), open.size() - from);
        List<Integer> asked = open.subList(from, from + count);
        List<Completion> replies =
            FormedModel.ask(
                model,
                asked.stream().map(prompts::get).toList(),
                asked.stream().map(forms::get).toList(),
                options.toBuilder().seed(CallSeed.of(context.seed(), role, round, attempt)).build(),
                context.cancellation());
        for (int i = 0; i < count; i++) {
          Completion reply = replies.get(i);
          proceedings.spend(reply.usage());
          int index = asked.get(i);
          String aloud = Speech.of(reply.text()).visible();
          Parsed<T> parsed = forms.get(index).parse(new Reply(aloud, reply.truncated()));
          if (index == draws.size()) {
            draws.add(new Draw<>(parsed, reply.text(), 1, reply.usage()));
          } else {
            Usage usage = draws.get(index).usage().plus(reply.usage());
            draws.set(index, new Draw<>(parsed, reply.text(), attempt + 1, usage));
          }
        }
        from += count;
      }
      open.removeIf(index -> draws.get(index).value().isPresent());
    }
  }

  private static int room(OptionalLong limit, int wanted) {
    return limit.isPresent() ? (int) Math.min(limit.getAsLong(), wanted) : wanted;
  }
}
