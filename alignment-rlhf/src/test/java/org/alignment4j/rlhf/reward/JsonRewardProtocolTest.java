package org.alignment4j.rlhf.reward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.alignment4j.api.reward.Reward;
import org.junit.jupiter.api.Test;

/** What of a response becomes components. */
class JsonRewardProtocolTest {

  @Test
  void onlyLogsOfOneNumberAnAnswerAreComponents() {
    String body =
        """
        {"rewards": [1, 2], "extra_logs": {
          "fits": [3, 4], "long": [5, 6, 7], "short": [8], "text": ["a", 9], "one": 10}}
        """;
    List<Reward> rewards = JsonRewardProtocol.openRlhf().rewards(body, 2);
    assertThat(rewards).extracting(Reward::value).containsExactly(1.0, 2.0);
    assertThat(rewards.get(0).components()).isEqualTo(Map.of("fits", 3.0));
    assertThat(rewards.get(1).components()).isEqualTo(Map.of("fits", 4.0, "text", 9.0));
  }
}
