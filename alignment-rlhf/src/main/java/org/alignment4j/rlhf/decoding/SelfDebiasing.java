package org.alignment4j.rlhf.decoding;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.generate.DecodeSessions;
import org.alignment4j.runtime.generate.GenerationJob;
import org.alignment4j.runtime.generate.Generator;
import org.alignment4j.runtime.generate.PromptEncoder;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A model led away, at every token, from what it says itself when told to be undesirable
 * (self-debiasing: Schick et al. 2021, arXiv 2103.00453). A token is held back as far as {@link
 * UndesiredAttribute#input describing an attribute} makes it more likely; see {@link Debiasing} for
 * the formula. Nothing is trained and no list of words is needed. Immutable, safe for concurrent
 * calls; the caller closes the model it looks through.
 *
 * <pre>{@code
 * LanguageModel polite =
 *     SelfDebiasing.of(model, UndesiredAttribute.of("a threat"), UndesiredAttribute.of("an insult"));
 * }</pre>
 *
 * <p>The debiased distribution takes the place of the model's own before all options of sampling,
 * so that they act as usual, and so do the log-probabilities of completions: {@code modelLogProbs}
 * and {@code topLogProbs} are of the debiased distribution too. Keys and values of the prompt and
 * of each input are kept, so that a token costs one row for itself and one for each attribute, in
 * one batch. The tokens of the inputs count as tokens of the prompt.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SelfDebiasing implements SamplingModel {

  /** Rows that go through the model together, those of the inputs among them. */
  private static final int ROWS = 64;

  /** A prompt as tokens, with its self-debiasing inputs. */
  private record Encoded(int[] prompt, List<int[]> inputs) {

    int inputTokens() {
      return inputs.stream().mapToInt(i -> i.length).sum();
    }
  }

  private final DecoderModel model;
  private final List<UndesiredAttribute> attributes;
  private final Debiasing debiasing;

  private SelfDebiasing(
      DecoderModel model, List<UndesiredAttribute> attributes, Debiasing debiasing) {
    this.model = Objects.requireNonNull(model, "model");
    this.attributes = List.copyOf(attributes);
    this.debiasing = Objects.requireNonNull(debiasing, "debiasing");
    if (attributes.isEmpty()) {
      throw new IllegalArgumentException("attributes must name at least one but name none");
    }
  }

  /**
   * Returns the model with {@link Debiasing#standard()}.
   *
   * @param model the model
   * @param attributes what its answers should not be, at least one
   * @return the debiased model
   * @throws IllegalArgumentException when there is no attribute
   */
  public static SelfDebiasing of(DecoderModel model, UndesiredAttribute... attributes) {
    return new SelfDebiasing(model, Arrays.asList(attributes), Debiasing.standard());
  }

  /**
   * Returns this model debiased more or less strongly.
   *
   * @param strength λ and ε
   * @return another view of the same model
   */
  public SelfDebiasing with(Debiasing strength) {
    return new SelfDebiasing(model, attributes, strength);
  }

  /** Names the model, the attributes and the strength. */
  @Override
  public String id() {
    return model.id() + " debiased by " + attributes + " with " + debiasing;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException also when the longest self-debiasing input of a prompt and the
   *     completion do not fit the context, or an attribute cannot be put before a prompt
   */
  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    PromptEncoder encoder = encoder();
    List<Encoded> encoded =
        prompts.stream().map(prompt -> encode(encoder, prompt, options)).toList();
    Map<TokenIds, Integer> occurrences = new HashMap<>();
    List<GenerationJob> jobs = new ArrayList<>();
    for (int i = 0; i < encoded.size(); i++) {
      int[] prompt = encoded.get(i).prompt();
      int sample = occurrences.merge(TokenIds.of(prompt), 1, Integer::sum) - 1;
      jobs.add(new GenerationJob(i, prompt, sample, null, 1));
    }
    return run(jobs, encoded, options, cancellation).stream()
        .map(GenerationOutcome::completion)
        .toList();
  }

  /** {@inheritDoc} A request with guidance fails: its distribution has a rule already. */
  @Override
  public List<GenerationOutcome> sample(
      List<GenerationRequest> requests, SamplingOptions options, CancellationToken cancellation) {
    PromptEncoder encoder = encoder();
    @Nullable GenerationOutcome[] outcomes = new @Nullable GenerationOutcome[requests.size()];
    List<Encoded> encoded = new ArrayList<>();
    List<GenerationJob> jobs = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < outcomes.length; i++) {
      try {
        Encoded one = encode(encoder, unguided(requests.get(i)), options);
        jobs.add(
            new GenerationJob(encoded.size(), one.prompt(), requests.get(i).sample(), null, 1));
        encoded.add(one);
        places.add(i);
      } catch (IllegalArgumentException | AlignmentException e) {
        outcomes[i] = new GenerationOutcome.Failed(e);
      }
    }
    List<GenerationOutcome> done = run(jobs, encoded, options, cancellation);
    for (int j = 0; j < done.size(); j++) {
      outcomes[places.get(j)] = done.get(j);
    }
    return Arrays.stream(outcomes).map(Objects::requireNonNull).toList();
  }

  private static Prompt unguided(GenerationRequest request) {
    if (request.guidance() != null) {
      throw new IllegalArgumentException(
          "guidance must be absent where a model is debiased but was "
              + request.guidance()
              + "; use the model itself for guidance");
    }
    return request.prompt();
  }

  private PromptEncoder encoder() {
    return new PromptEncoder(
        model.architecture().config(),
        model.hasTokenizer() ? model.tokenizer() : null,
        model.chatTemplate());
  }

  private Encoded encode(PromptEncoder encoder, Prompt prompt, SamplingOptions options) {
    List<int[]> inputs = new ArrayList<>();
    int[] own = encoder.encode(prompt);
    int longest = own.length;
    for (UndesiredAttribute attribute : attributes) {
      int[] input = encoder.encode(attribute.input(prompt));
      inputs.add(input);
      longest = Math.max(longest, input.length);
    }
    int context = model.architecture().config().maxPositions();
    if (longest + options.maxNewTokens() > context) {
      throw new IllegalArgumentException(
          ("a prompt with an attribute before it and its completion must fit the context of %s tokens"
                  + " but have %s and up to %s; shorten the prompt or lower maxNewTokens")
              .formatted(context, longest, options.maxNewTokens()));
    }
    return new Encoded(own, inputs);
  }

  private List<GenerationOutcome> run(
      List<GenerationJob> jobs,
      List<Encoded> encoded,
      SamplingOptions options,
      CancellationToken cancellation) {
    Map<Integer, List<int[]>> inputs = new HashMap<>();
    for (int i = 0; i < encoded.size(); i++) {
      inputs.put(i, encoded.get(i).inputs());
    }
    int together = Math.max(1, ROWS / (1 + attributes.size()));
    List<GenerationOutcome> outcomes = new ArrayList<>();
    for (int from = 0; from < jobs.size(); from += together) {
      List<GenerationJob> some = jobs.subList(from, Math.min(jobs.size(), from + together));
      List<GenerationOutcome> done =
          model.instance().call(() -> generator(inputs).sample(some, options, cancellation));
      for (int i = 0; i < done.size(); i++) {
        outcomes.add(counted(done.get(i), encoded.get(some.get(i).index()).inputTokens()));
      }
    }
    return outcomes;
  }

  private Generator generator(Map<Integer, List<int[]>> inputs) {
    return new Generator(
        new DebiasedSessions(
            DecodeSessions.of(model.instance(), Instrumentation.none()),
            inputs,
            attributes.size(),
            debiasing),
        model.architecture().config(),
        model.hasTokenizer() ? model.tokenizer() : null,
        model.eosTokenIds());
  }

  private static GenerationOutcome counted(GenerationOutcome outcome, int inputTokens) {
    if (outcome instanceof GenerationOutcome.Completed completed) {
      Completion c = completed.completion();
      Usage usage = c.usage().plus(new Usage(0, inputTokens, 0, 0, 0, 0, Duration.ZERO));
      return new GenerationOutcome.Completed(
          new Completion(
              c.text(),
              c.tokens(),
              c.logProbs(),
              c.modelLogProbs(),
              c.topLogProbs(),
              c.finishReason(),
              usage));
    }
    return outcome;
  }
}
