package org.alignment4j.oversight.call;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;

/** Books the calls of a role. */
final class MeteredModel implements LanguageModel {
  private final Clocked<LanguageModel> clocked;

  MeteredModel(Clocked<LanguageModel> clocked) {
    this.clocked = clocked;
  }

  @Override
  public String id() {
    return clocked.model().id();
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    return clocked.ask(
        prompts.size(),
        () -> clocked.model().generate(prompts, options, cancellation),
        Completion::usage);
  }
}
