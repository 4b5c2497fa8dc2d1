package org.alignment4j.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reference numbers that are wrong by a little fail by name. */
class WrongReferencesTest extends ConformanceRuns {

  @Test
  void wrongReferencesOfModelsAndLossesFail() throws IOException {
    Path fixtures = SharedCases.folder().resolve("fixtures");
    SharedCases.copy(fixtures.resolve("models/gpt2-tiny"), folder.resolve("models/other"));
    SharedCases.copy(fixtures.resolve("rl/dpo.json"), folder.resolve("rl/dpo.json"));
    assertThat(run(folder, folder).exitCode()).isZero();

    ObjectMapper json = new ObjectMapper();
    Path expected = folder.resolve("models/other/expected.json");
    ObjectNode numbers = (ObjectNode) json.readTree(expected.toFile());
    ArrayNode tokens = (ArrayNode) numbers.at("/generation/greedy.prompt1");
    tokens.set(19, (tokens.get(19).intValue() + 1) % 512);
    json.writeValue(expected.toFile(), numbers);
    Path dpo = folder.resolve("rl/dpo.json");
    ObjectNode losses = (ObjectNode) json.readTree(dpo.toFile());
    ObjectNode first = (ObjectNode) losses.at("/cases/0");
    first.put("loss", first.get("loss").doubleValue() + 2e-9);
    ((ObjectNode) losses.at("/cases/1")).put("loss_type", "other");
    json.writeValue(dpo.toFile(), losses);

    Run run = run(folder, folder);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("FAIL  greedy.prompt1: greedy.prompt1 must be")
        .contains("FAIL  greedy.prompt1.agrees_with_cachefree_loop")
        .contains("FAIL  sigmoid beta 0.1 label_smoothing 0.0 [0]: loss must be")
        .contains("there is no loss_type 'other'")
        .contains("3 of 17 cases failed.");
  }

  @Test
  void wrongReferencesOfSingleAnswersFail() throws IOException {
    Path fixtures = SharedCases.folder().resolve("fixtures");
    SharedCases.copy(fixtures.resolve("rl/kto.json"), folder.resolve("rl/kto.json"));
    Run right = run(folder, folder);
    assertThat(right.exitCode()).isZero();
    assertThat(right.out()).contains("ok    kto beta 0.1 kl_negative_clamped_to_0 [2]");

    ObjectMapper json = new ObjectMapper();
    Path kto = folder.resolve("rl/kto.json");
    ObjectNode losses = (ObjectNode) json.readTree(kto.toFile());
    ObjectNode first = (ObjectNode) losses.at("/cases/0");
    first.put("kl", first.get("kl").doubleValue() + 2e-9);
    ((ObjectNode) losses.at("/cases/1")).put("loss_type", "other");
    json.writeValue(kto.toFile(), losses);
    Run run = run(folder, folder);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("FAIL  kto beta 0.1 kl_positive [0]: kl must be")
        .contains("there is no loss_type 'other'");
  }

  @Test
  void wrongReferencesOfEvaluationsFail() throws IOException {
    Path eval = SharedCases.folder().resolve("fixtures/eval");
    for (String file : List.of("elo_bt.json", "ece.json", "stereoset_gold.json")) {
      SharedCases.copy(eval.resolve(file), folder.resolve("eval").resolve(file));
    }
    Run right = run(folder, folder);
    assertThat(right.exitCode()).as(right.out()).isZero();
    assertThat(right.out())
        .contains("ok    elo_k32", "ok    bradley_terry", "ok    15 bins")
        .contains("there is no scoring 'stereoset_gold'");

    shift("eval/elo_bt.json", "/elo_k4", "b", 2e-9);
    shift("eval/elo_bt.json", "/bradley_terry", "c", 2e-4);
    shift("eval/ece.json", "/ece", "10", 2e-6);
    Run run = run(folder, folder);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("FAIL  elo_k4: b must be")
        .contains("FAIL  bradley_terry: stopped c must be")
        .contains("FAIL  10 bins: ece must be")
        .contains("3 of 8 cases failed.");
  }

  @Test
  void wrongReferencesOfBenchmarksFail() throws IOException {
    SharedCases.copy(SharedCases.folder().resolve("fixtures/eval"), folder.resolve("eval"));
    assertThat(run(folder, folder).exitCode()).isZero();

    shift("eval/stereoset_expected.json", "/results/overall", "SS Score", 2e-9);
    shift("eval/bbq_lm_eval_expected.json", "/results", "amb_bias_score_Age", 2e-9);
    Path scores = folder.resolve("eval/bbq_official_scores.csv");
    Files.writeString(scores, Files.readString(scores).replace("5.0632911392405", "5.0632911"));
    Run run = run(folder, folder);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("FAIL  overall: ss must be")
        .contains("FAIL  evaluation harness: s_amb/Age must be")
        .contains("FAIL  bias scores: s_amb/Age must be")
        .contains("3 of 13 cases failed.");
  }

  @Test
  void wrongReferencesOfInterpretabilityFail() throws IOException {
    Path fixtures = SharedCases.folder().resolve("fixtures");
    SharedCases.copy(fixtures.resolve("models/gpt2-tiny"), folder.resolve("models/gpt2-tiny"));
    SharedCases.copy(fixtures.resolve("interp"), folder.resolve("interp"));
    ObjectMapper json = new ObjectMapper();
    Path patching = folder.resolve("interp/patching.json");
    ObjectNode grid = (ObjectNode) json.readTree(patching.toFile());
    ArrayNode last = (ArrayNode) grid.at("/resid_pre/2");
    last.set(9, json.getNodeFactory().numberNode(last.get(9).doubleValue() + 2e-3));
    grid.put("corrupted_logit_diff", grid.get("corrupted_logit_diff").doubleValue() + 3e-4);
    grid.set("head_z", grid.get("resid_pre"));
    json.writeValue(patching.toFile(), grid);
    // With other tokens nothing holds that depends on them.
    Path about = folder.resolve("interp/gpt2-tiny.json");
    ObjectNode run = (ObjectNode) json.readTree(about.toFile());
    ((ArrayNode) run.get("tokens")).set(9, json.getNodeFactory().numberNode(7));
    json.writeValue(about.toFile(), run);
    write("interp/probes.json", "{}");

    Run result = run(folder, folder);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .contains("ok    hook_pos_embed", "FAIL  hook_embed", "FAIL  blocks.1.attn.hook_z")
        .contains("FAIL  ln_final.hook_normalized", "FAIL  logit_lens.raw.final_post")
        .contains("FAIL  logit_lens.folded_ownscale.0_mid")
        .contains("FAIL  resid_pre: resid_pre[2][9] must be", "FAIL  corrupted_logit_diff")
        .contains("there is no patching of 'head_z'", "there is no analysis 'probes'");
  }

  @Test
  void wrongReferencesOfAdvantagesAndPoliciesFail() throws IOException {
    Path rl = SharedCases.folder().resolve("fixtures/rl");
    for (String file : List.of("ppo.json", "grpo.json", "rloo.json")) {
      SharedCases.copy(rl.resolve(file), folder.resolve("rl").resolve(file));
    }
    Run right = run(folder, folder);
    assertThat(right.exitCode()).as(right.out()).isZero();
    assertThat(right.out())
        .contains("ok    masked_stats", "ok    v0_11_4 [1]", "ok    v1_9_0 [0]")
        .contains("ok    grpo beta 0.04 epsilon_high 0.2 [1]", "ok    normalize true beta 0.0 [2]");

    shift("rl/ppo.json", "/masked_stats", "var_biased", 2e-9);
    shift("rl/ppo.json", "/v0_11_4/0", "vf_coef_times_vf_loss", 2e-9);
    shift("rl/ppo.json", "/v1_9_0/0", "pg_loss", 2e-9);
    shift("rl/grpo.json", "/cases/1/metrics", "kl", 2e-6);
    shift("rl/rloo.json", "/advantages/0", "beta", 0.5);
    Run run = run(folder, folder);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("FAIL  masked_stats: var_biased must be")
        .contains("FAIL  v0_11_4 [0]: vf_coef_times_vf_loss must be")
        .contains("FAIL  v1_9_0 [0]: pg_loss must be")
        .contains("FAIL  grpo beta 0.04 epsilon_high 0.2 [1]: kl must be")
        .contains("FAIL  normalize false beta 0.5 [0]: advantages[0] must be")
        .contains("5 of 13 cases failed.");
  }

  @Test
  void wrongAccuraciesOfRewardModelsFail() throws IOException {
    Path fixture = SharedCases.folder().resolve("fixtures/rl/reward_model.json");
    SharedCases.copy(fixture, folder.resolve("rl/reward_model.json"));
    assertThat(run(folder, folder).exitCode()).isZero();
    shift("rl/reward_model.json", "/cases/0", "accuracy", 0.2);
    Run run = run(folder, folder);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("accuracy must be 0.8");
  }

  @Test
  void logitsMayBeOffByAsMuchAsTheReferencesSay() throws IOException {
    Path models = SharedCases.folder().resolve("fixtures/models");
    SharedCases.copy(models.resolve("gpt2-tiny"), folder.resolve("models/gpt2-tiny"));
    ObjectMapper json = new ObjectMapper();
    Path expected = folder.resolve("models/gpt2-tiny/expected.json");
    ObjectNode numbers = (ObjectNode) json.readTree(expected.toFile());
    numbers.put("ce_mean_prompt0", numbers.get("ce_mean_prompt0").doubleValue() + 1.5e-4);
    json.writeValue(expected.toFile(), numbers);
    Run run = run(folder, folder);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("FAIL  ce_mean_prompt0", "within 1.0e-04");
  }
}
