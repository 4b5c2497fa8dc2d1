package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.rlhf.advantage.AdvantageInput;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.LeaveOneOutEstimator;
import org.alignment4j.rlhf.advantage.RewardClip;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.TokenRewards;
import org.alignment4j.rlhf.advantage.TokenValues;

/** Leave-one-out advantages, with the penalty on divergence in the reward, in float64. */
final class RlooCases {

  /** What TRL adds to the standard deviation. */
  private static final double EPSILON = 1e-4;

  private final String kind;
  private final CaseRunner runner;

  RlooCases(String kind, CaseRunner runner) {
    this.kind = kind;
    this.runner = runner;
  }

  /**
   * Runs every case of a file.
   *
   * @throws IOException if it cannot be read
   */
  void run(Path file) throws IOException {
    Fixture root = Fixture.read(file);
    List<Fixture> cases = root.get("advantages").elements();
    for (int i = 0; i < cases.size(); i++) {
      Fixture one = cases.get(i);
      String label =
          "normalize %s beta %s [%s]".formatted(normalise(one), one.number("beta", 0), i);
      runner.run(
          kind, String.valueOf(file.getFileName()), label, check -> compare(check, root, one));
    }
  }

  private static void compare(Check check, Fixture root, Fixture one) {
    PaddedTokens tokens = PaddedTokens.counted(root.get("completion_mask"));
    CompletionMask mask = tokens.mask();
    TokenValues divergences =
        TokenRewards.standard()
            .divergences(
                tokens.values(root.get("old_per_token_logps")),
                tokens.values(root.get("ref_per_token_logps")),
                mask);
    double[] rewards = root.get("rewards").numbers();
    if (one.has("reward_clip")) {
      rewards = new RewardClip(one.get("reward_clip").number()).apply(rewards);
    }
    SequenceRewards totals =
        SequenceRewards.of(0, rewards)
            .with(TokenRewards.penalty(one.number("beta", 0), divergences, mask));
    int size = root.get("num_generations").integer();
    Groups groups = Groups.consecutive(rewards.length / size, size);
    TokenValues found =
        new LeaveOneOutEstimator(normalise(one), EPSILON)
            .estimate(AdvantageInput.of(totals, groups, mask))
            .advantages();
    double[] expected = one.get("advantages").numbers();
    check.close(
        "advantages", found.flat(), TokenValues.broadcast(expected, mask).flat(), Tolerance.DOUBLE);
  }

  private static boolean normalise(Fixture one) {
    return one.node().path("normalize").asBoolean();
  }
}
