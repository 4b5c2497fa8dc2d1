package org.alignment4j.runtime.engine;

import java.util.Map;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.session.Tensor;

/**
 * Tokens with their positions and what each of them attends to: the inputs of a forward pass.
 * Thread-safe as long as nobody writes the arrays.
 */
public sealed interface TokenInput permits TokenBatch, PrefixBatch {

  /** Rows. */
  int batch();

  /** Columns. */
  int seq();

  /** Token ids, {@code [batch, seq]}; shared and read-only. */
  long[] tokens();

  /** Positions within their sequences, {@code [batch, seq]}; shared and read-only. */
  long[] positions();

  /** Which graphs read it. */
  AttentionKind attention();

  /**
   * The tensors of a forward pass, by input name, for any model of an engine; the caller closes
   * them.
   *
   * @param engine what reads the tokens
   * @throws org.alignment4j.api.ModelExecutionException when native memory fails
   */
  Map<String, Tensor> tensors(DecoderEngine engine);
}
