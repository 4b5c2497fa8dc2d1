package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Cross-entropy to the labels as they are ({@code xent} of Burns et al. 2023, arXiv 2312.09390).
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SoftCrossEntropy() implements SoftLabelLoss {

  @Override
  public Value targets(Ops ops, Value scores, Value labels, Value confidence) {
    return labels;
  }
}
