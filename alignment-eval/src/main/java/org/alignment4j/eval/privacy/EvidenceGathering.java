package org.alignment4j.eval.privacy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Asks models for what scores need, in batches. A batch that fails is asked again text by text, so
 * that one bad text costs only itself. Used once, by one thread.
 */
final class EvidenceGathering {
  private static final int BATCH = 16;

  private final LikelihoodModel target;
  private final @Nullable LikelihoodModel reference;
  private final boolean lowerCase;
  private final boolean moments;
  private final CancellationToken cancellation;
  private final List<TextEvidence> gathered = new ArrayList<>();
  private final Map<String, String> failures = new LinkedHashMap<>();
  private final List<LabelledText> failed = new ArrayList<>();
  private Usage usage = Usage.NONE;

  EvidenceGathering(
      LikelihoodModel target,
      @Nullable LikelihoodModel reference,
      List<MembershipScore> scores,
      CancellationToken cancellation) {
    this.target = target;
    this.reference = has(scores, MembershipScore.ReferenceRatio.class) ? reference : null;
    this.lowerCase = has(scores, MembershipScore.LowerCaseRatio.class);
    this.moments = has(scores, MembershipScore.MinKPlusPlus.class);
    this.cancellation = cancellation;
  }

  static boolean has(List<MembershipScore> scores, Class<? extends MembershipScore> kind) {
    return scores.stream().anyMatch(kind::isInstance);
  }

  void gather(List<LabelledText> texts) {
    for (int from = 0; from < texts.size(); from += BATCH) {
      cancellation.throwIfCancelled("membership inference");
      List<LabelledText> batch = texts.subList(from, Math.min(texts.size(), from + BATCH));
      try {
        gathered.addAll(evidence(batch));
      } catch (ModelExecutionException | IllegalArgumentException e) {
        batch.forEach(this::alone);
      }
    }
  }

  private void alone(LabelledText text) {
    try {
      gathered.addAll(evidence(List.of(text)));
    } catch (ModelExecutionException | IllegalArgumentException e) {
      failed.add(text);
      failures.put(text.id(), String.valueOf(e.getMessage()));
    }
  }

  private List<TextEvidence> evidence(List<LabelledText> texts) {
    List<String> plain = texts.stream().map(LabelledText::text).toList();
    List<ContinuationScore> own = scores(target, plain);
    List<ContinuationScore> lower =
        lowerCase
            ? scores(target, plain.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList())
            : List.of();
    List<ContinuationScore> other = reference == null ? List.of() : scores(reference, plain);
    List<TokenIds> tokens = own.stream().map(ContinuationScore::tokens).toList();
    List<VocabularyMoments> spread =
        moments ? VocabularyMoments.of((HookedModel) target, tokens, cancellation) : List.of();
    List<TextEvidence> evidence = new ArrayList<>();
    for (int i = 0; i < plain.size(); i++) {
      evidence.add(
          new TextEvidence(
              texts.get(i),
              own.get(i).logProbs(),
              lowerCase ? lower.get(i).logProbs() : null,
              reference == null ? null : other.get(i).logProbs(),
              moments ? spread.get(i) : null));
    }
    return evidence;
  }

  private List<ContinuationScore> scores(LikelihoodModel model, List<String> texts) {
    List<ContinuationScore> scores =
        model.logProbabilities(
            texts.stream().map(text -> Continuation.of(Prompt.text(""), text)).toList(),
            cancellation);
    if (scores.size() != texts.size()) {
      throw new ModelExecutionException(
          "model '%s' must give one score per text, %s, but gave %s"
              .formatted(model.id(), texts.size(), scores.size()));
    }
    for (ContinuationScore score : scores) {
      usage = usage.plus(score.usage());
    }
    return scores;
  }

  List<TextEvidence> gathered() {
    return gathered;
  }

  List<LabelledText> failed() {
    return failed;
  }

  Map<String, String> failures() {
    return failures;
  }

  Usage usage() {
    return usage;
  }
}
