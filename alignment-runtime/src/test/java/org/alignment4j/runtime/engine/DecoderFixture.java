package org.alignment4j.runtime.engine;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.SharedFiles;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.checkpoint.CheckpointFolder;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;

/** A reference model bound to an engine, for tests below the public model type. */
public final class DecoderFixture implements AutoCloseable {

  public final OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
  public final Architecture architecture;
  public final Weights weights;
  public final BoundWeights bound;
  public final DecoderEngine engine;

  private DecoderFixture(Path folder) {
    this(CheckpointFolder.open(folder));
  }

  private DecoderFixture(CheckpointFolder checkpoint) {
    this(DecoderFamilies.read(checkpoint), checkpoint.weights());
  }

  private DecoderFixture(Architecture read, Weights all) {
    architecture = read;
    weights = architecture.adopt(all);
    bound = BoundWeights.of(runtime, weights);
    engine = new DecoderEngine(runtime, architecture);
  }

  public static DecoderFixture load(String relative) {
    return new DecoderFixture(SharedFiles.require(relative));
  }

  public static DecoderFixture of(ConfigJson config, Weights weights) {
    return new DecoderFixture(DecoderFamilies.read(config, null, weights.names()), weights);
  }

  public Map<String, Tensor> feeds(Map<String, Tensor> inputs) {
    Map<String, Tensor> feeds = new HashMap<>(bound.tensors());
    feeds.putAll(engine.constants());
    feeds.putAll(inputs);
    return feeds;
  }

  public Map<String, float[]> run(
      CompiledGraph graph, Map<String, Tensor> inputs, Set<String> fetch) {
    Map<String, float[]> out = new LinkedHashMap<>();
    try (RunResult result = graph.run(feeds(inputs), Map.of(), fetch)) {
      for (String name : fetch) {
        FloatBuffer b = result.get(name).floats();
        float[] a = new float[b.remaining()];
        b.get(a);
        out.put(name, a);
      }
    }
    return out;
  }

  public static float[] read(SafetensorsFile file, String name) {
    FloatBuffer b = file.read(name).data();
    float[] a = new float[b.remaining()];
    b.get(a);
    return a;
  }

  @Override
  public void close() {
    bound.close();
    engine.release();
  }
}
