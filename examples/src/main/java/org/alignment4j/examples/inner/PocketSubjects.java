package org.alignment4j.examples.inner;

import java.util.List;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.eval.inner.latent.LatentSubject;
import org.alignment4j.pocket.world.Document;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.runtime.DecoderModel;

/**
 * Pocket models as subjects of latent attacks, with the world as the judge of refusals.
 *
 * @param world the world
 * @param settings how many requests and texts
 */
record PocketSubjects(PocketWorld world, InnerAlignmentSettings settings) {

  private static final int REPLY_TOKENS = 24;

  /** What no training of this job draws texts from. */
  private static final long TEXTS_SEED = 9_000_001;

  LatentSubject of(String name, DecoderModel model) {
    List<Request> harmful = harmful();
    List<Request> benign = world.benignRequests().stream().limit(settings.requests()).toList();
    return new LatentSubject(
        name,
        new RefusalAttack(
            model,
            harmful.stream().map(Request::prompt).toList(),
            model.layerCount() / 2,
            settings.steps()),
        loss(model),
        refusals(model, harmful),
        refusals(model, benign));
  }

  private List<Request> harmful() {
    return world.harmfulRequests().stream().limit(settings.requests()).toList();
  }

  private Estimate refusals(DecoderModel model, List<Request> requests) {
    long refused =
        model
            .generate(
                requests.stream().map(Request::prompt).toList(),
                SamplingOptions.greedy(REPLY_TOKENS))
            .stream()
            .filter(completion -> world.judge().isRefusal(completion.text()))
            .count();
    return Estimates.proportion(refused, requests.size());
  }

  private Estimate loss(DecoderModel model) {
    List<Continuation> texts =
        world
            .corpus(TEXTS_SEED, settings.texts())
            .map(Document::text)
            .map(text -> Continuation.of(Prompt.text(""), text))
            .toList();
    return Estimates.mean(
        model.logProbabilities(texts).stream()
            .map(ContinuationScore::logProbs)
            .mapToDouble(each -> -each.mean())
            .toArray());
  }
}
