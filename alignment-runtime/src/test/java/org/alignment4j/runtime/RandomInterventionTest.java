package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.AttentionHookPoints;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random interventions in ragged, batched, cached generation against a hooked float64 decoder. */
@SuppressWarnings({"unchecked", "rawtypes"})
class RandomInterventionTest {

  private static final int VOCAB = 61;
  private static final int CONTEXT = RandomIntervention.CONTEXT;
  private static final int LAYERS = RandomIntervention.LAYERS;
  private static final int NEW_TOKENS = 9;
  private static final int ROUNDS = 10;
  private static final int ROWS = RandomIntervention.ROWS;

  private static ConfigJson config(boolean gpt2) {
    return RandomModels.config(
        gpt2
            ? RandomModels.gpt2(VOCAB, 24, 3, LAYERS, CONTEXT)
            : RandomModels.llama(VOCAB, 32, 4, LAYERS, 56, CONTEXT));
  }

  private static HookedDecoder reference(boolean gpt2, Weights weights) {
    return (gpt2
            ? new HookedDecoder(true, 24, LAYERS, 3, 3, 8, 96, VOCAB)
            : new HookedDecoder(false, 32, LAYERS, 4, 2, 8, 56, VOCAB))
        .load(weights);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cachedGenerationEqualsTheHookedReference(boolean gpt2) {
    ConfigJson config = config(gpt2);
    Weights weights = RandomModels.weights(config, 0.2);
    HookedDecoder reference = reference(gpt2, weights);
    Random r = new Random(gpt2 ? 5 : 6);
    double worstScore = 0;
    double worstCache = 0;
    int changed = 0;
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      for (int round = 0; round < ROUNDS; round++) {
        // Sources of patches: one sequence as long as the context, so that every position has a
        // value.
        int[] long0 = r.ints(CONTEXT, 3, VOCAB).toArray();
        Map<HookPoint<?>, ActivationCache> caches = new LinkedHashMap<>();
        List<HookPoint<?>> all = new ArrayList<>();
        for (int l = 0; l < LAYERS; l++) {
          all.addAll(
              List.of(
                  HookPoints.residPre(l),
                  HookPoints.residMid(l),
                  HookPoints.residPost(l),
                  HookPoints.mlpPost(l),
                  HookPoints.mlpOut(l),
                  HookPoints.attnOut(l),
                  AttentionHookPoints.q(l),
                  AttentionHookPoints.k(l),
                  AttentionHookPoints.v(l),
                  AttentionHookPoints.z(l)));
        }
        ActivationCache cache =
            model
                .forward(TokenIds.of(long0))
                .cache(all.toArray(HookPoint[]::new))
                .execute()
                .cache();
        all.forEach(p -> caches.put(p, cache));
        if (round < 2) {
          double[] gap = {0};
          reference.hook =
              (name, l, t, h, x) -> {
                if (!name.equals("scores") && !name.equals("pattern")) {
                  HookPoint<?> p =
                      all.stream()
                          .filter(c -> c.name().endsWith("." + l + "." + hookName(name)))
                          .findFirst()
                          .orElseThrow();
                  for (int i = 0; i < x.length; i++) {
                    double lib =
                        h < 0 ? cache.values(p).get(0, t, i) : cache.values(p).get(0, t, h, i);
                    gap[0] = Math.max(gap[0], Math.abs(lib - x[i]));
                  }
                }
              };
          reference.logits(long0);
          worstCache = Math.max(worstCache, gap[0]);
        }
        List<RandomIntervention> edits = new ArrayList<>();
        for (int i = 1 + r.nextInt(3); i > 0; i--) {
          edits.add(RandomIntervention.draw(r, gpt2, caches));
        }
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
          prompts.add(r.ints(2 + r.nextInt(18), 3, VOCAB).toArray());
        }
        HookedModel hooked = model.with(edits.stream().map(RandomIntervention::library).toList());
        SamplingOptions o =
            SamplingOptions.builder(NEW_TOKENS)
                .temperature(0)
                .ignoreEos(r.nextBoolean())
                .logProbs(true)
                .build();
        List<Completion> out = hooked.generate(prompts.stream().map(Prompt::tokens).toList(), o);
        List<Continuation> scored = new ArrayList<>();
        List<double[]> expected = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
          int at = row;
          int prompt = prompts.get(row).length;
          reference.hook =
              (name, layer, t, h, x) -> {
                for (RandomIntervention edit : edits) {
                  if (edit.point().equals(name) && edit.layer() == layer) {
                    edit.apply(at, prompt, t, h, x);
                  }
                }
              };
          int[] ids = prompts.get(row);
          TokenIds generated = out.get(row).tokens();
          double[] lps = new double[generated.size()];
          for (int t = 0; t < generated.size(); t++) {
            double[] logits = reference.logits(ids)[ids.length - 1].clone();
            double raw = logits[generated.get(t)] - HookedDecoder.logSumExp(logits);
            lps[t] = raw;
            if (o.ignoreEos()) {
              model.eosTokenIds().forEach(e -> logits[e] = -1e300);
            }
            double lse = HookedDecoder.logSumExp(logits);
            double mine = logits[generated.get(t)] - lse;
            double best = Arrays.stream(logits).max().orElseThrow() - lse;
            double gap = Math.abs(mine - Objects.requireNonNull(out.get(row).logProbs()).get(t));
            if (gap > 1e-3 || best - mine > 1e-3) {
              assertThat(gap)
                  .as("round %d row %d prompt %d token %d edits %s", round, row, prompt, t, edits)
                  .isLessThan(1e-3);
              assertThat(best - mine).isLessThan(1e-3);
            }
            ids = Arrays.copyOf(ids, ids.length + 1);
            ids[ids.length - 1] = generated.get(t);
          }
          scored.add(Continuation.of(Prompt.tokens(prompts.get(row)), generated));
          expected.add(lps);
        }
        List<ContinuationScore> scores = hooked.logProbabilities(scored);
        for (int row = 0; row < ROWS; row++) {
          for (int t = 0; t < expected.get(row).length; t++) {
            worstScore =
                Math.max(
                    worstScore, Math.abs(expected.get(row)[t] - scores.get(row).logProbs().get(t)));
          }
        }
        List<Completion> plain = model.generate(prompts.stream().map(Prompt::tokens).toList(), o);
        for (int row = 0; row < ROWS; row++) {
          changed += plain.get(row).tokens().equals(out.get(row).tokens()) ? 0 : 1;
        }
      }
    }
    assertThat(changed).as("rows that the edits changed").isGreaterThan(ROUNDS);
    assertThat(worstScore).isLessThan(1e-3);
    assertThat(worstCache).isLessThan(1e-4);
  }

  private static String hookName(String name) {
    return switch (name) {
      case "mlp_post" -> "mlp.hook_post";
      case "q", "k", "v", "z" -> "attn.hook_" + name;
      default -> "hook_" + name;
    };
  }
}
