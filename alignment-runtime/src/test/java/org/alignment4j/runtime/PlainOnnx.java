package org.alignment4j.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;

/** An exported decoder in ONNX Runtime alone, as a user of another project would run it. */
final class PlainOnnx implements AutoCloseable {

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Map<String, OnnxTensor> past = new HashMap<>();

  PlainOnnx(Path file) throws OrtException {
    // The environment starts on a thread with a deep stack, which a long class path needs.
    OrtRuntime.create(DevicePolicy.CPU);
    this.environment = OrtEnvironment.getEnvironment();
    this.session = environment.createSession(file.toString());
  }

  OrtSession session() {
    return session;
  }

  /** Forgets what was read. */
  void reset(int rows) throws OrtException {
    closePast();
    for (var input : session.getInputInfo().entrySet()) {
      if (input.getKey().startsWith("past_key_values.")) {
        long[] shape = ((TensorInfo) input.getValue().getInfo()).getShape();
        long[] empty = {rows, shape[1], 0, shape[3]};
        past.put(
            input.getKey(), OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), empty));
      }
    }
  }

  /**
   * Reads columns.
   *
   * @param ids {@code [rows][seq]}
   * @param marks {@code [rows][past + seq]}
   * @return logits {@code [rows][seq][vocab]}
   */
  float[][][] read(long[][] ids, long[][] marks) throws OrtException {
    Map<String, OnnxTensor> feeds = new HashMap<>(past);
    Map<String, OnnxTensor> own = new HashMap<>();
    own.put("input_ids", tensor(ids));
    own.put("attention_mask", tensor(marks));
    if (session.getInputNames().contains("position_ids")) {
      own.put("position_ids", tensor(positions(marks, ids[0].length)));
    }
    feeds.putAll(own);
    try {
      OrtSession.Result result = session.run(feeds);
      float[][][] logits = (float[][][]) result.get("logits").orElseThrow().getValue();
      closePast();
      for (String name : session.getInputNames()) {
        if (name.startsWith("past_key_values.")) {
          String present = "present." + name.substring("past_key_values.".length());
          past.put(name, (OnnxTensor) result.get(present).orElseThrow());
        }
      }
      return logits;
    } finally {
      own.values().forEach(OnnxTensor::close);
    }
  }

  /** As the generation of Hugging Face numbers them: padding gets 1. */
  static long[][] positions(long[][] marks, int seq) {
    long[][] positions = new long[marks.length][seq];
    for (int b = 0; b < marks.length; b++) {
      int keys = marks[b].length;
      long count = 0;
      for (int k = 0; k < keys; k++) {
        count += marks[b][k];
        if (k >= keys - seq) {
          positions[b][k - keys + seq] = marks[b][k] == 0 ? 1 : count - 1;
        }
      }
    }
    return positions;
  }

  private OnnxTensor tensor(long[][] values) throws OrtException {
    int columns = values[0].length;
    LongBuffer flat = LongBuffer.allocate(values.length * columns);
    for (long[] row : values) {
      flat.put(row);
    }
    return OnnxTensor.createTensor(environment, flat.flip(), new long[] {values.length, columns});
  }

  private void closePast() {
    past.values().forEach(OnnxTensor::close);
    past.clear();
  }

  @Override
  public void close() throws OrtException {
    closePast();
    session.close();
  }
}
