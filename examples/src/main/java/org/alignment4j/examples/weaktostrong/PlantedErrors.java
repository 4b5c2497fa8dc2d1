package org.alignment4j.examples.weaktostrong;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.oversight.weaktostrong.KnownAnswer;

/**
 * A control in place of the weak supervisor: it is told the truth and says the opposite about a
 * share of the questions, as sure of the one as of the other. What students recover from it depends
 * on how its errors lie, since their number is given.
 *
 * @param share of the questions, above 0 and below ½
 * @param together whether all questions of a source are wrong at once; else each is drawn alone
 */
public record PlantedErrors(double share, boolean together) {
  private static final int PARTS = 1_000_000;

  /**
   * Checks the share.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public PlantedErrors {
    if (!(share > 0 && share < 0.5)) {
      throw new IllegalArgumentException(
          "the share of planted errors must lie between 0 and 0.5 but was " + share);
    }
  }

  /** A supervisor that knows these questions; the seed draws which it is wrong about. */
  RewardModel supervisor(List<KnownAnswer> questions, long seed) {
    Map<PromptCompletion, KnownAnswer> known = new HashMap<>();
    questions.forEach(q -> known.put(new PromptCompletion(q.prompt(), q.answer()), q));
    return new Supervisor(this, known, seed);
  }

  private boolean wrong(KnownAnswer question, long seed) {
    String drawn = seed + " " + (together ? question.source() : question.id());
    int hash = Hashing.sha256().hashString(drawn, StandardCharsets.UTF_8).asInt();
    return Math.floorMod(hash, PARTS) < share * PARTS;
  }

  private record Supervisor(
      PlantedErrors errors, Map<PromptCompletion, KnownAnswer> known, long seed)
      implements RewardModel {
    @Override
    public String id() {
      return errors + " of seed " + seed;
    }

    @Override
    public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
      double odds = Math.log((1 - errors.share()) / errors.share());
      return answers.stream().map(answer -> Reward.of(said(answer) ? odds : -odds)).toList();
    }

    private boolean said(PromptCompletion answer) {
      KnownAnswer question = known.get(answer);
      if (question == null) {
        throw new IllegalArgumentException(
            "only the task's questions have planted errors: " + answer);
      }
      return question.good() != errors.wrong(question, seed);
    }
  }
}
