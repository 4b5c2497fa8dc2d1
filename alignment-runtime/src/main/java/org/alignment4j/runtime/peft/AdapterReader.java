package org.alignment4j.runtime.peft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraAdapter.LinearShape;
import org.alignment4j.runtime.train.LoraConfig;
import org.alignment4j.runtime.train.LoraMatrices;
import org.jspecify.annotations.Nullable;

/** Finds what a configuration promises among an adapter's tensors, and nothing else. */
final class AdapterReader {

  static final String A = "lora_A.weight";
  static final String B = "lora_B.weight";
  static final String MAGNITUDE = "lora_magnitude_vector";

  /** How PEFT names magnitudes in memory; some writers keep it. */
  private static final String MAGNITUDE_WEIGHT = MAGNITUDE + ".weight";

  private static final int SHOWN = 3;

  private final PeftConfig config;
  private final Weights tensors;
  private final String place;
  private final Architecture architecture;
  private final BaseModules modules;
  private final Set<String> read = new LinkedHashSet<>();
  private final List<String> missing = new ArrayList<>();

  /**
   * A reader of one adapter.
   *
   * @param place of the tensors, for messages
   */
  AdapterReader(PeftConfig config, Weights tensors, String place, Architecture architecture) {
    this.config = config;
    this.tensors = tensors;
    this.place = place;
    this.architecture = architecture;
    this.modules = BaseModules.of(architecture);
  }

  /**
   * The adapter; with {@link #saved} called before or after, {@link #finish} tells what is left.
   */
  LoraAdapter adapter() {
    Map<String, LoraMatrices> matrices = new LinkedHashMap<>();
    EnumSet<Part> parts = EnumSet.noneOf(Part.class);
    for (BaseModule module : modules.all()) {
      if (!config.selects(module.name(), module.linear())) {
        continue;
      }
      if (!module.linear()) {
        throw new CheckpointException(
            "adapters must be of linear maps other than the output head but target_modules of "
                + config
                + " selects '"
                + module.name()
                + "'; merge the adapter in Python, or exclude the module");
      }
      Part part = module.weight().part();
      if (part != null) {
        parts.add(part);
      }
      LoraMatrices pair = matrices(module);
      if (pair != null) {
        matrices.put(module.weight().name(), pair);
      }
    }
    if (matrices.isEmpty() && missing.isEmpty()) {
      throw new CheckpointException(
          "target_modules of "
              + config
              + " must select linear modules of the "
              + architecture.config().modelType()
              + " model, such as '"
              + modules.all().stream()
                  .filter(BaseModule::linear)
                  .map(BaseModule::name)
                  .findFirst()
                  .orElse("")
              + "', but select none; the adapter is of another base model"
              + (config.baseModel() == null ? "" : ", '" + config.baseModel() + "'"));
    }
    if (parts.isEmpty()) {
      throw new CheckpointException(
          "target_modules of "
              + config
              + " must select linear modules of the blocks but select projections of embeddings"
              + " only; merge the adapter in Python");
    }
    return new LoraAdapter(
        new LoraConfig(config.rank(), config.alpha(), parts, config.rsLora(), 0, config.dora()),
        matrices);
  }

  private @Nullable LoraMatrices matrices(BaseModule module) {
    LinearShape shape = modules.shape(module);
    String weight = module.weight().name();
    long rank = config.rank(module.name());
    WeightTensor a =
        take(module.key(A), LoraAdapter.aName(weight), new long[] {rank, shape.in()}, module);
    WeightTensor b =
        take(module.key(B), LoraAdapter.bName(weight), new long[] {shape.out(), rank}, module);
    WeightTensor magnitude = null;
    if (config.dora()) {
      String key = module.key(MAGNITUDE);
      String other = module.key(MAGNITUDE_WEIGHT);
      magnitude =
          take(
              tensors.contains(other) ? other : key,
              LoraAdapter.magnitudeName(weight),
              new long[] {shape.out()},
              module);
    }
    boolean usual = rank == config.rank() && config.alpha(module.name()) == config.alpha();
    return a == null || b == null || (config.dora() && magnitude == null)
        ? null
        : new LoraMatrices(a, b, usual ? null : config.scale(module.name()), magnitude);
  }

  /** Parameters of the base model that the adapter brings whole, under their names there. */
  Weights saved() {
    List<WeightTensor> saved = new ArrayList<>();
    for (BaseModule module : modules.all()) {
      if (!config.savesWhole(module.name())) {
        WeightTensor bias = trainedBias(module);
        if (bias != null) {
          saved.add(bias);
        }
        continue;
      }
      for (Map.Entry<String, Parameter> e : module.parameters().entrySet()) {
        Parameter parameter = e.getValue();
        if (parameter.role() == Parameter.Role.TOKEN_EMBEDDING
            && architecture.config().tiedEmbeddings()) {
          throw new CheckpointException(
              "modules_to_save of "
                  + config
                  + " must not name '"
                  + module.name()
                  + "' of a model whose output head shares its weight, since only one of them"
                  + " would change; merge the adapter in Python");
        }
        WeightTensor tensor =
            take(module.key(e.getKey()), parameter.name(), parameter.shape(), module);
        if (tensor != null) {
          saved.add(tensor);
        }
      }
    }
    return Weights.of(saved);
  }

  private @Nullable WeightTensor trainedBias(BaseModule module) {
    Parameter bias = module.bias();
    boolean adapted = config.selects(module.name(), module.linear());
    if (bias == null || !config.biases().includes(adapted)) {
      return null;
    }
    String key = module.biasKey(adapted);
    // Before modules were wrapped their biases had the base model's names.
    String old = module.key(BaseModule.BIAS);
    if (config.biases() == TrainedBiases.LORA_ONLY
        && !tensors.contains(key)
        && !tensors.contains(old)) {
      throw new CheckpointException(
          "bias of "
              + config
              + " is lora_only, so that '"
              + key
              + "' must be there, but "
              + place
              + " lacks it, as many versions of PEFT write it; save the adapter with a newer one,"
              + " or set bias to none for the base model's biases, which PEFT then uses");
    }
    return take(tensors.contains(old) ? old : key, bias.name(), bias.shape(), module);
  }

  private @Nullable WeightTensor take(String key, String name, long[] expected, BaseModule module) {
    if (!tensors.contains(key)) {
      missing.add(key);
      return null;
    }
    read.add(key);
    WeightTensor tensor = tensors.get(key);
    if (!Arrays.equals(tensor.shape(), expected)) {
      throw new CheckpointException(
          "'"
              + key
              + "' must have shape "
              + Arrays.toString(expected)
              + " for "
              + module.name()
              + " of the base model with rank "
              + config.rank(module.name())
              + " but has "
              + Arrays.toString(tensor.shape())
              + " ("
              + place
              + "); the adapter is of another base model, or its configuration of another adapter");
    }
    return new WeightTensor(name, tensor.shape(), tensor.data());
  }

  /**
   * Refuses what does not fit.
   *
   * @throws CheckpointException if a tensor was not there, or one is that nothing asked for
   */
  void finish() {
    if (!missing.isEmpty()) {
      throw new CheckpointException(
          "every tensor that "
              + config
              + " promises must be there but "
              + place
              + " lacks "
              + shown(missing)
              + "; the adapter is incomplete, or of another base model");
    }
    List<String> extra = tensors.names().stream().filter(n -> !read.contains(n)).toList();
    if (!extra.isEmpty()) {
      throw new CheckpointException(
          "every tensor must be one that "
              + config
              + " promises but "
              + place
              + " also holds "
              + shown(extra)
              + "; the adapter is of another base model, or does something that is not supported");
    }
  }

  private static String shown(List<String> all) {
    return all.stream().limit(SHOWN).map(n -> "'" + n + "'").collect(Collectors.joining(", "))
        + (all.size() > SHOWN ? " and " + (all.size() - SHOWN) + " more" : "");
  }
}
