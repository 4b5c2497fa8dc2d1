package org.alignment4j.runtime;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ForwardRun;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.model.BeamHypothesis;
import org.alignment4j.api.model.BeamSearchModel;
import org.alignment4j.api.model.BeamSearchOptions;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.GradientModel;
import org.alignment4j.api.model.GradientRequest;
import org.alignment4j.api.model.InputGradients;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.StreamingLanguageModel;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.TokenListener;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.runtime.hook.HookedRun;
import org.alignment4j.runtime.hook.Interventions;
import org.alignment4j.runtime.hook.SlotGradients.Variable;

/**
 * A model whose activations are changed in every call: generation, scoring and forward runs. It
 * owns nothing and works as long as the model it is a view of is open. Safe for concurrent use.
 */
final class IntervenedModel
    implements HookedModel,
        StreamingLanguageModel,
        SamplingModel,
        BeamSearchModel,
        ChoiceModel,
        GradientModel {

  private final DecoderModel model;
  private final DecoderCalls calls;
  private final Interventions interventions;
  private final GradientCalls gradients;

  IntervenedModel(DecoderModel model, DecoderCalls calls, Interventions interventions) {
    this.model = model;
    this.calls = calls;
    this.interventions = interventions;
    this.gradients = new GradientCalls(model.instance(), calls, interventions);
  }

  @Override
  public String id() {
    return ContentHash.of(model.id() + '\n' + interventions.identity()).toString();
  }

  @Override
  public Tokenizer tokenizer() {
    return model.tokenizer();
  }

  @Override
  public int layerCount() {
    return model.layerCount();
  }

  @Override
  public List<HookPoint<?>> hookPoints() {
    return model.hookPoints();
  }

  @Override
  public ForwardRun forward(List<TokenIds> sequences) {
    return HookedRun.of(model.instance(), interventions, sequences);
  }

  @Override
  public HookedModel with(List<? extends Intervention<?>> further) {
    return new IntervenedModel(model, calls, interventions.withAlways(further));
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    return calls.generate(prompts, options, null, cancellation, interventions);
  }

  @Override
  public List<Completion> stream(
      List<? extends Prompt> prompts,
      SamplingOptions options,
      TokenListener listener,
      CancellationToken cancellation) {
    return calls.generate(prompts, options, listener, cancellation, interventions);
  }

  @Override
  public List<GenerationOutcome> sample(
      List<GenerationRequest> requests, SamplingOptions options, CancellationToken cancellation) {
    return calls.sample(requests, options, cancellation, interventions);
  }

  @Override
  public List<List<BeamHypothesis>> beamSearch(
      List<? extends Prompt> prompts, BeamSearchOptions options, CancellationToken cancellation) {
    return calls.beamSearch(prompts, options, cancellation, interventions);
  }

  @Override
  public List<ChoiceDistribution> choose(
      List<ChoiceRequest> requests, CancellationToken cancellation) {
    return calls.choose(requests, cancellation, interventions);
  }

  @Override
  public List<ContinuationScore> logProbabilities(
      List<? extends Continuation> continuations, CancellationToken cancellation) {
    return calls.score(continuations, cancellation, interventions);
  }

  @Override
  public InputGradients oneHotGradients(GradientRequest request) {
    return gradients.gradients(request, Variable.ONE_HOT);
  }

  @Override
  public InputGradients embeddingGradients(GradientRequest request) {
    return gradients.gradients(request, Variable.EMBEDDING);
  }

  @Override
  public double[] losses(
      GradientRequest request, List<TokenIds> candidates, CancellationToken cancellation) {
    return gradients.losses(request, candidates, cancellation);
  }
}
