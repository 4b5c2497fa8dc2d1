package org.alignment4j.runtime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.Value;

/**
 * A graph ready to run. Weights are among its inputs, so one compiled graph serves every model of
 * one architecture. Thread-safe; runs may overlap.
 */
public final class CompiledGraph implements AutoCloseable {

  private final String name;
  private final OrtSession session;
  private final Map<String, Value> inputs;
  private final Set<String> outputs;
  private final Map<String, String> aliases;

  private CompiledGraph(String name, OrtSession session, GraphModel model) {
    this.name = name;
    this.session = session;
    this.inputs = model.inputs().stream().collect(Collectors.toMap(Value::name, v -> v));
    this.aliases = model.aliases();
    this.outputs =
        Stream.concat(model.outputs().keySet().stream(), aliases.keySet().stream())
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Compiles a graph.
   *
   * @param name what errors call it
   * @throws ModelExecutionException if ONNX Runtime refuses it
   */
  public static CompiledGraph compile(OrtRuntime runtime, String name, GraphModel model) {
    try (OrtSession.SessionOptions options = runtime.options()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
      options.addConfigEntry("session.disable_prepacking", "1");
      return new CompiledGraph(
          name, runtime.environment().createSession(model.onnx(), options), model);
    } catch (OrtException e) {
      throw refused(name, e);
    }
  }

  /**
   * Compiles a graph some of whose inputs never change, in the form its kernels read them fastest.
   *
   * @param name what errors call it
   * @param shared values of packed inputs, read in place on a CPU and copied to a device; they stay
   *     open as long as the graph
   * @param written make the values of the other packed inputs, which the graph keeps in packed form
   *     only
   * @throws ModelExecutionException if ONNX Runtime refuses it
   */
  public static CompiledGraph compile(
      OrtRuntime runtime,
      String name,
      GraphModel model,
      Map<String, Tensor> shared,
      Map<String, Supplier<ByteBuffer>> written) {
    Map<String, Supplier<ByteBuffer>> files = new HashMap<>(written);
    if (runtime.device() != OrtRuntime.Device.CPU) {
      // A device reads no memory of the process: ONNX Runtime copies values there from files alone.
      shared.forEach((input, value) -> files.put(input, value::bytes));
    }
    try (OrtSession.SessionOptions options = runtime.options();
        PackedFolder folder = PackedFolder.create(model.packed(), files)) {
      // Folding constants would read the values from the empty files.
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path", folder.path().toString());
      for (Map.Entry<String, Tensor> value : shared.entrySet()) {
        if (!files.containsKey(value.getKey())) {
          options.addInitializer(value.getKey(), value.getValue().handle());
        }
      }
      return new CompiledGraph(
          name, runtime.environment().createSession(model.onnx(), options), model);
    } catch (OrtException e) {
      throw refused(name, e);
    }
  }

  private static ModelExecutionException refused(String name, OrtException e) {
    return new ModelExecutionException(
        "could not compile the graph '" + name + "': " + e.getMessage(), e);
  }

  /** Names of the inputs a run must feed. */
  public Set<String> inputNames() {
    return inputs.keySet();
  }

  /** Names of the outputs a run can give. */
  public Set<String> outputNames() {
    return outputs;
  }

  /**
   * Runs the graph.
   *
   * @param feeds one tensor for each input; others are ignored
   * @param pinned outputs written in place
   * @param fetched outputs allocated by the run and returned; the caller closes the result
   * @throws ModelExecutionException naming the graph, and the input that is missing or the shapes
   *     given
   * @throws IllegalStateException if a tensor among them is closed
   */
  public RunResult run(Map<String, Tensor> feeds, Map<String, Tensor> pinned, Set<String> fetched) {
    Map<String, OnnxTensor> in = new LinkedHashMap<>();
    for (String input : inputs.keySet()) {
      Tensor t = feeds.get(input);
      if (t == null) {
        throw new ModelExecutionException("graph '" + name + "' needs the input '" + input + "'");
      }
      in.put(input, t.handle());
    }
    Map<String, OnnxValue> out = new LinkedHashMap<>();
    pinned.forEach((n, t) -> out.put(n, t.handle()));
    Map<String, String> sources = new LinkedHashMap<>();
    fetched.forEach(output -> sources.put(output, aliases.getOrDefault(output, output)));
    try {
      return new RunResult(session.run(in, Set.copyOf(sources.values()), out), sources);
    } catch (OrtException e) {
      throw new ModelExecutionException(
          "graph '" + name + "' failed: " + e.getMessage() + "; inputs: " + describe(feeds), e);
    } catch (IllegalArgumentException e) {
      throw new ModelExecutionException(
          "graph '" + name + "' was fed wrongly: " + e.getMessage(), e);
    }
  }

  private String describe(Map<String, Tensor> feeds) {
    return feeds.entrySet().stream()
        .filter(e -> inputs.containsKey(e.getKey()) && !e.getKey().contains(".weight"))
        .map(e -> e.getKey() + java.util.Arrays.toString(e.getValue().shape()))
        .limit(12)
        .collect(Collectors.joining(", "));
  }

  /**
   * Frees the native graph; no run may be under way.
   *
   * @throws ModelExecutionException if ONNX Runtime fails
   */
  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new ModelExecutionException("could not close the graph '" + name + "'", e);
    }
  }
}
