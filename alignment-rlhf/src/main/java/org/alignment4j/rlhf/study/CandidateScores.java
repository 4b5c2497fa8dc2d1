package org.alignment4j.rlhf.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.rlhf.Rollout;
import org.alignment4j.runtime.DecoderModel;

/**
 * The rewards of one candidate's answers. Immutable.
 *
 * @param candidate whose they are
 * @param modelId the model's identity
 * @param prompts the prompt of each answer
 * @param lengths the length of each answer
 * @param scores by objective and answer, NaN where the objective does not apply
 */
record CandidateScores(
    Candidate candidate, String modelId, int[] prompts, double[] lengths, double[][] scores) {

  static CandidateScores of(
      Candidate candidate,
      LanguageModel model,
      AnswerSampler sampler,
      StudyOptions options,
      List<StudyObjective> objectives) {
    if (model instanceof DecoderModel decoder) {
      objectives.forEach(o -> o.function().requireReadable(decoder, options.prompts()));
    }
    List<Rollout> answers =
        sampler.sample(model, sampler.sampling().build(), options.samples()).stream()
            .map(AnswerSampler.Answer::rollout)
            .toList();
    double[][] scores = new double[objectives.size()][];
    for (int k = 0; k < scores.length; k++) {
      scores[k] = objectives.get(k).scores(answers, options.cancellation());
      if (Arrays.stream(scores[k]).allMatch(Double::isNaN)) {
        throw new IllegalArgumentException(
            "an objective must apply to some answers of every candidate but '%s' applies to none of '%s'"
                .formatted(objectives.get(k).name(), candidate.name()));
      }
    }
    return new CandidateScores(
        candidate,
        model.id(),
        answers.stream().mapToInt(Rollout::prompt).toArray(),
        answers.stream().mapToDouble(CandidateScores::length).toArray(),
        scores);
  }

  private static double length(Rollout answer) {
    return answer.tokens().isEmpty()
        ? answer.text().codePointCount(0, answer.text().length())
        : answer.tokens().size();
  }

  double[] means() {
    return Arrays.stream(scores)
        .mapToDouble(s -> Arrays.stream(s).filter(v -> !Double.isNaN(v)).average().orElseThrow())
        .toArray();
  }

  /** The means over answers to some prompts, of which some may repeat; NaN where there is none. */
  double[] means(int[] drawn) {
    int samples = prompts.length / (prompts[prompts.length - 1] + 1);
    double[] means = new double[scores.length];
    for (int k = 0; k < means.length; k++) {
      double sum = 0;
      int count = 0;
      for (int prompt : drawn) {
        for (int i = prompt * samples; i < (prompt + 1) * samples; i++) {
          if (!Double.isNaN(scores[k][i])) {
            sum += scores[k][i];
            count++;
          }
        }
      }
      means[k] = count == 0 ? Double.NaN : sum / count;
    }
    return means;
  }

  /**
   * The prompts that objectives are about: those to which an answer of some candidate has a score.
   *
   * @param all candidates, with the same prompts
   * @return by objective and prompt
   */
  static boolean[][] about(List<CandidateScores> all) {
    CandidateScores first = all.get(0);
    int count = first.prompts[first.prompts.length - 1] + 1;
    boolean[][] about = new boolean[first.scores.length][count];
    for (CandidateScores candidate : all) {
      for (int k = 0; k < about.length; k++) {
        for (int i = 0; i < candidate.prompts.length; i++) {
          about[k][candidate.prompts[i]] |= !Double.isNaN(candidate.scores[k][i]);
        }
      }
    }
    return about;
  }

  ParetoPoint point(List<StudyObjective> objectives, boolean[][] about, boolean dominated) {
    List<Estimate> estimates = new ArrayList<>();
    for (int k = 0; k < scores.length; k++) {
      estimates.add(estimate(objectives.get(k), scores[k], about[k]));
    }
    return new ParetoPoint(
        candidate.name(),
        modelId,
        candidate.weights(),
        estimates,
        Estimates.clusteredMean(lengths, prompts),
        dominated);
  }

  private Estimate estimate(StudyObjective objective, double[] own, boolean[] about) {
    int[] asked = IntStream.range(0, own.length).filter(i -> about[prompts[i]]).toArray();
    int[] known = Arrays.stream(asked).filter(i -> !Double.isNaN(own[i])).toArray();
    return Estimates.withMissing(
        objective.estimate(
            Arrays.stream(known).mapToDouble(i -> own[i]).toArray(),
            Arrays.stream(known).map(i -> prompts[i]).toArray()),
        asked.length - known.length,
        0);
  }
}
