package org.alignment4j.runtime.onnx;

import org.apiguardian.api.API;

/**
 * How a model is written as an ONNX file.
 *
 * @param externalData whether its parameters go to {@code model.onnx_data} beside {@code
 *     model.onnx}, as they always do where one file would exceed the 2 GiB that ONNX allows
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record OnnxExportOptions(boolean externalData) {

  /**
   * One file where that is allowed.
   *
   * @return the options
   */
  public static OnnxExportOptions defaults() {
    return new OnnxExportOptions(false);
  }

  /**
   * These options with another place of the parameters.
   *
   * @param beside whether they always go to a file of their own
   * @return the changed options
   */
  public OnnxExportOptions externalData(boolean beside) {
    return new OnnxExportOptions(beside);
  }
}
