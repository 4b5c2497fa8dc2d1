package org.alignment4j.oversight.call;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingModel;
import org.alignment4j.api.model.SamplingOptions;

/** Asks another model for one sample after the other, as a remote one is asked. */
record NumberedModel(LanguageModel model) implements SamplingModel {
  @Override
  public String id() {
    return model.id();
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    throw new AssertionError("answers of a whole call come too late to be kept one by one");
  }

  @Override
  public List<GenerationOutcome> sample(
      List<GenerationRequest> requests, SamplingOptions options, CancellationToken cancellation) {
    List<GenerationOutcome> outcomes = new ArrayList<>();
    sample(requests, options, cancellation, (outcome, index) -> outcomes.add(outcome));
    return outcomes;
  }

  @Override
  public void sample(
      List<GenerationRequest> requests,
      SamplingOptions options,
      CancellationToken cancellation,
      ObjIntConsumer<? super GenerationOutcome> sink) {
    for (int i = 0; i < requests.size(); i++) {
      GenerationRequest request = requests.get(i);
      GenerationOutcome outcome;
      try {
        List<Completion> samples =
            model.generate(
                Collections.nCopies(request.sample() + 1, request.prompt()), options, cancellation);
        outcome = new GenerationOutcome.Completed(samples.get(request.sample()));
      } catch (AlignmentException e) {
        outcome = new GenerationOutcome.Failed(e);
      }
      sink.accept(outcome, i);
    }
  }
}
