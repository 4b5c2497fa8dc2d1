package org.alignment4j.oversight.call;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ObjIntConsumer;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingModel;
import org.alignment4j.api.model.SamplingOptions;
import org.jspecify.annotations.Nullable;

/**
 * Books the calls of a role, each answer by itself. A model that numbers its samples is asked for
 * all at once and hands over what has come; another is asked for one prompt after the other, since
 * what it is asked together it answers or loses together.
 */
final class MeteredModel implements SamplingModel {
  private final RecordedCalls calls;
  private final String role;
  private final LanguageModel model;

  MeteredModel(RecordedCalls calls, String role, LanguageModel model) {
    this.calls = calls;
    this.role = Objects.requireNonNull(role, "role");
    this.model = Objects.requireNonNull(model, "model");
  }

  @Override
  public String id() {
    return model.id();
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    List<GenerationRequest> requests = new ArrayList<>();
    Map<Prompt, Integer> occurrences = new LinkedHashMap<>();
    for (Prompt prompt : prompts) {
      int number = occurrences.merge(prompt, 1, Integer::sum) - 1;
      requests.add(new GenerationRequest(prompt, number, null));
    }
    return sample(requests, options, cancellation).stream()
        .map(GenerationOutcome::completion)
        .toList();
  }

  @Override
  public List<GenerationOutcome> sample(
      List<GenerationRequest> requests, SamplingOptions options, CancellationToken cancellation) {
    @Nullable GenerationOutcome[] outcomes = new @Nullable GenerationOutcome[requests.size()];
    sample(requests, options, cancellation, (outcome, index) -> outcomes[index] = outcome);
    return Arrays.stream(outcomes).map(Objects::requireNonNull).toList();
  }

  @Override
  public void sample(
      List<GenerationRequest> requests,
      SamplingOptions options,
      CancellationToken cancellation,
      ObjIntConsumer<? super GenerationOutcome> sink) {
    if (model instanceof SamplingModel sampling) {
      Booking booking = new Booking(calls, role, requests.size());
      try {
        sampling.sample(
            requests,
            options,
            cancellation,
            (outcome, index) -> {
              if (outcome instanceof GenerationOutcome.Completed completed) {
                booking.answered(completed.completion().usage());
              } else {
                booking.failed();
              }
              sink.accept(outcome, index);
            });
      } finally {
        booking.restFailed();
      }
    } else {
      ask(byPrompt(requests), options, cancellation, sink);
    }
  }

  private void ask(
      Map<Prompt, Wanted> prompts,
      SamplingOptions options,
      CancellationToken cancellation,
      ObjIntConsumer<? super GenerationOutcome> sink) {
    Booking booking =
        new Booking(calls, role, prompts.values().stream().mapToInt(Wanted::samples).sum());
    try {
      prompts.forEach(
          (prompt, wanted) -> {
            List<Completion> answers =
                answers(
                    Collections.nCopies(wanted.samples(), prompt), booking, options, cancellation);
            wanted.numbers.forEach(
                (index, number) ->
                    sink.accept(new GenerationOutcome.Completed(answers.get(number)), index));
          });
    } finally {
      booking.restNotStarted();
    }
  }

  private List<Completion> answers(
      List<Prompt> samples,
      Booking booking,
      SamplingOptions options,
      CancellationToken cancellation) {
    List<Completion> answers;
    try {
      answers = model.generate(samples, options, cancellation);
    } catch (RuntimeException | Error e) {
      samples.forEach(sample -> booking.failed());
      throw e;
    }
    answers.forEach(answer -> booking.answered(answer.usage()));
    return answers;
  }

  /** Samples of one prompt by the indices of their requests. */
  private static final class Wanted {
    private final Map<Integer, Integer> numbers = new LinkedHashMap<>();

    /** The model gives a sample its number by its place, so that lower ones are asked for too. */
    int samples() {
      return Collections.max(numbers.values()) + 1;
    }
  }

  private static Map<Prompt, Wanted> byPrompt(List<GenerationRequest> requests) {
    Map<Prompt, Wanted> prompts = new LinkedHashMap<>();
    for (int i = 0; i < requests.size(); i++) {
      GenerationRequest request = requests.get(i);
      prompts
          .computeIfAbsent(request.prompt(), prompt -> new Wanted())
          .numbers
          .put(i, request.sample());
    }
    return prompts;
  }
}
