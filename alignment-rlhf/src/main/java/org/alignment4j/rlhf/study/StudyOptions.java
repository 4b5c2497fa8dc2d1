package org.alignment4j.rlhf.study;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.RolloutOptions;
import org.jspecify.annotations.Nullable;

/** What is sampled and around it. */
record StudyOptions(
    List<Prompt> prompts,
    RolloutOptions rollouts,
    int samples,
    long seed,
    @Nullable Path journal,
    ProgressListener progress,
    LongSupplier nanoClock,
    CancellationToken cancellation) {

  StudyOptions {
    prompts = List.copyOf(prompts);
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("prompts must hold at least one but hold none");
    }
    Map<Prompt, Integer> first = new HashMap<>();
    for (int i = 0; i < prompts.size(); i++) {
      Integer other = first.putIfAbsent(prompts.get(i), i);
      if (other != null) {
        throw new IllegalArgumentException(
            "prompts must differ, since answers to one depend on each other, but %s and %s are the"
                    .formatted(other, i)
                + " same; take more samples instead");
      }
    }
    if (samples < 1) {
      throw new IllegalArgumentException("samples must be at least 1 but was " + samples);
    }
  }

  StudyOptions withRollouts(RolloutOptions value) {
    return new StudyOptions(
        prompts, value, samples, seed, journal, progress, nanoClock, cancellation);
  }

  StudyOptions withSamples(int value) {
    return new StudyOptions(
        prompts, rollouts, value, seed, journal, progress, nanoClock, cancellation);
  }

  StudyOptions withSeed(long value) {
    return new StudyOptions(
        prompts, rollouts, samples, value, journal, progress, nanoClock, cancellation);
  }

  StudyOptions withJournal(Path value) {
    return new StudyOptions(
        prompts, rollouts, samples, seed, value, progress, nanoClock, cancellation);
  }

  StudyOptions withProgress(ProgressListener value) {
    return new StudyOptions(
        prompts, rollouts, samples, seed, journal, value, nanoClock, cancellation);
  }

  StudyOptions withNanoClock(LongSupplier value) {
    return new StudyOptions(
        prompts, rollouts, samples, seed, journal, progress, value, cancellation);
  }

  StudyOptions withCancellation(CancellationToken value) {
    return new StudyOptions(prompts, rollouts, samples, seed, journal, progress, nanoClock, value);
  }
}
