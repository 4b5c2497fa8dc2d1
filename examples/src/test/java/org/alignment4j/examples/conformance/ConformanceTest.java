package org.alignment4j.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.alignment4j.examples.Conformance;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program end to end: what passes, what fails and with which exit code. */
class ConformanceTest {

  /** A row of logits whose probabilities are a quarter and three quarters. */
  private static final String SAMPLING =
      """
      {"logits": [[0.0, 1.0986122886681098]], "input_ids": [[0, 1]], "cases": [
        {"name": "%s", "scores_finite": [[0.0, 1.0986122886681098]],
         "probs": [[%s, 0.75]], "kept": [2]}]}
      """;

  @TempDir private Path folder = Path.of("");

  private record Run(int exitCode, String out, String err) {}

  private static Run run(Path cases, Path root) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        ConsoleProgram.of(new Conformance())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute("--cases", cases.toString(), "--root", root.toString());
    return new Run(code, out.toString(), err.toString());
  }

  private void write(String file, String text) throws IOException {
    Path target = folder.resolve(file);
    Files.createDirectories(target.resolveSibling("."));
    Files.writeString(target, text);
  }

  @Test
  void everyReferenceCasePasses() {
    Path shared = SharedCases.folder();
    Run run = run(shared.resolve("fixtures"), shared);
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out())
        .contains("models / llama-tiny", "models / stories260K", "tokenizers / gpt-neox")
        .contains("interp / patching", "ok    logit_lens.folded_finalscale.1_mid")
        .contains("ok    blocks.2.attn.hook_pattern", "ok    resid_pre")
        .doesNotContain("there is no kind 'interp'")
        .doesNotContain("FAIL");
  }

  @Test
  void oneWrongNumberFails() throws IOException {
    write("sampling/a.json", SAMPLING.formatted("temperature=1.0", "0.25"));
    assertThat(run(folder, folder).exitCode()).isZero();

    write("sampling/a.json", SAMPLING.formatted("temperature=1.0", "0.2500000011"));
    Run run = run(folder, folder);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("FAIL  temperature=1.0: probs 0[0] must be 0.2500000011 within 1.0e-09")
        .contains("1 of 1 cases failed.");
  }

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

  /** Adds to a number of a file. */
  private void shift(String file, String object, String key, double by) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Path path = folder.resolve(file);
    ObjectNode all = (ObjectNode) json.readTree(path.toFile());
    ObjectNode numbers = (ObjectNode) all.at(object);
    numbers.put(key, numbers.get(key).doubleValue() + by);
    json.writeValue(path.toFile(), all);
  }

  /** Probabilities of which each processor keeps some, found by hand. */
  @Test
  void processorsThatCutTails() throws IOException {
    double[] probabilities = {0.4, 0.3, 0.2, 0.07, 0.03};
    // Their entropy is 1.341 nats: the second and third are the most typical.
    writeCut("epsilon_cutoff=0.05", probabilities, 0, 1, 2, 3);
    writeCut("eta_cutoff=0.5", probabilities, 0, 1, 2);
    writeCut("eta_cutoff=0.01", probabilities, 0, 1, 2, 3, 4);
    writeCut("typical_p=0.45", probabilities, 1, 2);
    writeCut("temperature=1.0,typical_p=0.25", probabilities, 1);
    Run run = run(folder, folder);
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).contains("sampling", "5       5       0        0");

    writeCut("epsilon_cutoff=0.05", probabilities, 0, 1, 2);
    assertThat(run(folder, folder).exitCode()).isEqualTo(1);
  }

  private void writeCut(String name, double[] probabilities, int... kept) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode file = json.createObjectNode();
    ArrayNode logits = file.putArray("logits").addArray();
    ArrayNode tokens = file.putArray("input_ids").addArray();
    ObjectNode one = file.putArray("cases").addObject().put("name", name);
    ArrayNode scores = one.putArray("scores_finite").addArray();
    ArrayNode probs = one.putArray("probs").addArray();
    one.putArray("kept").add(kept.length);
    List<Integer> left = Arrays.stream(kept).boxed().toList();
    double sum = left.stream().mapToDouble(i -> probabilities[i]).sum();
    for (int i = 0; i < probabilities.length; i++) {
      logits.add(Math.log(probabilities[i]));
      tokens.add(i);
      if (left.contains(i)) {
        scores.add(Math.log(probabilities[i]));
        probs.add(probabilities[i] / sum);
      } else {
        scores.addNull();
        probs.add(0.0);
      }
    }
    write("sampling/" + name + ".json", json.writeValueAsString(file));
  }

  @Test
  void optimisersOtherThanAdamW() throws IOException {
    Path fixtures = SharedCases.folder().resolve("fixtures");
    String norm = "transformer.h.0.ln_1.weight";
    double[] weights;
    double[] gradients;
    try (SafetensorsFile model =
            SafetensorsFile.open(fixtures.resolve("models/gpt2-tiny/model.safetensors"));
        SafetensorsFile grads =
            SafetensorsFile.open(fixtures.resolve("train/gpt2-tiny.grads.safetensors"))) {
      weights = ReferenceTensors.read(model, norm);
      gradients = ReferenceTensors.read(grads, norm);
    }
    SharedCases.copy(fixtures.resolve("models/gpt2-tiny"), folder.resolve("models/gpt2-tiny"));
    ObjectMapper json = new ObjectMapper();
    ObjectNode train =
        (ObjectNode) json.readTree(fixtures.resolve("train/gpt2-tiny.train.json").toFile());
    train.remove(List.of("traj_noclip_wd_all_params", "traj_clip1_wd_all_params"));
    train.put("sgd_config", "SGD lr 1e-2 momentum .9 dampening 0 nesterov False wd .1; one step");
    train.putObject("lion_config").put("weight_decay", 0.5).putArray("betas").add(0.9).add(0.99);
    train.put(
        "adafactor_config",
        "Adafactor lr 1e-3 eps 1e-30/1e-3 clip_threshold 1.0 decay_rate -.8 beta1 None wd 0"
            + " scale_parameter False relative_step False warmup_init False");
    double scale = 1 / train.get("grad_total_norm").doubleValue();
    addStep(
        train,
        "traj_sgd_clip1_wd_all_params",
        1e-2,
        weights,
        i -> weights[i] - 1e-2 * (scale * gradients[i] + 0.1 * weights[i]));
    addStep(
        train,
        "traj_lion_noclip_wd_matrices",
        1e-3,
        weights,
        i -> weights[i] - 1e-3 * Math.signum(gradients[i]));
    // The first step divides a vector's gradient by its own magnitude.
    addStep(
        train,
        "traj_noclip_nowd_adafactor",
        1e-3,
        weights,
        i -> weights[i] - 1e-3 * Math.signum(gradients[i]));
    train.set("traj_muon_noclip_nowd", train.get("traj_noclip_nowd_adafactor"));
    ObjectNode odd = train.get("traj_lion_noclip_wd_matrices").deepCopy();
    odd.putObject("lion_config").put("cautious", true);
    train.set("traj_lion_noclip_nowd", odd);
    write("train/gpt2-tiny.train.json", json.writeValueAsString(train));

    Run run = run(folder, folder);
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out())
        .contains("ok    traj_sgd_clip1_wd_all_params", "ok    traj_lion_noclip_wd_matrices")
        .contains("ok    traj_noclip_nowd_adafactor")
        .contains("there is no optimiser 'muon'", "lion has no setting 'cautious'");

    train.put("sgd_config", "SGD lr 1e-2 wd 0");
    ((ObjectNode) train.at("/grad/" + norm)).put("sum", 1e3);
    write("train/gpt2-tiny.train.json", json.writeValueAsString(train));
    Run wrong = run(folder, folder);
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.out())
        .contains("FAIL  traj_sgd_clip1_wd_all_params: " + norm)
        .contains("FAIL  grad: " + norm + " sum must be 1000.0");
  }

  /** A trajectory of one step after which one tensor is known. */
  private static void addStep(
      ObjectNode train, String key, double rate, double[] weights, IntToDoubleFunction after) {
    ObjectNode one = train.putObject(key);
    one.putArray("loss").add(train.get("loss").doubleValue());
    one.putArray("grad_norm").add(train.get("grad_total_norm").doubleValue());
    one.putArray("lr").add(rate);
    ObjectNode tensor = one.putObject("weights_after").putObject("transformer.h.0.ln_1.weight");
    double[] values = IntStream.range(0, weights.length).mapToDouble(after).toArray();
    tensor.put("l2", Math.sqrt(Arrays.stream(values).map(v -> v * v).sum()));
    ArrayNode first = tensor.putArray("first5");
    Arrays.stream(values, 0, 5).forEach(first::add);
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

  @Test
  void anEmptyFolderIsAnError() {
    Run run = run(folder, folder);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("cases must hold reference cases but").contains("has none");
  }

  @Test
  void aFolderThatDoesNotExistIsAnError() {
    Run run = run(folder.resolve("absent"), folder);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("cases must be a folder but").contains("absent");
  }

  @Test
  void whatIsNotSupportedIsSkippedByName() throws IOException {
    write("juggling/balls.json", "{}");
    write("rl/guessing.json", "{}");
    write("models/odd/config.json", "{\"model_type\": \"mamba\"}");
    write("sampling/a.json", SAMPLING.formatted("xtc=0.5", "0.25"));
    Run run = run(folder, folder);
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("there is no kind 'juggling'")
        .contains("there is no method 'guessing'")
        .contains("model_type 'mamba'")
        .contains("there is no processor 'xtc'")
        .contains("No case was compared: all were skipped.");
  }

  @Test
  void aBrokenCaseStopsNoOther() throws IOException {
    write("sampling/a.json", "{\"logits\": [[0.0");
    write("sampling/b.json", "{\"logits\": [[0.0]], \"cases\": [{\"name\": \"top_k=1\"}]}");
    write("sampling/c.json", SAMPLING.formatted("temperature=1.0", "0.25"));
    write("chat-templates/x.jinja", "{{ messages[0].content }}");
    write(
        "chat-templates/cases.json",
        """
        [{"template": "absent", "name": "a", "messages": [], "expected": ""},
         {"template": "x", "name": "b", "expected": ""},
         {"template": "x", "name": "c", "messages": [{"content": "hi"}], "expected": "hi"},
         {"template": "x", "name": "d", "messages": [{"content": "hi"}], "expected": "ho"}]
        """);
    write("models/broken/config.json", "{\"model_type\": \"gpt2\"}");
    Run run = run(folder, folder);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("a.json must be JSON but is not")
        .contains("b.json must have the key 'input_ids' but lacks it")
        .contains("ok    temperature=1.0")
        .contains("absent.jinja must exist but does not")
        .contains("a case must have the key 'messages' but lacks it")
        .contains("text differs at character 1: must go on with 'o' but goes on with 'i'")
        .contains("models / broken\n  FAIL");
  }
}
