package org.alignment4j.oversight.agent;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.judge.ReplyParser;
import org.apiguardian.api.API;

/**
 * A model that is told what its replies must be like and sees to it before it answers: a person,
 * who hears what is wrong with a reply and writes it again, or a model held to a grammar. Roles
 * read its replies by the same form afterwards. Implementations are safe for concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface FormedModel extends LanguageModel {

  /**
   * Answers every prompt in its form; see {@link #generate(List, SamplingOptions,
   * CancellationToken)}.
   *
   * @param forms what the reply to each prompt must be like
   * @return one completion per prompt, in order
   * @throws IllegalArgumentException if there is not one form for each prompt, or a prompt does not
   *     fit this model
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when there is no reply to be had
   */
  List<Completion> generate(
      List<? extends Prompt> prompts,
      List<? extends ReplyParser<?>> forms,
      SamplingOptions options,
      CancellationToken cancellation);

  /** Has a model answer prompts, and tells it the forms if it hears them. */
  static List<Completion> ask(
      LanguageModel model,
      List<? extends Prompt> prompts,
      List<? extends ReplyParser<?>> forms,
      SamplingOptions options,
      CancellationToken cancellation) {
    return model instanceof FormedModel formed
        ? formed.generate(prompts, forms, options, cancellation)
        : model.generate(prompts, options, cancellation);
  }
}
