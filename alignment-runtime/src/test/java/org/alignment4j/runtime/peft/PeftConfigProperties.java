package org.alignment4j.runtime.peft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.alignment4j.runtime.checkpoint.ConfigJson;

/** Ranks, scales and selection against PEFT's own rules, written out plainly. */
class PeftConfigProperties {

  private static final List<String> PARTS =
      List.of("self_attn.q_proj", "self_attn.v_proj", "mlp.up_proj", "mlp.down_proj");

  private static List<String> modules() {
    List<String> all = new ArrayList<>();
    for (int layer = 0; layer < 12; layer++) {
      for (String part : PARTS) {
        all.add("model.layers." + layer + "." + part);
      }
    }
    all.add("model.embed_tokens");
    all.add("lm_head");
    return all;
  }

  @Provide
  Arbitrary<Map<String, Integer>> patterns() {
    Arbitrary<String> keys =
        Arbitraries.of(
            "q_proj",
            "v_proj",
            "mlp.up_proj",
            "proj",
            "layers.1.self_attn.q_proj",
            "model.layers.3.mlp.down_proj",
            "^model.layers.2.*",
            ".*\\.1[01]\\..*",
            "layers\\.[0-4]\\.mlp\\.(up|down)_proj",
            "nothing");
    return Combinators.combine(
            keys.list().uniqueElements().ofMaxSize(4),
            Arbitraries.integers().between(1, 64).list().ofSize(4))
        .as(
            (names, values) -> {
              Map<String, Integer> map = new LinkedHashMap<>();
              for (int i = 0; i < names.size(); i++) {
                map.put(names.get(i), values.get(i));
              }
              return map;
            });
  }

  @Property(tries = 300)
  void ranksAndScales(
      @ForAll("patterns") Map<String, Integer> ranks,
      @ForAll("patterns") Map<String, Integer> alphas,
      @ForAll boolean rsLora) {
    Map<String, Object> fields = fields();
    fields.put("r", 6);
    fields.put("lora_alpha", 9);
    fields.put("use_rslora", rsLora);
    fields.put("rank_pattern", ranks);
    fields.put("alpha_pattern", alphas);
    PeftConfig config = parse(fields);
    for (String module : modules()) {
      int rank = expected(ranks, module, 6);
      int alpha = expected(alphas, module, 9);
      assertThat(config.rank(module)).as(module).isEqualTo(rank);
      assertThat(config.alpha(module)).as(module).isEqualTo(alpha);
      double scale = rsLora ? alpha / Math.sqrt(rank) : (double) alpha / rank;
      assertThat(config.scale(module)).as(module).isEqualTo(scale);
    }
  }

  /** The first pattern whose expression matches the whole name, or ends it after a dot. */
  private static int expected(Map<String, Integer> patterns, String module, int otherwise) {
    for (Map.Entry<String, Integer> e : patterns.entrySet()) {
      Pattern key = Pattern.compile(e.getKey());
      boolean found = key.matcher(module).matches();
      for (int dot = module.indexOf('.'); dot >= 0; dot = module.indexOf('.', dot + 1)) {
        found |= key.matcher(module).region(dot + 1, module.length()).matches();
      }
      if (found) {
        return e.getValue();
      }
    }
    return otherwise;
  }

  @Provide
  Arbitrary<List<String>> names() {
    return Arbitraries.of(
            "q_proj",
            "v_proj",
            "up_proj",
            "mlp.down_proj",
            "proj",
            "model.layers.7.self_attn.q_proj",
            "layers.3.mlp.up_proj",
            "other")
        .list()
        .uniqueElements()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Property(tries = 300)
  void namesInSomeLayers(
      @ForAll("names") List<String> targets,
      @ForAll("names") List<String> excluded,
      @ForAll("layers") List<Integer> layers) {
    Map<String, Object> fields = fields();
    fields.put("target_modules", targets);
    fields.put("exclude_modules", excluded);
    fields.put("layers_to_transform", layers);
    fields.put("layers_pattern", "layers");
    PeftConfig config = parse(fields);
    for (String module : modules()) {
      boolean out = excluded.stream().anyMatch(n -> ("." + module).endsWith("." + n));
      boolean in = targets.contains(module);
      if (!in && targets.stream().anyMatch(n -> ("." + module).endsWith("." + n))) {
        in = layers.contains(Integer.parseInt(module.split("\\.")[2]));
      }
      assertThat(config.selects(module, !module.equals("lm_head")))
          .as(module)
          .isEqualTo(in && !out);
    }
  }

  @Provide
  Arbitrary<List<Integer>> layers() {
    return Arbitraries.integers().between(0, 11).list().uniqueElements().ofMinSize(1).ofMaxSize(5);
  }

  private static Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("peft_type", "LORA");
    fields.put("target_modules", List.of("q_proj"));
    return fields;
  }

  private static PeftConfig parse(Map<String, Object> fields) {
    return PeftConfig.parse("a.json", ConfigJson.of("a.json", fields).text());
  }
}
