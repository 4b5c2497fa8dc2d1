package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntPredicate;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.AttentionHookPoints;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Indices;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selection;
import org.alignment4j.api.hook.Selector;
import org.alignment4j.api.hook.Values;
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
  private static final int CONTEXT = 40;
  private static final int LAYERS = 3;
  private static final int NEW_TOKENS = 9;
  private static final int ROUNDS = 10;

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

  private record Where(Map<Axis, int[]> listed, Map<Axis, Integer> from) {
    boolean at(Axis axis, int place, int size) {
      int[] list = listed.get(axis);
      if (list != null) {
        return Arrays.stream(list).anyMatch(i -> (i < 0 ? i + size : i) == place);
      }
      Integer first = from.get(axis);
      return first == null || place >= (first < 0 ? first + size : first);
    }
  }

  /** The same intervention twice: for the library and as numbers. */
  private record Both(
      String point,
      int layer,
      Where where,
      Edit edit,
      float[] values,
      int[] shape,
      int headCount,
      Intervention<?> library) {}

  private static Both random(Random r, boolean gpt2, Map<HookPoint<?>, ActivationCache> caches) {
    int layer = r.nextInt(LAYERS);
    String[] names = {
      "resid_pre",
      "resid_mid",
      "resid_post",
      "mlp_post",
      "mlp_out",
      "attn_out",
      "q",
      "k",
      "v",
      "z",
      "scores",
      "pattern"
    };
    String name = names[r.nextInt(names.length)];
    HookPoint<?> point =
        switch (name) {
          case "resid_pre" -> HookPoints.residPre(layer);
          case "resid_mid" -> HookPoints.residMid(layer);
          case "resid_post" -> HookPoints.residPost(layer);
          case "mlp_post" -> HookPoints.mlpPost(layer);
          case "mlp_out" -> HookPoints.mlpOut(layer);
          case "attn_out" -> HookPoints.attnOut(layer);
          case "q" -> AttentionHookPoints.q(layer);
          case "k" -> AttentionHookPoints.k(layer);
          case "v" -> AttentionHookPoints.v(layer);
          case "z" -> AttentionHookPoints.z(layer);
          case "scores" -> AttentionHookPoints.attnScores(layer);
          default -> AttentionHookPoints.pattern(layer);
        };
    List<Axis> axes = point.kind().axes();
    int heads = gpt2 ? 3 : 4;
    int kv = gpt2 ? 3 : 2;
    int[] sizes = new int[axes.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] =
          switch (axes.get(i)) {
            case BATCH -> 1;
            case POSITION, QUERY, KEY -> CONTEXT;
            case HEAD -> heads;
            case KEY_VALUE_HEAD -> kv;
            case NEURON -> gpt2 ? 96 : 56;
            default -> name.length() == 1 ? 8 : gpt2 ? 24 : 32;
          };
    }
    Map<Axis, int[]> listed = new LinkedHashMap<>();
    Map<Axis, Integer> from = new LinkedHashMap<>();
    List<Selector> selectors = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      Axis axis = axes.get(i);
      if (r.nextInt(2) == 0) {
        continue;
      }
      boolean moving = axis == Axis.POSITION || axis == Axis.QUERY || axis == Axis.KEY;
      if (axis == Axis.POSITION && r.nextBoolean()) {
        int first = r.nextBoolean() ? r.nextInt(20) : -1 - r.nextInt(3);
        from.put(axis, first);
        selectors.add(new Selector(axis, Indices.from(first)));
        continue;
      }
      int size = axis == Axis.BATCH ? 4 : sizes[i];
      int[] list = new int[1 + r.nextInt(3)];
      for (int k = 0; k < list.length; k++) {
        list[k] =
            moving ? (r.nextInt(3) == 0 ? -1 - r.nextInt(2) : r.nextInt(22)) : r.nextInt(size);
        if (!moving && axis != Axis.BATCH && r.nextInt(4) == 0) {
          list[k] = -1 - r.nextInt(size);
        }
      }
      listed.put(axis, list);
      selectors.add(new Selector(axis, Indices.of(list)));
    }
    int lacking = r.nextInt(sizes.length);
    int[] shape = Arrays.copyOfRange(sizes, Math.max(1, lacking), sizes.length);
    if (r.nextInt(4) == 0) {
      shape = new int[0];
    } else if (shape.length > 1 && r.nextInt(3) == 0) {
      shape[r.nextInt(shape.length)] = 1;
    }
    int count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) r.nextGaussian();
    }
    boolean attention = name.equals("scores") || name.equals("pattern");
    Edit edit;
    switch (r.nextInt(attention ? 4 : 6)) {
      case 0 -> edit = new Edit.Zero();
      case 1 -> edit = new Edit.Scale(r.nextGaussian() * 1.5);
      case 2 -> edit = new Edit.Add(Values.of(shape, values), r.nextGaussian());
      case 3 -> edit = new Edit.Replace(Values.of(shape, values));
      case 4 -> {
        values = Arrays.copyOf(values, sizes[sizes.length - 1]);
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) r.nextGaussian() * 3;
        }
        edit = new Edit.ProjectOut(Values.vector(values));
      }
      default -> {
        ActivationCache cache = Objects.requireNonNull(caches.get(point));
        boolean same = r.nextBoolean();
        int source = r.nextBoolean() ? -1 - r.nextInt(3) : r.nextInt(10);
        edit = new Edit.PatchFrom(cache, same ? OptionalInt.empty() : OptionalInt.of(source));
        Values all = cache.values(point);
        int[] full = all.shape();
        float[] data = all.toArray();
        int rest = data.length / full[1];
        if (same) {
          values = data;
          shape = Arrays.copyOfRange(full, 1, full.length);
        } else {
          int p = source < 0 ? full[1] + source : source;
          values = Arrays.copyOfRange(data, p * rest, (p + 1) * rest);
          shape = Arrays.copyOfRange(full, 2, full.length);
        }
      }
    }
    return new Both(
        name,
        layer,
        new Where(listed, from),
        edit,
        values,
        shape,
        name.equals("k") || name.equals("v") ? kv : heads,
        new Intervention(point, new Selection((List) selectors), edit));
  }

  /** Value at a place given from the last axis. */
  private static double value(Both b, int... place) {
    int at = 0;
    for (int i = 0; i < b.shape().length; i++) {
      int index = place[place.length - b.shape().length + i];
      at = at * b.shape()[i] + (b.shape()[i] == 1 ? 0 : index);
    }
    return b.values()[at];
  }

  private static void apply(Both b, int row, int prompt, int position, int head, double[] x) {
    Where w = b.where();
    boolean attention = b.point().equals("scores") || b.point().equals("pattern");
    boolean kv = b.point().equals("k") || b.point().equals("v");
    if (!w.at(Axis.BATCH, row, 4)
        || !w.at(attention ? Axis.QUERY : Axis.POSITION, position, prompt)
        || (head >= 0 && !w.at(kv ? Axis.KEY_VALUE_HEAD : Axis.HEAD, head, b.headCount()))) {
      return;
    }
    Axis last = attention ? Axis.KEY : b.point().equals("mlp_post") ? Axis.NEURON : Axis.COMPONENT;
    IntPredicate chosen = i -> w.at(last, i, attention ? prompt : x.length);
    double[] old = x.clone();
    double dot = 0;
    double squares = 0;
    if (b.edit() instanceof Edit.ProjectOut) {
      for (int i = 0; i < x.length; i++) {
        dot += old[i] * b.values()[i];
        squares += (double) b.values()[i] * b.values()[i];
      }
    }
    for (int i = 0; i < x.length; i++) {
      if (!chosen.test(i)) {
        continue;
      }
      if (b.edit() instanceof Edit.Zero) {
        x[i] = 0;
      } else if (b.edit() instanceof Edit.Scale s) {
        x[i] *= s.factor();
      } else if (b.edit() instanceof Edit.ProjectOut) {
        x[i] = old[i] - dot / squares * b.values()[i];
      } else {
        double v =
            attention
                ? value(b, head, position, i)
                : head >= 0 ? value(b, position, head, i) : value(b, position, i);
        x[i] = b.edit() instanceof Edit.Add a ? old[i] + a.coefficient() * v : v;
      }
    }
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
        List<Both> edits = new ArrayList<>();
        for (int i = 1 + r.nextInt(3); i > 0; i--) {
          edits.add(random(r, gpt2, caches));
        }
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          prompts.add(r.ints(2 + r.nextInt(18), 3, VOCAB).toArray());
        }
        HookedModel hooked = model.with(edits.stream().map(Both::library).toList());
        SamplingOptions o =
            SamplingOptions.builder(NEW_TOKENS)
                .temperature(0)
                .ignoreEos(r.nextBoolean())
                .logProbs(true)
                .build();
        List<Completion> out = hooked.generate(prompts.stream().map(Prompt::tokens).toList(), o);
        List<Continuation> scored = new ArrayList<>();
        List<double[]> expected = new ArrayList<>();
        for (int row = 0; row < 4; row++) {
          int at = row;
          int prompt = prompts.get(row).length;
          reference.hook =
              (name, layer, t, h, x) -> {
                for (Both b : edits) {
                  if (b.point().equals(name) && b.layer() == layer) {
                    apply(b, at, prompt, t, h, x);
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
                  .as(
                      "round %d row %d prompt %d token %d edits %s",
                      round,
                      row,
                      prompt,
                      t,
                      edits.stream()
                          .map(
                              e ->
                                  e.point()
                                      + e.layer()
                                      + e.library().selection()
                                      + e.edit().getClass().getSimpleName()
                                      + Arrays.toString(e.shape()))
                          .toList())
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
        for (int row = 0; row < 4; row++) {
          for (int t = 0; t < expected.get(row).length; t++) {
            worstScore =
                Math.max(
                    worstScore, Math.abs(expected.get(row)[t] - scores.get(row).logProbs().get(t)));
          }
        }
        List<Completion> plain = model.generate(prompts.stream().map(Prompt::tokens).toList(), o);
        for (int row = 0; row < 4; row++) {
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
