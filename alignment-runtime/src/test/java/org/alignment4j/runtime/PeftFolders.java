package org.alignment4j.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Adapter folders written by hand, with the module names of Hugging Face's classes, byte by byte as
 * the safetensors library lays them out.
 */
public final class PeftFolders {

  /** One tensor. */
  public record Entry(int[] shape, float[] values) {}

  private static final List<String> LLAMA =
      List.of(
          "model.layers.%d.self_attn.q_proj",
          "model.layers.%d.self_attn.k_proj",
          "model.layers.%d.self_attn.v_proj",
          "model.layers.%d.self_attn.o_proj",
          "model.layers.%d.mlp.gate_proj",
          "model.layers.%d.mlp.up_proj",
          "model.layers.%d.mlp.down_proj");

  private static final Map<String, List<String>> MODULES =
      Map.of(
          "gpt2",
          List.of(
              "transformer.h.%d.attn.c_attn",
              "transformer.h.%d.attn.c_proj",
              "transformer.h.%d.mlp.c_fc",
              "transformer.h.%d.mlp.c_proj"),
          "gpt_neox",
          List.of(
              "gpt_neox.layers.%d.attention.query_key_value",
              "gpt_neox.layers.%d.attention.dense",
              "gpt_neox.layers.%d.mlp.dense_h_to_4h",
              "gpt_neox.layers.%d.mlp.dense_4h_to_h"),
          "gptj",
          List.of(
              "transformer.h.%d.attn.q_proj",
              "transformer.h.%d.attn.k_proj",
              "transformer.h.%d.attn.v_proj",
              "transformer.h.%d.attn.out_proj",
              "transformer.h.%d.mlp.fc_in",
              "transformer.h.%d.mlp.fc_out"),
          "gpt_neo",
          List.of(
              "transformer.h.%d.attn.attention.q_proj",
              "transformer.h.%d.attn.attention.k_proj",
              "transformer.h.%d.attn.attention.v_proj",
              "transformer.h.%d.attn.attention.out_proj",
              "transformer.h.%d.mlp.c_fc",
              "transformer.h.%d.mlp.c_proj"),
          "opt",
          List.of(
              "model.decoder.layers.%d.self_attn.q_proj",
              "model.decoder.layers.%d.self_attn.k_proj",
              "model.decoder.layers.%d.self_attn.v_proj",
              "model.decoder.layers.%d.self_attn.out_proj",
              "model.decoder.layers.%d.fc1",
              "model.decoder.layers.%d.fc2"),
          "bloom",
          List.of(
              "transformer.h.%d.self_attention.query_key_value",
              "transformer.h.%d.self_attention.dense",
              "transformer.h.%d.mlp.dense_h_to_4h",
              "transformer.h.%d.mlp.dense_4h_to_h"),
          "phi3",
          List.of(
              "model.layers.%d.self_attn.qkv_proj",
              "model.layers.%d.self_attn.o_proj",
              "model.layers.%d.mlp.gate_up_proj",
              "model.layers.%d.mlp.down_proj"));

  private PeftFolders() {}

  /** Every linear module of a model but its output head. */
  public static List<String> modules(Map<String, Object> keys) {
    String family = (String) keys.get("model_type");
    List<String> all = new ArrayList<>();
    for (int layer = 0; layer < (int) keys.getOrDefault("num_layers", 2); layer++) {
      for (String name : MODULES.getOrDefault(family, LLAMA)) {
        if (!family.equals("mixtral") || name.contains("self_attn")) {
          all.add(name.replace("%d", Integer.toString(layer)));
        }
      }
      if (family.equals("mixtral")) {
        String moe = "model.layers." + layer + ".block_sparse_moe.";
        all.add(moe + "gate");
        for (int expert = 0; expert < (int) keys.get("num_local_experts"); expert++) {
          for (String w : List.of("w1", "w2", "w3")) {
            all.add(moe + "experts." + expert + "." + w);
          }
        }
      }
    }
    if (keys.containsKey("word_embed_proj_dim")) {
      all.add("model.decoder.project_in");
      all.add("model.decoder.project_out");
    }
    return all;
  }

  /** Writes a folder with tensors of one type, sorted by name. */
  public static void write(Path folder, String config, Map<String, Entry> tensors, String dtype)
      throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("adapter_config.json"), config);
    Files.write(folder.resolve("adapter_model.safetensors"), bytes(tensors, dtype));
  }

  /** A safetensors file. */
  public static byte[] bytes(Map<String, Entry> tensors, String dtype) {
    int width = dtype.equals("F32") ? 4 : 2;
    SortedMap<String, Entry> sorted = new TreeMap<>(tensors);
    StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
    int offset = 0;
    for (Map.Entry<String, Entry> e : sorted.entrySet()) {
      int end = offset + width * e.getValue().values().length;
      header
          .append(",\"")
          .append(e.getKey())
          .append("\":{\"dtype\":\"")
          .append(dtype)
          .append("\",\"shape\":")
          .append(Arrays.toString(e.getValue().shape()).replace(" ", ""))
          .append(",\"data_offsets\":[")
          .append(offset)
          .append(',')
          .append(end)
          .append("]}");
      offset = end;
    }
    header.append('}');
    while (header.length() % 8 != 0) {
      header.append(' ');
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + text.length + offset).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length).put(text);
    for (Entry e : sorted.values()) {
      for (float v : e.values()) {
        if (width == 4) {
          file.putFloat(v);
        } else {
          file.putShort((short) (Float.floatToRawIntBits(v) >>> 16));
        }
      }
    }
    return file.array();
  }
}
