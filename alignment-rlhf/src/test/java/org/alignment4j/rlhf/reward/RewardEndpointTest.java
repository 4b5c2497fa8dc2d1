package org.alignment4j.rlhf.reward;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.junit.jupiter.api.Test;

/** Requests that an endpoint answers and refuses. */
class RewardEndpointTest {

  @Test
  void anEndpointTellsWhatIsWrongWithARequest() {
    RewardEndpoint endpoint = RewardEndpoint.of(Scoring.numbers("n"));
    Map<String, String> wrong =
        ImmutableMap.of(
            "no", "a request must be JSON",
            "{}", "a list of texts 'query'",
            "{\"query\": [1]}", "query[0] must be a text but is NUMBER",
            "{\"query\": [\"a1\"], \"prompts\": []}", "prompts must be as many as the 1 queries",
            "{\"query\": [\"a1\"], \"prompts\": [\"b\"]}", "query[0] must begin with prompts[0]");
    wrong.forEach(
        (body, message) -> {
          RewardEndpoint.Response response = endpoint.answer(body);
          assertThat(response.status()).isEqualTo(400);
          assertThat(response.body()).startsWith("{\"error\":").contains(message);
        });
    assertThat(endpoint.answer("{\"query\": [\"5\"]}"))
        .isEqualTo(
            new RewardEndpoint.Response(
                200, "{\"rewards\":[5.0],\"scores\":[5.0],\"extra_logs\":{}}"));
    RewardModel broken =
        new Scoring(
            "broken",
            t -> {
              throw new ModelExecutionException("gone");
            });
    assertThat(RewardEndpoint.of(broken).answer("{\"query\": [\"5\"]}"))
        .isEqualTo(new RewardEndpoint.Response(500, "{\"error\":\"gone\"}"));
    assertThat(endpoint.answer("{\"query\": []}").status()).isEqualTo(200);
    RewardModel faulty =
        new Scoring(
            "faulty",
            t -> {
              throw new IllegalStateException();
            });
    assertThat(RewardEndpoint.of(faulty).answer("{\"query\": [\"5\"]}"))
        .isEqualTo(new RewardEndpoint.Response(500, "{\"error\":\"IllegalStateException\"}"));
    RewardEndpoint.Response few = RewardEndpoint.of(new Uneven()).answer("{\"query\": [\"\"]}");
    assertThat(few.status()).isEqualTo(500);
    assertThat(few.body()).contains("must score each of 1 answers but scored 2");
    assertThat(RewardEndpoint.of(new Uneven()).answer("{\"query\": [\"\", \"\"]}").body())
        .as("a component that some rewards lack")
        .endsWith("\"extra_logs\":{\"all\":[1.0,1.0]}}");
  }

  /** Rewards of which the first has a component more. */
  private static final class Uneven implements RewardModel {
    @Override
    public String id() {
      return "uneven";
    }

    @Override
    public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
      return List.of(
          new Reward(0, ImmutableMap.of("some", 2.0, "all", 1.0), OptionalDouble.empty()),
          new Reward(0, Map.of("all", 1.0), OptionalDouble.empty()));
    }
  }
}
