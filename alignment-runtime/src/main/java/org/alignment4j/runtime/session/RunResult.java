package org.alignment4j.runtime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The outputs a run allocated; they and the tensors taken from here live until it is closed.
 * Reading is thread-safe, closing while another thread reads is not.
 */
public final class RunResult implements AutoCloseable {

  private final OrtSession.Result result;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  RunResult(OrtSession.Result result, Set<String> fetched) {
    this(result, fetched.stream().collect(Collectors.toMap(name -> name, name -> name)));
  }

  /**
   * The outputs of a run.
   *
   * @param sources names that callers use, and those of the run
   */
  RunResult(OrtSession.Result result, Map<String, String> sources) {
    this.result = result;
    sources.forEach(
        (name, source) ->
            tensors.put(name, Tensor.owned((OnnxTensor) result.get(source).orElseThrow())));
  }

  /**
   * A fetched output.
   *
   * @param name as the graph declares it
   * @return a tensor that closing this frees
   * @throws IllegalArgumentException if the run did not fetch it
   */
  public Tensor get(String name) {
    Tensor t = tensors.get(name);
    if (t == null) {
      throw new IllegalArgumentException(
          "output " + name + " was not fetched; have " + tensors.keySet());
    }
    return t;
  }

  @Override
  public void close() {
    result.close();
  }
}
