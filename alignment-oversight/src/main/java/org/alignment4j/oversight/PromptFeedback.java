package org.alignment4j.oversight;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Function;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.oversight.Feedback;
import org.alignment4j.api.oversight.FeedbackGenerator;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.Transcript;
import org.alignment4j.oversight.agent.CallSeed;
import org.apiguardian.api.API;

/**
 * Training examples from a protocol that is run on one prompt after the other, all within one
 * budget. The seed of a prompt follows from the context's seed and the prompt's place. An outcome
 * that the budget cut short still gives the examples that it has. Many prompts at once are run by
 * {@link OversightRun} with the same protocol. Immutable.
 *
 * @param <V> what the protocol comes to
 * @param <E> the examples
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PromptFeedback<V, E> implements FeedbackGenerator<E> {
  private final OversightProtocol<Prompt, V> protocol;
  private final Function<? super V, ? extends List<? extends E>> examples;

  private PromptFeedback(
      OversightProtocol<Prompt, V> protocol,
      Function<? super V, ? extends List<? extends E>> examples) {
    this.protocol = Objects.requireNonNull(protocol, "protocol");
    this.examples = Objects.requireNonNull(examples, "examples");
  }

  /**
   * Returns a generator.
   *
   * @param protocol what is run on each prompt
   * @param examples what there is to learn from a result; none when it is discarded
   */
  public static <V, E> PromptFeedback<V, E> of(
      OversightProtocol<Prompt, V> protocol,
      Function<? super V, ? extends List<? extends E>> examples) {
    return new PromptFeedback<>(protocol, examples);
  }

  /** See {@link FeedbackGenerator}; prompts that were not reached do not count as discarded. */
  @Override
  public Feedback<E> generate(List<? extends Prompt> prompts, OversightContext context) {
    Proceedings proceedings =
        Proceedings.open("feedback", "", context, OptionalLong.of(prompts.size()));
    List<E> made = new ArrayList<>();
    List<Transcript> transcripts = new ArrayList<>();
    long discarded = 0;
    for (int i = 0; i < prompts.size(); i++) {
      Outcome<V> outcome;
      try {
        long seed = CallSeed.of(context.seed(), "prompt", i, 0);
        outcome = protocol.run(prompts.get(i), proceedings.next().withSeed(seed));
      } catch (BudgetExceededException limit) {
        break;
      }
      proceedings.spend(outcome.usage());
      transcripts.add(outcome.transcript());
      List<? extends E> found = examples.apply(outcome.verdict());
      made.addAll(found);
      if (found.isEmpty() && outcome.complete()) {
        discarded++;
      }
    }
    return new Feedback<>(made, transcripts, discarded, proceedings.usage());
  }
}
