package org.alignment4j.runtime.session;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.runtime.graph.OnnxStructure;

/**
 * A model of an ONNX file made elsewhere. Thread-safe; runs may overlap, and {@link #close} waits
 * for those in flight.
 */
public final class OnnxSession implements AutoCloseable {

  /** ONNX Runtime repeats names of the file, which may have any length. */
  private static final int MAX_REASON = 2000;

  private static final String LARGEST_CONSTANT =
      "optimization.constant_folding_max_output_size_in_bytes";

  private final Path file;
  private final OrtRuntime runtime;
  private final OnnxStructure structure;
  private final OrtSession session;
  private final Map<String, Port> inputs;
  private final Map<String, Port> outputs;
  private final OpenCalls runs = new OpenCalls();

  private OnnxSession(Path file, OrtRuntime runtime, OnnxStructure structure, OrtSession session)
      throws OrtException {
    this.file = file;
    this.runtime = runtime;
    this.structure = structure;
    this.session = session;
    this.inputs = ports(session.getInputInfo());
    this.outputs = ports(session.getOutputInfo());
  }

  /**
   * Opens a file.
   *
   * @param runtime where it runs
   * @param file an ONNX model; what it keeps outside is beside it
   * @return the open model
   * @throws CheckpointException if the file is damaged or ONNX Runtime cannot run it
   */
  public static OnnxSession open(OrtRuntime runtime, Path file) {
    OnnxStructure structure = OnnxStructure.read(file);
    try (OrtSession.SessionOptions options = runtime.options()) {
      options.addConfigEntry(LARGEST_CONSTANT, Long.toString(structure.largestConstant()));
      OrtSession session = runtime.environment().createSession(file.toString(), options);
      try {
        return new OnnxSession(file, runtime, structure, session);
      } catch (OrtException | RuntimeException e) {
        session.close();
        throw e;
      }
    } catch (OrtException e) {
      String why = String.valueOf(e.getMessage());
      throw new CheckpointException(
          file
              + " must be a model that ONNX Runtime can run but it was refused: "
              + why.substring(0, Math.min(why.length(), MAX_REASON))
              + "; fetch or export it again",
          e);
    }
  }

  private static Map<String, Port> ports(Map<String, NodeInfo> infos) {
    Map<String, Port> ports = new LinkedHashMap<>();
    infos.forEach(
        (name, info) ->
            ports.put(
                name,
                info.getInfo() instanceof TensorInfo tensor
                    ? new Port(name, Element.of(tensor.type), tensor.getShape())
                    : new Port(name, Element.OTHER, new long[0])));
    return Collections.unmodifiableMap(ports);
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** The files beside it that hold its tensors. */
  public Set<Path> externalFiles() {
    return structure.externalFiles();
  }

  /** Where it runs. */
  public OrtRuntime runtime() {
    return runtime;
  }

  /** The inputs a run must feed, in order. */
  public Map<String, Port> inputs() {
    return inputs;
  }

  /** The outputs a run can give, in order. */
  public Map<String, Port> outputs() {
    return outputs;
  }

  /**
   * Runs the model.
   *
   * @param feeds one tensor for each input
   * @param fetched names of outputs; the caller closes the result
   * @return the outputs
   * @throws ModelExecutionException naming the file and the shapes fed
   * @throws IllegalStateException if it is closed
   */
  public RunResult run(Map<String, Tensor> feeds, Set<String> fetched) {
    Map<String, OnnxTensor> in = new LinkedHashMap<>();
    feeds.forEach((name, tensor) -> in.put(name, tensor.handle()));
    return runs.call(
        () -> {
          try {
            return new RunResult(session.run(in, fetched), fetched);
          } catch (OrtException e) {
            throw new ModelExecutionException(
                file + " failed: " + e.getMessage() + "; inputs: " + describe(feeds), e);
          }
        });
  }

  private static String describe(Map<String, Tensor> feeds) {
    return feeds.entrySet().stream()
        .map(e -> e.getKey() + java.util.Arrays.toString(e.getValue().shape()))
        .sorted()
        .limit(12)
        .collect(Collectors.joining(", "));
  }

  /** Frees the model once runs in flight have ended; again does nothing. */
  @Override
  public void close() {
    runs.close(
        () -> {
          try {
            session.close();
          } catch (OrtException e) {
            throw new ModelExecutionException("could not close " + file, e);
          }
        });
  }
}
