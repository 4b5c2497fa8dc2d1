package org.alignment4j.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statistics of PPO and losses of single answers with other options. */
class PpoStatisticsTest {

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "loss/policy",
        "loss/value",
        "loss/total",
        "policy/entropy",
        "policy/policykl",
        "policy/advantages_mean",
        "returns/mean",
        "returns/var",
        "val/vpred",
        "val/mean",
        "val/var"
      })
  void everyNumberIsCompared(String key) throws IOException {
    String out = run((ObjectNode stats) -> stats.put(key, stats.get(key).doubleValue() + 2e-6));
    assertThat(out).contains("FAIL  v0_11_4 [0]: " + key + " must be");
  }

  @ParameterizedTest
  @ValueSource(strings = {"policy/ratio", "policy/advantages"})
  void everyRowIsCompared(String key) throws IOException {
    String out =
        run(
            (ObjectNode stats) -> {
              ArrayNode row = (ArrayNode) stats.get(key).get(1);
              row.set(2, row.get(2).doubleValue() + 2e-6);
            });
    assertThat(out).contains("FAIL  v0_11_4 [0]: " + key + "[9] must be");
  }

  private String run(Consumer<ObjectNode> change) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Path fixture = SharedCases.folder().resolve("fixtures/rl/ppo.json");
    ObjectNode root = (ObjectNode) json.readTree(fixture.toFile());
    change.accept((ObjectNode) root.at("/v0_11_4/0/stats"));
    Path target = folder.resolve("rl/ppo.json");
    Files.createDirectories(folder.resolve("rl"));
    json.writeValue(target.toFile(), root);
    return RlCases.runAll(folder);
  }

  @Test
  void anchoredLossesOfSingleAnswers() throws IOException {
    RlCases cases = RlCases.of("kto.json");
    ObjectNode one = cases.add();
    double[] chosen = rewards(cases, "policy_chosen", "ref_chosen");
    double[] rejected = rewards(cases, "policy_rejected", "ref_rejected");
    int n = chosen.length + rejected.length;
    double[] losses = new double[n];
    double[] ofChosen = new double[chosen.length];
    double[] ofRejected = new double[rejected.length];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      boolean good = i < chosen.length;
      double reward = good ? chosen[i] : rejected[i - chosen.length];
      double p = 1 / (1 + Math.exp(-reward));
      losses[i] = good ? 1.5 * (1 - p) : 0.7 * p;
      sum += losses[i];
      if (good) {
        ofChosen[i] = -1.5 * 0.2 * p * (1 - p) / n;
      } else {
        ofRejected[i - chosen.length] = 0.7 * 0.2 * p * (1 - p) / n;
      }
    }
    one.put("loss_type", "apo_zero_unpaired").put("beta", 0.2).put("loss", sum / n);
    one.put("desirable_weight", 1.5).put("undesirable_weight", 0.7);
    RlCases.put(one, "losses_chosen_then_rejected", losses);
    RlCases.put(one, "chosen_rewards", chosen);
    RlCases.put(one, "rejected_rewards", rejected);
    RlCases.put(one, "grad_chosen", ofChosen);
    RlCases.put(one, "grad_rejected", ofRejected);
    one.put("kl", 0);
    one.remove("ref_KL");
    assertThat(cases.passes(folder)).contains("ok    apo_zero_unpaired beta 0.2");
  }

  private static double[] rewards(RlCases cases, String policy, String reference) {
    double[] rewards = cases.numbers(policy);
    double[] under = cases.numbers(reference);
    for (int i = 0; i < rewards.length; i++) {
      rewards[i] = 0.2 * (rewards[i] - under[i]);
    }
    return rewards;
  }
}
