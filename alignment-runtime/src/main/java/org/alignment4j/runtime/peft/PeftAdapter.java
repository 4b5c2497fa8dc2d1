package org.alignment4j.runtime.peft;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.checkpoint.AdapterFolder;
import org.alignment4j.runtime.checkpoint.DType;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraMatrices;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * An adapter as Hugging Face PEFT keeps it: a folder with {@code adapter_config.json} and {@code
 * adapter_model.safetensors}. LoRA (Hu et al. 2021), rank-stabilised LoRA (Kalajdzievski 2023) and
 * DoRA (Liu et al. 2024) of linear modules are read and written, fused ones such as {@code c_attn},
 * {@code query_key_value}, {@code qkv_proj} and {@code gate_up_proj} included; modules that are
 * saved whole, and biases that were trained with them, come with them and replace the base model's.
 * Immutable and thread-safe.
 *
 * <pre>{@code
 * PeftAdapter adapter = PeftAdapter.read(Path.of("adapter"), base.architecture());
 * try (DecoderModel adapted = base.withAdapter(adapter)) { ... }
 * }</pre>
 *
 * @param config the content of {@code adapter_config.json}
 * @param lora the adapter
 * @param saved parameters of the base model that it brings whole, under their names there
 * @param architecture the base model's
 * @param dtype how the tensors are stored: {@link DType#F32}, {@link DType#F16} or {@link
 *     DType#BF16}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PeftAdapter(
    PeftConfig config, LoraAdapter lora, Weights saved, Architecture architecture, DType dtype) {

  /**
   * Reads a folder.
   *
   * @param folder with the two files
   * @param architecture the base model's
   * @return the adapter
   * @throws org.alignment4j.api.CheckpointException if a file is missing, damaged or a pickle, the
   *     configuration asks for something that is not supported, or the tensors are not those that
   *     it promises for this base model
   */
  public static PeftAdapter read(Path folder, Architecture architecture) {
    AdapterFolder files = AdapterFolder.read(folder);
    PeftConfig config =
        PeftConfig.parse(folder.resolve(AdapterFolder.CONFIG).toString(), files.configText());
    String place = folder.resolve(AdapterFolder.TENSORS).toString();
    AdapterReader reader = new AdapterReader(config, files.tensors(), place, architecture);
    LoraAdapter lora = reader.adapter();
    Weights saved = reader.saved();
    reader.finish();
    DType stored = files.dtype();
    return new PeftAdapter(config, lora, saved, architecture, stored == null ? DType.F32 : stored);
  }

  /**
   * Describes an adapter that was made here, to be stored in float32.
   *
   * @param lora the adapter
   * @param architecture the base model's
   * @param baseModel what PEFT finds the base model by, a name or a path, or null
   * @return the adapter with a configuration of its own
   * @throws IllegalArgumentException if it is of weights that the model lacks, or PEFT has no way
   *     to say what it is
   */
  public static PeftAdapter of(
      LoraAdapter lora, Architecture architecture, @Nullable String baseModel) {
    return of(lora, Weights.of(List.of()), architecture, baseModel);
  }

  /**
   * Describes an adapter that was made here together with parameters that were trained beside it,
   * such as the head of a sequence classifier, to be stored in float32.
   *
   * @param lora the adapter
   * @param saved parameters under their names in the base model; all those of their modules, and of
   *     the other modules no bias, every bias, or every one of an adapted module
   * @param architecture the base model's
   * @param baseModel what PEFT finds the base model by, a name or a path, or null
   * @return the adapter with a configuration of its own
   * @throws IllegalArgumentException if it is of weights that the model lacks, or PEFT has no way
   *     to say what it is
   */
  public static PeftAdapter of(
      LoraAdapter lora, Weights saved, Architecture architecture, @Nullable String baseModel) {
    PeftConfig config = AdapterDescription.of(lora, architecture, saved.names(), baseModel);
    return new PeftAdapter(config, lora, saved, architecture, DType.F32);
  }

  /**
   * Returns this adapter after further training.
   *
   * @param trained of the same weights with the same ranks and scales
   * @return with the same configuration
   * @throws IllegalArgumentException if it is another adapter
   */
  public PeftAdapter withLora(LoraAdapter trained) {
    boolean same =
        trained.matrices().keySet().equals(lora.matrices().keySet())
            && trained.decomposed().equals(lora.decomposed())
            && lora.matrices().keySet().stream()
                .allMatch(
                    w -> trained.scale(w) == lora.scale(w) && rank(trained, w) == rank(lora, w));
    if (!same) {
      throw new IllegalArgumentException(
          "trained must be an adapter of the same weights with the same ranks and scales; describe"
              + " another one with PeftAdapter.of");
    }
    return new PeftAdapter(config, trained, saved, architecture, dtype);
  }

  private static int rank(LoraAdapter adapter, String weight) {
    return java.util.Objects.requireNonNull(adapter.matrices().get(weight)).rank();
  }

  /**
   * Returns this adapter to be stored as another type.
   *
   * @param newDtype {@link DType#F32}, {@link DType#F16} or {@link DType#BF16}
   * @return the same adapter
   */
  public PeftAdapter withDtype(DType newDtype) {
    return new PeftAdapter(config, lora, saved, architecture, newDtype);
  }

  /**
   * Returns a base model's weights with those that the adapter brings whole.
   *
   * @param base the base model's weights; left as they are
   * @return weights that share every other tensor with {@code base}
   */
  public Weights savedOver(Weights base) {
    return base.with(saved.tensors());
  }

  /**
   * Writes the folder; what was read is written with the same bytes.
   *
   * @param folder created if absent; appears whole or not at all, and in an existing one each file
   *     is replaced whole
   * @throws org.alignment4j.api.CheckpointException if a file cannot be written, or a value is too
   *     large for F16
   */
  public void write(Path folder) {
    AdapterFolder.write(folder, config.text(), tensors(), dtype);
  }

  /** Every tensor under PEFT's name for it, sorted as the safetensors library sorts. */
  private Weights tensors() {
    Map<String, WeightTensor> named = new LinkedHashMap<>();
    for (BaseModule module : BaseModules.of(architecture).all()) {
      LoraMatrices pair = module.linear() ? lora.matrices().get(module.weight().name()) : null;
      if (pair != null) {
        named.put(module.key(AdapterReader.A), pair.a());
        named.put(module.key(AdapterReader.B), pair.b());
        WeightTensor magnitude = pair.magnitude();
        if (magnitude != null) {
          named.put(module.key(AdapterReader.MAGNITUDE), magnitude);
        }
      }
      module
          .parameters()
          .forEach(
              (part, parameter) -> {
                if (saved.contains(parameter.name())) {
                  boolean trained =
                      part.equals(BaseModule.BIAS) && !config.savesWhole(module.name());
                  named.put(
                      trained ? module.biasKey(pair != null) : module.key(part),
                      saved.get(parameter.name()));
                }
              });
    }
    List<WeightTensor> sorted = new ArrayList<>();
    named.forEach((key, t) -> sorted.add(new WeightTensor(key, t.shape(), t.data())));
    sorted.sort(Comparator.comparing(WeightTensor::name));
    return Weights.of(sorted);
  }
}
