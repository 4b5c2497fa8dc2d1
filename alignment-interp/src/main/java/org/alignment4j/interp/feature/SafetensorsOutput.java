package org.alignment4j.interp.feature;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.hook.Values;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.runtime.checkpoint.ConfigJson;

/** Writes float32 tensors of any names and shapes as a safetensors file. */
final class SafetensorsOutput {
  private static final int ALIGNMENT = 8;

  private SafetensorsOutput() {}

  /** Writes the file whole or not at all. */
  static void write(Path file, Map<String, Values> tensors) {
    byte[] header = header(file, tensors);
    int padding = (ALIGNMENT - header.length % ALIGNMENT) % ALIGNMENT;
    AtomicFiles.write(
        file,
        channel -> {
          ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          channel.write(length.putLong(header.length + padding).flip());
          channel.write(ByteBuffer.wrap(header));
          channel.write(ByteBuffer.wrap(" ".repeat(padding).getBytes(StandardCharsets.UTF_8)));
          for (Values values : tensors.values()) {
            ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(values.size(), Float.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values.toArray());
            channel.write(bytes);
          }
        });
  }

  private static byte[] header(Path file, Map<String, Values> tensors) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", Map.of("format", "pt"));
    long offset = 0;
    for (Map.Entry<String, Values> entry : tensors.entrySet()) {
      long end = offset + (long) entry.getValue().size() * Float.BYTES;
      Map<String, Object> tensor = new LinkedHashMap<>();
      tensor.put("dtype", "F32");
      tensor.put("shape", Arrays.stream(entry.getValue().shape()).boxed().toList());
      tensor.put("data_offsets", List.of(offset, end));
      header.put(entry.getKey(), tensor);
      offset = end;
    }
    return ConfigJson.of(file.toString(), header).text().getBytes(StandardCharsets.UTF_8);
  }
}
