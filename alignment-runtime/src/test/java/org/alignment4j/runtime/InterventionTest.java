package org.alignment4j.runtime;

import static org.alignment4j.api.hook.Edits.add;
import static org.alignment4j.api.hook.Edits.apply;
import static org.alignment4j.api.hook.Edits.patchFrom;
import static org.alignment4j.api.hook.Edits.projectOut;
import static org.alignment4j.api.hook.Edits.replace;
import static org.alignment4j.api.hook.Edits.scale;
import static org.alignment4j.api.hook.Edits.zero;
import static org.alignment4j.api.hook.HookPoints.attnScores;
import static org.alignment4j.api.hook.HookPoints.kInput;
import static org.alignment4j.api.hook.HookPoints.lnFinal;
import static org.alignment4j.api.hook.HookPoints.mlpPost;
import static org.alignment4j.api.hook.HookPoints.pattern;
import static org.alignment4j.api.hook.HookPoints.q;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.HookPoints.residPre;
import static org.alignment4j.api.hook.HookPoints.unembedOut;
import static org.alignment4j.api.hook.HookPoints.v;
import static org.alignment4j.api.hook.HookPoints.z;
import static org.alignment4j.api.hook.Layers.all;
import static org.alignment4j.api.hook.Selectors.head;
import static org.alignment4j.api.hook.Selectors.key;
import static org.alignment4j.api.hook.Selectors.neuron;
import static org.alignment4j.api.hook.Selectors.pos;
import static org.alignment4j.api.hook.Selectors.posFrom;
import static org.alignment4j.api.hook.Selectors.query;
import static org.alignment4j.api.hook.Selectors.row;
import static org.alignment4j.api.hook.Selectors.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.ActivationFunction;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Intervened models: generation under the cache is generation without it. */
class InterventionTest {

  private static final int STEPS = 8;
  private static final List<TokenIds> PROMPTS =
      List.of(
          TokenIds.of(357, 447, 503, 99, 300, 65, 179, 151, 298, 495),
          TokenIds.of(12, 500, 7, 7, 31, 262));

  private static DecoderModel load(String name) {
    return DecoderModel.load(
        SharedFiles.require("fixtures/models/" + name),
        ModelOptions.defaults().device(DevicePolicy.CPU));
  }

  private static Values wave(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) Math.sin(0.7 * i + 0.3);
    }
    return Values.vector(values);
  }

  /**
   * The interventions under test.
   *
   * @param row −1 for the intervened model; else the equivalents for one sequence without prompt
   * @param prompt length of that sequence's prompt, since a forward run takes all for the prompt
   */
  private static Map<String, List<Intervention<?>>> cases(DecoderModel model, int row, int prompt) {
    TokenIds longer = PROMPTS.get(0).concat(PROMPTS.get(0)).concat(PROMPTS.get(0));
    ActivationCache source = model.forward(longer).cache(residPre(1), q(1), v(0)).execute().cache();
    Map<String, List<Intervention<?>>> cases = new LinkedHashMap<>();
    cases.put("add everywhere", List.of(add(residPost(1), wave(64), 2)));
    cases.put(
        "add from the prompt's end", List.of(add(residPre(1), wave(64), 3, posFrom(prompt - 1))));
    cases.put("add at generated position", List.of(add(residPost(0), wave(64), 3, pos(11))));
    cases.put("zero a head", List.of(zero(z(1), head(2))));
    cases.put("zero early positions", List.of(zero(z(all()), pos(0, 2), head(1, 3))));
    cases.put("scale neurons", List.of(scale(mlpPost(0), 4, neuron(1, 5, 9), posFrom(3))));
    cases.put("replace queries", List.of(replace(q(1), Values.scalar(0.5f), head(0))));
    cases.put(
        "replace in one row",
        row == 0
            ? List.of()
            : List.of(
                row < 0
                    ? replace(residPost(0), wave(64), row(1), posFrom(7))
                    : replace(residPost(0), wave(64), posFrom(7))));
    cases.put("patch the stream", List.of(patchFrom(residPre(1), source, posFrom(4))));
    cases.put(
        "patch from one position",
        List.of(Intervention.at(v(0), patchFrom(source, 3, posFrom(prompt - 2)))));
    cases.put("patch queries", List.of(patchFrom(q(1), source)));
    cases.put("pattern", List.of(scale(pattern(1), 0.25, head(1), key(0, 3))));
    cases.put("scores", List.of(add(attnScores(0), Values.scalar(2), 1, key(1), query(8, 9, 10))));
    cases.put("project out", List.of(projectOut(residPost(all()), wave(64))));
    cases.put("keys per head", List.of(add(kInput(1), wave(64), 2, posFrom(5))));
    cases.put("after the blocks", List.of(scale(lnFinal(), 0.5, pos(prompt - 1))));
    cases.put("logits", List.of(add(unembedOut(), Values.scalar(50), 1, token(17), pos(9, 13))));
    cases.put(
        "functions",
        List.of(
            apply(residPost(1), (x, call) -> x.mul(1.5).add(call.point().layer())),
            apply(z(0), (x, call) -> x.neg(), head(1), posFrom(2))));
    cases.put(
        "several",
        List.of(
            scale(residPost(0), 1.5), add(residPost(0), wave(64), 1, pos(3)), zero(mlpPost(1))));
    return cases;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny", "neox-tiny"})
  void cachedGenerationEqualsRecomputation(String name) {
    SamplingOptions greedy = SamplingOptions.builder(STEPS).temperature(0).logProbs(true).build();
    List<Prompt> prompts = new ArrayList<>();
    PROMPTS.forEach(p -> prompts.add(Prompt.tokens(p)));
    try (DecoderModel model = load(name)) {
      List<Completion> plain = model.generate(prompts, greedy);
      List<Map<String, List<Intervention<?>>>> alone = new ArrayList<>();
      for (int row = 0; row < PROMPTS.size(); row++) {
        alone.add(cases(model, row, PROMPTS.get(row).size()));
      }
      int changed = 0;
      for (Map.Entry<String, List<Intervention<?>>> entry : cases(model, -1, 0).entrySet()) {
        String what = entry.getKey();
        HookedModel intervened = model.with(entry.getValue());
        List<Completion> cached = intervened.generate(prompts, greedy);
        List<Continuation> continuations = new ArrayList<>();
        for (int row = 0; row < PROMPTS.size(); row++) {
          TokenIds generated = cached.get(row).tokens();
          LogProbs logProbs = Objects.requireNonNull(cached.get(row).logProbs());
          continuations.add(Continuation.of(prompts.get(row), generated));
          changed += generated.equals(plain.get(row).tokens()) ? 0 : 1;
          HookedModel uncached = model.with(alone.get(row).get(what));
          for (int t = 0; t < generated.size(); t++) {
            TokenIds sequence = PROMPTS.get(row).concat(generated.slice(0, t));
            float[] logits = uncached.forward(sequence).execute().logits(0, -1);
            assertThat(generated.get(t))
                .as("%s, row %d, token %d", what, row, t)
                .isEqualTo(argmax(logits));
            assertThat(logProbs.get(t))
                .as("%s, row %d, token %d", what, row, t)
                .isCloseTo(logProb(logits, generated.get(t)), within(1e-5));
          }
        }
        List<ContinuationScore> scores = intervened.logProbabilities(continuations);
        for (int row = 0; row < scores.size(); row++) {
          double[] generated = Objects.requireNonNull(cached.get(row).logProbs()).toArray();
          assertThat(scores.get(row).logProbs().toArray())
              .as("scores of %s, row %d", what, row)
              .containsExactly(generated, within(1e-5));
        }
      }
      assertThat(changed).isGreaterThan(10);
    }
  }

  private static int argmax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  private static double logProb(float[] logits, int token) {
    double largest = logits[argmax(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return logits[token] - largest - Math.log(sum);
  }

  @Test
  void interventionsComposeAndHaveIdentities() {
    try (DecoderModel model = load("gpt2-tiny")) {
      HookedModel once = model.with(scale(residPost(0), 2));
      HookedModel twice = once.with(add(residPost(0), wave(64), 1));
      HookedModel together = model.with(scale(residPost(0), 2), add(residPost(0), wave(64), 1));
      TokenIds tokens = PROMPTS.get(0);
      assertThat(twice.forward(tokens).execute().logits(0, -1))
          .isEqualTo(together.forward(tokens).execute().logits(0, -1))
          .isNotEqualTo(once.forward(tokens).execute().logits(0, -1));
      assertThat(twice.id()).isEqualTo(together.id());
      assertThat(List.of(model.id(), once.id(), twice.id())).doesNotHaveDuplicates();
      assertThat(model.with(apply(z(0), (x, call) -> x)).id())
          .isNotEqualTo(model.with(apply(z(0), (x, call) -> x)).id());
      ActivationFunction negate = ActivationFunction.named("negate", (x, call) -> x.neg());
      String named = model.with(apply(z(0), negate)).id();
      assertThat(model.with(apply(z(0), ActivationFunction.named("negate", negate))).id())
          .as("the same name, another object")
          .isEqualTo(named);
      assertThat(model.with(apply(z(0), ActivationFunction.named("twice", negate))).id())
          .isNotEqualTo(named);
      assertThat(model.with(apply(z(1), negate)).id()).isNotEqualTo(named);
      assertThat(model.with(apply(z(0), negate)).forward(tokens).execute().logits(0, -1))
          .isEqualTo(
              model
                  .with(apply(z(0), (x, call) -> x.neg()))
                  .forward(tokens)
                  .execute()
                  .logits(0, -1));
      assertThatThrownBy(() -> ActivationFunction.named(" ", negate))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must not be blank");
      assertThatThrownBy(() -> model.with(zero(z(0), row(-1))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("counted from 0");
      assertThat(once.layerCount()).isEqualTo(3);
      assertThat(once.hookPoints()).isEqualTo(model.hookPoints()).hasSizeGreaterThan(60);
    }
  }

  @Test
  void functionsLearnWhereTheyAre() {
    try (DecoderModel model = load("llama-tiny")) {
      List<String> calls = Collections.synchronizedList(new ArrayList<>());
      HookedModel listening =
          model.with(
              apply(
                  residPost(2),
                  (x, call) -> {
                    calls.add(call.firstPosition() + " " + call.promptLengths() + " " + x.size(1));
                    return x;
                  }));
      List<Prompt> prompts = List.of(Prompt.tokens(PROMPTS.get(0)), Prompt.tokens(PROMPTS.get(1)));
      listening.generate(prompts, SamplingOptions.greedy(3));
      // Together over the prompts, then each at its own position.
      assertThat(calls.get(0)).isIn("0 [10, 6] 10", "0 [6, 10] 10");
      assertThat(calls.subList(1, calls.size()))
          .containsExactlyInAnyOrder("10 [10] 1", "6 [6] 1", "11 [10] 1", "7 [6] 1");
    }
  }
}
