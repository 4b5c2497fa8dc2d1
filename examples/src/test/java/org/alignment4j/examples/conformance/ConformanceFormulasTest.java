package org.alignment4j.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;
import org.junit.jupiter.api.Test;

/** Processors and optimisers of which no reference case is kept, against numbers found by hand. */
class ConformanceFormulasTest extends ConformanceRuns {

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
}
