package org.alignment4j.runtime.peft;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.OutputHead;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.checkpoint.AdapterFolder;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraConfig;
import org.alignment4j.runtime.train.LoraMatrices;
import org.jspecify.annotations.Nullable;

/** Writes the configuration from which PEFT rebuilds an adapter that was made here. */
final class AdapterDescription {

  private final LoraAdapter adapter;
  private final Architecture architecture;
  private final Set<String> saved;
  private final BaseModules modules;

  private AdapterDescription(LoraAdapter adapter, Architecture architecture, Set<String> saved) {
    this.adapter = adapter;
    this.architecture = architecture;
    this.saved = saved;
    this.modules = BaseModules.of(architecture);
  }

  static PeftConfig of(
      LoraAdapter adapter,
      Architecture architecture,
      Set<String> saved,
      @Nullable String baseModel) {
    return new AdapterDescription(adapter, architecture, saved).config(baseModel);
  }

  private PeftConfig config(@Nullable String baseModel) {
    LoraConfig settings = adapter.config();
    Map<String, Object> fields = new TreeMap<>();
    fields.put("bias", biases().configured());
    fields.put("fan_in_fan_out", architecture.config().linear() == LinearLayout.IN_OUT);
    fields.put("inference_mode", true);
    fields.put("init_lora_weights", true);
    fields.put("lora_alpha", number(settings.alpha()));
    fields.put("lora_dropout", 0.0);
    fields.put("peft_type", "LORA");
    fields.put("r", settings.rank());
    fields.put("target_modules", targets());
    fields.put(
        "task_type", architecture.head() instanceof OutputHead.NextToken ? "CAUSAL_LM" : "SEQ_CLS");
    fields.put("use_dora", dora());
    fields.put("use_rslora", settings.rsLora());
    fields.put("rank_pattern", ranks());
    fields.put("alpha_pattern", alphas());
    List<String> whole = whole();
    if (!whole.isEmpty()) {
      fields.put("modules_to_save", whole);
    }
    if (baseModel != null) {
      fields.put("base_model_name_or_path", baseModel);
    }
    String text = ConfigJson.of(AdapterFolder.CONFIG, fields).text() + "\n";
    return PeftConfig.parse(AdapterFolder.CONFIG, text);
  }

  /** An integer where it is one, as PEFT declares the field. */
  private static Object number(double value) {
    return value == Math.rint(value) && value <= Integer.MAX_VALUE ? (Object) (int) value : value;
  }

  private boolean dora() {
    int decomposed = adapter.decomposed().size();
    if (decomposed != 0 && decomposed != adapter.matrices().size()) {
      throw new IllegalArgumentException(
          "an adapter must have magnitudes for every weight or for none to be saved but has them"
              + " for "
              + decomposed
              + " of "
              + adapter.matrices().size());
    }
    return decomposed != 0;
  }

  private Map<String, LoraMatrices> byModule() {
    Map<String, LoraMatrices> byModule = new TreeMap<>();
    for (BaseModule module : modules.all()) {
      if (module.linear()) {
        LoraMatrices pair = adapter.matrices().get(module.weight().name());
        if (pair != null) {
          byModule.put(module.name(), pair);
        }
      }
    }
    if (byModule.size() != adapter.matrices().size()) {
      throw new IllegalArgumentException(
          "an adapter must be of linear weights of the model but also is of others: "
              + adapter.matrices().keySet());
    }
    return byModule;
  }

  /** The shortest names that select the adapted modules and no other. */
  private List<String> targets() {
    Set<String> adapted = byModule().keySet();
    Set<String> left = new LinkedHashSet<>(adapted);
    Set<String> names = new TreeSet<>();
    while (!left.isEmpty()) {
      String module = left.iterator().next();
      String name = shortest(module, adapted);
      names.add(name);
      left.removeIf(m -> m.equals(name) || m.endsWith("." + name));
    }
    return new ArrayList<>(names);
  }

  private String shortest(String module, Set<String> adapted) {
    for (int dot = module.lastIndexOf('.'); dot >= 0; dot = module.lastIndexOf('.', dot - 1)) {
      String name = module.substring(dot + 1);
      boolean exact =
          modules.all().stream()
              .map(BaseModule::name)
              .filter(m -> m.equals(name) || m.endsWith("." + name))
              .allMatch(adapted::contains);
      if (exact && !name.chars().allMatch(Character::isDigit)) {
        return name;
      }
    }
    return module;
  }

  private Map<String, Object> ranks() {
    Map<String, Object> ranks = new TreeMap<>();
    byModule()
        .forEach(
            (module, pair) -> {
              if (pair.rank() != adapter.config().rank()) {
                ranks.put(module, pair.rank());
              }
            });
    return ranks;
  }

  private Map<String, Object> alphas() {
    LoraConfig settings = adapter.config();
    Map<String, Object> alphas = new TreeMap<>();
    byModule()
        .forEach(
            (module, pair) -> {
              Double scale = pair.scale();
              double divisor = settings.rsLora() ? Math.sqrt(pair.rank()) : pair.rank();
              if (scale != null && scale != settings.alpha() / divisor) {
                if (scale <= 0) {
                  throw new IllegalArgumentException(
                      "scales must be positive to be saved but that of "
                          + module
                          + " is "
                          + scale
                          + "; fold its sign into B");
                }
                alphas.put(module, number(alpha(scale, divisor)));
              }
            });
    return alphas;
  }

  /** The number that gives the scale when it is divided again. */
  private static double alpha(double scale, double divisor) {
    double alpha = scale * divisor;
    for (double near : new double[] {alpha, Math.rint(alpha), Math.nextUp(alpha)}) {
      if (near / divisor == scale) {
        return near;
      }
    }
    return Math.nextDown(alpha) / divisor == scale ? Math.nextDown(alpha) : alpha;
  }

  /** Modules of which more than the bias is brought. */
  private List<String> whole() {
    return modules.all().stream()
        .filter(
            m ->
                m.parameters().entrySet().stream()
                    .anyMatch(
                        p ->
                            !p.getKey().equals(BaseModule.BIAS)
                                && saved.contains(p.getValue().name())))
        .map(BaseModule::name)
        .sorted()
        .toList();
  }

  /** Which biases are brought beside whole modules. */
  private TrainedBiases biases() {
    List<String> whole = whole();
    for (TrainedBiases kind : TrainedBiases.values()) {
      if (brought(whole, kind).equals(saved)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "parameters saved beside an adapter must be all those of some modules of the model, and of"
            + " the others no bias, every bias, or every one of an adapted module, but were "
            + saved
            + "; bring what is missing too, or save the merged model");
  }

  private Set<String> brought(List<String> whole, TrainedBiases kind) {
    Set<String> brought = new HashSet<>();
    for (BaseModule module : modules.all()) {
      Parameter bias = module.bias();
      boolean adapted = module.linear() && adapter.matrices().containsKey(module.weight().name());
      if (whole.contains(module.name())) {
        module.parameters().values().forEach(p -> brought.add(p.name()));
      } else if (bias != null && kind.includes(adapted)) {
        brought.add(bias.name());
      }
    }
    return brought;
  }
}
