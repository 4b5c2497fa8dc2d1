package org.alignment4j.runtime;

import com.google.common.base.Suppliers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.BeamHypothesis;
import org.alignment4j.api.model.BeamSearchOptions;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.Guidance;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenListener;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.generate.BeamSearch;
import org.alignment4j.runtime.generate.ChoiceSearch;
import org.alignment4j.runtime.generate.DecodeSessions;
import org.alignment4j.runtime.generate.GenerationJob;
import org.alignment4j.runtime.generate.Generator;
import org.alignment4j.runtime.generate.PromptEncoder;
import org.alignment4j.runtime.generate.TokenSpellings;
import org.alignment4j.runtime.score.Scorer;
import org.alignment4j.runtime.score.ScoringMemory;
import org.alignment4j.runtime.tokenizer.ChatTemplate;
import org.alignment4j.runtime.tokenizer.PromptCompletionTokens;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one model, with or without edits of its activations. Thread-safe; a call keeps the
 * model open.
 */
final class DecoderCalls {

  private final DecoderInstance instance;
  private final @Nullable Tokenizer tokenizer;
  private final ChatTemplate template;
  private final Set<Integer> eosTokenIds;
  private final PromptEncoder prompts;
  private final ScoringMemory scoringMemory = new ScoringMemory();
  private final Supplier<TokenSpellings> spellings;

  DecoderCalls(
      DecoderInstance instance,
      @Nullable Tokenizer tokenizer,
      ChatTemplate template,
      Set<Integer> eosTokenIds) {
    this.instance = instance;
    this.tokenizer = tokenizer;
    this.template = template;
    this.eosTokenIds = eosTokenIds;
    this.prompts = new PromptEncoder(config(), tokenizer, template);
    this.spellings =
        Suppliers.memoize(() -> TokenSpellings.of(prompts.tokenizer(), config().vocabSize()));
  }

  private DecoderConfig config() {
    return instance.engine().architecture().config();
  }

  List<Completion> generate(
      List<? extends Prompt> requests,
      SamplingOptions options,
      @Nullable TokenListener listener,
      CancellationToken cancellation,
      Instrumentation instrumentation) {
    return instance.call(
        () -> {
          List<int[]> tokens = requests.stream().map(prompts::encode).toList();
          return new Generator(
                  DecodeSessions.of(instance, instrumentation), config(), tokenizer, eosTokenIds)
              .generate(tokens, options, listener, cancellation);
        });
  }

  List<GenerationOutcome> sample(
      List<GenerationRequest> requests,
      SamplingOptions options,
      CancellationToken cancellation,
      Instrumentation instrumentation) {
    return instance.call(
        () -> {
          @Nullable GenerationOutcome[] outcomes = new @Nullable GenerationOutcome[requests.size()];
          List<GenerationJob> jobs = new ArrayList<>();
          for (int i = 0; i < outcomes.length; i++) {
            try {
              jobs.add(job(i, requests.get(i)));
            } catch (IllegalArgumentException | AlignmentException e) {
              outcomes[i] = new GenerationOutcome.Failed(e);
            }
          }
          List<GenerationOutcome> done =
              new Generator(
                      DecodeSessions.of(instance, instrumentation),
                      config(),
                      tokenizer,
                      eosTokenIds)
                  .sample(jobs, options, cancellation);
          for (int j = 0; j < done.size(); j++) {
            outcomes[jobs.get(j).index()] = done.get(j);
          }
          return Arrays.stream(outcomes).map(Objects::requireNonNull).toList();
        });
  }

  private GenerationJob job(int index, GenerationRequest request) {
    int[] prompt = prompts.encode(request.prompt());
    Guidance guidance = request.guidance();
    return guidance == null
        ? new GenerationJob(index, prompt, request.sample(), null, 1)
        : new GenerationJob(
            index, prompt, request.sample(), prompts.encode(guidance.negative()), guidance.scale());
  }

  List<List<BeamHypothesis>> beamSearch(
      List<? extends Prompt> requests,
      BeamSearchOptions options,
      CancellationToken cancellation,
      Instrumentation instrumentation) {
    return instance.call(
        () -> {
          List<int[]> tokens = requests.stream().map(prompts::encode).toList();
          return new BeamSearch(
                  DecodeSessions.of(instance, instrumentation), config(), tokenizer, eosTokenIds)
              .search(tokens, options, cancellation);
        });
  }

  List<ChoiceDistribution> choose(
      List<ChoiceRequest> requests,
      CancellationToken cancellation,
      Instrumentation instrumentation) {
    return instance.call(
        () -> {
          Tokenizer texts = prompts.tokenizer();
          Scorer encoder = new Scorer(instance, instrumentation, prompts, template, scoringMemory);
          ChoiceSearch search =
              new ChoiceSearch(
                  DecodeSessions.of(instance, instrumentation),
                  config(),
                  texts,
                  eosTokenIds,
                  spellings);
          List<ChoiceDistribution> distributions = new ArrayList<>();
          for (int i = 0; i < requests.size(); i++) {
            distributions.add(choose(search, encoder, i, requests.get(i), cancellation));
          }
          return distributions;
        });
  }

  private static ChoiceDistribution choose(
      ChoiceSearch search,
      Scorer encoder,
      int index,
      ChoiceRequest request,
      CancellationToken cancellation) {
    List<PromptCompletionTokens> encoded =
        request.choices().stream()
            .map(choice -> encoder.encode(Continuation.of(request.prompt(), choice)))
            .toList();
    List<int[]> own = encoded.stream().map(joint -> joint.completion().toArray()).toList();
    int[] prompt = encoded.get(0).prompt().toArray();
    return search.choose(index, request, prompt, own, cancellation);
  }

  List<ContinuationScore> score(
      List<? extends Continuation> continuations,
      CancellationToken cancellation,
      Instrumentation instrumentation) {
    return instance.call(
        () ->
            new Scorer(instance, instrumentation, prompts, template, scoringMemory)
                .score(continuations, cancellation));
  }
}
