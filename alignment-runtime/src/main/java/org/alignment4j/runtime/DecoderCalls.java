package org.alignment4j.runtime;

import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenListener;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.generate.DecodeSessions;
import org.alignment4j.runtime.generate.Generator;
import org.alignment4j.runtime.generate.PromptEncoder;
import org.alignment4j.runtime.score.Scorer;
import org.alignment4j.runtime.tokenizer.ChatTemplate;
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

  List<ContinuationScore> score(
      List<? extends Continuation> continuations,
      CancellationToken cancellation,
      Instrumentation instrumentation) {
    return instance.call(
        () ->
            new Scorer(instance, instrumentation, prompts, template)
                .score(continuations, cancellation));
  }
}
