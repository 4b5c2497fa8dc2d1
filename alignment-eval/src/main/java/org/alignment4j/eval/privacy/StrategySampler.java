package org.alignment4j.eval.privacy;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingModel;
import org.alignment4j.api.model.SamplingOptions;

/** Samples texts by a strategy. Failed samples are counted and left out. Used by one thread. */
final class StrategySampler {
  private static final int BATCH = 32;

  private final SamplingModel model;
  private final int tokens;
  private final long seed;
  private final CancellationToken cancellation;
  private int failed;

  StrategySampler(SamplingModel model, int tokens, long seed, CancellationToken cancellation) {
    this.model = model;
    this.tokens = tokens;
    this.seed = seed;
    this.cancellation = cancellation;
  }

  /** A text and what it stands after. */
  record Sampled(String prompt, String text) {}

  int failed() {
    return failed;
  }

  List<Sampled> sample(SamplingStrategy strategy, int count) {
    List<Sampled> texts = new ArrayList<>();
    for (int from = 0; from < count; from += BATCH) {
      cancellation.throwIfCancelled("extraction");
      List<Sampled> batch = new ArrayList<>();
      for (int i = from; i < Math.min(count, from + BATCH); i++) {
        batch.add(
            strategy instanceof SamplingStrategy.Prefixes prefixes
                ? new Sampled(prefixes.texts().get(i % prefixes.texts().size()), "")
                : new Sampled("", ""));
      }
      texts.addAll(continued(strategy, batch, from));
    }
    return texts;
  }

  private List<Sampled> continued(SamplingStrategy strategy, List<Sampled> batch, int first) {
    SamplingOptions.Builder plain = SamplingOptions.sampling(tokens, seed).toBuilder();
    if (strategy instanceof SamplingStrategy.TopK topK) {
      return extended(batch, plain.topK(topK.k()).build(), first);
    }
    if (strategy instanceof SamplingStrategy.Prefixes prefixes) {
      return extended(batch, plain.topK(prefixes.k()).build(), first);
    }
    SamplingStrategy.DecayingTemperature decaying = (SamplingStrategy.DecayingTemperature) strategy;
    List<Sampled> texts = batch;
    int hot = Math.min(tokens, decaying.tokens());
    for (int token = 0; token < hot; token++) {
      SamplingOptions one =
          SamplingOptions.sampling(1, seed + token).toBuilder()
              .temperature(decaying.at(token))
              .build();
      texts = extended(texts, one, first);
    }
    return tokens > hot
        ? extended(texts, SamplingOptions.sampling(tokens - hot, seed + hot), first)
        : texts;
  }

  private List<Sampled> extended(List<Sampled> texts, SamplingOptions options, int first) {
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Prompt prompt = Prompt.text(texts.get(i).prompt() + texts.get(i).text());
      requests.add(new GenerationRequest(prompt, first + i, null));
    }
    List<Sampled> longer = new ArrayList<>();
    int row = 0;
    for (GenerationOutcome outcome : model.sample(requests, options, cancellation)) {
      Sampled text = texts.get(row++);
      if (outcome instanceof GenerationOutcome.Completed completed) {
        longer.add(new Sampled(text.prompt(), text.text() + completed.completion().text()));
      } else {
        failed++;
      }
    }
    return longer;
  }
}
