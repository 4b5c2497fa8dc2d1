package org.alignment4j.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The program end to end: what passes, what fails and with which exit code. */
class ConformanceTest extends ConformanceRuns {

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
