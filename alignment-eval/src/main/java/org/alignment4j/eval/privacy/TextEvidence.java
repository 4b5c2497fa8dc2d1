package org.alignment4j.eval.privacy;

import org.alignment4j.api.model.LogProbs;
import org.jspecify.annotations.Nullable;

/**
 * What models say of a text.
 *
 * @param text the text
 * @param target log-probabilities of the target
 * @param lowerCase those of the text in lower case, where it was asked for
 * @param reference those of the reference model, where it was asked for
 * @param moments moments over the vocabulary, where they were asked for
 */
record TextEvidence(
    LabelledText text,
    LogProbs target,
    @Nullable LogProbs lowerCase,
    @Nullable LogProbs reference,
    @Nullable VocabularyMoments moments) {

  /** The score; not finite where it is undefined. */
  double score(MembershipScore score) {
    if (score instanceof MembershipScore.MinK minK) {
      return MembershipFormulas.minK(target, minK.share());
    }
    if (score instanceof MembershipScore.MinKPlusPlus minK && moments != null) {
      return MembershipFormulas.minKPlusPlus(
          target, moments.means(), moments.deviations(), minK.share());
    }
    if (score instanceof MembershipScore.ReferenceRatio && reference != null) {
      return MembershipFormulas.referenceRatio(target, reference);
    }
    if (score instanceof MembershipScore.LowerCaseRatio && lowerCase != null) {
      return MembershipFormulas.lowerCaseRatio(target, lowerCase);
    }
    if (score instanceof MembershipScore.ZlibRatio) {
      return MembershipFormulas.zlibRatio(target, text.text());
    }
    if (score instanceof MembershipScore.Loss) {
      return -MembershipFormulas.logPerplexity(target);
    }
    throw new IllegalStateException("what " + score.name() + " needs was not gathered");
  }
}
